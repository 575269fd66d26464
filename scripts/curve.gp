# curve.gp - a line per series over a size, with a line to reach and where it
# is reached.
#
# usage: gnuplot -c scripts/curve.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot, xlabel, ylabel
#   note       any number of them, printed small under the chart
#   xscale     log (the default) or linear
#   yscale     linear (from 0; the default) or log
#   unit       of values: "x" for 8.90×, "%", "si:B/s" for 1.23 GB/s; anything
#              else is written behind the number
#   xunit      of sizes, for their ticks: "si:B" for 1 MB, "si:" for 10 k, or
#              anything else, written behind the number; empty: plain numbers;
#              "sizes": ticks at the points themselves, as 1k (1024) or 1M
#   reference  y <TAB> label: a horizontal line, its label at one of its ends
#   ideal      y <TAB> label: a dotted one; above the chart where it is far off
#   law        the label of the law's curve
#   mark       x <TAB> label: a dotted vertical line, its label above the chart
# then the rows:
#   kind <TAB> label <TAB> style <TAB> x <TAB> value <TAB> low <TAB> high
# kind   point   a mark with its interval low..high ("-": no whisker)
#        hollow  the same, flagged, drawn hollow
#        raw     a faint dot behind (low and high are "-")
#        law     a point of the law's curve, black and dashed
#        band    a vertical band from x = low to x = high ("-", or past the
#                axis: open on that side; x and value are not used)
#        root    where the line is met: a drop line at x from value down to the
#                axis, with x above the chart, and a band low..high as above
# label  the series, in the order of first appearance
# style  number of the colour and shape, see theme.gp

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c curve.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

array K[nrows]; array L[nrows]; array S[nrows]; array N[nrows]
array V[nrows]; array LO[nrows]; array HI[nrows]
# In the order of x; equal ones stay as they are.
ROWS = ROWS . " | LC_ALL=C sort -s -t \"$(printf '\\t')\" -k4,4g"
SERIES = "LC_ALL=C awk -F '\\t' '/^[^#]/ { gsub(/\"/, \"\\001\"); gsub(/\\\\/, \"\\002\") } /^[^#]/ && $1 != \"law\" && !seen[$2]++ { print $2 FS $3 }' " . shq(DATA)
set datafile separator tab
set datafile commentschars ""
stats ROWS using (i = int($0) + 1, K[i] = strcol(1), L[i] = strcol(2), S[i] = int(number(strcol(3))), N[i] = number(strcol(4)), \
    V[i] = number(strcol(5)), LO[i] = number(strcol(6)), HI[i] = number(strcol(7)), 1) nooutput
array ser_name[nrows]; array ser_style[nrows]
ns = 0
stats "< " . SERIES using (ns = int($0) + 1, ser_name[ns] = strcol(1), ser_style[ns] = int(number(strcol(2))), 1) nooutput
set datafile separator whitespace
is_mine(i, s) = L[i] eq ser_name[s] && K[i] ne "law"
is_point(i) = (K[i] eq "point" || K[i] eq "hollow") && has(V[i])
is_law(i) = K[i] eq "law" && has(V[i])
is_data(i) = is_point(i) || (K[i] eq "raw" && has(V[i]))
is_span(i) = K[i] eq "band" || K[i] eq "root"

# ---- Axes -----------------------------------------------------------------

unit = meta("unit")
xunit = meta("xunit")
tick_unit = ticks_have(unit)
logx = meta("xscale") ne "linear"
logy = meta("yscale") eq "log"
reference = number(first_(meta("reference")))
reference_label = rest_(meta("reference"))
ideal = number(first_(meta("ideal")))
ideal_label = rest_(meta("ideal"))
law = meta("law")
sizes = xunit eq "sizes"
size_text(v) = int(v) % 1048576 == 0 ? sprintf("%.0fM", v / 1048576) : int(v) % 1024 == 0 ? sprintf("%.0fk", v / 1024) : sprintf("%.0f", v)
at_mark = number(first_(meta("mark")))
mark_label = rest_(meta("mark"))

