use crate::worker::{Leash, Process};
use crate::{
    Hit, Image, Info, OutlineItem, PageLink, PageText, PdfError, Program, Query, Render, Source, Way, Worker,
};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Keeps the workers of the papers used last, so that turning a page finds its paper open.
///
/// Workers of different papers run at the same time. A paper has one worker; while that is at work and more is asked of the
/// paper, others help it, one for each core at most, and leave when others are turned to.
pub struct Pool {
    program: Program,
    limit: usize,
    /// Workers that one paper may have.
    width: usize,
    /// Used last comes last.
    slots: Mutex<Vec<(String, Arc<Slot>)>>,
    /// Started ahead for the next paper.
    spare: Mutex<Option<Process>>,
}

/// No paper has more workers, however many cores there are: each has the paper open.
const WIDEST: usize = 4;
/// Papers whose helpers stay: two may lie side by side.
const IN_HAND: usize = 2;
/// So long a helper waits for more to do.
const WAITS: Duration = Duration::from_secs(5);

/// The place of one paper's workers; empty until one is needed and after they ended.
#[derive(Default)]
struct Slot {
    workers: Mutex<Workers>,
    /// One has come back, or its place is free.
    free: Condvar,
}

#[derive(Default)]
struct Workers {
    idle: Vec<Worker>,
    at_work: usize,
    /// Of those at work, the ones that do not have the paper open yet: nobody starts another meanwhile.
    opening: usize,
    /// Of the paper, once one has opened it.
    info: Option<Arc<Info>>,
    /// Of those at work, by their process.
    leashes: Vec<(u32, Leash)>,
    /// When one was last done with something.
    rested: Option<Instant>,
    /// Somebody will let the helpers go.
    watched: bool,
    /// The paper was let go while it was worked on: no other worker is started for it.
    over: bool,
}

/// A paper of a pool. Cheap to clone; works on after its worker was given up or crashed.
#[derive(Clone)]
pub struct Paper {
    pool: Arc<Pool>,
    key: String,
    source: Arc<dyn Source>,
    info: Arc<Info>,
}

impl Pool {
    /// Keeps up to `limit` workers; beyond it only those that are at work.
    pub fn new(program: Program, limit: usize) -> Arc<Self> {
        let width = std::thread::available_parallelism().map_or(1, |cores| cores.get()).min(WIDEST);
        Arc::new(Self {
            program,
            limit: limit.max(1),
            width,
            slots: Mutex::default(),
            spare: Mutex::default(),
        })
    }

    /// Opens a paper, or finds it open. `key` names its bytes: the same key, the same bytes.
    pub fn open(self: &Arc<Self>, key: &str, source: Arc<dyn Source>) -> Result<Paper, PdfError> {
        let known = lock(&self.slot(key).workers).info.clone();
        let info = match known {
            Some(info) => info,
            None => Arc::new(self.with(key, &source, |worker| Ok(worker.info().clone()))?),
        };
        Ok(Paper { pool: self.clone(), key: key.into(), source, info })
    }

    /// Somebody may soon open a paper: starts a process for it, beside what goes on.
    pub fn get_ready(self: &Arc<Self>) {
        if lock(&self.spare).is_some() {
            return;
        }
        let pool = self.clone();
        std::thread::spawn(move || {
            let mut spare = lock(&pool.spare);
            if spare.is_none() {
                // Whoever opens a paper is told why none can be started.
                *spare = Process::start(&pool.program).ok();
            }
        });
    }

    /// Ends a paper's workers, and with them what the processes held of the paper. A request that is under way ends first.
    pub fn close(&self, key: &str) {
        let mut slots = lock(&self.slots);
        let closed = slots.iter().position(|(k, _)| k == key).map(|at| slots.remove(at));
        drop(slots);
        drop(closed);
    }

    /// Ends all workers, also those at work: whoever waits for one is told at once that it ended.
    pub fn clear(&self) {
        lock(&self.spare).take();
        let all = std::mem::take(&mut *lock(&self.slots));
        for (_, slot) in &all {
            let mut workers = lock(&slot.workers);
            workers.over = true;
            workers.leashes.iter().for_each(|(_, leash)| leash.pull());
            let idle = std::mem::take(&mut workers.idle);
            drop((workers, idle));
        }
    }

