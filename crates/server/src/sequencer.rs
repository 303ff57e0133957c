//! One sequencer per body and server: it puts statements in order and answers once they are durable.
//!
//! It admits against its own replica, `ahead`, which takes each statement in as soon as it is admitted, so that the
//! cost of a statement does not grow with the record. Readers see `settled`, which takes entries in after the store has
//! them. Whatever goes wrong (the store failed, another server was first, the middle of a `together` request was
//! refused) is undone in one way: `ahead` becomes a copy of `settled` again.

use crate::core::{Core, Work};
use crate::healing;
use crate::offer::Offered;
use crate::settled::{self, Fault, Settled};
use crate::store::{Append, Head, NewEntry, Step, StoreError, Waits};
use ecabinet_domain::act::HandsEnter;
use ecabinet_domain::planted::planted;
use ecabinet_domain::{Act, HandsPayload, Poll, PositionPayload, Refusal, StatementId};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{ChunkName, ChunkRef};
use ecabinet_protocol::sync::{Answer, HandBack, SubmitAnswer, Submitted};
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Admission, Admitted, Entry, Replica};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// Requests that may wait.
const QUEUE: usize = 1024;
/// Statements that go into one commit, if they wait.
const BATCH: usize = 256;
/// Times that other servers may be first before a request is turned away.
const ATTEMPTS: usize = 50;

/// The way into a body's sequencer, which lives as long as somebody holds it.
pub(crate) enum Queue {
    /// To its thread.
    Thread(SyncSender<Task>),
    Here(Box<Mutex<Sequencer>>),
}

pub(crate) enum Task {
    Order(Job),
    TakeBack(HandBack, oneshot::Sender<Answer<()>>),
}

pub(crate) struct Job {
    offers: Vec<Offered>,
    together: bool,
    reply: oneshot::Sender<Answer<SubmitAnswer>>,
}

impl Queue {
    pub(crate) fn start(core: Arc<Core>, settled: Arc<Settled>) -> Queue {
        let ahead = settled.read().clone();
        let work = core.work;
        let sequencer = Sequencer { core, settled, ahead };
        if work == Work::Here {
            return Queue::Here(Box::new(Mutex::new(sequencer)));
        }
        let (sender, jobs) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sequencer".into())
            .spawn(move || sequencer.run(jobs))
            .expect("threads can be made");
        Queue::Thread(sender)
    }

    pub(crate) async fn submit(&self, offers: Vec<Offered>, together: bool) -> Answer<SubmitAnswer> {
        self.ask(|reply| Task::Order(Job { offers, together, reply })).await
    }

    /// Takes back entries that a restored server has lost.
    pub(crate) async fn take_back(&self, back: HandBack) -> Answer<()> {
        self.ask(|reply| Task::TakeBack(back, reply)).await
    }

    async fn ask<T>(&self, task: impl FnOnce(oneshot::Sender<Answer<T>>) -> Task) -> Answer<T> {
        let (reply, answer) = oneshot::channel();
        let task = task(reply);
        match self {
            Queue::Here(sequencer) => sequencer.lock().expect("not poisoned").work(task),
            Queue::Thread(tasks) => tasks.try_send(task).map_err(|error| match error {
                TrySendError::Full(_) => ApiError::new("server.busy"),
                TrySendError::Disconnected(_) => ApiError::new("server.stopped"),
            })?,
        }
        answer.await.map_err(|_| ApiError::new("server.stopped"))?
    }
}

pub(crate) struct Sequencer {
    pub(crate) core: Arc<Core>,
    pub(crate) settled: Arc<Settled>,
    pub(crate) ahead: Replica,
}

/// What one commit will hold.
#[derive(Default)]
struct Batch {
    entries: Vec<NewEntry>,
    /// The same, as they are taken in.
    admitted: Vec<Admitted>,
    erase: Vec<u64>,
}

enum Verdict {
    Stands(StatementId, u64),
    Refused(StatementId, Refusal, u64),
}

