#!/bin/sh
# Pictures show their data: axes, marks, whiskers, lines, labels and colours of
# an SVG, by its geometry, against the numbers that it was drawn from.
# usage: test_pictures.sh       (needs gnuplot; without, nothing is looked at)
set -eu
. bench/tests/fixture.sh

command -v gnuplot >/dev/null || {
  echo '(gnuplot is not installed: no picture is looked at)'
  exit 0
}

# looks KIND XSCALE YSCALE NAME: draws $tmp/NAME.tsv and compares.
looks() {
  gnuplot -c "scripts/$1.gp" "$tmp/$4.tsv" "$tmp/$4.svg" 2>"$tmp/err" ||
    fail "$4 is drawn"
  awk -f bench/tests/picture.awk -f bench/tests/picture_checks.awk \
    -f bench/tests/picture_layout.awk -f bench/tests/picture_kinds.awk -v kind="$1" -v xscale="$2" -v yscale="$3" \
    "$tmp/$4.tsv" RS='<' "$tmp/$4.svg" >&2 || fail "$4: the picture shows its data"
  frames "$4" || fail "$4: the plot lies between the words above and below it"
  echo "ok $4"
}

# frames NAME: the mark of where its plot is: titles above, notes and foot below.
frames() {
  awk -v title="$(sed -n 's/^# \(title\|subtitle\): \(.........\).*/\2/p' "$tmp/$1.tsv")" \
    -v below="$(sed -n 's/^# \(note\|foot\): \(.\{1,9\}\).*/\2/p' "$tmp/$1.tsv")" '
    BEGIN { words(title, 1); words(below, 2) }
    function words(list, where,   i, n, part) {
      n = split(list, part, "\n")
      for (i = 1; i <= n; i++) place[part[i]] = where
    }
    /<g transform="translate\(/ { sub(/.*<g transform="translate/, ""); split($0, at, /[(,)]/); y = at[3] }
    /<text>/ { sub(/^[^>]*>/, ""); sub(/<\/text>.*/, ""); text[++texts] = $0; where[texts] = y }
    /<g class="plot"/ { split($0, quoted, "\""); top = quoted[4]; bottom = quoted[6] }
    END {
      for (i = 1; i <= texts; i++) {
        is = where[i] < top ? 1 : where[i] > bottom ? 2 : 0
        seen[is]++
        for (word in place)
          if (index(text[i], word) == 1 && place[word] != is) exit 1
      }
      exit !(top > 0 && bottom > top && seen[0] > 0 && seen[1] > 1 && seen[2] > 0)
    }' "$tmp/$1.svg"
}

# texts NAME XLABEL YLABEL: begins $tmp/NAME.tsv
texts() {
  printf '# %s\n' "title: Title of $1" "subtitle: Subtitle of it" \
    'note: a note' 'note: another one' 'foot: the foot' "xlabel: $2" \
    ${3:+"ylabel: $3"} >"$tmp/$1.tsv"
}

# Blanks become tabs; "~" is a blank.
rows() {
  tr ' ~' '\t ' >>"$tmp/$1.tsv"
}

texts lines workers speedup
printf '# %s\n' 'unit: x' 'ideal: yes' 'usable: 8' 'law: The law' >>"$tmp/lines.tsv"
rows lines <<TEXT
raw alpha 1 4 2.95 - -
raw beta 2 2 1.33 - -
point alpha 1 1 0.9 0.8 1.05
point alpha 1 2 1.7 1.5 1.8
hollow alpha 1 4 3.1 2.8 3.65
point beta 2 1 1.0 0.95 1.08
point beta 2 2 1.3 1.2 1.45
point beta 2 4 2.1 2.0 2.4
law law 0 1 1 - -
law law 0 2 1.4 - -
law law 0 4 1.6 - -
law capacity -1 1 1 - -
law capacity -1 4 3.5 - -
TEXT
looks lines linear linear lines

