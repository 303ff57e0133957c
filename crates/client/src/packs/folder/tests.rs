//! A new chunk survives a power cut by its content and by every name on the way to it.

use super::*;
use ecabinet_disk::{Held, OsDisk};
use std::ffi::CStr;

/// The machine's disk, and a book of what a power cut would take: contents and names that were not synced.
#[derive(Default)]
struct Booked {
    contents: Mutex<BTreeSet<PathBuf>>,
    names: Mutex<BTreeSet<PathBuf>>,
}

impl Booked {
    fn at_risk(&self) -> Vec<PathBuf> {
        let (contents, names) = (self.contents.lock().unwrap(), self.names.lock().unwrap());
        contents.iter().chain(names.iter()).cloned().collect()
    }

    fn name(&self, path: &Path) {
        if !path.exists() {
            self.names.lock().unwrap().insert(path.to_owned());
        }
    }
}

impl Disk for Booked {
    fn vfs(&self) -> Option<&'static CStr> {
        None
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.name(path);
        OsDisk.make_dir(path)
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
        self.name(path);
        self.contents.lock().unwrap().insert(path.to_owned());
        OsDisk.write(path, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.contents.lock().unwrap().remove(path);
        self.names.lock().unwrap().retain(|name| name.parent() != Some(path));
        OsDisk.sync(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        OsDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        OsDisk.remove(path)
    }

    fn remove_all(&self, path: &Path) -> io::Result<()> {
        OsDisk.remove_all(path)
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Held>> {
        OsDisk.hold(path)
    }
}

#[test]
fn a_chunk_that_was_written_is_durable_by_content_and_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("home/chunks");
    let disk = Arc::new(Booked::default());
    let folder = Folder::open(disk.clone(), &root).unwrap();
    for name in ["aa00", "aa01", "bb00"] {
        folder.write(name, b"sealed").unwrap();
        assert_eq!(disk.at_risk(), Vec::<PathBuf>::new(), "{name}");
        assert_eq!(folder.len(name), Some(6));
    }
}

#[test]
fn folders_of_a_process_that_was_cut_off_are_durable_once_the_next_one_has_opened() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("chunks");
    let disk = Arc::new(Booked::default());
    Folder::open(disk.clone(), &root).unwrap();
    // Cut off between making a folder and syncing its name.
    disk.make_dir(&root.join("aa")).unwrap();
    assert_eq!(disk.at_risk(), [root.join("aa")]);
    let folder = Folder::open(disk.clone(), &root).unwrap();
    folder.write("aa00", b"sealed").unwrap();
    assert_eq!(disk.at_risk(), Vec::<PathBuf>::new());
}

/// Names as they are.
const NAMES: [&str; 3] = [
    "00000000000000000000000000000001",
    "aa000000000000000000000000000002",
    "aa000000000000000000000000000003",
];

#[test]
fn what_nothing_names_is_a_stray_but_not_what_this_process_has_just_written() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("chunks");
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let former = Folder::open(disk.clone(), &root).unwrap();
    NAMES.iter().for_each(|name| former.write(name, b"sealed").unwrap());
    std::fs::write(root.join("no folder"), b"").unwrap();
    std::fs::write(root.join("aa/not ours"), b"").unwrap();
    let folder = Folder::open(disk, &root).unwrap();
    let new = "bb000000000000000000000000000004";
    folder.write(new, b"sealed").unwrap();
    assert_eq!(folder.strays(&BTreeSet::from([NAMES[1]])).unwrap(), [NAMES[0], NAMES[2]]);
    folder.remove(NAMES[0]).unwrap();
    assert_eq!((folder.len(NAMES[0]), folder.len(new)), (Some(0), Some(6)));
}
