#!/bin/sh
# The programs of bench/tests/perf/ fail where a limit is missed for sure, and
# only there.  They measure a coresweep that prints made-up numbers.
# usage: test_perf.sh       ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

built=$(dirname "$coresweep")
mkdir -p "$tmp/build/bench/tests/perf"
perf=$tmp/build/bench/tests/perf
for name in gates rooflines textbook; do
  cp "$built/bench/tests/perf/$name" "$perf/"
done

# A region takes a microsecond an item, an empty one of a team one in all, and a
# serial one a thousand.
# What matches $SLOW takes ten times as long, in rounds whose number does not
# divide by $SPARE.  Each says what it was asked.
cat >"$tmp/build/coresweep" <<'TEXT'
#!/bin/sh
echo "$OMP_WAIT_POLICY $0 $*" >>"$LOG"
times=$(grep -cFx -e "$OMP_WAIT_POLICY $0 $*" "$LOG")
case " $* " in
*$FAILS*) echo "made-up trouble" >&2 && exit 3 ;;
*$SLOW*) factor=$((times % SPARE ? 10 : 1)) ;;
*) factor=1 ;;
esac
echo "$*" | awk -v factor="$factor" '{
  match($0, /size=[0-9]+/)
  items = substr($0, RSTART + 5, RLENGTH - 5)
  seconds = factor * (/null (.*) (pool|omp):static/ ? 1 : / serial / ? 1000 : items) * 1e-6
  if (/rangesum/) seconds /= 100
  printf "{\"region_s\": %.9g, \"regions_s\": [%.9g, %.9g, %.9g], ", seconds, 3 * seconds, seconds, 2 * seconds
  printf "\"digest\": \"0123456789abcdef\", \"turns_ratio\": %.9g}\n", (factor > 1 ? 1.1 : 1)
}'
TEXT
cat >"$perf/bare" <<'TEXT'
#!/bin/sh
echo "$OMP_WAIT_POLICY bare $*" >>"$LOG"
echo '{"median_s": 1e-6}'
TEXT
cat >"$perf/zlib_rate" <<'TEXT'
#!/bin/sh
echo "zlib $*" >>"$LOG"
echo '{"message_s": 2.5e-7}'
TEXT
chmod +x "$tmp/build/coresweep" "$perf/bare" "$perf/zlib_rate"
mkdir "$tmp/stampless"
sed 's/^  seconds = /&(\/dynamic\/ ? 0.9 : 1) * /' "$tmp/build/coresweep" >"$tmp/stampless/coresweep"
chmod +x "$tmp/stampless/coresweep"
stampless=$tmp/stampless/coresweep
LOG=$tmp/log
nothing=/nothing
export LOG

# made_up STATUS NAME ARGUMENT...: with $slow, $spare and $fails
slow=$nothing spare=1000 fails=$nothing
made_up() {
  wanted=$1
  name=$2
  shift 2
  : >"$LOG"
  status=0
  SLOW=$slow SPARE=$spare FAILS=$fails "$perf/$name" "$@" >"$tmp/out" \
    2>"$tmp/err" || status=$?
  same "$name $*: exit status" "$wanted" "$status"
}

# says WORDS: in what the last one printed
says() {
  grep -q -e "$1" "$tmp/out" || fail "$name: no '$1' in: $(cat "$tmp/out")"
}

made_up 0 gates --rounds 6 --stampless "$stampless"
same 'limits of gates that are kept' 7 "$(grep -c 'PASS$\|not measured$' "$tmp/out")"
says 'bare futex ping-pong .*1.00 µs / 1.00 µs  *1.000 (1.000–1.000)  at most 1.5   PASS$'
says '^Stamps cost 100 ns (100 ns to 100 ns) per chunk'
made_up 0 rooflines --rounds 6
same 'limits of rooflines that are kept' 7 "$(grep -c 'PASS$' "$tmp/out")"
says 'zlib.*()  *5.000 (5.000–5.000)  at least 2.5  PASS$' # of the least region
made_up 0 textbook --rounds 6
! grep -e MISS -e 'not sure' "$tmp/out" || fail 'textbook: all limits are kept'
says 'cube, 1 worker: blocks by blocks  *1.000 (1.000–1.000)  0.98 to 1.02  PASS$'
echo 'ok limits that are kept end with 0'

slow='pool:apply'
made_up 1 gates --rounds 6
says 'ping-pong .* 10.000 (10.000–10.000)  at most 1.5   MISS$'
grep -q '^gates: 1 limit is missed for sure$' "$tmp/err" || fail 'gates says how many'
slow='null --variant omp:static'
made_up 1 gates --rounds 6
slow='--kernel rowcount'
made_up 1 rooflines --rounds 6
grep -q '^rooflines: 2 limits are missed for sure$' "$tmp/err" ||
  fail 'rooflines says how many'
says 'rowcount .*, L2  *0.100 (0.100–0.100)  at least 0.9  MISS$'
slow='--variant textbook'
made_up 1 textbook --rounds 6
says 'by the time with the plain directive  *1.100 (1.100–1.100)  0.98 to 1.02  MISS$'
echo 'ok a limit that is missed for sure ends with 1'

slow='pool:apply'
made_up 0 gates --rounds 5
says 'ping-pong .* 10.000  at most 1.5   MISS, not sure$'
spare=2
made_up 0 gates --rounds 6
says 'ping-pong .*(1.000–10.000)  at most 1.5   MISS, not sure$'
slow='--beside='
made_up 0 textbook --rounds 6
same 'limits that are sure where equals differ' 0 "$(grep -c 'PASS$\|MISS$' "$tmp/out")"
# All of the other ratio is beyond its limit, but so are equals, at times.
cp "$tmp/build/coresweep" "$tmp/kept"
# shellcheck disable=SC2016 # not this script's
sed -i 's/\*\$SLOW\*)/*variant\\ textbook*) factor=10 ;; &/' "$tmp/build/coresweep"
slow='--variant omp:static'
made_up 0 textbook --rounds 6
says 'by the time with the plain directive  *1.100 (1.100–1.100)  0.98 to 1.02  MISS, not sure$'
mv "$tmp/kept" "$tmp/build/coresweep"
slow=$nothing spare=1000
echo 'ok a miss that is not sure ends with 0'

