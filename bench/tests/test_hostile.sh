#!/bin/sh
# Text that would control a terminal, a shell, a picture or a table: refused
# where it comes in, or shown as what it is.
# usage: test_hostile.sh
set -eu
. bench/tests/fixture.sh
unset MACHINE

escape=$(printf '\033')
odd=$(printf '\377')
# A colon's and a slash's base would have one file name; the third is what every
# reader of it takes for its own.
quote="'; touch $tmp/pwned; '"
hostile="<&>\\\\ \\\"{a}^2_b@c %d\$HOME\`id\`$quote"
kernels="adler32/base=a/b,adler32/base=a:b adler32/base=\"$hostile\""

# clean WHAT: neither stream holds a control character but ends of lines.
clean() {
  if LC_ALL=C grep -n '[^[:print:][:space:]]' "$tmp/out" "$tmp/err" |
    LC_ALL=C grep "$(printf '[\001-\010\013-\037\177\377]')" >&2; then
    fail "$1: no control characters expected"
  fi
}

# refused WORDS ARGUMENT...: usage, and these words.
refused() {
  words=$1
  shift
  run 2 "$@"
  grep -qF -- "$words" "$tmp/err" || fail "$*: '$words' expected"
  [ ! -s "$tmp/out" ] || fail "$*: nothing on stdout expected"
  clean "$*"
}

# ---- arguments and the environment ----------------------------------------

for with in '' --json; do
  refused 'adler32/base=\xff: want UTF-8' trial -k "adler32/base=$odd" -n 10 $with
  refused '--param base=\x1b[2J: want UTF-8' \
    trial -k adler32 --param "base=${escape}[2J" -n 10 $with
done
refused 'adler32/base=\xff: want UTF-8' \
  sweep --kernels "adler32/base=$odd" --out "$tmp/none"
refused "'\\x1b': want kernels" list "$escape"
refused "unrecognized option '--\\x1b[2J'" sweep "--${escape}[2J"
refused "unrecognized option '-q\\xff'" doctor "-q$odd"
refused "no command '\\x1b[2J'" "${escape}[2J"
refused '--rounds \x1b: want' sweep --rounds "$escape"
refused '/\x1b\xff: no such folder' compare "/$escape$odd" /
refused '--input /\x1b\xff: No such file' trial -k cube --input "/$escape$odd"
MACHINE=$escape refused 'MACHINE=\x1b: want UTF-8' \
  sweep --kernels spin --size 10 --rounds 1 --out "$tmp/none"
MACHINE=$odd refused 'MACHINE=\xff: want UTF-8' doctor --quick
[ ! -e "$tmp/none" ] || fail 'a refused run leaves no folder'
run 1 report "/$escape$odd"
clean report
status=0
OMP_MINE="$escape$odd" "$coresweep" doctor --quick --json >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" -le 1 ] || fail "doctor: exit status $status"
grep -qF 'OMP_MINE=\\x1b\\xff' "$tmp/out" || fail 'doctor shows an odd setting'
clean doctor
echo 'ok text that cannot be printed is refused, and shown as it is'

refused "'/tmp/myprog' is the path of a file" sweep --kernels /tmp/myprog
refused 'make EXTRA_KERNELS=mine/square.c' sweep --kernels mine/square.c
refused "the list '' names nothing" sweep --kernels ''
refused "adler32/base=: a blank after the '='" sweep --kernels 'adler32/base= '
echo 'ok what is no kernel is told what would be one'

# ---- paths ----------------------------------------------------------------

folder="$tmp/${escape}[2J$odd it's"
run 0 sweep --kernels "$kernels" --variants omp:static --workers 1,2 --size 100 \
  --rounds 6 --no-probes --oversubscribe --out "$folder"
clean sweep
printf 'n,m\n1,2\n' >"$tmp/$odd.csv"
run 0 trial -k rowcount/cols=2 --input "$tmp/$odd.csv" --json
grep -qF '\\xff.csv"' "$tmp/out" || fail 'a record names its input as \\xff'
clean trial
run 0 analyze "$folder"
clean analyze
run 0 report "$folder"
clean report
run 0 compare "$folder" "$folder" --out "$tmp/compare"
clean compare
[ -z "$(find "$folder" "$tmp/compare" -name '*.new*')" ] ||
  fail 'nothing half-written expected'
echo 'ok odd paths are worked with, and never shown raw'

# ---- the shell, and plan.json ---------------------------------------------

commands="$folder/commands.tsv"
same 'columns of commands.tsv' 4 "$(awk -F '\t' '{ print NF }' "$commands" | sort -u)"
cut -f 4 "$commands" >"$tmp/pasted"
sh -eu "$tmp/pasted" >"$tmp/out" 2>"$tmp/err" || fail 'commands can be pasted'
[ ! -e "$tmp/pwned" ] || fail 'a pasted command runs what it names'
same 'pasted commands that ran' "$(wc -l <"$commands")" \
  "$(grep -c '"status":"ok"' "$tmp/out")"
