#!/bin/sh
# Linters see every file of the project: those too that git does not know yet.
# usage: test_sources.sh
set -eu
. bench/tests/fixture.sh

mkdir -p "$tmp/p/build-x" "$tmp/p/results/r" "$tmp/p/bench" && cd "$tmp/p"
echo '/build*' >.gitignore
echo '/results/*' >>.gitignore
for file in known.c gone.c bench/new.c bench/new.sh build-x/made.c results/r/x.c; do
  echo >"$file"
done
sources() { sh "$CORESWEEP_SCRIPTS/sources.sh" "$@" | tr '\n' ' '; }

if command -v git >/dev/null; then
  git init -q . && git add known.c gone.c
  rm gone.c
  same 'files of a checkout' 'bench/new.c known.c ' "$(sources '*.c')"
  same 'files of a folder' 'bench/new.c ' "$(sources 'bench/*.[ch]')"
  same 'files of two kinds' 'bench/new.c bench/new.sh known.c ' "$(sources '*.c' '*.sh')"
  rm -r .git
  echo 'ok a checkout'
fi
rm -f gone.c
same 'files of an archive' 'bench/new.c known.c ' "$(sources '*.c')"
same 'files of a folder' 'bench/new.c ' "$(sources 'bench/*.[ch]')"
same 'files of two kinds' 'bench/new.c bench/new.sh known.c ' "$(sources '*.c' '*.sh')"
echo >results/README.md
same 'a README beside runs' 'results/README.md ' "$(sources '*.md')"
echo 'ok an archive'