fails='spin'
made_up 1 textbook --rounds 1
grep -q -e '--kernel spin .* failed: made-up trouble$' "$tmp/err" || fail 'what failed is told'
fails=$nothing
cp "$perf/zlib_rate" "$tmp/kept"
sed -i 's/message_s/other_s/' "$perf/zlib_rate"
made_up 1 rooflines --rounds 1
grep -q 'zlib_rate printed no message_s$' "$tmp/err" || fail 'a missing number is told'
mv "$tmp/kept" "$perf/zlib_rate"
echo 'ok what fails is told'

# Each pair once a round, in an order of its own, one right after the other.
made_up 0 textbook --rounds 3
sed -n 's/.*--kernel \([a-z0-9]*\) --variant \([a-z]*\).*--workers=\([0-9]*\) .*--beside=omp:static --blocks=16.*/\1-\3 \2/p' \
  "$LOG" >"$tmp/order"
round() {
  awk -v r="$1" '{ line[NR] = $0 } END {
    for (i = 1; i <= NR / 3; i++) print line[i + (r - 1) * NR / 3]
  }' "$tmp/order"
}
kernels=$(cut -d - -f 1 "$tmp/order" | sort -u | tr '\n' ' ')
same 'kernels' 'adler32 cube rangesum rowcount spin ' "$kernels"
awk 'NR % 2 { first = $1; next } $1 != first { exit 1 }' "$tmp/order" ||
  fail "pairs expected, got: $(cat "$tmp/order")"
for r in 1 2 3; do
  same "round $r, sorted" "$(round 1 | sort -u)" "$(round $r | sort)"
done
[ "$(round 1 | cut -d ' ' -f 1)" != "$(round 2 | cut -d ' ' -f 1)" ] ||
  fail 'pairs in an order of its own expected in round 2'
same 'forms that come first' 'omp textbook ' \
  "$(awk 'NR % 2 { print $2 }' "$tmp/order" | sort -u | tr '\n' ' ')"
echo 'ok rounds are interleaved, pairs stay together'

made_up 0 rooflines --rounds 2
same 'trials that verify' 12 "$(grep trial "$LOG" | grep -vc -e '--expect')"
same 'trials that compare digests' 12 "$(grep -c -e '--expect 0123456789abcdef$' "$LOG")"
made_up 0 gates --rounds 2 --stampless "$stampless"
same 'trials without stamps' 6 "$(grep -c "$stampless" "$LOG")"
active=$(grep -c '^active ' "$LOG" || :)
# Two cannot spin on one CPU.
[ "$active" = 6 ] || grep -q 'bare pingpong [0-9]* ' "$LOG" ||
  fail "6 that spin expected, got $active"
# Words are words, whatever is in them.
odd="$tmp/a b$(printf '\037')c"
mkdir "$odd"
cp "$tmp/build/coresweep" "$odd/"
made_up 0 gates --rounds 1 --coresweep "$odd/coresweep"
grep -q "passive $odd/coresweep trial --json" "$LOG" || fail 'a path with odd characters works'
echo 'ok every number is asked for as it should be'

for wrong in '--rounds 0' '--rounds 3x' '--no-such' 'word'; do
  for program in gates rooflines textbook; do
    # shellcheck disable=SC2086 # an option and its argument
    made_up 2 $program $wrong
    [ -s "$tmp/err" ] || fail "$program $wrong: a message expected"
  done
done
made_up 2 rooflines --stampless "$stampless"
made_up 0 gates --help
says '--stampless'
made_up 1 textbook --coresweep /nothing
bare=$built/bench/tests/perf/bare
cpu=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
for kind in pingpong region loop; do
  "$bare" $kind "$cpu" 1 3 >"$tmp/out" 2>"$tmp/err" || fail "bare $kind runs"
  grep -q "^{\"kind\":\"$kind\",\"workers\":1,\"repetitions\":3,\"median_s\":[0-9.e-]*}$" "$tmp/out" ||
    fail "bare $kind: an object expected, got: $(cat "$tmp/out")"
done
for wrong in 'pong 0 1 3' 'loop x 1 3' 'loop 0 2 3' 'loop 0 1 0' 'loop 0 1'; do
  status=0
  # shellcheck disable=SC2086
  "$bare" $wrong >"$tmp/out" 2>"$tmp/err" || status=$?
  same "bare $wrong: exit status" 2 $status
done
echo 'ok what makes no sense is refused'

# Whatever ends it, nothing that it started outlives it: not even a stopped
# process, which does not end by itself.
stopped() {
  for child in $(ours); do
    [ "$child" = "$pid" ] || ! kill -STOP "$child" 2>/dev/null || return 0
  done
  return 1
}
for name in textbook rooflines; do
  for signal in TERM KILL; do
    "$perf/$name" --rounds 2 --coresweep "$coresweep" >"$tmp/out" 2>"$tmp/err" &
    pid=$!
    eventually stopped || fail "$name: a process that measures expected"
    kill -$signal $pid
    status=0
    wait $pid 2>/dev/null || status=$?
    [ $signal = KILL ] || same "$name after SIGTERM: exit status" 143 $status
    none_left "$name after SIG$signal"
  done
done
echo 'ok programs that are ended leave nothing'
