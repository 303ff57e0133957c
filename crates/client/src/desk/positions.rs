//! Positions before a meeting, as their author and as others see them.

use super::{Desk, id};
use crate::acts::NewPosition;
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use crate::status::{Act, act_of, member_content};
use crate::vault::{Saved, Vault};
use ecabinet_domain as domain;
use ecabinet_domain::{Basis, BodyId, ItemId, MemberId, Paper, PositionPayload, Rev, RevId, State};
use ecabinet_protocol::ui::*;

impl Client {
    /// The member's own position on an item.
    pub fn own_position(&self, body: BodyId, item: ItemId) -> Result<Option<PositionView>> {
        self.with(body, |vault, body| OwnPositions::read(vault, body)?.on(item))
    }

    /// What members say of an item, as far as this person may see it.
    pub fn positions(&self, body: BodyId, item: ItemId) -> Result<PositionsView> {
        self.with(body, |vault, body| Voters::read(vault, body)?.positions(item))
    }
}

impl Desk {
    pub(super) fn state_all(&self, args: StatePositions) -> Result<()> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let client = self.client()?;
        for new in args.positions {
            let (item, choice) = (id(&new.item)?, from_stance(new.stance));
            client.state_position(body, NewPosition { item, choice, text: new.text })?;
        }
        Ok(())
    }
}

/// Why this person cannot state positions here; none if he can.
pub(super) fn cannot_state(body: &Body) -> Result<Option<Failure>> {
    let state = body.state()?;
    let votes = body.member().is_ok_and(|me| state.members.get(&me).is_some_and(|me| me.has_vote()));
    let code = match (state.level, votes) {
        (..3, _) => "level.needed",
        (_, false) => "member.no_vote",
        (_, true) if body.is_pending()? => "device.pending",
        (_, true) => return Ok(None),
    };
    Ok(Some(Failure { code: code.into(), params: Default::default() }))
}

/// The member's own positions: made here, or on another of his devices.
pub(super) struct OwnPositions<'a> {
    vault: &'a Vault,
    body: &'a Body,
    /// Newest first.
    made: Vec<Act>,
}

impl<'a> OwnPositions<'a> {
    pub(super) fn read(vault: &'a Vault, body: &'a Body) -> Result<Self> {
        let rows = vault.outbox(body.row.id)?.into_iter().rev();
        let own = rows.filter(|row| matches!(row.header.act, domain::Act::PositionState(_)));
        let made = own.map(|row| act_of(body, row)).collect();
        Ok(OwnPositions { vault, body, made })
    }

    pub(super) fn on(&self, item: ItemId) -> Result<Option<PositionView>> {
        let state = self.body.state()?;
        let of_item =
            |act: &&Act| matches!(&act.row.header.act, domain::Act::PositionState(made) if made.item == item);
        let stands = self.body.member().ok().and_then(|me| state.positions.get(&(item, me)));
        let made = self.made.iter().find(of_item).filter(|act| match stands {
            // Another of his devices has said something since.
            Some(stands) if act.row.state == Saved::Recorded => stands.statement == act.statement,
            Some(_) => act.row.lost().is_none(),
            None => true,
        });
        let (Some(statement), at) = (
            made.map(|act| act.statement).or(stands.map(|stands| stands.statement)),
            made.map_or(stands.map(|stands| stands.at), |act| act.row.index),
        ) else {
            return Ok(None);
        };
        let said = match made.and_then(|act| act.row.payload.as_ref()) {
            Some(payload) => PositionPayload::parse(&payload.bytes),
            None => at.map(|at| said(self.vault, self.body, at)).transpose()?.flatten(),
        };
        let recorded_at = match at.filter(|_| made.is_none_or(|act| act.row.state == Saved::Recorded)) {
            Some(at) => Some(self.body.time(self.vault, at)?),
            None => None,
        };
        let reached = made.map_or(ActState::Recorded, Into::into);
        let basis = match made.map(|act| &act.row.header.act) {
            Some(domain::Act::PositionState(made)) => Some(made.basis),
            _ => stands.map(|stands| stands.basis),
        };
        let stale =
            reached == ActState::Recorded && basis.is_some_and(|basis| !is_of_now(state, item, basis));
        Ok(Some(PositionView {
            statement: statement.to_string(),
            stance: said.as_ref().map(|said| to_stance(said.choice)),
            text: said.and_then(|said| said.text),
            state: if stale { ActState::Stale } else { reached },
            failure: made.and_then(|act| act.error.clone()).map(Into::into),
            saved_at: made.map_or(recorded_at.unwrap_or_default(), |act| act.saved_at),
            recorded_at,
        }))
    }
}

