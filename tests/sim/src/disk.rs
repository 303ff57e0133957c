//! A disk that keeps each file twice: what was written, and what was synced. A power cut keeps what was synced and any
//! part of the rest, torn at sectors.

use crate::dice::Dice;
use ecabinet_disk::{Disk, Held};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

const SECTOR: usize = 512;

/// Disks of machines that are on, by their root folder: SQLite knows its files by name only.
static MACHINES: Mutex<BTreeMap<PathBuf, SimDisk>> = Mutex::new(BTreeMap::new());
static ROOTS: AtomicU64 = AtomicU64::new(0);

/// A machine's disk, as one run of its program sees it: after a crash this handle reaches nothing any more.
#[derive(Clone)]
pub struct SimDisk {
    root: PathBuf,
    boot: u64,
    state: Arc<Mutex<State>>,
}

/// What lies on a disk, to begin other stories with.
#[derive(Clone)]
pub struct Image(BTreeMap<PathBuf, Option<Arc<Vec<u8>>>>);

struct State {
    boot: u64,
    dice: Dice,
    /// Names as programs see them, and as they would be after a power cut.
    names: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    /// Steps until the power is cut in the middle of one.
    fuse: Option<u64>,
    full: bool,
    /// Steps so far: writes, syncs, new and lost names.
    steps: u64,
}

#[derive(Clone)]
enum Node {
    Folder,
    File(Arc<Mutex<File>>),
}

pub struct File {
    now: Arc<Vec<u8>>,
    synced: Arc<Vec<u8>>,
    pending: Vec<Change>,
    pub shared: Arc<crate::vfs::Shared>,
}

enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

/// How a machine stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The program is killed: the system still writes everything.
    Kill,
    /// Only what was synced is left.
    PowerCut,
    /// What was synced is left, and any part of the rest.
    Torn,
}

fn gone() -> io::Error {
    io::Error::other("the machine is off")
}

impl SimDisk {
    pub fn new(image: &Image, seed: u64) -> SimDisk {
        let root = PathBuf::from(format!("/sim{}", ROOTS.fetch_add(1, Ordering::Relaxed)));
        let names: BTreeMap<PathBuf, Node> = image
            .0
            .iter()
            .map(|(path, bytes)| {
                let node = bytes.clone().map_or(Node::Folder, |bytes| Node::File(File::whole(bytes)));
                (root.join(path), node)
            })
            .collect();
        let state = State {
            boot: 0,
            dice: Dice::new(seed),
            durable: names.clone(),
            names,
            fuse: None,
            full: false,
            steps: 0,
        };
        SimDisk { root, boot: 0, state: Arc::new(Mutex::new(state)) }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The disk for a new run of the machine's program.
    pub fn boot(&self) -> SimDisk {
        crate::vfs::register();
        let disk = SimDisk { boot: self.lock().boot, ..self.clone() };
        MACHINES.lock().expect("whole").insert(self.root.clone(), disk.clone());
        disk
    }

    pub fn of_path(path: &Path) -> Option<SimDisk> {
        let root: PathBuf = path.components().take(2).collect();
        MACHINES.lock().expect("whole").get(&root).cloned()
    }

    /// The end: no program reaches the disk any more.
    pub fn turn_off(&self) {
        MACHINES.lock().expect("whole").remove(&self.root);
        self.lock().boot += 1;
    }

    /// Stops the machine: its program reaches the disk no more, and what lies there is what the stop leaves.
    pub fn stop(&self, stop: Stop) {
        MACHINES.lock().expect("whole").remove(&self.root);
        let state = &mut *self.lock();
        state.boot += 1;
        (state.fuse, state.full) = (None, false);
        let dice = &mut state.dice;
        let keeps = |dice: &mut Dice| match stop {
            Stop::Kill => true,
            Stop::PowerCut => false,
            Stop::Torn => dice.percent(50),
        };
        let paths: BTreeSet<PathBuf> = state.names.keys().chain(state.durable.keys()).cloned().collect();
        let mut left = BTreeMap::new();
        for path in paths {
            // A name in a folder that is gone is gone with it: folders come before what is in them.
            let inside =
                path.parent().is_none_or(|dir| dir.components().count() < 3 || left.contains_key(dir));
            let node = if keeps(dice) { state.names.get(&path) } else { state.durable.get(&path) };
            if let Some(node) = node.filter(|_| inside) {
                left.entry(path).or_insert_with(|| node.clone());
            }
        }
        for node in left.values_mut() {
            let Node::File(file) = node else { continue };
            let bytes = file.lock().expect("whole").after(|| keeps(dice));
            *node = Node::File(File::whole(bytes));
        }
        (state.names, state.durable) = (left.clone(), left);
    }

    /// What lies here, of a machine that was stopped.
    pub fn image(&self) -> Image {
        let state = self.lock();
        let image = state.names.iter().map(|(path, node)| {
            let path = path.strip_prefix(&self.root).expect("under the root").to_owned();
            (path, node.file().map(|file| file.lock().expect("whole").now.clone()))
        });
        Image(image.collect())
    }

    /// Cuts the power in the middle of the step after so many.
    pub fn cut_after(&self, steps: u64) {
        self.lock().fuse = Some(steps);
    }

    pub fn cut_never(&self) {
        self.lock().fuse = None;
    }

    /// Whether the fuse has blown.
    pub fn is_off(&self) -> bool {
        self.lock().fuse == Some(0)
    }

    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
    }