    /// Papers that have a place now.
    pub fn len(&self) -> usize {
        lock(&self.slots).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does something with a worker of the paper. A crash is tried once more in a new process; a page that takes too
    /// long would take too long again.
    fn with<T>(
        &self,
        key: &str,
        source: &Arc<dyn Source>,
        act: impl Fn(&mut Worker) -> Result<T, PdfError>,
    ) -> Result<T, PdfError> {
        let slot = self.slot(key);
        let mut turn = slot.turn(self.width);
        let result = match self.attempt(&mut turn, source, &act) {
            Err(PdfError::Crashed(_)) if !turn.is_over() => self.attempt(&mut turn, source, &act),
            result => result,
        };
        drop(turn);
        slot.watch();
        result
    }

    fn attempt<T>(
        &self,
        turn: &mut Turn,
        source: &Arc<dyn Source>,
        act: &impl Fn(&mut Worker) -> Result<T, PdfError>,
    ) -> Result<T, PdfError> {
        let mut worker = match turn.worker.take() {
            Some(worker) => worker,
            None => {
                let mut worker = Worker::of(self.process()?, source.clone());
                turn.hold(&worker)?;
                worker.begin()?;
                turn.opened(worker.info());
                worker
            }
        };
        let result = act(&mut worker);
        turn.worker = Some(worker).filter(|worker| !worker.is_over());
        result
    }

    fn process(&self) -> Result<Process, PdfError> {
        let spare = lock(&self.spare).take();
        match spare.and_then(Process::if_well) {
            Some(spare) => Ok(spare),
            None => Process::start(&self.program),
        }
    }

    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        let found = slots.iter().position(|(k, _)| k == key).map(|at| slots.remove(at));
        let (key, slot) = found.unwrap_or_else(|| (key.to_owned(), Arc::default()));
        slots.push((key, slot.clone()));
        let left = slots.iter().rev().skip(IN_HAND).flat_map(|(_, other)| other.let_helpers_go());
        let left: Vec<Worker> = left.collect();
        let mut given_up = Vec::new();
        while slots.len() > self.limit {
            // One that somebody holds is at work.
            match slots.iter().position(|(_, slot)| Arc::strong_count(slot) == 1) {
                Some(idle) => given_up.push(slots.remove(idle)),
                None => break,
            }
        }
        drop(slots);
        drop((given_up, left));
        slot
    }
}

impl Slot {
    /// A worker to work with, or the place for a new one.
    fn turn(&self, width: usize) -> Turn<'_> {
        let mut workers = lock(&self.workers);
        while workers.idle.is_empty() && (workers.at_work >= width || workers.opening > 0) {
            workers = self.free.wait(workers).unwrap_or_else(PoisonError::into_inner);
        }
        workers.at_work += 1;
        let worker = workers.idle.pop();
        let opening = worker.is_none();
        workers.opening += usize::from(opening);
        workers.leashes.extend(worker.as_ref().map(|worker| (worker.id(), worker.leash())));
        Turn { slot: self, worker, opening }
    }

    /// Helpers with nothing to do hold memory, tens of megabytes each: they go after a while.
    fn watch(self: &Arc<Self>) {
        let mut workers = lock(&self.workers);
        if workers.idle.len() < 2 || std::mem::replace(&mut workers.watched, true) {
            return;
        }
        drop(workers);
        let slot = Arc::downgrade(self);
        std::thread::spawn(move || {
            let mut left = WAITS;
            while !left.is_zero() {
                std::thread::sleep(left);
                let Some(slot) = slot.upgrade() else { return };
                let mut workers = lock(&slot.workers);
                left = workers.rested.map_or(WAITS, |at| WAITS.saturating_sub(at.elapsed()));
                workers.watched = !left.is_zero();
            }
            if let Some(slot) = slot.upgrade() {
                slot.let_helpers_go();
            }
        });
    }

    /// All idle workers but one.
    fn let_helpers_go(&self) -> Vec<Worker> {
        let mut workers = lock(&self.workers);
        let kept = workers.idle.len().min(1);
        workers.idle.split_off(kept)
    }
}

