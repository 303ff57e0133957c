//! Counting by show of hands: entered by the secretariat, confirmed by the chair.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::{HandsConfirm, HandsEnter, Totals};
use ecabinet_domain::{Audience, BodyId, Choice, HandsPayload, Member, MemberId, StatementId};

/// What the secretariat saw.
#[derive(Debug, Clone)]
pub enum Seen {
    /// How many hands for each choice, without names.
    Totals(Totals),
    /// Whose hand was raised for what.
    Members(Vec<(MemberId, Choice)>),
}

impl Client {
    /// Enters what was seen. It counts once the chair has confirmed it.
    pub fn enter_hands(&self, body: BodyId, poll: StatementId, seen: Seen) -> Result<StatementId> {
        let see = self.with(body, |_, body| {
            let known = body.state()?.polls.get(&poll).ok_or(Error::new("poll.unknown"))?;
            Ok(known.rule().see.clone().unwrap_or(vec![Audience::All]))
        })?;
        let (act, says) = match seen {
            Seen::Totals(totals) => (HandsEnter { poll, totals: Some(totals), members: None }, None),
            Seen::Members(hands) => {
                let (members, choices) = hands.into_iter().unzip();
                let act = HandsEnter { poll, totals: None, members: Some(members) };
                (act, Says::to(see, &HandsPayload { choices }))
            }
        };
        self.one(body, Member::SECRETARIAT, act.into(), says)
    }

    /// The chair saw the same.
    pub fn confirm_hands(&self, body: BodyId, hands: StatementId) -> Result<StatementId> {
        self.one(body, Member::CHAIR, HandsConfirm { hands }.into(), None)
    }
}
