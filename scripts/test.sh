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
# The desktop app's story needs a display and a keyring: both are made for the run.
export WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1
xvfb-run -a -s "-screen 0 1920x1080x24" scripts/in-keyring.sh cargo nextest run --workspace --no-fail-fast
tests/verifier/run.sh
scripts/typeset.sh test
