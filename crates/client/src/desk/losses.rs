//! What a restored server has lost for good, told to the person whose acts are among it.

use super::act;
use super::{Desk, body_id, sign};
use crate::acts;
use crate::body::Body;
use crate::error::Result;
use crate::vault::{LostEntry, OutboxRow, Vault};
use ecabinet_domain as domain;
use ecabinet_domain::act::{PollExtend, PollRecall};
use ecabinet_domain::{Act, DeviceStatus, Header, ItemId, Rev, RevId, Rule, StatementId};
use ecabinet_protocol::content::{self, ItemContent, PaperContent, PollContent, Why};
use ecabinet_protocol::ui::{LossView, LostAct, LostKind, Redo, SignState, Target, Topic};
use serde::de::DeserializeOwned;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

impl Desk {
    pub(super) fn loss_views(&self, body: &str) -> Result<Vec<LossView>> {
        self.client()?.with(body_id(body)?, views)
    }

    pub(super) fn losses_read(&self, body: &str) -> Result<()> {
        let (client, body) = (self.client()?, body_id(body)?);
        let (name, all) = client.with(body, |_, body| Ok((mark(body), body.state()?.epochs.len())))?;
        client.remember(&name, &all.to_string())?;
        self.shell.changed(&[Topic::Record]);
        Ok(())
    }
}

/// The setting that tells of how many losses the person has read.
fn mark(body: &Body) -> String {
    format!("losses_read:{}", body.row.body)
}

/// Every loss that the record tells of, newest first.
pub(super) fn views(vault: &Vault, body: &Body) -> Result<Vec<LossView>> {
    let state = body.state()?;
    if state.epochs.is_empty() {
        return Ok(Vec::new());
    }
    let read: u64 = vault.setting(&mark(body))?.and_then(|count| count.parse().ok()).unwrap_or(0);
    let came = state.devices.get(&body.row.device).map_or(0, |device| device.enrolled_at);
    let (entries, outbox) = (entries(vault, body)?, vault.outbox(body.row.id)?);
    let mut views = Vec::new();
    for (entry, epoch) in state.epochs.iter().rev() {
        let number = epoch.number.get();
        let lost: Vec<_> = entries.iter().filter(|(lost, _)| lost.epoch == number).collect();
        views.push(LossView {
            epoch: number,
            at: body.time(vault, *entry)?,
            from: lost.first().map_or(*entry, |(lost, _)| lost.index),
            why: body.content::<Why>(vault, *entry)?.map(|why| why.why),
            kinds: kinds(body, &lost),
            own: own(vault, body, &lost, outbox.iter().filter(|row| row.lost() == Some(number)))?,
            read: number <= read || *entry < came,
        });
    }
    Ok(views)
}

fn entries(vault: &Vault, body: &Body) -> Result<Vec<(LostEntry, Header)>> {
    let lost = vault.lost(body.row.id)?.into_iter();
    Ok(lost
        .filter_map(|lost| Header::parse(&lost.leaf.envelope.header).map(|header| (lost, header)))
        .collect())
}

/// Whether the person made it, on this or another device of his.
fn is_own(body: &Body, header: &Header) -> bool {
    let of = |device| body.replica.state()?.devices.get(device).map(|device| device.holder);
    header.device == body.row.device || of(&header.device).is_some_and(|holder| Some(holder) == body.holder())
}

fn kinds(body: &Body, lost: &[&(LostEntry, Header)]) -> Vec<LostKind> {
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (_, header) in lost {
        let (count, own) = counts.entry(header.act.kind()).or_default();
        *count += 1;
        *own += u64::from(is_own(body, header));
    }
    let kind = |(kind, (count, own)): (&str, _)| LostKind { kind: kind.to_owned(), count, own };
    let mut kinds: Vec<_> = counts.into_iter().map(kind).collect();
    kinds.sort_by_key(|kind| (Reverse(kind.own), Reverse(kind.count)));
    kinds
}

