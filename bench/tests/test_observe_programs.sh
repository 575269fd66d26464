#!/bin/sh
# The table of observed programs: f and both bounds from runs with one thread,
# and none where that run tells nothing of two.
# usage: test_observe_programs.sh
set -eu
. bench/tests/fixture.sh

# runs ONE TWO: a round of a program that takes 1 s, by two threads 0.8 s, and
# 2% more when observed; ONE, TWO: what was told of each.
runs() {
  printf '1\tno\t1000000000\t-\n2\tno\t800000000\t-\n'
  printf '1\tyes\t1020000000\t%s\n2\tyes\t816000000\t%s\n' "$1" "$2"
}
# told WALL OUTSIDE TEAM CRITICAL KEYS LARGE: as `observed` prints it.
told() {
  printf '1\t%s\t%s\t2\t30\t%s\t%s\t-\t%s\t%s\ta.c:5 (90%%)' "$@"
}
row() { awk -v name=p -f scripts/observe_programs.awk "$tmp/times" | tr -s ' ' ' '; }

two=$(told 0.8 0.6 2 0 'p+0x1|p+0x2|' 'p+0x1|')
runs "$(told 1 0.6 1 0.0001 'p+0x1|p+0x2|' 'p+0x1|')" "$two" >"$tmp/times"
same 'f and the bound' \
  'p 1.00 60.0% 1.25 1.25 (1.25 to 1.25) 0.600, 0.600 +2.0% 2 30 a.c:5 (90%)' "$(row)"
runs "$(told 1 0.6 1 0.3 'p+0x1|p+0x2|' 'p+0x1|')" "$two" >"$tmp/times"
same 'with critical sections' 'p 1.00 60.0% 1.25, 1.11' "$(row | cut -d ' ' -f 1-5)"
runs "$(told 1 0.8 1 0 'p+0x1|' 'p+0x1|')" "$two" >"$tmp/times"
same 'time outside of regions that two threads shorten' \
  'no law a.c:5 (90%); other threads help outside of regions' "$(row | cut -d ' ' -f 4-5,15-)"
runs "$(told 1 0.605 1 0 'p+0x1|' 'p+0x1|')" "$two" >"$tmp/times"
same 'by less than a hundredth' 'p 1.00 60.5% 1.25' "$(row | cut -d ' ' -f 1-4)"
{
  runs "$(told 1 0.8 1 0 'p+0x1|' 'p+0x1|')" "$two"
  runs "$(told 1 0.59 1 0 'p+0x1|' 'p+0x1|')" "$two"
} >"$tmp/times"
same 'not in all pairs' 'p 1.00 69.5% 1.18' "$(row | cut -d ' ' -f 1-4)"
echo 'ok f, at most, and what it rests on'

runs "$(told 1 0.6 1 0 'p+0x2|p+0x11|' 'p+0x2|')" "$two" >"$tmp/times"
same 'a region that one thread has not' \
  'no law a.c:5 (90%); another way with one thread: no p+0x1' "$(row | cut -d ' ' -f 4-5,15-)"
runs "$(told 1 0.6 2 0 'p+0x1|' 'p+0x1|')" "$two" >"$tmp/times"
same 'a team of its own' \
  'no law a.c:5 (90%); a team of 2 of its own, with one thread' "$(row | cut -d ' ' -f 4-5,15-)"
runs - - >"$tmp/times"
same 'nothing told' 'p 1.00 - - 1.25 (1.25 to 1.25) - +2.0% - - nothing told' "$(row)"
echo 'ok no law where one thread tells nothing of two'
