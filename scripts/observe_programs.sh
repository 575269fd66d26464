#!/bin/sh
# Programs from packages, observed and not: the same output and exit status, and
# what the observer tells of them, beside what two threads bought.
# usage: observe_programs.sh FOLDER    (of the build)
#   $ROUNDS  how many pairs (5); $ONLY  names of programs, empty: all; $UNDER
#            what they are run by, as "chrt -r 1" where others use the CPUs
#
# A round runs a program with one thread and with two, and then observed with
# one and with two; every other round the other way round.  A line of the table:
#   f         share of the one-thread run without a region open: median
#   at most   2 / (1 + f), and where critical sections, of one lock, take longer
#             than half of what is left, with these behind each other
#   measured  one thread's time by two threads', not observed: median, (lowest
#             to highest)
#   time      seconds with one thread, not observed: median
#   outside   seconds without a region open, with one and with two threads
#   costs     observed by not observed, both thread counts: median
# Fails where an output or a status is another when observed, or where the
# observer's file cannot be read.
set -eu
build=$(CDPATH='' cd "$1" && pwd)
here=$(pwd)/bench/tests/programs
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
mkdir "$tmp/in"
(cd "$tmp/in" && /usr/bin/python3 "$here/inputs.py")
in=$tmp/in
gm convert "$in/picture.ppm" "$in/picture.jpg"
gm convert "$in/small.ppm" "$in/small.png"
bart phantom -3 -x 224 "$in/ball"
failed=0
: >"$tmp/details"

# once THREADS OBSERVED: runs $command in a folder of its own; sets seconds,
# and sum, of what it printed, wrote and returned.
once() {
  rm -rf "$tmp/run" "$tmp/seen"
  mkdir "$tmp/run" "$tmp/seen"
  set -- "$1" "$2" OMP_NUM_THREADS="$1" OPENBLAS_NUM_THREADS="$1"
  [ "$2" = no ] || set -- "$@" CORESWEEP_OBSERVE="$tmp/seen" LD_PRELOAD="$build/coresweep-observe.so"
  shift 2
  status=0
  begin=$(date +%s%N)
  (cd "$tmp/run" && env "$@" sh -c "exec ${UNDER-} $command" >printed 2>"$tmp/err") || status=$?
  ns=$(($(date +%s%N) - begin))
  sum=$(cd "$tmp/run" && find . -type f | LC_ALL=C sort | xargs cat | cksum)" $status"
}

# same THREADS: the sum is that of the run that was not observed.
same() {
  [ -s "$tmp/sum.$1" ] || echo "$sum" >"$tmp/sum.$1"
  [ "$sum" = "$(cat "$tmp/sum.$1")" ] || {
    echo "$name, $1 threads, observed: $2: output or status is another: $sum, not $(cat "$tmp/sum.$1")" >&2
    failed=1
  }
}

turn() {
  once "$1" "$2"
  same "$1" "$2"
  told=-
  [ "$2" = no ] || {
    "$build/bench/tests/perf/observed" "$tmp/seen" >"$tmp/told" || failed=1
    told=$(head -n 1 "$tmp/told")
    [ "$1" = 1 ] || cp "$tmp/told" "$tmp/two"
  }
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$ns" "${told:--}" >>"$tmp/times"
}

# program NAME COMMAND: $OMP_NUM_THREADS is there.
program() {
  name=$1
  command=$2
  case " ${ONLY:-$name} " in *" $name "*) ;; *) return 0 ;; esac
  rm -f "$tmp/sum.1" "$tmp/sum.2" "$tmp/times"
  once 1 no # its files are in memory then
  [ "$status" = 0 ] || {
    echo "$name: exit status $status: $(tail -n 1 "$tmp/err")" >&2
    failed=1
    return 0
  }
  round=0
  while [ "$round" -lt "${ROUNDS:-5}" ]; do
    if [ $((round % 2)) = 0 ]; then
      turn 1 no; turn 2 no; turn 1 yes; turn 2 yes
    else
      turn 2 yes; turn 1 yes; turn 2 no; turn 1 no
    fi
    round=$((round + 1))
  done
  awk -v name="$name" -f scripts/observe_programs.awk "$tmp/times"
  { echo "$name: $command"; sed -n '2,$s/^/ /p' "$tmp/two"; } >>"$tmp/details"
}

awk -v name= -f scripts/observe_programs.awk
program gm "gm convert $in/picture.ppm -blur 0x4 out.png"
program convert "convert-im6.q16 $in/picture.ppm -blur 0x4 out.ppm"
program par2 "par2 create -q -q -s65536 -r20 -B $in $tmp/run/out.par2 $in/data"
program primecount "primecount 3e14"
program numpy "/usr/bin/python3 $here/product.py 1400"
program zfp "zfp -q -x omp -f -3 200 200 200 -a 1e-4 -i $in/field -z out"
program pngquant "pngquant --speed 3 256 --output out.png $in/small.png"
program sox "sox -R --multi-threaded $in/sound.wav out.wav reverb 60 pitch 200"
program fasttree "fasttreeMP -nt -quiet -nopr $in/genes"
program jpegqs "jpegqs -t \$OMP_NUM_THREADS --optimize $in/picture.jpg out.jpg"
program bart "bart fft 7 $in/ball out"
program cd-hit "cd-hit -i $in/proteins -o out -T \$OMP_NUM_THREADS -c 0.7 -n 4 -M 0 >/dev/null"
echo
cat "$tmp/details"
exit "$failed"
