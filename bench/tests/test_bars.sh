#!/bin/sh
# The charts of bars and lanes show their data: boxes of an SVG, by their place,
# their length and their colour.
# usage: test_bars.sh           (needs gnuplot; without, nothing is looked at)
set -eu
. bench/tests/fixture.sh

command -v gnuplot >/dev/null || {
  echo '(gnuplot is not installed: no picture is looked at)'
  exit 0
}

# boxes PLOT NAME: a line for each box of a plot of $tmp/NAME.svg: left, right,
# top, bottom and colour.
boxes() {
  awk -v plot="$1" 'BEGIN { RS = "<" }
    /^title>\$/ { here = index($0, "title>$" plot " ") == 1 }
    here && /^polygon / {
      colour = $0
      sub(/.*rgb\(/, "", colour)
      sub(/\).*/, "", colour)
      gsub(/ /, "", colour)
      sub(/.*points = ./, "")
      split($0, at, /[ ,]+/)
      if (at[1] > 0)
        printf "%.1f %.1f %.1f %.1f %s\n", at[1], at[3], at[6], at[2], colour
    }' "$tmp/$2.svg"
}

draws() {
  for ending in svg png; do
    gnuplot -d -c "scripts/$1.gp" "$tmp/$2.tsv" "$tmp/$2.$ending" 2>"$tmp/err" ||
      fail "$2 is drawn"
    [ ! -s "$tmp/err" ] || fail "$2 is drawn without a word"
  done
}

# ---- losses ------------------------------------------------------------------

{
  printf '# %s\n' 'title: A title' 'subtitle: A subtitle' 'note: a note' \
    'foot: the foot' 'term: useful useful' 'term: serial idle while serial' \
    'term: work the same work taking longer' 'term: join joining'
  tr ' ~' '\t ' <<'TEXT'
part threads~(OpenMP) 2 useful 0.5
part threads~(OpenMP) 2 serial 0.3
part threads~(OpenMP) 2 join 0.2
part threads~(OpenMP) 4 useful 0.4
part threads~(OpenMP) 4 serial 0.35
part threads~(OpenMP) 4 work 0.25
pale pool 4 useful 0.8
pale pool 4 serial 0.45
pale pool 4 work -0.25
TEXT
} >"$tmp/losses.tsv"
draws losses losses
boxes BOXES losses >"$tmp/boxes"
# Nine rows, one of them below 0; four words in the key.
same 'boxes of losses' 12 "$(wc -l <"$tmp/boxes")"
awk 'function near(a, b) { return (a > b ? a - b : b - a) < 0.6 }
  function is(part, of, left, share, colour) {
    if (!near(l[part], left) || !near(r[part] - l[part], share * all))
      print "  box " part " is from " l[part] " to " r[part]
    else if (c[part] != colour) print "  box " part " is " c[part]
    else if (t[part] != t[of]) print "  box " part " is in another bar"
    else return
    bad = 1
  }
  { l[NR] = $1; r[NR] = $2; t[NR] = $3; b[NR] = $4; c[NR] = $5 }
  END {
    all = (r[1] - l[1]) / 0.5
    is(1, 1, l[1], 0.5, "0,114,178")
    is(2, 1, r[1], 0.3, "153,153,153")
    is(3, 1, r[2], 0.2, "0,158,115")
    is(4, 4, l[1], 0.4, "0,114,178")
    is(5, 4, r[4], 0.35, "153,153,153")
    is(6, 4, r[5], 0.25, "204,121,167")
    is(7, 7, l[1], 0.8, "127,184,216") # pale
    is(8, 7, r[7], 0.45, "204,204,204")
    if (!(b[1] <= t[4] && b[4] < t[7])) { print "  bars overlap"; bad = 1 }
    exit bad
  }' "$tmp/boxes" >&2 || fail 'bars of losses show their data'
awk 'BEGIN { RS = "<" } /^text>/ { print substr($0, 6) }' "$tmp/losses.svg" >"$tmp/words"
for words in 50 30 20 40 35 25 80 45 'threads (OpenMP)' pool '100%' \
  useful 'idle while serial' 'the same work taking longer' joining 'a note'; do
  grep -qxF -e "$words" "$tmp/words" || fail "$words is written on losses"
done
same "what a bar's credit is written as" 0 "$(grep -cx -e -25 "$tmp/words" || :)"
[ "$(boxes PATCH losses | wc -l)" = 1 ] || fail 'a number on a hatch has a ground'
echo 'ok losses'

# ---- lanes of a region -------------------------------------------------------

{
  printf '# %s\n' 'title: A title' 'subtitle: A subtitle' 'foot: the foot'
  tr ' ~' '\t ' <<'TEXT'
lane threads~(OpenMP) 0 0.001 0.008 0.007 0.01
lane threads~(OpenMP) 1 0.002 0.010 0.004 0.01
lane pool 0 0.004 0.006 0.002 0.008
TEXT
} >"$tmp/gantt.tsv"
draws gantt gantt
for words in 'threads (OpenMP), worker 1: begins after 2.00 ms, 4.00 ms inside chunks, done after 10.0 ms, waits 0 s at the end' \
  'pool, worker 0: begins after 4.00 ms, 2.00 ms inside chunks, done after 6.00 ms, waits 2.00 ms at the end'; do
  grep -qF "<title>$words</title></rect>" "$tmp/gantt.svg" || fail "$words is told under the pointer"
done
boxes BOXES gantt >"$tmp/boxes"
same 'boxes of lanes' 9 "$(wc -l <"$tmp/boxes")" # thin, pale and blue ones
awk 'function near(a, b) { return (a > b ? a - b : b - a) < 0.6 }
  function is(part, from, to, share, colour) {
    if (!near(l[part], l[1] + from * ms) || !near(r[part], l[1] + to * ms))
      print "  box " part " is from " l[part] " to " r[part]
    else if (!near(b[part] - t[part], share * high))
      print "  box " part " is " b[part] - t[part] " of " high " high"
    else if (c[part] != colour) print "  box " part " is " c[part]
    else return
    bad = 1
  }
  { l[NR] = $1; r[NR] = $2; t[NR] = $3; b[NR] = $4; c[NR] = $5 }
  END {
    ms = r[1] - l[1]
    high = b[2] - t[2]
    is(1, 0, 1, 0.26, "0,158,115")
    is(2, 1, 8, 1, "207,230,245")
    is(3, 1, 8, 1, "0,114,178")
    is(4, 0, 2, 0.26, "0,158,115")
    is(5, 2, 10, 1, "207,230,245")
    is(6, 2, 10, 0.5, "0,114,178")
    is(7, 0, 4, 0.26, "0,158,115")
    is(8, 4, 6, 1, "207,230,245")
    is(9, 4, 6, 1, "0,114,178")
    if (!(b[2] <= t[5] && b[5] < t[8])) { print "  lanes overlap"; bad = 1 }
    exit bad
  }' "$tmp/boxes" >&2 || fail 'lanes show their data'
for words in 'threads (OpenMP)' pool 0 10 "ms after the region's begin"; do
  grep -qF ">$words<" "$tmp/gantt.svg" || fail "$words is written on lanes"
done
echo 'ok lanes'
