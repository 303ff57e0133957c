#!/usr/bin/env bash
# bench.sh [MEASURE...]: the product's speed against named peers, in one run; all measures, or those named.
# Figures go to target/bench/figures.json; a goal that is missed is told, and is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
profile="${PROFILE:-bench-run}"
scripts/pdfium.sh >/dev/null
export ECABINET_PDFIUM="${ECABINET_PDFIUM:-$PWD/target/pdfium}"
packages=(-p ecabinet-bench -p ecabinet-server -p ecabinet-verify -p ecabinet-pdf)
case " $* " in
  "  " | *" cold-start "* | *" reader "*)
    scripts/ui.sh
    packages+=(-p ecabinet-desktop)
    ;;
esac
cargo build --quiet --profile "$profile" "${packages[@]}" --bins
# The app's start needs a display and a keyring: both are made for the run.
export WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1
exec xvfb-run -a -s "-screen 0 1920x1080x24" scripts/in-keyring.sh "target/$profile/ecabinet-bench" run --out target/bench "$@"
