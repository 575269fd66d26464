#!/bin/sh
# The Makefile builds what has changed and nothing else, finds what is new, and
# hands its variables on: on a small tree of the same shape, with the machine's
# own compiler and make.
# usage: test_makefile.sh
# shellcheck disable=SC2016 # variables of the scripts that are made here
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
compiler=${CC:-cc}
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CORESWEEP CC CFLAGS ARCH \
  CPPFLAGS LDFLAGS LDLIBS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE \
  EXTRA V KERNELS VARIANTS WORKERS BUDGET OUT MACHINE A B QUICK CLASS KERNEL || :
mkdir "$tmp/tree"
cp -r Makefile scripts "$tmp/tree/"
cd "$tmp/tree"
make() { command make CC="$compiler" "$@"; }
# As `env` starts it, with what is in the environment.
cat >"$bin/make_plain" <<SH
#!/bin/sh
exec make CC='$compiler' "\$@"
SH
chmod +x "$bin/make_plain"

# ---- A small tree ---------------------------------------------------------

mkdir -p kernels bench/plan bench/record bench/trial/variants \
  bench/trial/transports bench/tests/fixtures
cat >kernels/kernel.h <<'TEXT'
#include <stddef.h>
struct kernel { const char *name; };
TEXT
cat >bench/trial/variants/variant.h <<'TEXT'
struct variant { const char *name; };
TEXT
cat >bench/trial/transports/transport.h <<'TEXT'
struct transport { const char *name; };
TEXT
cat >bench/plan/registry.h <<'TEXT'
extern const struct kernel *const registry_kernels[];
extern const struct variant *const registry_variants[];
extern const char *const registry_kernel_files[];
extern const struct transport *const registry_transports[];
extern const char *const registry_transport_names[];
TEXT
kernel() {
  printf '#include "kernels/kernel.h"\nextern const struct kernel kernel_%s;\nconst struct kernel kernel_%s = {"%s"};\n' "$2" "$2" "$2" >"$1/$2.c"
}
variant() {
  printf '#include "bench/trial/variants/variant.h"\nextern const struct variant variant_%s;\nconst struct variant variant_%s = {"%s"};\n' "$1" "$1" "$1" >"bench/trial/variants/$1.c"
}
kernel kernels one
kernel bench/tests/fixtures bad
variant plain
echo 'int width(void);' >bench/plan/budget.h
printf '#include "bench/plan/budget.h"\nint width(void) { return 1; }\n' >bench/plan/width.c
cat >bench/trial/transports/pipe.c <<'TEXT'
#include "bench/trial/transports/transport.h"
extern const struct transport transport_pipe;
const struct transport transport_pipe = {"pipe"};
TEXT
cat >bench/record/build.c <<'TEXT'
extern const char built[];
const char built[] = CORESWEEP_FLAGS "|" CORESWEEP_REVISION "|" CORESWEEP_VERSION;
TEXT
# Without arguments it says what it is made of; with some, which.
cat >bench/main.c <<'TEXT'
#include "bench/plan/registry.h"
#include "bench/plan/budget.h"
#include "bench/trial/variants/variant.h"
#include "kernels/kernel.h"
#include <stdio.h>
extern const char built[];
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    printf("[%s]%s", argv[i], i + 1 < argc ? " " : "\n");
  for (int i = 0; argc == 1 && registry_kernels[i]; i++)
    printf("%s ", registry_kernels[i]->name);
  for (int i = 0; argc == 1 && registry_variants[i]; i++)
    printf("%s ", registry_variants[i]->name);
  if (argc == 1)
    printf("%s\n", built);
  return width() - 1;
}
TEXT
# Scripts that the Makefile calls write down how.
note_calls() {
  # shellcheck disable=SC2016 # the script's own
  printf '#!/bin/sh\n{ echo "%s:"; printf " [%%s]" "$@"; echo; %s; } >>"$calls"\n' \
    "$1" "${2:-:}" >"$1"
}
note_calls scripts/deps.sh
printf '/build*\n' >.gitignore
git=$(command -v git || :)
[ -z "$git" ] || git init -q .
commit() {
  git add -A .
  git -c user.name=t -c user.email=t -c commit.gpgsign=false commit -q -m "$1"
}
[ -z "$git" ] || commit one
program() { build/coresweep | sed 's/ *|/|/g'; }
revision() { git describe --always --dirty --abbrev=10 2>/dev/null || echo unknown; }

