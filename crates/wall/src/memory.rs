//! Memory that is mapped: what a worker draws and its parent sees, and files of which only some pages are ever read.
//!
//! [`Shared`] is for what is too long for a socket. The parent makes it and gives it to one worker for good, as its standard
//! output; the worker maps it before the wall is raised. Its length is sealed: neither side can shrink it under the other's
//! hands. The worker can write to it at any time, so the parent takes a copy of what it was told is there, and looks at
//! nothing but the copy.
//!
//! Linux only: elsewhere nothing is shared, the socket has to do, and files are read.

pub use of_system::{FileView, Mapped, Shared};

#[cfg(target_os = "linux")]
mod of_system {
    use rustix::fs::{
        MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create,
    };
    use std::fs::File;
    use std::io;
    use std::ops::{Deref, DerefMut};
    use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
    use std::process::Stdio;
    use std::ptr::NonNull;

    const SEALED: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW).union(SealFlags::SEAL);

    /// The parent's side.
    pub struct Shared {
        memory: File,
        region: Region,
    }

    impl Shared {
        /// Takes no memory before it is written to.
        pub fn made(len: usize) -> io::Result<Shared> {
            let memory = File::from(memfd_create("worker", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
            ftruncate(&memory, len as u64)?;
            fcntl_add_seals(&memory, SEALED)?;
            let region = Region::of(memory.as_fd(), len, libc::PROT_READ, libc::MAP_SHARED)?;
            Ok(Shared { memory, region })
        }

        /// For the worker's standard output.
        pub fn given(&self) -> io::Result<Stdio> {
            Ok(self.memory.try_clone()?.into())
        }

        /// The first bytes as they are now; none if it is shorter.
        #[expect(
            unsafe_code,
            reason = "copied by the pointer, since another process may write meanwhile; the length is checked"
        )]
        pub fn copied(&self, len: usize) -> Option<Vec<u8>> {
            if len > self.region.len {
                return None;
            }
            let mut bytes = Vec::with_capacity(len);
            unsafe {
                std::ptr::copy_nonoverlapping(self.region.start.as_ptr(), bytes.as_mut_ptr(), len);
                bytes.set_len(len);
            }
            Some(bytes)
        }
    }

    /// The worker's side.
    pub struct Mapped(Region);

    impl Mapped {
        /// What the parent gave as standard output, if it is such memory of that length. Its descriptor is let go.
        #[expect(
            unsafe_code,
            reason = "std offers no call that puts another file in the place of standard output"
        )]
        pub fn found(len: usize) -> Option<Mapped> {
            let mapped = Mapped::of(io::stdout().as_fd(), len)?;
            let nothing = File::options().write(true).open("/dev/null").ok()?;
            let replaced = unsafe { libc::dup2(nothing.as_raw_fd(), libc::STDOUT_FILENO) };
            (replaced == libc::STDOUT_FILENO).then_some(mapped)
        }

        fn of(memory: BorrowedFd, len: usize) -> Option<Mapped> {
            let sealed = fcntl_get_seals(memory).is_ok_and(|seals| seals.contains(SEALED));
            let sized = fstat(memory).is_ok_and(|stat| u64::try_from(stat.st_size) == Ok(len as u64));
            if !sealed || !sized {
                return None;
            }
            let protection = libc::PROT_READ | libc::PROT_WRITE;
            Region::of(memory, len, protection, libc::MAP_SHARED).ok().map(Mapped)
        }
    }

    #[expect(unsafe_code, reason = "mapped with this length until it is dropped; the parent only reads")]
    impl Deref for Mapped {
        type Target = [u8];

        fn deref(&self) -> &[u8] {
            unsafe { std::slice::from_raw_parts(self.0.start.as_ptr(), self.0.len) }
        }
    }

    #[expect(unsafe_code, reason = "as above")]
    impl DerefMut for Mapped {
        fn deref_mut(&mut self) -> &mut [u8] {
            unsafe { std::slice::from_raw_parts_mut(self.0.start.as_ptr(), self.0.len) }
        }
    }

    /// A file's bytes; what is not looked at is not read. For files that are replaced and never written in place: whoever
    /// looks at one that was cut off meanwhile is ended.
    pub struct FileView(Region);

    impl FileView {
        pub fn of(file: &File) -> io::Result<FileView> {
            let len = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
            Region::of(file.as_fd(), len, libc::PROT_READ, libc::MAP_PRIVATE).map(FileView)
        }
    }

    #[expect(
        unsafe_code,
        reason = "mapped with this length until it is dropped; nobody writes to such files"
    )]
    impl Deref for FileView {
        type Target = [u8];

        fn deref(&self) -> &[u8] {
            unsafe { std::slice::from_raw_parts(self.0.start.as_ptr(), self.0.len) }
        }
    }

    struct Region {
        start: NonNull<u8>,
        len: usize,
    }

    #[expect(unsafe_code, reason = "it is memory that it alone unmaps, whichever thread has it")]
    unsafe impl Send for Region {}

    #[expect(unsafe_code, reason = "as above; who has only `&` of it reads")]
    unsafe impl Sync for Region {}

    impl Region {
        #[expect(unsafe_code, reason = "no crate in use maps files; a new mapping touches nothing else")]
        fn of(file: BorrowedFd, len: usize, protection: i32, kind: i32) -> io::Result<Region> {
            let start =
                unsafe { libc::mmap(std::ptr::null_mut(), len, protection, kind, file.as_raw_fd(), 0) };
            if start == libc::MAP_FAILED {
                return Err(io::Error::last_os_error());
            }
            let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::InvalidInput)?;
            Ok(Region { start, len })
        }
    }

    #[expect(unsafe_code, reason = "all that was lent of it is gone with it")]
    impl Drop for Region {
        fn drop(&mut self) {
            unsafe { libc::munmap(self.start.as_ptr().cast(), self.len) };
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::io::Write;

        #[test]
        fn what_one_side_writes_the_other_reads_and_neither_changes_its_length() {
            let shared = Shared::made(10_000).unwrap();
            let mut mapped = Mapped::of(shared.memory.as_fd(), 10_000).unwrap();
            mapped[..3].copy_from_slice(b"abc");
            mapped[9_999] = b'z';
            assert_eq!(shared.copied(4).unwrap(), b"abc\0");
            assert_eq!(shared.copied(10_000).unwrap().last(), Some(&b'z'));
            assert_eq!(shared.copied(10_001), None);
            let memory = &shared.memory;
            assert!(memory.set_len(5_000).is_err() && memory.set_len(20_000).is_err());
        }

        #[test]
        fn nothing_else_is_taken_for_it() {
            let shared = Shared::made(10_000).unwrap();
            assert!(Mapped::of(shared.memory.as_fd(), 9_999).is_none());
            let open = memfd_create("open", MemfdFlags::ALLOW_SEALING).unwrap();
            ftruncate(&open, 10_000).unwrap();
            assert!(Mapped::of(open.as_fd(), 10_000).is_none());
            assert!(Mapped::of(File::open("/dev/null").unwrap().as_fd(), 0).is_none());
        }

        #[test]
        fn a_file_is_seen_whole() {
            let mut file = File::from(memfd_create("file", MemfdFlags::empty()).unwrap());
            file.write_all(b"letters").unwrap();
            assert_eq!(&*FileView::of(&file).unwrap(), b"letters");
            assert!(FileView::of(&File::open("/dev/null").unwrap()).is_err(), "an empty one is no view");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod of_system {
    use std::convert::Infallible;
    use std::fs::File;
    use std::io::{self, Read};
    use std::ops::{Deref, DerefMut};
    use std::process::Stdio;

    /// There is none on this system.
    pub struct Shared(Infallible);

    impl Shared {
        pub fn made(_: usize) -> io::Result<Shared> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub fn given(&self) -> io::Result<Stdio> {
            match self.0 {}
        }

        pub fn copied(&self, _: usize) -> Option<Vec<u8>> {
            match self.0 {}
        }
    }

    /// There is none on this system.
    pub struct Mapped(Infallible);

    impl Mapped {
        pub fn found(_: usize) -> Option<Mapped> {
            None
        }
    }

    impl Deref for Mapped {
        type Target = [u8];

        fn deref(&self) -> &[u8] {
            match self.0 {}
        }
    }

    impl DerefMut for Mapped {
        fn deref_mut(&mut self) -> &mut [u8] {
            match self.0 {}
        }
    }

    /// A file's bytes.
    pub struct FileView(Vec<u8>);

    impl FileView {
        pub fn of(mut file: &File) -> io::Result<FileView> {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(FileView(bytes))
        }
    }

    impl Deref for FileView {
        type Target = [u8];

        fn deref(&self) -> &[u8] {
            &self.0
        }
    }
}
