#!/bin/sh
# A program with OpenMP, swept and observed: what is told of its inside, and why
# nothing is told of others.  Structure, not times.
# usage: test_observed_sweep.sh    ($CORESWEEP: the program, with its observer
#                                   beside it)
# shellcheck disable=SC2016 # what a program is told is for its own sh
set -eu
. bench/tests/fixture.sh
TMPDIR=$tmp
export TMPDIR
unset OMP_TOOL_LIBRARIES LD_PRELOAD CC
out=$tmp/run

# sweep STATUS OPTION...: into $out, anew.
sweep() {
  status=$1
  shift
  rm -rf "$out"
  run "$status" sweep --workers 1,2 --oversubscribe --rounds 2 --warmup 0 --out "$out" "$@"
}

# count WORDS: records with them.
count() {
  grep -c -- "$1" "$out/trials.jsonl" || :
}

tells() {
  tr '\n' ' ' <"$tmp/out" | tr -s ' ' | grep -qF -- "$1" ||
    fail "'$1' expected on stdout: $(cat "$tmp/out")"
}

cat >"$tmp/loop.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  int sum = argc > 1 ? atoi(argv[1]) : 0;
#pragma omp parallel for reduction(+ : sum) TEAM
  for (int i = 0; i < 1000; i++)
    sum += i;
  printf("%d\n", sum);
  return 0;
}
END
gcc -O1 -g -fopenmp -DTEAM= -o "$tmp/loop" "$tmp/loop.c"

mkdir -p "$tmp/to/bin" "$tmp/to/lib/coresweep"
cp "$coresweep" "$tmp/to/bin/"
cp "$(dirname "$coresweep")/coresweep-observe.so" "$tmp/to/lib/coresweep/"
"$tmp/to/bin/coresweep" sweep --workers 1 --rounds 1 --warmup 0 --out "$out" \
  -- "$tmp/loop" >"$tmp/out"
same 'observed by what is installed' 1 "$(count '"phase":"pilot".*"inside":{')"
rm -rf "$out"

# LD_PRELOAD has neither blanks nor colons in a path.
mkdir "$tmp/a b:c" "$tmp/t m"
cp "$coresweep" "$(dirname "$coresweep")/coresweep-observe.so" "$tmp/a b:c/"
TMPDIR="$tmp/t m" "$tmp/a b:c/coresweep" sweep --workers 1 --rounds 1 --warmup 0 --out "$out" \
  -- "$tmp/loop" >"$tmp/out"
same 'observed from a folder with a blank and a colon' 1 "$(count '"phase":"pilot".*"inside":{')"

sweep 0 --check output -- "$tmp/loop"
same 'records' 11 "$(wc -l <"$out/trials.jsonl")"
same 'observed before the rounds' 1 "$(count '"phase":"pilot","round":null,.*"workers":1,.*"observed":true')"
same 'observed beside the timed ones' '2 2' \
  "$(count '"phase":"observed".*"workers":1,.*"observed":true') $(count '"phase":"observed".*"workers":2,.*"observed":true')"
same 'told of their inside' 5 "$(count '"inside":{.*"regions":\["loop.c:5"\],"calls":\[1\]')"
same 'teams' '3 2' "$(count '"team":\[1\]') $(count '"team":\[2\]')"
same 'timed, and not observed' 4 "$(count '"phase":"round".*"observed":null')"
! grep -q 'LD_PRELOAD\|CORESWEEP_OBSERVE' "$out/trials.jsonl" || fail 'what is typed is the program'
grep -q '"serial_fraction": {' "$out/prediction.json" || fail 'a law before the rounds'
grep -q '"region": "loop.c:5"' "$out/analysis.json" || fail 'the region in analysis.json'
tells 'Observed with one worker: '
tells 'At most '
tells "by Amdahl's law, as "
tells "Of the cores' time "
tells 'Observed runs, none of them timed here, took '
same 'folders that are left' '' "$(ls -d "$tmp"/coresweep-observed-* 2>/dev/null || :)"
run 0 sweep --resume "$out"
tells '0 of 11 trials were missing.'
sed -i '9,$d' "$out/trials.jsonl"
run 0 sweep --resume "$out"
tells '3 of 11 trials were missing.'
echo 'ok a program with OpenMP is observed beside its timed runs'

