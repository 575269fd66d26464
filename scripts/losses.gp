# losses.gp - where the cores' time went: a bar for each variant and number of
# workers, adding up to 100%.
#
# usage: gnuplot -c scripts/losses.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv is UTF-8, tab-separated. First texts, each on a line "# key: value":
#   title, subtitle, foot
#   note   any number of them, printed small under the chart
#   term   KEY words, any number of them: what the key says, in this order
# then the rows, of a bar from left to right, the bars of a variant together:
#   kind <TAB> label <TAB> workers <TAB> term <TAB> share
# kind   part  of a bar; a negative share, which the notes tell of, makes the
#              others add up to more than 1, and is not drawn
#        pale  the same of a doubtful bar
# label  the variant
# term   its key: it has the same colour in every chart
# share  of the cores' time, 1 for all of it

DATA = ARG1
OUT = ARG2
NARGS = ARGC
USAGE = "usage: gnuplot -c losses.gp DATA.tsv OUT.svg|OUT.png"
shq_(s) = strstrt(s, "'") ? s[1:strstrt(s, "'")-1] . "'\\''" . shq_(s[strstrt(s, "'")+1:*]) : s
HERE = "."
dummy = sum [i = 1:strlen(ARG0)] (ARG0[i:i] eq "/" ? (HERE = ARG0[1:i], i) : 0)
load HERE . "/theme.gp"

# ---- Terms ----------------------------------------------------------------

# Okabe-Ito and greys; of two of one colour, the second is hatched with white.
TERM_KEYS = "useful serial inflated start join dispatch sending imbalance slower few thrown waiting work more_cpu more_idle"
TERM_FILL = "0x0072B2 0x999999 0x999999 0x009E73 0x009E73 0x56B4E9 0x56B4E9 0xF0E442 0xF0E442 0xD9D9D9 0xE69F00 0xD55E00 0xCC79A7 0xCC79A7 0x555555"
TERM_HATCH = "0 0 1 0 1 0 1 0 1 0 0 0 0 1 0"
# On a fill: dark also where a page is, and so is another black than INK.
FILL_INK = "#010101"
ink_(k) = k == 1 || k == words(TERM_KEYS) ? "#ffffff" : FILL_INK
term_(t) = (term_n = 0, term_at = 0, sum [k_ = 1:words(TERM_KEYS)] (word(TERM_KEYS, k_) eq t ? (term_at = k_) : 0), max(1, term_at))
fill(k) = int(word(TERM_FILL, k) + 0)
hatched(k) = word(TERM_HATCH, k) eq "1"
half(c) = (c + 255) / 2
pale(c) = 65536 * half(c / 65536) + 256 * half(c / 256 % 256) + half(c % 256)

# ---- Rows -----------------------------------------------------------------

array K[nrows]; array L[nrows]; array N[nrows]; array T[nrows]; array V[nrows]
set datafile separator tab
set datafile commentschars ""
stats ROWS using (i = int($0) + 1, K[i] = strcol(1), L[i] = strcol(2), N[i] = strcol(3), T[i] = strcol(4), V[i] = number(strcol(5)), 1) nooutput
set datafile separator whitespace

# Bars and, of neighbours of one label, groups.
array bar_of[nrows]; array bar_name[nrows]; array bar_group[nrows]
array group_name[nrows]; array group_bars[nrows]
nb = 0; ng = 0; longest = 1.0; length = 0.0
do for [i = 1:nrows] {
    new = i == 1 ? 1 : (L[i] ne L[i-1] || N[i] ne N[i-1])
    if (i == 1 || L[i] ne L[max(1, i-1)]) { ng = ng + 1; group_name[ng] = L[i]; group_bars[ng] = 0 }
    if (new) { nb = nb + 1; bar_name[nb] = N[i]; bar_group[nb] = ng; group_bars[ng] = group_bars[ng] + 1; length = 0.0 }
    bar_of[i] = nb
    if (V[i] > 0) { length = length + V[i]; longest = max(longest, length) }
}

# ---- Layout ---------------------------------------------------------------

y = draw_head(0)
y_heads = y + 12
label_w = 0
do for [g = 1:ng] {
    group_name[g] = wrap(brief(group_name[g]), 0.24 * W, Z_TEXT)
    label_w = max(label_w, widest(group_name[g], Z_TEXT))
}
count_w = tw("workers", Z_SMALL)
x_count = MARGIN + label_w + 14 + count_w       # the counts' right end
x_left = x_count + 12
x_right = W - MARGIN - tw("100%", Z_SMALL) / 2
X(v) = x_left + (x_right - x_left) * v / longest
dummy = text("workers", x_count, y_heads, "right", Z_SMALL, FAINT)
y_top = y_heads + 13

TERM_LINES = meta("term")
tail_words(s) = strstrt(s, " ") ? s[strstrt(s, " ")+1:*] : s

