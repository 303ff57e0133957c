#!/usr/bin/env bash
# Keeps a part of a corpus: small and large inputs alike, so many files and about so many bytes at most. What has once
# been a find, `found-*`, stays.
#   scripts/fuzz-keep.sh FROM TO FILES BYTES
set -euo pipefail
from="$1" to="$2" files="$3" bytes="$4"
mkdir -p "$to"
find "$to" -type f ! -name 'found-*' -delete
find "$from" -type f -printf '%s %p\n' | sort -n | awk -v files="$files" -v bytes="$bytes" '
  { path[NR] = $2; total += $1 }
  END {
    most = NR < files ? NR : files
    if (total * most / NR > bytes) most = bytes * NR / total
    for (at = 0; at < most; at++) print path[1 + int(at * NR / most)]
  }' | xargs cp -t "$to"
