#!/bin/sh
# Sweeps over programs that nobody here wrote, from packages: each is right with
# every number of workers, and their answers are printed.
# usage: real.sh    ($CORESWEEP: the program)
# shellcheck disable=SC2016 # what is for make and for sh
set -eu
. bench/tests/fixture.sh
here=$(pwd)/bench/tests/programs
: >"$tmp/err"

# sweeps NAME CHECK COMMAND...
sweeps() {
  name=$1
  check=$2
  shift 2
  run 0 sweep --workers 1,2 --oversubscribe --rounds 6 --report --check "$check" \
    --program "$name=$*" --out "$tmp/$(echo "$name" | tr -c 'a-z0-9\n' -)"
  ! grep -q '"status":"\(wrong\|failed\)"' "$tmp"/*/trials.jsonl || fail "$name: a run that is none"
  grep "^$name: " "$tmp/out" | tail -n 1
  grep '^  ' "$tmp/out" | head -n 2
}

seq 1 400000 | awk '{ print $1 * 7919 % 400009, "line", $1 }' >"$tmp/data"
mkdir "$tmp/project"
{
  echo 'objects := 1.o 2.o 3.o 4.o 5.o 6.o 7.o 8.o'
  echo 'all: $(objects)'
  echo '.PHONY: all $(objects)'
  printf '$(objects):\n\t@cc -O2 -c -o $@ %s/known.c\n' "$here"
} >"$tmp/project/Makefile"

sweeps zstd output "zstd -q -T{workers} -9 -c '$tmp/data'"
sweeps pigz exit "pigz -p {workers} -6 -c '$tmp/data'"
sweeps xz exit "xz -T{workers} --block-size=1MiB -1 -c '$tmp/data'"
sweeps sort output "sort --parallel={workers} -S 50M -n '$tmp/data'"
sweeps make exit "make -s -C '$tmp/project' -j{workers}"
sweeps gm exit "gm convert -size 1200x1200 plasma:fractal -blur 0x4 '$tmp/blurred.png'"
sweeps numpy numbers "/usr/bin/python3 '$here/product.py' 600"
sweeps multiprocessing output "/usr/bin/python3 '$here/pool.py' {workers}"
mpicc -O2 -o "$tmp/ring" -x c "$here/ring.mpi"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
sweeps mpirun numbers "mpirun --oversubscribe -n {workers} '$tmp/ring'"

# ---- a program whose truth is known: beside it, what was measured ----------

cc -O2 -pthread -o "$tmp/known" "$here/known.c"
# measured FOLDER: of two workers, with 95% intervals, from its numbers.
measured() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    function of(name, times, unit) {
      return sprintf("%.3g%s (%.3g to %.3g)", times * $at[name], unit, times * $at[name "_low"], times * $at[name "_high"])
    }
    $at["requested"] == "program" && $at["workers"] == 2 {
      printf "  measured: %s times as fast, %s of the cores idle\n", of("program_speedup", 1, ""), of("more_idle_share", 100, "%")
    }' "$1/speedups.csv"
}
# truth HOW SERIAL_MS PARALLEL_MS: of two workers.
truth() {
  sweeps "known-$1-$2-$3" output "'$tmp/known' $1 {workers} $2 $3" >/dev/null
  echo "known $1, $2 ms serial and $3 ms that two workers share:"
  awk -v s="$2" -v p="$3" 'BEGIN {
    one = s + p; two = s + p / 2
    printf "  in truth: %.3g times as fast, %.3g%% of the cores idle\n", one / two, 100 * (2 * two - one) / (2 * two) }'
  measured "$tmp/known-$1-$2-$3"
}
truth wait 0 200
truth wait 40 160
truth compute 0 200
truth compute 40 160
none_left 'in the end'
echo 'ok programs that nobody here wrote'
