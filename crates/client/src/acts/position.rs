//! Stating positions on items before a meeting.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::PositionState;
use ecabinet_domain::{Basis, BodyId, ItemId, Member, PositionPayload, Stance, StatementId};

/// A position to state.
#[derive(Debug, Clone)]
pub struct NewPosition {
    pub item: ItemId,
    pub choice: Stance,
    pub text: Option<String>,
}

impl Client {
    /// Signs a position and keeps it to be sent. It takes the place of what the member said before; whoever may see the
    /// item may see it.
    ///
    /// # Errors
    /// `position.text` if he objects and does not say why.
    pub fn state_position(&self, body: BodyId, new: NewPosition) -> Result<StatementId> {
        let made = self.act(body, |vault, body| {
            let state = body.state()?;
            let item = state.items.get(&new.item).ok_or(Error::new("item.unknown"))?;
            let text = new.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            if new.choice == Stance::Object && text.is_none() {
                return Err(Error::new("position.text"));
            }
            let says =
                Says::to(body.audience(vault, item.set_at)?, &PositionPayload { choice: new.choice, text });
            let act = PositionState { item: new.item, basis: Basis::of(state.current_revs(new.item)) };
            let one = body.make(&self.env, Member::VOTE, act, says)?;
            body.precheck(&self.env, &one)?;
            Ok(vec![one])
        })?;
        Ok(made[0])
    }
}
