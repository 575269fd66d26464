#!/bin/sh
# Runs clang-tidy over some files; prints only what it has to say.
# usage: tidy.sh FILE.c...
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
clang-tidy --quiet "$@" -- -std=c17 -D_GNU_SOURCE -fopenmp -I. \
  '-DCORESWEEP_VERSION=""' '-DCORESWEEP_FLAGS=""' \
  '-DCORESWEEP_REVISION=""' >"$log" 2>/dev/null || {
  cat "$log" >&2
  exit 1
}
