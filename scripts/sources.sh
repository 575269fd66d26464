#!/bin/sh
# Lists the project's files whose paths match: also those that git does not know
# yet, but none that it ignores, and none that is gone.  Where there is no git,
# as in an unpacked archive, all but what was built or measured.
# usage: sources.sh PATTERN...      (in the project's folder; as in '*.c')
set -eu

if [ -e .git ] && command -v git >/dev/null; then
  git ls-files --cached --others --exclude-standard -- "$@"
else
  for pattern in "$@"; do
    find . \( -path './build*' -o -path './results/*/*' \) -prune -o \
      -path "./$pattern" -type f -print
  done | cut -c 3-
fi | sort -u | while IFS= read -r file; do
  [ ! -f "$file" ] || printf '%s\n' "$file"
done