# The law and the ideal leave at the top; ends of lines are close; words are
# long.
texts steep workers speedup
cat >>"$tmp/steep.tsv" <<TEXT
# unit: x
# ideal: yes
# usable: 16
# law: Amdahl, predicted from one-worker runs
# place: 8	enough
# break: 5 SMT siblings
# break: 9 another NUMA node
TEXT
sed -i -e 's/^# title: .*/# title: A title that is longer than the picture is wide, and is broken where there is a blank/' \
  -e 's/^# foot: .*/# foot: a foot that is longer than the picture is wide: the machine, its build, how workers were bound, the date and the seed/' \
  -e 's/^# note: a note/# note: a note that is longer than the picture is wide: hollow, contended: workers waited for a CPU for over 2% of their time/' \
  "$tmp/steep.tsv"
rows steep <<TEXT
point alpha~of~threads 1 1 0.9 0.8 1.05
point alpha~of~threads 1 2 1.3 1.2 1.4
point alpha~of~threads 1 4 1.7 1.5 1.8
point alpha~of~threads 1 8 1.8 1.7 1.9
hollow alpha~of~threads 1 12 1.85 1.8 1.95
point beta~of~processes 2 1 1.0 0.95 1.08
point beta~of~processes 2 2 1.2 1.1 1.25
point beta~of~processes 2 4 1.6 1.5 1.7
point beta~of~processes 2 8 1.75 1.7 1.8
point beta~of~processes 2 12 1.84 1.8 1.9
point gamma 11 1 0.8 0.7 0.9
point gamma 11 12 1.83 1.75 1.9
law law 0 1 1 - -
law law 0 4 3 - -
law law 0 12 7 - -
TEXT
looks lines linear linear steep

# Logarithmic: 16 times as many workers, and values in SI units.
texts log 'length of an item' 'bytes per second'
printf '# %s\n' 'unit: si:B/s' 'scale: log' >>"$tmp/log.tsv"
rows log <<TEXT
point shm 10 1 3000000 2500000 3300000
point shm 10 4 80000000 70000000 95000000
point shm 10 64 600000000 500000000 650000000
point pipe 11 1 1000000 900000 1200000
point pipe 11 4 20000000 - -
point pipe 11 64 150000000 140000000 170000000
TEXT
looks lines log log log

# Values of microseconds, which gnuplot writes as 1e-06.
texts small 'length of an item' 'time of a chunk'
printf '# %s\n' 'unit: si:s' 'scale: log' >>"$tmp/small.tsv"
rows small <<TEXT
point shm 10 1 0.000003 0.0000025 0.0000033
point shm 10 4 0.00008 0.00007 0.000095
point pipe 11 1 0.000001 0.0000009 0.0000012
point pipe 11 4 0.00002 0.000014 0.000024
TEXT
looks lines log log small

texts breaks workers speedup
printf '# %s\n' 'unit: x' 'usable: 6' 'break: 3 SMT siblings' >>"$tmp/breaks.tsv"
rows breaks <<TEXT
point alpha 1 1 1.0 0.8 1.1
point alpha 1 2 1.7 1.5 1.8
point alpha 1 4 2.3 2.1 2.6
point alpha 1 6 2.7 2.6 2.9
point alpha 1 8 2.2 2.0 2.4
TEXT
looks lines linear linear breaks

# Of two that coincide, the one below is drawn wider; of others none is.
texts twins workers speedup
printf '# %s\n' 'unit: x' >>"$tmp/twins.tsv"
rows twins <<TEXT
point alpha 1 1 1.0 0.8 1.1
point alpha 1 2 1.7 1.5 1.8
point alpha 1 4 2.3 2.1 2.6
point beta 2 1 1.0 0.8 1.1
point beta 2 2 1.7 1.5 1.8
point beta 2 4 2.3 2.1 2.6
TEXT
looks lines linear linear twins
# shellcheck disable=SC2016 # a $ in the picture
under() {
  sed -n '/>\$UNDER using/,/<title>\$SOLID/p' "$tmp/$1.svg" |
    grep -c 'stroke=.rgb( *0, 114, 178)' || :
}
same 'lines drawn under others' '1 0' "$(under twins) $(under breaks)"

