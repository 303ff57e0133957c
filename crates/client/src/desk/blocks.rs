//! One vote over several items, and items that were taken out of it.

use super::polls::{PollHere, item_number};
use super::{Desk, body_id, id};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::member_content;
use crate::vault::Vault;
use crate::views;
use ecabinet_domain::{Act, Header, Holder, ItemId, StatementId};
use ecabinet_protocol::content::{self, PollContent, Why};
use ecabinet_protocol::ui::*;
use ecabinet_record::Leaf;

impl Desk {
    pub(super) fn start_block(&self, args: &StartBlock) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let items = args.items.iter().map(|item| id(item)).collect::<Result<Vec<ItemId>>>()?;
        let client = self.client()?;
        let rule = self.rule(body, &args.rule)?;
        let content = PollContent {
            question: args.question.clone(),
            basis: rule.basis,
            labels: rule.labels,
            options: Vec::new(),
        };
        client.open_block(body, items, rule.rule, &content).map(|_| ())
    }

    pub(super) fn pull(&self, args: &PullItem) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let why = args.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        self.client()?.pull_item(body, id(&args.poll)?, id(&args.item)?, why).map(|_| ())
    }
}

impl PollHere<'_> {
    /// The items that it is about, those that were taken out too.
    pub(super) fn items(&self, vault: &Vault, body: &Body) -> Result<Vec<PollItem>> {
        let mut items = Vec::new();
        for item in &self.poll.items {
            let content = views::item_content(vault, body, *item)?;
            items.push(PollItem {
                item: item.to_string(),
                number: item_number(vault, body, *item)?,
                title: content.map_or(String::new(), |content| content.title),
                pulled: pulled(vault, body, self, *item)?,
            });
        }
        Ok(items)
    }
}

/// Who took an item out of the last block that it was in, where nothing is asked about it since.
pub(super) fn taken_out(vault: &Vault, body: &Body, item: ItemId) -> Result<Option<PulledView>> {
    let polls = body.state()?.polls.iter();
    let about = polls.filter(|(_, poll)| poll.form().is_none() && poll.items.contains(&item));
    let Some((id, poll)) = about.max_by_key(|(_, poll)| poll.opened_at) else { return Ok(None) };
    if !poll.is_block() {
        return Ok(None);
    }
    let Some(content) = body.content(vault, poll.opened_at)? else { return Ok(None) };
    pulled(vault, body, &PollHere { id: *id, poll, content }, item)
}

fn pulled(vault: &Vault, body: &Body, here: &PollHere, item: ItemId) -> Result<Option<PulledView>> {
    if let Some(pulled) = here.poll.pulled.get(&item) {
        let why = body.content::<Why>(vault, pulled.at)?.map(|why| why.why);
        let at = Some(body.time(vault, pulled.at)?);
        return Ok(Some(PulledView { name: author(vault, body, pulled.at)?, why, at }));
    }
    // One's own that is still on its way.
    let own = |act: &Act| matches!(act, Act::PollPull(pull) if pull.poll == here.id && pull.item == item);
    let Some(row) = vault.waiting(body.row.id)?.into_iter().find(|row| own(&row.header.act)) else {
        return Ok(None);
    };
    let why = row.payload.and_then(|payload| content::read::<Why>(&payload.bytes)).map(|why| why.why);
    let name = member_content(vault, body, body.member()?)?.name;
    Ok(Some(PulledView { name, why, at: None }))
}

/// Name of the member who made an entry; empty for who is none.
pub(super) fn author(vault: &Vault, body: &Body, index: u64) -> Result<String> {
    let leaf = vault.leaf(body.row.id, index)?.and_then(|leaf| Leaf::parse(&leaf));
    let header = leaf.and_then(|leaf| Header::parse(&leaf.envelope.header));
    let device = header.ok_or(Error::new("vault.damaged").with("entry", index))?.device;
    match body.state()?.devices.get(&device).map(|device| device.holder) {
        Some(Holder::Member(member)) => Ok(member_content(vault, body, member)?.name),
        _ => Ok(String::new()),
    }
}

/// Question of a block that is being opened or is known.
pub(super) fn question(payload: &[u8]) -> Option<String> {
    content::read::<PollContent>(payload).map(|content| content.question)
}

/// Whether the chair or secretariat is closing or taking back this poll, or opening it.
pub(super) fn is_moving(waiting: &[Act], poll: StatementId) -> bool {
    waiting.iter().any(|act| match act {
        Act::PollClose(close) => close.poll == poll,
        Act::PollRecall(recall) => recall.poll == poll,
        _ => false,
    })
}