/// Members with a vote, in protocol order, read once for many items.
pub(super) struct Voters<'a> {
    vault: &'a Vault,
    body: &'a Body,
    all: Vec<(MemberId, String, String)>,
}

impl<'a> Voters<'a> {
    pub(super) fn read(vault: &'a Vault, body: &'a Body) -> Result<Self> {
        let mut all = Vec::new();
        for member in body.state()?.in_order().into_iter().filter(|member| member.has_vote()) {
            let content = member_content(vault, body, member.id)?;
            all.push((member.id, content.name, content.title));
        }
        Ok(Voters { vault, body, all })
    }

    /// What they say of an item.
    pub(super) fn positions(&self, item: ItemId) -> Result<PositionsView> {
        let state = self.body.state()?;
        let mut view =
            PositionsView { object: 0, speak: 0, agree: 0, silent: 0, unseen: 0, members: Vec::new() };
        for (member, name, title) in &self.all {
            let position = state.positions.get(&(item, *member));
            let said = match position {
                Some(position) => said(self.vault, self.body, position.at)?,
                None => None,
            };
            let stance = said.as_ref().map(|said| to_stance(said.choice));
            *match (position, stance) {
                (None, _) => &mut view.silent,
                (Some(_), None) => &mut view.unseen,
                (Some(_), Some(Stance::Agree)) => &mut view.agree,
                (Some(_), Some(Stance::Speak)) => &mut view.speak,
                (Some(_), Some(Stance::Object)) => &mut view.object,
            } += 1;
            view.members.push(MemberPosition {
                member: member.to_string(),
                name: name.clone(),
                title: title.clone(),
                stance,
                text: said.and_then(|said| said.text),
                stated_at: position.map(|position| self.body.time(self.vault, position.at)).transpose()?,
                stale: position.is_some_and(|position| !is_of_now(state, item, position.basis)),
            });
        }
        Ok(view)
    }
}

fn said(vault: &Vault, body: &Body, at: u64) -> Result<Option<PositionPayload>> {
    Ok(vault.payload(body.row.id, at)?.and_then(|payload| PositionPayload::parse(&payload.bytes)))
}

/// Whether a position was stated on the papers that are before the body now; signed, they are the same text.
fn is_of_now(state: &State, item: ItemId, basis: Basis) -> bool {
    let revs = state.current_revs(item);
    let unsigned = |rev: &Rev| Rev {
        rev: state.papers.get(&rev.paper).map_or(rev.rev, |paper| text_of(paper, rev.rev)),
        ..*rev
    };
    basis == Basis::of(revs) || basis == Basis::of(&revs.iter().map(unsigned).collect::<Vec<_>>())
}

/// The revision whose text this one is, before any signature.
fn text_of(paper: &Paper, rev: RevId) -> RevId {
    let upto = paper.revs.iter().position(|(known, _)| *known == rev).map_or(0, |at| at + 1);
    let before = paper.revs[..upto].iter().rev().map(|(known, _)| *known);
    before.into_iter().find(|known| !paper.signed.contains_key(known)).unwrap_or(rev)
}

fn to_stance(stance: domain::Stance) -> Stance {
    match stance {
        domain::Stance::Agree => Stance::Agree,
        domain::Stance::Speak => Stance::Speak,
        domain::Stance::Object => Stance::Object,
    }
}

fn from_stance(stance: Stance) -> domain::Stance {
    match stance {
        Stance::Agree => domain::Stance::Agree,
        Stance::Speak => domain::Stance::Speak,
        Stance::Object => domain::Stance::Object,
    }
}
