#!/bin/sh
# The docs say what the program does.
# usage: test_docs.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh

BUILD=$(dirname "$coresweep") sh scripts/fields.sh --check ||
  fail "results/README.md holds the program's own key tables"
echo "ok results/README.md holds the program's own key tables"

for target in $(make -s help | awk '/^  make /{print $2}'); do
  make -n "$target" >/dev/null 2>&1 || fail "make $target, in make help, exists"
done
echo "ok every target of make help exists"

# Without qemu-aarch64, and all else as it is.
mkdir "$tmp/bin"
ln -sf /bin/* /usr/bin/* "$tmp/bin/"
rm -f "$tmp/bin/qemu-aarch64"
status=0
PATH=$tmp/bin sh scripts/deps.sh --check aarch64 2>"$tmp/deps" || status=$?
same "deps.sh without qemu-aarch64: exit status" 1 "$status"
grep -q 'missing for aarch64:.* qemu-user' "$tmp/deps" ||
  fail "deps.sh names what is missing for make test-aarch64"
echo "ok deps.sh names what is missing for make test-aarch64"

grep -o 'results/examples/[^) ]*' README.md | sort -u | while read -r picture; do
  [ -s "$picture" ] || fail "README.md shows $picture, which is not there"
done
echo "ok every picture of README.md is there"

# shellcheck disable=SC2016 # Markdown's own quotes
sed -n '/^## What it needs/,$p' README.md | grep '^| `' | cut -d '|' -f 2 |
  tr -d '` ' | tr , '\n' | sort -u >"$tmp/told"
# shellcheck disable=SC2016 # deps.sh's own
sed -n '/^table()/,/^TABLE/s/^[a-z][^|]*|[^|]*|[^|]*|[^|]*|\([^|]*\)|.*/\1/p' scripts/deps.sh |
  tr ' ' '\n' | sed 's/\$version//' | grep -v -x -e gcc -e libc6-dev | sort -u >"$tmp/needed"
diff "$tmp/told" "$tmp/needed" >&2 ||
  fail "README.md's table of packages (<) is that of scripts/deps.sh (>)"
echo "ok README.md's table of packages is that of scripts/deps.sh"

# Every paragraph and bullet of the chapter on measuring that claims something
# names a test, and every test that it names is there.
sed -n '/^## How we measure/,/^## Limits/p' README.md >"$tmp/chapter"
awk '/^- / { if (bullet && bullet !~ /`test_/) bad = bad bullet "\n"; bullet = $0; next }
     /^  / && bullet { bullet = bullet " " $0; next }
     /^$/ { if (bullet && bullet !~ /`test_/) bad = bad bullet "\n"; bullet = "" }
     END { printf "%s", bad; exit bad != "" }' "$tmp/chapter" ||
  fail "every claim of README.md's chapter on measuring names its test"
# shellcheck disable=SC2016
tr '\n' ' ' <"$tmp/chapter" | sed 's/  */ /g' | grep -o '`test_[^`]*`' | tr -d '`' | sort -u |
  while IFS= read -r claim; do
    program_name=${claim%%:*}
    file=bench/tests/$program_name
    [ -e "$file" ] || file=$file.c
    [ -e "$file" ] || fail "README.md names $program_name, which is not there"
    case $claim in
    *:*) grep -rqF -e "${claim#*: }" "$file" "bench/tests/${program_name#test_}"* 2>/dev/null ||
      fail "README.md names '$claim', and $file has no such test" ;;
    esac
  done
echo "ok every claim of README.md on measuring names a test that is there"