# built WORDS ARGUMENT...: make says just these CC and LINK lines, sorted.
built() {
  expected=$1
  shift
  exits 0 make ARCH= "$@"
  got=$(sed -n 's/^  \(CC\|LINK\) *\(.*\)/\2/p' "$tmp/out" | sort | tr '\n' ' ')
  same "built by make $*" "$expected" "${got% }"
}
all='bench/main.c bench/plan/width.c bench/record/build.c bench/trial/transports/pipe.c bench/trial/variants/plain.c build/coresweep build/coresweep-observe.so build/registry.o kernels/one.c'

# ---- What is built --------------------------------------------------------

built "$all"
same 'the program' "one plain -O3|$(revision)|0.1.0" "$(program)"
built ''
echo 'ok make builds all, and then nothing'

for change in CFLAGS=-O1 EXTRA=-DX=1 "CC=$compiler -DY=1" ; do
  built "$all" "$change"
  built '' "$change"
  built "$all"
done
built "$all" CFLAGS=-O2
case $(program) in *' -O2|'*) ;; *) fail 'the program knows its flags' ;; esac
exits 0 make ARCH=native
march=$(program | sed -n 's/.*-O3 \(-march=native\)|.*/\1/p')
same 'with ARCH=native' "$(echo 'int x;' | $compiler -march=native -x c -c -o /dev/null - 2>/dev/null && echo -march=native)" "$march"
exits 2 make ARCH=no-such-machine
warns "*** ARCH=no-such-machine: $compiler takes no -march=no-such-machine; ARCH= for none"
exits 0 env ARCH=no-such-machine make_plain -s
warns "ARCH=no-such-machine of the environment: $compiler takes no -march=no-such-machine; taken: native"
same 'with an ARCH that was meant for another' "$march" "$(program | sed -n 's/.*-O3 \(-march=native\)|.*/\1/p')"
exits 0 make -s ARCH=no-such-machine clean BUILD=build-none
silent 'make clean, whatever ARCH is'
exits 0 env ARCH= make_plain -s
same 'with an empty ARCH in the environment' "one plain -O3|$(revision)|0.1.0" "$(program)"
exits 0 env CFLAGS="-O1 $march" ARCH=no-such-machine make_plain -s
silent 'make -s, with a -march in CFLAGS'
same 'with a -march in CFLAGS' "one plain -O1 $march|$(revision)|0.1.0" "$(program | sed 's/1  */1 /')"
if [ -n "$march" ]; then
  fake cc-without <<'FAKE'
case " $* " in *' -march=native '*) exit 1 ;; esac
exec $compiler "$@"
FAKE
  exits 0 env compiler="$compiler" make -s CC=cc-without
  warns 'cc-without takes no -march=native: built without'
fi
built "$all"
echo 'ok other flags, another compiler: everything is built anew'

exits 0 env CPPFLAGS=-DFROM=1 CFLAGS='-O1 -DCFROM="c d"' LDFLAGS='-Wl,--defsym=from=1' make_plain ARCH= V=1
for words in ' -DFROM=1 -O1 -DCFROM="c d" ' ' -Wl,--defsym=from=1 -o build/coresweep '; do
  says "$words"
done
same 'flags of the environment' \
  "one plain -DFROM=1 -O1 -DCFROM=\"c d\" -DX='1' -Wl,--defsym=from=1|$(revision)|0.1.0" \
  "$(CPPFLAGS=-DFROM=1 CFLAGS='-O1 -DCFROM="c d"' LDFLAGS='-Wl,--defsym=from=1' make_plain -s ARCH= EXTRA="-DX='1'" >/dev/null && program)"
built "$all"
built 'bench/record/build.c build/coresweep build/registry.o' LDFLAGS=-Wl,--defsym=from=1
built '' LDFLAGS=-Wl,--defsym=from=1
built 'bench/record/build.c build/coresweep build/registry.o'
echo 'ok conventional variables, from the environment and from the command line'

