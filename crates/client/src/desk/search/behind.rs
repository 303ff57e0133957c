//! Reads papers that have come, for the index: one page after the other, by a thread and a worker that stand behind all
//! others, and not while the person is reading.

use crate::client::Client;
use crate::desk::Desk;
use crate::desk::session::Session;
use crate::error::{Error, Result};
use crate::search::Placed;
use ecabinet_domain::{BodyId, RevId};
use ecabinet_pdf::{PageText, PdfError};
use ecabinet_protocol::ui::Topic;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// What wakes the thread and ends it, and when the person last asked for a page.
#[derive(Default)]
pub(in crate::desk) struct Behind {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    news: bool,
    over: bool,
    /// The person asked for a page.
    asked: Option<Instant>,
}

/// How long after the person has asked for a page the next one is read for the index.
const QUIET: Duration = Duration::from_millis(800);
/// Pages that are written at once: a crash costs no more.
const AT_ONCE: usize = 8;
/// A paper that cannot be read is tried so often in a session, and after so long: the machine may have been busy.
const ATTEMPTS: u32 = 3;
const AGAIN: Duration = Duration::from_secs(60);

impl Behind {
    fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There may be something new to read.
    pub fn ring(&self) {
        self.held().news = true;
        self.bell.notify_all();
    }

    /// The person is reading: he goes first.
    pub fn give_way(&self) {
        self.held().asked = Some(Instant::now());
    }

    pub fn end(&self) {
        self.held().over = true;
        self.bell.notify_all();
    }

    /// Waits until there is something new, or for a while if something is to be tried again; false when it is over.
    fn news(&self, again: bool) -> bool {
        let patience = if again { AGAIN } else { Duration::MAX };
        let idle = |state: &mut State| !state.news && !state.over;
        let waited = self.bell.wait_timeout_while(self.held(), patience, idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.news = false;
        !state.over
    }

    /// Waits until the person has asked for nothing for a moment; false when it is over.
    fn quiet(&self) -> bool {
        let mut state = self.held();
        loop {
            if state.over {
                return false;
            }
            let left = state.asked.map_or(Duration::ZERO, |asked| QUIET.saturating_sub(asked.elapsed()));
            if left.is_zero() {
                return true;
            }
            let waited = self.bell.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Desk {
    /// Begins to read for the index, until the session ends.
    pub(in crate::desk) fn read_behind(&self, session: &Arc<Session>) {
        let (desk, behind) = (self.this.clone(), session.behind.clone());
        let client = Arc::downgrade(&session.client);
        behind.ring();
        let run = move || {
            ecabinet_wall::stand_behind(None);
            let (mut failed, mut spoiled) = (HashMap::new(), false);
            while behind.news(spoiled || failed.values().any(|times| *times < ATTEMPTS)) {
                let read = read_all(&desk, &client, &behind, &mut failed);
                // Made again a while later: where the disk is full it would fail at once.
                spoiled = read.as_ref().is_err_and(super::is_spoiled);
                if let (true, Some(client)) = (spoiled, client.upgrade()) {
                    let _ = client.drop_index();
                }
            }
        };
        // Without it papers are read, but not found.
        let _ = std::thread::Builder::new().name("search".into()).spawn(run);
    }
}

fn read_all(
    desk: &Weak<Desk>,
    client: &Weak<Client>,
    behind: &Behind,
    failed: &mut HashMap<RevId, u32>,
) -> Result<()> {
    let Some(client) = client.upgrade() else { return Ok(()) };
    for body in client.bodies() {
        client.tidy_index(body)?;
        let read = {
            let row = client.with(body, |_, body| Ok(body.row.id))?;
            client.index()?.papers(row)?
        };
        for paper in client.on_agendas(body)? {
            if read.get(&paper.at).is_some_and(|read| read.is_whole())
                || failed.get(&paper.rev.rev).is_some_and(|times| *times >= ATTEMPTS)
            {
                continue;
            }
            if !behind.quiet() {
                return Ok(());
            }
            if !client.is_here(body, paper.rev)? {
                continue;
            }
            let Some(desk) = desk.upgrade() else { return Ok(()) };
            let from = read.get(&paper.at).map_or(0, |read| read.read);
            let tried = failed.get(&paper.rev.rev).copied().unwrap_or_default();
            let done = read_paper(&desk, &client, behind, body, paper, from, tried + 1 == ATTEMPTS);
            match done {
                Err(error) if super::is_spoiled(&error) => return Err(error),
                Err(_) => drop(failed.insert(paper.rev.rev, tried + 1)),
                Ok(()) => drop(failed.remove(&paper.rev.rev)),
            }
            desk.worker_behind.close(&paper.rev.rev.to_string());
            desk.shell.changed(&[Topic::Search]);
        }
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)]
fn read_paper(
    desk: &Desk,
    client: &Client,
    behind: &Behind,
    body: BodyId,
    placed: Placed,
    from: u32,
    for_the_last_time: bool,
) -> Result<()> {
    let source = Arc::new(client.paper(body, placed.rev)?);
    let paper =
        desk.worker_behind.open(&placed.rev.rev.to_string(), source).map_err(crate::desk::reader::pdf)?;
    let (index, pages) = (client.index()?, paper.info().pages.len() as u32);
    let (mut first, mut texts) = (from, Vec::new());
    let mut going = true;
    while going && first + (texts.len() as u32) < pages {
        going = behind.quiet();
        if going {
            texts.push(words_of(paper.text(first + texts.len() as u32), for_the_last_time)?);
        }
        let at_end = first + texts.len() as u32 == pages;
        if !texts.is_empty() && (texts.len() == AT_ONCE || at_end || !going) {
            index.add(placed.at, placed.rev.rev, pages, first, &texts)?;
            // It may have been erased, or its body left, while it was read: whoever did that found nothing to take out yet.
            if !client.is_kept(body, placed).unwrap_or(false) {
                return Ok(index.forget(&[placed.at])?);
            }
            first += texts.len() as u32;
            texts.clear();
        }
    }
    Ok(())
}

/// A page that is broken has nothing to find, and the others still have. One that could not be read just now is read again;
/// in the end it is left out.
fn words_of(page: std::result::Result<PageText, PdfError>, for_the_last_time: bool) -> Result<String> {
    match page {
        Ok(page) => Ok(page.text),
        Err(PdfError::Truncated(_) | PdfError::PageMissing { .. } | PdfError::Size { .. }) => {
            Ok(String::new())
        }
        Err(PdfError::Timeout | PdfError::Crashed(_)) if for_the_last_time => Ok(String::new()),
        Err(error) => Err(Error::new(error.code()).with("detail", error)),
    }
}
