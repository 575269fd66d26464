# lines.gp - a line per series over the worker counts, with the law's curve.
#
# usage: gnuplot -c scripts/lines.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot, xlabel, ylabel
#   note      any number of them, printed small under the chart
#   usable    usable CPUs: larger worker counts stand behind a vertical line,
#             and no line is drawn across it
#   break     FROM label, any number of them: from FROM workers on something
#             else comes into use; a vertical line, and none drawn across it
#   place     workers <TAB> label: a dotted vertical line, its label above the
#             chart
#   ideal     yes: the dotted line y = x
#   until     workers: the axis goes on so far, for the law alone
#   law       the label of the law's curve
#   scale     y axis: linear (from 0; the default) or log; then the x axis is,
#             too, where there are more than two worker counts
#   unit      how to print values: "x" for 8.90×, "si:rows/s" for 1.23 Grows/s,
#             anything else is written behind the number
# then the rows:
#   kind <TAB> label <TAB> style <TAB> workers <TAB> value <TAB> low <TAB> high
# kind   point   a mark with its interval low..high ("-": no whisker)
#        hollow  the same, flagged, drawn hollow
#        raw     a faint dot behind (low and high are "-")
#        law     a point of a dashed curve: black with style 0, else in the
#                colour of the style; thin and grey, labelled by its label,
#                with style -1; "workers" need not be whole
# label  the series, in the order of first appearance
# style  number of the colour and shape, see theme.gp
# The x axis has the measured worker counts as its ticks, and is logarithmic
# when they span 16 to 1 or more.

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c lines.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

# What is done for every row is done by expressions: of 256 worker counts,
# gnuplot takes a hundred times as long over the same in a loop of commands.

# A number for each series and each of the law's curves, in the order of the
# file; its rows, but for the raw ones, by the worker count; before them all, as
# number 0, each worker count that was measured, and between which values the raw
# ones lie: there are twenty for each point.
logy = meta("scale") eq "log"
NUMBERED = "LC_ALL=C awk -F '\\t' '/^#/ || /^\\r?$/ { next } FNR == NR { if ($1 != \"raw\" && !(($1 == \"law\") FS $2 in s)) s[($1 == \"law\") FS $2] = ++n; next } "
ROWS = "< " . NUMBERED . "{ sub(/\\r$/, \"\"); v = $5 + 0 } \
    $1 == \"raw\" { if (v == $5 && (v > 0 || !" . logy . ")) { low = raws && low + 0 < v ? low : $5; high = raws++ && high + 0 > v ? high : $5 } next } \
    $1 != \"law\" && !seen[$4]++ { print \"0\\tcount\\t-\\t0\\t\" $4 \"\\t-\\t-\\t-\" } \
    { k = s[($1 == \"law\") FS $2]; gsub(/\"/, \"\\001\"); gsub(/\\\\/, \"\\002\"); print k FS $0 } \
    END { if (raws) print \"0\\traw\\t-\\t0\\t0\\t-\\t\" low \"\\t\" high }' " . shq(DATA) . " " . shq(DATA) . " | LC_ALL=C sort -s -t \"$(printf '\\t')\" -k1,1n -k5,5g"
RAWS = "< " . NUMBERED . "BEGIN { print \"0 1 1\" } $1 == \"raw\" && $5 + 0 == $5 { print s[0 FS $2] + 0, $4, $5 }' " . shq(DATA) . " " . shq(DATA)
array K[nrows]; array S[nrows]; array N[nrows]; array V[nrows]; array LO[nrows]; array HI[nrows]
array count[nrows + 1]
array ser_name[nrows]; array ser_style[nrows]; array ser_law[nrows]; array ser_from[nrows]; array ser_to[nrows]
series_(s) = s == ns ? 0 : (ns = s, ser_law[s] = strcol(2) eq "law", ser_name[s] = strcol(3), ser_style[s] = int(number(strcol(4))), ser_from[s] = n + 1)
row_(s) = (series_(s), n = n + 1, ser_to[s] = n, K[n] = strcol(2), S[n] = int(number(strcol(4))), N[n] = number(strcol(5)), \
    V[n] = number(strcol(6)), LO[n] = number(strcol(7)), HI[n] = number(strcol(8)))
