#!/bin/sh
# What `make install` puts somewhere works from there, in any folder, and
# `make uninstall` leaves nothing of it.
# usage: test_install.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD PREFIX DESTDIR prefix \
  exec_prefix bindir libdir datarootdir mandir CORESWEEP_SCRIPTS || :
built=$tmp/built
mkdir "$built" "$tmp/else where"
cp "$coresweep" "$built/"
echo observes >"$built/coresweep-observe.so"
# The program as it was built, whatever flags make would build it with.
make_it() {
  exits 0 make -s -o "$built/coresweep" BUILD="$built" "$@"
  silent "make $*"
}
files() { (cd "$1" && find . ! -type d | LC_ALL=C sort | sed 's/^..//'); }

# ---- Where it goes --------------------------------------------------------

to="$tmp/to here"
make_it install PREFIX=/opt/c DESTDIR="$to"
files "$to" >"$tmp/files"
grep -v '\.gp$' "$tmp/files" >"$tmp/plain"
same 'files, but for those of gnuplot' 'opt/c/bin/coresweep
opt/c/lib/coresweep/coresweep-observe.so
opt/c/share/bash-completion/completions/coresweep
opt/c/share/coresweep/page.css
opt/c/share/coresweep/page.js
opt/c/share/fish/vendor_completions.d/coresweep.fish
opt/c/share/man/man1/coresweep.1
opt/c/share/zsh/site-functions/_coresweep' "$(cat "$tmp/plain")"
(cd "$to" && find . -type f -perm -100) >"$tmp/runs"
same 'what can be run' ./opt/c/bin/coresweep "$(cat "$tmp/runs")"
grep -ho '[a-z_]*\.gp' bench/report/*.c scripts/*.gp | sort -u >"$tmp/draw"
while read -r script; do
  grep -Fqx "opt/c/share/coresweep/$script" "$tmp/files" ||
    [ "$script" = plain.gp ] || fail "$script draws, and is installed"
done <"$tmp/draw"
touch "$to/opt/c/share/zsh/site-functions/_other"
make_it uninstall PREFIX=/opt/c DESTDIR="$to"
same 'what uninstall leaves' opt/c/share/zsh/site-functions/_other "$(files "$to")"
find "$to" -name 'coresweep*' >"$tmp/left"
same 'folders of its own that uninstall leaves' '' "$(cat "$tmp/left")"
make_it uninstall PREFIX=/opt/c DESTDIR="$to"
rm "$built/coresweep-observe.so"
make_it install prefix="$tmp/gnu" bindir="$tmp/gnu/programs"
[ -x "$tmp/gnu/programs/coresweep" ] || fail 'bindir says where the program goes'
[ ! -e "$tmp/gnu/lib" ] || fail 'what was not built is not installed'
echo 'ok make install puts it where GNU says, uninstall leaves nothing'

# ---- It works from there --------------------------------------------------

make_it install PREFIX="$tmp/in"
cd "$tmp/else where"
PATH=$tmp/in/bin:$PATH
command_is=$(command -v coresweep)
same 'the program' "$tmp/in/bin/coresweep" "$command_is"
exits 0 coresweep bench --kernels spin --variants serial,pool:static \
  --workers 1 --size 100 --rounds 1
says 'Full    coresweep report --full results/'
[ -s results/latest/analysis.json ] || fail 'results lie in the current folder'
[ -s results/latest/charts/overview.tsv ] || fail 'it has data of charts'
if [ -n "$(command -v gnuplot || :)" ]; then
  [ -s results/latest/charts/overview.svg ] || fail 'it finds what draws its charts'
fi
same 'what else lies there' results "$(ls)"
exits 0 coresweep report results/latest
echo 'ok a sweep from where it is installed, in another folder'

# ---- The manual -----------------------------------------------------------

page=$tmp/in/share/man/man1/coresweep.1
for words in '^\.TH CORESWEEP 1 ' '^\.B bench$' '^\.SS coresweep sweep$' \
  '^\\fB\\-n\\fR, \\fB\\-\\-size\\fR=\\fIN\\fR$' '^\.SS coresweep sweep \\-\\-$' \
  '^\.SH EXIT STATUS'; do
  grep -q -e "$words" "$page" || fail "the manual has a line $words"
done
for name in $(coresweep --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
  grep -Fqx ".SS coresweep $name" "$page" || fail "the manual tells of $name"
  coresweep "$name" --help | grep -o -e '--[a-z][a-z-]*[a-z]' | sort -u |
    grep -v -x -e --help -e --usage -e --version >"$tmp/options" || :
  while read -r option; do
    grep -Fq -e "$(echo "$option" | sed 's/-/\\-/g')" "$page" ||
      fail "the manual tells of $name's $option"
  done <"$tmp/options"
done
if command -v groff >/dev/null; then
  exits 0 groff -ww -man -Tutf8 -Z "$page"
  same 'what groff warns of' '' "$(cat "$tmp/err")"
fi
if command -v man >/dev/null && [ -n "$(man -w man 2>/dev/null || command -v groff || :)" ]; then
  exits 0 env LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page"
  same 'what man warns of' '' "$(cat "$tmp/err")"
fi
if command -v mandoc >/dev/null; then
  mandoc -T lint -W warning "$page" | grep -v 'missing date' >"$tmp/err" || :
  same 'what mandoc warns of' '' "$(cat "$tmp/err")"
fi
echo 'ok the manual has every command and option, without a warning'

# ---- Shells ---------------------------------------------------------------

share=$tmp/in/share
if command -v bash >/dev/null; then
  cat >"$tmp/complete.bash" <<'BASH'
source "$1"
compopt() { :; }
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
[[ $(complete -p coresweep) == *'-F _coresweep coresweep' ]] || exit 1
_coresweep
echo "${COMPREPLY[*]}"
BASH
  # completes EXPECTED WORD...
  completes() {
    expected=$1
    shift
    exits 0 bash --norc "$tmp/complete.bash" "$share/bash-completion/completions/coresweep" "$@"
    silent_err
    same "completion of $*" "$expected" "$(cat "$tmp/out")"
  }
  silent_err() { [ ! -s "$tmp/err" ] || fail 'a completion without a word on stderr'; }
  completes bench coresweep be
  completes 'overheads' coresweep o
  completes --scaling= coresweep sweep --sc
  completes 'strong weak' coresweep sweep --scaling ''
  completes 'strong weak' coresweep sweep --scaling =
  completes weak coresweep sweep --scaling = w
  completes cube,spin coresweep sweep --kernels cube,sp
  completes 'cores spread close none' coresweep sweep --bind ''
  completes spread coresweep trial --bind = s
  completes 'exit output numbers' coresweep sweep --check ''
  completes 'auto yes no' coresweep sweep --observe ''
  completes 'first own' coresweep sweep --reference ''
  completes 'region program' coresweep breakeven --scope ''
  completes 'input output' coresweep dump -o ''
  completes 1 coresweep bench --class ''
  completes textbook coresweep trial --beside te
  completes tutorial-5000 coresweep trial --preset tutorial-5
  completes 'kernels variants fields meters' coresweep list ''
  completes results coresweep report res
  completes results coresweep sweep -o r
  completes '' coresweep sweep --rounds ''
  # All that a table says takes one of some words completes those.
  for name in $(coresweep --options-table | cut -f 1,2 | sed -n 's/^command.//p'); do
    coresweep "$name" --options-table | awk -F '\t' '$1 == "option" && $5 == "words" { print $2 "\t" $6 }' |
      while IFS=$(printf '\t') read -r option words; do
        completes "$words" coresweep "$name" "--$option" ''
        echo "$option"
      done
  done >"$tmp/with-words"
  for option in bind scaling touch class scope what; do
    grep -qx "$option" "$tmp/with-words" || fail "--$option takes words"
  done
  touch results-of-my-own
  completes results-of-my-own coresweep trial --trace results-o
  completes results-of-my-own coresweep sweep -- results-o
  rm results-of-my-own
  echo 'ok bash completes commands, options and their arguments'
fi
if command -v zsh >/dev/null; then
  cat >"$tmp/complete.zsh" <<'ZSH'
autoload -U compinit
compinit -D -u
(( $+_comps[coresweep] )) || exit 1
zmodload zsh/zpty
zpty z "ZDOTDIR=$2 zsh -i"
zpty -w z "fpath=($1 \$fpath); autoload -U compinit; compinit -D -u; PS1=; unsetopt beep; print re''ady"
zpty -r z said '*ready*'
zpty -w -n z "coresweep $3"$'\t'
zpty -r z said "*$4*"
print -r -- "$said"
ZSH
  for words in 'be>bench' 'sweep --scaling=w>weak' 'sweep --bind=sp>spread' 'list v>variants' 'sweep --copi>--copies'; do
    exits 0 timeout 60 zsh -f -c "fpath=($share/zsh/site-functions \$fpath); . '$tmp/complete.zsh'" \
      zsh "$share/zsh/site-functions" "$tmp" "${words%>*}" "${words#*>}"
  done
  echo 'ok zsh completes commands, options and their arguments'
fi
if command -v fish >/dev/null; then
  fish_completes() {
    same "completion of $2" "$1" "$(HOME=$tmp fish --no-config -c "source '$share/fish/vendor_completions.d/coresweep.fish'; complete -C '$2'" 2>&1 | cut -f 1 | tr '\n' ' ' | sed 's/ $//')"
  }
  fish_completes bench 'coresweep be'
  fish_completes --scaling 'coresweep sweep --sc'
  fish_completes 'fields kernels meters variants' 'coresweep list '
  fish_completes weak 'coresweep sweep --scaling w'
  fish_completes spread 'coresweep sweep --bind s'
  echo 'ok fish completes commands, options and their arguments'
fi
