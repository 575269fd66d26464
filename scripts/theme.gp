# theme.gp - what dots.gp and lines.gp share: reading, text, colours, drawing.
#
# Not run by itself. A chart script sets DATA, OUT and USAGE and loads this
# file, which checks the arguments and defines the functions below.
#
# Everything is drawn in pixels of a canvas W wide and H high, the origin in
# the upper left corner, so that a text and a mark can be kept apart by
# arithmetic. An SVG has a small W and so large type, to be read even when
# shown 390 pixels wide; a PNG, for slides, has room for more, and is enlarged
# to 1140 pixels.
#
# Data files are UTF-8 and tab-separated: "# key: value" lines, then rows.
# The keys and rows are described at the top of each chart script.

set encoding utf8
ending = strlen(OUT) > 4 ? OUT[strlen(OUT)-3:*] : ""
W = ending eq ".png" ? 840.0 : 680.0
H_USUAL = 0.684 * W             # the height of a picture that is not crowded
MARGIN = 14.0                   # free space at the frame

# ---- Arguments ------------------------------------------------------------

# A string as one word of a shell command; shq_() is the chart script's.
shq(s) = "'" . shq_(s) . "'"

if (NARGS != 2 || (ending ne ".svg" && ending ne ".png")) {
    printerr USAGE
    exit status 2
}
# One process tells all about the files: one for each question would take longer
# than the drawing.  "read", "write", the number of rows, and the texts.
FILES = system("data=" . shq(DATA) . " out=" . shq(OUT) . " folder=.; case $out in */*) folder=${out%/*}/ ;; esac; \
    test -r \"$data\" && echo read; test -w \"$folder\" && echo write; \
    LC_ALL=C awk '{ sub(/\\r$/, \"\") } /^[^#]/ { rows++ } \
        /^#/ { sub(/^# */, \"\"); sub(/: */, \": \"); text = text $0 \"\\n\" } \
        END { printf \"%d\\n%s\", rows, text }' \"$data\" 2>/dev/null")
if (FILES[1:5] ne "read\n") {
    printerr "coresweep: cannot read ", DATA
    exit status 1
}
if (FILES[6:11] ne "write\n") {
    printerr "coresweep: cannot write ", OUT
    exit status 1
}

# ---- Reading --------------------------------------------------------------

# The value of "# key: value" ("" if there is none; one per line if several).
METAS = FILES[strstrt(FILES, "write\n") + 6:*] . "\n"
meta_from(s, k) = (meta_rest = meta_in(s[strstrt(s, "\n"):*], k), s[1:strstrt(s, "\n") - 1] . (meta_rest eq "" ? "" : "\n" . meta_rest))
meta_in(s, k) = strstrt(s, "\n" . k . ": ") ? meta_from(s[strstrt(s, "\n" . k . ": ") + strlen(k) + 3:*], k) : ""
meta(k) = meta_in(METAS, k)
# "place TAB label": its parts.
first_(s) = strstrt(s, "\t") ? s[1:strstrt(s, "\t")-1] : s
rest_(s) = strstrt(s, "\t") ? s[strstrt(s, "\t")+1:*] : ""

# The rows, for gnuplot to read: no comments, no empty lines, and \001 and \002
# for quotes and backslashes, which it would take for its own, see text().
ROWS = "< LC_ALL=C awk '/^[^#]/ { gsub(/\"/, \"\\001\"); gsub(/\\\\/, \"\\002\"); sub(/\\r$/, \"\"); print }' " . shq(DATA)
nrows = int(METAS[1:strstrt(METAS, "\n") - 1] + 0)
if (nrows < 1) {
    printerr "coresweep: no rows in ", DATA
    exit status 1
}

# "-" stands for no number.
NONE = -1e300
has(v) = v > -1e299
number(s) = (s eq "-" || s eq "" || s eq "nan" || s eq "NaN") ? NONE : s + 0.0
max(a, b) = a > b ? a : b
min(a, b) = a < b ? a : b

# ---- Numbers for people ---------------------------------------------------

