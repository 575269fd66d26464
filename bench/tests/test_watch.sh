#!/bin/sh
# A trial that dies, hangs or is late says so in the same words in every
# variant, with the chunk that it was in; one whose kernel writes where it should
# not is wrong, whoever runs it and whatever the kernel's own check says.
# usage: test_watch.sh      ($BUILD: the folder that `make tests` built)
set -eu
program=$(realpath "${BUILD:-build}/foldable/coresweep")
. bench/tests/fixture.sh
coresweep=$program
# The signals are the program's own matter, not the sanitizers'.
export ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0
export UBSAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0
# shellcheck disable=SC3045 # dash and bash have it
ulimit -c 0

# said STATUS TEXT: what the record and stderr of the last run say.
said() {
  same 'status' "$1" "$(field status)"
  [ "$1" != wrong ] || same 'correct' false "$(field correct)"
  got=$(sed -n 's/.*"error":"\([^"]*\)".*/\1/p' "$tmp/out")
  same 'error' "$2" "$got"
  grep -qxF "coresweep trial: $2" "$tmp/err" || fail "on stderr: $2"
  same 'lines of JSON' 1 "$(wc -l <"$tmp/out")"
}

# workers VARIANT: what --workers is for it.
workers() {
  case $1 in serial*) echo 1 ;; *) echo 2 ;; esac
}

# died VARIANT OPTIONS...: by a trial of 100 items, which may take a minute.
died() {
  variant=$1
  shift
  run 1 trial -v "$variant" -w "$(workers "$variant")" -n 100 --oversubscribe \
    --warmups 0 --iterations 1 --json "$@"
}

variants='serial copies serial:dynamic,10 omp:static omp:dynamic,10 omp:tasks,10
fork:static fork:dynamic,10@pipe pool:static pool:dynamic,10@socket pool:apply@queue'

# chunk VARIANT: the one that item 99 is in; and the worker, where that is sure.
chunk() {
  case $1 in
  serial | copies) echo '[0, 100)' ;;
  *:static) echo '[50, 100)' ;;
  *:apply*) echo '[99, 100)' ;;
  *) echo '[90, 100)' ;;
  esac
}

# who VARIANT: the worker that runs it, as far as it can be known.
who() {
  case $1 in
  serial*) echo 0 ;;
  *:static | *:apply*) echo 1 ;;
  *) sed -n 's/.*worker \([01]\) was.*/\1/p' "$tmp/err" ;;
  esac
}

for variant in $variants; do
  died "$variant" -k crash/how=segv,at=99
  said failed "${variant%%:*}: worker $(who "$variant") was killed by signal 11 (Segmentation fault) in chunk $(chunk "$variant")"
done
echo 'ok every variant tells of a crash, with worker and chunk'

for death in bus:'7 (Bus error)' fpe:'8 (Floating point exception)' ill:'4 (Illegal instruction)' abort:'6 (Aborted)'; do
  for variant in serial omp:static pool:static fork:static; do
    died "$variant" -k "crash/how=${death%%:*},at=99"
    said failed "${variant%%:*}: worker $(who "$variant") was killed by signal ${death#*:} in chunk $(chunk "$variant")"
  done
done
echo 'ok whatever signal it is'

for variant in serial omp:static pool:static fork:static; do
  for where in 'create:in the set-up' 'verify:as its result was checked'; do
    died "$variant" -k "crash/how=segv,where=${where%%:*}"
    said failed "${variant%%:*}: the trial was killed by signal 11 (Segmentation fault) ${where#*:}"
  done
  died "$variant" -k crash/how=fpe,where=finish
  said failed "${variant%%:*}: the trial was killed by signal 8 (Floating point exception) in a region"
done
echo 'ok and where no worker is at it'

# late VARIANT OPTIONS...: as died, all at once: each waits for its time-out.
late=0
late() {
  variant=$1
  late=$((late + 1))
  shift
  "$coresweep" trial -v "$variant" -w "$(workers "$variant")" -n 100 --oversubscribe \
    --warmups 0 --iterations 1 --timeout 3s --json "$@" >"$tmp/out.$late" 2>"$tmp/err.$late" || echo "$?" >"$tmp/status.$late" &
}

