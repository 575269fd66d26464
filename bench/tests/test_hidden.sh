#!/bin/sh
# Where /proc or /sys are hidden, as in some sandboxes: no command crashes, none
# says more than a line, none lets a library speak, and what is not told is null.
# usage: test_hidden.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp"

# The rest of it has namespaces of its own, where those may be had.
if [ "${1:-}" != /proc ] && [ "${1:-}" != /sys ]; then
  cd "$OLDPWD"
  for hidden in /proc /sys; do
    if unshare -m mount -t tmpfs none $hidden 2>/dev/null; then
      unshare -m sh "$0" $hidden
    elif unshare -rm mount -t tmpfs none $hidden 2>/dev/null; then
      unshare -rm sh "$0" $hidden
    else
      echo "(nothing can be mounted on $hidden here: not tested without it)"
    fi
  done
  exit 0
fi

hidden=$1
if [ "$hidden" = /proc ] && grep -q __asan_init "$coresweep"; then
  echo '(address sanitizer: it needs /proc itself)'
  exit 0
fi
cube='--kernels cube --size 300 --workers 1 --rounds 6 --no-probes'
mount -t tmpfs none "$hidden"
# Without /proc nobody is found by it.
trap 'umount "$hidden"; clean_up' EXIT
quiet() {
  run "$@"
  [ ! -s "$tmp/err" ] || fail "$hidden hidden: coresweep $*: nothing expected on stderr"
}
if [ "$hidden" = /proc ] && grep -aq 'libomp\.so' "$coresweep"; then
  run 1 list
  grep -q "^coresweep: /proc/cpuinfo cannot be read, and LLVM's OpenMP does not run" \
    "$tmp/err" || fail "$hidden hidden: what LLVM's OpenMP needs expected"
  same 'lines on stderr' 1 "$(wc -l <"$tmp/err")"
  echo "ok $hidden hidden: what is built with clang says so"
  exit 0
fi
quiet 0 list
quiet 0 trial -k cube -n 100
quiet 0 trial -k cube -n 100 -v omp:static
quiet 0 trial -k cube -n 100 -v pool
quiet 0 dump -k cube -n 3 --what output
# shellcheck disable=SC2086 # several options
quiet 0 sweep $cube --variants omp:static --report --out run
[ -s run/speedups.csv ] || fail "$hidden hidden: a report expected"
quiet 0 analyze run
quiet 0 compare run run --out charts
# shellcheck disable=SC2086
quiet 0 sweep $cube --variants serial --out run2
quiet 0 sweep --resume run2
status=0
"$coresweep" doctor --quick --json >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" -le 1 ] || fail "$hidden hidden: doctor: exit status $status"
[ ! -s "$tmp/err" ] || fail "$hidden hidden: doctor: nothing expected on stderr"
if [ "$hidden" = /sys ]; then
  grep -q '"numa": \[\]' run/environment.json || fail '/sys hidden: no NUMA nodes expected'
  ! grep -q '"numa_nodes": [0-9]' run/environment.json ||
    fail '/sys hidden: numa_nodes: null expected'
  grep -q '/sys tells nothing of its CPUs' "$tmp/out" || fail '/sys hidden: doctor is to say so'
fi
echo "ok $hidden hidden"
