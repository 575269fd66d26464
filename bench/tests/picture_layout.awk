# Whether what a chart shows can be read: grid and axes where the ticks are,
# texts inside the frame and clear of each other and of lines, labels joined to
# their ends.  For picture.awk.

# A text's left and right end; narrower than any font draws it.
function measure(i,   w) {
  w = 0.4 * t_size[i] * letters(t[i])
  t_left[i] = t_anchor[i] == "end" ? tx[i] - w : \
    t_anchor[i] == "middle" ? tx[i] - w / 2 : tx[i]
  t_right[i] = t_left[i] + w
}
# Of UTF-8.
function letters(words) {
  gsub(/[\200-\277]/, "", words)
  return length(words)
}

function check_texts(   i, k) {
  for (i = 1; i <= texts; i++) if (!t_turned[i]) measure(i)
  for (i = 1; i <= texts; i++) {
    if (t_turned[i]) continue
    if (t_left[i] < 0 || t_right[i] > width)
      wrong("'" t[i] "' reaches out of the picture")
    for (k = 1; k < i; k++)
      if (!t_turned[k] && near(ty[i], ty[k], 0.4 * (t_size[i] + t_size[k])) && \
          t_left[i] < t_right[k] && t_left[k] < t_right[i])
        wrong("'" t[i] "' and '" t[k] "' lie over each other")
    check_crossed(i)
  }
}

# No upright line of the axes runs through words.
function check_crossed(i,   k, xy, high, low_end) {
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "AXES") continue
    split(line[k], xy, /[ ,]+/)
    if (!near(xy[1], xy[3], 0.01)) continue
    high = xy[2] < xy[4] ? xy[2] : xy[4]
    low_end = xy[2] < xy[4] ? xy[4] : xy[2]
    if (low_end - high > 8 && \
        xy[1] > t_left[i] + 1 && xy[1] < t_right[i] - 1 && \
        ty[i] > high && ty[i] < low_end)
      wrong("a line runs through '" t[i] "'")
  }
}

# The longest line of a plot along ("x") or up ("y") at that pixel; sets
# span_from and span_to.
function longest(plot_name, along, at,   k, xy, length_of, best) {
  best = 0
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != plot_name) continue
    split(line[k], xy, /[ ,]+/)
    if (along == "x" ? !near(xy[2], at, 1) || !near(xy[4], at, 1) \
                     : !near(xy[1], at, 1) || !near(xy[3], at, 1)) continue
    length_of = along == "x" ? abs(xy[1] - xy[3]) : abs(xy[2] - xy[4])
    if (length_of <= best) continue
    best = length_of
    span_from = along == "x" ? xy[1] : xy[2]
    span_to = along == "x" ? xy[3] : xy[4]
  }
  return best
}

# The plot's area, by its longest lines: plot_left, plot_right, plot_top,
# plot_bottom.
function find_area(   k, xy) {
  plot_left = plot_top = 1e9
  plot_right = plot_bottom = -1e9
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "AXES") continue
    split(line[k], xy, /[ ,]+/)
    if (near(xy[2], xy[4], 0.01) && abs(xy[1] - xy[3]) > 100) {
      plot_left = xy[1] < xy[3] ? xy[1] : xy[3]
      plot_right = xy[1] < xy[3] ? xy[3] : xy[1]
      plot_bottom = xy[2] + 0
    }
  }
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "GRIDS") continue
    split(line[k], xy, /[ ,]+/)
    plot_top = xy[2] + 0 < plot_top ? xy[2] + 0 : plot_top
    plot_top = xy[4] + 0 < plot_top ? xy[4] + 0 : plot_top
  }
  if (plot_right < 0) wrong("there is no x axis")
}

function check_grid(   i, at) {
  if (plot_left < 20 || plot_right > width || \
      plot_bottom - plot_top < 0.2 * width)
    wrong("the area is " plot_left ".." plot_right ", " plot_top ".."\
          plot_bottom)
  if (yscale != "-") for (i = 1; i <= ticks["y"]; i++) {
    at = tick_at["y", i]
    if (near(at, plot_bottom, 1)) continue
    if (longest("GRIDS", "x", at) < plot_right - plot_left - 1)
      wrong("no line of the grid at " tick["y", i])
    if (!near(span_from, plot_left, 1)) wrong("the grid begins off the axis")
  }
  for (i = 1; i <= ticks["x"]; i++) {
    at = tick_at["x", i]
    if (at < plot_left - 1 || at > plot_right + 1)
      wrong("tick " tick["x", i] " is not at the axis")
    if (kind != "roofline" && longest("AXES", "y", at) < 3)
      wrong("no mark on the axis at " tick["x", i])
  }
  if (kind == "lines" || kind == "curve")
    if (longest("AXES", "y", plot_left) < plot_bottom - plot_top - 1)
      wrong("there is no y axis")
  check_axis_names()
  for (i in mark_of)
    if (mid_x(mark_of[i]) < plot_left - 1 || \
        mid_x(mark_of[i]) > plot_right + 1 || \
        (kind != "dots" && mid_y(mark_of[i]) > plot_bottom + 1))
      wrong("a mark stands outside of the axes")
}

# The axes' names stand at their middles.
function check_axis_names(   i) {
  i = find_text(meta["xlabel", 1])
  if (i && (!near(tx[i], (plot_left + plot_right) / 2, 2) || \
            ty[i] < plot_bottom + 20 || ty[i] > plot_bottom + 50))
    wrong("xlabel is not at the middle of its axis")
  if (kind == "dots") return
  i = find_text(meta["ylabel", 1])
  if (i && (ty[i] < plot_top + 20 || ty[i] > plot_bottom - 20))
    wrong("ylabel is not at the middle of its axis")
}

# What is drawn of data stays within the axes.
function check_inside(   k, i, n, xy) {
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] ~ /^(GRIDS|KEY|AXES|PLACE|LEAD|LAW|REFERENCE|DROP|DOTS)$/) continue
    n = split(line[k], xy, /[ ,]+/)
    for (i = 1; i + 1 <= n && xy[i + 1] != ""; i += 2)
      if (xy[i] < plot_left - 5 || xy[i] > plot_right + 5 || \
          xy[i + 1] < (kind == "dots" ? 0 : plot_top - 40) || \
          xy[i + 1] > plot_bottom + 1)
        wrong("a line of " l_plot[k] " leaves the axes at " xy[i] "," xy[i + 1])
  }
}

# A lead goes from near an end of a line to just before its label.
function check_leads(   k, i, r, xy, from, to) {
  for (k = 1; k <= lines; k++) {
    if (l_plot[k] != "LEAD") continue
    split(line[k], xy, /[ ,]+/)
    from = to = 0
    for (r in mark_of)
      if (near(xy[1], mid_x(mark_of[r]), 30) && \
          near(xy[2], mid_y(mark_of[r]), 1.5)) from = 1
    for (i = 1; i <= texts; i++)
      if (near(xy[4], ty[i], 12) && tx[i] > xy[3] && tx[i] < xy[3] + 12) to = 1
    # the law's and the ideal's begin at a curve
    if (!to || (!from && l_colour[k] != "0,0,0" && \
                l_colour[k] != "136,136,136"))
      wrong("a lead goes from " xy[1] "," xy[2] " to " xy[3] "," xy[4])
  }
}

# A picture is not much lower or higher than it must be.
function check_height() {
  if (height < (kind == "dots" ? 0.4 : 0.6) * width || height > 1.1 * width)
    wrong("the picture is " width " wide and " height " high")
}