if [ -n "$git" ]; then
  echo again >note
  commit two
  built 'bench/record/build.c build/coresweep'
  same 'the program, later' "one plain -O3|$(revision)|0.1.0" "$(program)"
  built ''
  echo changed >note
  built 'bench/record/build.c build/coresweep'
  case $(program) in *-dirty\|*) ;; *) fail "a changed file is seen: $(program)" ;; esac
  commit three
  built 'bench/record/build.c build/coresweep'
  echo 'ok another revision: one file is built'

  # An archive of it, unpacked in another's tree, with a hook's variables
  mkdir "$tmp/other" "$tmp/other/archive"
  git archive HEAD | tar -xf - -C "$tmp/other/archive"
  git init -q "$tmp/other"
  (cd "$tmp/other" && commit theirs)
  exits 0 make -s -C "$tmp/other/archive" ARCH=
  same "revision in another's tree" 'one plain -O3|unknown|0.1.0' "$(cd "$tmp/other/archive" && program)"
  exits 0 env GIT_DIR="$tmp/other/.git" GIT_WORK_TREE="$tmp/other" make_plain -s ARCH=
  same "revision in another's hook" "one plain -O3|$(revision)|0.1.0" "$(program)"
  exits 0 env GIT_DIR="$tmp/other/.git" GIT_WORK_TREE="$tmp/other" make_plain -s -C "$tmp/other/archive" ARCH=
  same "an archive in another's hook" 'one plain -O3|unknown|0.1.0' "$(cd "$tmp/other/archive" && program)"
  git worktree add -q --detach "$tmp/beside" HEAD
  exits 0 make -s -C "$tmp/beside" ARCH=
  same 'revision of a second worktree' "one plain -O3|$(revision)|0.1.0" "$(cd "$tmp/beside" && program)"
  git worktree remove --force "$tmp/beside"
  echo 'ok the revision is that of its own tree'
else
  echo '(git is not installed: revisions are not looked at)'
fi

touch bench/plan/budget.h
built 'bench/main.c bench/plan/width.c build/coresweep'
touch kernels/one.c
built 'build/coresweep kernels/one.c'
echo 'ok a header is a reason for those that include it'

kernel kernels two
variant fancy
sed 's/pipe/socket/g' bench/trial/transports/pipe.c >bench/trial/transports/socket.c
exits 0 make ARCH=
for file in kernels/two.c bench/trial/variants/fancy.c bench/trial/transports/socket.c \
  build/registry.o build/coresweep; do
  says " $file"
done
says 'CC    build/registry.o'
! grep -q 'kernels/one.c' "$tmp/out" || fail 'the other kernel is as it was'
case $(program) in 'one two fancy plain '*) ;; *) fail "what is new is in the program: $(program)" ;; esac
mkdir "$tmp/elsewhere"
kernel "$tmp/elsewhere" guest
exits 0 make ARCH= EXTRA_KERNELS="$tmp/elsewhere/guest.c"
case $(program) in *'guest '*) ;; *) fail 'a kernel from elsewhere is in the program' ;; esac
rm kernels/two.c bench/trial/variants/fancy.c
exits 0 make ARCH=
case $(program) in 'one plain '*) ;; *) fail "what is gone is not in the program: $(program)" ;; esac
built ''
echo 'ok files are found, and missed'

exits 0 make ARCH= CFLAGS=-O1 V=1
for words in -std=c17 ' -O1 ' ' -fopenmp ' ' -Wall -Wextra '; do says "$words"; done
says ' -c -o build/kernels/one.o kernels/one.c'
says ' -lhwloc -ljansson -ldl -lm'
! grep -q '^  \(CC\|LINK\) ' "$tmp/out" || fail 'V=1 shows commands, not words'
for quiet in V=0 V=; do
  touch kernels/one.c
  exits 0 make ARCH= CFLAGS=-O1 "$quiet"
  same "what make $quiet says" '  CC    kernels/one.c
  LINK  build/coresweep' "$(cat "$tmp/out")"
done
exits 0 make -s ARCH= CFLAGS=-O2
silent 'make -s'
exits 0 make -s ARCH= CFLAGS=-O2
silent 'make -s, once more'
touch kernels/one.c
exits 0 make ARCH= CFLAGS=-O2
same 'what make says' '  CC    kernels/one.c
  LINK  build/coresweep' "$(cat "$tmp/out")"
printf 'int x\n' >kernels/broken.c
exits bad make ARCH=
rm kernels/broken.c
echo 'ok V=1 shows commands, -s nothing'

exits 0 make ARCH= BUILD=build-other
[ -x build-other/coresweep ] || fail 'BUILD says where'
exits 0 make ARCH= BUILD=build-other clean
[ ! -e build-other ] || fail 'clean removes what BUILD names'
[ -e build/coresweep ] || fail 'clean removes nothing else'

for folder in '' ' ' 'a b' 'a$$b' "a'b" 'a:b' 'a%b' 'a#b' 'a;b' 'a*' -a; do
  exits 2 make ARCH= BUILD="$folder"
  warns 'want one folder'
done
for folder in . ./ .. ../tree "$PWD" "$tmp" / kernels bench/plan; do
  for target in all clean; do
    exits 2 make ARCH= BUILD="$folder" "$target"
    warns "*** BUILD=$folder: "
    warns 'want a folder of its own'
  done