round3(v) = sprintf("%.2e", v) + 0.0
decimals(v) = max(0, 2 - int(floor(log10(abs(v)) + 1e-9)))
sig3(v) = v == 0 ? "0" : sprintf(sprintf("%%.%df", decimals(round3(v))), round3(v))

# SI prefixes from pico to tera.
si_power(v) = v == 0 ? 0 : max(-4, min(4, int(floor(log10(abs(v)) / 3 + 1e-9))))
si_prefix(p) = word("p n µ m - k M G T", p + 5)
si_sign(p) = p == 0 ? "" : si_prefix(p)
si3(v, name) = sig3(round3(v) / 10.0**(3 * si_power(round3(v)))) . " " . si_sign(si_power(round3(v))) . name

# A value in the unit of the chart: "x" 1.62×, "%" 12.3%, "si:rows/s" 1.23
# Grows/s, anything else is written behind the number.
is_si(u) = u[1:3] eq "si:"
value_text(v, u) = u eq "x" ? sig3(v) . "×" : u eq "%" ? sig3(v) . "%" : is_si(u) ? si3(v, u[4:*]) : u eq "" ? sig3(v) : sig3(v) . " " . u

# A tick label: plain, in percent, or with an SI prefix.
ticks_have(u) = is_si(u) || u eq "%" ? u : ""
tick_text(v, u) = u eq "%" ? sprintf("%.6g%%", abs(v) < 1e-12 ? 0 : v) : abs(v) < 1e-12 ? "0" : is_si(u) && si_power(v) != 0 \
    ? sprintf("%g %s", v / 10.0**(3 * si_power(v)), si_sign(si_power(v))) : sprintf("%.6g", v)

# 1, 2 or 5 times a power of ten: the step that gives about n ticks.
nice_(s, p) = s <= 1.2 * p ? p : s <= 2.4 * p ? 2 * p : s <= 6 * p ? 5 * p : 10 * p
nice_step(span, n) = nice_(span / n, 10.0**floor(log10(span / n)))

# ---- Text -----------------------------------------------------------------

# A series or a row by its name: of a long one, both ends.
brief(s) = strlen(s) > 60 ? s[1:44] . "…" . s[strlen(s)-13:*] : s
with_(s, c, by) = strstrt(s, c) ? s[1:strstrt(s, c)-1] . by . with_(s[strstrt(s, c)+1:*], c, by) : s
unquoted(s) = with_(with_(s, "\001", "\""), "\002", "\\")

# Width of a text in pixels at size z, by the advance widths of DejaVu Sans, in
# thousandths of an em: of the usual sans serifs the widest, so that what fits
# fits with any of them.  BOLD: of its bold.  2% more, for hinting.
GLYPHS = ' !"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~×…µ·–²°§'
array ADVANCE[103] = [ \
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, \
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, \
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, \
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, \
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, \
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, 838, \
    1000, 636, 318, 500, 401, 500, 500 ]
array ADVANCE_BOLD[103] = [ \
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, \
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, \
    1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850, \
    733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, \
    500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, \
    716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838, 838, \
    1000, 736, 380, 500, 438, 500, 500 ]
BOLD = 0
advance_(g) = g == 0 ? 1000.0 : BOLD ? ADVANCE_BOLD[g] : ADVANCE[g]
cw(c) = 1.02e-3 * advance_(strstrt(GLYPHS, c))
tw(s, z) = z * (strlen(s) ? sum [i_ = 1:strlen(s)] cw(s[i_:i_]) : 0)

# Break a text at spaces so that no line is wider than w, with "\n" between
# the lines, and in a word that would leave the picture; wrap() makes the lines
# about equally long.
wrap_(s, w, z, i) = (wrap_x = wrap_x + z * cw(s[i:i]), s[i:i] eq " " ? (wrap_cut = i) : 0, \
    wrap_x > w && wrap_cut > wrap_from \
        ? (wrap_out = wrap_out . s[wrap_from:wrap_cut-1] . "\n", wrap_from = wrap_cut + 1, wrap_x = tw(s[wrap_from:i], z)) \
    : wrap_x > min(2 * w, W - 2 * MARGIN) && i > wrap_from \
        ? (wrap_out = wrap_out . s[wrap_from:i-1] . "\n", wrap_from = i, wrap_x = tw(s[i:i], z)) : 0, 0)
