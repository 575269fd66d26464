#!/bin/sh
# How narrow intervals get on machines that nobody here has: the default sweep,
# with its default budget, on simulated ones of 2, 16 and 64 CPUs, quiet and
# noisy, on their own clock.  Prints a table, the half-width of each interval of
# omp:static's region at the most workers, and of how many trials; ends with 1
# where a sweep takes longer than the 180 s that `make bench` may.
# usage: KERNELS= VARIANTS= BUILD= widths.sh [FOLDER]    (empty: those of bench)
#   FOLDER: keeps the runs there
# Noisy: each CPU is 22% slower for 35% of the time, by itself, for 0.1 to 1 s;
# and for 5% of it all of them deliver what half of them do, for 1 to 2 s.
set -eu

coresweep=${BUILD:-build}/coresweep
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
keep=${1:-$work}
most_s=180
late=0
# Lines of WORKLOAD VARIANT WORKERS, and words on how many.
points=$("$coresweep" bench --dry-run --workers 1 | awk 'NF == 3')
KERNELS=${KERNELS:-$(echo "$points" | awk '!seen[$1]++ { printf "%s ", $1 }')}
VARIANTS=${VARIANTS:-$(echo "$points" | awk '!seen[$2]++ { printf "%s ", $2 }')}

# machine CPUS NOISE: its description.
machine() {
  states=
  if [ "$2" = noisy ]; then
    states="\"state_share\": 0.35, \"crowded_share\": 0.05, \"crowded_cpus\": $(($1 / 2)),"
  fi
  cat <<END
{"name": "$1 CPUs, $2", "topology": "core:$1 pu:1", "spin_item_s": 1.2e-6,
 "start_s": 5e-5, "start_per_worker_s": 1e-5, "worker_start_s": 2e-7,
 "region_fixed_s": 3e-6, "dispatch_s": 2e-7, "fork_s": 2e-4, "close_s": 5e-5,
 $states "jitter": 0.005, "region_jitter": 0.005, "seed": 1}
END
}

# row MACHINE FOLDER SECONDS HEAD: a line of the table; before it its head,
# where HEAD is not empty.
row() {
  awk -v machine="$1" -v time_s="$3" -v head="$4" '
    { gsub(/[",]/, "") }
    $1 == "workload:" { workload = $2 }
    $1 == "requested:" { requested = $2 }
    $1 == "workers:" { workers = $2 + 0 }
    $1 == "n:" { n = $2 }
    $1 == "speedup_abs:" { at = 1; next }
    at == 1 { median = $2; at = 2; next }
    at == 2 { low = $2; at = 3; next }
    at == 3 { # the high end
      at = 0
      if (requested == "omp:static" && low + 0 > 0 && workers > most[workload] + 0) {
        if (!(workload in text)) order[++count] = workload
        most[workload] = workers
        text[workload] = sprintf("±%.2f%% (%d)", 50 * ($2 - low) / median, n)
      }
    }
    END {
      for (i = 1; i <= count; i++) {
        names = names " " order[i] " |"
        rule = rule "---|"
        cells = cells " " text[order[i]] " |"
      }
      if (head) printf "| machine | s |%s\n|---|---|%s\n", names, rule
      printf "| %s | %s |%s\n", machine, time_s, cells
    }' "$2/analysis.json"
}

head=yes
for cpus in 2 16 64; do
  for noise in quiet noisy; do
    out=$keep/$cpus-$noise
    machine "$cpus" "$noise" >"$work/machine.json"
    "$coresweep" simulate --machine "$work/machine.json" \
      --kernels "$KERNELS" --variants "$VARIANTS" \
      --budget 2m --out "$out" >"$work/said"
    "$coresweep" analyze "$out" >/dev/null
    time_s=$(sed -n 's/^[0-9]* trials in \([0-9.]*\) s,.*/\1/p' "$work/said")
    row "$cpus CPUs, $noise" "$out" "${time_s:-?}" "$head"
    head=
    if [ -z "$time_s" ] || [ "${time_s%.*}" -gt "$most_s" ]; then late=1; fi
    left_out=$(sed -n 's/^Thinned, to stay within the budget: \(.*\)\.$/\1/p' "$work/said" |
      awk '{ all = all (NR > 1 ? "; " : "") $0 } END { print all }')
    printf '\n%s CPUs, %s, left out: %s.\n' "$cpus" "$noise" "${left_out:-nothing}" >>"$work/notes"
  done
done
cat "$work/notes"
if [ "$late" = 1 ]; then
  echo "A sweep took longer than $most_s s." >&2
  exit 1
fi