done
[ -e kernels/one.c ] || fail 'clean removes no sources'
exits 0 make ARCH= BUILD="$tmp/b.u-i_l+d@1"
[ -x "$tmp/b.u-i_l+d@1/coresweep" ] || fail 'BUILD may lie elsewhere'
rm -r "$tmp/b.u-i_l+d@1"
exits 2 make -f "$tmp/tree/Makefile" -C /
warns "make has to run in the project's folder"
echo 'ok BUILD is a folder of its own'

mkdir "$tmp/a \$b 'c"
cp -r Makefile scripts kernels bench "$tmp/a \$b 'c"
exits 0 make -s -C "$tmp/a \$b 'c" ARCH=
silent 'make in a folder with blanks, $ and a quote'
exits 0 "$tmp/a \$b 'c/build/coresweep"
(umask 077 && make -s ARCH= BUILD=build-mine) || fail 'make under umask 077'
exits 0 build-mine/coresweep
exits 0 env LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 make -s ARCH= BUILD=build-mine -B
exits 0 make -n -B ARCH= BUILD=build-none
says 'build-none/coresweep'
[ ! -e build-none/flags ] || fail 'make -n builds nothing'
printf 'int x\n' >kernels/broken.c
exits 2 make -k ARCH= BUILD=build-keep
for object in kernels/one.o bench/main.o; do
  [ -e "build-keep/$object" ] || fail "make -k builds $object"
done
rm kernels/broken.c
exits 0 env MAKEFLAGS='-j3 --no-print-directory' make_plain -s ARCH= BUILD=build-mine -B
silent 'make with flags in MAKEFLAGS'
rm -r build-mine build-keep
touch -d '2 days' kernels/one.c
exits 0 make ARCH=
exits 0 build/coresweep
touch kernels/one.c
exits 0 make ARCH=
echo 'ok odd folders, flags, masks and clocks'

# ---- What is handed on ----------------------------------------------------

# bench [WORD]... ARGUMENT...: the program's arguments, and MACHINE
: >"$calls"
exits 0 make ARCH= bench KERNELS="k  o'ne" VARIANTS='v two' WORKERS=1,2 BUDGET=9s \
  OUT=o QUICK=1 CLASS=1
called ' [--stamp] [build/deps] [bench]'
same 'make bench' "[bench] [--workers] [1,2] [--out] [o] [--kernels] [k  o'ne] [--variants] [v two] [--budget] [9s] [--quick] [--class] [1]" "$(cat "$tmp/out")"
exits 0 make -s ARCH= bench QUICK=0 CLASS=0
same 'make bench' '[bench]' "$(cat "$tmp/out")"
exits 0 make -s ARCH= bench WORKERS=1,2 KERNELS=k QUICK=1 PROGRAM="./p {workers} 'a b'"
same 'make bench of a program' "[bench] [--workers] [1,2] [--program] [./p {workers} 'a b'] [--budget] [17s]" "$(cat "$tmp/out")"
exits 0 make -s ARCH= bench PROGRAM=./p BUDGET=9s
same 'make bench of a program' "[bench] [--program] [./p] [--budget] [9s]" "$(cat "$tmp/out")"
exits 0 make -s ARCH= bench PROGRAM=./p
same 'make bench of a program' "[bench] [--program] [./p]" "$(cat "$tmp/out")"
exits 0 make -n ARCH= bench MACHINE="my 'box"
says "MACHINE='my '\\''box' build/coresweep bench"
echo 'ok make bench hands its variables to the program'

# What ends with an answer shows no lines of what is compiled, but what is wrong.
says_nothing() {
  ! grep -q 'CC  \|LINK  \|compiling' "$tmp/out" "$tmp/err" || fail "make $*: no lines of the compiler expected, got: $(cat "$tmp/out")"
}
touch kernels/one.c
exits 0 make ARCH= bench
says_nothing bench
printf '#warning "look here"\n' >>kernels/one.c
exits 0 make ARCH= bench
says_nothing bench
grep -q 'look here' "$tmp/err" || fail 'a warning is seen'
sed -i '/look here/d' kernels/one.c
exits 0 make ARCH= bench V=1
says ' -c -o build/kernels/one.o kernels/one.c'
if command -v script >/dev/null; then
  touch kernels/one.c
  script -qec "make_plain ARCH= bench" "$tmp/terminal" >/dev/null 2>&1 </dev/null
  grep -q "compiling: file [0-9]" "$tmp/terminal" || fail "a counter expected on a terminal, got: $(cat "$tmp/terminal")"
  ! grep -q 'CC  ' "$tmp/terminal" || fail 'a counter instead of lines'
fi
echo 'ok make bench compiles without a line'

