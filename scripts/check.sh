#!/usr/bin/env bash
# The quick check: form, lints, and the tests of what has no process or network.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/lint.sh
cargo nextest run -p ecabinet-domain -p ecabinet-record -p ecabinet-protocol -p ecabinet-disk -p ecabinet-verify -p ecabinet-client
