//! What became of what was done here, and who has what.

use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::{OutboxRow, Saved, Vault};
use ecabinet_domain as domain;
use ecabinet_domain::{BodyId, Fate, MeetingId, MemberId, State, StatementId};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{MeetingContent, MemberContent};
use serde::Serialize;

/// How far an act has come, never shown as more than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ActState {
    Saved,
    Received,
    Recorded,
    Counted,
    Late,
    Superseded,
    Stale,
    Ineligible,
    Refused,
}

impl ActState {
    /// What has become of a recorded ballot.
    pub fn of_fate(fate: Fate, open: bool) -> ActState {
        match (fate, open) {
            (Fate::Ok, true) => ActState::Recorded,
            (Fate::Ok, false) => ActState::Counted,
            (Fate::Late, _) => ActState::Late,
            (Fate::Superseded, _) => ActState::Superseded,
            (Fate::Stale, _) => ActState::Stale,
            (Fate::Ineligible, _) => ActState::Ineligible,
        }
    }
}

/// Something done on this device.
#[derive(Debug, Clone)]
pub struct Act {
    pub statement: StatementId,
    pub kind: &'static str,
    pub state: ActState,
    pub error: Option<ApiError>,
    /// ms since 1970 by this device.
    pub saved_at: u64,
    /// ms since 1970 by the server.
    pub recorded_at: Option<u64>,
    pub row: OutboxRow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    pub id: MemberId,
    pub name: String,
    pub title: String,
    pub offices: Vec<String>,
    pub order: u64,
    pub since: u64,
    pub until: Option<u64>,
    /// Who prepares for him.
    pub staff: Vec<MemberId>,
}

impl Client {
    /// All that was done here, newest first.
    pub fn acts(&self, body: BodyId) -> Result<Vec<Act>> {
        self.with(body, |vault, body| {
            let rows = vault.outbox(body.row.id)?.into_iter().filter(|row| !is_anothers(body, row));
            let mut acts: Vec<Act> = rows.map(|row| act_of(body, row)).collect();
            acts.reverse();
            Ok(acts)
        })
    }

    pub fn act_state(&self, body: BodyId, statement: StatementId) -> Result<Act> {
        let acts = self.acts(body)?;
        acts.into_iter().find(|act| act.statement == statement).ok_or(Error::new("act.unknown"))
    }

    /// Lets refused acts be offered again.
    pub fn retry_acts(&self, body: BodyId) -> Result<usize> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        vault.transact(|tx| crate::vault::outbox::retry(tx, row))
    }

    /// Gives up an act that is not in the record. One that the server may have is not given up.
    pub fn drop_act(&self, body: BodyId, statement: StatementId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        let outbox = vault.outbox(row)?;
        let own = outbox.iter().find(|own| own.statement == statement);
        // A form goes with its dossier, and neither without the other.
        let whole = own.is_some_and(|own| matches!(own.header.act, domain::Act::FormSend(_)));
        let given_up = |other: &&OutboxRow| {
            other.statement == statement || whole && own.is_some_and(|own| own.batch == other.batch)
        };
        let ids: Vec<StatementId> = outbox.iter().filter(given_up).map(|own| own.statement).collect();
        let dropped = vault.transact(|tx| {
            ids.iter().try_fold(false, |any, id| Ok(crate::vault::outbox::remove(tx, row, *id)? || any))
        })?;
        if dropped { Ok(()) } else { Err(Error::new("act.cannot_drop")) }
    }

    /// Members in protocol order; retired ones last.
    pub fn members(&self, body: BodyId) -> Result<Vec<MemberRow>> {
        self.with(body, |vault, body| {
            let mut rows = Vec::new();
            for member in body.state()?.members.values() {
                let content = member_content(vault, body, member.id)?;
                rows.push(MemberRow {
                    id: member.id,
                    name: content.name,
                    title: content.title,
                    offices: member.offices.clone(),
                    order: member.order,
                    since: member.since,
                    until: member.until,
                    staff: body.state()?.staff_of(member.id).to_vec(),
                });
            }
            rows.sort_by_key(|row| (row.until.is_some(), row.order, row.id));
            Ok(rows)
        })
    }

    /// The body's state by the record as far as it is here.
    pub fn state(&self, body: BodyId) -> Result<State> {
        self.with(body, |_, body| body.state().cloned())
    }

    /// The proof that an own statement is in the record.
    pub fn receipt(&self, body: BodyId, statement: StatementId) -> Result<String> {
        let held = self.with(body, |vault, body| vault.receipt(body.row.id, &statement.0))?;
        held.ok_or(Error::new("receipt.none"))
    }

    /// The newest published meeting that has not begun a day ago, or the newest of all.
    pub fn next_meeting(&self, body: BodyId) -> Result<Option<MeetingId>> {
        let now = self.env.clock.now();
        self.with(body, |vault, body| {
            let mut starts = Vec::new();
            for (id, meeting) in &body.state()?.meetings {
                let Some(at) = meeting.published_at else { continue };
                if body.content::<MeetingContent>(vault, at)?.is_some_and(|content| content.dossier) {
                    continue;
                }
                starts.push((body.starts(vault, at)?.unwrap_or_default(), *id));
            }
            starts.sort();
            let next = starts.iter().find(|(at, _)| at + 24 * 60 * 60 * 1000 >= now).or(starts.last());
            Ok(next.map(|(_, id)| *id))
        })
    }
}

pub(crate) fn member_content(vault: &Vault, body: &Body, id: MemberId) -> Result<MemberContent> {
    let set_at = body.state()?.members.get(&id).ok_or(Error::new("member.unknown"))?.set_at;
    let unknown = || MemberContent { name: id.to_string(), title: String::new() };
    Ok(body.content(vault, set_at)?.unwrap_or_else(unknown))
}

/// Whether a statement in the outbox was signed on somebody else's device: it goes out with one of this person.
pub(crate) fn is_anothers(body: &Body, row: &OutboxRow) -> bool {
    let by = row.header.device;
    by != body.row.device && body.replica.state().is_some_and(|state| state.devices.contains_key(&by))
}

pub(crate) fn act_of(body: &Body, row: OutboxRow) -> Act {
    let state = body.replica.state();
    let fate = state.and_then(|state| {
        let domain::Act::BallotCast(cast) = &row.header.act else { return None };
        let poll = state.polls.get(&cast.poll)?;
        let ballot = poll.ballot(row.statement)?;
        Some((poll.fate(ballot, state), poll.close.is_none(), ballot.time))
    });
    let reached = match (row.state, &fate) {
        (Saved::Saved, _) => ActState::Saved,
        (Saved::Received, _) => ActState::Received,
        (Saved::Refused, _) => ActState::Refused,
        (Saved::Recorded, None) => ActState::Recorded,
        (Saved::Recorded, Some((fate, open, _))) => ActState::of_fate(*fate, *open),
    };
    Act {
        statement: row.statement,
        kind: row.header.act.kind(),
        state: reached,
        error: row.error.clone(),
        saved_at: row.saved_at,
        recorded_at: fate.map(|(_, _, time)| time),
        row,
    }
}
