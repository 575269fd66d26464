#!/bin/sh
# The docs say what the program does.
# usage: test_docs.sh       ($CORESWEEP: the program)
set -eu

fail() {
  echo "not ok $*"
  exit 1
}
program=${CORESWEEP:-build/coresweep}

BUILD=$(dirname "$program") sh scripts/fields.sh --check ||
  fail "results/README.md holds the program's own key tables"
echo "ok results/README.md holds the program's own key tables"

for target in $(make -s help | awk '/^  make /{print $2}'); do
  make -n "$target" >/dev/null 2>&1 || fail "make $target, in make help, exists"
done
echo "ok every target of make help exists"

grep -o 'results/examples/[^) ]*' README.md | sort -u | while read -r picture; do
  [ -s "$picture" ] || fail "README.md shows $picture, which is not there"
done
echo "ok every picture of README.md is there"

# shellcheck disable=SC2016 # Markdown's own quotes
sed -n '/^## What it needs/,$s/^| `\([a-z0-9+.-]*\)` |.*/\1/p' README.md | while read -r package; do
  grep -q "$package" scripts/deps.sh || fail "$package is in scripts/deps.sh"
done
echo "ok every package of README.md is in scripts/deps.sh"
