//! `Client`: all that a user interface can do.

use crate::body::{Body, Made};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::farewell;
use crate::packs;
use crate::seal::Key;
use crate::slots::{self, Lock};
use crate::vault::{self, Vault};
use ecabinet_disk::{Held, ensure_dir};
use ecabinet_domain::BodyId;
use ecabinet_record::KeyPair;
use ecabinet_wall::Secret;
use rusqlite::Transaction;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::broadcast;

/// A home opened by its person. One process holds a home at a time.
pub struct Client {
    pub(crate) home: PathBuf,
    pub(crate) env: Env,
    pub(crate) files: Arc<packs::Folder>,
    core: Mutex<Core>,
    pub(crate) downloads: crate::downloads::Downloads,
    pub(crate) shelf: crate::search::Shelf,
    changes: broadcast::Sender<Changed>,
    _lock: Held,
}

pub(crate) struct Core {
    pub vault: Vault,
    pub bodies: Vec<Body>,
    pub key: Secret<32>,
    /// Why nothing is here any more.
    ended: Option<Error>,
}

/// What has changed, so that a user interface reloads just that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// Bodies, members, devices, meetings, polls: anything folded from the record.
    Record,
    Outbox,
    Papers,
    Notes,
    Connection,
}

impl Client {
    /// Makes a new vault in the home, which must not hold one.
    pub fn create(home: &Path, env: Env, lock: &Lock) -> Result<Client> {
        ensure_dir(&*env.disk, home)?;
        env.disk.make_dir(home)?;
        let held = hold(home, &env)?;
        // Whoever begins anew has read what the former device had to say.
        if farewell::go_on(home, &env)?.is_some() {
            farewell::forget(home, &env)?;
        }
        if slots::exist(home, &env) {
            return Err(Error::new("vault.exists"));
        }
        // A database without slots is a vault that was never finished, or was wiped: nothing can open it.
        for leftover in ["vault.db", "vault.db-wal", "vault.db-shm"] {
            let _ = env.disk.remove(&home.join(leftover));
        }
        let key = Secret::made(|key| env.random.fill(key));
        Vault::open(home, &env, &key)?;
        slots::create(home, &env, lock, &key)?;
        Self::start(home, env, key, held)
    }

    /// Whether the home holds a vault.
    pub fn exists(home: &Path, env: &Env) -> bool {
        slots::exist(home, env)
    }

    /// Opens the vault with the PIN or passphrase.
    ///
    /// # Errors
    /// `device.wiped` if the device was revoked: what it held is destroyed.
    pub fn open(home: &Path, env: Env, secret: &str) -> Result<Client> {
        let held = Self::hold_vault(home, &env)?;
        let key = slots::unlock(home, &env, secret)?;
        Self::start(home, env, key, held)
    }

    /// Opens the vault with the printed recovery code and sets a new lock.
    pub fn recover(home: &Path, env: Env, code: &KeyPair, lock: &Lock) -> Result<Client> {
        let held = Self::hold_vault(home, &env)?;
        let key = slots::recover(home, &env, code)?;
        slots::relock(home, &env, lock, &key)?;
        Self::start(home, env, key, held)
    }

    /// The home of a vault, for this process alone.
    fn hold_vault(home: &Path, env: &Env) -> Result<Held> {
        let none = || Error::new("vault.none");
        if !env.disk.exists(home) {
            return Err(none());
        }
        let held = hold(home, env)?;
        match farewell::go_on(home, env)? {
            Some(farewell) => Err(farewell.error()),
            None if slots::exist(home, env) => Ok(held),
            None => Err(none()),
        }
    }

    fn start(home: &Path, env: Env, key: Secret<32>, held: Held) -> Result<Client> {
        let (vault, bodies) = Self::load(home, &env, &key)?;
        let files = Arc::new(packs::Folder::open(env.disk.clone(), &home.join("chunks"))?);
        let core = Mutex::new(Core { vault, bodies, key, ended: None });
        let (changes, _) = broadcast::channel(256);
        let (downloads, shelf) = Default::default();
        let client =
            Client { home: home.to_owned(), env, files, core, downloads, shelf, changes, _lock: held };
        client.sweep_files(&mut client.core())?;
        // Its revocation may have come just before the program was cut off.
        for body in client.bodies() {
            match client.end_if_revoked(body) {
                Err(wiped) if client.ended().is_none() && wiped.code() == "device.wiped" => {}
                other => other?,
            }
            client.keep_folded(body);
        }
        Ok(client)
    }

