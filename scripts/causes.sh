#!/bin/sh
# Is the right cause named?  Each cause is put into a run on this machine, and
# undone; the run says why its largest loss is there.  A benchmark, no test:
# what else goes on here is in it.
# usage: causes.sh [NAME...]     (in the project's folder; all by default)
#   TRIES  runs of each cause (10)
# Prints a line for each: how often it was named, how often nothing was, how
# often others on the CPUs were, and how often something else, which is wrong.
# Exits 1 when fewer than nine of eleven are named in eight of ten runs, or any
# run names something else.
set -eu

tries=${TRIES:-10}
coresweep=${BUILD:-build}/coresweep
work=$(mktemp -d)
neighbour=
end() {
  [ -z "$neighbour" ] || kill "$neighbour" 2>/dev/null || :
  rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# With nothing injected a report may say that waking workers took what was lost:
# that was measured.
# name | what is injected beside the run | key that is looked at | variant |
# workers | the rules that name it | the sweep's options
table() {
  cat <<'TABLE'
neighbour|spinner|region_cause|omp:static|2|neighbour|--kernels spin --variants omp:static --size 40000
sorted|-|region_cause|omp:static|2|unequal-work|--kernels rangesum/order=sorted --variants omp:static,omp:dynamic
serial|-|cause|omp:static|2|serial-phases|--kernels spin/serial=0.5 --variants omp:static
packed|-|region_cause|omp:static|2|false-sharing|--kernels counter/update=packed,counter/update=padded --variants omp:static
unbound|spinner|region_cause|omp:static|2|neighbour|--kernels spin --variants omp:static --bind none
little|-|region_cause|omp:static|2|little-work|--kernels cube --variants omp:static --size 100
pipe|-|region_cause|pool:static@pipe|2|team-work|--kernels block --variants pool:static@pipe
latency|-|region_cause|omp:static|2|nothing-lost|--kernels latency --variants omp:static
search|-|region_cause|omp:static|2|early-hit|--kernels adler32/preset=first-hit --variants omp:static
crowd|-|region_cause|omp:static|8|oversubscribed|--kernels spin --variants omp:static --oversubscribe
fork|-|region_cause|fork:static|2|page-faults|--kernels cube --variants fork
nothing|-|region_cause|omp:static|2|nothing-lost team-work|--kernels spin --variants omp:static
TABLE
}

# cause_of FILE KEY VARIANT WORKERS: of the first result that is so.
cause_of() {
  awk -v key="\"$2\":" -v variant="\"$3\"," -v workers="$4," '
    $1 == "\"requested\":" { mine = $2 == variant }
    $1 == "\"workers\":" { mine = mine && $2 == workers }
    mine && $1 == key && !done {
      gsub(/[",]/, "", $2)
      print $2
      done = 1
    }' "$1"
}

# try NAME INJECTED KEY VARIANT WORKERS OPTIONS...: the rule that it names.
try() {
  injected=$2 key=$3 variant=$4 workers=$5
  shift 5
  rm -rf "$work/run"
  if [ "$injected" = spinner ]; then
    taskset -c 0 sh -c 'while :; do :; done' &
    neighbour=$!
  fi
  "$coresweep" sweep --quick --workers "1,$workers" --no-probes \
    --out "$work/run" "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
  }
  if [ -n "$neighbour" ]; then
    kill "$neighbour"
    wait "$neighbour" 2>/dev/null || :
    neighbour=
  fi
  "$coresweep" analyze "$work/run" >/dev/null
  cause_of "$work/run/analysis.json" "$key" "$variant" "$workers" \
    >"$work/cause"
}

printf '%-10s %5s %8s %6s %5s  %s\n' cause named nothing others wrong 'what else'
table >"$work/table"
good=0 bad=0
while IFS='|' read -r name injected key variant workers rules options <&3; do
  [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
  named=0 nothing=0 others=0 wrong=0 else=
  i=0
  while [ $i -lt "$tries" ]; do
    i=$((i + 1))
    # shellcheck disable=SC2086 # options are words
    try "$name" "$injected" "$key" "$variant" "$workers" $options
    cause=$(cat "$work/cause")
    case " $rules |$cause" in
    *" $cause |"*) named=$((named + 1)) ;;
    *'|not-told' | *'|not-explained' | *'|nothing-lost' | *'|null' | *'|')
      nothing=$((nothing + 1)) ;;
    *'|neighbour') others=$((others + 1)) ;;
    *) wrong=$((wrong + 1)) else="$else $cause" ;;
    esac
  done
  printf '%-10s %5d %8d %6d %5d %s\n' "$name" $named $nothing $others $wrong \
    "$else"
  [ $((10 * named)) -lt $((8 * tries)) ] || [ "$name" = nothing ] ||
    good=$((good + 1))
  bad=$((bad + wrong))
done 3<"$work/table"
[ $# -eq 0 ] || exit 0
echo "$good of 11 causes named in eight of ten runs or more, $bad wrong"
[ "$good" -ge 9 ] && [ "$bad" -eq 0 ]