xplain(v) = xunit eq "" || xunit eq "si:" ? "" : " " . xunit
# SI prefixes; "10 k" without a unit, "10 µs" with one.
xsi(v, digits) = sprintf(digits, v / 10.0**(3 * si_power(round3(v)))) . \
    (xunit[4:*] eq "" && si_power(round3(v)) == 0 ? "" : " " . si_sign(si_power(round3(v))) . xunit[4:*])
xtick(v) = sizes ? size_text(v) : v == 0 ? "0" : is_si(xunit) ? xsi(v, "%g") : sprintf("%g", v) . xplain(v)
xtext(v) = is_si(xunit) ? xsi(round3(v), sprintf("%%.%df", decimals(round3(v) / 10.0**(3 * si_power(round3(v)))))) : sig3(v) . xplain(v)

x_min = 1e300; x_max = -1e300
lowest = 1e300; highest = -1e300; law_high = -1e300; nhollow = 0; npoints = 0; nroots = 0
do for [i = 1:nrows] {
    if (is_data(i) && (!logx || N[i] > 0) && (!logy || V[i] > 0)) {
        x_min = min(x_min, N[i]); x_max = max(x_max, N[i])
        lowest = min(lowest, V[i])
        # a stray raw dot must not squeeze the rest
        if (is_point(i)) {
            highest = max(highest, V[i]); npoints = npoints + 1
            if (has(LO[i]) && (!logy || LO[i] > 0)) { lowest = min(lowest, LO[i]) }
            if (has(HI[i])) { highest = max(highest, HI[i]) }
        }
        if (K[i] eq "hollow") { nhollow = nhollow + 1 }
    }
    if (K[i] eq "root") { nroots = nroots + 1 }
    if (is_law(i)) { law_high = max(law_high, V[i]); lowest = min(lowest, V[i]) }
}
if (npoints == 0) {
    printerr "coresweep: no points in ", DATA
    exit status 1
}
if (has(at_mark) && (!logx || at_mark > 0)) { x_min = min(x_min, at_mark); x_max = max(x_max, at_mark) }
if (has(reference)) { lowest = min(lowest, reference); highest = max(highest, reference) }
# The ideal may leave the chart at the top: it is there for the measurements.
highest = max(highest, law_high)
far = has(ideal) && !logy && ideal > 2.5 * highest
if (has(ideal) && !far) { highest = max(highest, ideal) }
if (logy) {
    v_min = lowest; v_max = highest
    if (v_max / v_min < 4) { v_min = v_min / 1.5; v_max = v_max * 1.5 }
    v_min = v_min / 1.15; v_max = v_max * 1.12
} else {
    v_min = min(0, 1.06 * lowest)
    v_max = highest > 0 ? 1.08 * highest : 1
}

# ---- Head and key ---------------------------------------------------------

y = draw_head(0)
key_y = y + 14
set print $KEY
print OUTSIDE
if (law ne "") {
    key_x = key_x + 10
    dummy = key_item(law, DIM)
    print segment(MARGIN, key_y, MARGIN + 22, key_y, 0x000000)
}
if (nhollow) {
    dummy = key_item(NOTES eq "" ? "hollow: flagged" : "hollow: see below", FAINT)
    dummy = mark(key_mx, key_y, 12, 1)
}
y = key_x > MARGIN ? key_y + 10 : y

# ---- Ends of the lines: labels at the right -------------------------------

END_WIDTH = 0.28 * W
array end_text[ns]; array end_v[ns]; array end_n[ns]; array end_s[ns]; array end_h[ns]
ne = 0
do for [s = 1:ns] {
    last = 0
    do for [i = 1:nrows] { if (is_mine(i, s) && is_point(i)) { last = i } }
    if (last) {
        ne = ne + 1
        end_text[ne] = brief(ser_name[s]) . " " . value_text(V[last], unit)
        end_v[ne] = V[last]; end_n[ne] = N[last]; end_s[ne] = ser_style[s]
    }
}
right_w = 0; ends_h = 0
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
# Texts above the chart: the roots and the mark, in as many rows as they need.
LH_OVER = 19
nover = nroots + (has(at_mark) ? 1 : 0) + (far ? 1 : 0)
array over_x[nover + 1]; array over_text[nover + 1]; array over_s[nover + 1]; array over_row[nover + 1]

