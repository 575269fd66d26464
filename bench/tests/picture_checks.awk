# What every chart must show: marks, whiskers, lines and words where the data of
# picture.awk belong.

# ---- Marks ----------------------------------------------------------------

function mid_x(p) { return (p_left[p] + p_right[p]) / 2 }
function mid_y(p) { return (p_top[p] + p_bottom[p]) / 2 }

function row_y(name,   i) {
  for (i = 1; i <= texts; i++)
    if (t[i] == name && t_anchor[i] == "end") return ty[i]
  wrong("no label of the row " name)
  return -1
}

# Where a row's point must be, to that many pixels along and across values.
function expect(r) {
  if (kind == "dots") {
    want_x = pixel("x", value[r])
    want_y = row_y(place[r])
    room_x = 0.7
    room_y = 21
  } else {
    want_x = place[r] == "-" ? width : pixel("x", place[r])
    want_y = pixel("y", value[r])
    # points of one place stand side by side; a star's middle is not its box's
    room_x = place[r] == "-" ? 300 : kind == "curve" ? 0.7 : 6
    room_y = 1.2
  }
}
function is_hollow(p) { return p_fill[p] == "255,255,255" }
function colour_of(p) { return is_hollow(p) ? p_line[p] : p_fill[p] }

function find_mark(r,   p, found) {
  expect(r)
  found = 0
  for (p = 1; p <= polygons; p++)
    if (near(mid_x(p), want_x, room_x) && near(mid_y(p), want_y, room_y) && \
        !(p in taken) && is_hollow(p) == (what[r] == "hollow") && \
        (!(style[r] in looks) || looks[style[r]] == colour_of(p)))
      if (!found || abs(mid_y(p) - want_y) + abs(mid_x(p) - want_x) < \
          abs(mid_y(found) - want_y) + abs(mid_x(found) - want_x))
        found = p
  if (!found) {
    wrong("no mark for " what[r] " " label[r] " " place[r] " " value[r])
    return 0
  }
  taken[found] = 1
  if (kind != "roofline" && !is_told(found))
    wrong("nothing is told at the mark of " label[r] " " place[r])
  return found
}
# A triangle's middle is not its box's.
function is_told(p,   i) {
  for (i = 1; i <= circles; i++)
    if (near(c_x[i], mid_x(p), 1.5) && near(c_y[i], mid_y(p), 1.5)) return 1
  return 0
}

# Its form is its style's, and no other style has it.
function same_form(r, form,   s) {
  if (!(style[r] in forms)) {
    for (s in forms)
      if (forms[s] == form) wrong("styles " s " and " style[r] " have one form")
    forms[style[r]] = form
  }
  if (forms[style[r]] != form)
    wrong("the mark of " label[r] " has another form")
}

# Its colour is its style's, and no other style has it.
function same_look(r, colour, of,   s) {
  if (!(style[r] in looks)) {
    for (s in looks)
      if (looks[s] == colour) wrong("styles " s " and " style[r] " look alike")
    looks[style[r]] = colour
  }
  if (looks[style[r]] != colour)
    wrong(of " of " label[r] " in another colour: " colour)
}

# One end of a whisker, with its cap across.
function has_line(plot_name, colour, x1, y1, x2, y2, room,   i, xy) {
  for (i = 1; i <= lines; i++) {
    if (l_plot[i] != plot_name) continue
    if (colour != "" && l_colour[i] != colour) continue
    split(line[i], xy, /[ ,]+/)
    if (near(xy[1], x1, room) && near(xy[2], y1, room) && \
        near(xy[3], x2, room) && near(xy[4], y2, room) ||
        near(xy[1], x2, room) && near(xy[2], y2, room) && \
        near(xy[3], x1, room) && near(xy[4], y1, room)) return 1
  }
  return 0
}
function vertical(plot_name, colour, x, from, to, room) {
  return has_line(plot_name, colour, x, from, x, to, room)
}

function check_whisker(r, p,   x, y, a, b, axis) {
  if (low[r] == "-") return
  intervals++
  x = mid_x(p)
  y = mid_y(p)
  axis = kind == "dots" ? "x" : "y"
  a = pixel(axis, low[r])
  b = pixel(axis, high[r])
  if (kind == "dots" ? !has_line("WHISKER", colour_of(p), a, y, b, y, 1.2) \
                     : !has_line("WHISKER", colour_of(p), x, a, x, b, 1.2))
    wrong("no whisker from " low[r] " to " high[r] " of " label[r])
  if (kind == "dots" ? !has_cap(x, y, a, 1) || !has_cap(x, y, b, 1) \
                     : !has_cap(x, y, a, 0) || !has_cap(x, y, b, 0))
    wrong("a whisker of " label[r] " has no cap at its end")
}
# A short line across a whisker at its end.
function has_cap(x, y, end, across_x,   i, xy) {
  for (i = 1; i <= lines; i++) {
    if (l_plot[i] != "WHISKER") continue
    split(line[i], xy, /[ ,]+/)
    if (across_x && near(xy[1], end, 1.2) && near(xy[3], end, 1.2) && \
        near((xy[2] + xy[4]) / 2, y, 1.2) && abs(xy[2] - xy[4]) < 12) return 1
    if (!across_x && near(xy[2], end, 1.2) && near(xy[4], end, 1.2) && \
        near((xy[1] + xy[3]) / 2, x, 1.2) && abs(xy[1] - xy[3]) < 12) return 1
  }
  return 0
}

