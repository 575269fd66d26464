# gantt.gp - one region: a lane for each worker, the variants below each other.
#
# usage: gnuplot -c scripts/gantt.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot
#   note   any number of them, printed small under the chart
# then the rows, those of a variant together:
#   lane <TAB> label <TAB> worker <TAB> begin <TAB> end <TAB> busy <TAB> region
# begin, end  of the worker's chunks, in seconds after the region's begin
# busy        seconds between them inside chunks
# region      how long the region took
# Thin until the first chunk, then a box as high as the share that was busy, on
# a pale one; hatched until the region ends.

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c gantt.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Rows -----------------------------------------------------------------

array L[nrows]; array N[nrows]; array B[nrows]; array E[nrows]; array U[nrows]; array R[nrows]
set datafile separator tab
set datafile commentschars ""
stats ROWS using (i = int($0) + 1, L[i] = strcol(2), N[i] = strcol(3), B[i] = number(strcol(4)), E[i] = number(strcol(5)), \
    U[i] = number(strcol(6)), R[i] = number(strcol(7)), 1) nooutput
set datafile separator whitespace

array group_name[nrows]; array group_lanes[nrows]; array group_of[nrows]
ng = 0; longest = 0.0
do for [i = 1:nrows] {
    if (i == 1 || L[i] ne L[max(1, i-1)]) { ng = ng + 1; group_name[ng] = L[i]; group_lanes[ng] = 0 }
    group_of[i] = ng
    group_lanes[ng] = group_lanes[ng] + 1
    longest = max(longest, R[i])
}
if (longest <= 0) {
    printerr "coresweep: no region in ", DATA
    exit status 1
}

# ---- Layout ---------------------------------------------------------------

y = draw_head(0)
y_top = y + 12
label_w = 0
do for [g = 1:ng] {
    group_name[g] = wrap(brief(group_name[g]), 0.24 * W, Z_TEXT)
    label_w = max(label_w, widest(group_name[g], Z_TEXT))
}
worker_w = 0
do for [i = 1:nrows] { worker_w = max(worker_w, tw(N[i], Z_SMALL)) }
x_worker = MARGIN + label_w + 14 + worker_w     # the numbers' right end
x_left = x_worker + 10
power = si_power(longest)
unit = 10.0**(3 * power)
step = nice_step(longest / unit, 6)
x_right = W - MARGIN - tw(sprintf("%.6g", longest / unit), Z_TEXT) / 2
X(v) = x_left + (x_right - x_left) * v / longest

gap = 14.0
lane_h = max(2.5, min(30.0, (H_USUAL - y_top - foot_height - 70 - gap * ng) / nrows))
array lane_y[nrows]
at = y_top
free = -1e9                     # where the last number of a worker ended
do for [i = 1:nrows] {
    g = group_of[i]
    if (i == 1 || group_of[max(1, i-1)] != g) {
        at = at + (i > 1 ? gap : 0)
        n = nlines(group_name[g])
        group_h = max(group_lanes[g] * lane_h, n * LH_TEXT)
        dummy = lines(group_name[g], MARGIN + label_w, at + group_h / 2 - (n - 1) * LH_TEXT / 2, "right", Z_TEXT, INK, LH_TEXT)
        group_end = at + group_h
        at = at + (group_h - group_lanes[g] * lane_h) / 2
    }
    lane_y[i] = at
    if (at + lane_h / 2 - free > LH_SMALL - 3) {
        dummy = text(N[i], x_worker, at + lane_h / 2, "right", Z_SMALL, DIM)
        free = at + lane_h / 2
    }
    at = at + lane_h
    if (i == nrows || group_of[min(nrows, i+1)] != g) { at = group_end }
}
y_axis = at + 8

set print $GRIDS
print OUTSIDE
set print $AXES
print OUTSIDE
print segment(x_left, y_axis, x_right, y_axis, AXIS)
do for [k = 0:int(longest / unit / step + 1e-9)] {
    v = k * step * unit
    set print $GRIDS append
    print segment(X(v), y_top - 4, X(v), y_axis, GRID)
    set print $AXES append
    print segment(X(v), y_axis, X(v), y_axis + 5, AXIS)
    dummy = text(sprintf("%.6g", k * step), X(v), y_axis + 18, "center", Z_TEXT, DIM)
}
dummy = text(si_sign(power) . "s after the region's begin", (x_left + x_right) / 2, y_axis + 42, "center", Z_TEXT, INK)

# ---- Lanes ----------------------------------------------------------------

box(x1, y1, x2, y2, c) = sprintf("%.2f %.2f %.2f %.2f %.2f %.2f %d", (x1 + x2) / 2, (y1 + y2) / 2, x1, x2, y1, y2, c)
hatch_(x, x1, y1, x2, y2) = (h_ = y2 - y1, a_ = max(x, x1), b_ = min(x + h_, x2), \
    b_ - a_ > 0.3 ? sprintf("%s\n", segment(a_, y2 - (a_ - x), b_, y2 - (b_ - x), 0xbbbbbb)) : "")
hatch(x1, y1, x2, y2) = (hatch_s = "", sum [k_ = 0:int((x2 - x1 + y2 - y1) / 6)] (hatch_s = hatch_s . hatch_(x1 - (y2 - y1) + 6 * k_, x1, y1, x2, y2), 0), hatch_s)

# "threads, worker 2: begins after 53.0 µs, 1.25 ms inside chunks, waits 20.0 µs"
span_text(v) = v > 0 ? si3(v, "s") : "0 s"
lane_words(i) = L[i] . ", worker " . N[i] . ": begins after " . span_text(B[i]) . ", " . span_text(U[i]) . \
    " inside chunks, done after " . span_text(E[i]) . ", waits " . span_text(max(0, R[i] - E[i])) . " at the end"
set print $TIPS append
print TIPS_GROUP
set print $BOXES
print "-99 -99 -99 -98 -99 -98 0"
set print $HATCH
print OUTSIDE
do for [i = 1:nrows] {
    pad = lane_h > 8 ? 0.15 * lane_h : lane_h > 4 ? 0.7 : 0.2
    top = lane_y[i] + pad; low = lane_y[i] + lane_h - pad; high = low - top
    middle = (top + low) / 2
    set print $BOXES append
    print box(X(0), middle - 0.13 * high, X(B[i]), middle + 0.13 * high, 0x009E73)
    print box(X(B[i]), top, X(E[i]), low, 0xCFE6F5)
    share = E[i] > B[i] ? min(1, U[i] / (E[i] - B[i])) : 0
    print box(X(B[i]), low - share * high, X(E[i]), low, 0x0072B2)
    set print $TIPS append
    print tip_box(X(0), top, X(R[i]), low, lane_words(i))
    set print $HATCH append
    print hatch(X(E[i]), top, X(R[i]), low)
    print segment(X(E[i]), middle, X(R[i]), middle, 0xdddddd)
}
set print $TIPS append
print "</g>"
set print

H = int(draw_foot(y_axis + 56) + 4)

# ---- The picture ----------------------------------------------------------

eval OPEN
plot $GRIDS using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $AXES using 1:2:3:4:5 with vectors nohead lw 1.2 lc rgb variable, \
     $HATCH using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $BOXES using 1:2:3:4:5:6:7 with boxxyerror fs solid 1.0 noborder fc rgb variable
eval CLOSE
