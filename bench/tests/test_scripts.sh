#!/bin/sh
# The scripts call what they say, with what they were given: run with programs
# that only write down how they were called.
# usage: test_scripts.sh       ($CORESWEEP: the program, for the fixture)
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
mkdir "$tmp/tree"
cp -r scripts "$tmp/tree/"
cd "$tmp/tree"

mkdir b results

# ---- what the program calls -----------------------------------------------

exits 0 "$coresweep" sweep --kernels spin --variants serial,pool:static \
  --workers 1 --size 100 --rounds 1 --out real
fake_gnuplot '<svg></svg>'
take_calls >/dev/null
exits 0 "$coresweep" analyze real
mkdir s
cp scripts/page.css scripts/page.js s/
exits 0 env CORESWEEP_SCRIPTS=s "$coresweep" report real
says 'Charts  5 in real/charts, first overview.svg'
[ -s real/speedups.csv ] || fail 'real/speedups.csv expected'
for chart in overview:dots spin-region:dots spin-program:dots; do
  for ending in svg png; do
    called "gnuplot [-d] [-c] [s/${chart#*:}.gp] [real/charts/${chart%:*}.tsv] [real/charts/${chart%:*}.new.$ending]"
  done
done
exits 1 env BREAK=1 CORESWEEP_SCRIPTS=s "$coresweep" report real
warns 'gnuplot could not draw real/charts/'
rm "$bin/gnuplot"
echo 'ok the program has gnuplot draw each chart twice'

# ---- registry.sh, help.awk, fields.sh, experiments.sh ---------------------

sh scripts/registry.sh kernels/cube.c /else/where/spin.c -- v/serial.c v/omp.c -- t/pipe.c |
  grep -v '^#include\|^/\*' >"$tmp/out"
cat >"$tmp/wanted" <<'TEXT'
extern const struct kernel kernel_cube;
extern const struct kernel kernel_spin;
const struct kernel *const registry_kernels[] = {
    &kernel_cube,
    &kernel_spin,
    NULL,
};
const char *const registry_kernel_files[] = {
    "kernels/cube.c",
    "/else/where/spin.c",
    NULL,
};
extern const struct variant variant_serial;
extern const struct variant variant_omp;
const struct variant *const registry_variants[] = {
    &variant_serial,
    &variant_omp,
    NULL,
};
extern const struct transport transport_pipe;
const struct transport *const registry_transports[] = {
    &transport_pipe,
    NULL,
};
const char *const registry_transport_names[] = {
    "shm",
    "pipe",
    NULL,
};
TEXT
diff "$tmp/wanted" "$tmp/out" >&2 || fail 'registry.sh lists what it was given'
echo 'ok registry.sh'

cat >"$tmp/makefile" <<'TEXT'
##@ Variables
CC      ?= cc##                 the compiler
EMPTY   ?=##                    nothing by itself
HIDDEN  ?= 1
##@ Targets
all: x ## build it
test-more: a b ## see whether: it is right
hidden: x
TEXT
cat >"$tmp/wanted" <<'TEXT'
Variables
  CC            the compiler (cc)
  EMPTY         nothing by itself

Targets
  make all            build it
  make test-more      see whether: it is right
TEXT
awk -f scripts/help.awk "$tmp/makefile" >"$tmp/out"
diff "$tmp/wanted" "$tmp/out" >&2 || fail 'help.awk lists targets and variables'
echo 'ok help.awk'

fake coresweep <<'FAKE'
echo 'the tables'
FAKE
mv "$bin/coresweep" b/
printf 'words\n<!-- keys -->\nold tables\n' >results/README.md
exits 1 env BUILD=b sh scripts/fields.sh --check
warns 'out of date'
BUILD=b sh scripts/fields.sh
called 'coresweep [list] [fields]'
same 'results/README.md' 'words
<!-- keys -->
the tables' "$(cat results/README.md)"
exits 0 env BUILD=b sh scripts/fields.sh --check
silent 'fields.sh --check'
echo 'ok fields.sh'