# TARGET WORDS ARGUMENT...: the program's arguments
runs() {
  target=$1 expected=$2
  shift 2
  exits 0 make -s ARCH= "$target" "$@"
  same "make $target $*" "$expected" "$(cat "$tmp/out")"
}
runs overheads '[overheads] [--workers] [1,2] [--out] [o] [--quick]' WORKERS=1,2 OUT=o QUICK=1
runs overheads '[overheads]' QUICK=0
runs compare '[compare] [x] [y]' A=x B=y
runs compare '[compare]'
runs aa '[aa]'
runs compare "[compare] [it's] [a b]" A="it's" B='a b'
runs overheads "[overheads] [--out] [it's]" OUT="it's"
runs probe '[probe] [--workers] [1,2] [--out] [o]' WORKERS=1,2 OUT=o
runs probe '[probe]'
echo 'ok other targets hand them to the program'

note_calls scripts/asm.sh
: >"$calls"
exits 0 make ARCH= asm KERNEL=one
called ' [one] [build/kernels/one.o] [one]'
exits 0 make ARCH= asm KERNEL=absent
called ' [absent] [] [one]'
note_calls scripts/lint.sh
note_calls scripts/opt_table.sh 'echo "MACHINE=$MACHINE"'
exits 0 make ARCH= lint
called ' [--stamp] [build/deps] [lint]'
called scripts/lint.sh:
echo 'ok scripts are called with what they need'

exits 0 make -n ARCH= opt-build-clang-O3-native
says 'CC=clang'
says 'CFLAGS=-O3 ARCH=native BUILD=build/opt/clang-O3-native all'
exits 0 make -n ARCH= opt-build-gcc-O0
says 'CFLAGS=-O0 ARCH= BUILD=build/opt/gcc-O0 all'
mkdir -p bench/tests/perf bench/tests/programs bench/tests/observe bench/observe/library
for part in check told lives plugin constructs constructs_regions constructs_loops \
  constructs_locks constructs_tasks constructs_old; do
  echo 'int main(void) { return 0; }' >"bench/tests/observe/$part.c"
done
printf 'extern int read_it;\nint read_it;\n' >bench/observe/observed_read.c
echo "int main(void) { return 0; }" >bench/tests/programs/known.c
for part in gates rooflines textbook bare zlib_rate observe_cost events observed; do
  echo 'int main(void) { return 0; }' >"bench/tests/perf/$part.c"
done
for part in measure gate setup; do
  printf 'extern int %s;\nint %s;\n' "$part" "$part" >"bench/tests/perf/$part.c"
done
exits 0 make -n sanitize
says "BUILD=build-sanitize CFLAGS='-O1 -g' ARCH="
says "-Werror -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p bench/tests/fuzz bench/tests/tsan
for part in fuzz/fuzzer fuzz/target tsan/racy tsan/teams tsan/observed test_threads \
  test_records test_stats; do
  : >"bench/tests/$part.c"
done
for part in team sums file module callers clock; do
  : >"bench/observe/library/$part.c"
done
exits 0 make -n fuzz FUZZ_SECONDS=7 FUZZ_TARGETS='plan csv'
says 'CC=clang BUILD=build-fuzz'
says '-fsanitize=fuzzer-no-link'
says "BUILD='build-fuzz' FUZZ_SECONDS='7' sh scripts/fuzz.sh plan csv"
exits 0 make -n tsan
says "CC=clang BUILD=build-tsan CFLAGS='-O1 -g' ARCH= EXTRA='-Werror -fsanitize=thread'"
says "BUILD='build-tsan' sh scripts/tsan.sh test_threads"
rm -r bench/tests/fuzz bench/tests/tsan bench/observe/library bench/tests/test_*.c
echo 'ok other builds have flags and folders of their own'

# ---- Tests are found ------------------------------------------------------

echo 'int main(void) { return 0; }' >bench/tests/test_a.c
echo 'int main(void) { return 0; }' >bench/tests/test_b.c
echo 'extern int helper; int helper;' >bench/tests/helper.c
: >bench/tests/test_c.sh
note_calls bench/tests/run.sh 'echo "$BUILD $CORESWEEP"'
: >"$calls"
exits 0 make ARCH= test
called ' [--stamp] [build/deps] [test]'
called ' [test_a] [test_b] [test_c.sh]'
called 'build build/coresweep'
for test in test_a test_b; do
  [ -x "build/bench/tests/$test" ] || fail "$test is built"
done
case $(build/foldable/coresweep) in 'one bad plain '*) ;; *) fail "a program with kernels that are wrong: $(build/foldable/coresweep)" ;; esac
case $(program) in 'one plain '*) ;; *) fail 'and one without' ;; esac
echo 'ok make test builds and runs every test'
