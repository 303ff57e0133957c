//! A revoked device ends: it destroys what it holds and says what was lost with it.
//!
//! It learns of its revocation from the record alone: an entry that a registrar or another device of its member has signed, under
//! a root that the log's key has signed. No answer of a server would do, or a hostile one could wipe everybody.

use crate::body::Body;
use crate::client::{Changed, Client, Core, hold};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::search;
use crate::slots;
use crate::spaces;
use crate::vault::{self, Vault};
use ecabinet_disk::replace;
use ecabinet_domain::{BodyId, Holder};
use ecabinet_protocol::content::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What remains of a revoked device. Where the whole home has ended it lies in plain in place of the vault, without a
/// name or any content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    version: u32,
    /// The body's name; told only where a vault is left to keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Text>,
    pub by: RevokedBy,
    /// Of the revocation, in ms since 1970 by the server's clock.
    pub at: u64,
    /// Position of the entry that says so.
    pub entry: u64,
    /// Minutes east of UTC of the body's clock.
    pub zone: i16,
    /// Acts that never came into the record, by their kind; they never will.
    pub acts: BTreeMap<String, u64>,
    /// Notes with something that no other device has.
    pub notes: u64,
    /// Entries of the keyring that are still to be removed; they open nothing any more.
    keyring: Vec<String>,
    /// Everything is destroyed.
    done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokedBy {
    Registrar,
    /// Another device of the member.
    OwnDevice,
    /// The body's printed key; of a registrar's device.
    BodyKey,
}

impl RevokedBy {
    pub fn name(self) -> &'static str {
        match self {
            RevokedBy::Registrar => "registrar",
            RevokedBy::OwnDevice => "own_device",
            RevokedBy::BodyKey => "body_key",
        }
    }
}

/// What lies in a home, in the order in which it is destroyed after the key slots.
const CONTENT: [&str; 7] = [
    "vault.db",
    "vault.db-wal",
    "vault.db-shm",
    "vault.db-journal",
    "chunks",
    "invitation",
    "reminders.json",
];

impl Farewell {
    /// None unless the record says that this device is revoked.
    fn of(vault: &Vault, body: &Body) -> Result<Option<Farewell>> {
        let device = body.replica.state().and_then(|state| state.devices.get(&body.row.device));
        let Some(revoked) = device.and_then(|device| device.revoked) else { return Ok(None) };
        let mut acts: BTreeMap<String, u64> = BTreeMap::new();
        // The record is here up to the revocation: what is not in it now came too late for good.
        for row in vault.waiting(body.row.id)? {
            *acts.entry(row.header.act.kind().to_owned()).or_default() += 1;
        }
        let by = match revoked.by.holder {
            Holder::Registrar => RevokedBy::Registrar,
            Holder::BodyRecovery => RevokedBy::BodyKey,
            Holder::Member(_) | Holder::Recovery(_) => RevokedBy::OwnDevice,
        };
        Ok(Some(Farewell {
            version: 1,
            body: None,
            by,
            at: revoked.time,
            entry: revoked.at,
            zone: body.zone(vault).minutes(),
            acts,
            notes: spaces::unsent_notes(vault, body)?,
            keyring: Vec::new(),
            done: false,
        }))
    }

    /// `device.wiped`, with all of it as parameters.
    pub fn error(&self) -> Error {
        let kinds: Vec<String> = self.acts.iter().map(|(kind, count)| format!("{kind}={count}")).collect();
        Error::new("device.wiped")
            .with("by", self.by.name())
            .with("at", self.at)
            .with("entry", self.entry)
            .with("zone", self.zone)
            .with("acts", kinds.join(" "))
            .with("notes", self.notes)
    }

    fn keep(&self, home: &Path, env: &Env) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("plain data");
        Ok(replace(&*env.disk, &path(home), &home.join("farewell.json.next"), &text)?)
    }

    /// Destroys what is left of the home; from the beginning again after a crash. The keys go first: from then on
    /// nothing can be read, however far the rest comes.
    fn destroy(&mut self, home: &Path, env: &Env) -> Result<()> {
        slots::destroy(home, env)?;
        let kept = self.keyring.len();
        // One that is gone is as good as removed; a keyring that does not answer is asked at the next start.
        self.keyring.retain(|account| {
            env.keyring.delete(account).is_err_and(|error| error.code() != "keyring.no_entry")
        });
        clear(home, env)?;
        if !self.done || self.keyring.len() < kept {
            self.done = true;
            self.keep(home, env)?;
        }
        Ok(())
    }
}

fn path(home: &Path) -> PathBuf {
    home.join("farewell.json")
}

/// Goes on with what a revoked device had begun before it was cut off. None if this home's device was not revoked.
/// The home must be held.
pub(crate) fn go_on(home: &Path, env: &Env) -> Result<Option<Farewell>> {
    let Some(mut farewell) = read(home, env)? else { return Ok(None) };
    farewell.destroy(home, env)?;
    Ok(Some(farewell))
}

fn read(home: &Path, env: &Env) -> Result<Option<Farewell>> {
    if !env.disk.exists(&path(home)) {
        return Ok(None);
    }
    let farewell = serde_json::from_slice(&env.disk.read(&path(home))?);
    Ok(Some(farewell.map_err(|_| Error::new("vault.damaged"))?))
}

