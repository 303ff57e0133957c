#!/usr/bin/env bash
# typeset.sh [test]: the program that sets documents, into target/typeset/release; or its tests, if what it is made of has
# changed since they last passed.
#
# A workspace of its own: the typesetter takes longer to build than all the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
of=(crates/typeset/src crates/typeset/templates crates/typeset/tests crates/typeset/Cargo.toml crates/typeset/Cargo.lock crates/protocol/src/table.rs)
sum() { find "${of[@]}" -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1; }
run() { cargo "$@" --release --quiet --locked --manifest-path crates/typeset/Cargo.toml --target-dir target/typeset; }
case "${1-build}" in
  build) run build ;;
  test)
    if [ "$(cat crates/typeset/tested)" = "$(sum)" ]; then
      echo "typeset: as it was when its tests last passed"
    else
      run test
      run clippy --all-targets
      sum >crates/typeset/tested
      echo "typeset: its tests pass; commit crates/typeset/tested"
    fi
    ;;
esac
