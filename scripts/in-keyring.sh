#!/usr/bin/env bash
# Runs a command in a session of its own with an unlocked keyring daemon: in-keyring.sh COMMAND [ARG...]
set -euo pipefail
home="$(mktemp -d)"
trap 'rm -rf "$home" 2>/dev/null || true' EXIT
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" HOME="$home"
unset DBUS_SESSION_BUS_ADDRESS
# shellcheck disable=SC2016
dbus-run-session -- bash -c 'printf "\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"' keyring "$@"