gap = 12.0
room = H_USUAL - y_top - foot_height - 90
bar_h = max(15.0, min(34.0, (room - gap * ng) / max(1, nb) - 3))
Z_BAR = bar_h < 18 ? 12 : Z_SMALL
array bar_y[nb]
at = y_top
do for [b = 1:nb] {
    g = bar_group[b]
    if (b == 1 || bar_group[max(1, b-1)] != g) {
        at = at + (b > 1 ? gap : 0)
        group_h = max(group_bars[g] * (bar_h + 3), nlines(group_name[g]) * LH_TEXT)
        n = nlines(group_name[g])
        dummy = lines(group_name[g], MARGIN + label_w, at + group_h / 2 - (n - 1) * LH_TEXT / 2, "right", Z_TEXT, INK, LH_TEXT)
        group_end = at + group_h
        at = at + (group_h - group_bars[g] * (bar_h + 3)) / 2
    }
    bar_y[b] = at
    at = at + bar_h + 3
    if (b == nb || bar_group[min(nb, b+1)] != g) { at = group_end }
    dummy = text(bar_name[b], x_count, bar_y[b] + bar_h / 2, "right", Z_TEXT, DIM)
}
y_axis = at + 4

set print $AXES
print OUTSIDE
do for [k = 0:4] {
    print segment(X(k / 4.0), y_top - 4, X(k / 4.0), y_axis, k == 4 ? RULE : GRID)
    dummy = text(sprintf("%d%%", 25 * k), X(k / 4.0), y_axis + 11, "center", Z_SMALL, DIM)
}

# ---- Bars -----------------------------------------------------------------

# A box: x y xlow xhigh ylow yhigh colour.
box(x1, y1, x2, y2, c) = sprintf("%.2f %.2f %.2f %.2f %.2f %.2f %d", (x1 + x2) / 2, (y1 + y2) / 2, x1, x2, y1, y2, c)
# Slanted lines in a box, those that begin at x and end higher up to the right.
hatch_(x, x1, y1, x2, y2) = (h_ = y2 - y1, a_ = max(x, x1), b_ = min(x + h_, x2), \
    b_ - a_ > 0.5 ? sprintf("%s\n", segment(a_, y2 - (a_ - x), b_, y2 - (b_ - x), 0xffffff)) : "")
hatch(x1, y1, x2, y2) = (hatch_s = "", sum [k_ = 0:int((x2 - x1 + y2 - y1) / 6)] (hatch_s = hatch_s . hatch_(x1 - (y2 - y1) + 6 * k_, x1, y1, x2, y2), 0), hatch_s)

# What a key says, or it itself.
words_of(t, list) = list eq "" ? t : word(head_(list), 1) eq t ? tail_words(head_(list)) : words_of(t, tail_(list))
term_words(t) = words_of(t, TERM_LINES)
set print $TIPS append
print TIPS_GROUP
set print $BOXES
print "-99 -99 -99 -98 -99 -98 0"
set print $PATCH
print "-99 -99 -99 -98 -99 -98 0"
set print $HATCH
print OUTSIDE
from = 0.0
do for [i = 1:nrows] {
    if (i == 1 || bar_of[i] != bar_of[max(1, i-1)]) { from = 0.0 }
    if (V[i] > 0) {
        k = term_(T[i]); b = bar_of[i]
        x1 = X(from); x2 = X(from + V[i])
        set print $BOXES append
        print box(x1, bar_y[b], x2, bar_y[b] + bar_h, K[i] eq "pale" ? pale(fill(k)) : fill(k))
        if (hatched(k)) { set print $HATCH append; print hatch(x1, bar_y[b], x2, bar_y[b] + bar_h) }
        set print $TIPS append
        print tip_box(x1, bar_y[b], x2, bar_y[b] + bar_h, L[i] . ", " . workers_text(N[i] + 0) . sprintf(": %.1f%% ", 100 * V[i]) . term_words(T[i]))
        shown = sprintf("%.0f", 100 * V[i])
        if (tw(shown, Z_BAR) + 4 < x2 - x1) {
            if (hatched(k)) {
                set print $PATCH append
                half_w = tw(shown, Z_BAR) / 2 + 1
                print box((x1 + x2) / 2 - half_w, bar_y[b] + 1, (x1 + x2) / 2 + half_w, bar_y[b] + bar_h - 1, K[i] eq "pale" ? pale(fill(k)) : fill(k))
            }
            dummy = text(shown, (x1 + x2) / 2, bar_y[b] + bar_h / 2, "center", Z_BAR, K[i] eq "pale" ? FILL_INK : ink_(k))
        }
        from = from + V[i]
    }
}

set print $TIPS append
print "</g>"

# ---- Key ------------------------------------------------------------------

key_y = y_axis + 34
key_x = MARGIN
do for [t = 1:nlines(TERM_LINES)] {
    s = line(TERM_LINES, t)
    k = term_(word(s, 1))
    dummy = key_item(tail_words(s), INK)
    set print $BOXES append
    print box(key_mx - 6, key_y - 6, key_mx + 6, key_y + 6, fill(k))
    if (hatched(k)) { set print $HATCH append; print hatch(key_mx - 6, key_y - 6, key_mx + 6, key_y + 6) }
}
set print

H = int(draw_foot(key_y + (key_x > MARGIN ? 14 : 0)) + 4)

# ---- The picture ----------------------------------------------------------

eval OPEN
plot $AXES using 1:2:3:4:5 with vectors nohead lw 1 lc rgb variable, \
     $BOXES using 1:2:3:4:5:6:7 with boxxyerror fs solid 1.0 border rgb "#ffffff" lw 0.6 fc rgb variable, \
     $HATCH using 1:2:3:4:5 with vectors nohead lw 1.4 lc rgb variable, \
     $PATCH using 1:2:3:4:5:6:7 with boxxyerror fs solid 1.0 noborder fc rgb variable
eval CLOSE