wrap_at(s, w, z) = (wrap_x = 0.0, wrap_cut = 0, wrap_from = 1, wrap_out = "", \
    strlen(s) ? sum [j_ = 1:strlen(s)] wrap_(s, w, z, j_) : 0, wrap_out . s[wrap_from:*])
even_(s, w, z, n, f) = f < 0.78 || nlines(wrap_at(s, w * (f - 0.05), z)) > n || widest(wrap_at(s, w * (f - 0.05), z), z) > w \
    ? wrap_at(s, w * f, z) : even_(s, w, z, n, f - 0.05)
wrap(s, w, z) = tw(s, z) <= w ? s : even_(s, w, z, nlines(wrap_at(s, w, z)), 1.0)

# Several lines in one string: how many, the k-th, the width of the widest.
# An empty string has no line.
head_(s) = strstrt(s, "\n") ? s[1:strstrt(s, "\n")-1] : s
tail_(s) = strstrt(s, "\n") ? s[strstrt(s, "\n")+1:*] : ""
nlines(s) = s eq "" ? 0 : 1 + nlines(tail_(s))
line(s, k) = k <= 1 ? head_(s) : line(tail_(s), k - 1)
widest(s, z) = s eq "" ? 0 : max(tw(head_(s), z), widest(tail_(s), z))
wrap_all(s, w, z) = s eq "" ? "" : wrap(head_(s), w, z) . (tail_(s) eq "" ? "" : "\n" . wrap_all(tail_(s), w, z))

# ---- Type sizes and greys -------------------------------------------------

Z_TITLE = 20;  LH_TITLE = 25
Z_SUB   = 15;  LH_SUB   = 19.5
Z_TEXT  = 16;  LH_TEXT  = 18
Z_KEY   = 15;  LH_KEY   = 21
Z_SMALL = 13.5; LH_SMALL = 17.5

INK   = "#000000"
DIM   = "#444444"
FAINT = "#666666"
GRID  = 0xe6e6e6
AXIS  = 0x444444
RULE  = 0x888888

# ---- Styles: the same number has the same look in every chart -------------

# Colours of marks (Okabe-Ito first) and darker ones for text, which keep a
# contrast of 4.5:1 on white. Shapes are all filled; a hollow one is flagged.
#            1 omp     2 pool    3 fork    4 omp     5 pool    6 fork    7 omp    8 omp     9
#            static    static    static    dynamic   dynamic   dynamic   guided   tasks     serial
STYLE_MARK = "0x0072B2 0xD55E00 0x009E73 0x56B4E9 0xE69F00 0xCC79A7 0x8C510A 0x6A3D9A 0x000000 \
              0x117733 0x882255 0x5A6B7B 0x332288 0x7A7A00 0xAA4499"
STYLE_TEXT = "#0069A6 #B64F00 #007A58 #1F77AD #8A5F00 #A8437A #7A4608 #6A3D9A #000000 \
              #0F6A2D #882255 #4F5F6E #332288 #6B6B00 #9A3C8A"
STYLE_FORM = "1 2 3 4 5 6 7 8 9 10 4 1 5 2 3"
style_(s) = s <= 15 ? max(1, s) : 10 + (s - 10) % 6
mark_colour(s) = s < 1 ? 0 : int(word(STYLE_MARK, style_(s)) + 0)
text_colour(s) = s < 1 ? INK : word(STYLE_TEXT, style_(s))
mark_form(s) = int(word(STYLE_FORM, style_(s)) + 0)
dashed(s) = s >= 10