# Its records say that it used one CPU: others may have had the other one, since
# its regions were seen.
deaf() {
  sed -i '/"phase":"round"/ { s/"\(program\|wall\)_s":[^,]*/"\1_s":1.0/g; s/"cpu_s":[^,]*/"cpu_s":1.0/; }' "$out/trials.jsonl"
  run 0 sweep --resume "$out"
  grep -c '^  It used one CPU with 2 workers' "$tmp/out" || :
}
sweep 0 -- "$tmp/loop"
same 'whose regions were seen' 0 "$(deaf)"
sweep 0 --observe no -- "$tmp/loop"
same 'that was not observed' 1 "$(deaf)"
echo 'ok a program whose regions were seen is not taken for one that does not listen'

# Of a stripped library, which has a function of its own call the region.
cat >"$tmp/library.c" <<'END'
#include <unistd.h>
int library_run(void);
static __attribute__((noinline)) int inner(int us) {
  int sum = 0;
#pragma omp parallel reduction(+ : sum)
  sum += usleep(us) + 1;
  return sum;
}
static __attribute__((noinline)) int middle(int us) {
  return inner(us) - 1;
}
int library_run(void) {
  return middle(50) + middle(100);
}
END
echo 'int library_run(void); int main(void) { return library_run() < 0; }' >"$tmp/uses.c"
gcc -O1 -shared -fPIC -fopenmp -fno-optimize-sibling-calls -s -o "$tmp/libregion.so" "$tmp/library.c"
gcc -O1 -s -o "$tmp/uses" "$tmp/uses.c" -L"$tmp" -lregion -Wl,-rpath,"$tmp"
sweep 0 -- "$tmp/uses"
same 'called by who is exported' 5 "$(count '"regions":\["library_run"\],"calls":\[2\]')"
if command -v clang >"$tmp/said"; then
  clang -O1 -shared -fPIC -fopenmp -s -o "$tmp/libregion.so" "$tmp/library.c"
  sweep 0 -- "$tmp/uses"
  same 'called by who is exported, by libomp' 5 "$(count '"regions":\["library_run"\],"calls":\[2\]')"
fi
echo 'ok regions of a stripped library have the name of the exported function that called'

# Two, one after the other, by a shell.
sweep 0 --shell -- "$tmp/loop && $tmp/loop 5"
same 'two processes' 5 "$(count '"inside":{"open_s":[^,]*,"processes":2,.*"calls":\[2\]')"
echo 'ok processes one after another are added up'

# Beside another serial program; and of work that grows.
sweep 0 --serial "$tmp/loop 7" -- "$tmp/loop"
tells ' of its own run with one, which is '
sweep 0 --scaling weak --sizes 1 -- "$tmp/loop" '{size}'
tells 'No law: the work grows with the workers, and how much of it is serial is known of one size alone.'
! tr '\n' ' ' <"$tmp/out" | grep -q 'At most' || fail 'no bound of work that grows'
grep -q '"predicted": \[\]' "$out/prediction.json" || fail 'nothing is predicted of work that grows'
echo 'ok a bound beside another serial program, and none of work that grows'

# Its own team, whatever it is told.
cat >"$tmp/two.c" <<'END'
#include <unistd.h>
int main(void) {
#pragma omp parallel num_threads(2)
  usleep(50000);
  return 0;
}
END
gcc -O1 -fopenmp -o "$tmp/two" "$tmp/two.c"
sweep 0 -- "$tmp/two"
same 'observed once' '1 0' "$(count '"phase":"pilot"') $(count '"phase":"observed"')"
tells 'No law: told to use one worker, it made a team of 2 for '
echo 'ok a team of its own in the one-worker run has no law'

# Another way with one thread, without a region.
cat >"$tmp/teams.c" <<'END'
#include <omp.h>
#include <stdio.h>
int main(void) {
  if (omp_get_max_threads() > FROM) {
#pragma omp parallel
    (void)omp_get_thread_num();
  }
  puts("done");
  return 0;
}
END
gcc -O1 -g -fopenmp -DFROM=1 -o "$tmp/teams" "$tmp/teams.c"
sweep 0 --check output -- "$tmp/teams"
same 'a look with one worker, and at a team' '1 1' \
  "$(count '"phase":"pilot".*"workers":1,.*"unobserved":"no parallel region') $(count '"phase":"pilot".*"workers":2,.*"regions":\["teams.c:5"\]')"
same 'the team beside its timed runs, one worker not' '0 2' \
  "$(count '"phase":"observed".*"workers":1,') $(count '"phase":"observed".*"workers":2,.*"regions":\["teams.c:5"\]')"