/// Forgets the farewell: its person has read it.
pub(crate) fn forget(home: &Path, env: &Env) -> Result<()> {
    env.disk.remove_all(&path(home))?;
    Ok(env.disk.sync(home)?)
}

/// Destroys a home at its person's wish.
pub(crate) fn wipe(home: &Path, env: &Env) -> Result<()> {
    let accounts = slots::accounts(home, env);
    slots::destroy(home, env)?;
    for account in accounts {
        let _ = env.keyring.delete(&account);
    }
    clear(home, env)
}

fn clear(home: &Path, env: &Env) -> Result<()> {
    CONTENT.iter().chain(&search::FILES).try_for_each(|name| env.disk.remove_all(&home.join(name)))?;
    Ok(env.disk.sync(home)?)
}

impl Client {
    /// What a revoked device has left in the home, once all else is destroyed. None if there is none.
    pub fn farewell(home: &Path, env: &Env) -> Result<Option<Farewell>> {
        let Some(farewell) = read(home, env)? else { return Ok(None) };
        match env.disk.hold(&home.join("lock"))? {
            Some(_held) => go_on(home, env),
            // Whoever holds the home is at it.
            None => Ok(Some(farewell)),
        }
    }

    /// The person has read what a revoked device had to say.
    pub fn forget_farewell(home: &Path, env: &Env) -> Result<()> {
        let _held = hold(home, env)?;
        match go_on(home, env)? {
            Some(_) => forget(home, env),
            None => Ok(()),
        }
    }

    /// Ends this device in a body whose record says that it is revoked.
    ///
    /// # Errors
    /// `device.wiped` if it was.
    pub(crate) fn end_if_revoked(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let here = core.body(body)?;
        let Some(mut farewell) = Farewell::of(&core.vault, here)? else { return Ok(()) };
        if core.bodies.len() > 1 {
            farewell.body = core.body(body)?.genesis(&core.vault).ok().map(|genesis| genesis.name);
            self.leave(&mut core, body, &farewell)?;
        } else {
            farewell.keyring = slots::accounts(&self.home, &self.env);
            // What was lost is said before anything is. A full disk has room again without the papers.
            if farewell.keep(&self.home, &self.env).is_err() {
                self.env.disk.remove_all(&self.home.join("chunks"))?;
                farewell.keep(&self.home, &self.env)?;
            }
            core.end(farewell.error())?;
            self.shelf.close();
            farewell.destroy(&self.home, &self.env)?;
        }
        drop(core);
        self.announce(&[Changed::Record, Changed::Outbox, Changed::Papers, Changed::Notes]);
        Err(farewell.error())
    }

    /// A device of several bodies ends in one of them: its rows and keys go, with what they open.
    fn leave(&self, core: &mut Core, body: BodyId, farewell: &Farewell) -> Result<()> {
        let row = core.body(body)?.row.id;
        let text = serde_json::to_string(farewell).expect("plain data");
        let mut files = core.vault.setting(SWEEP)?.unwrap_or_default();
        core.vault.chunk_files(row)?.iter().for_each(|file| files.extend([file, " "]));
        core.vault.transact(|tx| {
            vault::bodies::forget(tx, row)?;
            vault::set_setting(tx, &format!("{SAID}{row}"), &text)?;
            // What its papers said goes with those of the other bodies: theirs are read again.
            vault::drop_setting(tx, vault::INDEX_KEY)?;
            vault::set_setting(tx, SWEEP, &files)
        })?;
        core.bodies.retain(|known| known.row.id != row);
        self.sweep_files(core)
    }

    /// Removes sealed files whose keys are gone, if a body was left since the last time.
    pub(crate) fn sweep_files(&self, core: &mut Core) -> Result<()> {
        let Some(files) = core.vault.setting(SWEEP)? else { return Ok(()) };
        self.drop_index()?;
        // What the write-ahead log and freed pages still hold of the rows goes too.
        core.vault.compact()?;
        files.split_whitespace().try_for_each(|file| self.files.remove(file))?;
        core.vault.transact(|tx| vault::drop_setting(tx, SWEEP))
    }

    /// What this device had to say where it was revoked in one of several bodies, as long as nobody has read it.
    pub fn farewells(&self) -> Result<Vec<Farewell>> {
        let told = self.core().vault.settings(SAID)?;
        told.values()
            .map(|text| serde_json::from_str(text).map_err(|_| Error::new("vault.damaged")))
            .collect()
    }

    /// The person has read them.
    pub fn forget_farewells(&self) -> Result<()> {
        let mut core = self.core();
        let told = core.vault.settings(SAID)?;
        core.vault.transact(|tx| told.keys().try_for_each(|name| vault::drop_setting(tx, name)))
    }
}

/// Settings: what a device had to say that was revoked in one of several bodies, by the body's row.
const SAID: &str = "farewell:";
/// Setting: sealed files that are still to be removed; their keys are gone.
const SWEEP: &str = "sweep";

#[cfg(test)]
mod tests;
