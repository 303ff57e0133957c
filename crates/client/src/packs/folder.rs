use ecabinet_disk::{Disk, ensure_dir};
use ecabinet_domain::planted::planted;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Sealed chunk files, by names of 32 hex digits that say nothing of what is in them; in sub-folders by the first two.
pub struct Folder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Folder {
    pub fn open(disk: Arc<dyn Disk>, root: &Path) -> io::Result<Folder> {
        ensure_dir(&*disk, root)?;
        // Sub-folders of a process that was cut off.
        disk.sync(root)?;
        Ok(Folder { root: root.to_owned(), disk })
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
}