below = 56 + (meta("xlabel") eq "" ? -22 : 0) + foot_height + 8

# Ticks of the y axis, and the room their labels take.
ticks = ""
if (logy) {
    decades_y = log10(v_max / v_min)
    do for [p = int(floor(log10(v_min))):int(ceil(log10(v_max)))] {
        do for [m in decades_y <= 2.5 ? "1 2 5" : decades_y <= 4 ? "1 3" : "1"] {
            v = m * 10.0**p
            if (v >= v_min * 0.999 && v <= v_max * 1.001) { ticks = ticks . sprintf(" %#.12g", v) }
        }
    }
} else {
    step = nice_step(v_max - v_min, 6)
    do for [k = int(ceil(v_min / step - 1e-9)):int(floor(v_max / step + 1e-9))] { ticks = ticks . sprintf(" %#.12g", k * step) }
}
tick_w = 0
do for [t in ticks] { tick_w = max(tick_w, tw(tick_text(t + 0.0, tick_unit), Z_TEXT)) }
x_left = MARGIN + (meta("ylabel") eq "" ? 0 : 24) + tick_w + 10
pad_x = 12.0
X(n) = x_max == x_min ? (x_left + x_right) / 2 : x_left + pad_x + (x_right - x_left - 2 * pad_x) * \
    (logx ? log(n / x_min) / log(x_max / x_min) : (n - x_min) / (x_max - x_min))

XX(n) = logx && n <= 0 ? x_left : max(x_left, min(x_right, X(n)))

k = 0
do for [i = 1:nrows] {
    if (K[i] eq "root") { k = k + 1; over_x[k] = XX(N[i]); over_text[k] = xtext(N[i]); over_s[k] = S[i] }
}
if (has(at_mark)) { k = k + 1; over_x[k] = XX(at_mark); over_text[k] = mark_label; over_s[k] = -1 }
if (far) { k = k + 1; over_x[k] = x_right; over_text[k] = ideal_label . " (above this chart)"; over_s[k] = -1 }

over_w(k) = tw(over_text[k], Z_KEY)
over_l(k) = max(MARGIN, min(W - MARGIN - over_w(k), over_x[k] - over_w(k) / 2))
over_hits(k, j, r) = over_row[j] == r && over_l(k) < over_l(j) + over_w(j) + 10 && over_l(j) < over_l(k) + over_w(k) + 10
over_rows = 0
do for [k = 1:nover] { # the lowest free row
    r = 1
    do for [attempt = 1:nover] {
        if (k > 1) { if ((sum [j = 1:k-1] over_hits(k, j, r)) > 0) { r = r + 1 } }
    }
    over_row[k] = r
    over_rows = max(over_rows, r)
}
y_top = y + 14 + LH_OVER * over_rows
plot_h = max(max(0.36 * W, H_USUAL - y_top - below), ends_h + 4)
y_axis = y_top + plot_h
Y(v) = y_axis - plot_h * (logy ? log(max(v, v_min) / v_min) / log(v_max / v_min) : (v - v_min) / (v_max - v_min))

set print $GRIDS
print OUTSIDE
do for [t in ticks] {
    v = t + 0.0
    if (logy || v != 0) { print segment(x_left, Y(v), x_right, Y(v), GRID) }
    dummy = text(tick_text(v, tick_unit), x_left - 9, Y(v), "right", Z_TEXT, DIM)
}
if (meta("ylabel") ne "") { dummy = text(meta("ylabel"), MARGIN + 9, (y_top + y_axis) / 2, "center rotate", Z_TEXT, INK) }
if (meta("xlabel") ne "") { dummy = text(meta("xlabel"), (x_left + x_right) / 2, y_axis + 42, "center", Z_TEXT, INK) }

