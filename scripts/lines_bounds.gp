# lines_bounds.gp - the part of lines.gp that draws what bounds the curves: the
# ideal, the law and the capacity, the breaks, and the words above the chart.
# Loaded by lines.gp, and uses its variables.

# ---- Breaks, halfway to the next worker count, and the place --------------

# Each label has a row of its own above the chart, the leftmost the highest, so
# that no line further right crosses it.
array brk_x[nb + 2]; array brk_y[nb + 2]; array brk_low[nb + 2]; array brk_high[nb + 2]
place_x = np ? X(number(first_(place))) : 0
break_x(k) = (X(count[brk_after[k]]) + X(count[brk_after[k] + 1])) / 2
place_k = np ? 1 + (sum [k = 1:nb] (break_x(k) < place_x)) : 0
do for [k = 1:nb+np] {
    b = k - (np && k > place_k)
    brk_x[k] = k == place_k ? place_x : break_x(b)
    brk_y[k] = y + 12 + 20 * (k - 1)
    label = k == place_k ? rest_(place) : brk_label[b]
    w = tw(label, Z_KEY)
    right = brk_x[k] + 6 + w < W - MARGIN
    brk_low[k] = right ? brk_x[k] + 1 : brk_x[k] - 11 - w
    brk_high[k] = right ? brk_x[k] + 11 + w : brk_x[k] - 1
    dummy = text(label, brk_x[k] + (right ? 6 : -6), brk_y[k], right ? "left" : "right", Z_KEY, FAINT)
}

# ---- The ideal and the law ------------------------------------------------

set print $IDEAL
print "-99 -99 0"
if (ideal) {
    print ""
    ideal_n(k) = logx ? n_min * (n_max / n_min)**(k / 100.0) : n_min + (n_max - n_min) * k / 100.0
    do for [k = 0:100] {
        n = ideal_n(k)
        if (n >= v_min && n <= v_max) { print sprintf("%.2f %.2f %d", X(n), Y(n), RULE) }
    }
    if (has(ideal_exit)) { print sprintf("%.2f %.2f %d", X(v_max), y_top, RULE) }
}
set print $THIN
print "-99 -99 0"
set print $CURVES
print "-99 -99 0"
# Points of a curve within the chart, and where it leaves it at the top.
at_(x, y) = sprintf("%.2f %.2f %d\n", x, y, curve_colour)
curve_(i) = has(V[i]) && N[i] >= n_min * 0.9999 && N[i] <= n_max * 1.0001 && V[i] >= v_min && (V[i] > 0 || !logy) \
    ? (curve = curve . (V[i] <= v_max ? at_(X(N[i]), Y(V[i])) : last && V[last] <= v_max ? at_(X(between(last, i)), y_top) : ""), last = i) : 0
do for [s = 1:ns] {
    if (ser_law[s]) {
        if (ser_style[s] < 0) { set print $THIN append } else { set print $CURVES append }
        curve = "\n"
        curve_colour = ser_style[s] < 0 ? RULE : mark_colour(ser_style[s])
        last = 0
        dummy = sum [i = ser_from[s]:ser_to[s]] curve_(i)
        print curve
    }
}
# Where they leave at the top, their labels stand above the chart: the ideal's
# to the left, the law's to the right of the place, within the frame.
y_out = y_top - 11
out_low = 1e9; out_high = -1e9
x_law = 1e9
if (has(law_exit) && law ne "") {
    w = tw(law, Z_KEY)
    x_law = min(X(law_exit) - 8, W - MARGIN - w)
    dummy = text(law, x_law, y_out, "left", Z_KEY, INK)
    out_low = min(out_low, x_law - 5); out_high = max(out_high, x_law + w + 5)
}
if (has(ideal_exit)) {
    x = min(X(ideal_exit) + 16, x_law - 12)
    dummy = text("ideal", x, y_out, "right", Z_KEY, FAINT)
    out_low = min(out_low, x - tw("ideal", Z_KEY) - 5); out_high = max(out_high, x + 5)
}
# The line of a break, or a place, leaves a gap for every label that it would
# cross; the place's is dotted.
post(k, from, to) = segment(brk_x[k], from, brk_x[k], to, RULE)
set print $PLACE
print OUTSIDE
do for [k = 1:nb+np] {
    if (k == place_k) { set print $PLACE append } else { set print $AXES append }
    from = brk_y[k] - 8
    do for [other = k+1:nb+np] {
        if (brk_x[k] > brk_low[other] && brk_x[k] < brk_high[other]) {
            if (from < brk_y[other] - 9) { print post(k, from, brk_y[other] - 9) }
            from = brk_y[other] + 9
        }
    }
    if (brk_x[k] > out_low && brk_x[k] < out_high) {
        if (from < y_out - 9) { print post(k, from, y_out - 9) }
        from = y_top
    }
    print post(k, from, y_axis)
}
