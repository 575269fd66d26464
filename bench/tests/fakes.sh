# shellcheck shell=sh
# shellcheck disable=SC2154 # $tmp is of fixture.sh
# Programs that only write down how they were called, for tests of scripts.
# To be read in after bench/tests/fixture.sh.
#
# Sets $bin (a folder of fakes, first in $PATH) and $calls (what they wrote
# down).
bin=$tmp/bin
calls=$tmp/calls
export calls
mkdir "$bin"
: >"$calls"
PATH=$bin:$PATH

# fake NAME: makes $bin/NAME, which runs the shell's commands on stdin after it
# has written down its call.
fake() {
  {
    cat <<SH
#!/bin/sh
words='$1'
for word; do words="\$words [\$word]"; done
printf '%s\n' "\$words" >>"\$calls" # at once: several may run side by side
SH
    cat
  } >"$bin/$1"
  chmod +x "$bin/$1"
}

# fake_gnuplot SVG: one whose pictures are whole, unless $BREAK is set.
fake_gnuplot() {
  fake gnuplot <<SH
for out; do :; done
case \$out in
*.png) printf 'PNG IEND\\256B\\140\\202' ;;
*) echo '$1' ;;
esac >"\$out"
[ -z "\${BREAK:-}" ]
SH
}

# called WORDS: that call has been made, of all of its words.
called() {
  grep -Fqx -e "$1" "$calls" ||
    fail "call expected: $1; calls were: $(cat "$calls")"
}

# The calls since the last time.
take_calls() {
  cat "$calls"
  : >"$calls"
}

# exits STATUS COMMAND...: with what it says in $tmp/out and $tmp/err; STATUS
# may be "bad", for any but 0.
exits() {
  wanted=$1
  shift
  status=0
  "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
  [ "$wanted" != bad ] || [ "$status" = 0 ] || return 0
  same "exit status of $*" "$wanted" "$status"
}

# says WORDS, warns WORDS: the last command did, on stdout or stderr.
says() {
  grep -Fq -e "$1" "$tmp/out" || fail "'$1' expected, got: $(cat "$tmp/out")"
}
warns() {
  grep -Fq -e "$1" "$tmp/err" || fail "'$1' expected on stderr"
}
silent() {
  [ ! -s "$tmp/out" ] || fail "$1: nothing expected, got: $(cat "$tmp/out")"
  [ ! -s "$tmp/err" ] || fail "$1: nothing expected on stderr"
}
