# curve_marks.gp - the part of curve.gp that draws the line to reach, bands and
# roots, the measured lines with their whiskers and marks, and finds places for
# the labels of what is to be reached.  It uses curve.gp's variables.

# ---- The line to reach, bands, roots, the mark ----------------------------

set print $REFERENCE
print OUTSIDE
if (has(reference)) { print segment(x_left, Y(reference), x_right, Y(reference), RULE) }
nobject = 5000; BANDS = ""
set print $DROP
print OUTSIDE
do for [i = 1:nrows] {
    if (is_span(i)) {
        # A root without an interval has no band.
        if (K[i] eq "band" || has(LO[i]) || has(HI[i])) {
            left = has(LO[i]) ? XX(LO[i]) : x_left
            right = has(HI[i]) ? XX(HI[i]) : x_right
            nobject = nobject + 1
            BANDS = BANDS . sprintf("set object %d rectangle from %.2f,%.2f to %.2f,%.2f behind fs transparent solid 0.16 noborder fc rgb \"#%06x\";", \
                nobject, left, y_top, max(right, left + 1), y_axis, S[i] < 1 ? RULE : mark_colour(S[i]))
        }
        if (K[i] eq "root") {
            print segment(XX(N[i]), y_top - 2, XX(N[i]), y_axis, S[i] < 1 ? RULE : mark_colour(S[i]))
        }
    }
}
set print $DOTS
print OUTSIDE
if (has(at_mark)) { print segment(XX(at_mark), y_top - 2, XX(at_mark), y_axis, RULE) }
if (has(ideal) && !far) { print segment(x_left, Y(ideal), x_right, Y(ideal), RULE) }
do for [k = 1:nover] {
    dummy = text(over_text[k], over_l(k), y_top - 11 - LH_OVER * (over_row[k] - 1), "left", Z_KEY, over_s[k] < 1 ? FAINT : text_colour(over_s[k]))
}

# ---- Lines, whiskers and marks --------------------------------------------

near = 1e9
do for [s = 1:ns] {
    last = 0
    do for [i = 1:nrows] {
        if (is_point(i) && is_mine(i, s)) {
            if (last && X(N[i]) > X(N[last]) + 0.01) { near = min(near, X(N[i]) - X(N[last])) }
            last = i
        }
    }
}
CAP = max(1.0, min(4.0, 0.25 * near))
MARK_R = near < 4 ? 2.0 : near < 9 ? 3.0 : near < 14 ? 3.8 : 4.4
# Over sizes, series are set a little apart, so that those that coincide are seen.
apart = sizes && ns > 1 ? min(4.5, 0.4 * near / ns) : 0
shift(s) = apart * (s - (ns + 1) / 2.0)
visible(i) = (!logx || N[i] > 0) && (!logy || V[i] > 0)

set print $RAW
print "-99 -99 0"
do for [s = 1:ns] {
    do for [i = 1:nrows] {
        if (K[i] eq "raw" && is_mine(i, s) && has(V[i]) && visible(i) && V[i] >= v_min && V[i] <= v_max) {
            print sprintf("%.2f %.2f %d", X(N[i]) + shift(s), Y(V[i]), mark_colour(S[i]) + 0x90000000)
        }
    }
}
set print $LAW
print "-99 -99 0"
print ""
do for [i = 1:nrows] {
    if (is_law(i) && visible(i) && V[i] <= v_max) { print sprintf("%.2f %.2f 0", X(N[i]), Y(V[i])) }
}
set print $SOLID
print "-99 -99 0"
set print $DASHED
print "-99 -99 0"
set print $WHISKER
print OUTSIDE
set print $LEAD
print OUTSIDE
# Where the label of the reference, and of the ideal, may stand: at its left or
# right end, above or below; the first place that no line passes through.
array rule_y[2]; array rule_label[2]
nrules = 0
if (has(reference)) { nrules = nrules + 1; rule_y[nrules] = Y(reference); rule_label[nrules] = reference_label }
if (has(ideal) && !far) { nrules = nrules + 1; rule_y[nrules] = Y(ideal); rule_label[nrules] = ideal_label }
# k = 1 to 4 are the places of the first, 5 to 8 of the second.
rule(k) = (k - 1) / 4 + 1
label_w(k) = tw(rule_label[rule(k)], Z_KEY)
label_x(k) = k % 2 == 1 ? x_left + 7 : x_right - 7 - label_w(k)
label_y(k) = rule_y[rule(k)] + (k % 4 == 1 || k % 4 == 2 ? -11 : 11)
inside(x, y, k) = x > label_x(k) - 6 && x < label_x(k) + label_w(k) + 6 && abs(y - label_y(k)) < 12
on_line(a, b, k) = sum [q = 0:24] inside(X(N[a]) + (X(N[b]) - X(N[a])) * q / 24.0, Y(V[a]) + (Y(V[b]) - Y(V[a])) * q / 24.0, k)
array label_hits[8]
# None stands among the words above the chart.
do for [k = 1:8] { label_hits[k] = k > 4 * nrules ? 0 : label_y(k) < y_top - 4 ? 1000 : 0 }
do for [s = 1:ns] {
    if (dashed(ser_style[s])) { set print $DASHED append } else { set print $SOLID append }
    print ""
    last = 0
    do for [i = 1:nrows] {
        if (is_point(i) && is_mine(i, s) && visible(i)) {
            print sprintf("%.2f %.2f %d", X(N[i]) + shift(s), Y(V[i]), mark_colour(ser_style[s]))
            do for [k = 1:4*nrules] { label_hits[k] = label_hits[k] + on_line(last ? last : i, i, k) }
            last = i
        }
    }
    set print $TIPS append
    print tip_group(ser_name[s], ser_style[s])
    do for [i = 1:nrows] {
        if (is_point(i) && is_mine(i, s) && visible(i)) {
            print tip(X(N[i]) + shift(s), Y(V[i]), ser_name[s] . ", " . (sizes ? size_text(N[i]) . " items" : xtext(N[i])) . ": " . range_text(V[i], LO[i], HI[i], unit))
        }
    }
    print "</g>"
    set print $WHISKER append
    do for [i = 1:nrows] {
        if (is_point(i) && is_mine(i, s) && visible(i)) {
            x = X(N[i]) + shift(s)
            if (has(LO[i]) && has(HI[i])) {
                low = Y(max(LO[i], v_min)); high = Y(min(HI[i], v_max)); colour = mark_colour(S[i])
                print segment(x, low, x, high, colour)
                print segment(x - CAP, low, x + CAP, low, colour)
                print segment(x - CAP, high, x + CAP, high, colour)
            }
            dummy = mark(x, Y(V[i]), S[i], K[i] eq "hollow")
        }
    }
}
last = 0
do for [i = 1:nrows] {
    if (is_law(i) && visible(i)) {
        do for [k = 1:4*nrules] { label_hits[k] = label_hits[k] + on_line(last ? last : i, i, k) }
        last = i
    }
}
do for [r = 1:nrules] {
    if (rule_label[r] ne "") {
        best = 4 * r - 3
        do for [k = 4*r-2:4*r] { if (label_hits[k] < label_hits[best]) { best = k } }
        dummy = text(rule_label[r], label_x(best), label_y(best), "left", Z_KEY, FAINT)
    }
}