# Outlines, y downwards, about as large to the eye: circle, square, triangle,
# diamond, triangle down, pentagon, cross, plus, star, hexagon.
ring_(n, a, r, k) = sprintf("%.3f %.3f ", r * cos(a + 2 * pi * k / n), r * sin(a + 2 * pi * k / n))
ring(n, a, r) = (ring_s = "", sum [k_ = 0:n-1] (ring_s = ring_s . ring_(n, a, r, k_), 0), ring_s)
star_(k) = sprintf("%.3f %.3f ", (k % 2 ? 0.58 : 1.38) * sin(pi * k / 5), -(k % 2 ? 0.58 : 1.38) * cos(pi * k / 5))
array FORM[10]
FORM[1] = ring(28, 0.0, 1.0)
FORM[2] = ring(4, pi / 4, 1.27)
FORM[3] = "0 -1.20 1.17 0.87 -1.17 0.87"
FORM[4] = ring(4, 0.0, 1.32)
FORM[5] = "0 1.20 1.17 -0.87 -1.17 -0.87"
FORM[6] = ring(5, -pi / 2, 1.15)
FORM[7] = "0 -0.52 0.70 -1.22 1.22 -0.70 0.52 0 1.22 0.70 0.70 1.22 0 0.52 -0.70 1.22 -1.22 0.70 -0.52 0 -1.22 -0.70 -0.70 -1.22"
FORM[8] = "-0.40 -1.28 0.40 -1.28 0.40 -0.40 1.28 -0.40 1.28 0.40 0.40 0.40 0.40 1.28 -0.40 1.28 -0.40 0.40 -1.28 0.40 -1.28 -0.40 -0.40 -0.40"
star_s = ""
do for [k = 0:9] { star_s = star_s . star_(k) }
FORM[9] = star_s
FORM[10] = ring(6, 0.0, 1.12)

# ---- Drawing --------------------------------------------------------------

# Texts, marks and lines are noted here and drawn at the end by finish().

MAXT = 4000
array T_s[MAXT]; array T_x[MAXT]; array T_y[MAXT]; array T_j[MAXT]; array T_z[MAXT]; array T_c[MAXT]
ntext = 0
# One line of text: j is left, center, right or "center rotate"; (x, y) is the
# middle of its height.
text(s, x, y, j, z, c) = (ntext = ntext + 1, T_s[ntext] = unquoted(s), T_x[ntext] = x, T_y[ntext] = y, \
    T_j[ntext] = j, T_z[ntext] = z, T_c[ntext] = c, ntext)
# Several lines, the first with its middle at y, lh apart. Gives the y after.
lines(s, x, y, j, z, c, lh) = s eq "" ? y : (text(head_(s), x, y, j, z, c), lines(tail_(s), x, y + lh, j, z, c, lh))

MAXM = max(4000, nrows + 100)
array M_x[MAXM]; array M_y[MAXM]; array M_s[MAXM]; array M_h[MAXM]; array M_r[MAXM]
nmark = 0
MARK_R = 5.0
# A mark of a style, MARK_R large; h is 1 for a hollow (flagged) one.
mark(x, y, s, h) = (nmark = nmark + 1, M_x[nmark] = x, M_y[nmark] = y, M_s[nmark] = s, M_h[nmark] = h, M_r[nmark] = MARK_R, nmark)
corner_(i, f, k) = sprintf("%.2f,%.2f", M_x[i] + M_r[i] * word(f, 2 * k - 1), M_y[i] + M_r[i] * word(f, 2 * k))
outline_(i, f) = (outline_s = "", sum [k_ = 1:words(f)/2] (outline_s = outline_s . corner_(i, f, k_) . " to ", 0), outline_s . corner_(i, f, 1))
outline(i) = outline_(i, FORM[mark_form(M_s[i])])

# Lines go to data blocks: x y dx dy colour. Each begins with one outside the
# picture, since a block must not be empty.
OUTSIDE = "-99 -99 0 0 0"
segment(x1, y1, x2, y2, c) = sprintf("%.2f %.2f %.2f %.2f %d", x1, y1, x2 - x1, y2 - y1, c)

# ---- Head and foot --------------------------------------------------------