run 0 sweep --like "$folder" --dry-run
same 'workloads of --like' "$(cut -f 1 "$commands" | sort -u)" \
  "$(sed -n 's/ [a-z:]* [12]$//p' "$tmp/out" | sort -u)"
name=$(cut -f 1 "$commands" | grep -F HOME | head -n 1)
run 0 sweep --kernels "$name" --variants serial --dry-run
same 'a name typed again' "$name serial 1" "$(head -n 1 "$tmp/out")"
echo 'ok commands are quoted for a shell, and names can be typed again'

# ---- a foreign run --------------------------------------------------------

mkdir "$tmp/foreign"
sed 's|"workload":"adler32/base=a/b"|"workload":"\\u001b[2J"|' \
  "$folder/trials.jsonl" >"$tmp/foreign/trials.jsonl"
run 1 analyze "$tmp/foreign"
clean 'analyze of a foreign run'
sed 's|"adler32/base=a/b"|"adler32/base=\\u001b"|' "$folder/plan.json" \
  >"$tmp/foreign/plan.json"
run 2 sweep --like "$tmp/foreign" --dry-run
grep -qiF '\u001b' "$tmp/err" || fail 'what a foreign plan names is shown'
clean 'sweep --like of a foreign run'
echo 'ok a foreign run brings no text that cannot be printed'

# ---- pictures -------------------------------------------------------------

charts="$folder/charts"
same 'files in charts.json' "$(find "$charts" -name '*.tsv' | wc -l)" \
  "$(grep -c '"file": ' "$charts/charts.json")"
sed -n 's/.*"file": "\(.*\)",/\1/p' "$charts/charts.json" >"$tmp/names"
same 'names that are alike' '' "$(tr '[:upper:]' '[:lower:]' <"$tmp/names" | sort | uniq -d)"
grep -qF '"workload": "adler32/base=a:b"' "$charts/charts.json" ||
  fail 'charts.json knows the workloads'

command -v gnuplot >/dev/null || {
  echo '(gnuplot is not installed: no picture is looked at)'
  exit 0
}
# Well-formed: tags that are closed in turn, and no '&' but of an entity.
for picture in "$charts"/*.svg "$tmp"/compare/*.svg; do
  iconv -f utf-8 -t utf-8 "$picture" >"$tmp/svg" || fail "$picture is UTF-8"
  ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" "$tmp/svg" ||
    fail "$picture holds no control characters"
  awk 'BEGIN { RS = "<" }
    NR == 1 || /^[?!]/ { next }
    { if (gsub(/&(amp|lt|gt|quot|apos|#[0-9]+);/, "") + 0 < 0 || /&/) exit 1
      if (!match($0, />/)) exit 1
      tag = substr($0, 1, RSTART - 1)
      name = tag; sub(/[ \t\n\/].*/, "", name)
      if (tag ~ /^\//) { sub(/^\//, "", tag); if (open[depth--] != tag) exit 1 }
      else if (tag !~ /\/$/) open[++depth] = name }
    END { if (depth != 0) exit 1 }' "$tmp/svg" || fail "$picture is XML"
done
while read -r name; do
  for ending in svg png; do
    [ -s "$charts/$name.$ending" ] || fail "$name.$ending is drawn"
  done
done <"$tmp/names"
overview=$charts/overview.svg
# shellcheck disable=SC2016 # HOME as it was typed
grep -qF '{a}^2_b@c' "$overview" || fail 'a text is not typeset'
grep -qF '&lt;&amp;' "$overview" || fail 'a text is no markup'
echo 'ok pictures are XML, and each workload has its own'

mkdir "$tmp/home"
echo 'set title "of the user"; set label 1 "of the user" at screen 0.5,0.5' \
  >"$tmp/home/.gnuplot"
cp "$overview" "$tmp/before.svg"
HOME=$tmp/home GNUTERM=dumb GNUPLOT_LIB=$tmp LC_ALL=C run 0 report "$folder"
cmp -s "$overview" "$tmp/before.svg" || fail "the user's ~/.gnuplot is not read"
echo "ok pictures do not hang on the user's own settings"

mkdir "$tmp/bin"
cat >"$tmp/bin/gnuplot" <<'FAKE'
#!/bin/sh
for out; do :; done
echo '<svg half' >"$out"
printf 'first\n%s: odd\033\n\n' "$out" >&2
exit 1
FAKE
chmod +x "$tmp/bin/gnuplot"
PATH=$tmp/bin:$PATH run 1 report "$folder"
grep 'gnuplot could not draw .*: .*: odd\\x1b$' "$tmp/err" >/dev/null ||
  fail 'a failed drawing is told, with what gnuplot says'
clean 'a failed drawing'
cmp -s "$overview" "$tmp/before.svg" || fail 'a failed drawing leaves the old picture'
[ -z "$(find "$folder" -name '*.new*')" ] || fail 'a failed drawing leaves nothing'
echo 'ok a drawing that fails leaves the picture that was there'