mkdir -p kernels
cat >kernels/README.md <<'TEXT'
| 9. not yet | `s --kernels early` |
## Eight experiments
| 1. one | `s --kernels cube --workers 1,2` |
| 2. two | `s --kernels spin` |
## The contract
| 3. too late | `s --kernels late` |
TEXT
take_calls >/dev/null
exits 0 env BUILD=b sh scripts/experiments.sh e
same 'experiments' 'coresweep [sweep] [--quick] [--rounds] [7] [--report] [--out] [e/1] [--kernels] [cube] [--workers] [1,2]
coresweep [sweep] [--quick] [--rounds] [7] [--report] [--out] [e/2] [--kernels] [spin]' "$(take_calls)"
exits 0 sh scripts/experiments.sh --list
same 'experiments --list' '1 --kernels cube --workers 1,2
2 --kernels spin' "$(cat "$tmp/out")"
echo nothing >kernels/README.md
exits 1 env BUILD=b sh scripts/experiments.sh e
warns 'kernels/README.md has none'
same 'experiments.sh without experiments: what it called' '' "$(take_calls)"
echo 'ok experiments.sh'

# ---- asm.sh ---------------------------------------------------------------

# A loop of two with a loop of three in it; a function that it calls; another.
fake objdump <<'FAKE'
cat <<'TEXT'
0000000000000000 <cube_run>:
   0:	mov    $0x0,%eax
   5:	xor    %ecx,%ecx
   7:	VECTOR
   b:	add    $0x1,%ecx
   e:	jne    7 <cube_run+0x7>
  10:	call   40 <helper>
  15:	jmp    5 <cube_run+0x5>
0000000000000040 <helper>:
  40:	sub    $0x1,%eax
  43:	jne    40 <helper>
  45:	ret
0000000000000050 <stranger>:
  50:	vpaddd %ymm0,%ymm1,%ymm2
  54:	jne    50 <stranger>
TEXT
FAKE
plain='imul   %rax,%rax'
vector='vpaddd %ymm0,%ymm1,%ymm2'
cp "$bin/objdump" "$tmp/objdump"
for instruction in "$plain" "$vector"; do
  sed "s/VECTOR/$instruction/" "$tmp/objdump" >"$bin/objdump"
  exits 0 sh scripts/asm.sh cube x.o
  says 'cube_run, loop 1: 3 instructions'
  says 'helper, loop 2: 2 instructions'
  says "$instruction"
  if [ "$instruction" = "$plain" ]; then
    says 'cube_run: 2 innermost loops, 5 instructions, 0 of them on vectors: not vectorised'
  else
    says 'cube_run: 2 innermost loops, 5 instructions, 1 of them on vectors: vectorised'
  fi
  ! grep -q stranger "$tmp/out" || fail 'asm.sh shows what run() does not call'
done
called 'objdump [-d] [--no-show-raw-insn] [x.o]'
exits 1 sh scripts/asm.sh spin x.o
warns 'no function spin_run'
exits 2 sh scripts/asm.sh absent '' cube
warns "no kernel 'absent'; kernels are: cube"
echo 'ok asm.sh shows the innermost loops of run() and of what it calls'

# ---- textbook_instructions.sh, test_aarch64.sh ----------------------------

# A start of 5000 instructions, and 1000 per region; with the directive PART.
fake valgrind <<'FAKE'
each=1000
while [ $# -gt 0 ]; do
  case $1 in
  textbook) each=$PART ;;
  --iterations) regions=$2 ;;
  esac
  shift
done
echo "==1== Collected : $((5000 + each * regions))" >&2
FAKE
exits 0 env PART=1010 sh scripts/textbook_instructions.sh program
says 'cube              1000 in blocks /        1010 with the directive: 0.9901  PASS'
same 'rows' 5 "$(wc -l <"$tmp/out")"
for part in 970 1030; do
  exits 1 env PART=$part sh scripts/textbook_instructions.sh program
  says MISS
