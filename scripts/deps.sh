#!/bin/sh
# Find what is missing for a purpose, and install it where that can be done.
#
# usage: scripts/deps.sh [--check] [--stamp FILE] PURPOSE
#
#   PURPOSE       build | bench | test | lint | fuzz | tsan | aarch64 | count | programs | observe
#   --check       only report, never install, write no stamp
#   --stamp FILE  remember in FILE that everything required was there, so that
#                 the next run need not compile its test programs again
#
# Libraries are looked for by linking a tiny program with $CC (default cc),
# $CPPFLAGS, $CFLAGS and $LDFLAGS. As root with apt-get the missing packages
# are installed; otherwise the command that installs them is printed.
# Everything printed goes to stderr; when nothing is missing nothing is printed.
#
# exit status: 0  all that is required is there (spare things may be missing)
#              1  something required is missing
#              2  wrong usage
# shellcheck disable=SC2030,SC2031 # with() changes CC in a subshell on purpose
set -euf

# The purposes a row is for | what it is | how it is tested | required, or
# spare: what happens without it | packages for apt | dnf | pacman | zypper
table() {
	cat <<TABLE
all|C compiler ($CC)|as gcc links stdlib.h abs|required|gcc$version libc6-dev|gcc glibc-devel|gcc|gcc glibc-devel
all|C compiler ($CC)|as clang links stdlib.h abs|required|clang$version libc6-dev|clang glibc-devel|clang|clang glibc-devel
all|OpenMP for $CC|as gcc links omp.h omp_get_max_threads -fopenmp|required|gcc$version|gcc libgomp|gcc|gcc
all|OpenMP for $CC|as clang links omp.h omp_get_max_threads -fopenmp|required|libomp$version-dev|libomp-devel|openmp|libomp-devel
all|hwloc|links hwloc.h hwloc_topology_load -lhwloc|required|libhwloc-dev|hwloc-devel|hwloc|hwloc-devel
all|jansson|links jansson.h json_loads -ljansson|required|libjansson-dev|jansson-devel|jansson|libjansson-devel
all|libdw|links elfutils/libdwfl.h dwfl_begin -ldw|required|libdw-dev|elfutils-devel|libelf|libdw-devel
test lint tsan|cmocka|links cmocka.h _cmocka_run_group_tests -lcmocka|required|libcmocka-dev|libcmocka-devel|cmocka|libcmocka-devel
test lint tsan|zlib|links zlib.h zlibVersion -lz|required|zlib1g-dev|zlib-devel|zlib|zlib-devel
bench test|gnuplot|has gnuplot|spare: a chart in the terminal instead|gnuplot-nox|gnuplot|gnuplot|gnuplot
bench|hyperfine|has hyperfine|spare: no cross-check of program times|hyperfine|hyperfine|hyperfine|hyperfine
lint fuzz tsan|clang|has clang|required|clang|clang|clang|clang
lint fuzz tsan|OpenMP for clang|with clang links omp.h omp_get_max_threads -fopenmp|required|libomp-dev|libomp-devel|openmp|libomp-devel
fuzz tsan|sanitizers of clang|with clang links stdlib.h abs -fsanitize=thread|required|libclang-rt-dev|compiler-rt|compiler-rt|libclang_rt*
lint|clang-tidy|has clang-tidy|required|clang-tidy|clang-tools-extra|clang|clang-tools
lint|clang-format|has clang-format|required|clang-format|clang-tools-extra|clang|clang-tools
lint|cppcheck|has cppcheck|required|cppcheck|cppcheck|cppcheck|cppcheck
lint|shellcheck|has shellcheck|required|shellcheck|ShellCheck|shellcheck|ShellCheck
aarch64|gcc for AArch64|has aarch64-linux-gnu-gcc|required|gcc-aarch64-linux-gnu libc6-dev-arm64-cross|||
aarch64|qemu-user|has qemu-aarch64|required|qemu-user|||
aarch64|C library for AArch64|exists /lib/ld-linux-aarch64.so.1|required|libc6:arm64|||
aarch64|cmocka for AArch64|exists /usr/lib/aarch64-linux-gnu/libcmocka.so.0|required|libcmocka0:arm64|||
aarch64|jansson for AArch64|exists /usr/lib/aarch64-linux-gnu/libjansson.so.4|required|libjansson4:arm64|||
aarch64|zlib for AArch64|exists /usr/lib/aarch64-linux-gnu/libz.so.1|required|zlib1g:arm64|||
programs|zstd|has zstd|required|zstd|zstd|zstd|zstd
programs|pigz|has pigz|required|pigz|pigz|pigz|pigz
programs|xz|has xz|required|xz-utils|xz|xz|xz
programs observe|GraphicsMagick|has gm|required|graphicsmagick|GraphicsMagick|graphicsmagick|GraphicsMagick
programs observe|numpy for python3|imports numpy|required|python3-numpy|python3-numpy|python-numpy|python3-numpy
programs|Open MPI|has mpicc|required|openmpi-bin libopenmpi-dev|openmpi-devel|openmpi|openmpi-devel
observe|ImageMagick|has convert-im6.q16|required|imagemagick-6.q16|||
observe|par2|has par2|required|par2|par2cmdline|par2cmdline|par2cmdline
observe|primecount|has primecount|required|primecount-bin|primecount||
observe|OpenBLAS with OpenMP|loads libopenblas.so.0|required|libopenblas0-openmp|openblas-openmp|openblas|libopenblas_openmp0
observe|zfp|has zfp|required|zfp|zfp||
observe|pngquant|has pngquant|required|pngquant|pngquant|pngquant|pngquant
observe|SoX|has sox|required|sox|sox|sox|sox
observe|FastTree|has fasttreeMP|required|fasttree|||
observe|jpegqs|has jpegqs|required|jpegqs|||
observe|BART|has bart|required|bart|||
observe|CD-HIT|has cd-hit|required|cd-hit|||
count|valgrind|has valgrind|required|valgrind|valgrind|valgrind|valgrind
TABLE
}

