# shellcheck shell=sh
# What the test scripts share.  To be read in from the top of the checkout:
#
#   . bench/tests/fixture.sh
#
# Sets $coresweep (the program) and $tmp (a folder that goes away at the end,
# with every process of the program that the test has started), and unsets what
# would bind OpenMP's threads.
coresweep=$(realpath "${CORESWEEP:-build/coresweep}")
CORESWEEP_SCRIPTS=${CORESWEEP_SCRIPTS:-$(realpath scripts)}
tmp=$(mktemp -d)
# In the environment of every process that a test starts, so that they are told
# apart from others of that name.
CORESWEEP_TEST="$0 $$"
# No run looks around for a second first: they are many.
CORESWEEP_LOOK=0
export CORESWEEP_TEST CORESWEEP_SCRIPTS CORESWEEP_LOOK
trap 'clean_up' EXIT
trap 'exit 1' HUP INT TERM
unset OMP_PROC_BIND OMP_PLACES GOMP_CPU_AFFINITY KMP_AFFINITY

# The program's processes (not those that merely inherit the mark).
ours() {
  grep -lsz "^CORESWEEP_TEST=$CORESWEEP_TEST\$" /proc/[0-9]*/environ |
    while IFS=/ read -r _ _ pid _; do
      case $(readlink "/proc/$pid/exe") in
      "$coresweep" | "$tmp"/*) echo "$pid" ;; # or a copy of it
      esac
    done
}

# A test with more to clean up defines it anew, and calls clean_up_ours.
clean_up() {
  clean_up_ours
}

clean_up_ours() {
  for pid in $(ours); do
    kill -9 "$pid" 2>/dev/null || :
  done
  cd /
  rm -rf "$tmp"
}

# fail WORDS: ends the test, with what the last command said on stderr.
fail() {
  echo "FAIL $*" >&2
  [ ! -s "$tmp/err" ] || sed 's/^/  stderr: /' "$tmp/err" >&2
  exit 1
}

# children PID: its processes, in the order in which they began where the kernel
# tells.  Nothing else is asked: a minimal Debian has no pgrep.
children() {
  cat "/proc/$1/task/$1/children" 2>/dev/null ||
    grep -lsx "PPid:.$1" /proc/[0-9]*/status | cut -d / -f 3
}

# command_runs WORDS: whether a process has them on its command line.
command_runs() {
  for file in /proc/[0-9]*/cmdline; do
    line=$({ tr '\0' ' ' <"$file"; } 2>/dev/null) || continue
    case $line in *"$1"*) return 0 ;; esac
  done
  return 1
}

# Long enough for the slowest machine; returns as soon as it is true.
eventually() {
  for _ in $(seq 1000); do
    ! "$@" || return 0
    sleep 0.03
  done
  return 1
}

nothing_left() {
  [ -z "$(ours)" ]
}

none_left() {
  eventually nothing_left || fail "$*: no process expected, got $(ours)"
}

# same WHAT EXPECTED GOT
same() {
  [ "$2" = "$3" ] || fail "$1: $2 expected, got $3"
}

# run STATUS ARGUMENT...: the program, to $tmp/out and $tmp/err; fails unless it
# exits with STATUS.
run() {
  wanted=$1
  shift
  status=0
  "$coresweep" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  [ "$status" = "$wanted" ] ||
    fail "coresweep $*: exit status $wanted expected, got $status"
}

# refused WORDS ARGUMENT...: a usage error that says WORDS.
refused() {
  words=$1
  shift
  run 2 "$@"
  grep -qF -- "$words" "$tmp/err" || fail "coresweep $*: '$words' expected in the message"
}

# field NAME: a text or a number of the record that `run` printed.
field() {
  sed -n "s/.*\"$1\":\"\{0,1\}\([^\",]*\).*/\1/p" "$tmp/out"
}

# values FILE KEY: the numbers of that key, a line each.
values() {
  sed -n "s/^ *\"$2\": \(.*[^,]\),\{0,1\}$/\1/p" "$1"
}
