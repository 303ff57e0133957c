//! Where chunks lie: immutable bytes under their keyed name, per body.

use ecabinet_domain::BodyId;
use ecabinet_protocol::content::ChunkName;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
}

impl ChunkFolder {
    pub fn open(root: &Path) -> io::Result<ChunkFolder> {
        fs::create_dir_all(root)?;
        Ok(ChunkFolder { root: root.to_owned() })
    }

    fn folder(&self, body: BodyId, name: &ChunkName) -> PathBuf {
        self.root.join(body.to_string()).join(hex::encode(&name.0[..1]))
    }
}

impl ChunkStore for ChunkFolder {
    fn put(&self, body: BodyId, name: &ChunkName, bytes: &[u8]) -> io::Result<()> {
        let folder = self.folder(body, name);
        let path = folder.join(name.to_string());
        if path.metadata().is_ok_and(|known| known.len() == bytes.len() as u64) {
            return Ok(());
        }
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            sync_dir(folder.parent().expect("under the root"))?;
            sync_dir(&self.root)?;
        }
        // Two may write the same chunk at once: each its own file, renamed over.
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let temporary = folder.join(format!("{}.new", hex::encode(random)));
        let written = File::create_new(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&temporary, &path)
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        sync_dir(&folder)
    }

    fn get(&self, body: BodyId, name: &ChunkName) -> io::Result<Vec<u8>> {
        fs::read(self.folder(body, name).join(name.to_string()))
    }

    fn names(&self, body: BodyId) -> io::Result<Vec<ChunkName>> {
        let mut names = Vec::new();
        let folder = self.root.join(body.to_string());
        if !folder.exists() {
            return Ok(names);
        }
        for part in fs::read_dir(folder)? {
            for file in fs::read_dir(part?.path())? {
                // What is no name is an unfinished write.
                names.extend(file?.file_name().to_string_lossy().parse::<ChunkName>());
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
