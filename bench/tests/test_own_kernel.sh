#!/bin/sh
# A kernel of one's own: the README's example, as it is printed there, is built
# by `make EXTRA_KERNELS=`, and passes the tests that every kernel passes; one
# that lacks something is refused by name before anything runs.
# usage: test_own_kernel.sh ($CORESWEEP: the program, in a folder that it was
#                           built in)
#
# In a copy of that folder, so that what is built already need not be again.
set -eu
. bench/tests/fixture.sh

build=$tmp/build
mkdir "$tmp/mine" "$tmp/other"
folder=$(dirname "$coresweep")
cp -a "$folder" "$build"
coresweep=$build/coresweep

# example FILE: the first block of code of the README's section
example() {
  awk '/^## / { there = /^## Your own kernel/ }
       there && /^    #include/ { code = 1 }
       code && !/^    / { exit }
       code { print substr($0, 5) }' README.md >"$1"
  grep -q 'const struct kernel kernel_square' "$1" || fail "the README has its example"
}

# build STATUS FILE TARGET...: with these kernels
build() {
  wanted=$1
  kernels=$2
  shift 2
  status=0
  make BUILD="$build" EXTRA_KERNELS="$kernels" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  [ "$status" = "$wanted" ] || fail "make EXTRA_KERNELS=$kernels $*: exit status $wanted expected, got $status"
}

example "$tmp/mine/square.c"
tests='common input'
# shellcheck disable=SC2046,SC2086 # lists of words
build 0 "$tmp/mine/square.c" "$coresweep" $(printf "$build/bench/tests/test_kernels_%s " $tests)
grep -q '  CC .*mine/square.c' "$tmp/out" || fail "square.c expected to be compiled, got: $(cat "$tmp/out")"
! cmp -s "$build/flags" "$folder/flags" || # with other flags, all is built
  [ "$(grep -c '  CC ' "$tmp/out")" -le 4 ] || fail "only what depends on it expected to be compiled: $(cat "$tmp/out")"
echo 'ok the README builds its example, as printed'

for test in $tests; do
  "$build/bench/tests/test_kernels_$test" >"$tmp/out" 2>"$tmp/err" ||
    fail "test_kernels_$test: $(grep -v '^\[ RUN\|^\[       OK' "$tmp/out")"
  grep -q '^  square/' "$tmp/err" || fail "test_kernels_$test tests square"
done
CORESWEEP=$coresweep sh bench/tests/test_variants.sh square >"$tmp/out" 2>"$tmp/err" ||
  fail "test_variants.sh square: $(cat "$tmp/out")"
grep -q '^ok square' "$tmp/out" || fail "test_variants.sh runs square"
echo "ok the README's example passes the tests of every kernel"

build 0 "$tmp/mine/square.c" asm KERNEL=square
grep -q '^run: [1-9][0-9]* innermost loop' "$tmp/out" || fail "make asm KERNEL=square shows its loops: $(cat "$tmp/out")"
build 2 "$tmp/mine/square.c" asm KERNEL=cuboid
grep -q "no kernel 'cuboid'; kernels are: .*cube .*square" "$tmp/err" || fail "make asm names the kernels that it knows"
find "$build" -name square.o | grep -q . || fail "the object lies where everything built does"
[ ! -e "$tmp/mine/square.o" ] || fail "no object expected beside the source"
echo 'ok make asm knows it, and its object lies where everything built does'

# Another one of that name, and older; the first is gone.
sed 's/"Squares"/"Other squares"/' "$tmp/mine/square.c" >"$tmp/other/square.c"
touch -d '2001-01-01' "$tmp/other/square.c"
rm "$tmp/mine/square.c"
build 0 "$tmp/other/square.c" "$coresweep"
run 0 list kernels
grep -q '^square: Other squares' "$tmp/out" || fail "the other square expected: $(cat "$tmp/out")"
build 2 "$tmp/mine/square.c" "$coresweep"
grep -q 'mine/square.c is no file' "$tmp/err" || fail "make names the file that is missing"
# Libraries of its own: it is linked anew, and they are there.
sed 's/"Other squares"/(const char[]){"Squares by zlib"}/
     s/^static bool verify/extern const char *zlibVersion(void);\n&/
     s/  (void)total;/  if (!zlibVersion()) return false;\n&/' "$tmp/other/square.c" >"$tmp/mine/square.c"
build 2 "$tmp/mine/square.c" "$coresweep"
build 0 "$tmp/mine/square.c" "$coresweep" LDLIBS=-lz
run 0 trial -k square
echo 'ok another file, or other libraries, build what they must'

# spoilt MEMBER SED: without a member
spoilt() {
  sed "$2" "$tmp/other/square.c" >"$tmp/mine/square.c"
  ! cmp -s "$tmp/mine/square.c" "$tmp/other/square.c" || fail "$2 changes nothing"
  build 0 "$tmp/mine/square.c" "$coresweep"
  for command in list "trial -k cube" "sweep --kernels cube --out $tmp/run"; do
    # shellcheck disable=SC2086 # words
    run 1 $command
    [ "$(wc -l <"$tmp/err")" = 1 ] || fail "$command without $1: one line expected"
    grep -q "^coresweep: .*$tmp/mine/square.c.*: member \`$1\` is missing: " "$tmp/err" ||
      fail "$command without $1: its name expected"
    [ ! -s "$tmp/out" ] || fail "$command without $1: no output expected"
    [ ! -e "$tmp/run" ] || fail "$command without $1: no folder expected"
  done
}
spoilt verify 's/, .verify = verify//; s/^static bool verify/__attribute__((unused)) &/'
spoilt name 's/.name = "square", //'
spoilt shape.grain 's/, .grain = 10000//'
spoilt items 's/, .items = "integers"//'
echo 'ok a kernel that lacks something is refused by name, and nothing runs'

build 0 '' "$coresweep"
run 0 list kernels
! grep -q '^square' "$tmp/out" || fail "square expected to be gone"
echo 'ok without EXTRA_KERNELS it is gone'
