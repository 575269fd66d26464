# roofline.gp - operations per byte against operations per second, both
# logarithmic, under the roofs of memory (slopes) and of arithmetic (flat).
#
# usage: gnuplot -c scripts/roofline.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot, xlabel, ylabel
#   note      any number of them, printed small under the chart
# then the rows:
#   kind <TAB> label <TAB> style <TAB> x <TAB> y <TAB> low <TAB> high
# kind   flat    a roof of arithmetic, x operations a second (y, low, high "-")
#        slope   a roof of memory, x bytes a second; drawn up to its style's
#                flat one
#        point   a mark at x operations per byte and y operations a second, with
#                its interval low..high ("-": none); x "-": it moves no bytes,
#                and stands at the right edge
#        hollow  the same, flagged, drawn hollow
# label  the roof's, or the kernel's; that of several points of one kernel stands
#        beside the last, or another one where there is more room
# style  number of the colour and shape, see theme.gp

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c roofline.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

array K[nrows]; array L[nrows]; array S[nrows]
array VX[nrows]; array VY[nrows]; array LO[nrows]; array HI[nrows]
set datafile separator tab
set datafile commentschars ""
set datafile missing
stats ROWS using (i = int($0) + 1, K[i] = strcol(1), L[i] = strcol(2), S[i] = int(number(strcol(3))), \
    VX[i] = number(strcol(4)), VY[i] = number(strcol(5)), LO[i] = number(strcol(6)), HI[i] = number(strcol(7)), 1) nooutput

is_point(i) = K[i] eq "point" || K[i] eq "hollow"
xlow = 1e300; xhigh = -1e300; ylow = 1e300; yhigh = -1e300
nobytes = 0
nhollow = 0
do for [i = 1:nrows] {
    if (is_point(i)) {
        if (has(VX[i])) { xlow = min(xlow, VX[i]); xhigh = max(xhigh, VX[i]) } else { nobytes = 1 }
        ylow = min(ylow, has(LO[i]) ? LO[i] : VY[i]); yhigh = max(yhigh, has(HI[i]) ? HI[i] : VY[i])
        if (K[i] eq "hollow") { nhollow = nhollow + 1 }
    }
    if (K[i] eq "flat") { yhigh = max(yhigh, VX[i]) }
}
if (ylow > yhigh) {
    printerr "coresweep: no values in ", DATA
    exit status 1
}
if (xlow > xhigh) { xlow = 1; xhigh = 1 }

# The style's flat roof; the ridge is where a slope meets it.
flat_of(s) = (flat_ = yhigh, sum [i_ = 1:nrows] (K[i_] eq "flat" && S[i_] == s ? (flat_ = VX[i_], 0) : 0), flat_)
do for [i = 1:nrows] {
    if (K[i] eq "slope") { xhigh = max(xhigh, flat_of(S[i]) / VX[i]) }
}
xlow = xlow / 2.5
xhigh = xhigh * 3
yhigh = yhigh * 2
ylow = ylow / 2

# ---- Layout ---------------------------------------------------------------

x_left = MARGIN + 78
x_right = W - MARGIN - 10
X(v) = x_left + (x_right - x_left) * log(v / xlow) / log(xhigh / xlow)
# Several points of a kernel stand side by side.
PX(i) = (has(VX[i]) ? X(VX[i]) : x_right - 12) + 5 * side_of[i]
array side_of[nrows]
do for [i = 1:nrows] {
    side_of[i] = 0
    do for [k = 1:nrows] { if (k != i && is_point(i) && is_point(k) && L[k] eq L[i]) { side_of[i] = k > i ? -1 : 1 } }
}
y = draw_head(0)

# The key: what the styles are (labels of the flat roofs), hollow marks.
key_y = y + 14
do for [i = 1:nrows] {
    if (K[i] eq "flat") {
        dummy = key_item(brief(L[i]) . ": " . si3(VX[i], "op/s"), text_colour(S[i]))
        dummy = mark(key_mx, key_y, S[i], 0)
    }
}
if (nhollow) {
    dummy = key_item("hollow: flagged", FAINT)
    dummy = mark(key_mx, key_y, 12, 1)
}
y_top = key_y + 18
y_axis = y_top + 0.52 * W
Y(v) = y_axis - (y_axis - y_top) * log(v / ylow) / log(yhigh / ylow)

# ---- Axes and grid ----------------------------------------------------------

