//! Who speaks on an item.

use super::{Desk, body_id, id};
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain::{Act, BodyId, ItemId};
use ecabinet_protocol::ui::{Failure, FloorView, ItemRef, OrderFloor, Speaker};

impl Client {
    /// Who wishes to speak on an item, in order.
    pub fn speakers(&self, body: BodyId, item: ItemId) -> Result<Vec<Speaker>> {
        self.with(body, |vault, body| speakers(vault, body, item))
    }
}

impl Desk {
    pub(super) fn wish_to_speak(&self, args: &ItemRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.ask_floor(body, id(&args.item)?).map(|_| ())
    }

    pub(super) fn wish_no_more(&self, args: &ItemRef) -> Result<()> {
        self.client()?.leave_floor(body_id(&args.body)?, id(&args.item)?).map(|_| ())
    }

    pub(super) fn set_speakers(&self, args: &OrderFloor) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let members = args.members.iter().map(|member| id(member)).collect::<Result<_>>()?;
        self.client()?.order_floor(body, id(&args.item)?, members).map(|_| ())
    }
}

pub(super) fn speakers(vault: &Vault, body: &Body, item: ItemId) -> Result<Vec<Speaker>> {
    let mut speakers = Vec::new();
    for member in body.state()?.floors.get(&item).into_iter().flatten() {
        let content = member_content(vault, body, *member)?;
        speakers.push(Speaker { member: member.to_string(), name: content.name, title: content.title });
    }
    Ok(speakers)
}

pub(super) fn view(vault: &Vault, body: &Body, item: ItemId) -> Result<FloorView> {
    let state = body.state()?;
    let me = body.member().ok();
    let floor = state.floors.get(&item);
    let moves = |act: &Act| match act {
        Act::FloorAsk(ask) => ask.item == item,
        Act::FloorLeave(leave) => leave.item == item,
        _ => false,
    };
    let code = match (state.level, me) {
        (..3, _) => Some("level.needed"),
        (_, None) => Some("member.none"),
        (_, Some(_)) if body.is_pending()? => Some("device.pending"),
        (_, Some(_)) => None,
    };
    Ok(FloorView {
        speakers: speakers(vault, body, item)?,
        mine: me.is_some_and(|me| floor.is_some_and(|floor| floor.contains(&me))),
        waiting: vault.waiting(body.row.id)?.iter().any(|row| moves(&row.header.act)),
        cannot_ask: code.map(|code| Failure { code: code.into(), params: Default::default() }),
    })
}
