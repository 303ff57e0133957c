#!/usr/bin/env bash
# Goes on with the simulation where the last soak stopped, for so many minutes; then kills the real programs so often.
#   scripts/soak.sh [MINUTES] [KILLS]
# What was found is in target/soak: `next` is the next seed, `found` one line for each story that went wrong. A machine that
# has soaked nothing yet begins where tests/sim/soaked says that others have stopped; write it back there.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes="${1:-60}" kills="${2:-970}"
# The simulation's own strength first: each planted bug must be found. The feature is in no program.
cargo nextest run -p ecabinet-sim --features planted --test planted --no-capture
cargo build --quiet -p ecabinet-sim
mkdir -p target/soak
[ -e target/soak/next ] || cp tests/sim/soaked target/soak/next
nice -n 15 target/debug/ecabinet-sim soak "$minutes" target/soak
cargo build --quiet --workspace --bins
# Thousands of papers broken on purpose.
ECABINET_CORPUS=5000 nice -n 15 cargo nextest run -p ecabinet-pdf --test hostile
# A long use with known words in all that is confidential, and a search of every byte that it leaves behind.
ECABINET_PDFIUM="$PWD/target/pdfium" ECABINET_CANARY_ROUNDS=10 nice -n 15 cargo nextest run -p ecabinet-tests --test canaries
if [ "$kills" -gt 0 ]; then
  # Fifty blows a round on the server and fifty on the client; then as many moments are copied while all stand still.
  for ((done = 0; done < kills; done += 100)); do
    ECABINET_KILLS=50 nice -n 15 cargo nextest run --workspace --test faults -E 'test(killed::)'
  done
  ECABINET_COPIES=50 nice -n 15 cargo nextest run --workspace --test faults -E 'test(copied::)'
fi
