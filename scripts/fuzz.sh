#!/usr/bin/env bash
# Runs each fuzz target so long, then keeps the smallest corpus that reaches as much of the code.
#   scripts/fuzz.sh [MINUTES] [TARGET]
# What a target found is in fuzz/artifacts: mend it, and keep the input as fuzz/corpus/TARGET/found-WHAT, where
# `make test` reads it again.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes="${1:-10}" only="${2-}"
# Files and bytes of each kept corpus: all of it is read in every test.
files=250 bytes=$((200 << 10))
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --version 0.13.2 --locked --quiet
cargo run --quiet -p ecabinet-oracles --bin ecabinet-fuzz-seeds target/fuzz/seeds
fuzz() {
  # Coverage and the address sanitizer are options that the stable compiler has and hides.
  RUSTC_BOOTSTRAP=1 nice -n 10 cargo fuzz run --target-dir target/fuzz/build "$@"
}

for target in ${only:-header leaf payload checkpoint receipt export manifest frames invitation answer pdf}; do
  kept="fuzz/corpus/$target" grown="target/fuzz/grown/$target" least="target/fuzz/least/$target"
  from=("$grown" "$kept" "target/fuzz/seeds/$target")
  rm -rf "$least"
  mkdir -p "$kept" "$grown" "$least"
  fuzz "$target" "${from[@]}" -- -max_total_time=$((minutes * 60)) -max_len=70000 -timeout=20 -print_final_stats=1
  fuzz "$target" "$least" "${from[@]}" -- -set_cover_merge=1 -max_len=70000
  scripts/fuzz-keep.sh "$least" "$kept" "$files" "$bytes"
done
