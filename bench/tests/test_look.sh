#!/bin/sh
# The look at who else uses the CPUs: taken before the first trial of whatever
# measures here, recorded, kept where it was the busiest; a busy machine is the
# first line of the report.  Nothing hangs on how busy this machine is.
# usage: test_look.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp" # nothing may be written where the user is

# No gnuplot: drawing is tested elsewhere.
mkdir bin
cat >bin/gnuplot <<'FAKE' # the ends of both kinds of pictures
#!/bin/sh
for out; do :; done
printf '<svg></svg>IEND\256B\140\202' >"$out"
FAKE
chmod +x bin/gnuplot
PATH=$tmp/bin:$PATH

sweep='sweep --kernels latency/sleep_us=200 --variants serial,omp:static --workers 1
  --size 2 --rounds 6 --no-probes'

# look RUN KEY: what the run's environment says of its look.
look() {
  tr -d '\n ' <"$1/environment.json" |
    sed 's/.*"look_'"$2"'":\(\[[^]]*\]\|[^,]*\).*/\1/'
}
# set_look RUN SECONDS CPUS SHARES STEAL
set_look() {
  tr -d '\n' <"$1/environment.json" | sed '
    s/\("look_s":\) *[^,]*/\1 '"$2"'/
    s/\("look_cpus":\) *\("[^"]*"\|null\)/\1 '"$3"'/
    s/\("look_shares":\) *\(\[[^]]*\]\|null\)/\1 '"$4"'/
    s/\("look_steal_share":\) *[^,]*/\1 '"$5"'/
    s/\("look_throttled_s":\) *[^,]*/\1 null/' >edited
  mv edited "$1/environment.json"
}
# looked RUN LEAST: it took at least so long.
looked() {
  awk -v took="$(look "$1" s)" -v least="$2" 'BEGIN { exit !(took + 0 >= least) }' ||
    fail "$1: a look of $2 s expected, got $(look "$1" s)"
  [ "$(look "$1" cpus)" != null ] || fail "$1: the CPUs that were looked at expected"
}

# ---- before whatever measures
# shellcheck disable=SC2086 # words
(unset CORESWEEP_LOOK && "$coresweep" $sweep --out run >out)
looked run 1
for command in "overheads --workers 1 --rounds 1" "sweep --workers 1 --rounds 1 -- true" \
  "aa --sweeps 1 --rounds 6" "probe --workers 1 --rounds 1" \
  "breakeven --kernels cube --variants omp:static --workers 1 --rounds 6 --quick"; do
  rm -rf other
  status=0
  # shellcheck disable=SC2086 # words
  CORESWEEP_LOOK=0.05 "$coresweep" ${command%% *} --out other ${command#* } >out 2>err || status=$?
  [ -s other/environment.json ] || fail "$command: exit status $status: $(cat err)"
  looked other 0.05
done
echo 'ok every run on this machine looks around first'

CORESWEEP_LOOK=0.05 run 0 simulate --machine "$OLDPWD/results/machines/two-vcpus.json" --rounds 6 --out simulated
[ "$(look simulated s)" = null ] || fail "a simulated machine has no neighbours, but a look of $(look simulated s) s"
echo 'ok a simulated machine is not looked at'

# ---- a run that is gone on with
# shellcheck disable=SC2086 # words
run 0 $sweep --out kept
[ "$(look kept s)" = null ] || fail 'no look expected where none was asked for'
cp kept/environment.json before
CORESWEEP_LOOK=0.05 run 0 sweep --resume kept
cmp -s before kept/environment.json || fail 'no look expected where no trial was missing'
# short: its last trial is missing.
short() {
  sed '$d' kept/trials.jsonl >fewer
  mv fewer kept/trials.jsonl
}
short
CORESWEEP_LOOK=0.05 run 0 sweep --resume kept
looked kept 0.05
set_look kept 7 '"0,1"' '[1, 1]' 1
short
CORESWEEP_LOOK=0.05 run 0 sweep --resume kept
[ "$(look kept s) $(look kept shares)" = '7.0 [1.0,1.0]' ] ||
  [ "$(look kept s) $(look kept shares)" = '7 [1,1]' ] ||
  fail "the busiest look to be kept, got $(look kept s) $(look kept shares)"
echo 'ok of several looks at a run the busiest is kept'

# ---- the first line
# What this machine's neighbours did meanwhile is not of interest here.
grep -q '"others_cpu_s":-\{0,1\}[0-9]' run/trials.jsonl || ! grep -q '^cpu ' /proc/stat ||
  fail 'what others used meanwhile expected in records'
sed 's/"others_cpu_s":[^,]*/"others_cpu_s":0.0/' run/trials.jsonl >calm
mv calm run/trials.jsonl
report() {
  run 0 analyze run
  run 0 report run
}
set_look run 1 '"0,1"' '[0.02, 0.01]' 0
report
! grep -q 'busy machine' out || fail "a quiet machine is not spoken of: $(head -n 1 out)"
set_look run 1 '"0,1"' '[0.02, 0.97]' 0
report
head -n 2 out | paste -s -d ' ' | grep -q '^A busy machine: others used 97% of CPU 1 before the trials (1 s)\. To mend it: .*ps aux' ||
  fail "a busy machine as the first line expected, got $(head -n 1 out)"
set_look run null null null null
report
! grep -q 'busy machine' out || fail "what is not told is no busy machine: $(head -n 1 out)"
# A run of before knows neither.
tr ',' '\n' <run/environment.json | grep -v '"look_' | paste -s -d , >older
mv older run/environment.json
sed 's/"others_cpu_s":[^,]*,//' run/trials.jsonl >older
mv older run/trials.jsonl
report
! grep -q 'busy machine' out || fail "a run of before is no busy machine: $(head -n 1 out)"
grep -q '"others_cpus": null' run/analysis.json || fail 'not told is null'
echo 'ok a busy machine is the first line of the report'

set_look kept 1 '"0,1"' '[0.5]' 0
run 1 analyze kept
grep -q 'look_cpus' err || fail 'a look that does not agree with itself to be refused by name'
echo 'ok what was edited by hand is refused'
