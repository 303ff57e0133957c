//! The power is cut at one step of a change to the vault's locks after another.

use super::*;
use crate::env::Costs;
use ecabinet_disk::Held;
use std::ffi::CStr;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The machine's disk, for so many changes.
struct Dying(AtomicUsize);

impl Dying {
    fn step(&self) -> io::Result<OsDisk> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(|_| OsDisk).map_err(|_| io::Error::other("the power is cut"))
    }
}

impl Disk for Dying {
    fn vfs(&self) -> Option<&'static CStr> {
        None
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?.make_dir(path)
    }

    fn exists(&self, path: &Path) -> bool {
        OsDisk.exists(path)
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        OsDisk.len(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        OsDisk.list(dir)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        OsDisk.read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step()?.write(path, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.step()?.sync(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?.remove(path)
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Held>> {
        OsDisk.hold(path)
    }
}

fn lock(passphrase: &str) -> Lock {
    Lock::Passphrase(Zeroizing::new(passphrase.to_owned()))
}

#[test]
fn the_printed_code_opens_the_vault_wherever_a_new_lock_was_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path();
    let least = Cost { kib: 8, passes: 1 };
    let env = || Env { costs: Costs { pin: least, passphrase: least }, ..Env::real() };
    let (code, key) = (KeyPair::from_code(&[7; 16]), [9; 32]);
    create(home, &env(), &lock("cũ"), &key).unwrap();
    add_recovery(home, &env(), &code.public(), &key).unwrap();
    let mut cut = 0;
    for steps in 0.. {
        let dying = Env { disk: Arc::new(Dying(AtomicUsize::new(steps))), ..env() };
        let relocked = relock(home, &dying, &lock("mới"), &key).is_ok();
        assert_eq!(*recover(home, &env(), &code).expect("the code opens"), key);
        assert!(
            ["cũ", "mới"].iter().any(|secret| unlock(home, &env(), secret).is_ok_and(|held| *held == key))
        );
        if relocked {
            break;
        }
        cut += 1;
    }
    assert!(cut > 3, "each step was cut off once: {cut}");
}
