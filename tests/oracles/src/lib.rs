//! What must hold of any bytes that a program is given: each target panics where it does not. The fuzz targets feed them
//! with what the fuzzer makes, the test feeds them with what it has kept (`fuzz/corpus`).

mod answer;
mod export;
mod frames;
mod header;
mod invitation;
mod known;
mod leaf;
mod manifest;
mod notes;
mod payload;
mod pdf;
mod plain;
pub mod seeds;
mod sound;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory that most inputs may take, in bytes, and for each of its bytes: a byte of JSON may become a value of 32, in a list
/// that grows by doubling. What claims to be long takes no more than what it brings.
const BASE: usize = 8 << 20;
const FOR_A_BYTE: usize = 200;

/// Of a PDF more: its streams are unpacked, each at most 64 MB. The programs that do so have a limit of their own.
const UNPACKED: usize = 1 << 30;

/// Something that reads bytes from elsewhere.
pub struct Target {
    pub name: &'static str,
    /// Memory that any input may take, in bytes.
    base: usize,
    read: fn(&[u8]),
}

pub const TARGETS: &[Target] = &[
    Target { name: "header", base: BASE, read: header::read },
    Target { name: "leaf", base: BASE, read: leaf::read },
    Target { name: "payload", base: BASE, read: payload::read },
    Target { name: "checkpoint", base: BASE, read: notes::checkpoint },
    Target { name: "receipt", base: BASE, read: notes::receipt },
    Target { name: "export", base: BASE, read: export::read },
    Target { name: "manifest", base: BASE, read: manifest::read },
    Target { name: "frames", base: BASE, read: frames::read },
    Target { name: "invitation", base: BASE, read: invitation::read },
    Target { name: "answer", base: BASE, read: answer::read },
    Target { name: "pdf", base: UNPACKED, read: pdf::read },
];

impl Target {
    /// The target of this name.
    ///
    /// # Panics
    /// There is none.
    pub fn named(name: &str) -> &'static Target {
        TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("no target {name}"))
    }

    /// Reads the bytes, on one thread of the process.
    ///
    /// # Panics
    /// Something does not hold, or it took memory far beyond the input.
    pub fn look(&self, bytes: &[u8]) {
        // What is read once for all inputs is not counted.
        known::known();
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        (self.read)(bytes);
        let taken = MEMORY.peak_usage().saturating_sub(before);
        let allowed = self.base + FOR_A_BYTE * bytes.len();
        assert!(taken <= allowed, "{}: {} bytes took {taken} bytes of memory", self.name, bytes.len());
    }
}
