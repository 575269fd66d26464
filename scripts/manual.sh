#!/bin/sh
# Prints the manual, or what a shell completes command lines by, from the
# program's own tables: those behind its --help.
# usage: manual.sh CORESWEEP man|bash|zsh|fish
set -eu

case $#,${2:-} in
2,man | 2,bash | 2,zsh | 2,fish) ;;
*)
  echo "usage: manual.sh CORESWEEP man|bash|zsh|fish" >&2
  exit 2
  ;;
esac
coresweep=$1
here=$(dirname "$0")
tables=$(mktemp)
trap 'rm -f "$tables"' EXIT

tab=$(printf '\t')
{
  "$coresweep" --version | sed "s/ /$tab/; s/^/version$tab/"
  "$coresweep" --options-table >"$tables"
  cat "$tables"
  sed -n "s/^command$tab\([^$tab]*\)$tab.*/\1/p" "$tables" |
    while read -r name; do
      printf 'of\t%s\n' "$name"
      "$coresweep" "$name" --options-table
    done
  # What sweep takes for a program of somebody's own
  printf 'of\tsweep --\n'
  "$coresweep" sweep --options-table --
} >"$tables.all" || { rm -f "$tables.all"; exit 1; }
mv "$tables.all" "$tables"
case $2 in
man) awk -f "$here/man.awk" "$tables" ;;
*) awk -v shell="$2" -f "$here/completion.awk" "$tables" ;;
esac
