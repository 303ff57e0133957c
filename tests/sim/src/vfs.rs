//! SQLite's file system over the simulated disks: the only unsafe code here, because SQLite calls it with pointers.
//!
//! Each `extern` function may rely on what SQLite promises: a `sqlite3_file` given to it is one that `open` filled in and
//! that `close` has not yet taken down; buffers are as long as said; no two calls on one file run at once.
#![allow(unsafe_code)]

use crate::disk::{File, SimDisk};
use rusqlite::ffi::*;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once};

pub const NAME: &CStr = c"ecabinet-sim";

/// What connections to one file share while the machine is on: locks, and the memory of the WAL's index.
#[derive(Default)]
pub struct Shared(Mutex<SharedState>);

#[derive(Default)]
struct SharedState {
    readers: usize,
    reserved: bool,
    exclusive: bool,
    /// Of the WAL's index: -1 if held alone, else how many share it.
    slots: [i32; 8],
    /// Boxed, so that they stay where SQLite was told they are.
    regions: Vec<Box<[u64]>>,
}

struct Handle {
    disk: SimDisk,
    file: Arc<Mutex<File>>,
    shared: Arc<Shared>,
    /// Folder whose names the next sync makes durable: of a journal that was made here.
    sync_dir: Option<PathBuf>,
    level: c_int,
    /// Slots of the WAL's index that this connection holds: 1 shared, -1 alone.
    slots: [i32; 8],
    delete: Option<PathBuf>,
}

#[repr(C)]
struct SimFile {
    base: sqlite3_file,
    handle: *mut Handle,
}

