#!/bin/sh
# report.html of a run: named, whole, asking for nothing, in the charts' colours;
# and opened.  What it looks like, `make test-browser` sees.
# usage: test_page.sh           ($CORESWEEP: the program; default build/coresweep)
# shellcheck disable=SC2154 # of fixture.sh and fakes.sh
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
old=$tmp/run
page=$old/report.html
cp -r bench/tests/golden/old-run-2 "$old"
fake_gnuplot '<svg viewBox="0 0 9 9"><title>One</title><desc>by</desc><g id="a"/></svg>'

run 0 report "$old"
same 'the last line' "Page    $page" "$(tail -n 1 "$tmp/out")"
grep -q 'id="p1-a"' "$page" || fail 'its pictures are in it'
run 0 report --full "$old"
same 'the last line of all' "Page    $page" "$(tail -n 1 "$tmp/out")"
echo 'ok the page is named, and has the pictures'

! grep -qE ' src=|href="(https?:)?//|url\((https?:)?//|@import' "$page" ||
  fail 'nothing is asked for'
# nonce FILE: the one that may run, of the policy and of the script
nonce() {
  grep -o "nonce-[0-9a-f]*\|nonce=\"[0-9a-f]*" "$1" | sed 's/^nonce[-="]*//'
}
same 'scripts and policies' 2 "$(nonce "$page" | wc -l)"
same 'kinds of nonce' 1 "$(nonce "$page" | sort -u | wc -l)"
cp "$page" "$tmp/before"
run 0 report "$old"
[ "$(nonce "$page")" != "$(nonce "$tmp/before")" ] || fail 'a nonce is made anew'
for file in "$page" "$tmp/before"; do
  sed "s/$(nonce "$file" | head -n 1)/NONCE/g" "$file" >"$tmp/${file##*/}.same"
done
cmp "$tmp/report.html.same" "$tmp/before.same" || fail 'all else is the same'
echo 'ok it asks for nothing, and only its own script may run'

# Beside a narrow terminal it says what it says beside a wide one.
sed -i 's/"left_out": null/"left_out": "shorter regions, of two milliseconds; intervals of the bounds; without fork:static"/' "$old/analysis.json"
for columns in 50 200; do
  COLUMNS=$columns
  export COLUMNS
  run 0 report "$old"
  sed "s/$(nonce "$page" | head -n 1)/NONCE/g" "$page" >"$tmp/$columns.same"
done
unset COLUMNS
cmp "$tmp/50.same" "$tmp/200.same" || fail 'the same page beside every terminal'
! grep -q ' …</p>' "$page" || fail 'sentences of the page are whole'
echo 'ok no sentence is cut for a terminal'

sed -n 's/.*<a download="speedups.csv" href="data:text\/csv;base64,\([^"]*\)".*/\1/p' "$page" |
  base64 -d | cmp - "$old/speedups.csv" || fail 'speedups.csv can be saved'
echo 'ok its numbers can be saved'

# rows FILE: the heads of its rows
rows() {
  sed -n 's/.*<tr><th scope="row">\([^<]*\)<.*/\1/p' "$1" | sort
}
sed '/<details>/,/<\/details>/!d' "$page" >"$tmp/raw.html"
sed -n '/: null,*$/d; /: \[\],*$/d; s/^ "\([a-z0-9_]*\)": .*/\1/p' "$old/environment.json" | sort >"$tmp/keys"
rows "$tmp/raw.html" | cmp - "$tmp/keys" || fail 'all of environment.json is folded away'
sed '/<details>/,/<\/details>/d' "$page" >"$tmp/words.html"
grep -q '<tr><th scope="row">CPUs that may be used</th><td>2</td></tr>' "$tmp/words.html" || fail 'it is in words'
grep -q '<tr><th scope="row">transparent huge pages</th><td>madvise</td></tr>' "$tmp/words.html" ||
  fail 'of what can be chosen, what is'
