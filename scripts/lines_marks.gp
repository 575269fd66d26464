# lines_marks.gp - the part of lines.gp that draws the measured lines, whiskers,
# marks and the labels at their ends, and then the picture.
# Loaded by lines.gp, and uses its variables.

# ---- Lines, whiskers and marks --------------------------------------------

# Series are set a little apart, so that whiskers do not cover each other.
near = x_right - x_left
do for [c = 2:nc] { near = min(near, X(count[c]) - X(count[c - 1])) }
nseries = ns - ncurves
apart = nseries > 1 ? min(4.5, 0.4 * near / nseries) : 0
CAP = max(1.0, min(4.5, 0.25 * near))
# Where worker counts stand closer than marks are wide, only some have one: the
# first and last, those that begin or end to be flagged, and what has room.
crowded(x, i) = drawn > 0 && i < last && K[i] eq K[drawn] && x - drawn_x < 2.2 * MARK_R
MARK_R = near < 4 ? 2.0 : near < 9 ? 3.0 : near < 14 ? 3.8 : 4.6

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
# The raw ones, straight from their file.
array raw_colour[ns]
do for [s = 1:ns] { raw_colour[s] = mark_colour(ser_style[s]) + 0x90000000 }
raw_here(s, v) = s > 0 && v >= v_min && v <= v_max && (v > 0 || !logy)

# A series' line, which a break interrupts, its whiskers and its marks.
is_drawn(i) = is_point(i) && (V[i] > 0 || !logy)
breaks_(a, b) = sum [k = 1:nb] (N[a] <= count[brk_after[k]] && N[b] > count[brk_after[k]])
line_(i) = is_drawn(i) ? (path = path . (last && breaks_(max(last, 1), i) ? "\n" : "") . \
    sprintf("%.2f %.2f %d\n", X(N[i]) + shift[s], Y(V[i]), mark_colour(ser_style[s])), last = i) : 0
whisker_(x, low, high, c, cap) = segment(x, low, x, high, c) . "\n" . \
    (cap ? segment(x - CAP, low, x + CAP, low, c) . "\n" : "") . segment(x - CAP, high, x + CAP, high, c) . "\n"
mark_(i, x) = is_drawn(i) ? (has(LO[i]) && has(HI[i]) \
    ? (whiskers = whiskers . whisker_(x, Y(max(LO[i], v_min)), Y(HI[i]), mark_colour(S[i]), LO[i] >= v_min)) : 0, \
    tips = tips . tip(x, Y(V[i]), ser_name[s] . ", " . workers_text(N[i]) . ": " . range_text(V[i], LO[i], HI[i], unit)), \
    crowded(x, i) ? 0 : (mark(x, Y(V[i]), S[i], K[i] eq "hollow"), drawn = i, drawn_x = x)) : 0

# Under how many later ones a series lies, all along: it is drawn wider then, so
# that both are seen.  Of more than three that lie together, the last three.
meets(i, j) = N[i] == N[j] && is_drawn(i) && is_drawn(j) && abs(Y(V[i]) - Y(V[j])) < 2.5
rows_(s) = ser_to[s] - ser_from[s] + 1
lies_under(s, t) = !ser_law[t] && rows_(s) > 1 && rows_(t) >= rows_(s) && \
    (sum [k = 0:rows_(s)-1] meets(ser_from[s] + k, ser_from[t] + k)) >= 0.8 * rows_(s)
set print $UNDER
print "-99 -99 0"
set print $UNDERMOST
print "-99 -99 0"
SMALL_R = MARK_R

do for [s = 1:ns] {
    if (!ser_law[s]) {
        under = s < ns ? (sum [t = s+1:ns] lies_under(s, t)) : 0
        under = under > 2 ? 0 : under
        MARK_R = SMALL_R * (1 + 0.35 * under)
        if (dashed(ser_style[s])) { set print $DASHED append } else { set print $SOLID append }
        path = "\n"
        last = 0
        dummy = sum [i = ser_from[s]:ser_to[s]] line_(i)
        print path
        if (under == 1) { set print $UNDER append; print path }
        if (under == 2) { set print $UNDERMOST append; print path }
        set print $WHISKER append
        whiskers = ""
        tips = ""
        drawn = 0
        drawn_x = 0.0
        dummy = sum [i = ser_from[s]:ser_to[s]] mark_(i, X(N[i]) + shift[s])
        if (whiskers ne "") { print whiskers }
        set print $TIPS append
        print tip_group(ser_name[s], ser_style[s])
        print tips
        print "</g>"
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
apart_(b, over) = over > 0 ? (at[order[b]] = at[order[b]] - over / 2, at[order[b + 1]] = at[order[b + 1]] + over / 2) : 0
dummy = sum [k = 1:150] (sum [b = 1:ne-1] apart_(b, need(b) - (at[order[b + 1]] - at[order[b]])))
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
     RAWS using ($1 > 0 ? X($2) + shift[int($1)] : -99):(raw_here($1, $3) ? Y($3) : -99):($1 > 0 ? raw_colour[int($1)] : 0) \
         notitle with points pt 7 ps 0.3 lc rgb variable, \
     $PLACE using 1:2:3:4:5 with vectors nohead lw 1.2 dt (1.5, 4) lc rgb variable, \
     $IDEAL using 1:2:3 with lines lw 1.6 dt (1.5, 4) lc rgb variable, \
     $THIN using 1:2:3 with lines lw 1.1 lc rgb variable, \
     $CURVES using 1:2:3 with lines lw 1.6 dt (6, 4) lc rgb variable, \
     $LEAD using 1:2:3:4:5 with vectors nohead lw 0.8 lc rgb variable, \
     $UNDERMOST using 1:2:3 with lines lw 8 lc rgb variable, \
     $UNDER using 1:2:3 with lines lw 5 lc rgb variable, \
     $SOLID using 1:2:3 with lines lw 2 lc rgb variable, \
     $DASHED using 1:2:3 with lines lw 2 dt (9, 3) lc rgb variable, \
     $WHISKER using 1:2:3:4:5 with vectors nohead lw 1.5 lc rgb variable
eval CLOSE
