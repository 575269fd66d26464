#!/bin/sh
# Results for other programs: CSV that every reader takes, one row an
# observation, as the program's tables say; JSON and Markdown of the same; and a
# run's folder that was moved, and cannot be written to.
# usage: test_exports.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
fields=$(realpath results/README.md)
cd "$tmp"
fake_gnuplot '<svg></svg>'

# csv FILE: its cells, a line each as ROW:COLUMN NAME=VALUE, read by the rules
# of RFC 4180 alone; fails where a row has more or fewer cells than the head.
csv() {
  awk '
    { text = text $0 "\n" }
    END {
      row = 1; column = 1; quoted = 0; cell = ""
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (quoted && c == "\"" && substr(text, i + 1, 1) == "\"") { cell = cell c; i++ }
        else if (c == "\"") quoted = !quoted
        else if (!quoted && (c == "," || c == "\n")) {
          if (row == 1) head[column] = cell
          else printf "%d:%s=%s\n", row - 1, head[column], cell
          if (c == "\n") {
            if (row == 1) most = column
            else if (column != most) { print "row " row ": " column " of " most; exit 1 }
            row++; column = 0
          }
          column++; cell = ""
        } else cell = cell c
      }
      if (quoted) exit 1
    }' "$1"
}
cell() { sed -n "s/^$2:$3=//p" "$1"; }
rows() { cut -d : -f 1 "$1" | sort -un | wc -l | tr -d ' '; }

odd='adler32/base="a|b, or \"c\""'
run 0 sweep --kernels "spin,rowcount/preset=tutorial,$odd" --variants serial,pool:static \
  --workers 1 --size 100 --rounds 6 --no-probes --out run --csv
cp "$tmp/out" sweep.csv
grep -q '^Full  ' "$tmp/err" || fail 'with --csv, all else is on stderr'
run 0 report run --csv
cmp -s sweep.csv "$tmp/out" || fail 'sweep --csv is what report --csv prints'
run 0 report run
cmp -s sweep.csv run/speedups.csv || fail 'and speedups.csv'
csv sweep.csv >cells || fail "CSV by RFC 4180: $(tail -n 1 cells)"
same 'rows of speedups.csv' 6 "$(rows cells)"
same 'a name with a quote and a comma' "$odd" "$(cell cells 5 workload)"
same 'its second variant' pool:static "$(cell cells 2 requested)"
csv run/trials.csv >trials || fail "CSV by RFC 4180: $(tail -n 1 trials)"
same 'rows of trials.csv' "$(wc -l <run/trials.jsonl | tr -d ' ')" "$(rows trials)"
same 'trials of trials.csv' "$(sed 's/.*"program_s":\([^,]*\),.*/\1/' run/trials.jsonl | grep -c '^[0-9]')" \
  "$(grep -c ':program_s=[0-9]' trials)"
! grep -q ';' run/trials.csv || fail 'a cell of trials.csv holds one value'
sed -n 's/^1:\([^=]*\)=.*/\1/p' trials >names
while read -r name; do
  # shellcheck disable=SC2016 # Markdown's own quotes
  grep -Fq "| \`$name\` |" "$fields" || fail "results/README.md has the key $name of trials.csv"
done <names
echo 'ok trials.csv and speedups.csv are CSV, a row an observation'

run 0 report run --json
cmp -s run/analysis.json "$tmp/out" || fail 'report --json prints analysis.json'
run 0 report run --markdown
head -n 2 "$tmp/out" | tail -n 1 | grep -Eqx '(\|---)+\|' || fail 'Markdown has a rule under its head'
same 'rows in Markdown' 6 "$(tail -n +3 "$tmp/out" | wc -l | tr -d ' ')"
same 'columns in Markdown' 1 "$(awk -F'[^\\\\][|]' '{ print NF }' "$tmp/out" | sort -u | wc -l | tr -d ' ')"
says '| spin | pool:static | 1 | 6 | '
says 'region\_s'
for two in '--json --csv' '--csv --markdown' '--json --full'; do
  # shellcheck disable=SC2086 # two options
  run 2 report run $two
  warns 'want one of them'
done
echo 'ok a report as JSON, CSV, Markdown'

# numbers JSON KEY: of a file
run 0 breakeven --kernels cube --variants pool:static --workers 1 --rounds 6 --out even --csv
cp "$tmp/out" even.csv
csv even.csv >cells || fail "CSV by RFC 4180: $(tail -n 1 cells)"
same 'rows of breakeven' "$(grep -c '"outcome"' even/breakeven.json)" "$(rows cells)"
same 'its outcome' "$(sed -n 's/.*"outcome": "\([a-z]*\)".*/\1/p' even/breakeven.json)" "$(cell cells 1 outcome)"
run 0 report even --csv
cmp -s even.csv "$tmp/out" || fail 'report --csv knows a run of breakeven'
run 0 report even --json
cmp -s even/breakeven.json "$tmp/out" || fail 'and its JSON'
run 0 list variants --csv
csv "$tmp/out" >cells || fail 'list --csv is CSV'
same 'schedules in one cell' 'static;dynamic;guided' "$(cell cells "$(sed -n 's/:name=fork$//p' cells)" schedules)"
run 0 list kernels --markdown
says '| cube |'
run 2 list --csv
warns 'of one table'
status=0
"$coresweep" doctor --quick --csv >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" -le 1 ] || fail 'doctor --csv'
csv "$tmp/out" >cells || fail "doctor --csv: $(tail -n 1 cells)"
same 'a finding of the doctor' CPUs "$(cell cells 1 name)"
echo 'ok every table as CSV'

# ---- Every command --------------------------------------------------------

