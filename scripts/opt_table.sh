#!/bin/sh
# What compilers' options bought: items per second of the kernels, serial, by
# programs that were built with different ones, relative to the first of them.
# A Markdown table, as kernels/README.md has it.
# usage: opt_table.sh PROGRAM PROGRAM...      (`make opt-table` builds eight)
#   $ROUNDS   rounds, 9; in each, every program runs every kernel once, in an
#             order that the next round begins one further on
#   $LEAST_S  seconds that a region of the last program takes at least, 0.001
#   $MACHINE  what the table calls this kind of machine
#
# Every result is that of the first program, which verifies it in full.
set -eu

[ $# -ge 2 ] || { echo "usage: opt_table.sh PROGRAM PROGRAM..." >&2; exit 2; }
kernels='rowcount rangesum cube adler32 spin'
rounds=${ROUNDS:-9}
least_s=${LEAST_S:-0.001}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# trial PROGRAM KERNEL ITEMS [OPTION...]: its record, to $folder/record
trial() {
  program=$1
  shift
  "$program" trial --kernel "$1" --size "$2" --variant serial --json \
    --iterations 5 ${3+"$3"} ${4+"$4"} >"$folder/record"
}

# field NAME: of that record
field() {
  sed -n "s/.*\"$1\":\"*\([^,\"]*\).*/\1/p" "$folder/record"
}

# The seconds of its regions, with blanks between them.
regions_s() {
  sed -n 's/.*"regions_s":\[\([^]]*\)\].*/\1/p' "$folder/record" | tr , ' '
}

base=$1
for program in "$@"; do last=$program; done
for kernel in $kernels; do
  items=16
  while
    trial "$last" "$kernel" $items
    awk -v took="$(field region_s)" -v least="$least_s" 'BEGIN { exit !(took < least) }'
  do
    items=$((items * 2))
  done
  trial "$base" "$kernel" $items
  echo "$kernel $items $(field digest)" >>"$folder/sizes"
done

round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  while read -r kernel items digest; do
    for program in "$@"; do
      trial "$program" "$kernel" "$items" --expect "$digest" ||
        { echo "opt_table.sh: $program, $kernel: it failed" >&2; exit 1; }
      label=$(sed -n 's/  */ /g; s/ , /, /g; s/.*"build":"\([^"]*\), [^,"]*, revision .*/\1/p' \
        "$folder/record")
      echo "$round|$program|$label|$kernel|$items|$(regions_s)"
    done
  done <"$folder/sizes"
  # The next round begins one further on.
  first=$1
  shift
  set -- "$@" "$first"
done >"$folder/times"

awk -v base="$base" -v machine="${MACHINE:-}" -f scripts/opt_table.awk \
  "$folder/times"