/// The person's own acts of which each counts: the newest ballot of a poll, the newest position on an item, what was recorded and what only waited.
fn own<'a>(
    vault: &Vault,
    body: &Body,
    lost: &[&(LostEntry, Header)],
    waited: impl Iterator<Item = &'a OutboxRow>,
) -> Result<Vec<LostAct>> {
    let recorded = lost
        .iter()
        .filter(|(_, header)| is_own(body, header))
        .map(|(lost, header)| (lost.leaf.envelope.id(), lost.leaf.time, header, lost.payload.as_ref()));
    let mut made: Vec<_> = recorded.collect();
    let known: BTreeSet<_> = made.iter().map(|(statement, ..)| *statement).collect();
    let waited = waited.filter(|row| !known.contains(&row.statement));
    made.extend(waited.map(|row| (row.statement, row.saved_at, &row.header, row.payload.as_ref())));
    made.sort_by_key(|(_, at, ..)| Reverse(*at));
    let (mut acts, mut polls, mut items) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (statement, at, header, payload) in made {
        if let Act::BallotCast(ballot) = &header.act
            && !polls.insert(ballot.poll)
        {
            continue;
        }
        if let Act::PositionState(position) = &header.act
            && !items.insert(position.item)
        {
            continue;
        }
        let Some(redo) = redo(vault, body, &header.act)? else { continue };
        let (subject, choice) = act::subject(vault, body, &header.act, payload)?;
        let (statement, kind) = (statement.to_string(), header.act.kind().to_owned());
        acts.push(LostAct { statement, kind, subject, choice, at, redo });
    }
    Ok(acts)
}

/// Whether a lost act of the person's can be done again; none for what is not done singly, or not in this program.
pub(super) fn redo(vault: &Vault, body: &Body, act: &Act) -> Result<Option<Redo>> {
    let state = body.state()?;
    let Ok(me) = body.member() else { return Ok(None) };
    Ok(Some(match act {
        Act::BallotCast(ballot) => match state.polls.get(&ballot.poll) {
            None => Redo::Gone,
            Some(_) if acts::standing(vault, body, ballot.poll, me)?.is_some() => Redo::Done,
            Some(poll) if poll.is_open() => now(match poll.form() {
                Some(_) => Target::Form { form: ballot.poll.to_string() },
                None => Target::Poll { poll: ballot.poll.to_string() },
            }),
            Some(_) => Redo::Ended,
        },
        Act::PaperSign(signed) => {
            let rev = Rev { paper: signed.paper, rev: signed.rev };
            let known = |paper: &&domain::Paper| paper.revs.iter().any(|(rev, _)| *rev == signed.rev);
            match state.papers.get(&signed.paper).filter(known) {
                None => Redo::Gone,
                Some(paper) => match sign::state(vault, body, paper.item, rev, me)? {
                    SignState::Due | SignState::Refused => {
                        now(Target::Sign { paper: rev.paper.to_string(), rev: rev.rev.to_string() })
                    }
                    SignState::NotAsked => Redo::Ended,
                    SignState::Saved | SignState::Received | SignState::Recorded => Redo::Done,
                },
            }
        }
        Act::PollOpen(open) => match state.items.contains_key(&open.item) {
            false => Redo::Gone,
            true if state.polls.values().any(|poll| {
                matches!(poll.of, domain::PollOf::Item) && poll.asks_about(open.item) && poll.is_open()
            }) =>
            {
                Redo::Done
            }
            true => now(Target::Item { item: open.item.to_string() }),
        },
        Act::PositionState(position) => match state.items.contains_key(&position.item) {
            false => Redo::Gone,
            true if state.positions.contains_key(&(position.item, me)) => Redo::Done,
            true => now(Target::Item { item: position.item.to_string() }),
        },
        Act::BlockOpen(block) => {
            let same = |poll: &domain::Poll| poll.is_block() && poll.is_open() && poll.items == block.items;
            match block.items.iter().all(|item| state.items.contains_key(item)) {
                false => Redo::Gone,
                true if state.polls.values().any(same) => Redo::Done,
                true => now(Target::Item { item: block.items[0].to_string() }),
            }
        }
        Act::ConclusionWrite(conclusion) => match state.items.contains_key(&conclusion.item) {
            false => Redo::Gone,
            true if state.conclusions.contains_key(&conclusion.item) => Redo::Done,
            true => now(Target::Item { item: conclusion.item.to_string() }),
        },
        Act::PollPull(pull) => match state.polls.get(&pull.poll) {
            None => Redo::Gone,
            Some(poll) if poll.pulled.contains_key(&pull.item) => Redo::Done,
            Some(poll) if poll.is_open() => now(Target::Poll { poll: pull.poll.to_string() }),
            Some(_) => Redo::Ended,
        },
        Act::PollClose(close) => match state.polls.get(&close.poll) {
            None => Redo::Gone,
            Some(poll) if poll.is_open() && poll.form().is_some() => {
                now(Target::Form { form: close.poll.to_string() })
            }
            Some(poll) if poll.is_open() => now(Target::Item { item: poll.item().to_string() }),
            Some(_) => Redo::Done,
        },
        Act::DeviceConfirm(confirm) => match state.devices.get(&confirm.device).map(|device| device.status) {
            None => Redo::Gone,
            Some(DeviceStatus::Pending) => now(Target::Devices),
            Some(_) => Redo::Done,
        },
        Act::DeviceRevoke(revoke) => match state.devices.get(&revoke.device).map(|device| device.status) {
            None | Some(DeviceStatus::Revoked) => Redo::Done,
            Some(_) => now(Target::Devices),
        },
        Act::PollExtend(PollExtend { poll, .. }) | Act::PollRecall(PollRecall { poll }) => {
            match state.polls.get(poll) {
                None => Redo::Gone,
                Some(known) if known.is_open() => now(match known.form() {
                    Some(_) => Target::Form { form: poll.to_string() },
                    None => Target::Item { item: known.item().to_string() },
                }),
                Some(_) => Redo::Ended,
            }
        }
        _ => return Ok(None),
    }))
}

