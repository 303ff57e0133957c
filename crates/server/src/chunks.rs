//! Where chunks lie: immutable bytes under their keyed name, per body.

use ecabinet_disk::{Disk, OsDisk, ensure_dir, replace};
use ecabinet_domain::BodyId;
use ecabinet_domain::planted::planted;
use ecabinet_protocol::content::ChunkName;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Keeps chunks. Who may have one is decided elsewhere.
pub trait ChunkStore: Send + Sync {
    /// Keeps a chunk durably; the same again does nothing.
    fn put(&self, body: BodyId, name: &ChunkName, bytes: &[u8]) -> io::Result<()>;
    /// `NotFound` if it is not kept.
    fn get(&self, body: BodyId, name: &ChunkName) -> io::Result<Vec<u8>>;
    /// Names of all chunks kept, in no order.
    fn names(&self, body: BodyId) -> io::Result<Vec<ChunkName>>;
}

/// Chunks as files `<body>/<first byte>/<name>`, all in hex.
pub struct ChunkFolder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
}

impl ChunkFolder {
    pub fn open(root: &Path) -> io::Result<ChunkFolder> {
        Self::open_on(Arc::new(OsDisk), root)
    }

    pub fn open_on(disk: Arc<dyn Disk>, root: &Path) -> io::Result<ChunkFolder> {
        ensure_dir(&*disk, root)?;
        // Folders of a process that was cut off between making and syncing them.
        for body in disk.list(root)? {
            disk.sync(&body)?;
        }
        disk.sync(root)?;
        Ok(ChunkFolder { root: root.to_owned(), disk })
    }

    fn folder(&self, body: BodyId, name: &ChunkName) -> PathBuf {
        self.root.join(body.to_string()).join(hex::encode(&name.0[..1]))
    }
}

impl ChunkStore for ChunkFolder {
    fn put(&self, body: BodyId, name: &ChunkName, bytes: &[u8]) -> io::Result<()> {
        let folder = self.folder(body, name);
        let path = folder.join(name.to_string());
        if self.disk.len(&path).is_ok_and(|known| known == bytes.len() as u64) {
            // Whoever wrote it may have been cut off before its name was durable.
            return self.disk.sync(&folder);
        }
        if !self.disk.exists(&folder) {
            ensure_dir(&*self.disk, &folder)?;
        }
        // Two may write the same chunk at once: each its own file, renamed over.
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let temporary = folder.join(format!("{}.new", hex::encode(random)));
        if planted("server.chunk_not_synced") {
            return self.disk.write(&path, bytes);
        }
        replace(&*self.disk, &path, &temporary, bytes)
    }

    fn get(&self, body: BodyId, name: &ChunkName) -> io::Result<Vec<u8>> {
        self.disk.read(&self.folder(body, name).join(name.to_string()))
    }

    fn names(&self, body: BodyId) -> io::Result<Vec<ChunkName>> {
        let mut names = Vec::new();
        let folder = self.root.join(body.to_string());
        if !self.disk.exists(&folder) {
            return Ok(names);
        }
        for part in self.disk.list(&folder)? {
            for file in self.disk.list(&part)? {
                // What is no name is an unfinished write.
                let name = file.file_name().unwrap_or_default().to_string_lossy().parse::<ChunkName>();
                names.extend(name);
            }
        }
        Ok(names)
    }
}

pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecabinet_domain::Hash;

    #[test]
    fn chunks_are_kept_per_body_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = ChunkFolder::open(dir.path()).unwrap();
        let (body, name) = (BodyId([1; 32]), Hash([2; 32]));
        folder.put(body, &name, b"bytes").unwrap();
        folder.put(body, &name, b"bytes").unwrap();
        let again = ChunkFolder::open(dir.path()).unwrap();
        assert_eq!(again.get(body, &name).unwrap(), b"bytes");
        assert_eq!(again.names(body).unwrap(), [name]);
        assert_eq!(again.get(BodyId([9; 32]), &name).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(again.names(BodyId([9; 32])).unwrap().is_empty());
    }
}
