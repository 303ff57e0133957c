use crate::vault::Place;
use ecabinet_disk::{Disk, ensure_dir};
use ecabinet_domain::planted::planted;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// Files of sealed chunks, by names of 32 hex digits that say nothing of what is in them; in sub-folders by the first
/// two. None is written twice.
pub struct Folder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    /// Files of this process, whose keys may not be kept yet.
    written: Mutex<BTreeSet<String>>,
    /// Chunks that are gone or do not open, until their keys are forgotten.
    damaged: Mutex<BTreeSet<Place>>,
    found: Notify,
    count: AtomicU64,
}

impl Folder {
    pub fn open(disk: Arc<dyn Disk>, root: &Path) -> io::Result<Folder> {
        ensure_dir(&*disk, root)?;
        // Sub-folders of a process that was cut off.
        disk.sync(root)?;
        let (written, damaged, found, count) = Default::default();
        Ok(Folder { root: root.to_owned(), disk, written, damaged, found, count })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(&name[..2]).join(name)
    }

    /// Durable when it returns; nothing of it is left if it fails.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        lock(&self.written).insert(name.to_owned());
        let path = self.path(name);
        let written = self.write_durably(&path, bytes);
        if written.is_err() {
            // A full disk needs the place.
            let _ = self.disk.remove(&path);
        }
        written
    }

    fn write_durably(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let dir = path.parent().expect("in a folder");
        if !self.disk.exists(dir) {
            self.disk.make_dir(dir)?;
            self.disk.sync(&self.root)?;
        }
        self.disk.write(path, bytes)?;
        if planted("chunk.not_synced") {
            return Ok(());
        }
        self.disk.sync(path)?;
        self.disk.sync(dir)
    }

    /// So many bytes of a file.
    pub fn read(&self, place: &Place, len: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len as usize];
        self.disk.read_part(&self.path(&place.file), place.start.into(), &mut bytes)?;
        Ok(bytes)
    }

    /// One that is gone is removed.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match self.disk.remove(&self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Bytes of a file, 0 if it is gone; none if that cannot be told.
    pub fn len(&self, name: &str) -> Option<u64> {
        match self.disk.len(&self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(0),
            len => len.ok(),
        }
    }

    /// Files that are not among those named: a process that was cut off has left them, or could not remove them.
    pub fn strays(&self, named: &BTreeSet<&str>) -> io::Result<Vec<String>> {
        let mut strays = Vec::new();
        for folder in self.disk.list(&self.root)? {
            // What is no folder is not ours.
            for path in self.disk.list(&folder).unwrap_or_default() {
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
                let ours = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
                if ours && !named.contains(name) && !lock(&self.written).contains(name) {
                    strays.push(name.to_owned());
                }
            }
        }
        Ok(strays)
    }

    pub fn note_damaged(&self, place: &Place) {
        if lock(&self.damaged).insert(place.clone()) {
            self.count.fetch_add(1, Ordering::Relaxed);
            self.found.notify_one();
        }
    }

    /// How often damage was noted.
    pub fn damage_count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// What was noted since the last time.
    pub fn take_damaged(&self) -> BTreeSet<Place> {
        std::mem::take(&mut *lock(&self.damaged))
    }

    /// Resolves when damage is noted, or was since the last time.
    pub async fn damage_found(&self) {
        self.found.notified().await;
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests;
