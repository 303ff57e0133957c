//! Files that a command makes.

use crate::failure::Failure;
use ecabinet_disk::{Disk, OsDisk};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that only its owner reads, made before what goes into it: a secret that cannot be written would be lost.
pub struct NewFile {
    path: PathBuf,
    file: File,
    written: bool,
}

impl NewFile {
    /// `file.exists` if the file is there and is not empty.
    pub fn create(path: &Path) -> Result<NewFile, Failure> {
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(path)
            .map_err(|error| Failure::new("file.io").with("path", path.display()).with("detail", error))?;
        if file.metadata()?.len() > 0 {
            return Err(Failure::new("file.exists").with("path", path.display()));
        }
        // Its name too outlives a power cut.
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        OsDisk.sync(dir.unwrap_or(Path::new(".")))?;
        Ok(NewFile { path: path.to_owned(), file, written: false })
    }

    pub fn write_line(self, text: &str) -> Result<(), Failure> {
        self.write(format!("{text}\n").as_bytes())
    }

    pub fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes)?;
        self.file.sync_all()?;
        self.written = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.written {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
