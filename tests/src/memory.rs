//! What a process holds in its memory, read from outside as root may, and the keys of a vault as only its person can find
//! them: by his keyring and his PIN.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rusqlite::Connection;
use serde_json::Value;
use sha2::Sha256;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// A process, seen from outside.
pub struct Memory {
    process: u32,
}

impl Memory {
    pub fn of(process: u32) -> Memory {
        Memory { process }
    }

    /// Which of these byte strings are somewhere in the memory, by their numbers. Needs root: everybody else is refused.
    pub fn holds(&self, needles: &[Vec<u8>]) -> std::io::Result<Vec<usize>> {
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", self.process))?;
        let mut memory = std::fs::File::open(format!("/proc/{}/mem", self.process))?;
        let finder = aho_corasick::AhoCorasick::new(needles).expect("patterns");
        let mut found = Vec::new();
        for line in maps.lines() {
            let (range, rest) = line.split_once(' ').expect("a range");
            let (from, to) = range.split_once('-').expect("a range");
            let place = |text| u64::from_str_radix(text, 16).expect("a place");
            // What is only read comes from files; what the kernel shows has no bytes.
            if !rest.starts_with("rw") || rest.contains("[v") {
                continue;
            }
            for (from, to) in self.present(place(from), place(to))? {
                let mut bytes = vec![0; (to - from) as usize];
                let read = memory.seek(SeekFrom::Start(from)).and_then(|_| memory.read_exact(&mut bytes));
                if read.is_ok() {
                    found
                        .extend(finder.find_overlapping_iter(&bytes).map(|found| found.pattern().as_usize()));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The parts of a mapping that have pages: a web view reserves far more than there is.
    fn present(&self, from: u64, to: u64) -> std::io::Result<Vec<(u64, u64)>> {
        const PAGE: u64 = 4096;
        let mut pagemap = std::fs::File::open(format!("/proc/{}/pagemap", self.process))?;
        pagemap.seek(SeekFrom::Start(from / PAGE * 8))?;
        let mut entries = Vec::new();
        pagemap.take((to - from) / PAGE * 8).read_to_end(&mut entries)?;
        let mut parts: Vec<(u64, u64)> = Vec::new();
        for (at, entry) in entries.chunks_exact(8).enumerate() {
            // In memory or in swap: the two highest bits.
            if entry[7] & 0xc0 == 0 {
                continue;
            }
            let page = from + at as u64 * PAGE;
            match parts.last_mut() {
                Some((_, end)) if *end == page => *end += PAGE,
                _ => parts.push((page, page + PAGE)),
            }
        }
        Ok(parts)
    }

    /// A value of `/proc/PID/status`, such as `VmLck`, in kB.
    pub fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).expect("a status");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).expect("a number")
    }

    /// Soft and hard limit of core files.
    pub fn core_limit(&self) -> (String, String) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.process)).expect("limits");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).expect("a limit");
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().expect("soft"), words.next().expect("hard"))
    }
}

/// The key of a vault that opens with keyring and PIN, written from `docs/security.md` and not from the client's code.
pub fn vault_key(home: &Path, pin: &str) -> [u8; 32] {
    let slots: Value =
        serde_json::from_slice(&std::fs::read(home.join("slots.json")).expect("slots")).expect("JSON");
    let slots = slots["slots"].as_array().expect("slots");
    let slot = slots.iter().find(|slot| slot["kind"] == "keyring").expect("a keyring's slot");
    let text = |name: &str| slot[name].as_str().expect("a text").to_owned();
    let bytes = |name: &str| hex::decode(text(name)).expect("hex");
    let account = text("account");
    let kept = std::thread::spawn(move || {
        keyring::Entry::new("vn.ecabinet.vault", &account)
            .and_then(|entry| entry.get_secret())
            .expect("the keyring's secret")
    });
    let kept = kept.join().expect("the keyring answers");
    let cost = |name: &str| slot["cost"][name].as_u64().expect("a number") as u32;
    let params = argon2::Params::new(cost("kib"), cost("passes"), 1, Some(32)).expect("a cost");
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut stretched = [0; 32];
    argon.hash_password_into(pin.as_bytes(), &bytes("salt"), &mut stretched).expect("stretched");
    let (mut wrap, info) = ([0; 32], b"ecabinet/v1/vault-key");
    Hkdf::<Sha256>::new(None, &[&kept[..], &stretched[..]].concat())
        .expand(info, &mut wrap)
        .expect("32 bytes");
    let nonce: [u8; 24] = bytes("nonce").try_into().expect("24 bytes");
    let sealed = Payload { msg: &bytes("sealed"), aad: info };
    let key =
        XChaCha20Poly1305::new(&wrap.into()).decrypt(&XNonce::from(nonce), sealed).expect("the right PIN");
    key.try_into().expect("32 bytes")
}

/// All secret keys that a vault holds, read from a copy: of its devices, and of the member's notes.
pub fn vault_secrets(home: &Path, key: &[u8; 32]) -> Vec<Vec<u8>> {
    let copy = tempfile::tempdir().expect("a folder");
    for file in ["vault.db", "vault.db-wal"] {
        let _ = std::fs::copy(home.join(file), copy.path().join(file));
    }
    let db = Connection::open(copy.path().join("vault.db")).expect("a database");
    db.pragma_update(None, "key", format!("x'{}'", hex::encode(key))).expect("the key");
    let column = |sql: &str| -> Vec<Vec<u8>> {
        let mut query = db.prepare(sql).expect("a table");
        query.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("bytes")).collect()
    };
    let mut secrets: Vec<Vec<u8>> = column("SELECT keys FROM bodies")
        .iter()
        .flat_map(|keys| keys.chunks(32).map(<[u8]>::to_vec))
        .collect();
    secrets.extend(column("SELECT key FROM space_keys"));
    secrets
}