texts dots 'speedup on 4 workers'
printf '# %s\n' 'reference: 1	no gain' 'ideal: 4' 'capacity: 3.2' 'law: The law' \
  >>"$tmp/dots.tsv"
rows dots <<TEXT
raw cube alpha 1 2.95 - -
point cube alpha 1 3.1 2.8 3.65
point cube beta 2 2.1 2.0 2.4
law cube law 0 2.6 - -
point spin alpha 1 1.4 1.3 1.75
hollow spin beta 2 0.7 0.5 0.8
law spin law 0 1.9 - -
TEXT
looks dots linear - dots

# Below and above zero, in percent.
texts residuals 'more or less than predicted'
printf '# %s\n' 'unit: %' 'reference: 0	as predicted' >>"$tmp/residuals.tsv"
rows residuals <<TEXT
point cube alpha 1 -48.5 -52.1 -40.25
hollow cube beta 2 -12.5 -20 3
point spin alpha 1 4.25 1.5 7.75
point adler32 alpha 1 -1.5 -2.75 0.5
point adler32 beta 2 -3.25 -4.5 -1.5
TEXT
looks dots linear - residuals

# Where no values are printed, those under the pointer have their unit.
{ echo '# unit: none'; cat "$tmp/dots.tsv"; } >"$tmp/silent.tsv"
gnuplot -c scripts/dots.gp "$tmp/silent.tsv" "$tmp/silent.svg"
same 'a value under the pointer' '<title>cube, alpha: 3.1× (2.8–3.6)</title>' \
  "$(grep -o '<title>cube, alpha: [^<]*</title>' "$tmp/silent.svg")"
same 'values that are printed' 0 "$(grep -c '<text>[0-9.]*×' "$tmp/silent.svg" || :)"

texts times 'time'
printf '# %s\n' 'unit: µs' >>"$tmp/times.tsv"
rows times <<TEXT
point start start 1 130 120 150
point region region 3 0.7 0.6 0.9
point trip trip 2 12 11 14
TEXT
looks dots log - times

texts curve integers speedup
printf '# %s\n' 'unit: x' 'xunit: si:' 'xscale: log' 'reference: 1	no gain' \
  'mark: 20000	preset: 20 000' >>"$tmp/curve.tsv"
rows curve <<TEXT
hollow alpha 1 100 0.12 - -
raw alpha 1 1000 0.52 - -
point alpha 1 1000 0.5 0.4 0.65
point alpha 1 10000 1.2 1.1 1.4
point alpha 1 300000 1.8 1.6 1.9
point beta 2 1000 0.2 0.15 0.3
point beta 2 300000 1.3 1.2 1.5
root alpha 1 6000 1 5000 8000
TEXT
looks curve log linear curve

# Over the sizes of a sweep: ticks where they are, bounds, and the law.
texts sizes 'integers' speedup
printf '# %s\n' 'unit: x' 'xunit: sizes' 'law: The law' 'reference: 1	no gain' \
  'ideal: 2	ideal 2×' >>"$tmp/sizes.tsv"
rows sizes <<TEXT
hollow alpha 1 1024 0.12 0.1 0.15
point alpha 1 4096 0.5 0.4 0.65
point alpha 1 65536 1.2 1.1 1.4
point alpha 1 1048576 1.8 1.6 1.9
point beta 2 1024 0.2 0.15 0.3
point beta 2 1048576 1.3 1.2 1.5
law law 0 1024 1.1 - -
law law 0 1048576 1.7 - -
TEXT
gnuplot -c scripts/curve.gp "$tmp/sizes.tsv" "$tmp/sizes.svg" 2>"$tmp/err" ||
  fail 'a chart over sizes is drawn'
