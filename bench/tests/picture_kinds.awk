# What each kind of chart must show besides; and the end of picture.awk.

function check_counts(   r, i, found) {
  for (r = 1; r <= rows; r++) {
    if (!(r in mark_of)) continue
    found = 0
    for (i = 1; i <= ticks["x"]; i++) if (tick["x", i] == place[r]) found = 1
    if (!found) wrong("no tick at " place[r] " workers")
  }
}
function whole_lines(plot_name, x, words) {
  if (!line_at(plot_name, x)) wrong("no line of " words)
}
# A vertical line that is longer than any tick.
function line_at(plot_name, x,   i, xy) {
  for (i = 1; i <= lines; i++) {
    if (l_plot[i] != plot_name) continue
    split(line[i], xy, /[ ,]+/)
    if (near(xy[1], x, 0.7) && near(xy[3], x, 0.7) && \
        abs(xy[2] - xy[4]) > 30) return 1
  }
  return 0
}
function over_line(words, x,   i) {
  i = must_say("label", words)
  if (!near(tx[i], x, 30)) wrong("'" words "' does not stand over its line")
}

function check_dots(   reference) {
  if ("reference" in metas) {
    split(meta["reference", 1], reference, "\t")
    whole_lines("AXES", pixel("x", reference[1]), "the reference")
    over_line(reference[2], pixel("x", reference[1]))
  }
  if ("ideal" in metas) {
    whole_lines("IDEAL", pixel("x", meta["ideal", 1]), "the ideal")
    over_line("ideal", pixel("x", meta["ideal", 1]))
  }
  if ("capacity" in metas)
    whole_lines("AXES", pixel("x", meta["capacity", 1]), "the capacity")
  if ("law" in metas && rows_of("law")) must_say("law", meta["law", 1])
  check_row_values()
  check_key()
}
# A dotted line, with its label to one side.
function check_place(   part, i, at) {
  split(meta["place", 1], part, "\t")
  at = pixel("x", part[1])
  i = must_say("label", part[2])
  if (abs(abs(tx[i] - at) - 6) > 1) wrong("\"" part[2] "\" is not beside its line")
  whole_lines("PLACE", at, "the place at " part[1])
}
function rows_of(k,   r, n) {
  for (r = 1; r <= rows; r++) n += what[r] == k
  return n + 0
}

function check_lines(   n, r, ideal) {
  check_counts()
  check_end_labels()
  if (corners("SOLID", "series") + corners("DASHED", "series") != count_marks)
    wrong("lines do not pass all marks")
  n = corners("IDEAL", "ideal")
  ideal = meta["ideal", 1] == "yes"
  if (ideal ? n < 20 : n > 0) wrong("the ideal has " n " corners")
  if (ideal) must_say("label", "ideal")
  if (rows_of("law") && meta["law", 1] != "") must_say("law", meta["law", 1])
  for (r = 1; r <= metas["break"]; r++) check_break(meta["break", r])
  if ("place" in metas) check_place()
  if (metas["usable"] && meta["usable", 1] < tick["x", ticks["x"]])
    check_break(meta["usable", 1] + 1 " more workers than CPUs")
}
# No line of a series crosses, and a vertical one stands there with its words.
function check_break(words,   from, i, n, xy, k, a, b, found) {
  from = words + 0
  sub(/^[0-9]* /, "", words)
  must_say("break", words)
  for (i = 1; i <= ticks["x"]; i++) {
    if (tick["x", i] < from) a = tick_at["x", i]
    if (tick["x", i] >= from && !b) b = tick_at["x", i]
  }
  for (i = 1; i <= lines; i++) {
    n = split(line[i], xy, /[ ,]+/)
    if (l_plot[i] == "AXES" && xy[1] == xy[3] && xy[1] > a && xy[1] < b)
      found = 1
    if (l_plot[i] == "SOLID" || l_plot[i] == "DASHED")
      for (k = 1; k + 3 <= n; k += 2)
        if (xy[k + 2] != "" && xy[k] < (a + b) / 2 && xy[k + 2] > (a + b) / 2)
          wrong("a line crosses where other CPUs come into use")
  }
  if (!found) wrong("no line where other CPUs come into use")
}

