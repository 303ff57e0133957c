#!/bin/sh
# Makes what the second verifier (tests/verifier) needs to run, once, and says which Python runs it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${VENV:-$root/target/verifier}
if ! "$venv/bin/python" -c 'import cryptography' 2>/dev/null; then
    "${PYTHON:-python3}" -m venv "$venv" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$root/tests/verifier/requirements.txt" >&2
fi
echo "$venv/bin/python"
