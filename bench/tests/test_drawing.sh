#!/bin/sh
# A gnuplot that never ends: ended with the program, whatever ends that, and the
# pictures that were there stay.
# usage: test_drawing.sh    ($CORESWEEP: the program; default build/coresweep)
# shellcheck disable=SC2154 # of fixture.sh and fakes.sh
set -eu
. bench/tests/fixture.sh
real=$(command -v gnuplot || :)
. bench/tests/fakes.sh
old=$tmp/run
cp -r bench/tests/golden/old-run-2 "$old"
mkdir "$old/charts"

fake_gnuplot '<svg></svg>'
run 0 report "$old"
find "$old/charts" -type f -exec cksum {} + | sort >"$tmp/before"
[ "$(grep -c -e svg -e png "$tmp/before")" -ge 4 ] || fail 'pictures expected'

cat >"$bin/gnuplot" <<'EOT'
#!/bin/sh
exit 1
EOT
CORESWEEP_SCRIPTS=/nowhere run 1 report "$old"
warns '/nowhere/dots.gp could not be read: No such file'
warns 'set CORESWEEP_SCRIPTS'
echo 'ok scripts that are not there'

# A full disk: gnuplot leaves half of a picture, and says that all is well.
for half in svg png; do
  cat >"$bin/gnuplot" <<EOT
#!/bin/sh
for out; do :; done
case \$out in
*.$half) echo '<svg>IEND' ;;
*.svg) echo '<svg></svg>' ;;
*) printf 'IEND\\256B\\140\\202' ;;
esac >"\$out"
EOT
  cp -r "$old" "$tmp/half-$half"
  run 1 report "$tmp/half-$half"
  warns ".$half: it is not whole; make room on its disk, or draw on another one by --out DIR"
  find "$tmp/half-$half" -name '*.new*' >"$tmp/left"
  same 'half pictures' '' "$(cat "$tmp/left")"
  (cd "$old/charts" && cksum ./*."$half") >"$tmp/whole"
  (cd "$tmp/half-$half/charts" && cksum ./*."$half") | cmp -s "$tmp/whole" - ||
    fail "the .$half of before expected"
done
if [ -n "$real" ]; then # one that is there, and may write so much a file
  cp -r "$old" "$tmp/full"
  mv "$bin/gnuplot" "$bin/none"
  status=0
  (trap '' XFSZ && prlimit --fsize=12288 "$coresweep" report "$tmp/full") >"$tmp/out" 2>"$tmp/err" || status=$?
  same 'exit status on a full disk' 1 "$status"
  warns 'gnuplot could not draw '
  find "$tmp/full" -name '*.new*' >"$tmp/left"
  same 'what a full disk leaves' '' "$(cat "$tmp/left")"
  for picture in "$tmp/full"/charts/*.svg; do
    grep -q '</svg>' "$picture" || fail "$picture is whole"
  done
fi
echo 'ok a picture that is not whole takes no place'

# Half a picture, a helper in its group, and one that has left it.
fake gnuplot <<'EOT'
for out; do :; done
echo "<svg half" >"$out"
sleep 10000 &
echo $! >>"$calls.helpers"
setsid sleep 10000 &
echo $! >>"$calls.helpers"
echo $$ >>"$calls.pids"
exec sleep 10000
EOT
begun() {
  [ -s "$calls.pids" ]
}
gone() {
  while read -r pid; do
    case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null) in
    '' | Z) ;;
    *) return 1 ;;
    esac
  done <"$1"
}
# What outlives a failed test.
clean_up() {
  cat "$calls.pids" "$calls.helpers" 2>/dev/null | while read -r pid; do
    kill -9 "$pid" 2>/dev/null || :
  done
  clean_up_ours
}

# ended SIGNAL NUMBER: by that one, while gnuplot runs; with its exit status.
ended() {
  rm -f "$calls.pids" "$calls.helpers"
  env --default-signal "$coresweep" report "$old" >"$tmp/out" 2>"$tmp/err" &
  pid=$!
  eventually begun || fail "$1: gnuplot was to be called"
  kill -s "$1" "$pid"
  status=0
  wait "$pid" || status=$?
  same "$1: exit status" $((128 + $2)) "$status"
  eventually gone "$calls.pids" || fail "$1: gnuplot goes on"
}
for number in 15 2 1; do
  signal=$(kill -l $number)
  ended "$signal" $number
  gone "$calls.helpers" || fail "$signal: what gnuplot has started goes on"
  warns "interrupted by signal $number "
  find "$old/charts" -type f -exec cksum {} + | sort >"$tmp/after"
  cmp -s "$tmp/before" "$tmp/after" ||
    fail "$signal: the files of before, and no others, expected: $(diff "$tmp/before" "$tmp/after")"
done
echo 'ok gnuplot is ended by what ends the program, with all that it has started'

ended KILL 9
echo 'ok gnuplot does not outlive the program'
