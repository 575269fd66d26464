#!/bin/sh
# The command line: exit statuses, and messages that name what was wrong and
# what would be right; dump and --input.
# usage: test_cli.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
machines=$(realpath results/machines)
cd "$tmp" # nothing may be written where the user is

# refused STATUS WORD|WORD|... ARGUMENT...: the first line on stderr begins
# with the program's name and has every word; nothing is on stdout.
refused() {
  status=$1
  words=$2
  shift 2
  run "$status" "$@"
  [ ! -s "$tmp/out" ] || fail "coresweep $*: nothing expected on stdout, got $(head -n 1 "$tmp/out")"
  head -n 1 "$tmp/err" >"$tmp/line"
  grep -q '^coresweep' "$tmp/line" || fail "coresweep $*: a message of coresweep expected"
  echo "$words" | tr '|' '\n' >"$tmp/words"
  while read -r word; do
    grep -qF -e "$word" "$tmp/line" || fail "coresweep $*: '$word' expected in the message"
  done <"$tmp/words"
}

# trial STATUS WORDS ARGUMENT...
trial() {
  words=$2
  wanted=$1
  shift 2
  refused "$wanted" "$words" trial "$@"
}

refused 2 "no command 'frobnicate'" frobnicate
grep -q 'sweep' "$tmp/err" || fail 'the commands expected after an unknown one'
run 2
[ ! -s "$tmp/out" ] || fail 'nothing expected on stdout without a command'
grep -q '^Usage' "$tmp/err" || fail 'usage expected on stderr without a command'
run 0 --help
for command in list trial dump sweep analyze report compare; do
  grep -q "^  $command " "$tmp/out" || fail "--help: $command expected"
done
# What a user needs first, first; all in lines of a terminal.
same 'the first commands' 'bench sweep report compare doctor' \
  "$(sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' "$tmp/out" | head -n 5 | paste -s -d ' ')"
same 'what parallelism costs' 'overheads breakeven granularity' \
  "$(sed -n '/^What does parallelism cost/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' "$tmp/out" | paste -s -d ' ')"
[ "$(awk 'length > 80' "$tmp/out" | wc -l)" = 0 ] || fail '--help: lines of 80 columns'
run 0 --version
grep -q '^coresweep [0-9]' "$tmp/out" || fail "--version: a version expected, got $(cat "$tmp/out")"
for command in list trial dump sweep analyze report compare; do
  run 0 "$command" --help
  grep -q "Usage: coresweep $command" "$tmp/out" || fail "$command --help: its usage expected"
  refused 2 "coresweep $command|--nosuch" "$command" --nosuch
done
echo 'ok commands, help and version'

trial 2 '--kernel|list'
trial 2 "no kernel 'nosuch'|adler32, block" -k nosuch
trial 2 "no kernel ''" -k ''
trial 2 "cube/|nothing after" -k cube/
trial 2 "cube has no parameter 'foo'|first, span" -k cube/foo=1
trial 2 "null has no parameter 'foo'|it has: repeat" -k null/foo=1
trial 2 'cube/preset=nosuch|tutorial-6, tutorial-5000' -k cube/preset=nosuch
trial 2 'cube/preset=nosuch|tutorial-6' -k cube --preset nosuch
trial 2 'latency has no|sleep_us' -k latency --param sleep=1
trial 2 '--param sleep|key=value' -k latency --param sleep
trial 2 "unexpected argument 'stray'" -k cube stray
trial 2 "no team 'mpi'|fork, omp, pool, serial" -k cube -v mpi
trial 2 "omp:fast|no schedule 'fast'|static, dynamic, guided, tasks" -k cube -v omp:fast
trial 2 "pool has no schedule 'tasks'|static, dynamic, guided" -k cube -v pool:tasks
trial 2 "pool:static@carrier|no transport 'carrier'|shm" -k cube -v pool:static@carrier
trial 2 'static takes no chunk' -k cube -v omp:static,8
trial 2 "omp:dynamic,0|chunk '0'|from 1" -k cube -v omp:dynamic,0
trial 2 "--also: variant omp:fast: no schedule 'fast'" -k spin -v omp:static --beside serial --also omp:fast
trial 2 '--also pool:static with --variant omp:static|schedules of one team' -k spin -v omp:static --beside serial --also pool:static
trial 2 '--also pool:dynamic with --variant pool:static|OpenMP' -k spin -v pool:static --beside serial --also pool:dynamic
trial 2 '--also needs --beside serial' -k spin -v omp:static --also omp:dynamic
echo 'ok unknown kernels, parameters, presets and variants'

