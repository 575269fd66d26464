#!/bin/sh
# An observed program behaves as it does without: forks, is killed, opens and
# closes libraries, opens regions from several threads.  What is told is right;
# what is not observed says why, or leaves no file.
# usage: test_observe_lives.sh ($BUILD: where the observer lies)
set -eu
. bench/tests/fixture.sh
build=$(realpath "${BUILD:-build}")
observer=$build/coresweep-observe.so
told=$build/bench/tests/observe/told
export OMP_NUM_THREADS=2
unset OMP_TOOL_LIBRARIES LD_PRELOAD
here=bench/tests/observe

gcc -O2 -fopenmp -o "$tmp/lives" $here/lives.c -ldl -lpthread
gcc -O2 -Wno-unknown-pragmas -o "$tmp/without" $here/lives.c -ldl -lpthread
gcc -O2 -shared -fPIC -fopenmp -o "$tmp/plugin.so" $here/plugin.c

# alike COMMAND...: with and without its observer; $tmp/N: what file N says
alike() {
  rm -rf "$tmp/folder" "$tmp"/[0-9]
  mkdir "$tmp/folder"
  status=0
  "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  observed=0
  CORESWEEP_OBSERVE=$tmp/folder LD_PRELOAD=$observer "$@" \
    >"$tmp/out_observed" 2>"$tmp/err_observed" || observed=$?
  [ "$status" = "$observed" ] || fail "$*: status $observed instead of $status"
  cmp -s "$tmp/err" "$tmp/err_observed" || {
    diff "$tmp/err" "$tmp/err_observed" || :
    fail "$*: prints the same errors"
  }
  files=0
  for file in "$tmp/folder"/*; do
    [ -e "$file" ] || continue
    files=$((files + 1))
    "$told" "$file" >"$tmp/$files" || fail "$*: $(cat "$tmp/$files")"
  done
}

same_output() {
  cmp -s "$tmp/out" "$tmp/out_observed" || fail "$1: prints the same"
}

# says N WORD NUMBER...: what the file says
says() {
  n=$1
  shift
  while [ $# -gt 0 ]; do
    grep -qx "$1 $2" "$tmp/$n" || {
      cat "$tmp/$n"
      fail "file $n says $1 $2"
    }
    shift 2
  done
}

files() {
  [ "$files" = "$1" ] || fail "$2: $files files instead of $1"
}

alike "$tmp/lives" forks
same_output forks
files 2 forks
says 1 calls 3 orderly 1 runtime 1 refusal 0 open 0
says 2 calls 3 orderly 1 runtime 1
echo "ok a forked child has a file of its own"

alike "$tmp/lives" forks-inside
files 2 forks-inside
says 1 calls 1 orderly 1
says 2 calls 1 orderly 1 open 0
echo "ok a child that is forked in a region tells of its own regions"

alike "$tmp/lives" executes "$tmp/lives"
files 2 executes
says 1 calls 1 orderly 0
says 2 calls 1 orderly 0
echo "ok a program that follows by exec has a file of its own, and _exit loses nothing"

alike "$tmp/lives" dies
files 1 dies
says 1 calls 2 orderly 0 open 1
alike "$tmp/lives" ends-inside
says 1 calls 1 orderly 1 open 1
echo "ok who is killed in a region has told what it knew"

alike "$tmp/lives" opens "$tmp/plugin.so"
same_output opens
files 1 opens
says 1 calls 4 locks 8 chunks 16 refusal 0 regions 1 modules 1
# Where libgomp itself goes away, its threads must not be there any more.
alike env OMP_NUM_THREADS=1 "$tmp/without" opens "$tmp/plugin.so"
same_output opens
says 1 calls 4 locks 4 chunks 16 refusal 0 regions 1 modules 1
alike "$tmp/lives" another "$tmp/plugin.so"
says 1 calls 6 regions 2 modules 2 refusal 0
echo "ok regions of libraries that are opened and closed, and bring libgomp"

alike "$tmp/lives" opens-deep "$tmp/plugin.so"
same_output opens-deep
files 1 opens-deep
says 1 refusal 2 runtime 0
alike env OMP_NUM_THREADS=1 "$tmp/without" opens-deep "$tmp/plugin.so"
same_output opens-deep
files 1 opens-deep
says 1 refusal 2 runtime 0
echo "ok RTLD_DEEPBIND does no harm, and is told"

# Each library with a libgomp of its own, under another name, as wheels have it.
libgomp=$(ldd "$tmp/lives" | awk '/libgomp/ { print $3 }')
for n in A B; do
  sed "s/libgomp\\.so\\.1/libgom$n.so.1/g" "$libgomp" >"$tmp/libgom$n.so.1"
  gcc -O2 -shared -fPIC -fopenmp -Wl,-rpath,"$tmp" -o "$tmp/p.so" $here/plugin.c
  sed "s/libgomp\\.so\\.1/libgom$n.so.1/g" "$tmp/p.so" >"$tmp/plugin$n.so"
done
for program in lives without; do
  alike "$tmp/$program" both "$tmp/pluginA.so" "$tmp/pluginB.so"
  same_output "both, $program"
done
says 1 calls 8 locks 16
echo "ok two libraries that each brought a libgomp call their own"

# Modules by the dozen that brought one, and a few with another; a long path.
many=
for i in $(seq 40) x; do
  cp "$tmp/pluginA.so" "$tmp/many$i.so"
  many="$many $tmp/many$i.so"
  [ "$i" != 40 ] || many="$many $tmp/pluginB.so"
done
# shellcheck disable=SC2086 # paths without blanks
alike "$tmp/without" many $many
same_output many
says 1 calls 42 locks 84 refusal 0
long=$tmp/$(printf '%0200d/%0200d/%0200d' 1 2 3)
mkdir -p "$long"
cp "$tmp/pluginA.so" "$long/plugin.so"
alike "$tmp/without" many "$long/plugin.so"
same_output 'a long path'
says 1 calls 1
echo "ok each of many modules calls the libgomp that it brought"

# A task with a copy of an array that the stack has room for twice, not thrice.
gcc -O0 -fopenmp -o "$tmp/tasks" $here/large_task.c
# shellcheck disable=SC2016 # $0 is the other shell's
alike sh -c 'ulimit -s 8192; exec "$0"' "$tmp/tasks"
same_output 'a large task'
says 1 tasks 1 tasks_untold 0
echo "ok a task's large block takes no room on the stack"

alike "$tmp/lives" crowd
says 1 calls 16 untold 4
echo "ok regions that find no room are counted"

alike "$tmp/lives" chunks
says 1 chunks 50000 calls 1
timed=$(awk '$1 == "timed" { print $2 }' "$tmp/1")
case $timed in
[1-9][0-9][0-9][0-9] | 1[0-9][0-9][0-9][0-9]) ;;
*) fail "chunks are sampled: $timed" ;;
esac
echo "ok chunks of next to nothing are sampled, and counted"

# Two threads' stamps may be apart where one loses its CPU: asked again.
agree=no
for _ in $(seq 30); do
  alike "$tmp/lives" pthreads
  says 1 calls 100 open 0
  ! cat "$tmp/out_observed" "$tmp/1" | awk '
    $1 == "parallel_ns" { ns[++n] = $2 }
    END { by = ns[2] - ns[1]; most = 0.05 * ns[1] + 500000
          exit n != 2 || by > most || by < -most }' || {
    agree=yes
    break
  }
done
[ $agree = yes ] || fail "time with a region open, of two threads"
echo "ok time with a region open, of two threads that open them"

alike "$tmp/lives" files
same_output files
alike "$tmp/lives" memory
more=$(awk '/VmHWM/ { kb[++n] = $2 } END { print kb[2] - kb[1] }' "$tmp/out" "$tmp/out_observed")
[ "$more" -lt 600 ] || fail "memory: $more KB more"
echo "ok no file stays open, and memory grows by a few hundred KB"

# ---- not observed --------------------------------------------------------

alike "$tmp/without" nothing
same_output nothing
files 0 nothing
alike "$tmp/lives" nothing
files 1 nothing
says 1 refusal 2
gcc -O2 -fopenmp -static -o "$tmp/static" $here/lives.c -ldl -lpthread 2>"$tmp/said" &&
  {
    alike "$tmp/static" leaves
    files 0 static
  }
echo "ok no OpenMP, no region, a static libgomp"

# Another user's program, which the loader puts nothing in front of.
cp "$tmp/lives" "$tmp/setuid"
chmod 711 "$tmp"
if chown nobody "$tmp/setuid" 2>"$tmp/said" && chmod u+s "$tmp/setuid" &&
  "$tmp/setuid" secure | grep -qx 1; then
  alike "$tmp/setuid" secure
  same_output setuid
  files 0 setuid
  alike "$tmp/lives" secure
  files 1 "not setuid"
  echo "ok a setuid program is not observed, and is unharmed"
else
  echo "skipped: a setuid program, for that takes root and a folder that allows it"
fi

# A loader of its own: the same one in another place; and none.
cp "$(readelf -l "$tmp/lives" | sed -n 's/.*interpreter: \(.*\)]/\1/p')" "$tmp/ld.so"
gcc -O2 -fopenmp "-Wl,--dynamic-linker=$tmp/ld.so" -o "$tmp/loader" $here/lives.c -ldl -lpthread
alike "$tmp/loader" forks
same_output loader
files 2 loader
says 1 calls 3 orderly 1 refusal 0
if gcc -O2 -fopenmp -static-pie -o "$tmp/static" $here/lives.c -ldl -lpthread 2>"$tmp/said"; then
  alike "$tmp/static" leaves
  files 0 static-pie
fi
echo "ok a program with a loader in another place is observed, one without is not"

alike "$tmp/lives" narrow
files 1 narrow
says 1 calls 1 refusal 0
echo "ok a program that gives up its right to files has one by then"

# A folder that is not there, and files that may not grow.
CORESWEEP_OBSERVE=$tmp/none LD_PRELOAD=$observer "$tmp/lives" files >"$tmp/out"
grep -qx 3 "$tmp/out" || fail "no folder, no harm"
# shellcheck disable=SC2016 # $0 is the other shell's
alike sh -c 'ulimit -f 8; exec "$0" files' "$tmp/lives"
same_output ulimit
files 0 ulimit
echo "ok where no file can be had the program runs as it did"

gcc -O1 -fsanitize=address -fopenmp -o "$tmp/asan" $here/lives.c -ldl -lpthread
status=0
CORESWEEP_OBSERVE=$tmp/folder LD_PRELOAD=$observer "$tmp/asan" files >"$tmp/out" 2>&1 || status=$?
[ "$status" != 0 ] || fail "the address sanitizer is known to refuse"
files 0 asan
ASAN_OPTIONS=verify_asan_link_order=0
export ASAN_OPTIONS
alike "$tmp/asan" leaves
unset ASAN_OPTIONS
echo "ok the address sanitizer refuses, or is asked not to"

if command -v clang >/dev/null; then
  clang -O2 -shared -fPIC -fopenmp -o "$tmp/llvm.so" $here/plugin.c
  clang -O2 -fopenmp -o "$tmp/clang" $here/lives.c -ldl -lpthread
  alike "$tmp/lives" another "$tmp/llvm.so"
  same_output another
  says 1 refusal 1
  alike env OMP_NUM_THREADS=1 "$tmp/without" opens "$tmp/llvm.so"
  same_output opens
  says 1 refusal 0 runtime 2 calls 4 locks 4
  alike "$tmp/clang" forks
  same_output forks
  alike "$tmp/clang" dies
  says 1 calls 2 orderly 0 open 1 runtime 2
  OMP_TOOL_LIBRARIES=$tmp/none.so
  export OMP_TOOL_LIBRARIES
  alike "$tmp/clang" files
  same_output "another tool"
  files 1 "another tool"
  says 1 refusal 3 calls 0
  unset OMP_TOOL_LIBRARIES
  clang -O1 -fsanitize=thread -fopenmp -o "$tmp/tsan" $here/lives.c -ldl -lpthread
  TSAN_OPTIONS=ignore_noninstrumented_modules=1
  export TSAN_OPTIONS
  alike "$tmp/tsan" files
  files 1 tsan
  says 1 refusal 4
  echo "ok two OpenMP libraries, LLVM's alone, and with a tool of another's"
else
  echo "skipped: LLVM's OpenMP library, for there is no clang"
fi
