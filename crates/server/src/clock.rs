//! Time as the server vouches for it (record rule 7): wall clock, watched against the monotonic one.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Wall clock in ms since 1970.
    fn wall(&self) -> u64;
    /// A clock that nobody sets, in ms; it goes on while the machine sleeps.
    fn monotonic(&self) -> u64;
}

/// The machine's clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }

    #[cfg(target_os = "linux")]
    fn monotonic(&self) -> u64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        now.tv_sec as u64 * 1000 + now.tv_nsec as u64 / 1_000_000
    }

    #[cfg(not(target_os = "linux"))]
    fn monotonic(&self) -> u64 {
        use std::sync::OnceLock;
        use std::time::Instant;
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_millis() as u64
    }
}

/// How far the clocks may come apart, in ms.
pub const MAX_JUMP: u64 = 5 * 60 * 1000;

/// The wall clock has jumped: no ordering until an administrator confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("clock.jumped")]
pub struct Jumped;

/// Watches one clock against the other.
pub struct Watch {
    last: Mutex<Reading>,
}

#[derive(Clone, Copy)]
struct Reading {
    wall: u64,
    monotonic: u64,
    /// How often an administrator had confirmed the clock when it was last right.
    confirmed: u64,
}

impl Watch {
    pub fn start(clock: &dyn Clock, confirmed: u64) -> Watch {
        let last = Reading { wall: clock.wall(), monotonic: clock.monotonic(), confirmed };
        Watch { last: Mutex::new(last) }
    }

    /// The time to order by. `newest` is the time of the record's newest entry; `confirmed` tells how often an
    /// administrator has confirmed the clock so far, and is asked only if it is in doubt.
    pub fn time<E>(
        &self,
        clock: &dyn Clock,
        newest: u64,
        confirmed: impl FnOnce() -> Result<u64, E>,
    ) -> Result<Result<u64, Jumped>, E> {
        let mut last = self.last.lock().expect("not poisoned");
        let (wall, monotonic) = (clock.wall(), clock.monotonic());
        let expected = last.wall + monotonic.saturating_sub(last.monotonic);
        // Behind the record: set back while the server was down.
        let behind = newest.saturating_sub(wall) > MAX_JUMP;
        if wall.abs_diff(expected) <= MAX_JUMP && !behind {
            // Small steps are followed, so that slewing over months is no jump.
            *last = Reading { wall, monotonic, ..*last };
            return Ok(Ok(wall));
        }
        let confirmed = confirmed()?;
        if confirmed == last.confirmed {
            return Ok(Err(Jumped));
        }
        if !behind {
            *last = Reading { wall, monotonic, confirmed };
        }
        Ok(Ok(wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (wall, monotonic)
    struct Set(Mutex<(u64, u64)>);

    impl Clock for Set {
        fn wall(&self) -> u64 {
            self.0.lock().unwrap().0
        }

        fn monotonic(&self) -> u64 {
            self.0.lock().unwrap().1
        }
    }

    fn at(clock: &Set, wall: u64, monotonic: u64) {
        *clock.0.lock().unwrap() = (wall, monotonic);
    }

    fn time(watch: &Watch, clock: &Set, newest: u64, confirmed: u64) -> Result<u64, Jumped> {
        watch.time(clock, newest, || Ok::<_, ()>(confirmed)).unwrap()
    }

    #[test]
    fn a_jump_stops_ordering_until_it_is_confirmed() {
        let clock = Set(Mutex::new((1_000_000, 0)));
        let watch = Watch::start(&clock, 7);
        at(&clock, 1_000_000 + MAX_JUMP, 0);
        assert_eq!(time(&watch, &clock, 0, 7), Ok(1_000_000 + MAX_JUMP));
        at(&clock, 9_000_000, 10);
        assert_eq!(time(&watch, &clock, 0, 7), Err(Jumped));
        at(&clock, 9_000_020, 30);
        assert_eq!(time(&watch, &clock, 0, 7), Err(Jumped), "it does not heal by itself");
        assert_eq!(time(&watch, &clock, 0, 8), Ok(9_000_020));
        at(&clock, 9_000_030, 40);
        assert_eq!(time(&watch, &clock, 0, 8), Ok(9_000_030));
        at(&clock, 1_000_000, 50);
        assert_eq!(time(&watch, &clock, 0, 8), Err(Jumped), "backwards too");
    }

    #[test]
    fn a_clock_behind_the_record_is_in_doubt() {
        let clock = Set(Mutex::new((1_000_000, 0)));
        let watch = Watch::start(&clock, 0);
        assert_eq!(time(&watch, &clock, 1_000_000 + MAX_JUMP, 0), Ok(1_000_000));
        assert_eq!(time(&watch, &clock, 1_000_001 + MAX_JUMP, 0), Err(Jumped));
        assert_eq!(time(&watch, &clock, 1_000_001 + MAX_JUMP, 1), Ok(1_000_000));
    }
}