usage() {
	echo "usage: scripts/deps.sh [--check] [--stamp FILE] build|bench|test|lint|fuzz|tsan|aarch64|count|programs|observe" >&2
	exit 2
}

say() { printf 'deps: %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

exists() { [ -e "$1" ]; }

imports() { /usr/bin/python3 -c "import $1" >/dev/null 2>&1; }

loads() { /usr/bin/python3 -c "import ctypes; ctypes.CDLL('$1')" >/dev/null 2>&1; }

# as FAMILY TEST...: only when $CC is of that family
as() { [ "$family" != "$1" ] || { shift && "$@"; }; }

# with COMPILER TEST...: with that one, in place of $CC
with() { (CC=$1 CPPFLAGS='' CFLAGS='' && shift && "$@"); }

# links HEADER FUNCTION [FLAG...]
links() {
	[ -z "$cached" ] || return 0
	printf '#include <%s>\n' stdarg.h stddef.h stdint.h setjmp.h "$1" >"$tmp/t.c"
	echo "int main(void) { void (*volatile f)(void) = (void (*)(void))$2; return !f; }" >>"$tmp/t.c"
	shift 2
	# shellcheck disable=SC2086 # lists of words
	$CC ${CPPFLAGS-} ${CFLAGS-} -w "$tmp/t.c" -o "$tmp/t" ${LDFLAGS-} "$@" >/dev/null 2>&1
}

# Sets missing (names), required and spare (packages), lost (1 when something
# required is missing), without (what is gone without the spare things) and
# foreign (the architecture of packages for another one).
survey() {
	missing='' required='' spare='' lost='' without='' foreign=''
	while IFS='|' read -r purposes what try need apt dnf pacman zypper; do
		case " $purposes " in *' all '* | *" $purpose "*) ;; *) continue ;; esac
		# shellcheck disable=SC2086 # a command and its words
		! $try </dev/null || continue
		missing="$missing${missing:+, }$what"
		case $manager in
		apt-get) packages=$apt ;; dnf) packages=$dnf ;; pacman) packages=$pacman ;;
		zypper) packages=$zypper ;; *) packages='' ;;
		esac
		case $need in
		spare*) without="$without${without:+; }without $what: ${need#*: }" ;;
		*) lost=1 ;;
		esac
		for p in $packages; do
			case $p in *:*) foreign=${p#*:} ;; esac
			case "$required $spare " in *" $p "*) continue ;; esac
			case $need in spare*) spare="$spare $p" ;; *) required="$required $p" ;; esac
		done
	done <"$tmp/table"
}

quiet_apt() {
	DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=120 \
		-o Acquire::Retries=1 "$@" </dev/null >>"$tmp/log" 2>&1
}

