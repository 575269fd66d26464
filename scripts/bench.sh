#!/bin/sh
# Measures, cross-checks, analyses and draws: what `make bench` does.
# usage: KERNELS= VARIANTS= WORKERS= BUDGET= OUT= QUICK= CLASS= PROGRAM= BUILD= bench.sh
# (all from the environment; empty ones have the program's or these defaults)
set -eu

coresweep=${BUILD:-build}/coresweep
QUICK=${QUICK:-}
OUT=${OUT:-}
if [ "$QUICK" = 0 ]; then QUICK=; fi
BUDGET=${BUDGET:-${QUICK:+17s}}
BUDGET=${BUDGET:-2m}

if [ -z "$OUT" ]; then
  OUT=results/$(date -u +%Y-%m-%dT%H-%M-%S)
fi

set -- --budget "$BUDGET" --out "$OUT"
if [ -n "${WORKERS:-}" ]; then set -- "$@" --workers "$WORKERS"; fi
# A failed sweep has said why, and an interrupted one has reported already.
if [ -n "${PROGRAM:-}" ]; then
  "$coresweep" sweep --report --program "$PROGRAM" "$@"
else
  if [ -n "${KERNELS:-}" ]; then set -- "$@" --kernels "$KERNELS"; fi
  if [ -n "${VARIANTS:-}" ]; then set -- "$@" --variants "$VARIANTS"; fi
  if [ -n "$QUICK" ]; then set -- "$@" --quick; fi
  if [ -n "${CLASS:-}" ]; then set -- "$@" --class "$CLASS"; fi
  "$coresweep" sweep --no-answer "$@"
  if command -v hyperfine >/dev/null 2>&1; then
    sh scripts/hyperfine.sh "$OUT"
  fi
  "$coresweep" analyze "$OUT" >/dev/null
  echo
  "$coresweep" report "$OUT"
fi
case $OUT in
results/*)
  ln -sfn "${OUT#results/}" results/.latest && mv -T results/.latest results/latest
  ;;
esac
