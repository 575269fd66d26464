#!/bin/sh
# rooms.sh goes red on each wrong include and on no right one; lint.sh calls
# every linter on every file, and fails when any of them does.
# usage: test_rooms.sh
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
command -v git >/dev/null || {
  echo '(git is not installed: rooms.sh and lint.sh are not looked at)'
  exit 0
}
mkdir "$tmp/tree"
cp -r scripts "$tmp/tree/"
cd "$tmp/tree"
git init -q .

# ---- rooms.sh -------------------------------------------------------------

# include FILE HEADER: makes the file, which includes that.
include() {
  mkdir -p "$(dirname "$1")"
  printf '#include <stdio.h>\n#include "%s"\n' "$2" >"$1"
  git add -A .
}
right() {
  include "$1" "$2"
  exits 0 sh scripts/rooms.sh
  silent "$1 includes $2"
  rm "$1"
  git add -A .
}
wrong() {
  include "$1" "$2"
  exits bad sh scripts/rooms.sh
  same 'what rooms.sh says' "$1: includes $2" "$(cat "$tmp/out")"
  rm "$1"
  git add -A .
}

include bench/main.c bench/commands/x.h
before=plan
for room in trial record sweep analyze report commands; do
  right "bench/$room/x.c" "bench/$room/y.h"
  right "bench/$room/x.h" "bench/$before/y.h"
  right "bench/$room/x.c" bench/plan/y.h
  wrong "bench/$before/x.c" "bench/$room/y.h"
  wrong "bench/plan/x.h" "bench/$room/y.h"
  before=$room
done
wrong bench/trial/variants/x.c bench/record/y.h
echo 'ok a room includes from itself and those before it'

right bench/trial/x.c kernels/kernel.h
wrong bench/trial/x.c kernels/cube.h
wrong bench/plan/x.c bench/tests/y.h
right bench/tests/x.c bench/report/y.h
right kernels/cube.c kernel.h
right kernels/cube.c cube_loop.h
wrong kernels/cube.c spin_loop.h
wrong kernels/cube.c bench/plan/y.h
echo 'ok kernels include kernel.h and what is their own'

# ---- lint.sh --------------------------------------------------------------

for tool in clang-format clang-tidy cppcheck shellcheck make; do
  fake "$tool" <<'FAKE'
[ "$(basename "$0") $*" != "$BREAK" ] && [ "$(basename "$0")" != "$BREAK" ] || {
  echo "what $(basename "$0") found"
  exit 1
}
FAKE
done
include kernels/cube.c kernel.h
include bench/plan/a.h bench/plan/b.h
include bench/tests/t.c bench/plan/a.h
exits 0 env BREAK=none sh scripts/lint.sh
says 'lint: all clean'
called 'clang-format [--dry-run] [--Werror] [bench/main.c] [bench/tests/t.c] [kernels/cube.c] [bench/plan/a.h]'
for compiler in gcc clang; do
  called "make [-s] [-j$(nproc)] [CC=$compiler] [BUILD=build-lint-$compiler] [EXTRA=-Werror] [all] [tests]"
done
called "make [-s] [-j$(nproc)] [CC=gcc] [BUILD=build-lint-frames] [EXTRA=-Werror -Wframe-larger-than=32768] [all]"
grep -q '^clang-tidy .*\[bench/main.c\] \[kernels/cube.c\] \[--\] ' "$calls" || fail 'clang-tidy looks at every file'
grep -q '^cppcheck .*\[--error-exitcode=1\] .*\[bench/main.c\] \[kernels/cube.c\]$' "$calls" || fail 'cppcheck looks at every file'
grep -q '^shellcheck \[-x\] .*\[scripts/lint.sh\]' "$calls" || fail 'shellcheck looks at the scripts'
for tool in clang-format clang-tidy cppcheck shellcheck make \
  "make -s -j$(nproc) CC=clang BUILD=build-lint-clang EXTRA=-Werror all tests"; do
  exits bad env BREAK="$tool" sh scripts/lint.sh
  cat "$tmp/out" "$tmp/err" >"$tmp/both"
  ! grep -q 'all clean' "$tmp/both" || fail "not clean where $tool fails"
  grep -q "^what ${tool%% *} found" "$tmp/both" || fail "what $tool found is shown"
done
include bench/plan/a.h bench/report/b.h
exits bad env BREAK=none sh scripts/lint.sh
says 'bench/plan/a.h: includes bench/report/b.h'
echo 'ok lint.sh fails where a linter does'
