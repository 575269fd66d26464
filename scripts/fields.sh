#!/bin/sh
# Writes the key tables of results/README.md anew from the program's own.
# usage: fields.sh [--check]     ($BUILD says where the program lies)
set -eu

file=results/README.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT
sed '/<!-- keys -->/q' "$file" >"$new"
"${BUILD:-build}/coresweep" list fields >>"$new"

if [ "${1:-}" = --check ]; then
  diff -u "$file" "$new" || {
    echo "fields.sh: $file is out of date; run scripts/fields.sh" >&2
    exit 1
  }
else
  cat "$new" >"$file"
fi
