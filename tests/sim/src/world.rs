//! The machines, the server and what happens between them: one thing after another, as the dice say.

use crate::dice::Dice;
use crate::disk::{Image, SimDisk, Stop};
use crate::line::{Line, Message};
use crate::model::{Model, Standing};
use ecabinet_client::{Client, Clock, Cost, Costs, Env, Error, Joined, Keyring, Lock, Random, Summary};
use ecabinet_disk::Disk;
use ecabinet_domain::{BodyId, Header};
use ecabinet_record::{Checkpoint, KeyPair, Replica};
use ecabinet_server::chunks::ChunkFolder;
use ecabinet_server::store::{Hold, SqliteStore, Store};
use ecabinet_server::{App, ServerKeys};
use futures_util::FutureExt;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use zeroize::Zeroizing;

pub const PIN: &str = "2468";
/// So few that every story opens from what is kept folded, with and without entries behind it.
const FOLDS_KEPT: u64 = 4;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Registrar,
    Staff,
    Member(usize),
    /// A new computer in its box.
    Spare,
}

pub struct Machine {
    pub name: String,
    pub role: Role,
    pub disk: SimDisk,
    pub client: Option<Arc<Client>>,
    pub tasks: Vec<Task>,
    /// Without network.
    pub cut: bool,
    /// An act was cut off or failed: it may be kept or not.
    pub unsure: bool,
    /// The disk was full at some time since the start.
    pub full: bool,
    /// Its app was opened in this story: before that it is as it was founded.
    pub begun: bool,
    /// It did something of which no synchronisation has told the server yet, as far as its person knows.
    pub owes: bool,
    /// The news when it last synchronised: until there are more it has nothing to learn.
    pub heard: Option<(usize, u64)>,
    /// Entries that the open app was seen to hold as they give.
    pub seen_folded: Option<usize>,
    pub device: Option<String>,
    /// Printed at the first device's enrolment.
    pub code: Option<String>,
    clock: Arc<SimClock>,
    random: Arc<SimRandom>,
    pub keyring: Arc<SimKeyring>,
}

pub type Task = Pin<Box<dyn Future<Output = Done> + Send>>;

/// What a task ended with.
pub enum Done {
    Synced(Result<Summary, Error>),
    Joined(Result<Joined, Error>),
    Created(Result<BodyId, Error>),
    Confirmed(Result<(), Error>),
}

pub struct Server {
    pub disk: SimDisk,
    pub app: Option<App>,
    pub store: Option<Arc<SqliteStore>>,
    pub chunks: Option<Arc<ChunkFolder>>,
    pub keys: ServerKeys,
    pub clock: Arc<SimClock>,
    pub full: bool,
    /// Whether its clock jumped, so that it waits for an administrator.
    pub jumped: bool,
    /// Whether its data is an earlier copy, so that it may lack what was recorded.
    pub restored: bool,
}

pub struct SimClock {
    time: Arc<AtomicU64>,
    /// How wrong it is, in ms.
    pub skew: AtomicI64,
}

impl SimClock {
    fn wall(&self) -> u64 {
        self.time.load(Relaxed).saturating_add_signed(self.skew.load(Relaxed))
    }
}

impl Clock for SimClock {
    fn now(&self) -> u64 {
        self.wall()
    }
}

impl ecabinet_server::clock::Clock for SimClock {
    fn wall(&self) -> u64 {
        self.wall()
    }

    fn monotonic(&self) -> u64 {
        self.time.load(Relaxed)
    }
}

pub struct SimRandom(Mutex<Dice>);

impl Random for SimRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("whole").fill(bytes);
    }
}

/// A keyring that no crash harms: it is not on our disk.
#[derive(Default)]
pub struct SimKeyring(pub Mutex<BTreeMap<String, Vec<u8>>>);

impl Keyring for SimKeyring {
    fn get(&self, account: &str) -> Result<Vec<u8>, Error> {
        self.0.lock().expect("whole").get(account).cloned().ok_or(Error::new("keyring.no_entry"))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), Error> {
        self.0.lock().expect("whole").insert(account.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), Error> {
        self.0.lock().expect("whole").remove(account);
        Ok(())
    }
}

impl Machine {
    pub fn home(&self) -> PathBuf {
        self.disk.root().join("home")
    }

    pub fn set_skew(&self, ms: i64) {
        self.clock.skew.store(ms, Relaxed);
    }