# Ticks of the x axis: decades, with 2 and 5 where there are few; a label that
# would touch the one before is left out.  Sizes: every one of them, and the
# last has its label.
xticks = ""
if (sizes) {
    last = -1
    do for [i = 1:nrows] {
        if (is_point(i) && N[i] != last) { xticks = xticks . sprintf(" %#.17g", N[i]); last = N[i] }
    }
} else { if (logx) {
    decades = log10(x_max / x_min)
    do for [p = int(floor(log10(x_min))):int(ceil(log10(x_max)))] {
        do for [m in decades <= 1.2 ? "1 2 3 4 5 6 7 8" : decades <= 2.5 ? "1 2 5" : "1"] {
            v = m * 10.0**p
            if (v >= x_min * 0.97 && v <= x_max * 1.03) { xticks = xticks . sprintf(" %#.12g", v) }
        }
    }
} else {
    step = nice_step(x_max - x_min, 6)
    do for [k = int(ceil(x_min / step - 1e-9)):int(floor(x_max / step + 1e-9))] { xticks = xticks . sprintf(" %#.12g", k * step) }
} }
free_to = sizes ? X(x_max) - tw(xtick(x_max), Z_TEXT) / 2 - 6 : 1e9
set print $AXES
print OUTSIDE
print segment(x_left, y_axis, x_right, y_axis, AXIS)
print segment(x_left, y_top, x_left, y_axis, AXIS)
free_from = -1e9
do for [t in xticks] {
    v = t + 0.0; w = tw(xtick(v), Z_TEXT)
    labelled = X(v) - w / 2 > free_from && (X(v) + w / 2 < free_to || v == x_max)
    print segment(X(v), y_axis, X(v), y_axis + (labelled ? 6 : 3.5), AXIS)
    if (labelled) {
        dummy = text(xtick(v), X(v), y_axis + 19, "center", Z_TEXT, DIM)
        free_from = X(v) + w / 2 + (sizes ? 6 : 10)
    }
}

load HERE . "/curve_marks.gp"

# ---- End labels, moved apart ----------------------------------------------

array at[ne]; array order[ne]
do for [e = 1:ne] { at[e] = Y(end_v[e]); order[e] = e }
do for [a = 1:ne] {
    do for [b = 1:ne-1] {
        if (at[order[b]] > at[order[b + 1]]) { swap = order[b]; order[b] = order[b + 1]; order[b + 1] = swap }
    }
}
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
    if (abs(at[e] - Y(end_v[e])) > 6 || X(end_n[e]) < x_right - pad_x - 5) {
        print segment(X(end_n[e]) + 9 + apart * ns / 2, Y(end_v[e]), x_end - 5, at[e], mark_colour(end_s[e]))
    }
    n = nlines(end_text[e])
    dummy = lines(end_text[e], x_end, at[e] - (n - 1) * LH_END / 2, "left", Z_END, text_colour(end_s[e]), LH_END)
}
set print

H = int(draw_foot(y_axis + (meta("xlabel") eq "" ? 34 : 56)) + 4)

# ---- The picture ----------------------------------------------------------

eval OPEN
eval BANDS
plot $GRIDS using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $REFERENCE using 1:2:3:4:5 with vectors nohead lw 1.6 lc rgb variable, \
     $DOTS using 1:2:3:4:5 with vectors nohead lw 1.4 dt (1.5, 4) lc rgb variable, \
     $DROP using 1:2:3:4:5 with vectors nohead lw 1.2 dt (6, 4) lc rgb variable, \
     $AXES using 1:2:3:4:5 with vectors nohead lw 1.2 lc rgb variable, \
     $KEY using 1:2:3:4:5 with vectors nohead lw 1.6 dt (6, 4) lc rgb variable, \
     $RAW using 1:2:3 with points pt 7 ps 0.3 lc rgb variable, \
     $LAW using 1:2:3 with lines lw 1.6 dt (6, 4) lc rgb variable, \
     $LEAD using 1:2:3:4:5 with vectors nohead lw 0.8 lc rgb variable, \
     $SOLID using 1:2:3 with lines lw 2 lc rgb variable, \
     $DASHED using 1:2:3 with lines lw 2 dt (9, 3) lc rgb variable, \
     $WHISKER using 1:2:3:4:5 with vectors nohead lw 1.5 lc rgb variable
eval CLOSE
