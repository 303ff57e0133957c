//! What was concluded on items, corrections too.

use super::{Desk, blocks, body_id, id};
use crate::acts::NewConclusion;
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain as domain;
use ecabinet_domain::act::ConclusionWrite;
use ecabinet_domain::{Act, BodyId, Header, ItemId, MemberId, Outcome, StatementId};
use ecabinet_protocol::content::{self, ConclusionContent};
use ecabinet_protocol::ui::{Conclude, Conclusion, ConclusionRef, ConclusionView};
use ecabinet_record::Leaf;

impl Client {
    /// What was concluded on an item: what holds now first, then what it corrects.
    pub fn conclusions(&self, body: BodyId, item: ItemId) -> Result<Vec<ConclusionView>> {
        self.with(body, |vault, body| all(vault, body, item))
    }
}

impl Desk {
    pub(super) fn write_conclusion(&self, args: &Conclude) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let new = NewConclusion {
            item: id(&args.item)?,
            outcome: from_conclusion(args.conclusion),
            by: args.by.as_deref().map(id).transpose()?,
            poll: args.poll.as_deref().map(id).transpose()?,
            text: args.text.trim().to_owned(),
        };
        self.client()?.conclude(body, new).map(|_| ())
    }

    pub(super) fn confirm_written(&self, args: &ConclusionRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.confirm_conclusion(body, id(&args.conclusion)?).map(|_| ())
    }
}

/// What holds now, or is on its way from here.
pub(super) fn newest(vault: &Vault, body: &Body, item: ItemId) -> Result<Option<ConclusionView>> {
    match on_its_way(vault, body, item)? {
        Some(view) => Ok(Some(view)),
        None => recorded(vault, body, item),
    }
}

/// What holds now first, then what it corrects.
pub(super) fn all(vault: &Vault, body: &Body, item: ItemId) -> Result<Vec<ConclusionView>> {
    let mut views: Vec<_> = on_its_way(vault, body, item)?.into_iter().collect();
    let Some(now) = recorded(vault, body, item)? else { return Ok(views) };
    views.push(now);
    let mut at = body.state()?.conclusions[&item].at;
    // The record's state keeps what holds now; each names what it corrects.
    while let Some(former) = written(vault, body, at)?.and_then(|(act, _)| act.replaces) {
        let Some(place) = body.replica.position(former) else { break };
        let Some((act, capacity)) = written(vault, body, place)? else { break };
        views.push(view(vault, body, former, place, &act, &capacity)?);
        at = place;
    }
    Ok(views)
}

fn recorded(vault: &Vault, body: &Body, item: ItemId) -> Result<Option<ConclusionView>> {
    let Some(now) = body.state()?.conclusions.get(&item) else { return Ok(None) };
    let Some((act, capacity)) = written(vault, body, now.at)? else { return Ok(None) };
    let confirms =
        |act: &Act| matches!(act, Act::ConclusionConfirm(made) if made.conclusion == now.statement);
    let confirming = vault.waiting(body.row.id)?.iter().any(|row| confirms(&row.header.act));
    let confirmed_at = now.confirmed.map(|at| body.time(vault, at)).transpose()?;
    let view = view(vault, body, now.statement, now.at, &act, &capacity)?;
    Ok(Some(ConclusionView { confirmed_at, confirming, ..view }))
}

fn on_its_way(vault: &Vault, body: &Body, item: ItemId) -> Result<Option<ConclusionView>> {
    for row in vault.waiting(body.row.id)?.into_iter().rev() {
        let Act::ConclusionWrite(act) = &row.header.act else { continue };
        if act.item != item {
            continue;
        }
        let said =
            row.payload.as_ref().and_then(|payload| content::read::<ConclusionContent>(&payload.bytes));
        return Ok(Some(ConclusionView {
            statement: row.statement.to_string(),
            conclusion: to_conclusion(act.outcome),
            by: title(vault, body, act.by)?,
            text: said.map(|said| said.text),
            author: member_content(vault, body, body.member()?)?.name,
            capacity: row.header.capacity.0.clone(),
            written_at: None,
            confirmed_at: None,
            confirming: false,
        }));
    }
    Ok(None)
}

fn view(
    vault: &Vault,
    body: &Body,
    statement: StatementId,
    at: u64,
    act: &ConclusionWrite,
    capacity: &str,
) -> Result<ConclusionView> {
    Ok(ConclusionView {
        statement: statement.to_string(),
        conclusion: to_conclusion(act.outcome),
        by: title(vault, body, act.by)?,
        text: body.content::<ConclusionContent>(vault, at)?.map(|said| said.text),
        author: blocks::author(vault, body, at)?,
        capacity: capacity.to_owned(),
        written_at: Some(body.time(vault, at)?),
        confirmed_at: None,
        confirming: false,
    })
}

fn title(vault: &Vault, body: &Body, by: Option<MemberId>) -> Result<Option<String>> {
    by.map(|by| Ok(member_content(vault, body, by)?.title)).transpose()
}

/// What an entry concluded, and in which capacity.
fn written(vault: &Vault, body: &Body, at: u64) -> Result<Option<(ConclusionWrite, String)>> {
    let leaf = vault.leaf(body.row.id, at)?.and_then(|leaf| Leaf::parse(&leaf));
    let header = leaf.and_then(|leaf| Header::parse(&leaf.envelope.header));
    Ok(header.and_then(|header| match header.act {
        Act::ConclusionWrite(act) => Some((act, header.capacity.0)),
        _ => None,
    }))
}

fn to_conclusion(outcome: Outcome) -> Conclusion {
    match outcome {
        domain::Outcome::Adopted => Conclusion::Adopted,
        domain::Outcome::Changes => Conclusion::Changes,
        domain::Outcome::Deferred => Conclusion::Deferred,
        domain::Outcome::Rejected => Conclusion::Rejected,
    }
}

fn from_conclusion(conclusion: Conclusion) -> Outcome {
    match conclusion {
        Conclusion::Adopted => Outcome::Adopted,
        Conclusion::Changes => Outcome::Changes,
        Conclusion::Deferred => Outcome::Deferred,
        Conclusion::Rejected => Outcome::Rejected,
    }
}
