//! The real clock, randomness and keyring.

use crate::env::{Clock, Keyring, Random};
use crate::error::{Error, Result};
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }
}

pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no key is safe: there is nothing to go on with.
        getrandom::fill(bytes).expect("the system gives random bytes");
    }
}

/// The desktop's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
pub struct OsKeyring;

const SERVICE: &str = "vn.ecabinet.vault";

impl OsKeyring {
    fn entry(account: &str) -> Result<keyring::Entry> {
        keyring::Entry::new(SERVICE, account).map_err(OsKeyring::error)
    }

    fn error(error: keyring::Error) -> Error {
        match error {
            keyring::Error::NoEntry => Error::new("keyring.no_entry"),
            other => Error::new("keyring.unavailable").with("detail", other),
        }
    }
}

impl Keyring for OsKeyring {
    fn get(&self, account: &str) -> Result<Vec<u8>> {
        let account = account.to_owned();
        apart(move || Self::entry(&account)?.get_secret().map_err(Self::error))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<()> {
        let (account, secret) = (account.to_owned(), Zeroizing::new(secret.to_vec()));
        apart(move || Self::entry(&account)?.set_secret(&secret).map_err(Self::error))
    }

    fn delete(&self, account: &str) -> Result<()> {
        let account = account.to_owned();
        apart(move || Self::entry(&account)?.delete_credential().map_err(Self::error))
    }
}

/// The Secret Service client blocks on an executor of its own, which must not happen on an async worker thread.
fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    std::thread::spawn(work).join().unwrap_or_else(|_| Err(Error::new("keyring.unavailable")))
}
