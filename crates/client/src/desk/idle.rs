//! Locks when nobody has used the program for as long as its person has set. The interface only tells of use: a web view
//! that hangs, or whose timers stand still, cannot keep the vault open.

use super::Desk;
use crate::env::Env;
use std::sync::{Mutex, Weak};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

#[derive(Default)]
pub(super) struct Idle {
    last: Mutex<Option<Use>>,
    watch: Mutex<Option<JoinHandle<()>>>,
}

/// When the program was last used: by a clock that nobody sets, and by one that goes on while the machine sleeps.
#[derive(Clone, Copy)]
struct Use {
    at: Instant,
    /// ms since 1970.
    time: u64,
}

/// How often to look. After the machine's sleep it is the longest that an open vault could be seen.
const LOOK: Duration = Duration::from_secs(2);

impl Idle {
    pub fn used(&self, env: &Env) {
        *held(&self.last) = Some(Use { at: Instant::now(), time: env.clock.now() });
    }

    /// Begins to count; ends with the session or the desk.
    pub fn watch(&self, desk: &Desk) {
        self.used(&desk.env);
        let watch = tokio::spawn(look(desk.this.clone()));
        if let Some(former) = held(&self.watch).replace(watch) {
            former.abort();
        }
    }

    fn since(&self, env: &Env) -> Duration {
        let last = *held(&self.last);
        last.map_or(Duration::ZERO, |last| {
            let slept = Duration::from_millis(env.clock.now().saturating_sub(last.time));
            last.at.elapsed().max(slept)
        })
    }
}

async fn look(desk: Weak<Desk>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(desk) = desk.upgrade() else { return };
        if desk.held().is_none() {
            return;
        }
        let minutes = u64::from(desk.settings().lock_after_minutes);
        if minutes > 0 && desk.idle.since(&desk.env) >= Duration::from_secs(60 * minutes) {
            return desk.lock();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
