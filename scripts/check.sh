#!/usr/bin/env bash
# The quick check: form, lints, and the tests of what has no process, disk or network.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --quiet --all-targets -p ecabinet-domain -p ecabinet-record -p ecabinet-protocol -p ecabinet-verify -p ecabinet-client -- -D warnings
cargo nextest run -p ecabinet-domain -p ecabinet-record -p ecabinet-protocol -p ecabinet-verify -p ecabinet-client