    pub fn steps(&self) -> u64 {
        self.lock().steps
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with a disk")
    }

    /// The state, if this run's program still reaches it.
    fn reach(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.lock();
        if state.boot == self.boot && state.fuse != Some(0) { Ok(state) } else { Err(gone()) }
    }

    /// One step towards the disk: done, or done in part when the fuse blows.
    fn step<T>(&self, work: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.reach()?;
        state.steps += 1;
        match &mut state.fuse {
            Some(1) => {
                // Whether a step that was cut off came through is left to `stop`, which forgets at will.
                let _ = work(&mut state);
                state.fuse = Some(0);
                Err(gone())
            }
            fuse => {
                *fuse = fuse.map(|left| left - 1);
                work(&mut state)
            }
        }
    }

    /// A file for SQLite: opened, or made if need be.
    pub fn open(&self, path: &Path, create: bool) -> io::Result<(Arc<Mutex<File>>, bool)> {
        let known = self.reach()?.file(path);
        if let Ok(file) = known {
            return Ok((file, false));
        }
        if !create {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = self.step(|state| state.create(path))?;
        Ok((file, true))
    }

    pub fn read_at(&self, file: &Mutex<File>, offset: usize, out: &mut [u8]) -> io::Result<usize> {
        let _state = self.reach()?;
        let file = file.lock().expect("whole");
        let from = offset.min(file.now.len());
        let len = out.len().min(file.now.len() - from);
        out[..len].copy_from_slice(&file.now[from..from + len]);
        Ok(len)
    }

    pub fn size(&self, file: &Mutex<File>) -> io::Result<usize> {
        let _state = self.reach()?;
        Ok(file.lock().expect("whole").now.len())
    }

    pub fn write_at(&self, file: &Mutex<File>, offset: usize, bytes: &[u8]) -> io::Result<()> {
        self.step(|state| {
            state.room()?;
            file.lock().expect("whole").change(Change::Write(offset, bytes.to_vec()));
            Ok(())
        })
    }

    pub fn truncate(&self, file: &Mutex<File>, size: usize) -> io::Result<()> {
        self.step(|_| {
            file.lock().expect("whole").change(Change::Cut(size));
            Ok(())
        })
    }

    /// `dir`: the names of this folder too.
    pub fn sync_file(&self, file: &Mutex<File>, dir: Option<&Path>) -> io::Result<()> {
        let mut state = self.reach()?;
        state.steps += 1;
        match &mut state.fuse {
            // A sync that was cut off has synced nothing for sure.
            Some(1) => {
                state.fuse = Some(0);
                return Err(gone());
            }
            fuse => *fuse = fuse.map(|left| left - 1),
        }
        file.lock().expect("whole").sync();
        if let Some(dir) = dir {
            state.sync_names(dir);
        }
        Ok(())
    }

    pub fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.step(|state| {
            state.sync_names(dir);
            Ok(())
        })
    }
}

impl State {
    fn file(&self, path: &Path) -> io::Result<Arc<Mutex<File>>> {
        self.names.get(path).and_then(Node::file).cloned().ok_or(io::ErrorKind::NotFound.into())
    }