function check_marks(   r, p) {
  for (r = 1; r <= rows; r++) {
    if (what[r] != "point" && what[r] != "hollow") continue
    p = find_mark(r)
    if (!p) continue
    mark_of[r] = p
    same_look(r, colour_of(p), "mark")
    same_form(r, p_form[p])
    points[label[r]]++
    last[label[r]] = r
    check_whisker(r, p)
    count_marks++
  }
}

function check_raw(   r, i, found) {
  for (r = 1; r <= rows; r++) {
    if (what[r] != "raw") continue
    raws++
    expect(r)
    found = 0
    for (i = 1; i <= dots; i++)
      if (near(d_x[i], want_x, room_x) && near(d_y[i], want_y, room_y) && \
          d_colour[i] == looks[style[r]]) found = 1
    if (!found) wrong("no faint dot of " label[r] " at " value[r])
  }
  if (raws + 0 != dots + 0) wrong(raws " dots expected, got " dots)
}

# ---- Lines ----------------------------------------------------------------

# Every corner of the plot's lines has a value that is f(x).
function corners(plot_name, f,   i, k, n, xy, all, v) {
  for (i = 1; i <= lines; i++) {
    if (l_plot[i] != plot_name) continue
    n = split(line[i], xy, /[ ,]+/)
    for (k = 1; k + 1 <= n; k += 2) {
      if (xy[k] == "" || xy[k + 1] == "") break
      all++
      v = value_at("x", xy[k])
      if (f == "ideal" && !near(pixel("y", v), xy[k + 1], 1))
        wrong("the ideal is not y = x at " v)
      if (f == "series") on_series(l_colour[i], xy[k], xy[k + 1])
    }
  }
  return all + 0
}
function value_at(axis, at,   v) {
  v = (at - zero[axis]) / slope[axis]
  return scale[axis] == "log" ? exp(v) : v
}
function on_series(colour, x, y,   r) {
  for (r = 1; r <= rows; r++)
    if (r in mark_of && colour_of(mark_of[r]) == colour && \
        near(mid_x(mark_of[r]), x, 0.7) && \
        near(mid_y(mark_of[r]), y, 0.7)) return
  wrong("a line in " colour " passes where nothing was measured")
}

function check_law(   r, found, i, k, n, xy) {
  for (r = 1; r <= rows; r++) {
    if (what[r] != "law") continue
    if (kind == "lines" && pixel("y", value[r]) < plot_top) continue
    found = 0
    if (kind == "dots") {
      if (!tick_across(pixel("x", value[r]), row_y(place[r])))
        wrong("no tick of the law at " value[r])
      continue
    }
    for (i = 1; i <= lines && !found; i++) {
      if (l_plot[i] != (style[r] < 0 ? "THIN" : "CURVES")) continue
      n = split(line[i], xy, /[ ,]+/)
      for (k = 1; k + 1 <= n; k += 2)
        if (near(xy[k], pixel("x", place[r]), 1) && \
            near(xy[k + 1], pixel("y", value[r]), 1)) found = 1
    }
    if (!found) wrong("the law does not pass " place[r] ", " value[r])
  }
}
function tick_across(x, y,   i, xy) {
  for (i = 1; i <= lines; i++) {
    if (l_plot[i] != "LAW") continue
    split(line[i], xy, /[ ,]+/)
    if (near(xy[1], x, 0.7) && near(xy[3], x, 0.7) && \
        (xy[2] - y) * (xy[4] - y) < 0) return 1
  }
  return 0
}

# ---- Words ----------------------------------------------------------------

function find_text(words,   i) {
  for (i = 1; i <= texts; i++) if (t[i] == words) return i
  return 0
}
# The first of lines that hold the words, broken at blanks.
function find_lines(words,   i, k, joined) {
  for (i = 1; i <= texts; i++) {
    joined = t[i]
    for (k = i + 1; k <= texts && length(joined) < length(words); k++)
      joined = joined " " t[k]
    if (joined == words) return i
  }
  return 0
}
function must_say(key, words,   i) {
  i = find_text(words)
  if (!i) i = find_lines(words)
  if (!i) wrong(key " '" words "' is not in the picture")
  return i
}

