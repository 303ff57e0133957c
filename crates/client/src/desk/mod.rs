//! The desk: all that the user interface asks for (`protocol::ui::Commands`), over a vault that may be locked, with sync
//! going on behind it. The shell adds windows and dialogs, nothing else.

mod act;
mod attendance;
mod blocks;
mod chair;
mod commands;
mod conclusions;
mod copy;
mod days;
mod device_name;
mod devices;
mod farewell;
mod floor;
mod form_drafts;
mod forms;
mod hands;
mod home;
mod idle;
mod join;
mod link;
mod losses;
mod marking;
mod meetings;
mod polls;
mod positions;
mod print;
mod publish;
mod reader;
mod reminders;
mod replies;
mod result;
mod search;
mod session;
mod settings;
mod sharing;
mod sign;
mod staff;
mod versions;

pub use commands::DeskCommands;
pub use print::PrintJob;

use crate::client::{Changed, Client};
use crate::env::Env;
use crate::error::{Error, Result};
use ecabinet_domain::BodyId;
use ecabinet_pdf::{Pool, Program};
use ecabinet_protocol::ui::{FilePurpose, Topic};
use idle::Idle;
use session::Session;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// What only a window can do.
pub trait Shell: Send + Sync {
    /// The link that the desktop has opened the program with.
    fn opened_with(&self) -> Option<String>;
    /// Tells the interface which views to load again.
    fn changed(&self, topics: &[Topic]);
    /// The window takes the whole screen, or no longer.
    fn full_screen(&self, on: bool);
    /// Tells the person something outside the window.
    fn notify(&self, title: &str, text: &str) -> Result<()>;
    /// Lets the person pick a file; none if he gave up.
    fn pick_file(&self, purpose: FilePurpose) -> Option<PathBuf>;
    /// Lets the person pick a folder; none if he gave up.
    fn pick_folder(&self) -> Option<PathBuf>;
    /// Lets the person say where a file goes; none if he gave up.
    fn pick_place(&self, name: &str) -> Option<PathBuf>;
    /// Lets the person choose a printer and prints; false if he gave up. Waits until the printer has the pages.
    ///
    /// Error: `print.failed` with what the system says; `print.unavailable` where it has no way to print.
    fn print(&self, job: PrintJob) -> Result<bool>;
}

pub struct Desk {
    home: PathBuf,
    env: Env,
    shell: Arc<dyn Shell>,
    /// By which papers are checked that are not of the body yet.
    program: Program,
    papers: Arc<Pool>,
    /// Reads for the index.
    worker_behind: Arc<Pool>,
    catalogues: search::Catalogues,
    compared: versions::Compared,
    counting: versions::Counting,
    session: Mutex<Option<Arc<Session>>>,
    /// When the last session ended: what was being answered then may hold the vault for a moment.
    ended: Mutex<Option<Instant>>,
    idle: Idle,
    reminders: reminders::Reminders,
    this: Weak<Desk>,
}

/// Until what was being answered has let go of a vault that is closed: its workers were ended.
const LETTING_GO: Duration = Duration::from_secs(3);
/// Papers kept open in workers: the two being read side by side, a neighbour, one in search.
const WORKERS: usize = 4;

impl Desk {
    pub fn new(home: &Path, env: Env, program: Program, shell: Arc<dyn Shell>) -> Arc<Desk> {
        Arc::new_cyclic(|this| Desk {
            home: home.to_owned(),
            env,
            shell,
            worker_behind: Pool::new(program.clone().behind(), 1),
            papers: Pool::new(program.clone(), WORKERS),
            program,
            catalogues: Default::default(),
            compared: Mutex::default(),
            counting: Mutex::default(),
            session: Mutex::new(None),
            ended: Mutex::default(),
            idle: Idle::default(),
            reminders: Default::default(),
            this: this.clone(),
        })
    }

    fn session(&self) -> Result<Arc<Session>> {
        self.held().clone().ok_or(Error::new("vault.locked"))
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Arc<Session>>> {
        self.session.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn client(&self) -> Result<Arc<Client>> {
        Ok(self.session()?.client.clone())
    }

    fn begin(&self, client: Client) -> Arc<Session> {
        let session = Session::begin(client, self.shell.clone());
        *self.held() = Some(session.clone());
        self.idle.watch(self);
        self.read_behind(&session);
        self.shell.changed(&[Topic::App]);
        session
    }

    /// Closes the vault and lets go of all that was open in it: by the person, when idle, when the machine goes to
    /// sleep. Nothing is lost.
    pub fn lock(&self) {
        self.end_session();
        self.shell.changed(&[Topic::App]);
    }

    /// Opens the vault again; if a session has just ended, once its vault is closed.
    fn open_client(&self, pin: &str) -> Result<Client> {
        let ended = *self.ended.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let is_letting_go = || ended.is_some_and(|ended| ended.elapsed() < LETTING_GO);
        loop {
            match Client::open(&self.home, self.env.clone(), pin) {
                Err(error) if error.code() == "home.busy" && is_letting_go() => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                opened => return opened,
            }
        }
    }

    fn end_session(&self) {
        let session = self.held().take();
        if let Some(session) = &session {
            session.end();
            *self.ended.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Instant::now());
        }
        self.compared.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clear();
        self.catalogues.clear();
        self.papers.clear();
        self.worker_behind.clear();
    }
}

fn topic(changed: Changed) -> Topic {
    match changed {
        Changed::Record => Topic::Record,
        Changed::Outbox => Topic::Outbox,
        Changed::Papers => Topic::Papers,
        Changed::Notes => Topic::Notes,
        Changed::Connection => Topic::Connection,
    }
}

/// An id as the interface sends it.
fn id<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::new("request.id").with("value", text))
}

fn body_id(text: &str) -> Result<BodyId> {
    id(text)
}