[ ! -e "$out/prediction.json" ] || fail 'a prediction of what is not known'
grep -q '"region": "teams.c:5"' "$out/analysis.json" || fail 'the region in analysis.json'
tells 'Observed with 2 workers: '
tells 'With one worker it opens none, and so there is no law.'
tells 'No law: with one worker it opens no parallel region.'
tells "Of the cores' time "
tells 'Observed runs, none of them timed here, took '
! tr '\n' ' ' <"$tmp/out" | grep -q 'Not observed\|At most' || fail 'told twice'
run 0 sweep --resume "$out"
tells '0 of 10 trials were missing.'
sweep 0 --observe yes --report -- "$tmp/teams"
tells 'No law: with one worker it opens no parallel region.'
tells 'Parallel regions: teams.c:5 '
same 'lines of regions.csv' 2 "$(wc -l <"$out/regions.csv")"
grep -q '^teams,program,2,1,teams.c:5,2,2,1,' "$out/regions.csv" || fail 'regions.csv'
grep -q 'No law: with one worker it opens no parallel region.' "$out/report.html" || fail 'on the page'
grep -q '<th scope="row">teams.c:5</th><td data-head="workers">2</td>' "$out/report.html" || fail 'the region on the page'
grep -q 'download="regions.csv"' "$out/report.html" || fail 'regions.csv on the page'
gcc -O1 -g -fopenmp -DFROM=1000000 -o "$tmp/teams" "$tmp/teams.c"
sweep 0 -- "$tmp/teams"
same 'no region with any' '2 0' "$(count '"phase":"pilot"') $(count '"phase":"observed"')"
same 'said once before the rounds, and once after' 2 "$(grep -c 'Not observed: no parallel region came by' "$tmp/out")"
sweep 1 --observe yes -- "$tmp/teams"
grep -q '^coresweep sweep: --observe yes: teams is not observed: no parallel region' "$tmp/err" || fail 'why not'
echo 'ok a program whose teams alone open regions is told of, without a law'

sweep 0 --observe no -- "$tmp/loop"
same 'not asked for' 0 "$(count '"observed":\(true\|false\)')"
[ ! -e "$out/prediction.json" ] || fail 'no prediction'
sweep 0 -- true
same 'one try' '1 0' "$(count '"phase":"pilot"') $(count '"phase":"observed"')"
tells 'Not observed: no process of it used an OpenMP library that can be seen'
sweep 1 --observe yes -- true
grep -q '^coresweep sweep: --observe yes: true is not observed: no process' "$tmp/err" || fail 'why not'
sweep 2 --observe maybe -- true
same 'what is wanted' 'coresweep sweep: --observe maybe: want auto, yes or no' "$(cat "$tmp/err")"
if gcc -O1 -static -fopenmp -DTEAM= -o "$tmp/static" "$tmp/loop.c" 2>/dev/null; then
  sweep 0 -- "$tmp/static"
  tells 'Not observed: it is linked statically'
fi
cp "$tmp/loop" "$tmp/setuid"
chmod 711 "$tmp"
if chown nobody "$tmp/setuid" 2>"$tmp/said" && chmod u+s "$tmp/setuid" &&
  [ "$(LD_DEBUG=files "$tmp/setuid" 2>&1 | wc -l)" = 1 ]; then
  sweep 0 --check output -- "$tmp/setuid"
  tells 'Not observed: it is setuid or setgid, and the loader puts nothing in front of those.'
else
  echo 'skipped: a setuid program, for that takes root and a folder that allows it'
fi
if command -v musl-gcc >"$tmp/said"; then
  musl-gcc -O1 -o "$tmp/musl" "$tmp/loop.c"
  sweep 0 --check output -- "$tmp/musl"
  tells "Not observed: its loader is musl's, and puts nothing in front that is built for another library."
else
  echo "skipped: musl's loader, for there is no musl-gcc"
fi
# One that fails when it is observed, and else does not; what prepares it is not
# observed.
sweep 0 --prepare 'test -z "$CORESWEEP_OBSERVE$LD_PRELOAD"' -- sh -c 'test -z "$CORESWEEP_OBSERVE" || { echo no >&2; exit 3; }'
tells 'Not observed: with the observer in front it ended with status 3, saying: no.'
same 'timed all the same' 4 "$(count '"phase":"round".*"status":"ok"')"
run 0 sweep --resume "$out"
echo 'ok what is not observed is said, and why'

# Its library says why it refuses, in more than a line.
gcc -O1 -g -fopenmp -fsanitize=address -DFROM=1 -o "$tmp/teams" "$tmp/teams.c"
sweep 0 --observe auto -- "$tmp/teams"
tells 'Not observed: it is built with the address sanitizer, whose library has to be the first.'
echo 'ok a program with the address sanitizer is not observed, in one line'
