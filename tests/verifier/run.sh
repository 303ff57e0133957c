#!/bin/sh
# Runs the second verifier on all vectors and on the export folders given. If `ecabinet-verify` is built (or PROGRAM
# names it), both programs must give the same verdict on each. The last line is `N passed, N failed`.
#
# usage: tests/verifier/run.sh [EXPORT]...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=${VENV:-$root/target/verifier}
target=${CARGO_TARGET_DIR:-$root/target}

if ! "$venv/bin/python" -c 'import cryptography' 2>/dev/null; then
    "${PYTHON:-python3}" -m venv "$venv" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
fi

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
PYTHONDONTWRITEBYTECODE=1 exec "$venv/bin/python" "$here/vectors.py" "$root/assets/record-vectors" "$@"
