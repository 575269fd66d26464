#!/bin/sh
# What `make lint` does: formatting, warnings as errors with gcc and with
# clang, clang-tidy, cppcheck, shellcheck, and the rooms' order of includes; of
# all files, also those that git does not know yet.
# usage: lint.sh            (in the project's folder)
set -eu

sources=$(sh scripts/sources.sh '*.c')
headers=$(sh scripts/sources.sh '*.h')
tests='^bench/tests/\(fixtures/\)\{0,1\}[^/]*$' # and not what lies in perf/
say() { printf 'lint: %s\n' "$*"; }

say "clang-format"
# shellcheck disable=SC2086 # lists of plain names
clang-format --dry-run --Werror $sources $headers

for compiler in gcc clang; do
  say "warnings, $compiler"
  make -s -j"$(nproc)" CC=$compiler BUILD=build-lint-$compiler EXTRA=-Werror \
    all tests
done

# What a small stack has to hold (bench/plan/stacks.c); tests may have more.
say "large frames"
make -s -j"$(nproc)" CC=gcc BUILD=build-lint-frames \
  EXTRA='-Werror -Wframe-larger-than=32768' all

say "clang-tidy"
printf '%s\n' "$sources" | grep -v "$tests" |
  xargs -P "$(nproc)" -n 6 sh scripts/tidy.sh

say "cppcheck"
# shellcheck disable=SC2046
cppcheck --quiet --std=c11 --language=c --error-exitcode=1 --inline-suppr \
  --enable=warning,performance,portability -j "$(nproc)" -I. \
  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
  $(printf '%s\n' "$sources" | grep -v "$tests")

say "shellcheck"
sh scripts/sources.sh '*.sh' '.ci/run' | xargs shellcheck -x

say "includes follow the order of the rooms"
sh scripts/rooms.sh
say "all clean"