n = 0; ns = 0; nc = 0
lowest = 1e300; highest = -1e300
set datafile separator tab
set datafile commentschars ""
stats ROWS using (strcol(2) eq "count" ? (nc = nc + 1, count[nc] = number(strcol(5))) \
    : strcol(1) eq "0" ? (lowest = number(strcol(7)), highest = number(strcol(8))) : row_(int(number(strcol(1)))), 1) nooutput
set datafile separator whitespace
is_point(i) = (K[i] eq "point" || K[i] eq "hollow") && has(V[i])

# ---- Axes -----------------------------------------------------------------

unit = meta("unit")
tick_unit = ticks_have(unit)
usable = number(meta("usable"))
ideal = meta("ideal") eq "yes"
law = meta("law")

law_high = -1e300
nhollow = 0; ncurves = 0; npoints = 0
reach(v) = has(v) && (!logy || v > 0) ? (lowest = min(lowest, v), highest = max(highest, v)) : 0
measured_(i) = (reach(V[i]), reach(LO[i]), reach(HI[i]), nhollow = nhollow + (K[i] eq "hollow"), npoints = npoints + is_point(i), 0)
dummy = sum [i = 1:n] (K[i] eq "law" ? (has(V[i]) ? (law_high = max(law_high, V[i]), 0) : 0) : measured_(i))
if (npoints == 0) {
    printerr "coresweep: no points in ", DATA
    exit status 1
}
until = number(meta("until"))
if (until > count[nc]) { nc = nc + 1; count[nc] = until }
n_min = count[1]; n_max = count[nc]
logx = n_min > 0 && (n_max / n_min >= 16 || logy && nc > 2)

# Breaks of the lines, from the left: the gap after which worker count, and
# what is said there. Those that fall into one gap share a line.
BREAKS = meta("break")
if (has(usable)) { BREAKS = BREAKS . (BREAKS eq "" ? "" : "\n") . sprintf("%d more workers than CPUs", usable + 1) }
break_from(b) = word(b, 1) + 0
break_label(b) = b[strstrt(b, " ")+1:*]
gap_label(c, list) = list eq "" ? "" : (gap_rest = gap_label(c, tail_(list)), \
    count[c] < break_from(head_(list)) && count[c + 1] >= break_from(head_(list)) \
        ? break_label(head_(list)) . (gap_rest eq "" ? "" : ", " . gap_rest) : gap_rest)
array brk_after[nc + 1]; array brk_label[nc + 1]
nb = 0
gap_(c, label) = label ne "" ? (nb = nb + 1, brk_after[nb] = c, brk_label[nb] = label, 0) : 0
if (BREAKS ne "") { dummy = sum [c = 1:nc-1] gap_(c, gap_label(c, BREAKS)) }

place = meta("place")
np = place ne ""

# The law and the ideal may leave the chart at the top: it is there for the
# measurements.
v_max = highest
if (law_high > highest) { v_max = logy ? law_high : min(law_high, 2.5 * highest) }
if (ideal && n_max <= (logy ? 8 : 1.35) * v_max) { v_max = max(v_max, n_max) }
if (logy) {
    v_min = lowest
    if (v_max / v_min < 4) { v_min = v_min / 1.5; v_max = v_max * 1.5 }
    v_min = v_min / 1.15; v_max = v_max * 1.12
} else {
    v_min = min(0, 1.06 * lowest)
    v_max = v_max > 0 ? 1.06 * v_max : 1
}

# ---- Head and key ---------------------------------------------------------