impl Sequencer {
    fn run(mut self, tasks: Receiver<Task>) {
        let mut next = None;
        while let Some(task) = next.take().or_else(|| tasks.recv().ok()) {
            let mut drained = match task {
                Task::Order(first) => vec![first],
                other => {
                    self.work(other);
                    continue;
                }
            };
            while drained.iter().map(|job| job.offers.len()).sum::<usize>() < BATCH
                && let Ok(task) = tasks.try_recv()
            {
                match task {
                    Task::Order(job) => drained.push(job),
                    other => {
                        next = Some(other);
                        break;
                    }
                }
            }
            self.send_answers(drained);
        }
    }

    fn work(&mut self, task: Task) {
        match task {
            Task::Order(job) => self.send_answers(vec![job]),
            Task::TakeBack(back, reply) => drop(reply.send(self.take_back(&back))),
        }
    }

    fn send_answers(&mut self, jobs: Vec<Job>) {
        let answers = self.answer(&jobs);
        for (job, answer) in jobs.into_iter().zip(answers) {
            // Who asked may have gone; it stands all the same.
            let _ = job.reply.send(answer);
        }
    }

    /// An answer for each job. While the record waits for what it has lost, nothing is ordered but what gives that up.
    fn answer(&mut self, jobs: &[Job]) -> Vec<Answer<SubmitAnswer>> {
        let (head, waits) = match self.look() {
            Ok(found) => found,
            Err(error) => return jobs.iter().map(|_| Err(Fault::from(error.clone()).into())).collect(),
        };
        if waits == Waits::default() {
            return match self.order(jobs, Step::Usual, head) {
                Ok(answers) => answers.into_iter().map(Ok).collect(),
                Err(error) => jobs.iter().map(|_| Err(error.clone())).collect(),
            };
        }
        let one = |job: &Job| match &waits.awaited {
            Some(awaited) if healing::gives_up(&job.offers, job.together, awaited) => self
                .order(std::slice::from_ref(job), Step::NewEpoch(awaited.size), head)
                .map(|mut one| one.remove(0)),
            awaited => Err(Fault::from(StoreError::Held(awaited.as_ref().map(|note| note.size))).into()),
        };
        jobs.iter().map(one).collect()
    }

    /// Where the store is, and why nothing is ordered.
    fn look(&self) -> Result<(Head, Waits), StoreError> {
        let (head, waits) = self.settled.store.look(self.settled.body)?;
        Ok((head, if waits { self.waits()? } else { Waits::default() }))
    }

    /// Why nothing is ordered; a hold whose time is over is none.
    fn waits(&self) -> Result<Waits, StoreError> {
        let (store, body) = (&self.settled.store, self.settled.body);
        let mut waits = store.waits(body)?;
        if waits.hold.is_some() && !waits.held_at(self.core.now()) {
            store.release(body)?;
            tracing::info!(%body, "the hold after a restore is over");
            waits.hold = None;
        }
        Ok(waits)
    }

    /// Orders on top of `from`, where the store was seen to be, or of what another server has put there since.
    fn order(&mut self, jobs: &[Job], step: Step, mut from: Head) -> Answer<Vec<SubmitAnswer>> {
        for _ in 0..ATTEMPTS {
            let fault = match self.attempt(jobs, step, from) {
                Ok(answers) => return Ok(answers),
                Err(fault) => fault,
            };
            self.ahead = self.settled.read().clone();
            match fault {
                Fault::Store(StoreError::Conflict(now)) => from = now,
                fault => {
                    tracing::warn!(body = %self.settled.body, %fault, "nothing ordered");
                    return Err(fault.into());
                }
            }
        }
        Err(ApiError::new("server.busy"))
    }

    fn attempt(&mut self, jobs: &[Job], step: Step, from: Head) -> Result<Vec<SubmitAnswer>, Fault> {
        self.align_with(from)?;
        let now = self.core.order_time(self.ahead.last_time())?;
        let mut batch = Batch::default();
        let verdicts =
            jobs.iter().map(|job| self.judge(job, now, &mut batch)).collect::<Result<Vec<_>, _>>()?;
        if !batch.entries.is_empty() {
            let root = self.ahead.tree().root();
            let append = Append { from, entries: &batch.entries, root, erase: &batch.erase, step };
            let stored = self.settled.store.append(self.settled.body, &append);
            if !planted("sequencer.answers_unstored") {
                stored?;
            }
            self.settled.take(&batch.admitted)?;
            self.core.metrics.appended.fetch_add(batch.entries.len() as u64, Ordering::Relaxed);
        }
        let replica = self.settled.read();
        let note = self.settled.checkpoint(&replica, replica.size(), &self.core.keys)?.note;
        let answer = |verdicts: Vec<Verdict>| -> Result<SubmitAnswer, Fault> {
            let outcomes = verdicts.into_iter().map(|verdict| self.outcome(&replica, verdict, now));
            Ok(SubmitAnswer { outcomes: outcomes.collect::<Result<_, _>>()?, checkpoint: note.clone() })
        };
        verdicts.into_iter().map(answer).collect()
    }