trial 2 'cube/first=3000000|2097151' -k cube/first=3000000
trial 2 'rowcount/min=9|max=1' -k rowcount/min=9,max=1
trial 2 'rowcount/cols=0|from 1 to 4096' -k rowcount/cols=0
trial 2 'rowcount/cols=abc|from 1 to 4096' -k rowcount/cols=abc
trial 2 'rowcount/cols=|from 1 to 4096' -k rowcount/cols=
trial 2 'rowcount/cols=99999999999999999999|4096' -k rowcount/cols=99999999999999999999
trial 2 'spin/serial=1.5|from 0 to 0.99' -k spin/serial=1.5
trial 2 'spin/serial=nan|from 0 to 0.99' -k spin/serial=nan
trial 2 'spin/chains=2|1|8' -k spin/chains=2
trial 2 'rangesum/order=up|random|sorted' -k rangesum/order=up
trial 2 'rangesum/max_end=6074001000|size=100000|2^64 - 1' -k rangesum/max_end=6074001000 -n 100000
echo 'ok values outside of their limits'

trial 2 '--size -1|from 0 to' -k cube -n -1
trial 2 '--size abc|from 0 to' -k cube -n abc
trial 2 '--size 1e6|from 0 to' -k cube -n 1e6
trial 2 '--size 99999999999999999999|9223372036854775807' -k cube -n 99999999999999999999
trial 2 'cube|--size 1000000000000000|memory' -k cube -n 1000000000000000
trial 2 '--seed x|whole number' -k cube --seed x
trial 2 '--iterations 1001|from 0 to 1000' -k cube --iterations 1001
trial 2 '--touch nobody|workers or serial' -k cube --touch nobody
trial 2 '--bind sideways|cores, spread, close or none' -k cube --bind sideways
for digest in 12 zzzzzzzzzzzzzzzz -000000000000001 0x000000000001ab ' 00000000000001a' 0123456789abcdef0; do
  trial 2 "--expect $digest|16 hexadecimal digits" -k cube -n 10 --expect "$digest"
done
echo 'ok sizes, counts and digests'

trial 2 '--workers 0|from 1 to 4096' -k cube -v omp:static -w 0
trial 2 '--workers 5000|from 1 to 4096' -k cube -v omp:static -w 5000
trial 2 '--workers two|from 1 to 4096' -k cube -v omp:static -w two
trial 2 '--workers 2|serial has one worker' -k cube -v serial -w 2 --oversubscribe
usable=$("$coresweep" sweep --dry-run --kernels null --variants omp --workers 1,4096 2>&1 |
  sed -n 's/.*use \([0-9]*\) CPU.*/\1/p')
if [ "$usable" -lt 64 ]; then
  trial 2 "--workers 64|use $usable CPU|--oversubscribe" -k cube -v omp:static -w 64
  refused 2 "--workers 64|use $usable CPU|--oversubscribe" sweep --workers 64 --out run
  run 0 trial -k cube -n 100 -v omp:static -w 64 --oversubscribe
  run 0 trial -k latency/sleep_us=0 -n 100 -v omp:static -w 64 # waits: allowed
fi
trial 2 '--workers 3|use 1 CPU|--oversubscribe' -k cube -v omp:static -w 3 --cpus 0
trial 2 '--cpus 0,x|"x"' -k cube --cpus 0,x
trial 2 '--cpus 3-1|backwards' -k cube --cpus 3-1
trial 2 '--cpus' -k cube --cpus ''
trial 2 '--cpus 65000|may not run on CPU 65000' -k cube --cpus 65000
trial 2 '--cpus 0,0|CPU 0 is in it twice' -k cube -v pool:static --cpus 0,0
for variable in OMP_PROC_BIND=true OMP_PLACES=cores GOMP_CPU_AFFINITY=0 KMP_AFFINITY=compact; do
  export "${variable?}"
  trial 2 "$variable|unset it" -k cube -n 10
  refused 2 "$variable|unset it" sweep --dry-run
  unset "${variable%%=*}"