function check_curve(   r, i, xy, ok, words, at) {
  check_end_labels()
  if ("reference" in metas) {
    ok = 0
    at = pixel("y", meta["reference", 1] + 0)
    for (i = 1; i <= lines; i++) {
      split(line[i], xy, /[ ,]+/)
      if (l_plot[i] == "REFERENCE" && near(xy[2], at, 0.7) && \
          near(xy[4], xy[2], 0.1) && xy[3] - xy[1] > 100) ok = 1
    }
    if (!ok) wrong("no line to reach at " meta["reference", 1] + 0)
    words = meta["reference", 1]
    sub(/.*\t/, "", words)
    must_say("reference", words)
  }
  for (r = 1; r <= rows; r++) {
    if (what[r] != "root") continue
    whole_lines("DROP", pixel("x", place[r]), "the root " place[r])
    ok = 0
    for (i = 1; i <= polygons; i++)
      if (near(p_left[i], pixel("x", low[r]), 1) && \
          near(p_right[i], pixel("x", high[r]), 1) && \
          p_bottom[i] - p_top[i] > 100) ok = 1
    if (!ok) wrong("no band from " low[r] " to " high[r])
  }
  if ("mark" in metas) {
    whole_lines("DOTS", pixel("x", meta["mark", 1] + 0), "the mark")
    words = meta["mark", 1]
    sub(/.*\t/, "", words)
    must_say("mark", words)
  }
}

function check_roofline(   r, i, k, n, xy, ok, v, number) {
  for (r = 1; r <= rows; r++) {
    if (what[r] != "flat" && what[r] != "slope") continue
    ok = 0
    for (i = 1; i <= lines; i++) {
      if (l_plot[i] != "ROOFS" || l_colour[i] != looks[style[r]]) continue
      split(line[i], xy, /[ ,]+/)
      v = pixel("y", place[r])
      if (what[r] == "flat" && near(xy[2], v, 0.7) && near(xy[4], v, 0.7))
        ok = 1
      if (what[r] == "slope" && \
          near(xy[2], pixel("y", place[r] * value_at("x", xy[1])), 1) && \
          near(xy[4], pixel("y", place[r] * value_at("x", xy[3])), 1)) ok = 1
    }
    if (!ok) wrong("no " what[r] " roof " place[r])
  }
  for (r = 1; r <= rows; r++) {
    if (what[r] != "flat") continue
    ok = 0
    for (i = 1; i <= texts; i++)
      if (index(t[i], label[r] ": ") == 1) {
        ok = 1
        number = number_of(substr(t[i], length(label[r]) + 3))
        if (abs(number - place[r]) > 0.006 * place[r])
          wrong("the key tells another roof: " t[i])
        text_looks(i, r, "the key")
      }
    if (!ok) wrong("no key of " label[r])
  }
  for (r = 1; r <= rows; r++) if (r in mark_of && last[label[r]] == r) {
    i = must_say("kernel", label[r])
    for (ok = k = 0; ++k <= rows;)
      if (k in mark_of && label[k] == label[r] && \
          near(ty[i], mid_y(mark_of[k]), 40) && \
          near(tx[i], mid_x(mark_of[k]), 40)) ok = 1
    if (!ok) wrong("the label of " label[r] " is not at its mark")
    check_uncrossed(i)
  }
}

# No slope runs through it, which is straight from lower left to upper right.
function check_uncrossed(i,   k, xy, a, b, rise) {
  measure(i)
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "ROOFS") continue
    split(line[k], xy, /[ ,]+/)
    a = xy[1] > t_left[i] ? xy[1] : t_left[i]
    b = xy[3] < t_right[i] ? xy[3] : t_right[i]
    if (a >= b) continue
    rise = (xy[4] - xy[2]) / (xy[3] - xy[1])
    if (xy[2] + rise * (a - xy[1]) > ty[i] - 4 && \
        xy[2] + rise * (b - xy[1]) < ty[i] + 4)
      wrong("a roof runs through \"" t[i] "\"")
  }
}

END {
  scale["x"] = xscale
  scale["y"] = yscale
  if (xscale != "-") fit("x", "middle")
  if (yscale != "-") fit("y", "end")
  find_area()
  check_words()
  check_marks()
  if (kind != "roofline") check_raw()
  if (!count_marks) wrong("nothing is drawn")
  if (kind == "lines" || kind == "dots") check_law()
  if (kind == "dots") check_dots()
  if (kind == "lines") check_lines()
  if (kind == "curve") check_curve()
  if (kind == "roofline") check_roofline()
  check_grid()
  check_inside()
  check_texts()
  check_leads()
  check_height()
  exit bad
}