fn now(target: Target) -> Redo {
    Redo::Now { target }
}

/// Question and rule of a lost poll.
pub(super) fn poll(vault: &Vault, body: &Body, id: StatementId) -> Result<Option<(String, Rule)>> {
    for (lost, header) in entries(vault, body)? {
        let rule = match header.act {
            Act::PollOpen(open) => open.rule,
            Act::BlockOpen(block) => block.rule,
            _ => continue,
        };
        if lost.leaf.envelope.id() == id {
            return Ok(said::<PollContent>(&lost).map(|content| (content.question, rule)));
        }
    }
    Ok(None)
}

/// Title of a lost item; empty if it was not here.
pub(super) fn item_title(vault: &Vault, body: &Body, item: ItemId) -> Result<String> {
    let of = |act: &Act| matches!(act, Act::ItemSet(set) if set.item == item);
    Ok(newest::<ItemContent>(vault, body, of)?.map_or(String::new(), |content| content.title))
}

/// Title of a lost revision of a paper; empty if it was not here.
pub(super) fn paper_title(vault: &Vault, body: &Body, rev: RevId) -> Result<String> {
    let of = |act: &Act| matches!(act, Act::PaperPublish(publish) if publish.rev == rev);
    Ok(newest::<PaperContent>(vault, body, of)?.map_or(String::new(), |content| content.title))
}

fn newest<T: DeserializeOwned>(vault: &Vault, body: &Body, of: impl Fn(&Act) -> bool) -> Result<Option<T>> {
    let entries = entries(vault, body)?;
    Ok(entries.iter().rev().filter(|(_, header)| of(&header.act)).find_map(|(lost, _)| said(lost)))
}

fn said<T: DeserializeOwned>(lost: &LostEntry) -> Option<T> {
    content::read(&lost.payload.as_ref()?.bytes)
}
