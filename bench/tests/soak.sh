#!/bin/sh
# The fault tests, many times over: what a race leaves out of `make test`.
# usage: soak.sh    ($BUILD, $CORESWEEP: as for run.sh; $FAULTS: kills, 2000;
#                    $SOAKS: how often the sweeps are ended, 5)
set -eu
BUILD=${BUILD:-build}
CORESWEEP=${CORESWEEP:-$BUILD/coresweep}
FAULTS=${FAULTS:-2000}
SOAKS=${SOAKS:-5}
export CORESWEEP FAULTS
trap 'exit 1' HUP INT TERM

"$BUILD/bench/tests/test_faults"
for i in $(seq "$SOAKS"); do
  echo "test_faults.sh, $i of $SOAKS"
  # What ends a test by signal must not find it ignored, as nohup leaves it.
  env --default-signal sh bench/tests/test_faults.sh
done
