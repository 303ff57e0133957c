#!/usr/bin/env bash
# Form and lints, for the quick check and for the whole test alike.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --quiet --all-targets -p ecabinet-domain -p ecabinet-record -p ecabinet-protocol -p ecabinet-disk -p ecabinet-verify \
  -p ecabinet-client -p ecabinet-cli -- -D warnings