done
# Known before the first trial, whatever measures.
for variable in OMP_THREAD_LIMIT=1 OMP_MAX_ACTIVE_LEVELS=0; do
  export "${variable?}"
  trial 2 "$variable|2 are asked for" -k latency/sleep_us=0 -v omp:static -w 2 -n 4
  for command in sweep breakeven; do
    refused 2 "$variable|2 are asked for|unset it" "$command" --kernels latency/sleep_us=0 \
      --variants omp:static --workers 2 --out limited
  done
  refused 2 "$variable|2 are asked for" sweep --kernels latency/sleep_us=0 --variants omp:static \
    --workers 2 --oversubscribe --dry-run
  run 0 trial -k latency/sleep_us=0 -v pool:static -w 2 -n 4
  unset "${variable%%=*}"
done
[ ! -e limited ] || fail 'a run that cannot be: no folder expected'
HWLOC_SYNTHETIC=pu:1
export HWLOC_SYNTHETIC
for command in sweep breakeven granularity overheads aa probe doctor trial; do
  refused 2 'HWLOC_SYNTHETIC=pu:1|another machine|unset it' "$command"
done
unset HWLOC_SYNTHETIC
OMP_PROC_BIND=false "$coresweep" trial -k cube -n 10 >"$tmp/out" || fail 'OMP_PROC_BIND=false: to be taken'
if command -v taskset >/dev/null && taskset -c 0 true 2>/dev/null; then
  status=0
  taskset -c 0 "$coresweep" trial -k cube -v omp:static -w 2 >"$tmp/out" 2>"$tmp/err" || status=$?
  [ "$status" = 2 ] || fail "taskset -c 0, two workers: exit status 2 expected, got $status"
  grep -q -e '--workers 2.* 1 CPU;' "$tmp/err" || fail "taskset -c 0: '--workers 2' and '1 CPU' expected"
else
  echo '(no taskset to CPU 0: not tried)'
fi
echo 'ok workers and CPUs'

printf 'x,y\n1,2\n' >two.csv
printf 'x\n1\nfoo\n' >words.csv
printf 'x\n1\n2.5\n' >reals.csv
printf 'x\n1\n2,3\n' >ragged.csv
printf '1\n2\n' >headless.csv
printf 'x\n99999999999999999999\n' >long.csv
: >empty.csv
trial 2 '--input missing.csv|No such file' -k cube --input missing.csv
trial 2 'cube|2 columns|one, x' -k cube --input two.csv
trial 2 'rowcount/cols=5|2 columns|cols=2' -k rowcount --input two.csv
trial 2 "words.csv, line 3|'foo'|whole number" -k cube --input words.csv
trial 2 "reals.csv, line 3|'2.5'" -k cube --input reals.csv
trial 2 'ragged.csv, line 3|2 columns|1' -k cube --input ragged.csv
trial 2 "long.csv, line 2|'99999999999999999999'" -k cube --input long.csv
trial 2 'headless.csv|header|dump' -k cube --input headless.csv
trial 2 'empty.csv|header' -k cube --input empty.csv
trial 2 'null has no input' -k null --input two.csv
trial 2 '--size 5|1 items' -k cube --input two.csv -n 5
trial 1 'Is a directory' -k cube --input .
trial 2 '/dev/zero, line 1|0x00' -k cube --input /dev/zero
printf 'x\n1\n-9999999\n' >large.csv
trial 2 '--input large.csv: cube: line 3|-9999999' -k cube --input large.csv
# From a pipe, too; a line without end is left at its limit.
mkfifo pipe
yes | tr -d '\n' >pipe &
trial 2 'pipe, line 1: longer than' -k cube --input pipe
wait
printf '\357\273\277"x"\r\n"1"\r\n2' >pipe &
run 0 dump -k cube --input pipe --what output
same 'what was read from a pipe' 'cube 1 8' "$(tr '\n' ' ' <out | sed 's/ $//')"
wait
# Read once, though a program with OpenMP starts itself anew.
printf 'x\n1\n2\n' >pipe &
(
  unset OMP_WAIT_POLICY
  run 0 trial -k cube --input pipe --variant omp:static --timeout 30s
)
wait
trial 1 'not done after 0.2 s (--timeout)|--input pipe|does anybody write it?' \
  -k cube --input pipe --timeout 0.2s
echo 'ok input files'

