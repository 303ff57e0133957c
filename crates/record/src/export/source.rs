//! Where an export's files are taken from: a folder, or a stored ZIP of it.

use super::{FILES, Unreadable, zip};
use ecabinet_domain::Hash;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub(super) enum Source {
    Folder(PathBuf),
    Zip { bytes: Vec<u8>, files: BTreeMap<String, Range<usize>> },
}

impl Source {
    /// Opens what holds no file that the format does not know.
    pub(super) fn open(path: &Path) -> Result<Source, Unreadable> {
        if !path.is_file() {
            return open_folder(path);
        }
        let bytes = fs::read(path).map_err(|error| Unreadable::Io(path.display().to_string(), error))?;
        Source::zip(bytes)
    }

    /// A ZIP's bytes that hold no file that the format does not know.
    pub(super) fn zip(bytes: Vec<u8>) -> Result<Source, Unreadable> {
        let found = zip::read(&bytes).map_err(|flaw| Unreadable::Malformed(format!("the ZIP ({flaw})")))?;
        let mut files = BTreeMap::new();
        for (name, range) in found {
            let name = String::from_utf8_lossy(&name).into_owned();
            let is_blob = name.strip_prefix("blobs/").is_some_and(|blob| blob.parse::<Hash>().is_ok());
            if !is_blob && !FILES.contains(&name.as_str()) {
                return Err(Unreadable::UnknownFile(name));
            }
            files.insert(name, range);
        }
        Ok(Source::Zip { bytes, files })
    }

    pub(super) fn file(&self, name: &str) -> Result<Vec<u8>, Unreadable> {
        let fail = |error| Unreadable::Io(name.to_owned(), error);
        match self {
            Source::Folder(dir) => fs::read(dir.join(name)).map_err(fail),
            Source::Zip { bytes, files } => {
                let range = files.get(name).ok_or_else(|| fail(std::io::ErrorKind::NotFound.into()))?;
                Ok(bytes[range.clone()].to_vec())
            }
        }
    }

    /// Names in `blobs/`, sorted.
    pub(super) fn blobs(&self) -> Result<Vec<String>, Unreadable> {
        match self {
            Source::Folder(dir) if !dir.join("blobs").exists() => Ok(Vec::new()),
            Source::Folder(dir) => list(&dir.join("blobs")),
            Source::Zip { files, .. } => {
                Ok(files.keys().filter_map(|name| name.strip_prefix("blobs/")).map(str::to_owned).collect())
            }
        }
    }
}

fn open_folder(dir: &Path) -> Result<Source, Unreadable> {
    for name in list(dir)? {
        if !FILES.contains(&name.as_str()) && name != "blobs" {
            return Err(Unreadable::UnknownFile(name));
        }
    }
    Ok(Source::Folder(dir.to_owned()))
}

fn list(dir: &Path) -> Result<Vec<String>, Unreadable> {
    let fail = |error| Unreadable::Io(dir.display().to_string(), error);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(fail)? {
        names.push(entry.map_err(fail)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
