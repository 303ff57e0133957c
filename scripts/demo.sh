#!/usr/bin/env bash
# Builds everything, creates the sample body on a server on loopback, publishes the sample session as the secretariat,
# and opens the desktop app enrolled as a minister. Without a display: under Xvfb, leaving screenshots in target/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/sample.sh
scripts/sample.sh --v2
scripts/ui.sh
echo "demo: building the programs"
cargo build --quiet --workspace --bins
scripts/pdfium.sh >/dev/null

bin="$PWD/target/debug"
export ECABINET_PDFIUM="$PWD/target/pdfium"
demo="$PWD/target/demo"

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "demo: no display here; the app runs under Xvfb and leaves screenshots in target/demo"
  export LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1
  exec xvfb-run -a -s "-screen 0 1920x1080x24" scripts/in-keyring.sh scripts/demo-body.sh "$bin" "$demo" tour
fi
exec scripts/demo-body.sh "$bin" "$demo" open