set print $GRIDS
print OUTSIDE
xdecades = log10(xhigh / xlow)
do for [p = int(ceil(log10(xlow))):int(floor(log10(xhigh)))] {
    if (xdecades < 7 || p % 2 == 0) {
        v = 10.0**p
        print segment(X(v), y_top, X(v), y_axis, GRID)
        dummy = text(tick_text(v, v < 1 ? "" : "si:"), X(v), y_axis + 18, "center", Z_TEXT, DIM)
    }
}
ydecades = log10(yhigh / ylow)
do for [p = int(floor(log10(ylow))):int(ceil(log10(yhigh)))] {
    do for [m in ydecades <= 2.2 ? "1 2 5" : ydecades <= 3.5 ? "1 3" : "1"] {
        v = m * 10.0**p
        if (v >= ylow && v <= yhigh) {
            print segment(x_left, Y(v), x_right, Y(v), GRID)
            dummy = text(tick_text(v, "si:"), x_left - 8, Y(v), "right", Z_TEXT, DIM)
        }
    }
}
set print $AXES
print OUTSIDE
print segment(x_left, y_axis, x_right, y_axis, AXIS)
dummy = text(meta("xlabel"), (x_left + x_right) / 2, y_axis + 42, "center", Z_TEXT, INK)
dummy = text(meta("ylabel"), MARGIN + 8, (y_top + y_axis) / 2, "center rotate", Z_TEXT, INK)

# ---- Roofs ------------------------------------------------------------------

# Where a slope begins: at the left edge, or where it comes in from below.
slope_x(v) = max(xlow, ylow / v)
set print $ROOFS
print OUTSIDE
do for [i = 1:nrows] {
    if (K[i] eq "flat") {
        ridge = xhigh
        do for [k = 1:nrows] { if (K[k] eq "slope" && S[k] == S[i]) { ridge = min(ridge, VX[i] / VX[k]) } }
        print segment(X(max(xlow, ridge)), Y(VX[i]), x_right, Y(VX[i]), mark_colour(S[i]))
    }
    if (K[i] eq "slope") {
        ridge = min(xhigh, flat_of(S[i]) / VX[i])
        print segment(X(slope_x(VX[i])), Y(VX[i] * slope_x(VX[i])), X(ridge), Y(VX[i] * ridge), mark_colour(S[i]))
    }
}

# ---- Marks and their labels -------------------------------------------------

set print $WHISKER
print OUTSIDE
CAP = 4.5
array last_of[nrows]
do for [i = 1:nrows] {
    last_of[i] = 0
    if (is_point(i)) {
        last_of[i] = 1
        do for [k = i + 1:nrows] { if (is_point(k) && L[k] eq L[i]) { last_of[i] = 0 } }
        if (has(LO[i]) && has(HI[i])) {
            print segment(PX(i), Y(LO[i]), PX(i), Y(HI[i]), mark_colour(S[i]))
            print segment(PX(i) - CAP, Y(LO[i]), PX(i) + CAP, Y(LO[i]), mark_colour(S[i]))
            print segment(PX(i) - CAP, Y(HI[i]), PX(i) + CAP, Y(HI[i]), mark_colour(S[i]))
        }
        dummy = mark(PX(i), Y(VY[i]), S[i], K[i] eq "hollow")
    }
}
set print $TIPS append
print TIPS_GROUP
do for [i = 1:nrows] {
    if (is_point(i)) {
        print tip(PX(i), Y(VY[i]), L[i] . ": " . range_text(VY[i], LO[i], HI[i], "si:op/s") . (has(VX[i]) ? " at " . sig3(VX[i]) . " op/byte" : ""))
    }
}
print "</g>"
set print

# What labels keep clear of: marks, whiskers, flat roofs and each other.
MAXB = 4 * nrows
array box_l[MAXB]; array box_r[MAXB]; array box_y[MAXB]; array box_h[MAXB]
nbox = 0
box(l, r, y, h) = (nbox = nbox + 1, box_l[nbox] = l, box_r[nbox] = r, box_y[nbox] = y, box_h[nbox] = h, 0)
do for [i = 1:nrows] {
    if (is_point(i)) {
        dummy = box(PX(i) - 8, PX(i) + 8, Y(VY[i]), 13.0)
        if (has(LO[i]) && has(HI[i])) { dummy = box(PX(i) - CAP, PX(i) + CAP, (Y(LO[i]) + Y(HI[i])) / 2, (Y(LO[i]) - Y(HI[i])) / 2 + 8) }
    }
    if (K[i] eq "flat") { dummy = box(x_left, x_right, Y(VX[i]), 9.5) }
}

