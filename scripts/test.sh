#!/usr/bin/env bash
# All tests. Called by `make test`, after setup and sample.
set -euo pipefail
cd "$(dirname "$0")/.."
export ECABINET_PDFIUM="$PWD/target/pdfium"
scripts/ui.sh
(cd ui && npm run --silent check && npm test --silent)
scripts/lint.sh
scripts/deny.sh
# The stories run the real programs.
cargo build --quiet --workspace --bins
# The desktop app's stories need a keyring, made for the run, and a screen, which each makes for itself.
export WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1
scripts/in-keyring.sh cargo nextest run --workspace --no-fail-fast
tests/verifier/run.sh
scripts/typeset.sh test