refused 2 '--what|input or output' dump -k cube
refused 2 '--what both|input or output' dump -k cube --what both
refused 2 'input|null' dump -k null -n 3 --what input
refused 2 "no kernel 'nosuch'" dump -k nosuch --what input
for kernel in rowcount rowcount/cols=3,low=-5,high=5,min=0 rangesum rangesum/order=sorted cube/first=-50 adler32 latency/sleep_us=0 spin spin/serial=0.25,chains=8; do
  run 0 trial -k "$kernel" -n 50 --seed 9 --json
  digest=$(field digest)
  run 0 dump -k "$kernel" -n 50 --seed 9 --what input
  mv out in.csv
  [ "$(wc -l <in.csv)" = 51 ] || fail "dump $kernel: 51 lines expected, got $(wc -l <in.csv)"
  case $kernel in
  spin/serial*) seed=9 ;; # its serial part is in no input
  *) seed=1 ;;
  esac
  run 0 trial -k "$kernel" --input in.csv --seed "$seed" --json
  [ "$(field digest)" = "$digest" ] ||
    fail "$kernel --input: digest $digest expected, got $(field digest)"
  run 0 trial -k "$kernel" --input in.csv --seed "$seed" -v pool:dynamic,7 --expect "$digest"
  run 0 dump -k "$kernel" --input in.csv --what output
  [ "$(wc -l <out)" = 51 ] || fail "dump $kernel: 51 lines expected, got $(wc -l <out)"
done
echo 'ok what dump writes is what --input reads'

# dumped KERNEL EXPECTED: the results, without the header line.
dumped() {
  run 0 dump -k "$1" --what output
  got=$(tail -n +2 out | tr '\n' ' ')
  [ "$got" = "$2 " ] || fail "dump $1: '$2' expected, got '$got'"
}
dumped cube/preset=tutorial-6 '1 8 27 64 125 216'
dumped rowcount/preset=tutorial-rows '3 2 3 4 4'
run 0 dump -k cube/preset=tutorial-5000 --what output
[ "$(tail -n 1 out)" = 124925014999 ] || fail "4999 cubed: 124925014999 expected, got $(tail -n 1 out)"
if [ -w /dev/full ]; then
  status=0
  "$coresweep" dump -k cube -n 10 --what output >/dev/full 2>err || status=$?
  [ "$status" = 1 ] || fail "dump to a full device: exit status 1 expected, got $status"
  grep -q 'could not be written' err || fail "dump to a full device: 'could not be written' expected"
  status=0
  "$coresweep" list >/dev/full 2>err || status=$?
  [ "$status" = 1 ] || fail "list to a full device: exit status 1 expected, got $status"
  grep -q 'output could not be written' err || fail 'list to a full device: a message expected'
  ! "$coresweep" trial -k cube -n 10 --json >/dev/full 2>err || fail 'trial to a full device: a failure expected'
fi
echo 'ok known results'

