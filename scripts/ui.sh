#!/usr/bin/env bash
# Builds ui/dist when a source is newer.
set -euo pipefail
cd "$(dirname "$0")/../ui"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.stamp ]; then
  echo "ui: installing packages"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.stamp
fi
if [ ! -e dist/index.html ] || [ -n "$(find src messages public index.html vite.config.ts package-lock.json -newer dist/index.html -print -quit)" ]; then
  echo "ui: building"
  npm run --silent build >/dev/null
  touch dist/index.html
fi
