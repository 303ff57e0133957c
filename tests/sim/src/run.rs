//! Many stories, on as many threads as there are processors.

use crate::cast::Cast;
use crate::story::{Ended, tell};
use std::fmt;
use std::ops::Range;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What came of many stories.
#[derive(Debug, Default)]
pub struct Ran {
    pub stories: u64,
    pub events: u64,
    pub failed: u64,
    pub took: Duration,
}

impl fmt::Display for Ran {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let rate = self.stories as f64 / self.took.as_secs_f64().max(0.001);
        let Ran { stories, events, failed, .. } = self;
        write!(out, "{stories} stories, {events} events, {failed} wrong, {rate:.0} stories/s")
    }
}

/// Tells the stories of seeds until `each`, which hears of every one, says false. A panic is told as what was wrong.
pub fn seeds(range: Range<u64>, each: impl Fn(u64, &Ended) -> bool + Sync) -> Ran {
    let begun = Instant::now();
    let threads = std::env::var("SIM_THREADS").ok().and_then(|count| count.parse().ok());
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    // A story that went wrong is told by its seed, not by a trace on the screen.
    std::panic::set_hook(Box::new(|_| {}));
    let next = Mutex::new((range, Ran::default()));
    let cast = Cast::found();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(seed) = next.lock().expect("whole").0.next() else { break };
                    let ended = tell(&cast, seed, false);
                    let go_on = each(seed, &ended);
                    let (range, ran) = &mut *next.lock().expect("whole");
                    ran.stories += 1;
                    ran.events += ended.events as u64;
                    ran.failed += u64::from(ended.wrong.is_some());
                    if !go_on {
                        range.start = range.end;
                    }
                }
            });
        }
    });
    let _ = std::panic::take_hook();
    let ran = next.into_inner().expect("whole").1;
    Ran { took: begun.elapsed(), ..ran }
}
