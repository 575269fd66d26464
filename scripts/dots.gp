# dots.gp - one row per kernel, the variants below each other within the row.
#
# usage: gnuplot -c scripts/dots.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot, xlabel
#   note      any number of them, printed small under the chart
#   reference x <TAB> label: a vertical line, its label above the chart
#   ideal     x of a dotted vertical line, labelled "ideal"
#   capacity  x of a thin vertical line, explained in the key
#   law       what the law's ticks are, for the key
#   unit      prints each point's value at the right in this unit: "x" for
#             1.62×, "si:rows/s" for 1.23 Grows/s; "none" prints no values.
#             If missing: "x" where there is a reference or an ideal, else "none"
#   dots      how large raw points are, where they are what is looked at (0.35)
# then the rows:
#   kind <TAB> row <TAB> label <TAB> style <TAB> value <TAB> low <TAB> high
# kind   point   a mark with its interval low..high ("-": no whisker)
#        hollow  the same, flagged, drawn hollow
#        raw     a faint dot behind (low and high are "-")
#        law     a tick at value: black and as high as the row with style 0,
#                in the style's colour and on its series' lane otherwise
# row    the row's label; rows appear from top to bottom as they first occur
# label  the series; series appear within a row as they first occur
# style  number of the colour and shape, see theme.gp
# The x axis is logarithmic when the values span more than 20 to 1.

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c dots.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

array K[nrows]; array R[nrows]; array L[nrows]; array S[nrows]
array V[nrows]; array LO[nrows]; array HI[nrows]
set datafile separator tab
set datafile commentschars ""
set datafile missing
stats ROWS using (i = int($0) + 1, K[i] = strcol(1), R[i] = strcol(2), L[i] = strcol(3), S[i] = int(number(strcol(4))), \
    V[i] = number(strcol(5)), LO[i] = number(strcol(6)), HI[i] = number(strcol(7)), 1) nooutput

# Rows and series in order of first appearance; the lane of a series in a row.
array row_name[nrows]; array row_lanes[nrows]
array ser_name[nrows]; array ser_style[nrows]
array row_of[nrows]; array ser_of[nrows]; array lane_of[nrows]
nr = 0
ns = 0
nhollow = 0
nlaw = 0
do for [i = 1:nrows] {
    row_of[i] = 0
    do for [j = 1:nr] { if (row_name[j] eq R[i]) { row_of[i] = j } }
    if (row_of[i] == 0) { nr = nr + 1; row_name[nr] = R[i]; row_lanes[nr] = 0; row_of[i] = nr }
    ser_of[i] = 0
    if (K[i] ne "law") {
        do for [j = 1:ns] { if (ser_name[j] eq L[i]) { ser_of[i] = j } }
        if (ser_of[i] == 0) { ns = ns + 1; ser_name[ns] = L[i]; ser_style[ns] = S[i]; ser_of[i] = ns }
    } else { nlaw = nlaw + 1 }
    if (K[i] eq "hollow") { nhollow = nhollow + 1 }
}
array lane[nr * (ns + 1)]
do for [i = 1:nr * (ns + 1)] { lane[i] = 0 }
own_rows = 1                    # each row is one series named like the row
do for [s = 1:ns] {
    do for [i = 1:nrows] {
        if (ser_of[i] == s) {
            at = (row_of[i] - 1) * (ns + 1) + s
            if (lane[at] == 0) { row_lanes[row_of[i]] = row_lanes[row_of[i]] + 1; lane[at] = row_lanes[row_of[i]] }
            if (L[i] ne R[i]) { own_rows = 0 }
        }
    }
}
do for [i = 1:nrows] {
    lane_of[i] = 0
    if (ser_of[i]) { lane_of[i] = lane[(row_of[i] - 1) * (ns + 1) + ser_of[i]] }
    if (K[i] eq "law" && S[i] > 0) {
        do for [s = 1:ns] { if (ser_style[s] == S[i]) { lane_of[i] = lane[(row_of[i] - 1) * (ns + 1) + s] } }
    }
}

