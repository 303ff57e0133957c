#!/usr/bin/env bash
# demo-body.sh BIN DEMO open|tour: the sample body on a server on loopback, and the app as a minister.
set -euo pipefail
cd "$(dirname "$0")/.."
bin="$1" demo="$2" how="$3"
pin=246810
minister=dc1edc657792dfbcf055324f11f0274c # Lê Mẫu Diễm, Bộ trưởng Bộ Nội trị
secretary="$(awk -F, '$4=="secretariat"{print $1; exit}' assets/sample/members.csv)"

# Under Xvfb the keyring lives as long as the session: a vault of an earlier one could not be opened.
[ "$how" = tour ] && rm -rf "$demo"
mkdir -p "$demo"
chmod 700 "$demo"
umask 077
printf 'demo\n' >"$demo/passphrase"
printf '%s\n' "$pin" >"$demo/pin"

ec() { # ec HOME ARG...: a command as somebody, his vault opened by a passphrase
  local home="$demo/$1"
  shift
  "$bin/ecabinet" --home "$home" --vault-key passphrase --secret-file "$demo/passphrase" --json "$@"
}
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

if [ ! -e "$demo/server/ca.pem" ] && [ ! -e "$demo/init.json" ]; then
  "$bin/ecabinet-server" init --data "$demo/server" --name localhost,127.0.0.1 --listen 127.0.0.1:8443 --json >"$demo/init.json"
  field admission_token <"$demo/init.json" >"$demo/token"
fi
rm -f "$demo/ready"
"$bin/ecabinet-server" serve --data "$demo/server" --ready-file "$demo/ready" >>"$demo/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 300); do [ -e "$demo/ready" ] && break; sleep 0.1; done
[ -e "$demo/ready" ] || { echo "demo: the server did not start:"; tail -5 "$demo/server.log"; exit 1; }

if [ ! -e "$demo/done" ]; then
  echo "demo: creating the sample body"
  ec registrar body create --server 127.0.0.1:8443 --ca "$(field ca_file <"$demo/init.json")" --token-file "$demo/token" \
    --config assets/sample/body.toml --recovery-out "$demo/body-recovery.txt" >/dev/null
  ec registrar member add --file assets/sample/members.csv >/dev/null
  ec registrar member groups --file assets/sample/audience.toml >/dev/null
  ec registrar invite "$secretary" --out "$demo/secretary.txt" >/dev/null
  ec secretary join "$demo/secretary.txt" --device-name "Máy Văn phòng" --recovery-out "$demo/secretary-recovery.txt" >/dev/null

  echo "demo: publishing the sample session as the secretariat"
  starts="$(date -d 'tomorrow' +%Y-%m-%d) 08:00"
  meeting="$(ec secretary publish target/sample/papers --starts "$starts" \
    --audience assets/sample/audience.toml | field meeting)"
  printf '%s\n' "$meeting" >"$demo/meeting"
  ec secretary poll open --meeting "$meeting" --item 3 --rule assets/sample/rule.toml | field poll >"$demo/poll"

  echo "demo: sending an opinion form"
  for _ in 2 3; do ec registrar level raise --yes >/dev/null; done
  mkdir -p "$demo/dossier"
  cp -r target/sample/papers/03* "$demo/dossier/01"
  printf 'title = "Vận hành liên hồ chứa trên lưu vực sông Lam Thủy"\nagency = "Bộ Thủy nông"\n' >"$demo/dossier/01/item.toml"
  ec secretary sync >/dev/null
  dossier="$(ec secretary publish "$demo/dossier" --dossier --title "Hồ sơ lấy ý kiến" | field meeting)"
  ec secretary form send --meeting "$dossier" --form assets/sample/form.toml \
    --due "$(date -d '+3 days' +%Y-%m-%d) 17:00" | field form >"$demo/form"

  echo "demo: enrolling the app as a minister"
  ec registrar invite "$minister" --out "$demo/minister.txt" >/dev/null
  "$bin/ecabinet" --home "$demo/minister" --secret-file "$demo/pin" --json join "$demo/minister.txt" \
    --device-name "Máy của Bộ trưởng" --recovery-out "$demo/minister-recovery.txt" >/dev/null
  touch "$demo/done"
fi

export ECABINET_HOME="$demo/minister"
if [ "$how" = tour ]; then
  "$bin/ecabinet-tour" --app "$bin/ecabinet-desktop" --out "$demo" --pin "$pin"
else
  echo "demo: opening the app as Lê Mẫu Diễm, Bộ trưởng Bộ Nội trị (sample). PIN: $pin"
  "$bin/ecabinet-desktop"
fi
