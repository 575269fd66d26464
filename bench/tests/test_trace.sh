#!/bin/sh
# trial --trace writes what test_trace can read: a track for the caller and one
# for each worker; beside what is printed, and nothing where the trial failed.
# usage: test_trace.sh      ($CORESWEEP: the program; $BUILD: where test_trace is)
# shellcheck disable=SC2154 # of fixture.sh
set -eu
. bench/tests/fixture.sh

tracks() {
  want=$1
  shift
  run 0 trial --kernel spin --size 2000 --oversubscribe "$@" \
    --trace "$tmp/trace.json"
  same "tracks of $*" "$want tracks" \
    "$("${BUILD:-build}/bench/tests/test_trace" "$tmp/trace.json")"
}
tracks 2 --variant serial
tracks 4 --variant omp:dynamic --workers 3
tracks 3 --variant pool:static --workers 2
tracks 3 --variant fork:static --workers 2 --json
tracks 1 --variant omp:static --workers 2 --no-stamps
echo 'ok traces of trials'

rm "$tmp/trace.json"
run 1 trial --kernel spin --size 2000 --expect 0123456789abcdef \
  --trace "$tmp/trace.json"
[ ! -e "$tmp/trace.json" ] || fail 'a trial that failed has no trace'
run 1 trial --kernel spin --size 2000 --trace "$tmp/no/trace.json"
grep -q 'no/trace.json' "$tmp/err" || fail 'a trace that cannot be written is named'
echo 'ok no trace'
