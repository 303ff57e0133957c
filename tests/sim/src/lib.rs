//! Deterministic simulation: the real client and server, in one process, with a clock, dice, disks and a network that
//! are all the story's. One seed is one story; the same seed is the same story. An oracle of its own (`model`) says
//! what must hold.

mod asked;
mod cast;
mod check;
mod dice;
mod disk;
#[cfg(test)]
mod handover;
mod line;
mod model;
mod run;
mod story;
mod vfs;
mod world;

pub use cast::Cast;
pub use run::{Ran, seeds};
pub use story::{Ended, tell};
