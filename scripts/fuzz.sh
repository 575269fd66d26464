#!/bin/sh
# Feeds each target of bench/tests/fuzz/ with what libFuzzer makes of its corpus,
# and says how many inputs were tried and how much of the program they reached.
# Fails where one found something, and where the fuzzer does not find a mistake
# that was made on purpose.
# usage: fuzz.sh [TARGET...]     (all of them)
#   $BUILD          where the fuzzer lies (build-fuzz); beside it, in fuzz/, what
#                   it has come to know, kept for the next time
#   $FUZZ_SECONDS   how long each target (600)
set -eu
build=${BUILD:-build-fuzz}
seconds=${FUZZ_SECONDS:-600}
fuzzer=$build/bench/tests/fuzz/fuzzer
seeds=bench/tests/fuzz/corpus
case $seconds in
*[!0-9]* | 0*)
  echo "fuzz.sh: FUZZ_SECONDS=$seconds: a whole number of seconds is wanted, from 1 on" >&2
  exit 2
  ;;
esac

tmp=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill "$running"; rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# fuzz TARGET SECONDS FOLDER...: with what it says in $tmp/log; what it finds
# goes to $build/fuzz/found/TARGET/.  In the background, so that a signal is
# heard here at once.
fuzz() {
  target=$1
  limit=$2
  shift 2
  mkdir -p "$build/fuzz/found/$target"
  CORESWEEP_FUZZ=$target "$fuzzer" -max_total_time="$limit" -timeout=20 \
    -rss_limit_mb=1024 -malloc_limit_mb=512 -print_final_stats=1 \
    -artifact_prefix="$build/fuzz/found/$target/" "$@" >"$tmp/log" 2>&1 &
  running=$!
  status=0
  wait "$running" || status=$?
  running=
  return "$status"
}

# The last number behind a word of the log.
number() {
  sed -n "s/.*$1 *\([0-9][0-9]*\).*/\1/p" "$tmp/log" | tail -1
}

mkdir -p "$tmp/planted"
echo '{"results": [{"share": 0.5, "bound": "memory"}]}' >"$tmp/planted/seed"
if fuzz planted 60 "$tmp/planted"; then
  echo 'fuzz.sh: a mistake that was made on purpose was not found: nothing is to be believed' >&2
  exit 1
fi
grep -q 'null pointer' "$tmp/log" || {
  cat "$tmp/log" >&2
  exit 1
}
rm -rf "$build/fuzz/found/planted"

[ $# -gt 0 ] || set -- "$seeds"/*/
found=0
for name in "$@"; do
  name=$(basename "$name")
  mkdir -p "$build/fuzz/known/$name"
  status=0
  fuzz "$name" "$seconds" "$build/fuzz/known/$name" "$seeds/$name" || status=$?
  file=$(sed -n 's/.*Test unit written to //p' "$tmp/log" | tail -1)
  printf '%-5s %-9s %9s executions, coverage %s\n' \
    "$([ "$status" = 0 ] && echo ok || echo FOUND)" "$name" \
    "$(number 'stat::number_of_executed_units:')" "$(number ' cov:')"
  [ "$status" != 0 ] || continue
  found=$((found + 1))
  grep -a -E '^(fuzz|SUMMARY|.*ERROR|.*runtime error)' "$tmp/log" | sed 's/^/      /' || cat "$tmp/log"
  [ -z "$file" ] || echo "      again: CORESWEEP_FUZZ=$name $fuzzer $file"
done
[ "$found" = 0 ] || {
  echo "$found of $# targets found something"
  exit 1
}
echo "$# targets, $seconds s each: nothing found"
