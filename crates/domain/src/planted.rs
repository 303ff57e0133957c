//! Bugs for the tests of the tests: the simulation, built with the feature `planted`, switches one on and must find it.
//! Without the feature, as in every program, the question is a constant no and leaves nothing behind.

#[cfg(feature = "planted")]
mod on {
    use std::sync::RwLock;

    static BUG: RwLock<&str> = RwLock::new("");

    /// Switches a bug on, and any other off; an empty name switches all off.
    pub fn plant(bug: &'static str) {
        *BUG.write().expect("nobody panics over it") = bug;
    }

    pub fn planted(bug: &str) -> bool {
        *BUG.read().expect("nobody panics over it") == bug
    }
}

#[cfg(feature = "planted")]
pub use on::{plant, planted};

#[cfg(not(feature = "planted"))]
#[inline(always)]
pub const fn planted(_: &str) -> bool {
    false
}