pub fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Nobody asks how much memory it takes, and each piece of it would be counted under a lock.
        // SAFETY: SQLite is configured once, before anything of it is used.
        unsafe { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) };
        let vfs = Box::leak(Box::new(sqlite3_vfs {
            iVersion: 1,
            szOsFile: size_of::<SimFile>() as c_int,
            mxPathname: 512,
            pNext: std::ptr::null_mut(),
            zName: NAME.as_ptr(),
            pAppData: std::ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: None,
            xCurrentTimeInt64: None,
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the structure lives for ever and its name is static.
        assert_eq!(unsafe { sqlite3_vfs_register(vfs, 0) }, SQLITE_OK);
    });
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// SAFETY: see the module.
unsafe fn on<'a>(file: *mut sqlite3_file) -> &'a mut Handle {
    unsafe { &mut *(*file.cast::<SimFile>()).handle }
}

unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

fn code(done: io::Result<()>, failed: c_int) -> c_int {
    match done {
        Ok(()) => SQLITE_OK,
        Err(error) if error.kind() == io::ErrorKind::StorageFull => SQLITE_FULL,
        Err(_) => failed,
    }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let sim = file.cast::<SimFile>();
    unsafe { (*sim).base.pMethods = std::ptr::null() };
    if name.is_null() {
        // Temporary files are memory's: neither program lets SQLite write them to the disk.
        return SQLITE_CANTOPEN;
    }
    let path = unsafe { path(name) };
    let Some(disk) = SimDisk::of_path(path) else { return SQLITE_CANTOPEN };
    let Ok((inner, made)) = disk.open(path, flags & SQLITE_OPEN_CREATE != 0) else { return SQLITE_CANTOPEN };
    let journal = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL) != 0;
    let shared = inner.lock().expect("whole").shared.clone();
    let handle = Handle {
        disk,
        file: inner,
        shared,
        sync_dir: (made && journal).then(|| path.parent().expect("in a folder").to_owned()),
        level: SQLITE_LOCK_NONE,
        slots: [0; 8],
        delete: (flags & SQLITE_OPEN_DELETEONCLOSE != 0).then(|| path.to_owned()),
    };
    unsafe {
        (*sim).handle = Box::into_raw(Box::new(handle));
        (*sim).base.pMethods = &METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    SQLITE_OK
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let mut handle = unsafe { Box::from_raw((*file.cast::<SimFile>()).handle) };
    handle.set_level(SQLITE_LOCK_NONE);
    handle.drop_slots();
    if let Some(path) = &handle.delete {
        let _ = ecabinet_disk::Disk::remove(&handle.disk, path);
    }
    SQLITE_OK
}

unsafe extern "C" fn read(file: *mut sqlite3_file, out: *mut c_void, len: c_int, offset: i64) -> c_int {
    let handle = unsafe { on(file) };
    let out = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), len as usize) };
    match handle.disk.read_at(&handle.file, offset as usize, out) {
        Ok(read) if read == out.len() => SQLITE_OK,
        Ok(read) => {
            out[read..].fill(0);
            SQLITE_IOERR_SHORT_READ
        }
        Err(_) => SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, bytes: *const c_void, len: c_int, offset: i64) -> c_int {
    let handle = unsafe { on(file) };
    let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), len as usize) };
    code(handle.disk.write_at(&handle.file, offset as usize, bytes), SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    let handle = unsafe { on(file) };
    code(handle.disk.truncate(&handle.file, size as usize), SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    let handle = unsafe { on(file) };
    let dir = handle.sync_dir.take();
    code(handle.disk.sync_file(&handle.file, dir.as_deref()), SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    let handle = unsafe { on(file) };
    match handle.disk.size(&handle.file) {
        Ok(len) => {
            unsafe { *size = len as i64 };
            SQLITE_OK
        }
        Err(_) => SQLITE_IOERR_FSTAT,
    }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    if unsafe { on(file) }.raise_level(level) { SQLITE_OK } else { SQLITE_BUSY }
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    unsafe { on(file) }.set_level(level);
    SQLITE_OK
}

unsafe extern "C" fn check_reserved(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    let shared = unsafe { on(file) }.shared.0.lock().expect("whole");
    unsafe { *out = c_int::from(shared.reserved || shared.exclusive) };
    SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    4096
}

/// As the usual file systems: a write does not harm what lies beside it.
unsafe extern "C" fn characteristics(_: *mut sqlite3_file) -> c_int {
    SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    let mut shared = unsafe { on(file) }.shared.0.lock().expect("whole");
    let region = region as usize;
    while extend != 0 && shared.regions.len() <= region {
        shared.regions.push(vec![0; size as usize / 8].into());
    }
    let found =
        shared.regions.get_mut(region).map_or(std::ptr::null_mut(), |region| region.as_mut_ptr().cast());
    unsafe { *out = found };
    SQLITE_OK
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    let slots = offset as usize..(offset + n) as usize;
    if unsafe { on(file) }.lock_slots(slots, flags) { SQLITE_OK } else { SQLITE_BUSY }
}

unsafe extern "C" fn shm_barrier(_: *mut sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

/// The memory stays until the machine stops.
unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, _: c_int) -> c_int {
    unsafe { on(file) }.drop_slots();
    SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    let path = unsafe { path(name) };
    let Some(disk) = SimDisk::of_path(path) else { return SQLITE_IOERR_DELETE };
    match ecabinet_disk::Disk::remove(&disk, path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => SQLITE_IOERR_DELETE_NOENT,
        Ok(()) if sync_dir != 0 => {
            code(disk.sync_dir(path.parent().expect("in a folder")), SQLITE_IOERR_DIR_FSYNC)
        }
        done => code(done, SQLITE_IOERR_DELETE),
    }
}

unsafe extern "C" fn access(_: *mut sqlite3_vfs, name: *const c_char, _: c_int, out: *mut c_int) -> c_int {
    let path = unsafe { path(name) };
    let there = SimDisk::of_path(path).is_some_and(|disk| ecabinet_disk::Disk::exists(&disk, path));
    unsafe { *out = c_int::from(there) };
    SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    len: c_int,
    out: *mut c_char,
) -> c_int {
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if name.len() > len as usize {
        return SQLITE_CANTOPEN;
    }
    unsafe { std::ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
    SQLITE_OK
}

unsafe extern "C" fn randomness(_: *mut sqlite3_vfs, len: c_int, out: *mut c_char) -> c_int {
    unsafe { std::ptr::write_bytes(out, 42, len as usize) };
    len
}

/// Time does not pass while somebody waits for a lock: who holds it is on the same thread, or done at once.
unsafe extern "C" fn sleep(_: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    std::thread::yield_now();
    microseconds
}

unsafe extern "C" fn current_time(_: *mut sqlite3_vfs, out: *mut f64) -> c_int {
    unsafe { *out = 2_461_368.5 };
    SQLITE_OK
}

impl Handle {
    fn raise_level(&mut self, level: c_int) -> bool {
        let mut shared = self.shared.0.lock().expect("whole");
        if self.level >= level {
            return true;
        }
        let own = usize::from(self.level >= SQLITE_LOCK_SHARED);
        let reserved = shared.reserved && self.level < SQLITE_LOCK_RESERVED;
        match level {
            SQLITE_LOCK_SHARED if !shared.exclusive => shared.readers += 1,
            SQLITE_LOCK_RESERVED if !reserved => shared.reserved = true,
            SQLITE_LOCK_EXCLUSIVE if !reserved && shared.readers == own => {
                (shared.reserved, shared.exclusive) = (true, true);
            }
            _ => return false,
        }
        self.level = level;
        true
    }

    fn set_level(&mut self, level: c_int) {
        let mut shared = self.shared.0.lock().expect("whole");
        if level < SQLITE_LOCK_RESERVED && self.level >= SQLITE_LOCK_RESERVED {
            shared.reserved = false;
        }
        if level < SQLITE_LOCK_EXCLUSIVE && self.level >= SQLITE_LOCK_EXCLUSIVE {
            shared.exclusive = false;
        }
        if level < SQLITE_LOCK_SHARED && self.level >= SQLITE_LOCK_SHARED {
            shared.readers -= 1;
        }
        self.level = self.level.min(level);
    }

    fn lock_slots(&mut self, slots: std::ops::Range<usize>, flags: c_int) -> bool {
        let mut shared = self.shared.0.lock().expect("whole");
        if flags & SQLITE_SHM_UNLOCK != 0 {
            for slot in slots {
                release(&mut shared.slots[slot], &mut self.slots[slot]);
            }
            return true;
        }
        let alone = flags & SQLITE_SHM_EXCLUSIVE != 0;
        let free = |slot: &usize| match (alone, shared.slots[*slot]) {
            (true, held) => held == 0 || (held == 1 && self.slots[*slot] == 1),
            (false, held) => held >= 0 || self.slots[*slot] == -1,
        };
        if !slots.clone().all(|slot| free(&slot)) {
            return false;
        }
        for slot in slots {
            let (all, own) = (&mut shared.slots[slot], &mut self.slots[slot]);
            if alone || *own == 0 {
                release(all, own);
                *own = if alone { -1 } else { 1 };
                *all += *own;
            }
        }
        true
    }

    fn drop_slots(&mut self) {
        self.lock_slots(0..8, SQLITE_SHM_UNLOCK);
    }
}

fn release(shared: &mut i32, own: &mut i32) {
    *shared -= std::mem::take(own);
}
