//! What members say of their own attendance, and who acts in their place.

use super::poll::chairing;
use crate::body::{Body, Says};
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::{AttendanceClaim, SubstituteApprove, SubstituteAsk, SubstituteEnd};
use ecabinet_domain::{Audience, BodyId, Int, MeetingId, Member, MemberId, Presence, StatementId};
use ecabinet_protocol::content::Why;

/// Somebody is to act in the member's place for a time.
#[derive(Debug, Clone)]
pub struct NewSubstitute {
    /// None: at any meeting.
    pub meeting: Option<MeetingId>,
    pub substitute: MemberId,
    /// ms since 1970.
    pub from: u64,
    pub until: u64,
    pub why: Option<String>,
}

impl Client {
    /// What the member says of his attendance: it counts once the secretariat has set it. Why he is absent is for chair and
    /// secretariat.
    pub fn claim_attendance(
        &self,
        body: BodyId,
        meeting: MeetingId,
        state: Presence,
        why: Option<&str>,
    ) -> Result<StatementId> {
        let says = why.and_then(|why| Says::to(presiding(), &Why { why: why.to_owned() }));
        self.one(body, Member::VOTE, AttendanceClaim { meeting, state }.into(), says)
    }

    /// Asks that somebody act in the member's place; chair or secretariat approve it.
    pub fn ask_substitute(&self, body: BodyId, new: NewSubstitute) -> Result<StatementId> {
        let time = |ms| Int::new(ms).ok_or(Error::new("substitute.time"));
        let act = SubstituteAsk {
            meeting: new.meeting,
            substitute: new.substitute,
            from: time(new.from)?,
            until: time(new.until)?,
        };
        let says = new.why.and_then(|why| Says::to(presiding(), &Why { why }));
        self.one(body, Member::VOTE, act.into(), says)
    }

    pub fn approve_substitute(&self, body: BodyId, request: StatementId) -> Result<StatementId> {
        let capacity = self.with(body, |_, body| chairing(body))?;
        self.one(body, capacity, SubstituteApprove { request }.into(), None)
    }

    /// Ends a substitution, or refuses one that was asked for.
    pub fn end_substitute(
        &self,
        body: BodyId,
        request: StatementId,
        why: Option<&str>,
    ) -> Result<StatementId> {
        let capacity = self.with(body, |_, body| ending(body, request))?;
        let says = why.and_then(|why| Says::to_all(&Why { why: why.to_owned() }));
        self.one(body, capacity, SubstituteEnd { request }.into(), says)
    }
}

/// One's own is ended for oneself, another's by office.
fn ending(body: &Body, request: StatementId) -> Result<&'static str> {
    let (state, me) = (body.state()?, body.member()?);
    let known = state.substitutions.get(&request).ok_or(Error::new("substitute.unknown"))?;
    match known.member == me || known.substitute == me {
        true => Ok(Member::VOTE),
        false => chairing(body),
    }
}

fn presiding() -> Vec<Audience> {
    [Member::CHAIR, Member::SECRETARIAT].map(|office| Audience::Office(office.into())).to_vec()
}
