#!/bin/sh
# Where the observer and TALP's definitions meet, the same numbers: a sweep's
# efficiencies of a program built with LLVM's OpenMP, beside TALP's formulas for
# where that program saw its threads idle; within 1% and 1 us an event.
# usage: test_observe_talp.sh    ($CORESWEEP: the program, with its observer
#                                 beside it)
set -eu
. bench/tests/fixture.sh
TMPDIR=$tmp
export TMPDIR
unset OMP_TOOL_LIBRARIES LD_PRELOAD CC
command -v clang >/dev/null || {
  echo "skipped: TALP's numbers, for there is no clang"
  exit 0
}
# Waiting threads leave the CPUs to those that they wait for.
KMP_BLOCKTIME=0 KMP_USE_YIELD=1
export KMP_BLOCKTIME KMP_USE_YIELD
clang -O2 -fopenmp -o "$tmp/talp" bench/tests/observe/talp.c -lpthread

# One observed run with two workers: what the sweep says, and what it saw.
measure() {
  rm -rf "$tmp/run" "$tmp"/own.*
  run 0 sweep --workers 1,2 --oversubscribe --rounds 1 --warmup 0 \
    --out "$tmp/run" -- "$tmp/talp" "$tmp/own.{workers}"
  "$coresweep" report --csv "$tmp/run" >"$tmp/csv"
}

# The formulas of TALP's user guide ("TALP Performance metrics"), with T the
# time of both threads together: I_serial is idle outside of regions.
compare() {
  program_s=$(sed -n 's/.*"phase":"observed".*"workers":2,.*"program_s":\([^,]*\),.*/\1/p' "$tmp/run/trials.jsonl")
  awk -F , -v program_s="$program_s" '
    FILENAME ~ /own/ { split($0, word, " "); own[word[1]] = word[2] * 1e-9; next }
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["requested"] == "program" && $column["workers"] == 2 {
      told["serialization"] = $column["talp_serialization_efficiency"]
      told["balance"] = $column["talp_load_balance"]
      told["scheduling"] = $column["talp_scheduling_efficiency"]
    }
    function same(what, wanted_s, base_s,   said_s, by_s) {
      said_s = (1 - told[what]) * base_s
      by_s = said_s - wanted_s
      if (told[what] == "" || by_s > 0.01 * wanted_s + own["events"] * 1e3 ||
          by_s < -0.01 * wanted_s - own["events"] * 1e3) {
        printf "%s: idle for %.3f ms, and %.3f ms were told\n", what,
          1e3 * wanted_s, 1e3 * said_s
        differ = 1
      }
      return said_s
    }
    END {
      T = 2 * program_s
      serial_s = program_s - own["open"]
      left_s = T - same("serialization", serial_s, T)
      left_s -= same("balance", own["balance"], left_s)
      same("scheduling", own["scheduling"], left_s)
      efficiency = told["serialization"] * told["balance"] * told["scheduling"]
      parallel = 1 - (serial_s + own["balance"] + own["scheduling"]) / T
      if (efficiency > parallel * 1.01 || efficiency < parallel * 0.99) {
        printf "parallel efficiency: %.4f, and %.4f was told\n", parallel,
          efficiency
        differ = 1
      }
      printf "serialization %.3f, load balance %.3f, scheduling %.3f\n",
        told["serialization"], told["balance"], told["scheduling"]
      exit differ
    }' "$tmp/own.2" "$tmp/csv" >"$tmp/differs"
}

# A thread may lose its CPU, and then another one is the last: what differs is
# asked again, and wrong when it always does.
for _ in $(seq 30); do
  measure
  ! compare || {
    cat "$tmp/differs"
    echo "ok TALP's serialization, load balance and scheduling, and their product"
    exit 0
  }
done
cat "$tmp/differs"
fail "TALP's numbers agree at least once in 30 times"
