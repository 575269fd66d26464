#!/bin/sh
# The table of what compilers' options bought: medians of ratios within rounds,
# from programs whose results agree.
# usage: test_opt_table.sh  ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

# Round r of the base takes r s.  "twice" takes half of that, or longer; "odd" a third of
# it, but in round 6 a hundredth of that, and in round 1 a hundred times that.
series() {
  for round in $(seq "$1"); do
    awk -v r="$round" 'BEGIN {
      odd = r == 6 ? 300 : r == 1 ? 0.03 : 3
      print r "|base|cc -O0|cube|64|" r
      print r "|twice|cc -O2|cube|64|" 9 * r " " r / 2 " " r
      print r "|odd|cc -O3|cube|64|" r / odd
    }'
  done
}
table() {
  series "$1" | awk -v base=base -v machine="$2" -f scripts/opt_table.awk
}

table 9 'test bench' >"$tmp/table"
row() { sed -n "s/^| cc -$1 | \(.*\) |\$/\1/p" "$tmp/table"; }
same 'the base' 1 "$(row O0)"
same 'half the time in all rounds' '2.00 (2.00–2.00)' "$(row O2)"
same 'the median, not the mean' '3.00 (3.00–3.00)' "$(row O3)"
grep -q 'of cc -O0: medians of 9 .*, with 95% intervals; .* on a test bench\. Items: cube 64\.' "$tmp/table" ||
  fail "a line under the table says what it holds; got: $(tail -n 1 "$tmp/table")"
echo 'ok ratios are medians within rounds'

table 6 '' >"$tmp/table" # the interval of six is from the least to the most
same 'six rounds' '3.00 (0.03–300)' "$(row O3)"
table 5 '' >"$tmp/table"
same 'five rounds have no interval' '3.00' "$(row O3)"
echo 'ok intervals are by order statistics'

if series 6 | awk -v base=other -f scripts/opt_table.awk >"$tmp/out" 2>"$tmp/err"; then
  fail 'a base without times is refused'
fi
grep -q 'no times of other' "$tmp/err" || fail 'a base without times is named'
echo 'ok a base without times is refused'

cp "$coresweep" "$tmp/again"
ROUNDS=1 LEAST_S=0 sh scripts/opt_table.sh "$coresweep" "$tmp/again" >"$tmp/table"
same 'rows' 2 "$(grep -c '^| [a-z]* [0-9.]* .* |$' "$tmp/table")"
same 'kernels' '| build | rowcount | rangesum | cube | adler32 | spin |' "$(head -n 1 "$tmp/table")"
sed -n 's/^| [^|]* | 1 | 1 | 1 | 1 | 1 |$/base/p' "$tmp/table" | grep -q base ||
  fail 'the first program is the base'
echo 'ok programs are measured'

# A program whose results differ: it gives those of one more item.
cat >"$tmp/wrong" <<TEXT
#!/bin/sh
for word in "\$@"; do
  case \$last in --expect) word=0000000000000001 ;; esac
  last=\$word
  set -- "\$@" "\$word"
  shift
done
exec "$coresweep" "\$@"
TEXT
sed -i '2i last=' "$tmp/wrong"
chmod +x "$tmp/wrong"
if ROUNDS=1 LEAST_S=0 sh scripts/opt_table.sh "$coresweep" "$tmp/wrong" >"$tmp/out" 2>"$tmp/err"; then
  fail 'a wrong result is refused'
fi
grep -q "$tmp/wrong, rowcount" "$tmp/err" || fail 'whose result was wrong is said'
[ ! -s "$tmp/out" ] || fail 'there is no table with a wrong result'
status=0
sh scripts/opt_table.sh "$coresweep" >"$tmp/out" 2>"$tmp/err" || status=$?
same 'one program: exit status' 2 "$status"
echo 'ok wrong results are refused'
