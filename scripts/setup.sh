#!/usr/bin/env bash
# Installs what a fresh Debian 12 machine lacks, and nothing twice. As root, or with sudo.
#   setup.sh          to build, and to run the demo
#   setup.sh tests    and to run the tests
#   setup.sh bench    and to measure
set -euo pipefail
cd "$(dirname "$0")/.."

# Program or file that shows that a package is there, and the package.
needed=(
  /usr/bin/cc:build-essential
  /usr/bin/perl:perl
  /usr/bin/pkg-config:pkg-config
  /usr/bin/python3:python3
  /usr/lib/python3/dist-packages/pip:python3-pip
  /usr/lib/python3.11/ensurepip:python3-venv
  /usr/bin/pgrep:procps
  /usr/bin/gnome-keyring-daemon:gnome-keyring
  /usr/bin/dbus-run-session:dbus
  /usr/bin/WebKitWebDriver:webkit2gtk-driver
  /usr/bin/Xvfb:xvfb
  /usr/bin/xvfb-run:xvfb
  /usr/bin/xauth:xauth
  /usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf:fonts-liberation2
)
if [ "${1-}" = tests ]; then
  needed+=(
    /usr/bin/pdfsig:poppler-utils
    /usr/bin/qpdf:qpdf
    /usr/bin/openssl:openssl
    /usr/bin/xdotool:xdotool
  )
fi
if [ "${1-}" = bench ]; then
  needed+=(
    /usr/bin/curl:curl
    /usr/bin/strace:strace
    /usr/bin/chromium:chromium
    /usr/bin/chromedriver:chromium-driver
  )
fi
missing=()
pkg-config --exists webkit2gtk-4.1 2>/dev/null || missing+=(libwebkit2gtk-4.1-dev)
for pair in "${needed[@]}"; do
  [ -e "${pair%%:*}" ] || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ "${1-}" = tests ] && ! cargo nextest --version >/dev/null 2>&1; then
  echo "setup: installing cargo-nextest"
  cargo install cargo-nextest --locked --quiet
fi

scripts/pdfium.sh >/dev/null