# What dump prints is CSV.
"$coresweep" --help | sed -n 's/^  \([a-z][a-z]*\)  *[^ ].*/\1/p' | grep -vx -e dump -e coresweep >commands
same 'commands that print tables' 15 "$(wc -l <commands | tr -d ' ')"
while read -r name; do
  "$coresweep" "$name" --help >help
  for form in json csv markdown; do
    grep -q "^ *--$form " help || fail "$name has --$form"
  done
done <commands

for form in json csv markdown; do
  run 0 report run "--$form"
  cp "$tmp/out" reported
  rm run/analysis.json
  run 0 analyze run "--$form"
  cmp -s reported "$tmp/out" || fail "analyze --$form prints what report --$form does"
  grep -q '^run/analysis.json: 6 results' "$tmp/err" || fail "with --$form, all else is on stderr"
done
run 2 analyze run --json --csv
warns 'want one of them'

run 0 trial -k cube -n 100 --json
same 'a trial as JSON' 1 "$(grep -c '^{.*}$' "$tmp/out")"
run 0 trial -k "$odd" -n 100 -w 1 --variant pool:static --csv
cp "$tmp/out" trial.csv
csv trial.csv >cells || fail "trial --csv: $(tail -n 1 cells)"
same 'columns of a trial' "$(head -n 1 run/trials.csv)" "$(head -n 1 trial.csv)"
same 'its name' "$odd" "$(cell cells 1 workload)"
same 'its status' ok "$(cell cells 1 status)"
run 0 trial -k cube -n 100 --markdown
same 'a trial in Markdown' '| cube | serial | 1 | 100 |' "$(sed -n '3s/^\(\([^|]*|\)\{5\}\).*/\1/p' "$tmp/out")"
run 2 trial -k cube -n 100 --csv --markdown
warns 'want one of them'
run 1 trial -k cube -n 100 --expect 0123456789abcdef --csv
csv "$tmp/out" >cells || fail 'a wrong trial is CSV, too'
same 'a wrong trial' wrong "$(cell cells 1 status)"

dry='sweep --dry-run --kernels cube,spin --variants omp:static --workers 1,2 --oversubscribe'
# shellcheck disable=SC2086 # several options
run 0 $dry --csv
csv "$tmp/out" >cells || fail '--dry-run --csv is CSV'
same 'points of a dry run' 6 "$(rows cells)"
same 'the last of them' 'spin omp:static 2 ' "$(cell cells 6 workload) $(cell cells 6 variant) $(cell cells 6 workers) $(cell cells 6 size)"
# shellcheck disable=SC2086 # several options
run 0 $dry --size 10 --json
same 'sizes of a dry run' 6 "$(grep -c '"size": 10,*$' "$tmp/out")"
# shellcheck disable=SC2086 # several options
run 2 $dry --csv --json
warns 'want one of them'
run 0 sweep --dry-run --workers 1,2 --oversubscribe --csv -- echo 'a, {workers}'
csv "$tmp/out" >cells || fail '--dry-run --csv of a program is CSV'
same "a program's command" "echo 'a, 2'" "$(cell cells 2 command)"
if [ -e "$(dirname "$coresweep")/coresweep-observe.so" ]; then observed='1 1 '; fi
same 'timed runs, and then observed ones' "0 0 ${observed:-}" "$(sed -n 's/^[0-9]*:observed=//p' cells | tr '\n' ' ')"
run 2 simulate --keys --json
warns 'are Markdown'
echo 'ok every command that prints a table exports it'

# ---- Moved, and sealed ----------------------------------------------------

run 0 report run
cp "$tmp/out" told
tar -cf run.tar run
mkdir moved
tar -xf run.tar -C moved
rm -r run
mv moved/run 'moved/a run'
chmod -R a-w 'moved/a run'
chmod -R a+rX .
cp "$coresweep" program
# Root writes anywhere.
sealed() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
  else
    "$@"
  fi
}
mkdir s
cp "$CORESWEEP_SCRIPTS/page.css" "$CORESWEEP_SCRIPTS/page.js" s/
chmod -R a+rX s
CORESWEEP_SCRIPTS=$tmp/s
cd moved
before=$(find 'a run' -exec ls -ld {} + | cksum)
exits 0 sealed ../program report 'a run'
says 'Charts  none: a run cannot be written to; --out DIR draws them elsewhere'
grep -v '^Charts\|^Full\|^Next\|^Page' "$tmp/told" >"$tmp/wanted"
grep -v '^Charts' "$tmp/out" | diff "$tmp/wanted" - >&2 || fail 'the answer is the one that it gave before'
exits 0 sealed ../program report --csv 'a run'
exits 0 sealed ../program report --full 'a run'
mkdir -m 777 ../else
exits 0 sealed ../program report 'a run' --out ../else/where
says 'Charts  '
for file in speedups.csv trials.csv charts/overview.svg analysis.json trials.jsonl; do
  [ -e "../else/where/$file" ] || fail "report --out writes $file"
done
mkdir -m 555 ../closed
mkdir -m 555 ../closed/run
cd ../closed
for words in '' '--out run' '--out new/run'; do
  # shellcheck disable=SC2086 # two words, or none
  exits 1 sealed ../program sweep --kernels spin --variants serial --workers 1 --size 10 --rounds 1 $words
  warns 'Permission denied; name another folder by --out DIR'
done
exits 1 sealed ../program analyze '../moved/a run'
warns 'a run/analysis.json could not be written: Permission denied; copy the run to where it can be, and analyze that'
cd ../moved
same 'the run itself' "$before" "$(find 'a run' -exec ls -ld {} + | cksum)"
exits 2 sealed ../program report 'a run' --out ../else/where
warns 'holds a run already'
chmod -R u+w 'a run'
echo 'ok a run is moved, sealed, and reported from elsewhere'