y = draw_head(0)
key_y = y + 14
coloured_law = 0
do for [s = 1:ns] { if (ser_law[s]) { ncurves = ncurves + 1; if (ser_style[s] > 0) { coloured_law = 1 } } }
set print $KEY
print OUTSIDE
if (coloured_law && law ne "") {
    key_x = key_x + 10
    dummy = key_item("in the colour of each line: " . law, DIM)
    print segment(MARGIN, key_y, MARGIN + 22, key_y, 0x444444)
}
if (nhollow) {
    dummy = key_item(NOTES eq "" ? "hollow: flagged" : "hollow: flagged, see below", FAINT)
    dummy = mark(key_mx, key_y, 12, 1)
}
y = key_x > MARGIN ? key_y + 10 : y

# ---- Ends of the lines: labels at the right -------------------------------

# Which curves leave at the top: where (in workers), by interpolation.
law_exit = NONE
between(a, b) = N[a] + (N[b] - N[a]) * (v_max - V[a]) / (V[b] - V[a])
exit_(i) = has(V[i]) ? (!has(law_exit) && V[i] > v_max && N[i] <= n_max \
    ? (law_exit = last && V[i] > V[last] ? between(last, i) : N[i]) : 0, last = i) : 0
do for [s = 1:ns] {
    last = 0
    if (ser_law[s] && ser_style[s] == 0) { dummy = sum [i = ser_from[s]:ser_to[s]] exit_(i) }
}
ideal_exit = ideal && n_max > v_max ? v_max : NONE
ideal_end = ideal && !has(ideal_exit)

# Label, value, last worker count and colour of each end.
END_WIDTH = 0.30 * W
array end_text[ns + 1]; array end_v[ns + 1]; array end_n[ns + 1]; array end_s[ns + 1]; array end_h[ns + 1]; array end_w[ns + 1]
ne = 0
if (ideal_end) {
    ne = ne + 1
    end_text[ne] = "ideal"; end_v[ne] = n_max; end_n[ne] = n_max; end_s[ne] = -1
}
do for [s = 1:ns] {
    last = 0
    dummy = sum [i = ser_from[s]:ser_to[s]] (has(V[i]) && (ser_law[s] ? N[i] <= n_max * 1.0001 : is_point(i)) ? (last = i) : 0)
    if (last && (ser_style[s] == 0 ? !has(law_exit) : ser_law[s] ? ser_style[s] < 0 && V[last] <= v_max : 1)) {
        ne = ne + 1
        end_text[ne] = ser_law[s] ? (law eq "" || ser_style[s] < 0 ? brief(ser_name[s]) : law) : brief(ser_name[s]) . " " . value_text(V[last], unit)
        end_v[ne] = V[last]; end_n[ne] = N[last]; end_s[ne] = ser_law[s] ? min(0, ser_style[s]) : ser_style[s]
    }
}
right_w = 0
ends_h = 0
Z_END = ne > 6 ? 15 : Z_TEXT
LH_END = Z_END + 1.5
END_GAP = ne > 6 ? 3 : 5
do for [e = 1:ne] {
    end_text[e] = wrap(end_text[e], END_WIDTH, Z_END)
    right_w = max(right_w, widest(end_text[e], Z_END))
    end_h[e] = nlines(end_text[e]) * LH_END + END_GAP
    ends_h = ends_h + end_h[e]
}

# ---- Layout ---------------------------------------------------------------

x_end = W - MARGIN - right_w - 4                # where the end labels begin
x_right = x_end - (ne > 4 ? 30 : 24)
strip = (has(law_exit) && law ne "" || has(ideal_exit) ? 1 : 0) + nb + np
y_top = y + 14 + 20 * strip
below = 56 + (meta("xlabel") eq "" ? -22 : 0) + foot_height + 8
plot_h = max(max(0.36 * W, H_USUAL - y_top - below), ends_h + 4)
y_axis = y_top + plot_h
Y(v) = y_axis - plot_h * (logy ? log(v / v_min) / log(v_max / v_min) : (v - v_min) / (v_max - v_min))

