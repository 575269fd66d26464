#!/bin/sh
# The Python of results/README.md finds the digest of what `dump` writes.
# usage: test_digest.sh      ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

command -v python3 >/dev/null || {
  echo '(no python3: the digest of results/README.md was not computed)'
  exit 0
}
# shellcheck disable=SC2016 # Markdown's own
sed -n '/^```python/,/^```/p' results/README.md | sed '1d;$d' >"$tmp/digest.py"

# Items of 8 and of 4 bytes; with and without a sum.
for workload in cube rangesum spin rowcount latency/sleep_us=0; do
  run 0 trial -k "$workload" -n 101 --iterations 0 --warmups 0 --json
  told=$(field digest)
  sum=$(field sum)
  count=$(field count)
  "$coresweep" dump -k "$workload" -n 101 --what output >"$tmp/items"
  got=$(python3 "$tmp/digest.py" "$sum" "$count" 18446744073709551615 <"$tmp/items" || :)
  same "$workload: digest" "$told" "$got"
done
echo 'ok the Python of results/README.md finds the digests of the program'
