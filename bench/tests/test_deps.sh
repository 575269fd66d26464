#!/bin/sh
# deps.sh finds what is missing and nothing else, and installs or names just
# that: run where only a few programs are in $PATH, with a compiler that lacks
# the headers that a test names.
# usage: test_deps.sh
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
for program in sh bash env grep sed find mktemp rm mkdir dirname sort cat touch \
  basename mv; do
  ! path=$(command -v "$program") || ln -s "$path" "$bin/$program"
done

# $lacks: headers that this machine does not have, a line each.
lacks=$tmp/lacks
: >"$lacks"
export lacks
compiler() {
  fake "$1" <<'FAKE'
[ "$1" != --version ] || { echo "${FAMILY:-gcc} 1.2"; exit 0; }
! grep -Fq -f "$lacks" "$2" # of -w FILE
FAKE
}
for compiler in cc gcc-12 clang clang-15; do compiler "$compiler"; done
for tool in gnuplot hyperfine clang-tidy clang-format cppcheck shellcheck \
  valgrind; do
  fake "$tool" </dev/null
done
fake id <<'FAKE'
echo "${ID:-1000}"
FAKE
fake dnf </dev/null

# deps_as SETTING ARGUMENT...: with ID=0, or CC=clang, ...
deps_as() {
  setting=$1
  shift
  env -i PATH="$bin" lacks="$lacks" calls="$calls" TMPDIR="$tmp" ID=1000 CC=cc \
    "$setting" sh scripts/deps.sh "$@"
}
deps() { deps_as CC=cc "$@"; }
# lacking HEADER...: from now on these are missing.
lacking() {
  printf '<%s>\n' "$@" >"$lacks"
  [ $# -gt 0 ] || : >"$lacks"
}

# told WORDS: the whole of a line on stderr, after "deps: "
told() {
  grep -Fqx -e "deps: $1" "$tmp/err" || fail "'$1' expected on stderr"
}

# ---- What is missing ------------------------------------------------------

for purpose in build bench test lint fuzz tsan count; do
  exits 0 deps --check "$purpose"
  silent "deps.sh $purpose, with all there"
done
echo 'ok deps.sh is silent when all is there'

# HEADER PURPOSE NAME PACKAGES [SETTING]: just that is missed, and told how to
# get.
missed() {
  lacking "$1"
  exits 1 deps_as "${5:-CC=cc}" --check "$2"
  same "without $1" "deps: missing for $2: $3
deps: to install: sudo dnf install -y $4" "$(cat "$tmp/err")"
  lacking
}
missed hwloc.h build hwloc hwloc-devel
missed elfutils/libdwfl.h build libdw elfutils-devel
missed jansson.h build jansson jansson-devel
missed omp.h build 'OpenMP for cc' 'gcc libgomp'
missed stdlib.h build 'C compiler (cc)' 'gcc glibc-devel'
missed omp.h build 'OpenMP for cc' libomp-devel FAMILY=clang
missed stdlib.h build 'C compiler (cc)' 'clang glibc-devel' FAMILY=clang
missed cmocka.h test cmocka libcmocka-devel
missed zlib.h lint zlib zlib-devel
missed hwloc.h bench hwloc hwloc-devel
for purpose in build bench count; do
  lacking cmocka.h zlib.h
  exits 0 deps --check "$purpose"
  silent "deps.sh $purpose, which needs no cmocka"
done
lacking hwloc.h jansson.h
exits 1 deps_as ID=0 --check build
same 'two that are missing, told to root' 'deps: missing for build: hwloc, jansson
deps: to install: dnf install -y hwloc-devel jansson-devel' "$(cat "$tmp/err")"
lacking
echo 'ok deps.sh misses each library'

without() {
  mv "$bin/$1" "$tmp/away"
  exits "$2" deps --check "$3"
  warns "missing for $3: $4"
  mv "$tmp/away" "$bin/$1"
}
without clang-tidy 1 lint clang-tidy
without clang-format 1 lint clang-format
without cppcheck 1 lint cppcheck
without shellcheck 1 lint shellcheck
without clang 1 lint clang
without clang 1 fuzz clang
without clang 1 tsan clang
without valgrind 1 count valgrind
without gnuplot 0 bench gnuplot
warns 'without gnuplot: a chart in the terminal instead'
without gnuplot 0 test gnuplot
without hyperfine 0 bench hyperfine
warns 'without hyperfine: no cross-check of program times'
exits 1 deps --check aarch64
warns 'gcc for AArch64, qemu-user'
warns 'not known here'
echo 'ok deps.sh misses each program, and goes on without the spare ones'

# Nothing that is installed helps these, and so nothing is tried.
exits 1 deps_as FAMILY=tcc build
same 'with neither gcc nor clang' 'deps: cc is neither gcc nor clang; set CC to one of them' "$(cat "$tmp/err")"
lacking features.h hwloc.h
exits 1 deps build
same 'with another C library' 'deps: cc builds for another C library than glibc, as musl, and coresweep needs that one (argp); set CC to a compiler for it' "$(cat "$tmp/err")"
lacking
exits 1 deps_as TMPDIR="$tmp/none" build
same 'without a folder for what is tried' "deps: no folder can be made in $tmp/none; set TMPDIR to one where it can" "$(cat "$tmp/err")"
echo 'ok deps.sh says in one line what no package mends'

rm "$bin/dnf"
fake pacman </dev/null
lacking jansson.h
exits 1 deps --check build
told 'to install: sudo pacman -S --needed jansson'
rm "$bin/pacman"
fake zypper </dev/null
exits 1 deps --check build
told 'to install: sudo zypper install -y libjansson-devel'
rm "$bin/zypper"
exits 1 deps --check build
warns 'not known here'
for words in '' 'build test' wrong '--stamp'; do
  # shellcheck disable=SC2086 # several arguments
  exits 2 deps $words
  warns 'usage: '
done
lacking
echo 'ok deps.sh names the packages of each system'

# ---- The stamp ------------------------------------------------------------

mkdir "$tmp/b"
stamp=$tmp/b/deps
take_calls >/dev/null
exits 0 deps --stamp "$stamp" build
[ "$(grep -c '^cc \[-w\]' "$calls")" = 6 ] || fail "six programs to try expected: $(cat "$calls")"
take_calls >/dev/null
exits 0 deps --stamp "$stamp" build
! grep -q '^cc \[-w\]' "$calls" || fail 'what is known to be there is not tried again'
exits 0 deps --stamp "$stamp" test
grep -q '^cc \[-w\]' "$calls" || fail 'another purpose is tried'
take_calls >/dev/null
lacking jansson.h
exits 1 deps_as CC=gcc-12 --stamp "$stamp" build
exits 1 deps_as CC=gcc-12 --stamp "$stamp" build
lacking
exits 0 deps --check --stamp "$tmp/b/none" build
[ ! -e "$tmp/b/none" ] || fail '--check writes no stamp'
touch -d '2001-01-01' "$stamp"
take_calls >/dev/null
exits 0 deps --stamp "$stamp" build
grep -q '^cc \[-w\]' "$calls" || fail 'a stamp older than deps.sh does not count'
echo 'ok deps.sh remembers what was there'

# ---- Installing, where apt is --------------------------------------------

fake apt-get <<'FAKE'
case " $* " in
*' install '*) [ -n "${OFFLINE:-}" ] || : >"$lacks" ;;
esac
[ -z "${OFFLINE:-}" ] || { echo 'E: no network'; exit 100; }
FAKE
if [ ! -e /var/lib/dpkg/status ]; then
  echo '(apt is not of this system: no installation is looked at)'
  exit 0