# Ticks of the y axis, and the room their labels take.
ticks = ""
if (logy) {
    decades = log10(v_max / v_min)
    do for [p = int(floor(log10(v_min))):int(ceil(log10(v_max)))] {
        do for [m in decades <= 2.5 ? "1 2 5" : decades <= 4 ? "1 3" : "1"] {
            v = m * 10.0**p
            if (v >= v_min * 0.999 && v <= v_max * 1.001) { ticks = ticks . sprintf(" %.12e", v) }
        }
    }
} else {
    step = nice_step(v_max - v_min, 6)
    do for [k = int(ceil(v_min / step - 1e-9)):int(floor(v_max / step + 1e-9))] { ticks = ticks . sprintf(" %.12e", k * step) }
}
tick_w = 0
do for [t in ticks] { tick_w = max(tick_w, tw(tick_text(t + 0.0, tick_unit), Z_TEXT)) }
x_left = MARGIN + (meta("ylabel") eq "" ? 0 : 24) + tick_w + 10
pad_x = nc > 2 ? 11.0 + min(24, 4.5 * (ns - ncurves - 1)) / 2 : 0.12 * (x_right - x_left)
X(n) = n_max == n_min ? (x_left + x_right) / 2 \
    : x_left + pad_x + (x_right - x_left - 2 * pad_x) * (logx ? log(n / n_min) / log(n_max / n_min) : (n - n_min) / (n_max - n_min))

set print $GRIDS
print OUTSIDE
do for [t in ticks] {
    v = t + 0.0
    if (logy || v != 0) { print segment(x_left, Y(v), x_right, Y(v), GRID) }
    dummy = text(tick_text(v, tick_unit), x_left - 9, Y(v), "right", Z_TEXT, DIM)
}
if (meta("ylabel") ne "") { dummy = text(meta("ylabel"), MARGIN + 9, (y_top + y_axis) / 2, "center rotate", Z_TEXT, INK) }
if (meta("xlabel") ne "") { dummy = text(meta("xlabel"), (x_left + x_right) / 2, y_axis + 42, "center", Z_TEXT, INK) }

# Ticks of the x axis. All counts have a tick; the labels that would touch
# one already there are left out: first come the ends, then the usable CPUs,
# then powers of two, then the others unless there are very many.
set print $AXES
print OUTSIDE
print segment(x_left, y_axis, x_right, y_axis, AXIS)
print segment(x_left, y_top, x_left, y_axis, AXIS)
array has_label[nc]
do for [c = 1:nc] { has_label[c] = 0 }
power2(n) = n >= 1 && abs(log(n) / log(2) - floor(log(n) / log(2) + 0.5)) < 1e-9
rank(c) = c == 1 || c == nc ? 1 : has(usable) && count[c] == usable ? 2 : power2(count[c]) ? 3 : nc <= 24 ? 4 : 5
touch(c, d) = has_label[d] && abs(X(count[c]) - X(count[d])) < \
    (tw(tick_text(count[c], ""), Z_TEXT) + tw(tick_text(count[d], ""), Z_TEXT)) / 2 + (rank(c) == 4 ? 7 : 5)
label_(c) = (sum [d = 1:nc] touch(c, d)) ? 0 : (has_label[c] = 1)
do for [r = 1:4] { dummy = sum [c = 1:nc] (rank(c) == r ? label_(c) : 0) }
tick_(c) = (ticks = ticks . segment(X(count[c]), y_axis, X(count[c]), y_axis + (has_label[c] ? 6 : 3.5), AXIS) . "\n", \
    has_label[c] ? text(tick_text(count[c], ""), X(count[c]), y_axis + 19, "center", Z_TEXT, DIM) : 0)
ticks = ""
dummy = sum [c = 1:nc] tick_(c)
print ticks

load HERE . "/lines_bounds.gp"
load HERE . "/lines_marks.gp"
