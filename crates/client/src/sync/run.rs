//! One round of sync, and keeping at it.

use super::CaPin;
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::vault::{Saved, Vault};
use ecabinet_domain::{BodyId, DeviceStatus, Fate, Hash};
use ecabinet_protocol::sync::{Connection, Who};
use ecabinet_record::KeyPair;
use rusqlite::params;
use serde::Serialize;
use std::sync::Arc;

/// Where a body stands on this device after a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub position: u64,
    pub root: String,
    /// Of entries and of papers, in this round.
    pub fetched_bytes: u64,
    /// Of papers, that were here before.
    pub reused_bytes: u64,
    pub papers: Progress,
    pub outbox: OutboxCount,
    /// The server has lost entries up to here and records nothing until they are back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited: Option<Awaited>,
    /// The server was restored and records nothing yet: it lets devices that have more come first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// Chunks that the server has lost and that are damaged on this device: it could not give them back.
    #[serde(skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// `level.beyond`: the body's rules are newer than this program, which goes on reading only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

/// The end of a record that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Awaited {
    /// Entries.
    pub size: u64,
    pub root: Hash,
}

/// What a round has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Bytes of entries.
    pub record: u64,
    /// Bytes of papers.
    pub papers: u64,
    /// Chunks that could not be given back.
    pub unreadable: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub ready: u64,
    pub total: u64,
    #[serde(skip)]
    pub bytes_ready: u64,
    #[serde(skip)]
    pub bytes_total: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
