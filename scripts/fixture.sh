#!/usr/bin/env bash
# fixture.sh vN: keeps in tests/fixtures/vN what today's programs write, for later ones to open.
# Run it when a format of the vault, of the server's data or of the record has changed; a fixture is never made again.
set -euo pipefail
cd "$(dirname "$0")/.."
name="${1:?usage: fixture.sh vN}"
to="tests/fixtures/$name"
[ -e "$to" ] && { echo "$to is there already: what was kept is never made again"; exit 6; }
cargo build --quiet --workspace --bins
bin=target/debug
made="$(mktemp -d)"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$made"' EXIT
umask 077
# The storytellers' own (tests/src/people.rs), published on purpose: these vaults hold nothing but a story.
printf 'mật khẩu của người kể chuyện\n' >"$made/passphrase"
port=47310

ec() { # ec HOME ARG...: a command as somebody
  local home="$made/$1"
  shift
  "$bin/ecabinet" --home "$home" --vault-key passphrase --secret-file "$made/passphrase" --json "$@"
}
field() { python3 -c 'import functools,json,sys; print(functools.reduce(lambda at, key: at[int(key) if key.isdigit() else key], sys.argv[1].split("."), json.load(sys.stdin)))' "$1"; }
serve() {
  rm -f "$made/ready"
  "$bin/ecabinet-server" serve --data "$made/server" --ready-file "$made/ready" 2>"$made/log" >/dev/null &
  server=$!
  for _ in $(seq 300); do [ -e "$made/ready" ] && return; sleep 0.1; done
  cat "$made/log"; exit 1
}
stop() { kill "$server"; wait "$server" || true; server=; }

secretary=00000000000000000000000000000009 chair=00000000000000000000000000000001 minister=00000000000000000000000000000002
cat >"$made/members.csv" <<CSV
id,name,title,offices,order,honorific
$chair,Nguyễn Mẫu Một,Chủ tịch,member chair,1,Ông
$minister,Trần Mẫu Hai,Ủy viên,member,2,Bà
00000000000000000000000000000003,Lê Mẫu Ba,Ủy viên,member,3,Ông
$secretary,Phạm Mẫu Chín,Văn phòng,secretariat,9,Bà
CSV
mkdir -p "$made/papers/01 Chương trình" "$made/papers/02 Kế hoạch"
cp crates/pdf/tests/data/paper.pdf "$made/papers/01 Chương trình/Tờ trình.pdf"
cp crates/pdf/tests/data/rotated.pdf "$made/papers/02 Kế hoạch/Dự thảo.pdf"

"$bin/ecabinet-server" init --data "$made/server" --name 127.0.0.1 --listen 127.0.0.1:$port --json >"$made/init.json"
field admission_token <"$made/init.json" >"$made/token"
serve
body="$(ec registrar body create --server 127.0.0.1:$port --ca "$(field ca_file <"$made/init.json")" --token-file "$made/token" \
  --config assets/sample/body.toml --recovery-out "$made/body-recovery.txt" | field body)"
ec registrar member add --file "$made/members.csv" >/dev/null
for who in secretary chair minister; do
  ec registrar invite "${!who}" --out "$made/$who.txt" >/dev/null
  ec "$who" join "$made/$who.txt" --device-name "Máy mẫu" --recovery-out "$made/$who-recovery.txt" >/dev/null
done
meeting="$(ec secretary publish "$made/papers" --title "Phiên họp mẫu" --starts "2027-01-05 08:00" --place "Phòng họp số 1" | field meeting)"
for who in $chair $minister; do ec secretary attendance set "$meeting" "$who" present >/dev/null; done
closed="$(ec secretary poll open --meeting "$meeting" --item 1 --rule assets/sample/rule.toml | field poll)"
open="$(ec secretary poll open --meeting "$meeting" --item 2 --rule assets/sample/rule.toml | field poll)"
ec chair sync >/dev/null
ec minister sync >/dev/null
ec chair vote "$closed" yes >/dev/null
counted="$(ec minister vote "$closed" yes | field statement)"
ec secretary poll close "$closed" >/dev/null
ec minister sync >/dev/null
paper="$(ec minister paper list "$meeting" | field papers.0.id)"
ec minister note add "$paper" --page 1 "Hỏi lại nguồn vốn" >/dev/null
ec minister sync >/dev/null
stop
ec minister note add "$paper" --page 1 "Ghi khi không có mạng" >/dev/null
waiting="$(ec minister vote "$open" no --text "Đề nghị làm rõ mục 2" | field statement)"

rm -f "$made"/*/lock
mkdir -p "$to"
# A data directory like any other, its database in one file.
"$bin/ecabinet-server" backup --data "$made/server" --to "$to/server" --quiet
cp -r "$made/registrar" "$made/secretary" "$made/minister" "$to/"
cp "$made/body-recovery.txt" "$made/minister-recovery.txt" "$to/"
cat >"$to/story.json" <<JSON
{
  "body": "$body",
  "address": "127.0.0.1:$port",
  "meeting": "$meeting",
  "paper": "$paper",
  "closed": "$closed",
  "counted": "$counted",
  "open": "$open",
  "waiting": "$waiting",
  "notes": ["Hỏi lại nguồn vốn", "Ghi khi không có mạng"]
}
JSON
du -sh "$to"
