//! What the client takes from the world: clock, randomness, keyring, the way to a server. The simulation gives others.

use crate::error::Result;
use crate::sync::Dial;
use std::path::Path;
use std::sync::Arc;

pub trait Clock: Send + Sync {
    /// ms since 1970.
    fn now(&self) -> u64;
}

pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// Where a secret is kept that is not on the disk: the desktop's keyring.
pub trait Keyring: Send + Sync {
    fn get(&self, account: &str) -> Result<Vec<u8>>;
    fn set(&self, account: &str, secret: &[u8]) -> Result<()>;
    fn delete(&self, account: &str) -> Result<()>;
}

/// Sealed chunk files, by a name of 32 hex digits that says nothing of what is in them.
pub trait Files: Send + Sync {
    /// Durable when it returns.
    fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()>;
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>>;
    fn remove(&self, name: &str) -> std::io::Result<()>;
}

#[derive(Clone)]
pub struct Env {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub keyring: Arc<dyn Keyring>,
    pub dial: Arc<dyn Dial>,
    /// SQLite's file system: the default one in production.
    pub vfs: Option<&'static std::ffi::CStr>,
    pub files: fn(&Path) -> Arc<dyn Files>,
}

impl Env {
    /// The real world.
    pub fn real() -> Env {
        Env {
            clock: Arc::new(crate::os::SystemClock),
            random: Arc::new(crate::os::SystemRandom),
            keyring: Arc::new(crate::os::OsKeyring),
            dial: Arc::new(crate::sync::HttpDial),
            vfs: None,
            files: |home| Arc::new(crate::os::Folder::new(home.join("chunks"))),
        }
    }

    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}