BOLD = 1
TITLE = wrap_all(meta("title"), W - 2 * MARGIN, Z_TITLE)
BOLD = 0
SUBTITLE = wrap_all(meta("subtitle"), W - 2 * MARGIN, Z_SUB)
# "elsewhere" are notes that a page has in another place, see run_page_chart.c.
ALL_NOTES = meta("note") . (meta("note") eq "" || meta("elsewhere") eq "" ? "" : "\n") . meta("elsewhere")
NOTES = wrap_all(ALL_NOTES, W - 2 * MARGIN, Z_SMALL)
FOOT = wrap_all(meta("foot"), W - 2 * MARGIN, Z_SMALL)

# The title and subtitle from the top; gives the y of their lower end.
draw_head(dummy) = (y_ = lines(TITLE, MARGIN, 23, "left", Z_TITLE, "bold"  , LH_TITLE), \
    y_ = lines(SUBTITLE, MARGIN, y_, "left", Z_SUB, DIM, LH_SUB), plot_top = y_ - 6)
# The notes and the foot below y; gives the y of their lower end.
draw_foot(y) = (plot_bottom = y + 2, y_ = lines(NOTES, MARGIN, y + 12, "left", Z_SMALL, DIM, LH_SMALL), \
    y_ = lines(FOOT, MARGIN, y_ + (NOTES eq "" ? 0 : 3), "left", Z_SMALL, FAINT, LH_SMALL), y_)
foot_height = nlines(NOTES) * LH_SMALL + nlines(FOOT) * LH_SMALL + (NOTES eq "" ? 12 : 15)

# A key in running lines: key_item() puts a text with room for its mark in
# front; the mark belongs at (key_mx, key_y).
key_x = MARGIN
key_y = 0.0
key_item(s, c) = (key_w = 20 + tw(s, Z_KEY), \
    key_x > MARGIN && key_x + key_w > W - MARGIN ? (key_x = MARGIN, key_y = key_y + LH_KEY) : 0, \
    text(s, key_x + 17, key_y, "left", Z_KEY, c), key_mx = key_x + 6, key_x = key_x + key_w + 16, 0)

# ---- Values under the pointer ---------------------------------------------

