#!/bin/sh
# Runs the second verifier on all vectors and on the export folders given. If `ecabinet-verify` is built (or PROGRAM
# names it), both programs must give the same verdict on each. The last line is `N passed, N failed`.
#
# usage: tests/verifier/run.sh [EXPORT]...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

python=$("$root/scripts/verifier.sh")

program=${PROGRAM:-}
for built in "$target/release/ecabinet-verify" "$target/debug/ecabinet-verify"; do
    if [ -z "$program" ] && [ -x "$built" ]; then
        program=$built
    fi
done
if [ -n "$program" ]; then
    set -- --program "$program" "$@"
else
    echo "ecabinet-verify is not built: the second verifier runs alone" >&2
fi
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/vectors.py" "$root/assets/record-vectors" "$@"
