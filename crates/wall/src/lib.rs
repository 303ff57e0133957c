//! What keeps a process to itself: no core dumps, keys out of swap and wiped, workers that reach nothing.
//!
//! Each measure is there "where the system allows": on Linux all of them; elsewhere what is said at each.

pub mod memory;
mod priority;
mod process;
mod secret;
pub mod worker;

pub use priority::stand_behind;
pub use process::{Apart, keep_apart};
pub use secret::Secret;

/// The allocator of every program that holds keys or papers: what is freed is wiped. It covers the program's own heap,
/// not that of C libraries (SQLCipher wipes its own, by a pragma) nor the web view's processes.
pub type Wiping = zeroizing_alloc::ZeroAlloc<std::alloc::System>;

pub const WIPING: Wiping = zeroizing_alloc::ZeroAlloc(std::alloc::System);