# told N VARIANT: what the N-th of them came to, for `said`.
told() {
  mv "$tmp/out.$1" "$tmp/out"
  mv "$tmp/err.$1" "$tmp/err"
  same "$2: exit status" 1 "$(cat "$tmp/status.$1")"
}

for variant in $variants; do
  late "$variant" -k crash/how=hang,at=99
done
late serial -k crash/how=hang,where=create
late pool:static -k crash/how=hang,where=verify
# Regions of a twentieth of a second: none is late, all together are.
whole='serial omp:static pool:static fork:static'
for variant in $whole; do
  late "$variant" -k latency/sleep_us=1000 --iterations 1000
done
wait
n=0
for variant in $variants; do
  n=$((n + 1))
  told "$n" "$variant"
  said failed "${variant%%:*}: worker $(who "$variant") was not done after 3 s (--timeout), in chunk $(chunk "$variant")"
done
told $((n + 1)) serial
said failed 'serial: the trial was not done after 3 s (--timeout), in the set-up'
told $((n + 2)) pool:static
said failed 'pool: the trial was not done after 3 s (--timeout), as its result was checked'
echo 'ok every variant tells of a time-out'

n=$((n + 2))
for variant in $whole; do
  n=$((n + 1))
  told "$n" "$variant"
  case $(field error) in
  "${variant%%:*}: "*' was not done after 3 s (--timeout)') ;;
  *) fail "$variant: a time-out of the whole trial expected, got $(field error)" ;;
  esac
done
echo 'ok the time-out is that of the trial as a whole'

# No record without --json, and none where there is no trial.
status=0
"$coresweep" trial -k crash/how=segv -n 10 >"$tmp/out" 2>"$tmp/err" || status=$?
same 'without --json: exit status' 1 "$status"
same 'without --json: output' '' "$(cat "$tmp/out")"
same 'without --json: stderr' 'coresweep trial: serial: worker 0 was killed by signal 11 (Segmentation fault) in chunk [0, 10)' "$(cat "$tmp/err")"
echo 'ok a crash without --json prints its message alone'

# What LLVM's libomp would take away at a usual end.
"$coresweep" trial -v omp:static -w 2 --oversubscribe -k crash/how=segv >"$tmp/out" 2>"$tmp/err" &
pid=$!
wait "$pid" || :
[ ! -e "/dev/shm/__KMP_REGISTERED_LIB_${pid}_$(id -u)" ] || fail 'a trial that crashed leaves no file'
echo 'ok a crash leaves no file'

# A sweep keeps the words.
status=0
"$coresweep" sweep --quick --kernels crash/how=segv,at=3 --variants serial --workers 1 \
  --size 100 --rounds 1 --no-probes --out "$tmp/swept" >"$tmp/out" 2>"$tmp/err" || status=$?
same 'sweep: exit status' 1 "$status"
grep -q '"error":"serial: worker 0 was killed by signal 11 (Segmentation fault) in chunk \[0, 100)"' "$tmp/swept/trials.jsonl" ||
  fail 'sweep: the words of the trial expected in its record'
echo 'ok a sweep keeps the words of a trial that crashed'

died serial -k crash/how=not --timeout 60s --expect 0000000000000000
grep -q 'is its .verify. too weak?$' "$tmp/err" ||
  fail 'another digest: the question whether verify is too weak expected'

