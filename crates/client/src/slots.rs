//! Key slots: the ways to the vault's key. None of them is the key in plain.
//!
//! - keyring: HKDF(keyring secret ‖ Argon2id(PIN)): neither the disk nor the keyring alone, nor both without the PIN;
//! - passphrase: Argon2id(passphrase), where there is no keyring;
//! - recovery: sealed to the member's printed recovery code.

use crate::env::{Cost, Env};
use crate::error::{Error, Result};
use crate::seal::{self, Key};
use ecabinet_disk::{Disk, OsDisk, replace};
use ecabinet_domain::planted::planted;
use ecabinet_domain::{DeviceKeys, Hash};
use ecabinet_record::hash::sha256;
use ecabinet_record::{KeyPair, keys::device_id};
use ecabinet_wall::Secret;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const INFO: &[u8] = b"ecabinet/v1/vault-key";

/// How a new vault is to be opened from now on.
pub enum Lock {
    /// The OS keyring and a PIN (may be empty on a machine without a person, such as a server's).
    Keyring {
        pin: Zeroizing<String>,
    },
    Passphrase(Zeroizing<String>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Slots {
    version: u32,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Slot {
    Keyring {
        account: String,
        /// Tells another secret in the keyring from a wrong PIN. Of 256 random bits: nobody finds them by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<String>,
        salt: Hash,
        cost: Cost,
        nonce: String,
        sealed: String,
    },
    Passphrase {
        salt: Hash,
        cost: Cost,
        nonce: String,
        sealed: String,
    },
    /// `to` is the id of the recovery keys.
    Recovery {
        to: String,
        sealed: String,
    },
}

fn path(home: &Path) -> PathBuf {
    home.join("slots.json")
}

fn next(home: &Path) -> PathBuf {
    home.join("slots.json.next")
}

pub fn exist(home: &Path, env: &Env) -> bool {
    env.disk.exists(&path(home))
}

/// Whether the vault opens with keyring and PIN (true) or a passphrase.
pub fn uses_keyring(home: &Path) -> Result<bool> {
    Ok(read(home, &OsDisk)?.slots.iter().any(|slot| matches!(slot, Slot::Keyring { .. })))
}

/// Makes the first slot of a new vault.
pub fn create(home: &Path, env: &Env, lock: &Lock, key: &Key) -> Result<()> {
    write(home, env, &Slots { version: 1, slots: vec![locked(env, lock, key)?] })
}

fn locked(env: &Env, lock: &Lock, key: &Key) -> Result<Slot> {
    let salt = Hash(env.random());
    let nonce: [u8; 24] = env.random();
    Ok(match lock {
        Lock::Keyring { pin } => {
            let cost = env.costs.pin;
            let secret = Secret::<32>::made(|secret| env.random.fill(secret));
            let account = hex(&env.random::<16>());
            env.keyring.set(&account, &*secret)?;
            if *Zeroizing::new(env.keyring.get(&account)?) != *secret {
                return Err(Error::new("keyring.unavailable").with("detail", "not kept"));
            }
            let wrap = keyring_key(&*secret, pin, &salt, cost)?;
            let sealed = hex(&seal::seal(&wrap, &nonce, INFO, key));
            let check = Some(check(&*secret, &salt));
            Slot::Keyring { account, check, salt, cost, nonce: hex(&nonce), sealed }
        }
        Lock::Passphrase(passphrase) => {
            let cost = env.costs.passphrase;
            let wrap = stretch(passphrase, &salt, cost)?;
            let sealed = hex(&seal::seal(&wrap, &nonce, INFO, key));
            Slot::Passphrase { salt, cost, nonce: hex(&nonce), sealed }
        }
    })
}

/// Finds the vault's key with the PIN or passphrase.
///
/// # Errors
/// `vault.wrong_secret`; where it is not the PIN that is wrong but the keyring, which has no entry any more, has another in
/// its place or does not answer: `keyring.no_entry`, `keyring.other_secret`, `keyring.unavailable`.
pub fn unlock(home: &Path, env: &Env, secret: &str) -> Result<Secret<32>> {
    for slot in read(home, &*env.disk)?.slots {
        let (wrap, nonce, sealed) = match slot {
            Slot::Keyring { account, check: known, salt, cost, nonce, sealed } => {
                let kept = Zeroizing::new(env.keyring.get(&account)?);
                if known.is_some_and(|known| known != check(&kept, &salt)) {
                    return Err(Error::new("keyring.other_secret"));
                }
                (keyring_key(&kept, secret, &salt, cost)?, nonce, sealed)
            }
            Slot::Passphrase { salt, cost, nonce, sealed } => (stretch(secret, &salt, cost)?, nonce, sealed),
            Slot::Recovery { .. } => continue,
        };
        let nonce = bytes(&nonce)?.try_into().map_err(|_| Error::new("vault.slots"))?;
        let opened =
            seal::open(&wrap, &nonce, INFO, &bytes(&sealed)?).ok_or(Error::new("vault.wrong_secret"))?;
        return as_key(opened);
    }
    Err(Error::new("vault.slots"))
}

/// Adds the way back: the key, sealed to the member's printed code.
pub fn add_recovery(home: &Path, env: &Env, to: &DeviceKeys, key: &Key) -> Result<()> {
    let mut slots = read(home, &*env.disk)?;
    let sealed = hex(&seal::seal_to(env, &to.enc, INFO, key)?);
    let to = device_id(to).to_string();
    slots.slots.retain(|slot| !matches!(slot, Slot::Recovery { to: known, .. } if *known == to));
    slots.slots.push(Slot::Recovery { to, sealed });
    write(home, env, &slots)
}

/// Finds the vault's key with the printed recovery code.
pub fn recover(home: &Path, env: &Env, code: &KeyPair) -> Result<Secret<32>> {
    for slot in read(home, &*env.disk)?.slots {
        let Slot::Recovery { to, sealed } = slot else { continue };
        if to == code.id().to_string() {
            let opened = seal::open_with(code.receiving(), INFO, &bytes(&sealed)?);
            return as_key(opened.ok_or(Error::new("vault.slots"))?);
        }
    }
    Err(Error::new("vault.wrong_code"))
}

/// Puts a new lock in place of the keyring's or passphrase's, keeping the recovery slots: in one step, so that the
/// printed code opens the vault whatever happens.
pub fn relock(home: &Path, env: &Env, lock: &Lock, key: &Key) -> Result<()> {
    let mut slots = read(home, &*env.disk)?;
    let former = accounts(home, env);
    slots.slots.retain(|slot| matches!(slot, Slot::Recovery { .. }));
    slots.slots.insert(0, locked(env, lock, key)?);
    write(home, env, &slots)?;
    for account in former {
        // It opens nothing any more.
        let _ = env.keyring.delete(&account);
    }
    Ok(())
}

/// Names of the keyring's entries that these slots need; none where the slots cannot be read.
pub fn accounts(home: &Path, env: &Env) -> Vec<String> {
    let slots = read(home, &*env.disk).map(|slots| slots.slots).unwrap_or_default();
    let account = |slot| if let Slot::Keyring { account, .. } = slot { Some(account) } else { None };
    slots.into_iter().filter_map(account).collect()
}

/// Destroys every way to the vault's key: nothing in the home can be read again.
pub fn destroy(home: &Path, env: &Env) -> Result<()> {
    for path in [path(home), next(home)] {
        if let Ok(len) = env.disk.len(&path) {
            env.disk.overwrite(&path, &vec![0; len as usize])?;
            env.disk.sync(&path)?;
            env.disk.remove_all(&path)?;
        }
    }
    Ok(env.disk.sync(home)?)
}

fn keyring_key(kept: &[u8], pin: &str, salt: &Hash, cost: Cost) -> Result<Secret<32>> {
    let pin = stretch(pin, salt, cost)?;
    let input = Zeroizing::new([kept, &pin[..]].concat());
    Ok(Secret::made(|key| Hkdf::<Sha256>::new(None, &input).expand(INFO, key).expect("32 bytes")))
}

fn check(kept: &[u8], salt: &Hash) -> String {
    hex(&sha256(&[b"ecabinet/v1/keyring\n", &salt.0[..], kept].concat()).0[..16])
}

fn stretch(secret: &str, salt: &Hash, cost: Cost) -> Result<Secret<32>> {
    let params =
        argon2::Params::new(cost.kib, cost.passes, 1, Some(32)).map_err(|_| Error::new("vault.slots"))?;
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut hashed = Ok(());
    let key = Secret::made(|key| hashed = argon.hash_password_into(secret.as_bytes(), &salt.0, key));
    hashed.map(|()| key).map_err(|_| Error::new("vault.slots"))
}

fn read(home: &Path, disk: &dyn Disk) -> Result<Slots> {
    let text = disk.read(&path(home)).map_err(|_| Error::new("vault.none"))?;
    let slots: Slots = serde_json::from_slice(&text).map_err(|_| Error::new("vault.slots"))?;
    if slots.version == 1 { Ok(slots) } else { Err(Error::new("vault.newer")) }
}

/// Never leaves the home without a readable slots file.
fn write(home: &Path, env: &Env, slots: &Slots) -> Result<()> {
    let text = serde_json::to_vec_pretty(slots).expect("plain data");
    if planted("slots.not_synced") {
        return Ok(env.disk.write(&path(home), &text)?);
    }
    Ok(replace(&*env.disk, &path(home), &next(home), &text)?)
}

fn as_key(opened: Vec<u8>) -> Result<Secret<32>> {
    let opened = Zeroizing::new(opened);
    Ok(Secret::copied(opened.as_slice().try_into().map_err(|_| Error::new("vault.slots"))?))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    (0..text.len()).step_by(2).map(digit).collect::<Option<_>>().ok_or(Error::new("vault.slots"))
}

#[cfg(test)]
mod tests;
