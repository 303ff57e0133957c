//! What a person says about downloads while they run: pause, and which paper he opens now.

use ecabinet_domain::PaperId;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Default)]
pub struct Downloads {
    paused: AtomicBool,
    /// Whether this process has looked that no chunk's file is lost.
    pub(crate) looked: AtomicBool,
    first: Mutex<Option<PaperId>>,
}

impl Downloads {
    pub fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::Relaxed);
    }

    pub fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// The paper that jumps the queue.
    pub fn open(&self, paper: PaperId) {
        *self.first.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(paper);
    }

    pub fn first(&self) -> Option<PaperId> {
        *self.first.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
