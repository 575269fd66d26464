# lines.gp - a line per series over the worker counts, with the law's curve.
#
# usage: gnuplot -c scripts/lines.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot, xlabel, ylabel
#   note      any number of them, printed small under the chart
#   usable    usable CPUs: larger worker counts stand behind a vertical line,
#             and no line is drawn across it
#   ideal     yes: the dotted line y = x
#   law       the label of the law's curve
#   scale     y axis: linear (from 0; the default) or log
#   unit      how to print values: "x" for 8.90×, "si:rows/s" for 1.23 Grows/s,
#             anything else is written behind the number
# then the rows:
#   kind <TAB> label <TAB> style <TAB> workers <TAB> value <TAB> low <TAB> high
# kind   point   a mark with its interval low..high ("-": no whisker)
#        hollow  the same, flagged, drawn hollow
#        raw     a faint dot behind (low and high are "-")
#        law     a point of a dashed curve: black with style 0, else in the
#                colour of the style; "workers" need not be whole
# label  the series, in the order of first appearance
# style  number of the colour and shape, see theme.gp
# The x axis has the measured worker counts as its ticks, and is logarithmic
# when they span 16 to 1 or more.

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c lines.gp DATA.tsv OUT.svg|OUT.png"
HERE = strstrt(ARG0, "/") ? system("dirname '" . ARG0 . "'") : "."
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

array K[nrows]; array L[nrows]; array S[nrows]; array N[nrows]
array V[nrows]; array LO[nrows]; array HI[nrows]
# In the order of the worker counts; equal ones stay as they are.
ROWS = ROWS . " | LC_ALL=C sort -s -t \"$(printf '\\t')\" -k4,4g"
SERIES = "LC_ALL=C awk -F '\\t' '/^[^#]/ { gsub(/\"/, \"\\342\\200\\235\") } /^[^#]/ && !seen[($1 == \"law\") FS $2]++ { print ($1 == \"law\") FS $2 FS $3 }' " . shq(DATA)
set datafile separator tab
set datafile commentschars ""
stats ROWS using (i = int($0) + 1, K[i] = strcol(1), L[i] = strcol(2), S[i] = int(number(strcol(3))), N[i] = number(strcol(4)), \
    V[i] = number(strcol(5)), LO[i] = number(strcol(6)), HI[i] = number(strcol(7)), 1) nooutput

# The series and the law's curves, in the order of the file.
array ser_name[nrows]; array ser_style[nrows]; array ser_law[nrows]
ns = 0
stats "< " . SERIES using (ns = int($0) + 1, ser_law[ns] = int(number(strcol(1))), ser_name[ns] = strcol(2), \
    ser_style[ns] = int(number(strcol(3))), 1) nooutput
set datafile separator whitespace
is_mine(i, s) = ser_law[s] == (K[i] eq "law") && L[i] eq ser_name[s]
is_point(i) = (K[i] eq "point" || K[i] eq "hollow") && has(V[i])

# ---- Axes -----------------------------------------------------------------

unit = meta("unit")
tick_unit = is_si(unit) ? unit : ""
usable = number(meta("usable"))
ideal = meta("ideal") eq "yes"
law = meta("law")
logy = meta("scale") eq "log"

