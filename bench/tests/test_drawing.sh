#!/bin/sh
# A gnuplot that never ends: ended with the program, whatever ends that, and the
# pictures that were there stay.
# usage: test_drawing.sh    ($CORESWEEP: the program; default build/coresweep)
# shellcheck disable=SC2154 # of fixture.sh and fakes.sh
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
old=$tmp/run
cp -r bench/tests/golden/old-run-2 "$old"
mkdir "$old/charts"

fake gnuplot <<'EOT'
for out; do :; done
echo "<svg drawn" >"$out"
EOT
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