# ---- The x axis -----------------------------------------------------------

reference = number(first_(meta("reference")))
reference_label = rest_(meta("reference"))
ideal = number(meta("ideal"))
capacity = number(meta("capacity"))
law = meta("law")
unit = meta("unit")
if (unit eq "") { unit = has(reference) || has(ideal) ? "x" : "none" }
tick_unit = ticks_have(unit)
tip_unit = unit ne "none" ? unit : has(reference) || has(ideal) ? "x" : ""
dot_size = meta("dots") eq "" ? 0.35 : meta("dots") + 0.0

lowest = 1e300
highest = -1e300
do for [i = 1:nrows] {
    do for [k = 1:3] {
        v = k == 1 ? V[i] : k == 2 ? LO[i] : HI[i]
        if (has(v)) { lowest = min(lowest, v); highest = max(highest, v) }
    }
}
if (has(reference)) { lowest = min(lowest, reference); highest = max(highest, reference) }
if (has(ideal)) { lowest = min(lowest, ideal); highest = max(highest, ideal) }
if (has(capacity)) { lowest = min(lowest, capacity); highest = max(highest, capacity) }
if (lowest > highest) {
    printerr "coresweep: no values in ", DATA
    exit status 1
}
logx = lowest > 0 && highest / lowest > 20
if (logx) {
    pad = (highest / lowest)**0.04
    lowest = lowest / pad; highest = highest * pad
} else {
    if (lowest == highest) { pad = lowest == 0 ? 1 : 0.2 * abs(lowest) } else { pad = 0.05 * (highest - lowest) }
    below = lowest - pad
    lowest = lowest >= 0 && (below < 0 || lowest < 0.12 * highest) ? 0 : below
    highest = highest + pad
}

# ---- Layout ---------------------------------------------------------------

# Values at the right, row labels at the left.
value_w = 0
Z_VALUE = 13.5
array shown[nrows]
do for [i = 1:nrows] {
    shown[i] = ""
    if (unit ne "none" && (K[i] eq "point" || K[i] eq "hollow") && has(V[i])) {
        shown[i] = value_text(V[i], unit)
        value_w = max(value_w, tw(shown[i], Z_VALUE))
    }
}
x_right = W - MARGIN - (value_w > 0 ? value_w + 16 : 12)
label_w = 0
do for [j = 1:nr] {
    row_name[j] = wrap(brief(row_name[j]), 190, Z_TEXT)
    label_w = max(label_w, widest(row_name[j], Z_TEXT))
}
x_left = MARGIN + label_w + 14
X(v) = x_left + (x_right - x_left) * (logx ? log(v / lowest) / log(highest / lowest) : (v - lowest) / (highest - lowest))

y = draw_head(0)

# The key: each series in its colour with its shape, the law, hollow marks.
key_y = y + 14
if (!own_rows) {
    do for [s = 1:ns] {
        dummy = key_item(brief(ser_name[s]), text_colour(ser_style[s]))
        dummy = mark(key_mx, key_y, ser_style[s], 0)
    }
}
set print $LAW
print OUTSIDE
if (nlaw && law ne "") {
    dummy = key_item(law, INK)
    print segment(key_mx + 2, key_y - 8, key_mx + 2, key_y + 8, 0)
}
if (has(capacity)) {
    dummy = key_item("capacity " . value_text(capacity, "x"), FAINT)
    print segment(key_mx + 2, key_y - 8, key_mx + 2, key_y + 8, RULE)
}
if (nhollow) {
    dummy = key_item(NOTES eq "" ? "hollow: flagged" : "hollow: flagged, see below", FAINT)
    array M_grey[1] = [nmark + 1]
    dummy = mark(key_mx, key_y, 12, 1)
}
y = key_x > MARGIN ? key_y + 10 : y
y_strip = y + 16                # the words above the vertical lines
y_top = y_strip + (has(reference) || has(ideal) ? 14 : 0)

