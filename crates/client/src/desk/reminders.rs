//! Reminders of opinion forms, before they are due and after, by the body's settings; each is given once on this device. When
//! the program is locked, or was not unlocked since the start, times alone are known: then it is said that something is due.

mod book;
mod stages;

pub(super) use stages::{Stage, stages};

use super::Desk;
use super::forms::{FormHere, asks_again};
use super::session::Session;
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::vault::Vault;
use book::{Book, Coming};
use ecabinet_protocol::content::Deadlines;
use ecabinet_protocol::ui::*;
use ecabinet_record::hash::sha256;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(1);
/// So often they are looked for anew, whatever has changed.
const ANEW: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Reminders {
    book: Mutex<Option<Book>>,
    /// Those that the interface was told of.
    told: Mutex<Vec<String>>,
}

/// A form that waits for somebody's answer.
struct Waiting {
    form: RemindedForm,
    stages: Vec<(String, Stage)>,
}

/// What a session was looked through for.
struct Looked {
    session: Weak<Session>,
    changes: Receiver<Changed>,
    at: Instant,
}

impl Desk {
    /// Looks for reminders for as long as the desk is there.
    pub fn watch_reminders(self: &Arc<Self>) {
        let desk = Arc::downgrade(self);
        std::thread::spawn(move || {
            let mut looked = None;
            while let Some(desk) = desk.upgrade() {
                // What fails now is tried again at the next look.
                let _ = desk.look_for_reminders(&mut looked);
                drop(desk);
                std::thread::sleep(LOOK);
            }
        });
    }

    fn look_for_reminders(&self, looked: &mut Option<Looked>) -> Result<()> {
        let session = self.held().clone();
        // One that has ended for good keeps nothing any more.
        let session = session.filter(|session| session.client.ended().is_none());
        if session.is_none() && !Client::exists(&self.home, &self.env) {
            // Nothing is left of what there was: neither are its times.
            *lock(&self.reminders.book) = None;
            return Ok(());
        }
        if let Some(session) = &session
            && is_stale(looked, session)
        {
            let at = Instant::now();
            *looked =
                Some(Looked { session: Arc::downgrade(session), changes: session.client.subscribe(), at });
            let waiting = self.waiting_forms()?;
            let coming = waiting.iter().flat_map(|waiting| &waiting.stages);
            let coming = coming.map(|(key, stage)| Coming { key: key.clone(), stage: *stage }).collect();
            self.with_book(|book| book.expect(coming))?;
        }
        let due: Vec<String> = {
            let now = self.env.clock.now();
            self.with_book(|book| Ok(book.due(now).into_iter().map(|coming| coming.key.clone()).collect()))?
        };
        let mut told = lock(&self.reminders.told);
        if due.iter().any(|key| !told.contains(key)) {
            self.shell.changed(&[Topic::Reminders]);
        }
        *told = due;
        Ok(())
    }

    /// What is to be given now.
    pub(super) fn due_reminders(&self) -> Result<Vec<Reminder>> {
        let now = self.env.clock.now();
        let due: Vec<Coming> =
            self.with_book(|book| Ok(book.due(now).into_iter().cloned().collect::<Vec<_>>()))?;
        let waiting =
            if due.is_empty() || self.held().is_none() { Vec::new() } else { self.waiting_forms()? };
        let named = |key: &str| {
            let mut of = waiting.iter().filter(|of| of.stages.iter().any(|(known, _)| known == key));
            of.next().map(|of| of.form.clone())
        };
        Ok(due
            .into_iter()
            .map(|coming| Reminder {
                what: named(&coming.key),
                overdue: coming.stage.overdue,
                key: coming.key,
            })
            .collect())
    }

    /// Shows it, and remembers that it was shown.
    pub(super) fn give(&self, args: &GiveReminder) -> Result<()> {
        if args.named && self.held().is_none() {
            return Err(Error::new("vault.locked"));
        }
        let now = self.env.clock.now();
        self.with_book(|book| {
            if !book.due(now).iter().any(|coming| coming.key == args.key) {
                return Ok(());
            }
            self.shell.notify(&args.title, &args.text)?;
            book.give(&args.key)
        })
    }

    fn waiting_forms(&self) -> Result<Vec<Waiting>> {
        let client = self.client()?;
        let now = self.env.clock.now();
        let mut all = Vec::new();
        for body in client.bodies() {
            let waiting = client.with(body, |vault, body| waiting(vault, body, now));
            // A body that is not here yet has none.
            all.extend(waiting.unwrap_or_default());
        }
        Ok(all)
    }

    fn with_book<T>(&self, work: impl FnOnce(&mut Book) -> Result<T>) -> Result<T> {
        let mut book = lock(&self.reminders.book);
        work(book.get_or_insert_with(|| Book::open(&self.home)))
    }
}

/// Whether a session must be looked through again.
fn is_stale(looked: &mut Option<Looked>, session: &Arc<Session>) -> bool {
    let Some(looked) = looked else { return true };
    let mut stale = looked.at.elapsed() > ANEW || looked.session.as_ptr() != Arc::as_ptr(session);
    loop {
        match looked.changes.try_recv() {
            Ok(Changed::Record | Changed::Outbox | Changed::Notes) | Err(TryRecvError::Lagged(_)) => {
                stale = true
            }
            Ok(_) => {}
            Err(_) => return stale,
        }
    }
}

/// Forms that wait for this person's answer, or for the answer of somebody for whom he prepares.
fn waiting(vault: &Vault, body: &Body, now: u64) -> Result<Vec<Waiting>> {
    let deadlines = body.genesis(vault)?.deadlines;
    let mut all = Vec::new();
    for here in FormHere::all(vault, body)? {
        let Some(due) = here.poll.closes.filter(|_| here.poll.is_open() && !here.poll.is_over(now)) else {
            continue;
        };
        let row = here.row(vault, body)?;
        let own = (row.asks_me && asks_again(row.own)).then_some(None);
        let of_others = row.drafts.iter().filter(|draft| draft.stage != DraftStage::Answered);
        let of_others = of_others.filter_map(|draft| draft.name.clone()).map(Some);
        for whom in own.into_iter().chain(of_others) {
            let key = |stage: &Stage| key_of(body, &row.form, whom.as_deref(), due, stage);
            let stages = stages(due, row.hard, &deadlines);
            all.push(Waiting {
                stages: stages.into_iter().map(|stage| (key(&stage), stage)).collect(),
                form: RemindedForm { number: row.number.clone(), due, whom },
            });
        }
    }
    Ok(all)
}

/// Whether a form that is due then is to be pointed out now.
pub(super) fn is_soon(due: u64, hard: bool, deadlines: &Deadlines, now: u64) -> bool {
    stages(due, hard, deadlines).iter().any(|stage| stage.is_on(now))
}

/// Names a reminder and says nothing of it.
fn key_of(body: &Body, form: &str, whom: Option<&str>, due: u64, stage: &Stage) -> String {
    let text = format!("ecabinet/v1/reminder\n{}\n{form}\n{whom:?}\n{due}\n{}", body.row.body, stage.from);
    sha256(text.as_bytes()).to_string()[..32].to_owned()
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