# wrong VARIANT TO SIZE TEXT
wrong() {
  run 1 trial -v "$1" -w "$(workers "$1")" -n "$3" --oversubscribe --json -k "stray/to=$2"
  # Each is checked: it is one of them that is named.
  [ "$1" != copies ] || sed -i 's/copies: worker [01]: //' "$tmp/out" "$tmp/err"
  said wrong "wrong result: $4"
}
all='serial copies serial:dynamic omp:static omp:dynamic fork:static fork:static@pipe
fork:dynamic pool:static@queue pool:dynamic pool:apply@socket'
for variant in $all; do
  run 0 trial -v "$variant" -w "$(workers "$variant")" -n 1000 --oversubscribe --json -k stray
  wrong "$variant" before 1000 "kernel 'stray' wrote 8 bytes before the begin of its output (items [0, 1000))"
  case $variant in
  *@*) words="wrote to item \([0-9]*\) in its chunk \[[0-9]*, \1): .run. may write the items of its chunk alone" ;;
  *) words="wrote 8 bytes past the end of its output (items \[0, 1000)): are 8 output_bytes an item too few?" ;;
  esac
  run 1 trial -v "$variant" -w "$(workers "$variant")" -n 1000 --oversubscribe --json -k stray/to=after
  same "$variant, after: status" wrong "$(field status)"
  grep -q "kernel 'stray' $words\$" "$tmp/err" || fail "$variant, after: $words"
  run 1 trial -v "$variant" -w "$(workers "$variant")" -n 1000 --oversubscribe --json -k stray/to=far
  same "$variant, far: status" wrong "$(field status)"
  grep -q "kernel 'stray' wrote to item 0 in its chunk \[[1-9][0-9]*, [0-9]*)" "$tmp/err" ||
    fail "$variant, far: item 0 expected"
  wrong "$variant" once 1000 "kernel 'stray' wrote to item 983 in another chunk than its own (chunks of 16 items): \`run\` may write the items of its chunk alone"
  run 1 trial -v "$variant" -w "$(workers "$variant")" -n 1000 --oversubscribe --json -k stray/to=chunk
  same "$variant, chunk: status" wrong "$(field status)"
  grep -q "depends on its chunks: .* is its .verify. too weak?" "$tmp/err" ||
    fail "$variant, chunk: a result that depends on chunks expected"
  run 1 trial -v "$variant" -w "$(workers "$variant")" -n 100 --oversubscribe --json -k stray/to=short
  same "$variant, short: status" wrong "$(field status)"
done
echo 'ok a kernel that writes elsewhere is found, whoever runs it'

for size in 1 2 3 6 7 8; do
  run 0 trial -n "$size" --json -k stray
  wrong serial before "$size" "kernel 'stray' wrote 8 bytes before the begin of its output (items [0, $size))"
  wrong serial after "$size" "kernel 'stray' wrote 8 bytes past the end of its output (items [0, $size)): are 8 output_bytes an item too few?"
done
wrong serial short 1000 "kernel 'stray' wrote 4000 bytes past the end of its output (items [0, 1000)): are 4 output_bytes an item too few?"
echo 'ok so are few items, and an output that is too small'

# Where the digest is known, only what is around the output is looked at.
run 0 trial -k stray -n 1000 --json
digest=$(field digest)
run 1 trial -k stray/to=after -n 1000 --json --expect "$digest"
said wrong "wrong result: kernel 'stray' wrote 8 bytes past the end of its output (items [0, 1000)): are 8 output_bytes an item too few?"
run 0 trial -k stray/to=far -n 1000 --json --expect "$digest"
echo 'ok a trial with a known digest looks around its output as well'
none_left 'in the end'

for variant in serial omp:static omp:dynamic,10; do
  died "$variant" -k crash --param how=exit --param at=99
  said failed "${variant%%:*}: worker $(sed -n 's/.*worker \([01]\) ended.*/\1/p' "$tmp/err") ended the program in chunk $(chunk "$variant")"
done
for variant in fork:static fork:dynamic,10@pipe pool:static copies; do
  died "$variant" -k crash --param how=exit --param at=99
  said failed "${variant%%:*}: worker $(sed -n 's/.*worker \([01]\) exited.*/\1/p' "$tmp/err") exited with status 0 in chunk $(chunk "$variant")"
done
echo 'ok a kernel that ends the program is told'
for variant in serial omp:static pool:static; do
  died "$variant" -k crash --param how=overflow --param at=99
  said failed "${variant%%:*}: worker $(who "$variant") was killed by signal 11 (Segmentation fault) in chunk $(chunk "$variant")"
done
echo 'ok a stack that is used up is told'
died serial -k crash --param how=hang --timeout 0.0000001s
grep -q 'was not done after' "$tmp/err" || fail 'a time-out of next to nothing to be one expected'
echo 'ok the shortest time-out is one'
