#!/usr/bin/env bash
# All tests. Called by `make test`, after setup and sample.
set -euo pipefail
cd "$(dirname "$0")/.."
export ECABINET_PDFIUM="$PWD/target/pdfium"
cargo fmt --all --check
# The stories run the real programs.
cargo build --workspace --bins
cargo nextest run --workspace
tests/verifier/run.sh