    /// Brings both replicas to where the store is.
    pub(crate) fn align(&mut self) -> Result<Head, Fault> {
        let head = self.settled.store.head(self.settled.body)?;
        self.align_with(head)?;
        Ok(head)
    }

    fn align_with(&mut self, head: Head) -> Result<(), Fault> {
        self.settled.catch_up_with(head)?;
        settled::extend(&*self.settled.store, self.settled.body, &mut self.ahead, head)
    }

    /// Judges one request and puts what may stand into the batch.
    fn judge(&mut self, job: &Job, now: u64, batch: &mut Batch) -> Result<Vec<Verdict>, Fault> {
        let (entries, erase) = (batch.entries.len(), batch.erase.len());
        let mut verdicts = Vec::with_capacity(job.offers.len());
        for (at, offered) in job.offers.iter().enumerate() {
            let rescued = job.together && healing::rescues(&job.offers, at);
            let verdict = self.admit(offered, rescued, now, batch)?;
            let refused = matches!(verdict, Verdict::Refused(..));
            verdicts.push(verdict);
            if refused && job.together {
                self.undo(batch, entries, erase)?;
                return Ok(self.none_stands(job, verdicts));
            }
        }
        Ok(verdicts)
    }

    /// Takes the last entries out of the batch again.
    fn undo(&mut self, batch: &mut Batch, entries: usize, erase: usize) -> Result<(), Fault> {
        if batch.entries.len() > entries {
            batch.entries.truncate(entries);
            batch.admitted.truncate(entries);
            batch.erase.truncate(erase);
            self.ahead = self.settled.read().clone();
            if !batch.admitted.iter().all(|admitted| self.ahead.stand(admitted)) {
                // What another server has put there was read meanwhile: all is tried again on top of it.
                let now = self.settled.store.head(self.settled.body)?;
                return Err(StoreError::Conflict(now).into());
            }
        }
        Ok(())
    }

    /// The outcomes of a `together` request whose last verdict so far is a refusal.
    fn none_stands(&self, job: &Job, mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
        let size = self.ahead.size();
        let refused = verdicts.pop();
        let at = verdicts.len();
        let other = |offered: &Offered| {
            let id = offered.looked.id();
            match self.ahead.position(id) {
                Some(index) => Verdict::Stands(id, index),
                None => Verdict::Refused(id, Refusal::new("request.together"), size),
            }
        };
        let mut all: Vec<Verdict> = job.offers.iter().map(other).collect();
        if let Some(Verdict::Refused(id, refusal, _)) = refused {
            all[at] = Verdict::Refused(id, refusal, size);
        }
        all
    }

    /// `rescued`: the printed key's statement in the same request is right before it.
    fn admit(
        &mut self,
        offered: &Offered,
        rescued: bool,
        now: u64,
        batch: &mut Batch,
    ) -> Result<Verdict, Fault> {
        let id = offered.looked.id();
        let refused = |refusal, size| Ok(Verdict::Refused(id, refusal, size));
        let size = self.ahead.size();
        let (admitted, leaf) = match self.ahead.admit(&offered.looked, now) {
            Ok(Admission::New(admitted, leaf)) => (*admitted, leaf),
            Ok(Admission::Known(index)) => return Ok(Verdict::Stands(id, index)),
            Err(refusal) => return refused(refusal, size),
        };
        let entry = &admitted.entry;
        // It ends what its registrar saw, there and nowhere else: clients go by that.
        let seen = entry.statement.header.seen.size.get() + u64::from(rescued);
        if matches!(entry.statement.header.act, Act::Epoch(_)) && seen != size {
            return refused(Refusal::new("epoch.moved").with("size", size), size);
        }
        if let Err(refusal) = self.check_content(entry, offered)? {
            return refused(refusal, size);
        }
        if let Act::PayloadErase(act) = &entry.statement.header.act {
            batch.erase.push(act.entry.get());
        }
        self.stand(&admitted)?;
        batch.entries.push(NewEntry { leaf, payload: offered.payload.clone() });
        batch.admitted.push(admitted);
        Ok(Verdict::Stands(id, size))
    }

