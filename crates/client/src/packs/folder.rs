use ecabinet_disk::{Disk, ensure_dir};
use ecabinet_domain::planted::planted;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// Sealed chunk files, by names of 32 hex digits that say nothing of what is in them; in sub-folders by the first two.
pub struct Folder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    /// Files that are gone or do not open, until their keys are forgotten.
    damaged: Mutex<BTreeSet<String>>,
    found: Notify,
    count: AtomicU64,
}

impl Folder {
    pub fn open(disk: Arc<dyn Disk>, root: &Path) -> io::Result<Folder> {
        ensure_dir(&*disk, root)?;
        // Sub-folders of a process that was cut off.
        disk.sync(root)?;
        let (damaged, found, count) = Default::default();
        Ok(Folder { root: root.to_owned(), disk, damaged, found, count })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(&name[..2]).join(name)
    }

    /// Durable when it returns.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        let dir = path.parent().expect("in a folder");
        if !self.disk.exists(dir) {
            self.disk.make_dir(dir)?;
            self.disk.sync(&self.root)?;
        }
        self.disk.write(&path, bytes)?;
        if planted("chunk.not_synced") {
            return Ok(());
        }
        self.disk.sync(&path)?;
        self.disk.sync(dir)
    }

    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.disk.read(&self.path(name))
    }

    /// One that is gone is removed.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match self.disk.remove(&self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Whether a file is there and as long as it should be, as far as can be told.
    pub fn is_whole(&self, name: &str, len: u64) -> bool {
        match self.disk.len(&self.path(name)) {
            Ok(there) => there == len,
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    pub fn note_damaged(&self, name: &str) {
        if self.damaged().insert(name.to_owned()) {
            self.count.fetch_add(1, Ordering::Relaxed);
            self.found.notify_one();
        }
    }

    /// How often damage was noted.
    pub fn damage_count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// What was noted since the last time.
    pub fn take_damaged(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.damaged())
    }

    /// Resolves when damage is noted, or was since the last time.
    pub async fn damage_found(&self) {
        self.found.notified().await;
    }

    fn damaged(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.damaged.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests;