pub struct OutboxCount {
    pub saved: u64,
    pub received: u64,
    pub recorded: u64,
    pub counted: u64,
    pub refused: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Client {
    /// Pushes, pulls, and fetches what belongs here. `record_only` leaves the papers where they are.
    pub async fn sync(&self, body: BodyId, record_only: bool) -> Result<Summary> {
        let connection = self.enrolled_connection(body).await?;
        let fetched = self.round(body, &*connection, record_only).await?;
        self.summary(body, fetched)
    }

    /// Stays in touch until dropped or failed: a round whenever the server says that something is new.
    /// `each` is given the outcome of every round.
    pub async fn follow(&self, body: BodyId, mut each: impl FnMut(Result<Summary>)) -> Result<()> {
        let connection = self.enrolled_connection(body).await?;
        loop {
            // From before the round: what is done while it runs must not wait for the server's hint.
            let mut changes = self.subscribe();
            let fetched = self.round(body, &*connection, false).await?;
            each(self.summary(body, fetched));
            let size = self.with(body, |_, body| Ok(body.replica.size()))?;
            let pace = self.pairing_pace(body)?;
            tokio::select! {
                grown = connection.wait(size) => { grown?; }
                () = tokio::time::sleep(pace.unwrap_or_default()), if pace.is_some() => {}
                () = self.files.damage_found() => {}
                _ = async { while !matches!(changes.recv().await, Ok(Changed::Outbox | Changed::Notes) | Err(_)) {} } => {}
            }
        }
    }

    async fn round(&self, body: BodyId, connection: &dyn Connection, record_only: bool) -> Result<Fetched> {
        // The record first: what this device signs or judges next is on the newest ground.
        let mut fetched = Fetched { record: self.pull(body, connection).await?, ..Fetched::default() };
        self.end_if_revoked(body)?;
        let status =
            self.with(body, |_, body| Ok(body.state()?.devices.get(&body.row.device).map(|d| d.status)))?;
        self.push(body, connection).await?;
        fetched.record += self.pull(body, connection).await?;
        self.end_if_revoked(body)?;
        self.pair(body, connection).await?;
        let active = status == Some(DeviceStatus::Active);
        let mut shared = Ok(());
        if active {
            self.pull_payloads(body, connection).await?;
            self.sync_spaces(body, connection).await?;
            shared = self.sync_shared(body, connection).await;
        }
        // What was done here is on its way by now: nobody waits for this.
        self.keep_folded(body);
        // A registrar administers; papers are the members'.
        if active && !record_only && self.with(body, |_, body| Ok(body.member().is_ok()))? {
            fetched.papers = self.download(body, connection).await?;
        }
        self.note_contact(body)?;
        if active {
            // Last: what is ours is here, whatever becomes of it.
            fetched.unreadable = self.give_back(body, connection).await?;
        }
        // What is wrong with what others share keeps nothing else back.
        shared.map(|()| fetched)
    }

    fn note_contact(&self, body: BodyId) -> Result<()> {
        let now = self.env.clock.now();
        if self.with(body, |_, body| Ok(body.row.ticket.is_some() && body.member().is_ok()))? {
            // The last step of joining, if it was cut off before it.
            self.add_recovery_slot(body)?;
        }
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        // An invitation whose recovery code was not told yet can be accepted again, on this device.
        let joined = body.holder().is_some() && crate::acts::untold_code(vault, row)?.is_none();
        vault.transact(|tx| {
            tx.prepare_cached("UPDATE bodies SET contact = ?2 WHERE id = ?1")?
                .execute(params![row, now as i64])?;
            if joined {
                tx.prepare_cached("UPDATE bodies SET ticket = NULL WHERE id = ?1")?.execute([row])?;
            }
            Ok(())
        })?;
        if joined {
            body.row.ticket = None;
        }
        body.row.contact = Some(now);
        drop(core);
        self.announce(&[Changed::Connection]);
        Ok(())
    }

    /// Opens a session as this device, or as the invited one while the enrolment is on its way.
    pub(crate) async fn connect(&self, body: BodyId) -> Result<Arc<dyn Connection>> {
        let row = self.with(body, |_, body| Ok(body.row.clone()))?;
        let dial = &self.env.dial;
        let (mut pin, mut as_device) = (CaPin::whole(row.ca), Err(Error::new("tls.untrusted")));
        for ca in self.with(body, |_, body| Ok(body.cas()))? {
            pin = CaPin::whole(ca);
            as_device = dial.connect(&row.server, &pin, row.body, Who::Device(row.device), &row.keys).await;
            match &as_device {
                Err(error) if error.code() == "tls.untrusted" => continue,
                Ok(_) if ca != row.ca => self.accept_ca(body, ca)?,
                _ => {}
            }
            break;
        }
        match (as_device, row.ticket) {
            (Err(error), Some(secret)) if error.code() == "device.unknown" => {
                let keys = KeyPair::from_invitation(&secret);
                let who = Who::Invitation(keys.public().sign);
                dial.connect(&row.server, &pin, row.body, who, &keys).await
            }
            (answer, _) => answer,
        }
    }

    /// The enrolment is sent as the invited one; everything after it as the device that it makes.
    async fn enrolled_connection(&self, body: BodyId) -> Result<Arc<dyn Connection>> {
        let connection = self.connect(body).await?;
        if self.with(body, |_, body| Ok(body.row.ticket.is_none() || body.holder().is_some()))? {
            return Ok(connection);
        }
        self.push(body, &*connection).await?;
        self.connect(body).await
    }

    pub fn summary(&self, body: BodyId, fetched: Fetched) -> Result<Summary> {
        let papers = self.progress(body)?;
        self.with(body, |vault, body| {
            let outbox = outbox_count(vault, body)?;
            let reused_bytes = papers.bytes_ready.saturating_sub(fetched.papers);
            let fetched_bytes = fetched.record + fetched.papers;
            let (position, root) = (body.replica.size(), body.replica.tree().root().to_string());
            let advice = body.replica.is_outdated().then_some("level.beyond");
            let awaited = body.server.awaited.as_ref();
            Ok(Summary {
                position,
                root,
                fetched_bytes,
                reused_bytes,
                papers,
                outbox,
                awaited: awaited.map(|note| Awaited { size: note.size, root: note.root }),
                held: body.server.held,
                unreadable: fetched.unreadable,
                advice,
            })
        })
    }

    /// How many papers are all here.
    pub fn progress(&self, body: BodyId) -> Result<Progress> {
        self.with(body, |vault, body| {
            let papers = super::download::papers(vault, body)?;
            let missing =
                |paper: &super::Paper| paper.missing.iter().map(|chunk| u64::from(chunk.size)).sum::<u64>();
            Ok(Progress {
                ready: papers.iter().filter(|paper| paper.missing.is_empty()).count() as u64,
                total: papers.len() as u64,
                bytes_ready: papers.iter().map(|paper| paper.size - missing(paper)).sum(),
                bytes_total: papers.iter().map(|paper| paper.size).sum(),
            })
        })
    }

    /// Whether the error means that the server was not there, and not that it refused.
    pub fn is_offline(error: &Error) -> bool {
        matches!(error.code(), "net.unreachable" | "net.cut")
    }
}

fn outbox_count(vault: &Vault, body: &Body) -> Result<OutboxCount> {
    let mut outbox = OutboxCount::default();
    for (state, count) in vault.outbox_counts(body.row.id)? {
        match state {
            Saved::Saved => outbox.saved = count,
            Saved::Received => outbox.received = count,
            Saved::Refused => outbox.refused = count,
            Saved::Recorded => outbox.recorded = count,
        }
    }
    let (state, Ok(member)) = (body.state()?, body.member()) else { return Ok(outbox) };
    for poll in state.polls.values().filter(|poll| poll.close.is_some()) {
        // Only a member's last ballot counts; another of his devices may have made it. A substitute makes others'.
        let others = poll.rule().substitutes.then(|| poll.current.values().map(|&at| &poll.ballots[at]));
        let others =
            others.into_iter().flatten().filter(|made| made.author == member && made.member != member);
        for ballot in poll.current_of(member).into_iter().chain(others) {
            let counts = poll.fate(ballot, state) == Fate::Ok;
            if counts && vault.is_recorded(body.row.id, ballot.statement)? {
                outbox.recorded -= 1;
                outbox.counted += 1;
            }
        }
    }
    Ok(outbox)
}