    pub fn is_member(&self) -> bool {
        matches!(self.role, Role::Member(_))
    }
}

impl World {
    pub fn new(seed: u64, server: &Image, keys: ServerKeys, time: u64) -> World {
        let mut dice = Dice::new(seed);
        let time = Arc::new(AtomicU64::new(time));
        let server = Server {
            disk: SimDisk::new(server, dice.next()),
            app: None,
            store: None,
            chunks: None,
            keys,
            clock: Arc::new(SimClock { time: time.clone(), skew: AtomicI64::new(0) }),
            full: false,
            jumped: false,
            restored: false,
        };
        World {
            dice,
            weather: Weather::default(),
            line: Line::default(),
            time,
            server,
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
        self.machines.push(Machine {
            name: name.to_owned(),
            role,
            disk: SimDisk::new(image, disk),
            client: None,
            tasks: Vec::new(),
            cut: false,
            unsure: false,
            full: false,
            begun: false,
            owes: false,
            heard: None,
            seen_folded: None,
            device: None,
            code: None,
            clock: Arc::new(SimClock { time: self.time.clone(), skew: AtomicI64::new(0) }),
            random: Arc::new(SimRandom(Mutex::new(random))),
            keyring: Arc::default(),
        });
        self.machines.len() - 1
    }

    pub fn body(&self) -> BodyId {
        self.body.expect("founded")
    }

    pub fn pass_time(&mut self, ms: u64) {
        self.time.fetch_add(ms, Relaxed);
    }

    fn env(&self, at: usize, disk: SimDisk) -> Env {
        let machine = &self.machines[at];
        let least = Cost { kib: 8, passes: 1 };
        Env {
            clock: machine.clock.clone(),
            random: machine.random.clone(),
            keyring: machine.keyring.clone(),
            dial: self.line.of(at),
            disk: Arc::new(disk),
            costs: Costs { pin: least, passphrase: least },
            level: ecabinet_domain::LEVEL,
            folds_kept: FOLDS_KEPT,
        }
    }

    /// The app of a machine, started if it is not open. None: the machine went off meanwhile, or its disk is full.
    pub fn client(&mut self, at: usize) -> Result<Option<Arc<Client>>, Wrong> {
        if let Some(client) = &self.machines[at].client {
            return Ok(Some(client.clone()));
        }
        let disk = self.machines[at].disk.boot();
        disk.set_full(self.machines[at].full);
        let (home, env) = (self.machines[at].home(), self.env(at, disk));
        let begun = Client::exists(&home, &env);
        let lock = Lock::Keyring { pin: Zeroizing::new(PIN.into()) };
        let client = match Client::farewell(&home, &env) {
            Ok(Some(farewell)) => Err(farewell.error()),
            Ok(None) if begun => Client::open(&home, env, PIN),
            Ok(None) => Client::create(&home, env, &lock),
            Err(error) => Err(error),
        };
        self.settle_start(at, client)
    }

    /// The person has forgotten his PIN and takes the printed code.
    pub fn recover(&mut self, at: usize, code: &str) -> Result<Option<Arc<Client>>, Wrong> {
        let disk = self.machines[at].disk.boot();
        let (home, env) = (self.machines[at].home(), self.env(at, disk));
        let keys = printed(code);
        let lock = Lock::Keyring { pin: Zeroizing::new(PIN.into()) };
        let client = Client::recover(&home, env, &keys, &lock);
        self.settle_start(at, client)
    }

    fn settle_start(
        &mut self,
        at: usize,
        client: Result<Client, Error>,
    ) -> Result<Option<Arc<Client>>, Wrong> {
        let machine = &mut self.machines[at];
        machine.begun = true;
        machine.seen_folded = None;
        match client {
            Ok(client) => machine.client = Some(Arc::new(client)),
            Err(_) if machine.disk.is_off() => {
                self.stop(at, Stop::Torn);
                return Ok(None);
            }
            Err(error) if error.code() == "device.wiped" => {
                self.end_for_good(at)?;
                return Ok(None);
            }
            Err(error) if machine.full && is_of_the_disk(error.code()) => {
                self.stop(at, Stop::Kill);
                return Ok(None);
            }
            Err(error) => return Err(format!("{}: the vault does not open: {}", machine.name, error.0)),
        }
        Ok(machine.client.clone())
    }

    /// A machine's device says that it was revoked and has destroyed what it held: both must be so.
    pub fn end_for_good(&mut self, at: usize) -> Result<(), Wrong> {
        let machine = &mut self.machines[at];
        let name = machine.name.clone();
        machine.tasks.clear();
        machine.client = None;
        let device = machine.device.take().unwrap_or_default();
        if self.model.truth.devices.get(&device).is_none_or(|(_, standing)| *standing != Standing::Revoked) {
            return Err(format!("{name} was wiped and is not revoked"));
        }
        let left: Vec<PathBuf> = machine
            .disk
            .boot()
            .list(&machine.home())
            .unwrap_or_default()
            .into_iter()
            .filter(|path| !path.ends_with("farewell.json"))
            .collect();
        // The keyring may keep the half of a lock that a crash left unfinished: it never opened anything.
        if !left.is_empty() {
            return Err(format!("{name} was wiped and still holds {left:?}"));
        }
        self.model.acts.remove(&at);
        self.trace.note(|| format!("{name} ends"));
        Ok(())
    }

    /// Stops a machine without warning.
    pub fn stop(&mut self, at: usize, stop: Stop) {
        let machine = &mut self.machines[at];
        machine.disk.stop(stop);
        machine.tasks.clear();
        machine.client = None;
        machine.full = false;
        machine.unsure = true;
        self.trace.note(|| format!("{} stops: {stop:?}", self.machines[at].name));
    }

    /// Notices machines whose fuse has blown.
    pub fn notice(&mut self) {
        for at in 0..self.machines.len() {
            if self.machines[at].disk.is_off() {
                let stop = if self.dice.percent(30) { Stop::PowerCut } else { Stop::Torn };
                self.stop(at, stop);
            }
        }
        if self.server.disk.is_off() {
            self.stop_server(Stop::Torn);
        }
    }

    pub fn stop_server(&mut self, stop: Stop) {
        self.server.disk.stop(stop);
        (self.server.app, self.server.store, self.server.chunks) = (None, None, None);
        self.server.full = false;
        self.trace.note(|| format!("the server stops: {stop:?}"));
    }

    pub fn start_server(&mut self) -> Result<(), Wrong> {
        if self.server.app.is_some() {
            return Ok(());
        }
        let disk = self.server.disk.boot();
        match self.open_server(&disk) {
            Ok((app, store, chunks)) => {
                let server = &mut self.server;
                (server.app, server.store, server.chunks) = (Some(app), Some(store), Some(chunks));
            }
            Err(_) if disk.is_off() => self.stop_server(Stop::Torn),
            Err(error) => return Err(format!("the server does not start: {error}")),
        }
        self.catch_up()
    }

    /// The server's disk is lost and another takes its place with an earlier copy, held as by `restore`.
    pub fn restore_server(&mut self, copy: &Image) -> Result<(), Wrong> {
        self.stop_server(Stop::PowerCut);
        let seed = self.dice.next();
        (self.server.disk, self.server.restored) = (SimDisk::new(copy, seed), true);
        let body = self.body();
        self.start_server()?;
        let store = self.server.store.as_ref().ok_or("the restored server is off")?;
        store.hold(body, Hold::default()).map_err(|error| error.to_string())?;
        self.trace.note(|| "the server is restored from a copy".into());
        Ok(())
    }

    fn open_server(&self, disk: &SimDisk) -> Result<(App, Arc<SqliteStore>, Arc<ChunkFolder>), String> {
        let root = disk.root();
        let store = SqliteStore::open_on(disk, &root.join("record.db")).map_err(|error| error.to_string())?;
        let store = Arc::new(store);
        let chunks = ChunkFolder::open_on(Arc::new(disk.clone()), &root.join("chunks"))
            .map_err(|error| error.to_string())?;
        let chunks = Arc::new(chunks);
        let (keys, clock) = (self.server.keys.clone(), self.server.clock.clone());
        let app =
            App::open_here(store.clone(), chunks.clone(), keys, clock).map_err(|error| error.to_string())?;
        Ok((app, store, chunks))
    }

    /// Reads on in the server's durable record, which may have lost nothing.
    pub fn catch_up(&mut self) -> Result<(), Wrong> {
        let (Some(store), Some(body)) = (&self.server.store, self.body) else { return Ok(()) };
        if self.server.disk.is_off() {
            return Ok(());
        }
        let read = |error: ecabinet_server::store::StoreError| format!("the server's record: {error}");
        let head = store.head(body).map_err(read)?;
        let known = self.model.leaves.len();
        if (head.size as usize) < known && !self.server.restored {
            return Err(format!("the server had {known} entries and has {}", head.size));
        }
        if head.size as usize > known {
            for leaf in store.entries(body, known as u64, usize::MAX).map_err(read)? {
                self.model.grow(leaf)?;
            }
        }
        let agrees = self.model.root(head.size as usize) == Some(head.root.to_string());
        if agrees { Ok(()) } else { Err(format!("the server's root of {} entries is another", head.size)) }
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

    /// The server hears a request; false if it broke down over it.
    fn ask(&mut self, message: &Message) -> Result<bool, Wrong> {
        let Some(app) = self.server.app.clone() else { return Ok(false) };
        // The server does its work on the thread that asks: it never waits.
        let answered = message.run(&app).now_or_never();
        answered.ok_or("the server waits")?;
        drop(app);
        if self.server.disk.is_off() {
            let stop = if self.dice.percent(30) { Stop::PowerCut } else { Stop::Torn };
            self.stop_server(stop);
            return Ok(false);
        }
        self.catch_up()?;
        Ok(true)
    }

    /// Holds what the server said against what it may say.
    fn check_said(&mut self) -> Result<(), Wrong> {
        let (notes, released) = {
            let mut between = self.line.between();
            (std::mem::take(&mut between.checkpoints), std::mem::take(&mut between.released))
        };
        if self.body.is_none() {
            return Ok(());
        }
        for note in notes {
            if Checkpoint::parse(&note).is_none() {
                return Err("the server's checkpoint is none".into());
            }
            self.model.note_checkpoint(&note)?;
        }
        for (machine, index) in released {
            let line = &self.model.lines[index as usize];
            let Some(of) = self.model.truth.secret_of(&line.id) else { continue };
            let his = self.machines[machine].device.as_ref();
            let his =
                his.and_then(|device| self.model.truth.devices.get(device)).and_then(|(m, _)| m.as_deref());
            if his != Some(of) {
                return Err(format!("{} is shown a ballot of an open poll", self.machines[machine].name));
            }
        }
        Ok(())
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