    fn room(&self) -> io::Result<()> {
        if self.full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn create(&mut self, path: &Path) -> io::Result<Arc<Mutex<File>>> {
        self.room()?;
        let dir = path.parent().unwrap_or(path);
        if dir.components().count() > 2 && !matches!(self.names.get(dir), Some(Node::Folder)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = File::whole(Arc::default());
        self.names.insert(path.to_owned(), Node::File(file.clone()));
        Ok(file)
    }

    fn sync_names(&mut self, dir: &Path) {
        let inside = |path: &PathBuf| path.parent() == Some(dir);
        self.durable.retain(|path, _| !inside(path));
        let now = self.names.iter().filter(|(path, _)| inside(path));
        self.durable.extend(now.map(|(path, node)| (path.clone(), node.clone())));
    }
}

impl Node {
    fn file(&self) -> Option<&Arc<Mutex<File>>> {
        match self {
            Node::File(file) => Some(file),
            Node::Folder => None,
        }
    }
}

impl File {
    fn whole(bytes: Arc<Vec<u8>>) -> Arc<Mutex<File>> {
        let shared = Arc::default();
        Arc::new(Mutex::new(File { now: bytes.clone(), synced: bytes, pending: Vec::new(), shared }))
    }

    fn change(&mut self, change: Change) {
        change.apply_whole(Arc::make_mut(&mut self.now));
        self.pending.push(change);
    }

    fn sync(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let synced = Arc::make_mut(&mut self.synced);
        self.pending.drain(..).for_each(|change| change.apply_whole(synced));
    }

    /// What a stop leaves; `keeps` decides for each part that was not synced.
    fn after(&self, mut keeps: impl FnMut() -> bool) -> Arc<Vec<u8>> {
        if self.pending.is_empty() {
            return self.synced.clone();
        }
        let mut left = self.synced.to_vec();
        self.pending.iter().for_each(|change| change.apply(&mut left, |_| keeps()));
        Arc::new(left)
    }
}

impl Change {
    fn apply_whole(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Write(offset, new) => {
                let over = bytes.len().saturating_sub(*offset).min(new.len());
                if bytes.len() < *offset {
                    bytes.resize(*offset, 0);
                }
                bytes[*offset..offset + over].copy_from_slice(&new[..over]);
                bytes.extend_from_slice(&new[over..]);
            }
            Change::Cut(size) => bytes.resize(*size, 0),
        }
    }

    /// Applies the sectors that `keeps` names.
    fn apply(&self, bytes: &mut Vec<u8>, mut keeps: impl FnMut(usize) -> bool) {
        match self {
            Change::Write(offset, new) => {
                let mut at = *offset;
                let end = offset + new.len();
                while at < end {
                    let next = ((at / SECTOR + 1) * SECTOR).min(end);
                    if keeps(at) {
                        if bytes.len() < next {
                            bytes.resize(next, 0);
                        }
                        bytes[at..next].copy_from_slice(&new[at - offset..next - offset]);
                    }
                    at = next;
                }
            }
            Change::Cut(size) => {
                if keeps(0) {
                    bytes.resize(*size, 0);
                }
            }
        }
    }
}

impl Image {
    pub fn empty() -> Image {
        Image(BTreeMap::new())
    }
}

impl Disk for SimDisk {
    fn vfs(&self) -> Option<&'static CStr> {
        Some(crate::vfs::NAME)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.step(|state| {
            state.names.entry(path.to_owned()).or_insert(Node::Folder);
            Ok(())
        })
    }

    fn exists(&self, path: &Path) -> bool {
        path == self.root || self.reach().is_ok_and(|state| state.names.contains_key(path))
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        let file = self.reach()?.file(path)?;
        let len = file.lock().expect("whole").now.len();
        Ok(len as u64)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.reach()?;
        Ok(state.names.keys().filter(|path| path.parent() == Some(dir)).cloned().collect())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = self.reach()?.file(path)?;
        let bytes = file.lock().expect("whole").now.to_vec();
        Ok(bytes)
    }

    fn read_part(&self, path: &Path, offset: u64, part: &mut [u8]) -> io::Result<()> {
        let file = self.reach()?.file(path)?;
        let len = self.read_at(&file, offset as usize, part)?;
        if len == part.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let known = self.reach()?.file(path);
        let file = known.or_else(|_| self.step(|state| state.create(path)))?;
        self.truncate(&file, 0)?;
        self.write_at(&file, 0, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let file = self.reach()?.file(path);
        match file {
            Ok(file) => self.sync_file(&file, None),
            Err(_) => self.sync_dir(path),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|state| {
            let node = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
            state.names.insert(to.to_owned(), node);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(|state| state.names.remove(path).map(drop).ok_or(io::ErrorKind::NotFound.into()))
    }

    fn remove_all(&self, path: &Path) -> io::Result<()> {
        let within: Vec<PathBuf> =
            self.reach()?.names.keys().filter(|known| known.starts_with(path)).cloned().collect();
        within.iter().rev().try_for_each(|path| self.remove(path))
    }

    /// A machine runs one program of a kind.
    fn hold(&self, _: &Path) -> io::Result<Option<Held>> {
        self.reach().map(|_| Some(Box::new(()) as Held))
    }
}
