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

# headings FILE: what a link may name after the #, as GitHub spells it
headings() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
    LC_ALL=C sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

sh scripts/sources.sh '*.md' >"$tmp/pages"
while read -r page; do
  grep -o '](\.*[^):]*)' "$page" | sed 's/^](//; s/)$//' | sort -u |
    while read -r link; do
      file=${link%%#*}
      file=${file:+$(dirname "$page")/$file}
      file=${file:-$page}
      [ -s "$file" ] || fail "$page links to $link, which is not there"
      case $link in
      *'#'*) headings "$file" | grep -qx -e "${link#*#}" ||
        fail "$page links to $link, and $file has no such heading" ;;
      esac
    done
done <"$tmp/pages"
echo "ok every relative link of a page leads somewhere"

for picture in results/examples/*/*.svg; do
  # shellcheck disable=SC2046 # plain names
  grep -qF -e "(${picture#results/})" -e "($picture)" -e "(../$picture)" $(cat "$tmp/pages") ||
    fail "no page shows $picture"
done
echo "ok every example is shown on a page"

lines=$(wc -l <README.md)
[ "$lines" -lt 200 ] || fail "README.md expected to have under 200 lines, got $lines"
sed -n '/^<!-- make bench: begin -->$/,/^<!-- make bench: end -->$/p' README.md >"$tmp/bench"
lines=$(grep -c -v '^<!--\|^```' "$tmp/bench") || fail "README.md shows what make bench prints"
[ "$lines" -le 45 ] || fail "README.md expected to show up to 45 lines of make bench, got $lines"
grep -q '^<!-- make bench: end' "$tmp/bench" || fail "README.md says where the output ends"
echo "ok README.md is a page"

# What stands in a line of code, or between backquotes.
make -s help | awk '/^  make /{print $2}' | sort >"$tmp/targets"
# shellcheck disable=SC2046 # plain names
grep -h -o -e '^    make [a-z][a-z0-9-]*' -e '`make [a-z][a-z0-9-]*' $(cat "$tmp/pages") |
  sed 's/.*make //' | sort -u >"$tmp/told"
[ -s "$tmp/told" ] || fail "pages name targets of make"
unknown=$(comm -23 "$tmp/told" "$tmp/targets")
same "targets that a page names and make help does not" "" "$unknown"
echo "ok every target of make on a page is in make help"

# What is typed, up to somebody else's command or a comment.
# shellcheck disable=SC2016,SC2046 # Markdown's own quotes; plain names
grep -h -o '\(build/\|`\)coresweep [a-z][^`|&]*' $(cat "$tmp/pages") |
  sed 's/^[^ ]* //; s/ -- .*//; s/  *# .*//' | sort -u >"$tmp/told"
grep -q -e ' --' "$tmp/told" || fail "pages show options"
while read -r command options; do
  { "$coresweep" "$command" --help
    [ "$command" != sweep ] || "$coresweep" sweep --help --; } </dev/null >"$tmp/help" ||
    fail "a page shows coresweep $command, which has no --help"
  for option in $options; do
    case $option in --?*) grep -q -e " $option\>" "$tmp/help" ||
      fail "a page shows coresweep $command $option, which is not in its --help" ;; esac
  done
done <"$tmp/told"
echo "ok every command of the program on a page, and its options, are in its --help"

sh scripts/experiments.sh --list >"$tmp/told"
same "experiments, in their order" "1 2 3 4 5 6 7 8" "$(cut -d ' ' -f 1 "$tmp/told" | tr '\n' ' ' | sed 's/ $//')"
while read -r number arguments; do
  # shellcheck disable=SC2086 # several arguments
  run 0 sweep --quick --report --dry-run --oversubscribe $arguments </dev/null
  [ -s "$tmp/out" ] || fail "experiment $number measures something"
done <"$tmp/told"
echo "ok the eight experiments are commands that the program takes"

# shellcheck disable=SC2016 # Markdown's own quotes
sed -n '/^## What it needs/,$p' scripts/README.md | grep '^| `' | cut -d '|' -f 2 |
  tr -d '` ' | tr , '\n' | sort -u >"$tmp/told"
# shellcheck disable=SC2016 # deps.sh's own
sed -n '/^table()/,/^TABLE/s/^[a-z][^|]*|[^|]*|[^|]*|[^|]*|\([^|]*\)|.*/\1/p' scripts/deps.sh |
  tr ' ' '\n' | sed 's/\$version//' | grep -v -x -e gcc -e libc6-dev | sort -u >"$tmp/needed"
diff "$tmp/told" "$tmp/needed" >&2 ||
  fail "scripts/README.md's table of packages (<) is that of scripts/deps.sh (>)"
echo "ok scripts/README.md's table of packages is that of scripts/deps.sh"

# Every paragraph and bullet of the chapter on measuring that claims something
# names a test, and every test that it names is there.
sed -n '/^## How we measure/,/^## Limits/p' bench/README.md >"$tmp/chapter"
grep -q '^- .' "$tmp/chapter" || fail "bench/README.md has a chapter on measuring"
awk '/^- / { if (bullet && bullet !~ /`test_/) bad = bad bullet "\n"; bullet = $0; next }
     /^  / && bullet { bullet = bullet " " $0; next }
     /^$/ { if (bullet && bullet !~ /`test_/) bad = bad bullet "\n"; bullet = "" }
     END { printf "%s", bad; exit bad != "" }' "$tmp/chapter" ||
  fail "every claim of bench/README.md's chapter on measuring names its test"
# shellcheck disable=SC2016
tr '\n' ' ' <"$tmp/chapter" | sed 's/  */ /g' | grep -o '`test_[^`]*`' | tr -d '`' | sort -u |
  while IFS= read -r claim; do
    program_name=${claim%%:*}
    file=bench/tests/$program_name
    [ -e "$file" ] || file=$file.c
    [ -e "$file" ] || fail "bench/README.md names $program_name, which is not there"
    case $claim in
    *:*) grep -rqF -e "${claim#*: }" "$file" "bench/tests/${program_name#test_}"* 2>/dev/null ||
      fail "bench/README.md names '$claim', and $file has no such test" ;;
    esac
  done
echo "ok every claim of bench/README.md on measuring names a test that is there"
