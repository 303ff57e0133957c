//! Concluding on items.

use super::poll::chairing;
use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::{ConclusionConfirm, ConclusionWrite};
use ecabinet_domain::{Act, BodyId, ItemId, Member, MemberId, Outcome, StatementId};
use ecabinet_protocol::content::ConclusionContent;

/// A conclusion to write.
#[derive(Debug, Clone)]
pub struct NewConclusion {
    pub item: ItemId,
    pub outcome: Outcome,
    /// Who makes the changes; only where there are some to make.
    pub by: Option<MemberId>,
    /// The closed poll that it rests on.
    pub poll: Option<StatementId>,
    pub text: String,
}

impl Client {
    /// Writes what was concluded on an item, for whoever may see it. A conclusion that is there is corrected by it; the
    /// chair's own stands at once, the secretariat's once the chair has confirmed it.
    ///
    /// # Errors
    /// `conclusion.waiting` while a former one is still on its way from here.
    pub fn conclude(&self, body: BodyId, new: NewConclusion) -> Result<StatementId> {
        let made = self.act(body, |vault, body| {
            let state = body.state()?;
            let item = state.items.get(&new.item).ok_or(Error::new("item.unknown"))?;
            let of_item = |act: &Act| matches!(act, Act::ConclusionWrite(made) if made.item == new.item);
            if vault.waiting(body.row.id)?.iter().any(|row| of_item(&row.header.act)) {
                return Err(Error::new("conclusion.waiting"));
            }
            let act = ConclusionWrite {
                item: new.item,
                replaces: state.conclusions.get(&new.item).map(|conclusion| conclusion.statement),
                outcome: new.outcome,
                by: new.by,
                poll: new.poll,
            };
            let says = Says::to(body.audience(vault, item.set_at)?, &ConclusionContent { text: new.text });
            let one = body.make(&self.env, chairing(body)?, act, says)?;
            body.precheck(&self.env, &one)?;
            Ok(vec![one])
        })?;
        Ok(made[0])
    }

    /// The chair makes the secretariat's conclusion his own.
    pub fn confirm_conclusion(&self, body: BodyId, conclusion: StatementId) -> Result<StatementId> {
        self.one(body, Member::CHAIR, ConclusionConfirm { conclusion }.into(), None)
    }
}
