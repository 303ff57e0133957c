//! The machines, the server and what happens between them: one thing after another, as the dice say.

mod machine;
mod said;
mod server;

pub use machine::{Done, Machine, Role, SimKeyring, Task};
pub use server::Server;

use crate::dice::Dice;
use crate::disk::{Image, SimDisk};
use crate::line::{Line, Message};
use crate::model::Model;
use ecabinet_domain::{BodyId, Header};
use ecabinet_record::{KeyPair, Replica};
use ecabinet_server::ServerKeys;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

pub const PIN: &str = "2468";
pub const HOUR: u64 = 60 * 60 * 1000;
pub const DAY: i64 = 24 * 60 * 60 * 1000;

/// What is wrong: a promise that was broken.
pub type Wrong = String;

pub struct World {
    pub dice: Dice,
    pub weather: Weather,
    pub line: Line,
    /// ms since 1970.
    pub time: Arc<AtomicU64>,
    pub server: Server,
    pub machines: Vec<Machine>,
    pub body: Option<BodyId>,
    /// The record with which the story began.
    pub founded: Arc<Founded>,
    pub model: Model,
    pub trace: Trace,
    /// Requests whose senders have given up, and that come all the same.
    late: Vec<Message>,
}

/// A record that was verified once.
#[derive(Default)]
pub struct Founded {
    pub replica: Replica,
    pub headers: Vec<Header>,
}

/// What becomes of requests, each in percent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub lost: usize,
    pub answer_lost: usize,
    pub doubled: usize,
    pub late: usize,
}

/// All that happened, as a number; in words if somebody asks.
pub struct Trace {
    pub hash: u64,
    pub events: usize,
    pub words: Option<Vec<String>>,
}

impl Trace {
    pub fn note(&mut self, what: impl FnOnce() -> String) {
        let what = what();
        self.events += 1;
        for byte in what.bytes().chain([b'\n']) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(words) = &mut self.words {
            words.push(what);
        }
    }
}

impl World {
    pub fn new(seed: u64, server: &Image, keys: ServerKeys, time: u64) -> World {
        let mut dice = Dice::new(seed);
        let time = Arc::new(AtomicU64::new(time));
        World {
            server: Server::new(SimDisk::new(server, dice.next()), keys, time.clone()),
            dice,
            weather: Weather::default(),
            line: Line::default(),
            time,
            machines: Vec::new(),
            body: None,
            founded: Arc::default(),
            model: Model::default(),
            trace: Trace { hash: 0xcbf2_9ce4_8422_2325, events: 0, words: None },
            late: Vec::new(),
        }
    }

    pub fn add_machine(&mut self, name: &str, role: Role, image: &Image) -> usize {
        let (disk, random) = (self.dice.next(), Dice::new(self.dice.next()));
        let disk = SimDisk::new(image, disk);
        self.machines.push(Machine::new(name, role, disk, self.time.clone(), random));
        self.machines.len() - 1
    }

    pub fn body(&self) -> BodyId {
        self.body.expect("founded")
    }

    /// ms since 1970.
    pub fn now(&self) -> u64 {
        self.time.load(Relaxed)
    }

    pub fn pass_time(&mut self, ms: u64) {
        self.time.fetch_add(ms, Relaxed);
    }

    pub fn start(&mut self, at: usize, task: Task) -> Result<Vec<Done>, Wrong> {
        self.machines[at].tasks.push(task);
        self.go_on(at)
    }

    /// Lets a machine's tasks run as far as they can.
    fn go_on(&mut self, at: usize) -> Result<Vec<Done>, Wrong> {
        let mut done = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        self.machines[at].tasks.retain_mut(|task| match task.as_mut().poll(&mut context) {
            Poll::Ready(end) => {
                done.push(end);
                false
            }
            Poll::Pending => true,
        });
        self.notice();
        Ok(if self.machines[at].client.is_none() { Vec::new() } else { done })
    }

    /// Something that waits on the line meets its fate. Gives what has ended by it, and whose it was.
    pub fn deliver(&mut self) -> Result<Option<(usize, Vec<Done>)>, Wrong> {
        if !self.late.is_empty() && self.dice.percent(20) {
            let at = self.dice.below(self.late.len());
            let message = self.late.remove(at);
            self.trace
                .note(|| format!("{} of {} comes late", message.name, self.machines[message.from].name));
            self.line.between().told += 1;
            self.ask(&message)?;
        }
        let count = self.line.between().waiting.len();
        if count == 0 {
            return Ok(None);
        }
        let at = self.dice.below(count);
        let message = self.line.between().waiting.remove(at);
        let from = message.from;
        let roll = self.dice.below(100);
        let Weather { lost, answer_lost, doubled, late } = self.weather;
        let mut keep = None;
        let fate = match () {
            () if self.machines[from].cut || self.server.app.is_none() || roll < lost => "lost",
            () if roll < lost + answer_lost => {
                self.ask(&message)?;
                "answer lost"
            }
            () if roll < lost + answer_lost + late => {
                keep = Some(());
                "late"
            }
            () => {
                let twice = roll < lost + answer_lost + late + doubled;
                let mut answered = self.ask(&message)?;
                if twice && answered {
                    answered = self.ask(&message)?;
                }
                match (answered, twice) {
                    (false, _) => "cut",
                    (true, false) => "",
                    (true, true) => "twice",
                }
            }
        };
        if matches!(fate, "" | "twice") {
            message.give()
        } else {
            message.fail("net.unreachable")
        }
        self.trace.note(|| format!("{} {} {fate}", self.machines[from].name, message.name));
        if keep.is_some() {
            self.late.push(message);
        }
        let done = self.go_on(from)?;
        self.check_said()?;
        Ok(Some((from, done)))
    }

    pub fn forget_late(&mut self) {
        self.late.clear();
    }

    pub fn is_quiet(&self) -> bool {
        self.line.between().waiting.is_empty()
    }
}

impl Drop for World {
    /// Programs that are still open end with their machines, whose disks nobody needs any more.
    fn drop(&mut self) {
        self.machines.iter().for_each(|machine| machine.disk.turn_off());
        self.server.disk.turn_off();
    }
}

/// The keys of a printed code.
pub fn printed(code: &str) -> KeyPair {
    let bytes = ecabinet_record::code::ungroup(code).expect("as it was printed");
    KeyPair::from_code(bytes[..16].try_into().expect("16 bytes"))
}

/// Errors that only a disk makes.
pub fn is_of_the_disk(code: &str) -> bool {
    matches!(code, "disk.full" | "disk.failed" | "vault.failed" | "store.failed" | "chunk.failed")
}
