# plain.gp - a speedup chart's points as gnuplot draws them by itself: what
# charts_speed.sh compares lines.gp with.
#
# usage: gnuplot -c scripts/plain.gp DATA.tsv OUT.svg|OUT.png
#
# DATA.tsv: see lines.gp.

if (ARG2[strlen(ARG2)-3:*] eq ".svg") {
    set terminal svg size 680,465
} else {
    set terminal pngcairo size 1140,780
}
set output ARG2
set datafile separator tab
set logscale xy
plot ARG1 using (strcol(1) eq "raw" ? $4 : NaN):5 with points, \
     ARG1 using (strcol(1) ne "raw" ? $4 : NaN):5:6:7 with yerrorbars