/// Ends also when what was done with the worker panics; the worker is then not used again.
struct Turn<'a> {
    slot: &'a Slot,
    worker: Option<Worker>,
    /// Others wait for the paper to be opened.
    opening: bool,
}

impl Turn<'_> {
    fn is_over(&self) -> bool {
        lock(&self.slot.workers).over
    }

    /// A worker that is to be ended with the others. Error: they were.
    fn hold(&self, worker: &Worker) -> Result<(), PdfError> {
        let mut workers = lock(&self.slot.workers);
        if workers.over {
            return Err(PdfError::Crashed("the paper was let go".into()));
        }
        workers.leashes.push((worker.id(), worker.leash()));
        Ok(())
    }

    /// Others may start helpers now.
    fn opened(&mut self, info: &Info) {
        let mut workers = lock(&self.slot.workers);
        workers.opening -= usize::from(std::mem::take(&mut self.opening));
        workers.info.get_or_insert_with(|| Arc::new(info.clone()));
        drop(workers);
        self.slot.free.notify_all();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let worker = self.worker.take().filter(|_| !std::thread::panicking());
        let mut workers = lock(&self.slot.workers);
        workers.at_work -= 1;
        workers.opening -= usize::from(self.opening);
        let back = worker.as_ref().map(Worker::id);
        workers.leashes.retain(|(id, leash)| Some(*id) != back && !leash.is_loose());
        workers.idle.extend(worker);
        workers.rested = Some(Instant::now());
        drop(workers);
        self.slot.free.notify_all();
    }
}

/// Pages fetched for one search request, so that a page turn need not wait for a whole search.
const SEARCHED_AT_ONCE: u32 = 16;

impl Paper {
    pub fn info(&self) -> &Info {
        &self.info
    }

    pub fn render(&self, render: Render) -> Result<Image, PdfError> {
        self.with(|worker| worker.render(render))
    }

    pub fn text(&self, page: u32) -> Result<PageText, PdfError> {
        self.with(|worker| worker.text(page))
    }

    pub fn outline(&self) -> Result<Vec<OutlineItem>, PdfError> {
        self.with(Worker::outline)
    }

    /// The links of a page, in the order of the file.
    pub fn links(&self, page: u32) -> Result<Vec<PageLink>, PdfError> {
        self.with(|worker| worker.links(page))
    }

    /// All places in the paper, in order; at most `limit`. Words that stand nowhere in a row are found apart, on pages that
    /// have all of them.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, PdfError> {
        for way in Query::read(query).ways().into_iter().filter(|way| *way != Way::Written) {
            let hits = self.search_so(query, way, limit)?;
            if !hits.is_empty() {
                return Ok(hits);
            }
        }
        Ok(Vec::new())
    }

    fn search_so(&self, query: &str, way: Way, limit: usize) -> Result<Vec<Hit>, PdfError> {
        let mut hits = Vec::new();
        for first in (0..self.info.pages.len() as u32).step_by(SEARCHED_AT_ONCE as usize) {
            hits.extend(self.with(|worker| worker.search(query, way, first, SEARCHED_AT_ONCE))?);
            if hits.len() >= limit {
                hits.truncate(limit);
                break;
            }
        }
        Ok(hits)
    }

    /// The id of a process that has the paper open, if there is one that is not at work.
    pub fn process(&self) -> Option<u32> {
        let slots = lock(&self.pool.slots);
        let (_, slot) = slots.iter().find(|(key, _)| *key == self.key)?;
        lock(&slot.workers).idle.first().map(Worker::id)
    }

    fn with<T>(&self, act: impl Fn(&mut Worker) -> Result<T, PdfError>) -> Result<T, PdfError> {
        self.pool.with(&self.key, &self.source, act)
    }
}

/// A panic in a caller leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
