#!/bin/sh
# No text leaves its picture: the longest real ones, drawn with one font alone,
# once the widest usual one and once a narrow one; the frame stays white.
# usage: test_text_fits.sh      (needs gnuplot; without, nothing is looked at)
set -eu
. bench/tests/fixture.sh

command -v gnuplot >/dev/null || {
  echo '(gnuplot is not installed: no picture is looked at)'
  exit 0
}

# only FONT: fontconfig knows this family alone, or FONT is not installed.
only() {
  command -v fc-match >/dev/null || return 1
  rm -rf "$tmp/fonts" && mkdir "$tmp/fonts"
  for style in regular bold; do
    file=$(unset FONTCONFIG_FILE && fc-match -f '%{family}:%{file}' "$1:$style")
    case $file in
    "$1"[:,]*) ln -sf "${file#*:}" "$tmp/fonts/" ;;
    *) return 1 ;;
    esac
  done
  cat >"$tmp/fonts.conf" <<TEXT
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$tmp/fonts</dir><cachedir>$tmp/cache</cachedir></fontconfig>
TEXT
  FONTCONFIG_FILE=$tmp/fonts.conf
  export FONTCONFIG_FILE
}

# fits KIND NAME: $tmp/NAME.tsv as a PNG has a frame of 8 white pixels, and
# something in it.
fits() {
  gnuplot -d -c "scripts/$1.gp" "$tmp/$2.tsv" "$tmp/$2.png" 2>"$tmp/err" ||
    fail "$2 is drawn"
  FILE=$tmp/$2.png gnuplot -d -c "$tmp/frame.gp" 2>"$tmp/err" >"$tmp/pixels"
  read -r all frame <"$tmp/pixels"
  [ "$all" -gt 2000 ] || fail "$2 is a picture: $all pixels are dark"
  same "pixels at the frame of $2, drawn with ${font:-what there is}" 0 "$frame"
}

# Dark pixels of a PNG 1140 wide, and those at its frame.
cat >"$tmp/frame.gp" <<'TEXT'
file = system("echo $FILE")
high = int(system("od -An -tu1 -j22 -N2 " . file . " | awk '{ print $1 * 256 + $2 }'"))
n = 0; all = 0; frame = 0
set terminal unknown
plot file binary filetype=png using (x = n % 1140, y = n / 1140, n = n + 1, \
    $1 + $2 + $3 > 700 ? 0 : (all = all + 1, \
        x < 8 || x >= 1132 || y < 8 || y >= high - 8 ? (frame = frame + 1) : 0), 0) with image
set print "-"
print all, frame
TEXT

# texts NAME: begins $tmp/NAME.tsv with what is long in real charts.  Rows have
# "~" for a blank, and blanks for tabs.
texts() {
  cat >"$tmp/$1.tsv" <<'TEXT'
# title: WWW summation, order=sorted: pool of processes (mostly-overhead) at 10.62×, not told apart from Amdahl's 11.98×
# subtitle: Speedup of the whole program against serial (1.28 s: set-up, region, finish); median of 15 rounds, uncorrected 95% intervals
# note: with one worker: omp:static 600 ms, pool:static 598 ms, pool:dynamic 601 ms, omp:dynamic 612 ms, fork:static 655 ms, omp:guided 612 ms
# note: hollow, contended: workers waited for a CPU, or others used it: omp:static on 1, 2, 4; pool:static on 2, 4; fork:static on 1, 2 MMMMMM
# foot: 2-vCPU virtual machine, WWWWWWW Xeon(R) Platinum 8375C CPU @ 2.90GHz · gcc 12.2.0 -O3 -march=native · bound, one worker per core · 473 600 MM
# xlabel: speedup on 64 workers; of copies, throughput
# unit: x
TEXT
  tr ' ~' '\t ' >>"$tmp/$1.tsv"
}

rows() { tr ' ~' '\t ' >>"$tmp/$1.tsv"; }

texts dots <<'TEXT'
point rangesum/order=sorted processes~forked~for~one~region,~dynamic 6 10.62 9.11 12.34
point adler32/base=MMMMMMMM,text=WWWWWWW pool~of~processes,~dynamic~@pipe 5 62.62 60.11 63.34
hollow adler32/base=MMMMMMMM,text=WWWWWWW threads~(OpenMP),~guided 7 0.62 0.51 0.71
law rangesum/order=sorted law 0 61.98 - -
TEXT
sed -i -e '1i# reference: 1	no gain' -e '1i# ideal: 64' -e '1i# capacity: 62.1' \
  -e '1i# law: Amdahl, predicted from one-worker runs' "$tmp/dots.tsv"

texts lines <<'TEXT'
point processes~forked~for~one~region,~dynamic 6 1 1 0.9 1.1
point processes~forked~for~one~region,~dynamic 6 64 62.62 60.1 64.1
hollow pool~of~processes,~dynamic~@pipeWWWWWWWWWWMMMMMMMMM 5 1 1 0.9 1.1
point pool~of~processes,~dynamic~@pipeWWWWWWWWWWMMMMMMMMM 5 64 12.62 10.1 14.1
law law 0 1 1 - -
law law 0 64 40 - -
TEXT
sed -i -e '1i# ideal: yes' -e '1i# usable: 32' -e '1i# place: 64	enough' -e '1i# until: 100' -e '1i# break: 33 another NUMA node' \
  -e '1i# law: Amdahl, predicted from one-worker runs: 16.8× on 100' \
  -e '1i# ylabel: speedup' "$tmp/lines.tsv"

texts curve <<'TEXT'
point processes~forked~for~one~region,~dynamic 6 1024 1 0.9 1.1
point processes~forked~for~one~region,~dynamic 6 1048576 62.62 60.1 64.1
point pool~of~processes,~dynamic~@pipe 5 1024 0.5 0.4 0.6
point pool~of~processes,~dynamic~@pipe 5 1048576 12.62 10.1 14.1
law law 0 1024 1 - -
law law 0 1048576 40 - -
TEXT
sed -i -e '1i# xunit: sizes' -e '1i# reference: 1	no gain' \
  -e '1i# ideal: 64	ideal 64×' \
  -e '1i# law: Amdahl, predicted from one-worker runs' \
  -e '1i# ylabel: speedup' "$tmp/curve.tsv"

texts losses <<'TEXT'
part processes~forked~for~one~region,~dynamic 64 useful 0.6
part processes~forked~for~one~region,~dynamic 64 imbalance 0.5
pale pool~of~processes,~dynamic~@pipe 64 useful 0.2
pale pool~of~processes,~dynamic~@pipe 64 serial 0.8
TEXT
# One line, were it not bold.
sed -i -e "s/^# title: .*/# title: Range summation, order=sorted: threads at 1.62×, 12.3% below Amdahl's/" \
  -e '1i# term: useful useful' -e '1i# term: serial idle while serial' \
  -e '1i# term: imbalance idle behind the last one' \
  -e '1i# term: slower idle behind a slower one' \
  "$tmp/losses.tsv"

texts gantt <<'TEXT'
lane processes~forked~for~one~region,~dynamic 0 0.001 0.008 0.007 123.456
lane processes~forked~for~one~region,~dynamic 4095 0.002 0.010 0.004 100.01
TEXT

for font in '' 'DejaVu Sans' 'Liberation Sans' 'Nimbus Sans'; do
  if [ "$font" ] && ! only "$font"; then
    echo "($font is not installed: not drawn with it)"
    continue
  fi
  for chart in dots lines curve losses gantt; do
    fits "$chart" "$chart"
  done
  echo "ok drawn with ${font:-what there is}"
done