    /// What beside the record's own rules this server asks of a statement.
    fn check_content(&self, entry: &Entry, offered: &Offered) -> Result<Result<(), Refusal>, Fault> {
        let chunks = match &offered.content {
            Ok(chunks) => chunks,
            Err(refusal) => return Ok(Err(refusal.clone())),
        };
        let payload = offered.payload.as_ref().map_or(&[][..], |payload| &payload.bytes);
        match &entry.statement.header.act {
            Act::HandsEnter(HandsEnter { members: Some(members), .. })
                if HandsPayload::parse(payload, members.len()).is_none() =>
            {
                return Ok(Err(Refusal::new("hands.payload")));
            }
            Act::PositionState(_) if PositionPayload::parse(payload).is_none() => {
                return Ok(Err(Refusal::new("position.payload")));
            }
            Act::BallotCast(act) => {
                let poll = settled::state(&self.ahead).polls.get(&act.poll);
                if poll.is_some_and(|poll| poll.read(payload).is_none()) {
                    return Ok(Err(Refusal::new("ballot.payload")));
                }
                // Kept from those who count, it would make a result that nobody can prove.
                let audience = &entry.statement.header.audience;
                let see = |poll: &Poll| poll.rule().see.as_ref().is_none_or(|see| see == audience);
                if !poll.is_none_or(see) {
                    return Ok(Err(Refusal::new("ballot.audience")));
                }
            }
            // Its checkpoints would have nobody to sign them.
            Act::LogKey(act) if self.core.keys.secret_of(&act.key).is_none() => {
                return Ok(Err(Refusal::new("log_key.not_held")));
            }
            // Nobody would find the server again.
            Act::CaSet(act) if act.ca != self.core.keys.ca && Some(act.ca) != self.core.keys.next_ca => {
                return Ok(Err(Refusal::new("ca.not_held")));
            }
            Act::PaperPublish(_) | Act::PaperSign(_) => return self.check_chunks(chunks),
            _ => {}
        }
        Ok(Ok(()))
    }

    /// All must be here, each as large as its manifest says: by that a reader cuts them out of the paper.
    fn check_chunks(&self, chunks: &[ChunkRef]) -> Result<Result<(), Refusal>, Fault> {
        let names: Vec<ChunkName> = chunks.iter().map(|chunk| chunk.name).collect();
        let sizes = self.settled.store.chunk_sizes(self.settled.body, &names)?;
        let missing = sizes.iter().filter(|size| size.is_none()).count();
        if missing > 0 {
            return Ok(Err(Refusal::new("paper.chunks_missing").with("missing", missing)));
        }
        let other = chunks.iter().zip(sizes).find(|(chunk, size)| *size != Some(chunk.size));
        Ok(match other {
            Some((chunk, _)) => Err(Refusal::new("paper.chunk_size").with("chunk", chunk.name)),
            None => Ok(()),
        })
    }

    fn stand(&mut self, admitted: &Admitted) -> Result<(), Fault> {
        if self.ahead.stand(admitted) { Ok(()) } else { Err(Fault::Damaged(admitted.entry.index)) }
    }

    fn outcome(&self, replica: &Replica, verdict: Verdict, time: u64) -> Result<Submitted, Fault> {
        let (statement, refusal, size) = match verdict {
            Verdict::Stands(statement, index) => return Ok(Submitted::Recorded { statement, index }),
            Verdict::Refused(statement, refusal, size) => (statement, refusal, size),
        };
        self.core.metrics.refused.fetch_add(1, Ordering::Relaxed);
        let key = settled::state(replica).log_key(size);
        let key = self.core.keys.secret_of(&key).ok_or(Fault::LogKey)?;
        let params = ApiError::from(refusal.clone()).params;
        let refusal = SignedRefusal::sign(self.settled.body, statement, time, size, refusal.code, key);
        Ok(Submitted::Refused { refusal, params })
    }
}
