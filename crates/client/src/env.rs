//! What the client takes from the world: clock, randomness, keyring, disk, the way to a server. The simulation gives
//! others.

use crate::error::Result;
use crate::sync::Dial;
use ecabinet_disk::{Disk, OsDisk};
use serde::{Deserialize, Serialize};
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

/// What it costs to try a secret, by Argon2id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cost {
    pub kib: u32,
    pub passes: u32,
}

/// What it will cost to try the secrets of new locks.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// Of a PIN, with the keyring's secret behind it.
    pub pin: Cost,
    /// Of a passphrase, which is all there is.
    pub passphrase: Cost,
}

impl Costs {
    /// About 0.1 s and 0.5 s.
    pub const REAL: Costs =
        Costs { pin: Cost { kib: 19 << 10, passes: 2 }, passphrase: Cost { kib: 64 << 10, passes: 4 } };
}

#[derive(Clone)]
pub struct Env {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub keyring: Arc<dyn Keyring>,
    pub dial: Arc<dyn Dial>,
    pub disk: Arc<dyn Disk>,
    pub costs: Costs,
    /// The highest level of kinds and rules that is known: the program's own.
    pub level: u32,
    /// After how many entries at least what is folded of a record is kept anew.
    pub folds_kept: u64,
}

impl Env {
    /// The real world.
    pub fn real() -> Env {
        Env {
            clock: Arc::new(crate::os::SystemClock),
            random: Arc::new(crate::os::SystemRandom),
            keyring: Arc::new(crate::os::OsKeyring),
            dial: Arc::new(crate::sync::HttpDial),
            disk: Arc::new(OsDisk),
            costs: Costs::REAL,
            level: ecabinet_domain::LEVEL,
            folds_kept: 256,
        }
    }

    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}
