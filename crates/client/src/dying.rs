//! A disk whose power is cut after so many changes.

use ecabinet_disk::{Disk, Held, OsDisk};
use std::ffi::CStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The machine's disk, for so many changes.
pub struct Dying(AtomicUsize);

impl Dying {
    pub fn after(steps: usize) -> Dying {
        Dying(AtomicUsize::new(steps))
    }

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

    fn read_part(&self, path: &Path, offset: u64, part: &mut [u8]) -> io::Result<()> {
        OsDisk.read_part(path, offset, part)
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

    fn remove_all(&self, path: &Path) -> io::Result<()> {
        self.step()?.remove_all(path)
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Held>> {
        OsDisk.hold(path)
    }
}