n_min = 1e300; n_max = -1e300; nc = 0
lowest = 1e300; highest = -1e300; law_high = -1e300
nhollow = 0; ncurves = 0; npoints = 0
array count[nrows]
do for [i = 1:nrows] {
    if (K[i] eq "law") {
        if (has(V[i])) { law_high = max(law_high, V[i]) }
    } else {
        if (nc == 0 || count[max(1, nc)] != N[i]) { nc = nc + 1; count[nc] = N[i] }
        n_min = min(n_min, N[i]); n_max = max(n_max, N[i])
        if (has(V[i]) && (!logy || V[i] > 0)) { lowest = min(lowest, V[i]); highest = max(highest, V[i]) }
        if (has(LO[i]) && (!logy || LO[i] > 0)) { lowest = min(lowest, LO[i]) }
        if (has(HI[i])) { highest = max(highest, HI[i]) }
        if (K[i] eq "hollow") { nhollow = nhollow + 1 }
        if (is_point(i)) { npoints = npoints + 1 }
    }
}
if (npoints == 0) {
    printerr "coresweep: no points in ", DATA
    exit status 1
}
logx = n_min > 0 && n_max / n_min >= 16
past = has(usable) && n_max > usable && n_min <= usable

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
do for [s = 1:ns] {
    if (ser_law[s] && ser_style[s] < 1) {
        last = 0
        do for [i = 1:nrows] {
            if (is_mine(i, s) && has(V[i])) {
                if (!has(law_exit) && V[i] > v_max && N[i] <= n_max) {
                    law_exit = last && V[i] > V[last] ? N[last] + (N[i] - N[last]) * (v_max - V[last]) / (V[i] - V[last]) : N[i]
                }
                last = i
            }
        }
    }
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
    do for [i = 1:nrows] {
        if (is_mine(i, s) && has(V[i]) && (ser_law[s] ? N[i] <= n_max * 1.0001 : is_point(i))) { last = i }
    }
    if (last && (ser_law[s] ? ser_style[s] < 1 && !has(law_exit) : 1)) {
        ne = ne + 1
        end_text[ne] = ser_law[s] ? (law eq "" ? ser_name[s] : law) : ser_name[s] . " " . value_text(V[last], unit)
        end_v[ne] = V[last]; end_n[ne] = N[last]; end_s[ne] = ser_law[s] ? 0 : ser_style[s]
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
strip = (has(law_exit) && law ne "" || has(ideal_exit) ? 1 : 0) + (past ? 1 : 0)
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
            if (v >= v_min * 0.999 && v <= v_max * 1.001) { ticks = ticks . sprintf(" %.12g", v) }
        }
    }
} else {
    step = nice_step(v_max - v_min, 6)
    do for [k = int(ceil(v_min / step - 1e-9)):int(floor(v_max / step + 1e-9))] { ticks = ticks . sprintf(" %.12g", k * step) }
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
do for [r = 1:4] {
    do for [c = 1:nc] {
        if (rank(c) == r && (sum [d = 1:nc] touch(c, d)) == 0) { has_label[c] = 1 }
    }
}
do for [c = 1:nc] {
    print segment(X(count[c]), y_axis, X(count[c]), y_axis + (has_label[c] ? 6 : 3.5), AXIS)
    if (has_label[c]) { dummy = text(tick_text(count[c], ""), X(count[c]), y_axis + 19, "center", Z_TEXT, DIM) }
}

# More workers than CPUs: a line halfway to the next worker count, its label
# above the chart.
if (past) {
    before = n_min; after = n_max
    do for [c = 1:nc] { if (count[c] <= usable) { before = count[c] } }
    do for [c = nc:1:-1] { if (count[c] > usable) { after = count[c] } }
    x_past = (X(before) + X(after)) / 2
    y_past = y + 12
    w = tw("more workers than CPUs", Z_KEY)
    if (x_past + 6 + w < W - MARGIN) {
        dummy = text("more workers than CPUs", x_past + 6, y_past, "left", Z_KEY, FAINT)
    } else {
        dummy = text("more workers than CPUs", x_past - 6, y_past, "right", Z_KEY, FAINT)
    }
}

# ---- The ideal and the law ------------------------------------------------

set print $IDEAL
print "-99 -99 0"
if (ideal) {
    print ""
    do for [k = 0:100] {
        n = logx ? n_min * (n_max / n_min)**(k / 100.0) : n_min + (n_max - n_min) * k / 100.0
        if (n >= v_min && n <= v_max) { print sprintf("%.2f %.2f %d", X(n), Y(n), RULE) }
    }
    if (has(ideal_exit)) { print sprintf("%.2f %.2f %d", X(v_max), y_top, RULE) }
}
set print $CURVES
print "-99 -99 0"
do for [s = 1:ns] {
    if (ser_law[s]) {
        print ""
        last = 0
        do for [i = 1:nrows] {
            if (is_mine(i, s) && has(V[i]) && N[i] >= n_min * 0.9999 && N[i] <= n_max * 1.0001 && V[i] >= v_min && (V[i] > 0 || !logy)) {
                if (V[i] <= v_max) { print sprintf("%.2f %.2f %d", X(N[i]), Y(V[i]), mark_colour(ser_style[s])) }
                if (V[i] > v_max && last && V[last] <= v_max) {
                    n = N[last] + (N[i] - N[last]) * (v_max - V[last]) / (V[i] - V[last])
                    print sprintf("%.2f %.2f %d", X(n), y_top, mark_colour(ser_style[s]))
                }
                last = i
            }
        }
    }
}
# Where they leave at the top, their labels stand above the chart: the ideal's
# to the left, the law's to the right of the place, within the frame.
y_out = y_top - 11
crossed = 0
x_law = 1e9
if (has(law_exit) && law ne "") {
    w = tw(law, Z_KEY)
    x_law = min(X(law_exit) - 8, W - MARGIN - w)
    dummy = text(law, x_law, y_out, "left", Z_KEY, INK)
    if (past) { crossed = crossed || (x_past > x_law - 5 && x_past < x_law + w + 5) }
}
if (has(ideal_exit)) {
    x = min(X(ideal_exit) + 16, x_law - 12)
    dummy = text("ideal", x, y_out, "right", Z_KEY, FAINT)
    if (past) { crossed = crossed || (x_past < x + 5 && x_past > x - tw("ideal", Z_KEY) - 5) }
}
# The line "more workers than CPUs" leaves a gap for a label it would cross.
set print $AXES append
if (past) {
    if (crossed) {
        print segment(x_past, y_past - 8, x_past, y_past + 9, RULE)
        print segment(x_past, y_top, x_past, y_axis, RULE)
    } else {
        print segment(x_past, y_past - 8, x_past, y_axis, RULE)
    }
}

# ---- Lines, whiskers and marks --------------------------------------------

# Series are set a little apart, so that whiskers do not cover each other.
near = x_right - x_left
do for [c = 2:nc] { near = min(near, X(count[c]) - X(count[c - 1])) }
nseries = ns - ncurves
apart = nseries > 1 ? min(4.5, 0.4 * near / nseries) : 0
CAP = max(1.0, min(4.5, 0.25 * near))
MARK_R = near < 4 ? 2.0 : near < 9 ? 3.0 : near < 14 ? 3.8 : 4.6

set print $RAW
print "-99 -99 0"
set print $SOLID
print "-99 -99 0"
set print $DASHED
print "-99 -99 0"
set print $WHISKER
print OUTSIDE
set print $LEAD
print OUTSIDE
q = 0
array shift[ns]
do for [s = 1:ns] {
    shift[s] = 0
    if (!ser_law[s]) { shift[s] = apart * (q - (nseries - 1) / 2.0); q = q + 1 }
}
set print $RAW append
do for [s = 1:ns] {
    do for [i = 1:nrows] {
        if (K[i] eq "raw" && is_mine(i, s) && has(V[i]) && V[i] >= v_min && V[i] <= v_max && (V[i] > 0 || !logy)) {
            print sprintf("%.2f %.2f %d", X(N[i]) + shift[s], Y(V[i]), mark_colour(S[i]) + 0x90000000)
        }
    }
}
do for [s = 1:ns] {
    if (!ser_law[s]) {
        if (dashed(ser_style[s])) { set print $DASHED append } else { set print $SOLID append }
        print ""
        last = 0
        do for [i = 1:nrows] {
            if (is_point(i) && is_mine(i, s) && (V[i] > 0 || !logy)) {
                if (last && has(usable) && N[last] <= usable && N[i] > usable) { print "" }
                print sprintf("%.2f %.2f %d", X(N[i]) + shift[s], Y(V[i]), mark_colour(ser_style[s]))
                last = i
            }
        }
        set print $WHISKER append
        do for [i = 1:nrows] {
            if (is_point(i) && is_mine(i, s) && (V[i] > 0 || !logy)) {
                x = X(N[i]) + shift[s]
                if (has(LO[i]) && has(HI[i])) {
                    low = Y(max(LO[i], v_min)); high = Y(HI[i]); colour = mark_colour(S[i])
                    print segment(x, low, x, high, colour)
                    if (LO[i] >= v_min) { print segment(x - CAP, low, x + CAP, low, colour) }
                    print segment(x - CAP, high, x + CAP, high, colour)
                }
                dummy = mark(x, Y(V[i]), S[i], K[i] eq "hollow")
            }
        }
    }
}

# ---- End labels, moved apart ----------------------------------------------

array at[ne]; array order[ne]
do for [e = 1:ne] { at[e] = Y(end_v[e]); order[e] = e }
do for [a = 1:ne] {
    do for [b = 1:ne-1] {
        if (at[order[b]] > at[order[b + 1]]) { swap = order[b]; order[b] = order[b + 1]; order[b + 1] = swap }
    }
}
# Neighbours that overlap push each other half the way, again and again; then
# two passes make sure, within the chart.
need(b) = (end_h[order[b]] + end_h[order[b + 1]]) / 2.0
do for [k = 1:150] {
    do for [b = 1:ne-1] {
        over = need(b) - (at[order[b + 1]] - at[order[b]])
        if (over > 0) { at[order[b]] = at[order[b]] - over / 2; at[order[b + 1]] = at[order[b + 1]] + over / 2 }
    }
}
do for [b = 1:ne] {
    least = b == 1 ? y_top + end_h[order[1]] / 2 - 8 : at[order[b - 1]] + need(b - 1)
    at[order[b]] = max(at[order[b]], least)
}
do for [b = ne:1:-1] {
    most = b == ne ? y_axis - end_h[order[ne]] / 2 + 4 : at[order[b + 1]] - need(b)
    at[order[b]] = min(at[order[b]], most)
}
# A thin lead to a label that stands away from the end of its line.
set print $LEAD append
do for [e = 1:ne] {
    colour = end_s[e] < 0 ? RULE : mark_colour(end_s[e])
    if (abs(at[e] - Y(end_v[e])) > 6 || X(end_n[e]) < x_right - pad_x - 5) {
        print segment(X(end_n[e]) + (end_s[e] > 0 ? 9 + apart * nseries / 2 : 3), Y(end_v[e]), x_end - 5, at[e], colour)
    }
    n = nlines(end_text[e])
    dummy = lines(end_text[e], x_end, at[e] - (n - 1) * LH_END / 2, "left", Z_END, end_s[e] < 0 ? FAINT : text_colour(end_s[e]), LH_END)
}
set print

H = int(draw_foot(y_axis + (meta("xlabel") eq "" ? 34 : 56)) + 4)

# ---- The picture ----------------------------------------------------------

eval OPEN
plot $GRIDS using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $KEY using 1:2:3:4:5 with vectors nohead lw 1.6 dt (6, 4) lc rgb variable, \
     $AXES using 1:2:3:4:5 with vectors nohead lw 1.2 lc rgb variable, \
     $RAW using 1:2:3 with points pt 7 ps 0.3 lc rgb variable, \
     $IDEAL using 1:2:3 with lines lw 1.6 dt (1.5, 4) lc rgb variable, \
     $CURVES using 1:2:3 with lines lw 1.6 dt (6, 4) lc rgb variable, \
     $LEAD using 1:2:3:4:5 with vectors nohead lw 0.8 lc rgb variable, \
     $SOLID using 1:2:3 with lines lw 2 lc rgb variable, \
     $DASHED using 1:2:3 with lines lw 2 dt (9, 3) lc rgb variable, \
     $WHISKER using 1:2:3:4:5 with vectors nohead lw 1.5 lc rgb variable
eval CLOSE
