#!/bin/sh
# A room of bench/ includes only from itself, from rooms before it in the order
# in which data flows, and from kernels/kernel.h; kernels include nothing of
# bench/, and beside kernel.h only headers that begin with their own name, as
# cube_x.h for cube.c.  Within analyze, a room of pure functions, no two files
# include each other, however far round.  Prints what breaks that, and exits 1.
# usage: rooms.sh            (in the project's folder)
set -eu

# shellcheck disable=SC2016 # $2 is awk's
sh scripts/sources.sh 'kernels/*.[ch]' 'bench/*.[ch]' | xargs awk -F '"' '
  BEGIN {
    n = split("observe plan trial record sweep analyze report commands", rooms, " ")
    for (i = 1; i <= n; i++) place[rooms[i]] = i
  }
  /^[ \t]*#[ \t]*include "/ {
    split(FILENAME, from, "/")
    split($2, to, "/")
    own = from[2]
    sub(/[.][ch]$/, "_", own)
    bad = from[1] == "kernels" ? $2 != "kernel.h" && index($2, own) != 1 \
        : from[2] in place && to[1] == "bench" && \
          (!(to[2] in place) || place[to[2]] > place[from[2]])
    bad = bad || (from[2] in place && to[1] == "kernels" && \
                  $2 != "kernels/kernel.h")
    if (bad) { print FILENAME ": includes " $2; wrong = 1 }
  }
  END { exit wrong }
'

[ -d bench/analyze ] || exit 0
# shellcheck disable=SC2016
circles=$(sh scripts/sources.sh 'bench/analyze/*.[ch]' | xargs awk -F '"' '
  /^#include "bench\/analyze\// {
    from = FILENAME
    sub(/[.][ch]$/, "", from)
    sub(/[.]h$/, "", $2)
    if (from != $2) print from, $2
  }
' | tsort 2>&1 >/dev/null) || true
[ -z "$circles" ] || { echo "$circles"; exit 1; }
