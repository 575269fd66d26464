#!/bin/sh
# How narrow intervals are, beside those of an older revision, at equal time:
# sweeps by both programs in turns, on the same kernels and sizes.
# usage: precision.sh PROGRAM REVISION       (`make precision`)
#
# The number is the region's speedup of omp:static on two CPUs.  What it took is
# the time of the trials that it is made of: its own, and serial's where they
# are others.  $SECONDS_EACH (2.4) is what each sweep may spend on that,
# $TURNS (10) how often each program sweeps each kernel.
#
# exit status: 1 where the mean of the ratios is above $MOST (0.65): blocks are
# not worth what they promise; where its interval reaches above, that is said.
set -eu

[ $# -eq 2 ] || { echo "usage: precision.sh PROGRAM REVISION" >&2; exit 2; }
new=$(realpath "$1")
revision=$2
seconds=${SECONDS_EACH:-2.4}
turns=${TURNS:-10}
most=${MOST:-0.65}
export CORESWEEP_LOOK=0 # who else is there is the caller's to see to
kernels='adler32 rangesum spin cube rowcount'
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

mkdir "$tmp/source"
git archive "$revision" | tar -x -C "$tmp/source"
echo "building $revision" >&2
make -s -C "$tmp/source" BUILD="$tmp/build" "$tmp/build/coresweep" >&2
old=$tmp/build/coresweep

# run PROGRAM KERNEL ROUNDS FOLDER: one sweep, of this kernel alone
run() {
  rm -rf "$4"
  "$1" sweep --kernels "$2" --size "$(cat "$tmp/size-$2")" --workers 2 \
    --variants omp:static --no-probes --rounds "$3" --out "$4" >"$tmp/log" 2>&1 ||
    { cat "$tmp/log" >&2; return 1; }
}

# spent FOLDER: seconds of a round's trials behind the number
spent() {
  awk '
    !/"phase":"round"/ { next }
    { match($0, /"wall_s":[^,]*/); wall = substr($0, RSTART + 9, RLENGTH - 9)
      match($0, /"round":[^,]*/); round = substr($0, RSTART + 8, RLENGTH - 8) }
    /"workers":2,/ { all += wall; rounds++; if (/"turns":"/) turned = 1 }
    /"variant":"serial"/ { serial += wall }
    END { printf "%.9g\n", (all + (turned ? 0 : serial)) / rounds }' "$1/trials.jsonl"
}

# half_width FOLDER: of the interval, as a share
half_width() {
  awk -F '[:,]' '
    /"requested":/ { mine = /omp:static/ }
    /"workers":/ { two = $2 + 0 == 2 }
    /"speedup_abs":/ { at = mine && two }
    at && /"low":/ { low = $2 }
    at && /"high":/ { printf "%.9g\n", log($2 / low) / 2; exit }' "$1/analysis.json"
}

# rounds_of PROGRAM NAME KERNEL: how many rounds fit into the time
rounds_of() {
  run "$1" "$3" 6 "$tmp/run"
  spent "$tmp/run" | awk -v seconds="$seconds" '{
    n = int(seconds / $1 + 0.5); print (n < 6 ? 6 : n > 1000 ? 1000 : n) }' >"$tmp/rounds-$2-$3"
}

for kernel in $kernels; do
  rm -rf "$tmp/run"
  "$new" sweep --kernels "$kernel" --workers 2 --variants omp:static --no-probes \
    --rounds 1 --out "$tmp/run" >/dev/null 2>&1
  sed -n 's/.*"phase":"pilot".*"size":\([0-9]*\).*/\1/p' "$tmp/run/trials.jsonl" |
    head -n 1 >"$tmp/size-$kernel"
  rounds_of "$old" old "$kernel"
  rounds_of "$new" new "$kernel"
done
for turn in $(seq "$turns"); do
  for kernel in $kernels; do
    for name in old new; do
      program=$old
      [ $name = old ] || program=$new
      run "$program" "$kernel" "$(cat "$tmp/rounds-$name-$kernel")" "$tmp/run"
      "$program" analyze "$tmp/run" >/dev/null
      echo "$turn $kernel $name $(half_width "$tmp/run") $(spent "$tmp/run")" >>"$tmp/widths"
    done
  done
  echo "turn $turn of $turns" >&2
done

# Medians by kernel; the ratio of each turn is the geometric mean over kernels,
# and its interval the order statistics of the turns.
awk -v turns="$turns" -v kernels="$kernels" -v most="$most" '
  function sorted(list, n,   i, j, t) {
    for (i = 2; i <= n; i++)
      for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
        t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
      }
  }
  function median(list, n) {
    sorted(list, n)
    return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
  }
  # The largest k with P(Bin(n, 1/2) < k) <= 0.025; 0: there is none.
  function rank(n,   k, p, term) {
    term = 0.5 ^ n
    for (k = 0; p + term <= 0.025; k++) { p += term; term *= (n - k) / (k + 1) }
    return k
  }
  { width[$3, $2, $1] = $4; spent[$3, $2, $1] = $5 }
  END {
    count = split(kernels, names, " ")
    print "| half-width of the interval of omp:static, 2 CPUs | rounds | blocks | ratio |"
    print "|---|---|---|---|"
    for (i = 1; i <= count; i++) {
      for (t = 1; t <= turns; t++) {
        a[t] = width["old", names[i], t]; b[t] = width["new", names[i], t]
        logs[t] += log(b[t] / a[t]) / count; r[t] = b[t] / a[t]
      }
      printf "| %s | %.2f%% | %.2f%% | %.2f |\n", names[i], 100 * median(a, turns), 100 * median(b, turns), median(r, turns)
    }
    m = exp(median(logs, turns)); k = rank(turns)
    if (k) printf "Geometric mean of the ratios: %.2f (%.2f to %.2f), %d turns.\n", m, exp(logs[k]), exp(logs[turns + 1 - k]), turns
    else printf "Geometric mean of the ratios: %.2f, %d turns: too few for an interval.\n", m, turns
    if (m > most) printf "At most %s is promised.\n", most
    else if (!k || exp(logs[turns + 1 - k]) > most) printf "At most %s is promised; these turns do not show it surely.\n", most
    exit m > most
  }' "$tmp/widths"