    /// The vault with its bodies in memory.
    pub(crate) fn load(home: &Path, env: &Env, key: &Key) -> Result<(Vault, Vec<Body>)> {
        let bodies = |vault: &Vault| -> Result<Vec<Body>> {
            vault.bodies()?.into_iter().map(|row| Body::load(row, vault, env.level)).collect()
        };
        let vault = Vault::open(home, env, key)?;
        if let Ok(bodies) = bodies(&vault) {
            return Ok((vault, bodies));
        }
        // SQLCipher ends a connection at the first page that the disk has spoiled: another does without what is kept folded.
        drop(vault);
        let mut vault = Vault::open(home, env, key)?;
        vault.pass_over_folded();
        let bodies = bodies(&vault)?;
        Ok((vault, bodies))
    }

    /// Why nothing is here any more: the device was revoked in its last body.
    pub fn ended(&self) -> Option<Error> {
        self.core().ended.clone()
    }

    /// Whether the secret is the person's: asked again for each ballot and signature.
    pub fn check_secret(&self, secret: &str) -> Result<()> {
        slots::unlock(&self.home, &self.env, secret).map(|_| ())
    }

    /// Destroys every way to this home's content.
    pub fn wipe(self) -> Result<()> {
        drop(self.core);
        self.shelf.close();
        farewell::wipe(&self.home, &self.env)
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn env(&self) -> &Env {
        &self.env
    }

    pub fn bodies(&self) -> Vec<BodyId> {
        self.core().bodies.iter().map(|body| body.row.body).collect()
    }

    /// Holds downloads, or lets them go on.
    pub fn pause_downloads(&self, paused: bool) {
        self.downloads.pause(paused);
    }

    pub fn downloads_paused(&self) -> bool {
        self.downloads.is_paused()
    }

    /// The paper that is being opened: fetched before all others.
    pub fn fetch_first(&self, paper: ecabinet_domain::PaperId) {
        self.downloads.open(paper);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    pub(crate) fn announce(&self, changes: &[Changed]) {
        for change in changes {
            let _ = self.changes.send(*change);
        }
    }

    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        // A panic under the lock may have left memory behind the disk; what is on disk is whole.
        self.core.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Signs an act and queues it in one step.
    pub(crate) fn act(
        &self,
        body: BodyId,
        make: impl FnOnce(&Vault, &Body) -> Result<Vec<Made>>,
    ) -> Result<Vec<ecabinet_domain::StatementId>> {
        self.act_with(body, |_, _| Ok(()), make)
    }

    /// The same with what else is to be kept, by the body's row: one is not kept without the other.
    pub(crate) fn act_with(
        &self,
        body: BodyId,
        also: impl FnOnce(&Transaction, i64) -> Result<()>,
        make: impl FnOnce(&Vault, &Body) -> Result<Vec<Made>>,
    ) -> Result<Vec<ecabinet_domain::StatementId>> {
        let now = self.env.clock.now();
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let made = make(vault, body)?;
        vault.transact(|tx| {
            also(tx, body.row.id)?;
            vault::queue(tx, body.row.id, &made, now)
        })?;
        self.announce(&[Changed::Outbox]);
        Ok(made.iter().map(|(envelope, _)| envelope.id()).collect())
    }

    pub(crate) fn with<T>(&self, body: BodyId, read: impl FnOnce(&Vault, &Body) -> Result<T>) -> Result<T> {
        let core = self.core();
        read(&core.vault, core.body(body)?)
    }
}

impl Core {
    pub fn body(&self, id: BodyId) -> Result<&Body> {
        self.bodies.iter().find(|body| body.row.body == id).ok_or_else(|| self.unknown())
    }

    /// Closes the vault and forgets its key: nothing is asked or written any more.
    pub fn end(&mut self, why: Error) -> Result<()> {
        self.ended = Some(why);
        self.bodies.clear();
        self.key = Secret::made(|_| ());
        self.vault = Vault::none()?;
        Ok(())
    }

    fn unknown(&self) -> Error {
        self.ended.clone().unwrap_or(Error::new("body.unknown"))
    }

    pub fn parts(&mut self, id: BodyId) -> Result<(&mut Vault, &mut Body)> {
        let unknown = self.unknown();
        let body = self.bodies.iter_mut().find(|body| body.row.body == id).ok_or(unknown)?;
        Ok((&mut self.vault, body))
    }
}

pub(crate) fn hold(home: &Path, env: &Env) -> Result<Held> {
    env.disk.hold(&home.join("lock"))?.ok_or(Error::new("home.busy"))
}
