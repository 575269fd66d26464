#!/bin/sh
# make fuzz and make tsan fail where something was found, and where what was
# planted was not: with a fuzzer and programs that only say so.
# usage: test_fuzz.sh
# shellcheck disable=SC2016 # variables of the fakes
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh

# program NAME: one that was built, from stdin.
program() {
  mkdir -p "$(dirname "$tmp/build/bench/tests/$1")"
  { echo '#!/bin/sh'; cat; } >"$tmp/build/bench/tests/$1"
  chmod +x "$tmp/build/bench/tests/$1"
}

# ---- fuzz.sh --------------------------------------------------------------

program fuzz/fuzzer <<'END'
echo "$CORESWEEP_FUZZ $*" >>"$calls"
echo "#7 NEW cov: 41 ft: 50"
echo "#8 NEW cov: 42 ft: 51"
echo "stat::number_of_executed_units: 1234"
case $CORESWEEP_FUZZ in
planted | "${BREAK:-none}")
  [ "$CORESWEEP_FUZZ" != "${BLIND:-none}" ] || exit 0
  echo 'x.c:1: runtime error: load of null pointer'
  echo 'Test unit written to ./crash-1'
  exit 77
  ;;
esac
END
fuzz() {
  exits "$1" env BUILD="$tmp/build" FUZZ_SECONDS="${seconds-5}" \
    BREAK="${break-none}" BLIND="${blind-none}" sh scripts/fuzz.sh plan csv
}
fuzz 0
says 'ok    plan           1234 executions, coverage 42'
says 'ok    csv            1234 executions, coverage 42'
says '2 targets, 5 s each: nothing found'
grep -q '^plan .*-max_total_time=5 .*-rss_limit_mb=.* .*/known/plan bench/tests/fuzz/corpus/plan$' "$calls" ||
  fail "a limit of time and of memory, what is known, the corpus: expected, got $(cat "$calls")"
break=plan fuzz 1
says 'FOUND plan           1234 executions, coverage 42'
says 'x.c:1: runtime error: load of null pointer'
says "again: CORESWEEP_FUZZ=plan $tmp/build/bench/tests/fuzz/fuzzer ./crash-1"
says 'ok    csv '
says '1 of 2 targets found something'
blind=planted fuzz 1
warns 'a mistake that was made on purpose was not found'
for seconds in 0 x 05; do
  fuzz 2
  warns "FUZZ_SECONDS=$seconds:"
done
unset seconds
echo 'ok fuzz.sh counts what was found, and what it must find'

# ---- tsan.sh --------------------------------------------------------------

cat >"$bin/ldd" <<'END'
#!/bin/sh
echo "  libomp.so.5 => $LIBRARY/libomp.so.5 (0x1)"
END
chmod +x "$bin/ldd"
: >"$tmp/libomp.so.5"
: >"$tmp/libarcher.so"
# A race in racy but where BREAK says so, and elsewhere where it does.
program tsan/racy <<'END'
[ "$OMP_TOOL_LIBRARIES" = "$LIBRARY/libarcher.so" ] || exit 3
[ "$1" != "$BREAK" ] || exit 0
echo 'WARNING: ThreadSanitizer: data race (pid=1)'
exit 66
END
program tsan/teams <<'END'
case $TSAN_OPTIONS in *suppressions=*) known=known ;; *) known= ;; esac
echo "teams $* $known" >>"$calls"
END
program tsan/observed <<'END'
[ -d "$1" ] || exit 3
END
program test_a <<'END'
[ "$BREAK" != test_a ] || echo 'WARNING: ThreadSanitizer: data race (pid=1)'
[ "$BREAK" != fails ] || exit 1
END
tsan() {
  exits "$1" env BUILD="$tmp/build" LIBRARY="${library-$tmp}" \
    BREAK="${break-none}" sh scripts/tsan.sh test_a
}
: >"$calls"
tsan 0
says 'ok    racy omp: found, as it must be'
says 'ok    racy handoff: found, as it must be'
says 'ok    test_a ('
says '0 failed'
same 'what suppresses races' 'teams omp:static omp:dynamic omp:guided textbook |teams omp:tasks known|' "$(tr '\n' '|' <"$calls")"
for race in omp handoff; do
  break=$race tsan 1
  warns "racy $race has a race that was not found"
done
for break in test_a fails; do
  tsan 1
  says 'FAIL  test_a'
  says '1 failed'
done
unset break
library=/nowhere tsan 1
warns 'no libarcher.so beside'
echo 'ok tsan.sh fails where there is a race, and where one is not seen'