# Squared distance of two colours.
function far(a, b,   x, y) {
  split(a, x, ",")
  split(b, y, ",")
  return (x[1] - y[1]) ^ 2 + (x[2] - y[2]) ^ 2 + (x[3] - y[3]) ^ 2
}
# The text's colour is a darker one of its own style's, and of no other's.
function text_looks(i, r, of,   s) {
  for (s in looks)
    if (far(t_colour[i], looks[s]) < far(t_colour[i], looks[style[r]]))
      wrong(of " of " label[r] " in the colour of style " s)
}

# "alpha 3.10×" right of the last point of alpha, at its height.
function led_to(i,   k, xy) {
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "LEAD") continue
    split(line[k], xy, /[ ,]+/)
    if (near(xy[4], ty[i], 12) && tx[i] > xy[3] && tx[i] < xy[3] + 12) return 1
  }
  return 0
}
function check_end_labels(   name, other, ends, r, i, found, number) {
  for (name in last) ends++
  for (name in last) {
    r = last[name]
    found = 0
    for (i = 1; i <= texts; i++) {
      if (t_anchor[i] != "start" || index(t[i], name " ") != 1) continue
      number = number_of(substr(t[i], length(name) + 2))
      if (abs(number - value[r]) > 0.006 * abs(value[r])) continue
      found = 1
      end_at[name] = ty[i]
      # some ends are close: a lead goes to a label that has made room
      if (!near(ty[i], mid_y(mark_of[r]), led_to(i) ? 20 * ends : 14) || \
          tx[i] < p_right[mark_of[r]])
        wrong("the label of " name " is not beside its end")
      text_looks(i, r, "the label")
    }
    if (!found) wrong("no label '" name " " value[r] "'")
  }
  for (name in end_at)
    for (other in end_at)
      if (value[last[name]] + 0 > value[last[other]] + 0 && \
          end_at[name] > end_at[other])
        wrong("the label of " name " stands below that of " other)
}
# The value at the right edge of each row of dots, and the key above.
function check_row_values(   r, i, found) {
  for (r = 1; r <= rows; r++) {
    if (!(r in mark_of) || meta["unit", 1] == "none") continue
    found = 0
    for (i = 1; i <= texts; i++)
      if (t_anchor[i] == "end" && near(ty[i], mid_y(mark_of[r]), 2) && \
          abs(number_of(t[i]) - value[r]) <= 0.006 * abs(value[r]) && \
          tx[i] > p_right[mark_of[r]]) {
        found = 1
        text_looks(i, r, "the value")
      }
    if (!found) wrong("no value " value[r] " of " label[r] " at the right")
  }
}
# The key's mark stands left of its word, in its colour and form.
function check_key(   r, i, p, found) {
  for (r = 1; r <= rows; r++) {
    if (!(r in mark_of) || label[r] in keyed || label[r] == place[r]) continue
    keyed[label[r]] = 1
    i = find_text(label[r])
    if (!i) { wrong("no key of " label[r]); continue }
    text_looks(i, r, "the key")
    found = 0
    for (p = 1; p <= polygons; p++)
      if (!(p in taken) && near(mid_y(p), ty[i], 2) && mid_x(p) < tx[i] && \
          mid_x(p) > tx[i] - 20 && p_fill[p] == looks[style[r]] && \
          p_form[p] == p_form[mark_of[r]]) found = 1
    if (!found) wrong("the key of " label[r] " has not its mark")
  }
}

function check_words(   i, above, k) {
  i = must_say("title", meta["title", 1])
  if (i && !t_bold[i]) wrong("the title is not bold")
  above = ty[i]
  if (heading != meta["title", 1]) wrong("the SVG's own title is '" heading "'")
  i = must_say("subtitle", meta["subtitle", 1])
  if (ty[i] <= above) wrong("the subtitle stands above the title")
  above = ty[i]
  if ("xlabel" in metas) {
    i = must_say("xlabel", meta["xlabel", 1])
    if (t_turned[i] || t_anchor[i] != "middle" || ty[i] <= tick_row)
      wrong("xlabel does not stand below the x axis")
    above = ty[i]
  }
  if ("ylabel" in metas && kind != "dots") {
    i = must_say("ylabel", meta["ylabel", 1])
    if (!t_turned[i] || tx[i] > 40) wrong("ylabel is not turned at the left")
  }
  for (k = 1; k <= metas["note"]; k++) {
    i = must_say("note", meta["note", k])
    if (ty[i] <= above) wrong("note " k " is out of its order")
    above = ty[i]
  }
  i = must_say("foot", meta["foot", 1])
  if (ty[i] <= above) wrong("the foot is not last")
  for (i = 1; i <= texts; i++)
    if (tx[i] < 0 || tx[i] > width || ty[i] < 0 || ty[i] > height)
      wrong("'" t[i] "' is outside of the picture")
}
