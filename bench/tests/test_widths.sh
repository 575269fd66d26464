#!/bin/sh
# The default sweep in its default budget on simulated machines of 2, 16 and 64
# CPUs: it ends in time, with as many trials as verdicts need.
# usage: test_widths.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

BUILD=$(dirname "$coresweep") sh scripts/widths.sh >"$tmp/table" || fail "$(cat "$tmp/table")"
same 'machines' 6 "$(grep -c '^| [0-9]* CPUs' "$tmp/table")"
awk -F '|' '
  /^\| [0-9]+ CPUs/ {
    if (!($3 + 0 > 0 && $3 + 0 <= 180)) { print "late: " $0; bad = 1 }
    for (i = 4; i < NF; i++) {
      trials = $i
      sub(/.*\(/, "", trials)
      if (!(trials + 0 >= 9)) { print "too few trials: " $0; bad = 1 }
    }
    if (NF != 12) { print "not all workloads: " $0; bad = 1 }
  }
  END { exit bad }' "$tmp/table" || fail 'see above'
echo 'ok verdicts within three minutes on 2, 16 and 64 CPUs'
