# Whether a chart shows its data: reads the DATA.tsv that a chart script drew,
# then the SVG; picture_checks.awk compares the one with the other.  Pixels are
# turned into values by the tick labels alone, as a reader does.
# usage: awk -f picture.awk -f picture_checks.awk -f picture_kinds.awk \
#          -v kind=KIND -v xscale=SCALE -v yscale=SCALE DATA.tsv RS='<' OUT.svg
#   KIND   lines, curve, roofline (values upwards) or dots (values to the right)
#   SCALE  linear or log, as each axis must be; - : not an axis of numbers
# Prints what is wrong, and exits 1.

function wrong(words) { print "  " kind ": " words; bad = 1 }
function abs(x) { return x < 0 ? -x : x }
function near(a, b, room) { return abs(a - b) <= room }

# ---- DATA.tsv -------------------------------------------------------------

FNR == NR && /^# / {
  key = $0
  sub(/^# /, "", key)
  text = key
  sub(/:.*/, "", key)
  sub(/^[^:]*: /, "", text)
  meta[key, ++metas[key]] = text
  next
}
# dots: kind row label style value low high; others: kind label style x value
# low high
FNR == NR {
  n = split($0, cell, "\t")
  rows++
  what[rows] = cell[1]
  label[rows] = kind == "dots" ? cell[3] : cell[2]
  place[rows] = kind == "dots" ? cell[2] : cell[4]
  style[rows] = kind == "dots" ? cell[4] : cell[3]
  value[rows] = cell[5]
  low[rows] = cell[6]
  high[rows] = cell[7]
  next
}

# ---- SVG: texts, marks (polygons), dots and lines -------------------------