# Lanes as high as a chart of the usual height allows, within limits.
total = 0
do for [j = 1:nr] { total = total + row_lanes[j] }
below = 56 + (meta("xlabel") eq "" ? -22 : 0) + foot_height + 8
room = H_USUAL - y_top - below
gap = 14.0
lane_h = max(14.5, min(ns > 1 ? 20.0 : 34.0, (room - gap * nr) / max(1, total)))
gap = max(gap, min(30.0, (room - lane_h * total) / nr))
if (lane_h < 16) { Z_VALUE = 13 }
array row_top[nr]; array row_h[nr]
y = y_top
do for [j = 1:nr] {
    row_h[j] = max(lane_h * max(1, row_lanes[j]), nlines(row_name[j]) * LH_TEXT)
    row_top[j] = y + gap / 2
    y = y + row_h[j] + gap
}
y_axis = y
Y(i) = row_top[row_of[i]] + row_h[row_of[i]] / 2 + lane_h * (lane_of[i] - (row_lanes[row_of[i]] + 1) / 2.0)

# ---- Axis, grid and the vertical lines ------------------------------------

set print $GRIDS
print OUTSIDE
ticks = ""
if (logx) {
    decades = log10(highest / lowest)
    do for [p = int(floor(log10(lowest))):int(ceil(log10(highest)))] {
        do for [m in decades <= 2.2 ? "1 2 5" : decades <= 3.2 ? "1 3" : "1"] {
            v = m * 10.0**p
            if (v >= lowest * 0.999 && v <= highest * 1.001) { ticks = ticks . sprintf(" %.12e", v) }
        }
    }
} else {
    step = nice_step(highest - lowest, max(2.0, min(7.0, (x_right - x_left) / 62.0)))
    do for [k = int(ceil(lowest / step - 1e-9)):int(floor(highest / step + 1e-9))] { ticks = ticks . sprintf(" %.12e", k * step) }
}
free_from = 0
do for [t in ticks] {
    v = t + 0.0
    print segment(X(v), y_top, X(v), y_axis, GRID)
    w = tw(tick_text(v, tick_unit), Z_TEXT) / 2
    if (X(v) - w > free_from) {
        dummy = text(tick_text(v, tick_unit), X(v), y_axis + 18, "center", Z_TEXT, DIM)
        free_from = X(v) + w + 3
    }
}
set print $AXES
print OUTSIDE
print segment(x_left, y_axis, x_right, y_axis, AXIS)
do for [t in ticks] { print segment(X(t + 0.0), y_axis, X(t + 0.0), y_axis + 5, AXIS) }
if (has(reference)) { print segment(X(reference), y_strip + 9, X(reference), y_axis, RULE) }
if (has(capacity)) { print segment(X(capacity), y_top, X(capacity), y_axis, RULE) }
set print $IDEAL
print OUTSIDE
if (has(ideal)) { print segment(X(ideal), y_strip + 9, X(ideal), y_axis, 0x666666) }

# The reference and "ideal" above their lines, moved apart if they would touch.
w_reference = tw(reference_label, Z_KEY)
w_ideal = tw("ideal", Z_KEY)
x_reference = has(reference) ? min(max(X(reference), x_left + w_reference / 2), W - MARGIN - w_reference / 2) : -999
x_ideal = has(ideal) ? min(max(X(ideal), x_left + w_ideal / 2), W - MARGIN - w_ideal / 2) : 9999
apart = (w_reference + w_ideal) / 2 + 10
if (has(reference) && has(ideal) && abs(x_ideal - x_reference) < apart) {
    push = (apart - abs(x_ideal - x_reference)) / 2
    side = ideal >= reference ? 1 : -1
    x_reference = x_reference - side * push
    x_ideal = x_ideal + side * push
}
if (has(reference)) { dummy = text(reference_label, x_reference, y_strip, "center", Z_KEY, FAINT) }
if (has(ideal)) { dummy = text("ideal", x_ideal, y_strip, "center", Z_KEY, FAINT) }

