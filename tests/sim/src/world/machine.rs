//! A machine: its disk, clock, dice and keyring, and the app on it.

use super::{PIN, World, Wrong, is_of_the_disk, printed};
use crate::dice::Dice;
use crate::disk::{SimDisk, Stop};
use crate::model::Standing;
use ecabinet_client::{Client, Clock, Cost, Costs, Env, Error, Joined, Keyring, Lock, Random, Summary};
use ecabinet_disk::Disk;
use ecabinet_domain::BodyId;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// So few that every story opens from what is kept folded, with and without entries behind it.
const FOLDS_KEPT: u64 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Registrar,
    /// The secretariat.
    Office,
    /// Of these: members, and one who prepares for them (`cast::person`).
    Person(usize),
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

pub struct SimClock {
    time: Arc<AtomicU64>,
    /// How wrong it is, in ms.
    pub skew: AtomicI64,
}

impl SimClock {
    pub fn new(time: Arc<AtomicU64>) -> Arc<SimClock> {
        Arc::new(SimClock { time, skew: AtomicI64::new(0) })
    }

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
    pub fn new(name: &str, role: Role, disk: SimDisk, time: Arc<AtomicU64>, random: Dice) -> Machine {
        Machine {
            name: name.to_owned(),
            role,
            disk,
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
            clock: SimClock::new(time),
            random: Arc::new(SimRandom(Mutex::new(random))),
            keyring: Arc::default(),
        }
    }

    pub fn home(&self) -> PathBuf {
        self.disk.root().join("home")
    }

    pub fn set_skew(&self, ms: i64) {
        self.clock.skew.store(ms, Relaxed);
    }

    pub fn is_person(&self) -> bool {
        matches!(self.role, Role::Person(_))
    }
}

impl World {
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
            // At its last step.
            Ok(_) if machine.disk.is_off() => {
                self.stop(at, Stop::Torn);
                return Ok(None);
            }
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
        if self
            .model
            .truth
            .people
            .devices
            .get(&device)
            .is_none_or(|(_, standing)| *standing != Standing::Revoked)
        {
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
}
