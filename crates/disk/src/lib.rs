//! Files that survive a power cut. The disk is a parameter of client and server: the simulation gives one that loses
//! and tears what was not synced.

mod os;

pub use os::OsDisk;

use std::any::Any;
use std::ffi::CStr;
use std::io;
use std::path::{Path, PathBuf};

/// A disk, step by step as a file system takes them: only what was synced is sure to be there after a power cut.
pub trait Disk: Send + Sync {
    /// Name of SQLite's file system on this disk; none for its default one.
    fn vfs(&self) -> Option<&'static CStr>;
    /// Makes a folder, or takes one that is there, open to its user only.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    fn exists(&self, path: &Path) -> bool;
    /// Bytes of a file.
    fn len(&self, path: &Path) -> io::Result<u64>;
    /// Files and folders in a folder.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Fills the buffer from an offset in a file on; an error if it ends before.
    fn read_part(&self, path: &Path, offset: u64, part: &mut [u8]) -> io::Result<()>;
    /// Makes a file, or replaces what it held.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Writes over the bytes of a file where they lie, as far as the disk lets that be said of any write.
    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write(path, bytes)
    }
    /// Makes durable what a file holds, or which names a folder has.
    fn sync(&self, path: &Path) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a file, or a folder with all that is in it; one that is gone is removed.
    fn remove_all(&self, path: &Path) -> io::Result<()>;
    /// Holds a file, made if need be, until dropped; none if another process holds it.
    fn hold(&self, path: &Path) -> io::Result<Option<Held>>;
}

/// Keeps other processes out.
pub type Held = Box<dyn Any + Send + Sync>;

/// Makes a folder and those above it, durably. One that is there already may be of a process that was cut off before
/// it synced: its name is synced again.
pub fn ensure_dir(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    let parent = parent(dir);
    if !disk.exists(dir) {
        if !disk.exists(parent) {
            ensure_dir(disk, parent)?;
        }
        disk.make_dir(dir)?;
    }
    disk.sync(parent)
}

/// Writes a file so that readers find the former or the new one whole, also after a power cut. `temporary` is its name
/// until then, in the same folder.
pub fn replace(disk: &dyn Disk, path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = disk.write(temporary, bytes).and_then(|()| disk.sync(temporary));
    if let Err(error) = written.and_then(|()| disk.rename(temporary, path)) {
        let _ = disk.remove(temporary);
        return Err(error);
    }
    disk.sync(parent(path))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
