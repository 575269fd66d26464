#!/bin/sh
# Runs the eight experiments of kernels/README.md one after the other, as they are
# written there, and says how long each took.
# usage: experiments.sh [OUT]     (folder for the runs; a temporary one if none)
#        experiments.sh --list    their numbers and arguments, and nothing is run
set -eu

# shellcheck disable=SC2016 # Markdown's own quotes
list=$(sed -n '/^## Eight experiments/,/^## [^E]/s/^| \([0-9]\)\. .*| `s \(.*\)` |$/\1 \2/p' \
  kernels/README.md)
[ -n "$list" ] || { echo "experiments.sh: kernels/README.md has none" >&2; exit 1; }
out=${1:-}
if [ "$out" = --list ]; then
  printf '%s\n' "$list"
  exit
fi
if [ -z "$out" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
program=${BUILD:-build}/coresweep
printf '%s\n' "$list" | while read -r number arguments; do
  begin=$(date +%s)
  echo "== $number: $arguments"
  # shellcheck disable=SC2086 # several arguments
  "$program" sweep --quick --rounds 7 --report --out "$out/$number" $arguments </dev/null
  echo "== $number took $(($(date +%s) - begin)) s"
done