fi
installed() {
  sed -n 's/^apt-get .*\[install\] \[-y\] \[--no-install-recommends\]//p' "$calls"
}
lacking jansson.h
exits 1 deps --check build
told 'to install: sudo apt-get update && sudo apt-get install -y --no-install-recommends libjansson-dev'
exits 1 deps_as ID=0 --check build
exits 1 deps build
same 'installations by others than root, or with --check' '' "$(installed)"
exits 0 deps_as ID=0 build
told 'missing for build: jansson; installing libjansson-dev with apt-get'
same 'packages installed' ' [libjansson-dev]' "$(installed)"
grep -q '^apt-get .*\[update\]$' "$calls" || fail 'lists of packages are brought up to date first'
take_calls >/dev/null
mv "$bin/gnuplot" "$tmp/away"
lacking jansson.h zlib.h
exits 0 deps_as ID=0 test
same 'packages installed, spare ones by themselves' ' [libjansson-dev] [zlib1g-dev]
 [gnuplot-nox]' "$(installed)"
told 'still missing for test: gnuplot'
mv "$tmp/away" "$bin/gnuplot"
take_calls >/dev/null
exits 0 deps_as ID=0 build
same 'installations with all there' '' "$(installed)"
fake apt-get <<'FAKE'
echo 'E: no network'
exit 100
FAKE
lacking jansson.h
exits 1 deps_as ID=0 build
warns '  E: no network'
told 'still missing for build: jansson'
apt='to install: sudo apt-get update && sudo apt-get install -y --no-install-recommends'
lacking stdlib.h
exits 1 deps_as CC=gcc-12 --check build
told "$apt gcc-12 libc6-dev"
exits 1 deps_as CC=clang-15 --check build
told "$apt clang-15 libc6-dev"
lacking omp.h
exits 1 deps_as CC=clang-15 --check build
told "$apt libomp-15-dev"
echo 'ok deps.sh installs what is missing, and nothing else'