done
exits 2 sh scripts/textbook_instructions.sh
echo 'ok textbook_instructions.sh refuses 2% more or less'

# ---- fresh.sh -------------------------------------------------------------

for arguments in --suite '--suite=' '/r --suite' '/r /s' --wrong; do
  # shellcheck disable=SC2086 # several arguments
  exits 2 sh scripts/fresh.sh $arguments
  warns 'usage: scripts/fresh.sh [--suite SUITE] [ROOT]'
done
exits 2 sh scripts/fresh.sh --suite 11
warns "want Debian's name of a release"
fake id <<'FAKE'
echo 0
FAKE
fake unshare <<'FAKE'
for word; do case $word in --*) shift ;; *) break ;; esac; done
exec "$@"
FAKE
fake apt-get <<'FAKE'
echo "Debian bookworm-updates http://else"
echo "Debian bookworm http://mirror/debian/"
FAKE
fake debootstrap <<'FAKE'
exit 1
FAKE
# made SUITE ARGUMENT...: debootstrap is asked for that one
made() {
  suite=$1
  shift
  take_calls >/dev/null
  exits 2 env TMPDIR="$tmp" sh scripts/fresh.sh "$@"
  warns 'debootstrap failed'
  same "suite of fresh.sh $*" "[$suite] [http://mirror/debian/]" \
    "$(sed -n 's/^debootstrap .* \(\[.*\]\) \[.*\/root\] /\1 /p' "$calls")"
}
made bookworm
made trixie --suite trixie
made sid "$tmp/sid" --suite=sid
[ ! -e "$tmp/sid" ] || fail 'nothing is kept of what failed'
mkdir -p "$tmp/kept/etc/apt" && echo 'deb http://m bookworm main' >"$tmp/kept/etc/apt/sources.list"
exits 2 sh scripts/fresh.sh --suite sid "$tmp/kept"
warns "$tmp/kept is not sid; name another folder"
rm "$bin/id" "$bin/unshare" "$bin/apt-get" "$bin/debootstrap"
echo 'ok fresh.sh makes the release that is asked for'

mkdir -p bench/tests kernels bench/trial/variants bench/trial/transports bench/plan
for file in kernels/cube bench/trial/job bench/trial/variants/serial \
  bench/trial/transports/pipe bench/plan/text bench/tests/test_threads \
  bench/tests/test_transports; do
  cp /dev/null "$file.c"
done
echo '#include <hwloc.h>' >bench/plan/topology.c
cp /dev/null bench/tests/test_kernels_a.c
cp /dev/null bench/tests/test_kernels_b.c
fake aarch64-linux-gnu-gcc </dev/null
fake qemu-aarch64 <<'FAKE'
for program; do :; done
echo '[       OK ] one'
case $program in *"${BREAK:-none}") echo 'what failed' && exit 1 ;; esac
FAKE
fake timeout <<'FAKE'
shift
exec "$@"
FAKE
fake find <<'FAKE'
echo /dev/null
FAKE
fake cp </dev/null
exits 0 env BUILD=c sh scripts/test_aarch64.sh
says 'ok    test_kernels_a (1 tests, AArch64)'
says 'ok    test_threads (1 tests, AArch64)'
says 'ok    test_transports (1 tests, AArch64)'
says 'ok    test_vectors (sve256=on, AArch64)'
says '10 passed, 0 failed'
grep -q '^aarch64-linux-gnu-gcc .*\[bench/plan/text.c\]$' "$calls" || fail 'text.c is compiled'
! grep -q topology "$calls" || fail 'what includes hwloc is left out'
exits 1 env BREAK=test_kernels_b BUILD=c sh scripts/test_aarch64.sh
says 'FAIL  test_kernels_b'
says 'what failed'
says '9 passed, 1 failed'
echo 'ok test_aarch64.sh counts what failed'
