//! Asking for the floor, and the list of speakers.

use super::poll::chairing;
use crate::client::Client;
use crate::error::Result;
use ecabinet_domain::act::{FloorAsk, FloorLeave, FloorOrder};
use ecabinet_domain::{BodyId, ItemId, Member, MemberId, StatementId};

impl Client {
    /// The member wishes to speak on an item now.
    pub fn ask_floor(&self, body: BodyId, item: ItemId) -> Result<StatementId> {
        self.one(body, Member::VOTE, FloorAsk { item }.into(), None)
    }

    /// He no longer does.
    pub fn leave_floor(&self, body: BodyId, item: ItemId) -> Result<StatementId> {
        self.one(body, Member::VOTE, FloorLeave { item }.into(), None)
    }

    /// Who speaks on an item, in order: whoever is left out is done.
    pub fn order_floor(&self, body: BodyId, item: ItemId, members: Vec<MemberId>) -> Result<StatementId> {
        let capacity = self.with(body, |_, body| chairing(body))?;
        self.one(body, capacity, FloorOrder { item, members }.into(), None)
    }
}
