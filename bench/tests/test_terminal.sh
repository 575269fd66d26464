#!/bin/sh
# What is drawn in the terminal: speedups as bars with whiskers, as wide as it
# is, in its characters, with colours where those are wanted.
# usage: test_terminal.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh
machines=$(realpath results/machines)
cd "$tmp"
unset COLUMNS NO_COLOR || :
TERM=xterm
LC_ALL=C.UTF-8
export TERM LC_ALL
run 0 simulate --machine "$machines/amdahl.json" --kernels spin,spin/serial=0.25 \
  --variants omp:static,pool:static --workers 1,2,4 --rounds 6 --out run

# ---- Bars -----------------------------------------------------------------

LC_ALL=C run 0 report --terminal run
[ ! -s "$tmp/err" ] || fail 'nothing on stderr'
! LC_ALL=C grep -q '[^ -~]' "$tmp/out" || fail 'ASCII alone in an ASCII locale'
for words in 'spin: whole program' 'spin: warm region' 'spin/serial=0.25: whole program'; do
  grep -Fqx "$words" "$tmp/out" || fail "a heading expected: $words"
done
run 0 report --json run
cp "$tmp/out" analysis
LC_ALL=C run 0 report --terminal run
# Bars end in the column of their medians: of the scale below them, 0 to 4.
awk '
  / omp:static | pool:static / {
    match($0, /[0-9.]+x/)
    value = substr($0, RSTART, RLENGTH - 1) + 0
    bar = substr($0, 25, RSTART - 26)
    at = index(bar, "o")
    wanted = int(value / (4 * (1 + 1 / length(bar))) * length(bar)) + 1
    if (at < wanted - 1 || at > wanted + 1 || at == 0) { print "bar: " $0 " (" wanted ")"; bad = 1 }
    if (substr(bar, 1, at - 1) !~ /^#*(\[-*)?$/) { print "before the median: " $0; bad = 1 }
    if (substr(bar, at + 1) !~ /^(-*\])? *:? *$/) { print "after it: " $0; bad = 1 }
    bars++
  }
  END { if (bars != 24) { print bars + 0 " bars"; bad = 1 }; exit bad }' "$tmp/out" >"$tmp/said" ||
  fail "bars, whiskers and ideals: $(cat "$tmp/said")"
grep -q ' omp:static *4 .* : ' "$tmp/out" || fail 'a mark where ideal is'
run 0 report --terminal run
grep -q 'spin\|█*●' "$tmp/out" || fail 'block characters'
grep -q '█●' "$tmp/out" || fail 'block characters in a locale of UTF-8'
[ ! -e run/charts ] || fail 'report --terminal writes nothing'
run 2 report --terminal --csv run
warns() { grep -Fq -e "$1" "$tmp/err" || fail "'$1' expected on stderr"; }
warns 'not together with'
echo 'ok bars with whiskers end where the numbers are'

# ---- All of it, as wide as the terminal -----------------------------------

# What stands in several tables has the same words as one; some heads and keys
# more often.
widest() { wc -L <"$tmp/out" | tr -d ' '; }
words() { tr -s ' \n' '\n' <"$tmp/out" | sort -u; }
long='adler32/base="a long text of somebody, with more words than a terminal has room for"'
run 0 simulate --machine "$machines/amdahl.json" --kernels "spin,$long" \
  --variants omp:static,pool:dynamic,64 --workers 1,2,4 --rounds 6 --out odd
run 0 sweep --workers 1,2 --oversubscribe --rounds 6 --out program -- sh -c 'true # {workers}'
for folder in run odd program; do
  run 0 report --full "$folder"
  words >wanted
  same "$folder, in a pipe: heads of the table" 1 "$(grep -c ' workers .*speedup  .*\(Amdahl\|core time\)$' "$tmp/out")"
  for columns in 80 60 50; do
    COLUMNS=$columns run 0 report --full "$folder"
    [ "$(widest)" -le "$columns" ] || fail "$folder: at most $columns columns, got $(widest): $(cat "$tmp/out")"
    words | diff wanted - >&2 || fail "$folder: all of it at $columns columns"
  done