# "rgb(  0, 114, 178)" to "0,114,178".
function colour_in(tag, name,   at) {
  at = match(tag, name " ?= ?['\"]rgb\\([^)]*\\)")
  if (!at) return ""
  at = substr(tag, RSTART, RLENGTH)
  sub(/.*\(/, "", at)
  gsub(/[ )]/, "", at)
  return at
}
function attribute(tag, name,   at) {
  if (!match(tag, name " ?= ?['\"][^'\"]*")) return ""
  at = substr(tag, RSTART, RLENGTH)
  sub(/^[^'\"]*['\"]/, "", at)
  return at
}

{ gsub(/[\n\t]/, " ") }
/^title>\$/ {
  plot = $0
  sub(/^title>\$/, "", plot)
  sub(/ .*/, "", plot)
}
/^title>[^$]/ && heading == "" { heading = substr($0, 7) }
/^svg / {
  width = attribute($0, "width") + 0
  height = attribute($0, "height") + 0
}
/^g transform=/ {
  match($0, /translate\([^)]*/)
  split(substr($0, RSTART + 10, RLENGTH - 10), at, ",")
  text_x = at[1]
  text_y = at[2]
  text_turned = /rotate\((-90|270)/ # gnuplot before and since 6
  text_anchor = attribute($0, "text-anchor")
  text_size = attribute($0, "font-size") + 0
  text_colour = colour_in($0, "fill")
  text_bold = /font-weight="bold"/
}
/^text>/ {
  texts++
  t[texts] = substr($0, 6)
  # from the base line to the middle of the letters
  tx[texts] = text_x - (text_turned ? 0.33 * text_size : 0)
  ty[texts] = text_y - (text_turned ? 0 : 0.33 * text_size)
  t_turned[texts] = text_turned
  t_anchor[texts] = text_anchor
  t_size[texts] = text_size
  t_colour[texts] = text_colour
  t_bold[texts] = text_bold
}
/^polygon / {
  n = split(attribute($0, "points"), points, /[ ,]+/)
  left = top = 1e9
  right = bottom = -1e9
  for (i = 1; i + 1 <= n; i += 2) {
    if (points[i] == "") break
    left = points[i] + 0 < left ? points[i] + 0 : left
    right = points[i] + 0 > right ? points[i] + 0 : right
    top = points[i + 1] + 0 < top ? points[i + 1] + 0 : top
    bottom = points[i + 1] + 0 > bottom ? points[i + 1] + 0 : bottom
  }
  polygons++
  p_left[polygons] = left
  p_right[polygons] = right
  p_top[polygons] = top
  p_bottom[polygons] = bottom
  p_fill[polygons] = colour_in($0, "fill")
  # its form: corners, and where the first of them stands
  p_form[polygons] = sprintf("%d %d %d", i, \
    100 + points[1] - (left + right) / 2, \
    100.5 + points[2] - (top + bottom) / 2)
  outlined = polygons
}
/^path / && outlined && attribute($0, "d") ~ /Z/ {
  p_line[outlined] = colour_in($0, "stroke")
  outlined = 0
  next
}
/^path / && !/id=/ {
  m = split(attribute($0, "d"), piece, "M")
  for (k = 2; k <= m; k++) {
    gsub(/L/, " ", piece[k])
    lines++
    line[lines] = piece[k]
    l_plot[lines] = plot
    l_colour[lines] = colour_in($0, "stroke")
    l_dashed[lines] = /stroke-dasharray/
  }
}
# What is told under the pointer.
/^circle cx/ {
  circles++
  c_x[circles] = attribute($0, "cx") + 0
  c_y[circles] = attribute($0, "cy") + 0
}
/^use / && /opacity/ {
  match($0, /translate\([^)]*/)
  split(substr($0, RSTART + 10, RLENGTH - 10), at, ",")
  dots++
  d_x[dots] = at[1]
  d_y[dots] = at[2]
  d_colour[dots] = colour_in($0, "color")
}

# ---- Axes -----------------------------------------------------------------

# "1.5 k", "200 µs", "50%", "2×" as a number, in the unit of the data.
function number_of(words,   v, p) {
  v = words + 0
  p = meta["unit", 1] == "µs" ? "" : words
  sub(/^[-+0-9.e]*[ ]?/, "", p)
  return v * (p ~ /^G/ ? 1e9 : p ~ /^M/ ? 1e6 : p ~ /^k/ ? 1e3 : \
              p ~ /^m/ ? 1e-3 : p ~ /^µ/ ? 1e-6 : p ~ /^n/ ? 1e-9 : 1)
}
function is_tick(i, anchor) {
  return t_anchor[i] == anchor && t_size[i] == 16 && !t_turned[i] && \
    t_colour[i] == "68,68,68" && t[i] ~ /^-?[0-9]/
}
function scaled(axis, v) { return scale[axis] == "log" ? log(v) : v }

# The line through the outermost ticks; the others must lie on it.
function fit(axis, anchor,   i, at, v, first, last) {
  ticks[axis] = 0
  for (i = 1; i <= texts; i++) {
    if (!is_tick(i, anchor)) continue
    ticks[axis]++
    tick[axis, ticks[axis]] = number_of(t[i])
    tick_at[axis, ticks[axis]] = axis == "x" ? tx[i] : ty[i]
    if (axis == "x") tick_row = ty[i]
  }
  if (ticks[axis] < 2) { wrong("fewer than two ticks on " axis); return }
  first = 1
  last = ticks[axis]
  slope[axis] = (tick_at[axis, last] - tick_at[axis, first]) / \
    (scaled(axis, tick[axis, last]) - scaled(axis, tick[axis, first]))
  zero[axis] = tick_at[axis, first] - \
    slope[axis] * scaled(axis, tick[axis, first])
  for (i = 1; i <= ticks[axis]; i++)
    if (!near(pixel(axis, tick[axis, i]), tick_at[axis, i], 1))
      wrong(axis " is not " scale[axis] ": tick " tick[axis, i])
  if (axis == "x" ? slope[axis] <= 0 : slope[axis] >= 0)
    wrong("values fall along " axis)
}
function pixel(axis, v) { return zero[axis] + slope[axis] * scaled(axis, v) }