# A browser shows the title of what is under the pointer: an SVG gets, above all
# else, an invisible shape for each value, those of a series together.  (gnuplot's
# own hypertext goes into an attribute as it is, quotes and all; its mouse tells
# pixels here, and its key knows no series.)  tip_group() begins a series, tip()
# and tip_box() give a shape.
set print $TIPS
print ""
set print
escaped(s) = with_(with_(with_(with_(unquoted(s), "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), "\"", "&quot;")
rgb_(c) = sprintf("rgb(%d,%d,%d)", c / 65536, c / 256 % 256, c % 256)
rgb_text(c) = rgb_(int(("0x" . c[2:*]) + 0))
tip_group(s, style) = sprintf("<g class=\"series\" data-name=\"%s\" data-mark=\"%s\" data-text=\"%s\" fill-opacity=\"0\" stroke=\"none\">", \
    escaped(s), rgb_(mark_colour(style)), rgb_text(text_colour(style)))
TIPS_GROUP = "<g class=\"series\" fill-opacity=\"0\" stroke=\"none\">"
tip(x, y, words) = sprintf("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\"><title>", x, y) . escaped(words) . "</title></circle>\n"
tip_box(x1, y1, x2, y2, words) = sprintf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>", x1, y1, max(0, x2 - x1), max(0, y2 - y1)) . escaped(words) . "</title></rect>\n"
workers_text(n) = n == 1 ? "1 worker" : sprintf("%.0f workers", n)
# "1.62× (1.60–1.64)", as far as there is an interval; digits as tables have
# them: see interval_digits in bench/report/numbers.c.
first_digit(v) = v > 0 ? int(floor(log10(v))) : 0
rounded_(v, d) = floor(v * 10.0**d + 0.5) / 10.0**d
keeps_side_(v, d) = v > 1 ? rounded_(v, d) > 1 + 0.5 * 10.0**(-d) : v < 1 ? rounded_(v, d) < 1 - 0.5 * 10.0**(-d) : 1
side_digits(low, high, d, more) = more == 0 || (keeps_side_(low, d) && keeps_side_(high, d)) ? d : side_digits(low, high, d + 1, more - 1)
range_digits(v, low, high) = max(1 - first_digit(abs(v)), min(2 - first_digit(abs(v)), high > low ? -first_digit((high - low) / 7.1) : 9))
with_digits(v, d) = sprintf(sprintf("%%.%df", max(0, d)), d < 0 ? rounded_(v, d) : v)
ratio_range_(v, low, high, d) = with_digits(v, d) . "× (" . with_digits(low, d) . "–" . with_digits(high, d) . ")"
range_text(v, low, high, u) = !has(low) || !has(high) ? value_text(v, u) \
    : u eq "x" ? ratio_range_(v, low, high, side_digits(low, high, range_digits(v, low, high), 3)) \
    : value_text(v, u) . " (" . value_text(low, u) . "–" . value_text(high, u) . ")"

# ---- Output ---------------------------------------------------------------

# pngcairo counts in points, 96 pixels to 72 of them: hence 0.75.

# Called when the layout is done and H is known: opens OUT, sets the canvas
# and places texts and marks. The chart script then plots its data blocks
# and ends with "eval CLOSE".
OPEN = '\
if (ending eq ".svg") {\
    set terminal svg size W,H font "Arial,16" background "#ffffff" noenhanced\
} else {\
    ZOOM = 1140.0 / W;\
    set terminal pngcairo size 1140,int(H * ZOOM + 0.5) font "Arial,16" fontscale 0.75 * ZOOM linewidth ZOOM pointscale 1.3 * ZOOM dashlength 2 background "#ffffff" noenhanced\
};\
set output OUT;\
unset border; unset tics; unset key;\
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0;\
set xrange [0:W]; set yrange [H:0];\
do for [i = 1:ntext] { eval sprintf("set label %d T_s[%d] at T_x[%d],T_y[%d] %s font \"%s,%g\" tc rgb \"%s\" noenhanced front", \
    i, i, i, i, T_j[i] eq "center rotate" ? "center rotate by 90" : T_j[i], \
    T_c[i] eq "bold" ? "Arial:Bold" : "", T_z[i], T_c[i] eq "bold" ? INK : T_c[i]) };\
do for [i = 1:nmark] {\
    eval sprintf("set object %d polygon from %s front fs solid border lc rgb \"#%06x\" fc rgb \"#%06x\" lw %g", \
        i, outline(i), M_h[i] ? mark_colour(M_s[i]) : 0xffffff, M_h[i] ? 0xffffff : mark_colour(M_s[i]), M_h[i] ? 1.9 : 0.7) }'

# Closes OUT. gnuplot names only one font in an SVG, writes "Arial:Bold" as a
# name, a stray Z behind polygons, and what is read from a file by a number: put
# that right, and the title.
STACK = 'font-family="Arial, Helvetica, Liberation Sans, sans-serif"'
# In XML, and as sed writes what stands for something else.
xml_(s) = with_(with_(with_(s, "&", "\002amp;"), "<", "\002lt;"), ">", "\002gt;")
svg_title = with_(with_(with_(with_(xml_(meta("title")), "\\", "\\\\"), "|", "\\|"), "\n", " "), "\002", "\\&")
svg_touch = "LC_ALL=C sed -i -e " . shq('s|font-family="Arial"|' . STACK . "|g") . \
    " -e " . shq('s|font-family="Arial:Bold"|font-weight="bold" ' . STACK . "|g") . \
    " -e " . shq("s|/>Z |/>|g") . " -e " . shq("s|<title>gnuplot_plot_[0-9]*</title>|<title>$RAW</title>|") . \
    " -e " . shq("s|<title>Gnuplot</title>|<title>" . svg_title . "</title>|") . " -e " . shq("/^<.svg>$/d") . " " . shq(OUT)
# The plot between the words above and below it, which a page has as its own.
plot_(top, bottom) = sprintf("<g class=\"plot\" data-top=\"%.1f\" data-bottom=\"%.1f\"/>", top, bottom)
CLOSE = 'unset output; if (ending eq ".svg") {\
    PLOT = plot_(plot_top, plot_bottom);\
    dummy = system(svg_touch);\
    set print OUT append; print PLOT; print $TIPS; print "</svg>"; set print\
}'