done
heads() { sed '/^Speedups/,$d' "$tmp/out" | grep ' workers ' | tr -s ' '; }
COLUMNS=80 run 0 report --full run # its names above its rows make one table of two
same 'the head' ' variant workers region region speedup program speedup Amdahl' "$(heads)"
same 'a kernel above its rows' 2 "$(sed '/^Speedups/,$d' "$tmp/out" | grep -c '^spin[^ ]*$')"
grep -q '^  omp:static  *4  ' "$tmp/out" || fail 'rows below their name'
run 0 simulate --machine "$machines/amdahl.json" --kernels spin,cube --variants omp:static \
  --workers 1,4 --rounds 6 --no-probes --out short
COLUMNS=75 run 0 report --full short
same 'the heads of two tables, evenly' 'kernel variant workers region region speedup
kernel variant workers program speedup Amdahl' "$(heads)"
same 'the kernels of both' 'spin cube spin cube' "$(sed '/^Speedups/,$d' "$tmp/out" | grep -o '^[sc][^ ]*' | paste -sd ' ' -)"
same 'an empty line between them' 1 "$(sed '/^Speedups/,$d' "$tmp/out" | grep -c '^$')"
COLUMNS=300 run 0 report --full run
[ "$(grep -c ' Amdahl$' "$tmp/out")" = 1 ] || fail 'one table where there is room'
[ "$(grep -v '  ' "$tmp/out" | wc -L)" -le 120 ] || fail 'words in lines that can be read'
echo 'ok report --full is as wide as the terminal'

# A point that is doubtful is hollow, and the reason stands above.
cp -r run doubtful
sed -i 's/"flags": \[[^]]*\]/"flags": ["contended"]/' doubtful/analysis.json
run 0 report --terminal doubtful
grep -q '█○' "$tmp/out" || fail 'hollow medians'
! grep -q '█●' "$tmp/out" || fail 'no median of a spoilt point is full'
grep -q '^○ contended: ' "$tmp/out" || fail 'why they are hollow'
run 0 report --terminal run
! grep -q '○' "$tmp/out" || fail 'none is hollow where none is doubtful'
echo 'ok doubtful medians are hollow'

# ---- As wide as the terminal ----------------------------------------------

for columns in 50 60 80 120; do
  COLUMNS=$columns LC_ALL=C run 0 report --terminal run
  awk -v most="$columns" 'length($0) > most { print; bad = 1 } length($0) > widest { widest = length($0) }
    END { if (widest < most - 4) { print "only " widest; bad = 1 }; exit bad }' "$tmp/out" >"$tmp/said" ||
    fail "lines of $columns columns: $(cat "$tmp/said")"
done
COLUMNS=x LC_ALL=C run 0 report --terminal run
cp "$tmp/out" usual
COLUMNS=80 LC_ALL=C run 0 report --terminal run
cmp -s usual "$tmp/out" || fail 'where nothing is known, 80 columns'
for columns in 50 61; do
  COLUMNS=$columns run 0 report run
  sed '/^Charts/,$d' "$tmp/out" | awk -v most="$columns" '{ gsub(/[^ -~]/, ""); if (length($0) > most) { print; bad = 1 } }
    END { exit bad || NR < 8 }' >"$tmp/said" || fail "an answer in $columns columns: $(cat "$tmp/said")"
done
echo 'ok lines are as wide as the terminal'

# ---- Colours --------------------------------------------------------------

escape=$(printf '\033')
! grep -q "$escape" "$tmp/out" || fail 'no colours in a pipe'
if command -v script >/dev/null; then
  # on a terminal of 61 columns: the words of a shell
  terminal() {
    script -qec "stty cols 61; $1" "$tmp/typed" >/dev/null 2>&1 </dev/null
    sed '/^Script /d; /^$/d' "$tmp/typed" | tr -d '\r' | grep . >"$tmp/out"
  }
  terminal "LC_ALL=C '$coresweep' report --terminal run"
  grep -q "$escape\[32m" "$tmp/out" || fail "colours on a terminal: $(cat "$tmp/out")"
  sed "s/$escape\[[0-9]*m//g" "$tmp/out" >plain
  COLUMNS=61 LC_ALL=C run 0 report --terminal run
  grep . "$tmp/out" | diff - plain >&2 || fail "the window's columns"
  for no in NO_COLOR=1 TERM=dumb TERM=; do
    terminal "env LC_ALL=C $no '$coresweep' report --terminal run"
    diff plain "$tmp/out" >&2 || fail "no colours with $no"
  done
  terminal "env LC_ALL=C NO_COLOR= '$coresweep' report --terminal run"
  grep -q "$escape\[32m" "$tmp/out" || fail 'an empty NO_COLOR asks for nothing'
  echo 'ok colours on a terminal that takes them'
fi