for command in 'analyze No such file' 'report not a run'; do
  why=${command#* } command=${command%% *}
  refused 2 folder "$command"
  refused 2 "unexpected argument 'b'" "$command" a b
  refused 1 "/nonexistent/run|$why" "$command" /nonexistent/run
done
mkdir broken
echo '{"schema":3}' >broken/trials.jsonl
refused 1 'broken/trials.jsonl, line 1|status' analyze broken
echo 'no json' >broken/trials.jsonl
refused 1 'broken/trials.jsonl, line 1' analyze broken
echo '{}' >broken/analysis.json
refused 1 broken/analysis.json report broken
refused 2 'want one of them' report --full --json broken
echo 'ok folders that hold no run'

# one REPORT WORDS: what is printed of a run has them.
prints() {
  grep -q -e "$1" out || fail "'$1' expected, got: $(cat out)"
}
run 0 sweep --kernels spin --variants serial,omp:static --workers 1 --size 100 --rounds 1 --no-probes --out answered
prints '^spin  *1 thread '
prints '^Full    [^ ]*coresweep report --full answered$'
cp answered/analysis.json wanted.json
run 0 analyze answered
prints '^spin  *1 thread '
cmp -s wanted.json answered/analysis.json || fail 'analyze concludes what sweep did'
run 0 report --json answered
cmp -s out answered/analysis.json || fail 'report --json prints analysis.json'
[ ! -e answered/charts ] || fail 'report --json draws nothing'
run 0 report answered
prints '^spin  *1 thread '
prints '^Next    '
! grep -q '^Baselines' out || fail 'report is short'
run 0 report --full answered
prints '^Baselines, of the region'
run 0 sweep --resume answered --no-answer
! grep -q '^spin' out || fail 'sweep --no-answer concludes nothing'
echo 'ok a sweep, analyze and report end with the answer; --full and --json have the rest'

refused 2 '--rounds 0|from 1' sweep --rounds 0 --out run
refused 2 '--budget soon|90s' sweep --budget soon --out run
refused 2 '--timeout -1' sweep --timeout -1 --out run
refused 2 '--workers 0|1' sweep --workers 0 --out run
refused 2 '--workers 2..x' sweep --workers 2..x --out run
refused 2 'cube is listed twice' sweep --kernels cube,cube --out run
refused 2 'omp:static is listed twice' sweep --variants omp,omp:static --out run
refused 2 "no kernel 'nosuch'" sweep --kernels cube,nosuch --out run
refused 2 "no team 'mpi'" sweep --variants serial,mpi --out run
refused 2 'cube --size 1000000000000000|memory' sweep --kernels cube --size 1000000000000000 --out run
refused 2 '--bind sideways' sweep --bind sideways --out run
refused 2 'nosuch/plan.json' sweep --like nosuch --out run
refused 2 '--out' sweep --kernels cube --out ''
[ ! -e run ] || fail 'no folder expected of a sweep that was refused'
run 0 sweep --dry-run --kernels cube,latency --variants omp:static,serial --workers 1,2 --oversubscribe --out run
printf '%s\n' 'cube serial 1' 'cube omp:static 1' 'cube omp:static 2' \
  'latency serial 1' 'latency omp:static 1' 'latency omp:static 2' >expected
head -n 6 out | cmp -s - expected || fail "sweep --dry-run: six points expected, got $(cat out)"
for folder in run results; do
  [ ! -e "$folder" ] || fail "no folder $folder expected of --dry-run"
done
mkdir run
echo kept >run/trials.jsonl
refused 2 '--out run|holds a run already' sweep --kernels cube --size 10 --out run
[ "$(ls run) $(cat run/trials.jsonl)" = 'trials.jsonl kept' ] || fail 'the run that was there: unchanged expected'
echo blocked >file
refused 1 'file' sweep --kernels cube --size 10 --out file/run
echo 'ok sweeps that make no sense'

# Every list, whatever is in it: nothing is dropped in silence.
for empty in ',X' 'X,' 'X,,X' ','; do
  list() {
    echo "$empty" | sed "s|X|$1|g"
  }
  for command in sweep breakeven granularity; do
    refused 2 "$(list cube)|is empty" "$command" --kernels "$(list cube)"
    refused 2 "$(list omp:static)|is empty" "$command" --variants "$(list omp:static)"
  done
  refused 2 "--sizes|is empty" sweep --sizes "$(list 1k)"
  refused 2 "--workers $(list 2)|is empty" sweep --workers "$(list 2)"
  refused 2 "--workers $(list 2)|is empty" overheads --workers "$(list 2)"
  refused 2 "--workers $(list 2)|is empty" probe --workers "$(list 2)"
  refused 2 "--cpus $(list 0)|is empty" trial -k cube --cpus "$(list 0)"
  refused 2 "-L v=$(list 0)" sweep -L "v=$(list 0)" -- true '{v}'
done
echo 'ok an empty item of a list'

# 256 KiB of stack are enough for everything, and with less nothing begins.
if grep -q __asan_init "$coresweep"; then
  echo "(address sanitizer: its frames are larger; no limit of the stack tried)"
else
  ( # shellcheck disable=SC3045 # wherever sh is dash or bash
    ulimit -s 64
    refused 2 'RLIMIT_STACK (ulimit -s) is 64 KiB|256 KiB' trial -k cube
  )
  ( # shellcheck disable=SC3045 # wherever sh is dash or bash
    ulimit -s 256
    run 0 sweep --kernels cube,rowcount --size 300 --variants omp:static,pool \
      --workers 1 --rounds 6 --no-probes --report --out stack
    run 0 sweep --resume stack
    run 0 compare stack stack --out stack/compare
    run 0 simulate --machine "$machines/two-socket.json" --workers 1,2 --out stack2
    run 0 sweep --rounds 3 --out stack3 -- true
  )
  echo 'ok a small stack'
fi
