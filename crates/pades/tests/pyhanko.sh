#!/usr/bin/env bash
# Runs pyHanko's command line: pyhanko.sh VENV ARGUMENTS... Installs pinned versions into VENV first, unless they are there.
set -euo pipefail

venv=$1
shift
pins="pyhanko==0.38.0 pyhanko-cli==0.6.0"
if [ "$(cat "$venv/pins" 2>/dev/null || true)" != "$pins" ]; then
    python3 -m venv "$venv"
    # shellcheck disable=SC2086
    "$venv/bin/pip" install --quiet --disable-pip-version-check $pins
    echo "$pins" >"$venv/pins"
fi
exec "$venv/bin/pyhanko" "$@"
