#!/usr/bin/env bash
# bench.sh [MEASURE...]: the product's speed against named peers, in one run; all measures, or those named.
# Figures go to target/bench/figures.json; a goal that is missed is told, and is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
profile="${PROFILE:-bench-run}"
scripts/pdfium.sh >/dev/null
export ECABINET_PDFIUM="${ECABINET_PDFIUM:-$PWD/target/pdfium}"
cargo build --quiet --profile "$profile" -p ecabinet-bench -p ecabinet-server -p ecabinet-verify -p ecabinet-pdf --bins
exec "target/$profile/ecabinet-bench" run --out target/bench "$@"