# At the middle of its axis, or as near as the frame allows.
w_xlabel = tw(meta("xlabel"), Z_TEXT)
x_xlabel = max(MARGIN + w_xlabel / 2, min((x_left + x_right) / 2, W - MARGIN - w_xlabel / 2))
if (meta("xlabel") ne "") { dummy = text(meta("xlabel"), x_xlabel, y_axis + 42, "center", Z_TEXT, INK) }
do for [j = 1:nr] {
    n = nlines(row_name[j])
    dummy = lines(row_name[j], x_left - 12, row_top[j] + row_h[j] / 2 - (n - 1) * LH_TEXT / 2, "right", Z_TEXT, DIM, LH_TEXT)
}

# ---- Marks ----------------------------------------------------------------

set print $LAW append
do for [i = 1:nrows] {
    if (K[i] eq "law" && has(V[i]) && S[i] < 1) {
        print segment(X(V[i]), row_top[row_of[i]] - 3, X(V[i]), row_top[row_of[i]] + row_h[row_of[i]] + 3, 0)
    }
    if (K[i] eq "law" && has(V[i]) && S[i] > 0) {
        print segment(X(V[i]), Y(i) - lane_h / 2 + 1, X(V[i]), Y(i) + lane_h / 2 - 1, mark_colour(S[i]))
    }
}
set print $RAW
print "-99 -99 0"
set print $WHISKER
print OUTSIDE
CAP = 4.5
do for [i = 1:nrows] {
    if ((K[i] eq "point" || K[i] eq "hollow") && has(V[i])) {
        if (has(LO[i]) && has(HI[i])) {
            print segment(X(LO[i]), Y(i), X(HI[i]), Y(i), mark_colour(S[i]))
            print segment(X(LO[i]), Y(i) - CAP, X(LO[i]), Y(i) + CAP, mark_colour(S[i]))
            print segment(X(HI[i]), Y(i) - CAP, X(HI[i]), Y(i) + CAP, mark_colour(S[i]))
        }
        dummy = mark(X(V[i]), Y(i), S[i], K[i] eq "hollow")
        if (shown[i] ne "") { dummy = text(shown[i], W - MARGIN, Y(i), "right", Z_VALUE, text_colour(S[i])) }
    }
}
# The values of each series.
of_series(i, s) = ser_of[i] == s && (K[i] eq "point" || K[i] eq "hollow") && has(V[i])
set print $TIPS append
do for [s = 1:ns] {
    print tip_group(ser_name[s], ser_style[s])
    do for [i = 1:nrows] {
        if (of_series(i, s)) {
            print tip(X(V[i]), Y(i), (own_rows ? "" : R[i] . ", ") . ser_name[s] . ": " . range_text(V[i], LO[i], HI[i], tip_unit))
        }
    }
    print "</g>"
}
set print $RAW append
do for [i = 1:nrows] {
    if (K[i] eq "raw" && has(V[i])) { print sprintf("%.2f %.2f %d", X(V[i]), Y(i), mark_colour(S[i]) + 0x90000000) }
}
set print

H = int(draw_foot(y_axis + (meta("xlabel") eq "" ? 34 : 56)) + 4)

# ---- The picture ----------------------------------------------------------

eval OPEN
set datafile separator whitespace
plot $GRIDS using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $AXES using 1:2:3:4:5 with vectors nohead lw 1.2 lc rgb variable, \
     $IDEAL using 1:2:3:4:5 with vectors nohead lw 1.6 dt (1.5, 4) lc rgb variable, \
     $RAW using 1:2:3 with points pt 7 ps dot_size lc rgb variable, \
     $LAW using 1:2:3:4:5 with vectors nohead lw 2.4 lc rgb variable, \
     $WHISKER using 1:2:3:4:5 with vectors nohead lw 1.8 lc rgb variable
eval CLOSE