install_missing() {
	say "missing for $purpose: $missing; installing$required$spare with apt-get"
	[ -z "$foreign" ] || dpkg --add-architecture "$foreign" || :
	quiet_apt update || : # one source out of reach need not matter
	failed=''
	# shellcheck disable=SC2086 # a list of packages
	[ -z "$required" ] || quiet_apt install -y --no-install-recommends $required || failed=1
	for p in $spare; do # one by one: an old release may lack one of them
		quiet_apt install -y --no-install-recommends "$p" || failed=1
	done
	[ -n "$failed" ] || return 0
	say "the installation failed (no network?); apt-get said:"
	grep '^E: ' "$tmp/log" | sort -u | sed 's/^/  /' >&2 || :
}

advise() {
	say "${1}missing for $purpose: $missing"
	sudo='sudo '
	[ "$(id -u)" != 0 ] || sudo=''
	other=''
	[ -z "$foreign" ] || other="${sudo}dpkg --add-architecture $foreign && "
	case $manager in
	apt-get) how="$other${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends" ;;
	dnf) how="${sudo}dnf install -y" ;;
	pacman) how="${sudo}pacman -S --needed" ;;
	zypper) how="${sudo}zypper install -y" ;;
	*) how='' ;;
	esac
	if [ -n "$required$spare" ]; then
		say "to install: $how$required$spare"
	else
		say "what this system's packages of it are called is not known here; scripts/deps.sh has Debian's names"
	fi
	[ -z "$without" ] || say "$without"
}

check='' stamp='' purpose=''
while [ $# -gt 0 ]; do
	case $1 in
	--check) check=1 ;;
	--stamp) [ $# -gt 1 ] || usage; stamp=$2; shift ;;
	build | bench | test | lint | fuzz | tsan | aarch64 | count | programs | observe) [ -z "$purpose" ] || usage; purpose=$1 ;;
	*) usage ;;
	esac
	shift
done
[ -n "$purpose" ] || usage

CC=${CC:-cc}
base=''
for word in $CC; do # of "ccache gcc-12 -m64" this takes gcc-12
	case $word in -*) break ;; esac
	base=${word##*/}
done
case $base in *-[0-9]*) version=-${base##*-} ;; *) version='' ;; esac

# The stamp counts while it is newer than this script and has a line for the
# same purpose, compiler and flags. Programs are looked up every time.
key="$purpose: $(command -v "${CC%% *}" || :) $CC ${CPPFLAGS-} ${CFLAGS-} ${LDFLAGS-}"
noted() { [ -n "$stamp" ] && grep -Fqsx -e "$1" "$stamp"; }
note() { noted "$1" || printf '%s\n' "$1" >>"$stamp"; }
cached=''
if [ -n "$stamp" ] && [ -e "$stamp" ]; then
	[ -n "$(find "$stamp" -newer "$0")" ] || rm -f "$stamp"
	! noted "$key" || cached=1
fi

case $base in
*clang*) family=clang ;;
*gcc*) family=gcc ;;
*) # cc may be either
	# shellcheck disable=SC2086 # a list of words
	case $($CC --version 2>/dev/null </dev/null || echo gcc) in
	*clang*) family=clang ;;
	*gcc* | *GCC* | *'Free Software Foundation'*) family=gcc ;;
	*) say "$CC is neither gcc nor clang; set CC to one of them" && exit 1 ;;
	esac ;;
esac

manager=''
for m in zypper pacman dnf apt-get; do
	[ "$m" != apt-get ] || [ -e /var/lib/dpkg/status ] || continue
	! has "$m" || manager=$m # the last one found is taken
done

tmp=$(mktemp -d "${TMPDIR:-/tmp}/deps.XXXXXX" 2>/dev/null) || {
	say "no folder can be made in ${TMPDIR:-/tmp}; set TMPDIR to one where it can"
	exit 1
}
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
table >"$tmp/table"

# A C library without what links would be missing whatever is installed.
if ! links features.h __GLIBC__ && links stdlib.h abs; then
	say "$CC builds for another C library than glibc, as musl, and coresweep needs that one (argp); set CC to a compiler for it"
	exit 1
fi

survey
tried=''
if [ -n "$missing" ]; then
	# a spare thing that could not be installed is not tried again every time
	[ -n "$lost" ] || ! noted "tried $key" || tried=1
	if [ "$manager" = apt-get ] && [ -z "$check$tried" ] && [ "$(id -u)" = 0 ]; then
		install_missing
		survey
		tried=1
		[ -z "$missing" ] || advise 'still '
	else
		advise ''
	fi
	[ -z "$lost" ] || exit 1
fi
if [ -n "$stamp" ] && [ -z "$check" ]; then
	mkdir -p "$(dirname "$stamp")"
	note "$key"
	[ -z "$missing" ] || [ -z "$tried" ] || note "tried $key"
fi