grep -q '<tr><th scope="row">began</th><td>26 November 2026, 13:53 UTC</td></tr>' "$tmp/words.html" ||
  fail 'a date that people write'
! grep -q 'huge_pages\|swapped out' "$tmp/words.html" || fail 'no keys, and nothing that did not happen'
grep -q '<div class="sentences">' "$page" || fail 'sentences of its workloads'
! grep -q '^<p>cube[:,]' "$page" || fail 'no name again below the heading that it is'
echo 'ok the machine is told in words, and what is behind them is folded away'

# shellcheck disable=SC2016 # backquotes of the sentence
sed 's/"warnings": null/"warnings": "It rained.", "busy": "Others played: `kill` them."/' "$old/analysis.json" >"$tmp/wet.json"
cp -r "$old" "$tmp/wet"
mv "$tmp/wet.json" "$tmp/wet/analysis.json"
run 0 report "$tmp/wet"
same 'warnings' '<p class="beware">Others played: <code>kill</code> them. It rained.</p>' \
  "$(grep -e 'class="beware' -e rained -e played "$tmp/wet/report.html" | sed 's/<h1>[^<]*<\/h1>//')"
grep -q '</h1><p class="beware">' "$tmp/wet/report.html" || fail 'it is the first line'
echo 'ok what was wrong with the machine stands once, first'

# alone STATUS ARGUMENT...: the program, as where nothing else is installed
alone() {
  wanted=$1
  shift
  exits "$wanted" env PATH=/nowhere "$coresweep" "$@"
}
alone 0 report "$old"
grep -q 'class="strip"' "$page" || fail 'answers without gnuplot'
! grep -q 'id="p1-a"' "$page" || fail 'no pictures that were not drawn now'
echo 'ok without gnuplot it has what was not drawn by it'

cp "$page" "$tmp/before"
scripts=$CORESWEEP_SCRIPTS
CORESWEEP_SCRIPTS=/nowhere
alone 1 report "$old"
CORESWEEP_SCRIPTS=$scripts
warns '/nowhere/page.css could not be read: No such file'
cmp "$page" "$tmp/before" || fail 'the page that was there stays'
echo 'ok a page that cannot be made leaves the one that was there'

# ---- opened ----------------------------------------------------------------

take_calls >/dev/null
fake xdg-open </dev/null
opened() {
  grep -qFx "xdg-open [$(realpath "$page")]" "$calls"
}
(cd "$tmp" && run 0 report --open run)
eventually opened || fail "xdg-open is called: $(cat "$calls")"
alone 0 report --open "$old"
says "To be opened in a browser by hand: $page (xdg-open: not installed)"
run 2 report --open --json "$old"
echo 'ok report --open shows it'

# ---- colours ---------------------------------------------------------------

# list NAME FILE: the words of a gnuplot list, a line each
list() {
  awk -v name="$1" 'index($0, name " = \"") == 1 { on = 1; sub(/^[^"]*"/, "") }
    on { sub(/\\$/, ""); last = sub(/".*/, ""); print; if (last) exit }' "$2" |
    tr -s ' ' '\n' | grep .
}
number=0
for colour in $(list STYLE_MARK scripts/theme.gp); do
  number=$((number + 1))
  grep -qF ".s$number { fill: #${colour#0x}; }" scripts/page.css ||
    fail "style $number is $colour on the page, too"
done
same 'styles' 15 "$number"
list TERM_KEYS scripts/losses.gp >"$tmp/keys"
list TERM_FILL scripts/losses.gp | paste "$tmp/keys" - >"$tmp/terms"
while read -r key colour; do
  grep -qF ".t-$key { fill: #${colour#0x}; }" scripts/page.css ||
    fail "$key is $colour on the page, too"
done <"$tmp/terms"
same 'terms' 17 "$(wc -l <"$tmp/terms")"
echo 'ok variants and losses have the colours of the charts'