# Slopes are straight in pixels, from (from_x, from_y) to (to_x, to_y), upwards.
array from_x[nrows]; array from_y[nrows]; array to_x[nrows]; array to_y[nrows]
do for [i = 1:nrows] {
    if (K[i] eq "slope") {
        ridge = min(xhigh, flat_of(S[i]) / VX[i])
        from_x[i] = X(slope_x(VX[i])); from_y[i] = Y(VX[i] * slope_x(VX[i]))
        to_x[i] = X(ridge); to_y[i] = Y(VX[i] * ridge)
    }
}
# Where a slope is at x; the two x between which it and a label may meet; and how
# far down labels [l, l + w] at y must be to be clear of all slopes: y, where they
# are already.
slope_y(i, x) = from_y[i] + (to_y[i] - from_y[i]) * (x - from_x[i]) / (to_x[i] - from_x[i])
near_l(i, l) = max(l - 3, from_x[i])
near_r(i, r) = min(r + 3, to_x[i])
meets(i, l, w, y) = near_l(i, l) < near_r(i, l + w) && slope_y(i, near_l(i, l)) > y - 8 && slope_y(i, near_r(i, l + w)) < y + 8
clear_y(l, w, y) = (clear_ = y, sum [i_ = 1:nrows] (K[i_] eq "slope" && meets(i_, l, w, y) ? (clear_ = max(clear_, slope_y(i_, near_l(i_, l)) + 8.01), 0) : 0), clear_)

# A label stands right of its kernel's last mark, or left of it, or beside another
# of its marks: at the first of these where it is clear. Where none is, it is
# moved down at the last mark until it touches nothing; for a slope no further
# than FAR, as a name has to stand at its mark.
FAR = 34
label_name(i) = brief(L[i]) . (has(VX[i]) ? "" : " (no bytes)")
touches(l, w, y) = nbox < 1 ? 0 : (sum [b_ = 1:nbox] (l < box_r[b_] + 2 && l + w > box_l[b_] - 2 && abs(y - box_y[b_]) < box_h[b_] - 0.01))
is_clear(l, w, y) = l > x_left && l + w < x_right && clear_y(l, w, y) == y && touches(l, w, y) == 0
right_of(i) = PX(i) + 12
left_of(i, w) = PX(i) - (side_of[i] ? 22 : 12) - w
do for [i = 1:nrows] {
    if (last_of[i]) {
        w = tw(label_name(i), Z_SMALL)
        right = right_of(i) + w < x_right
        l = right ? right_of(i) : left_of(i, w)
        at = Y(VY[i])
        found = is_clear(l, w, at)
        do for [k = i:1:-1] {
            if (is_point(k) && L[k] eq L[i]) {
                if (!found && is_clear(right_of(k), w, Y(VY[k]))) { found = 1; right = 1; l = right_of(k); at = Y(VY[k]) }
                if (!found && is_clear(left_of(k, w), w, Y(VY[k]))) { found = 1; right = 0; l = left_of(k, w); at = Y(VY[k]) }
            }
        }
        moved = !found
        do for [pass = 1:MAXB] {
            if (moved) {
                below = clear_y(l, w, at)
                moved = below > at && below < Y(VY[i]) + FAR
                if (moved) { at = below }
                do for [b = 1:nbox] {
                    if (l < box_r[b] + 2 && l + w > box_l[b] - 2 && abs(at - box_y[b]) < box_h[b] - 0.01) {
                        at = box_y[b] + box_h[b]
                        moved = 1
                    }
                }
            }
        }
        dummy = box(l, l + w, at, 15.0)
        dummy = text(label_name(i), right ? l : l + w, at, right ? "left" : "right", Z_SMALL, INK)
    }
}

H = int(draw_foot(y_axis + 56) + 4)

# ---- The picture ------------------------------------------------------------

eval OPEN
set datafile separator whitespace
plot $GRIDS using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $AXES using 1:2:3:4:5 with vectors nohead lw 1.2 lc rgb variable, \
     $ROOFS using 1:2:3:4:5 with vectors nohead lw 1.8 lc rgb variable, \
     $WHISKER using 1:2:3:4:5 with vectors nohead lw 1.4 lc rgb variable
eval CLOSE
