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
#        beside the last
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

# A label stands right of its mark, or left of it near the right edge; one that
# would touch something is moved down until it does not.
label_name(i) = brief(L[i]) . (has(VX[i]) ? "" : " (no bytes)")
do for [i = 1:nrows] {
    if (last_of[i]) {
        w = tw(label_name(i), Z_SMALL)
        right = PX(i) + 12 + w < x_right
        l = right ? PX(i) + 12 : PX(i) - (side_of[i] ? 22 : 12) - w
        at = Y(VY[i])
        moved = 1
        do for [pass = 1:MAXB] {
            if (moved) {
                moved = 0
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
