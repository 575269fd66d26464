#!/bin/sh
# Does the analysis name what is wrong?  On this machine, each cause is brought
# about on purpose, measured by a short sweep, and undone, several times; then
# as many sweeps with nothing brought about.  Prints a table: how often the cause
# was named, how often the report said that it does not know, and how often it
# named another one.  A neighbour that others' CPU time of the run bears out is
# no wrong name: machines have them.  Ends with 1 where fewer than nine of eleven
# causes are named in eight of ten tries, or any is named wrongly.
# usage: TRIES=10 BUILD= causes.sh [CAUSE...]     (all of them)
set -eu

coresweep=${BUILD:-build}/coresweep
tries=${TRIES:-10}
case $tries in
*[!0-9]* | '' | 0*)
  echo "causes.sh: TRIES=$tries: a whole number is wanted, from 1 on" >&2
  exit 2
  ;;
esac
work=$(mktemp -d)
neighbour=
end_neighbour() {
  [ -z "$neighbour" ] || { kill "$neighbour" && wait "$neighbour"; } 2>/dev/null || :
  neighbour=
}
trap 'end_neighbour; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# NAME|brought about by|scope|variant|workers|the rules that are right|options of
# the sweep.  Scope: cause, of the program, or region_cause.
causes() {
  cat <<'END'
neighbour|neighbour|cause|omp:static|2|neighbour|--kernels spin --variants serial,omp:static --workers 1,2
sorted|nothing|region_cause|omp:static|2|unequal-work|--kernels rangesum/order=sorted --variants serial,omp:static --workers 1,2
serial|nothing|cause|omp:static|2|serial-phases|--kernels spin/serial=0.5 --variants serial,omp:static --workers 1,2
false-sharing|nothing|region_cause|omp:static|2|false-sharing|--kernels counter/update=packed,counter/update=padded --variants serial,omp:static --workers 1,2
unbound|neighbour|cause|omp:static|2|neighbour|--kernels spin --variants serial,omp:static --workers 1,2 --bind none
tiny|nothing|cause|omp:static|2|little-work team-start team-work|--kernels cube --variants serial,omp:static --workers 1,2 --size 100
pipe|nothing|region_cause|pool:static@pipe|2|team-work|--kernels block --variants serial,pool:static@pipe --workers 1,2
waiting|nothing|cause|omp:static|2|nothing-lost|--kernels latency --variants serial,omp:static --workers 1,2
early-hit|nothing|cause|omp:static|2|early-hit few-items|--kernels adler32/preset=first-hit --variants serial,omp:static --workers 1,2
oversubscribed|nothing|region_cause|omp:static|8|oversubscribed|--kernels spin --variants serial,omp:static --workers 1,8 --oversubscribe
fork|nothing|region_cause|fork:static|2|page-faults|--kernels cube --variants serial,fork:static --workers 1,2
none|nothing|region_cause|omp:static|2|nothing-lost|--kernels spin --variants serial,omp:static --workers 1,2
END
}

# On the second CPU of those that it may use.
neighbour() {
  cpu=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | sed 's/.*[-,]//')
  taskset -c "$cpu" sh -c 'while :; do :; done' &
  neighbour=$!
}
nothing() { :; }

# field FILE VARIANT WORKERS KEY: a text of the first such result in an
# analysis.json, which has a line a key.
field() {
  awk -v variant="\"$2\"" -v workers="$3" -v key="\"$4\":" '
    /^ "results": / { inside = 1 }
    { value = $0; sub(/^[^:]*: /, "", value); sub(/,$/, "", value) }
    inside && $1 == "\"requested\":" { mine = value == variant }
    inside && $1 == "\"workers\":" { mine = mine && value == workers }
    inside && mine && $1 == key { gsub(/"/, "", value); print value; exit }
  ' "$1"
}

# Whether others used the machine in that run.
has_neighbours() {
  sed -n 's/^  "others_cpus": \([0-9.e-]*\),*$/\1/p' "$1/analysis.json" |
    awk '{ found = $1 > 0.05 } END { exit !found }'
}

# verdict NAME RULES SAID FOLDER: named, unknown, neighbour or wrong.
verdict() {
  case " $2 " in
  *" $3 "*) echo named && return ;;
  esac
  case $3 in
  not-explained | not-told | nothing-lost | '') echo unknown ;;
  neighbour) if has_neighbours "$4"; then echo neighbour; else echo wrong; fi ;;
  *) echo wrong ;;
  esac
}

# one NAME HOW SCOPE VARIANT WORKERS RULES OPTIONS: its row, and what it counts.
one() {
  name=$1 rules=$6 named=0 unknown=0 others=0 wrong=0 wrongly=
  for i in $(seq "$tries"); do
    folder=$work/$name-$i
    "$2"
    # shellcheck disable=SC2086 # options are several words
    "$coresweep" sweep $7 --rounds 9 --no-probes --out "$folder" >"$work/said" 2>&1 ||
      { cat "$work/said" >&2; exit 1; }
    end_neighbour
    "$coresweep" analyze "$folder" >/dev/null
    said=$(field "$folder/analysis.json" "$4" "$5" "$3")
    case $(verdict "$name" "$rules" "$said" "$folder") in
    named) named=$((named + 1)) ;;
    unknown) unknown=$((unknown + 1)) ;;
    neighbour) others=$((others + 1)) ;;
    *) wrong=$((wrong + 1)) wrongly="$wrongly $said" ;;
    esac
  done
  printf '| %s | %d | %d | %d | %d%s |\n' "$name" "$named" "$unknown" "$others" "$wrong" "$wrongly"
  all_wrong=$((all_wrong + wrong))
  if [ "$name" != none ]; then
    asked=$((asked + 1))
    # eight of ten
    [ $((10 * named)) -lt $((8 * tries)) ] || found=$((found + 1))
  fi
}

all_wrong=0 asked=0 found=0
echo "| brought about | named | not explained | a neighbour's | named wrongly |"
echo '|---|---|---|---|---|'
causes >"$work/causes"
# shellcheck disable=SC2046 # names are one word each
[ $# -gt 0 ] || set -- $(cut -d'|' -f1 "$work/causes")
for wanted; do
  row=$(grep "^$wanted|" "$work/causes") || {
    echo "causes.sh: no cause '$wanted'; there are $(cut -d'|' -f1 "$work/causes" | tr '\n' ' ')" >&2
    exit 2
  }
  IFS='|' read -r name how scope variant workers rules options <<END
$row
END
  one "$name" "$how" "$scope" "$variant" "$workers" "$rules" "$options"
done
echo "$found of $asked causes named in eight of ten tries of $tries; $all_wrong named wrongly."
[ "$all_wrong" -eq 0 ] && [ $((11 * found)) -ge $((9 * asked)) ]
