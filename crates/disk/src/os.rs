use crate::{Disk, Held};
use std::ffi::CStr;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The machine's disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    fn vfs(&self) -> Option<&'static CStr> {
        None
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        #[cfg_attr(not(unix), allow(unused_mut))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => private(path),
            other => other,
        }
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        Ok(path.metadata()?.len())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_part(&self, path: &Path, offset: u64, part: &mut [u8]) -> io::Result<()> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(part)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        File::create(path)?.write_all(bytes)
    }

    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        File::options().write(true).open(path)?.write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if !path.is_dir() {
            return File::options().write(true).open(path)?.sync_all();
        }
        // Elsewhere a folder cannot be opened, and keeps its names without being asked.
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(path) {
            // Not one of ours: a folder above the home, there for long.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            folder => folder?.sync_all(),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_all(&self, path: &Path) -> io::Result<()> {
        // A link is removed, not what it points to.
        let removed = path.symlink_metadata().and_then(|found| match found.is_dir() {
            true => fs::remove_dir_all(path),
            false => fs::remove_file(path),
        });
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Held>> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn private(_dir: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(_dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ensure_dir, replace};

    #[test]
    fn a_file_is_replaced_whole_in_a_folder_of_ones_own() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("a/b");
        ensure_dir(&OsDisk, &home).unwrap();
        ensure_dir(&OsDisk, &home).unwrap();
        let (path, temporary) = (home.join("file"), home.join("file.next"));
        replace(&OsDisk, &path, &temporary, b"one").unwrap();
        replace(&OsDisk, &path, &temporary, b"two").unwrap();
        assert_eq!(OsDisk.read(&path).unwrap(), b"two");
        assert_eq!(OsDisk.list(&home).unwrap(), [path]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(home.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_write_that_fails_leaves_the_former_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (path, temporary) = (dir.path().join("file"), dir.path().join("file.next"));
        replace(&OsDisk, &path, &temporary, b"one").unwrap();
        assert!(replace(&OsDisk, &dir.path().join("no/file"), &temporary, b"two").is_err());
        assert_eq!(OsDisk.list(dir.path()).unwrap(), [path]);
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_is_removed_with_all_in_it_but_not_what_a_link_in_it_points_to() {
        let dir = tempfile::tempdir().unwrap();
        let (home, other) = (dir.path().join("home"), dir.path().join("other"));
        for folder in [&home, &home.join("a"), &other] {
            OsDisk.make_dir(folder).unwrap();
        }
        OsDisk.write(&home.join("a/file"), b"one").unwrap();
        OsDisk.write(&other.join("file"), b"two").unwrap();
        std::os::unix::fs::symlink(&other, home.join("a/link")).unwrap();
        OsDisk.remove_all(&home).unwrap();
        OsDisk.remove_all(&home).unwrap();
        assert!(!OsDisk.exists(&home));
        assert_eq!(OsDisk.read(&other.join("file")).unwrap(), b"two");
    }

    #[test]
    fn one_process_holds_a_file_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = OsDisk.hold(&path).unwrap().expect("free");
        assert!(OsDisk.hold(&path).unwrap().is_none());
        drop(held);
        assert!(OsDisk.hold(&path).unwrap().is_some());
    }
}