for tick in 1k 4k 64k 1M 'ideal 2×' 'no gain'; do
  grep -q ">$tick<" "$tmp/sizes.svg" || fail "$tick is named on the chart over sizes"
done
! grep -q '>2k<\|>10 k<' "$tmp/sizes.svg" || fail 'ticks where there are sizes alone'

texts roofline 'operations per byte' 'operations per second'
rows roofline <<TEXT
flat 1~worker 9 5000000000 - - -
flat 4~workers 1 18000000000 - - -
slope copy~16~MiB 9 3000000000 - - -
slope copy~4~MiB 1 9000000000 - - -
point cube 9 0.125 200000000 180000000 240000000
point cube 1 0.125 900000000 800000000 990000000
hollow spin 1 12 9000000000 8500000000 11000000000
TEXT
looks roofline log log roofline

# Names stand clear of slopes: below, or beside another mark.
texts named-roofline 'operations per byte' 'operations per second'
rows named-roofline <<TEXT
flat 1~worker 9 5000000000 - - -
flat 4~workers 1 18000000000 - - -
slope copy~16~MiB 9 3000000000 - - -
slope copy~4~MiB 1 9000000000 - - -
point rangesum/order=sorted 9 0.125 200000000 180000000 240000000
point rangesum/order=sorted 1 0.125 900000000 800000000 990000000
point cube 9 0.3 800000000 780000000 840000000
point cube 1 0.3 2400000000 2300000000 2490000000
point adler32/mode=first 1 0.5 1700000000 1600000000 1800000000
TEXT
looks roofline log log named-roofline
for words in 'cube: 800 Mop/s (780 Mop/s–840 Mop/s) at 0.300 op/byte' \
  'adler32/mode=first: 1.70 Gop/s (1.60 Gop/s–1.80 Gop/s) at 0.500 op/byte'; do
  grep -qF "<title>$words</title></circle>" "$tmp/named-roofline.svg" || fail "$words is told"
done

# A PNG is a picture, too; a wrong call is none.
gnuplot -c scripts/lines.gp "$tmp/lines.tsv" "$tmp/lines.png" 2>"$tmp/err" ||
  fail 'a PNG is drawn'
[ "$(od -An -c -N 4 "$tmp/lines.png" | tr -d ' ')" = '211PNG' ] || fail 'a PNG is one'
for call in "$tmp/lines.tsv" "$tmp/lines.tsv $tmp/x.pdf"; do
  status=0
  # shellcheck disable=SC2086 # arguments
  gnuplot -c scripts/lines.gp $call 2>"$tmp/err" || status=$?
  same "exit status of lines.gp $call" 2 "$status"
done
grep -q '^usage: ' "$tmp/err" || fail 'a wrong call is told how'
echo 'ok what is drawn where'

# Under the pointer: a shape on each mark, with its value; a name is a text.
texts told workers speedup
printf '# unit: x\n' >>"$tmp/told.tsv"
rows told <<'TEXT'
point a<&>~"b\ 1 1 0.9 0.8 1.05
point a<&>~"b\ 1 2 1.7 1.5 1.8
hollow c 2 1 1.0 - -
TEXT
gnuplot -c scripts/lines.gp "$tmp/told.tsv" "$tmp/told.svg" 2>"$tmp/err" || fail 'told is drawn'
for words in 'a&lt;&amp;&gt; &quot;b\, 1 worker: 0.90× (0.80–1.05)' \
  'a&lt;&amp;&gt; &quot;b\, 2 workers: 1.70× (1.50–1.80)' 'c, 1 worker: 1.00×'; do
  grep -qF "<title>$words</title></circle>" "$tmp/told.svg" || fail "$words is told"
done
grep -qF 'data-name="a&lt;&amp;&gt; &quot;b\" data-mark="rgb(0,114,178)" data-text="rgb(0,105,166)"' \
  "$tmp/told.svg" || fail 'a series has its name and its colours'
echo 'ok values are told under the pointer'
