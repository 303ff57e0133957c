//! What the submitting agency makes of the opinions on its form, and its head's approval.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::{ReplyApprove, ReplyWrite};
use ecabinet_domain::{Audience, BodyId, Int, MemberId, StatementId, Taken};
use ecabinet_protocol::content::ReplyContent;

/// A reply to one opinion.
#[derive(Debug, Clone)]
pub struct NewReply {
    pub form: StatementId,
    /// The answer that the opinion stands in.
    pub ballot: StatementId,
    /// From 0.
    pub question: usize,
    pub taken: Taken,
    pub text: String,
}

impl Client {
    /// Replaces what the agency replied to that opinion before. Whoever may see the opinions may see it.
    pub fn reply(&self, body: BodyId, reply: NewReply) -> Result<StatementId> {
        let text = reply.text.trim();
        if text.is_empty() && reply.taken != Taken::Yes {
            return Err(Error::new("reply.text"));
        }
        let (agency, audience) = self.with(body, |_, body| {
            let poll = body.state()?.polls.get(&reply.form).ok_or(Error::new("form.unknown"))?;
            let form = poll.form().ok_or(Error::new("form.unknown"))?;
            let agency = form.agency.clone().ok_or(Error::new("reply.may_not"))?;
            Ok((agency, poll.rule().see.clone().unwrap_or(vec![Audience::All])))
        })?;
        let question = Int::from(reply.question as u32);
        let act = ReplyWrite { form: reply.form, ballot: reply.ballot, question, taken: reply.taken };
        let content = ReplyContent { text: text.to_owned() };
        self.one(body, &agency, act.into(), Says::to(audience, &content))
    }

    /// The answer of a member that counts.
    pub fn answer_of(&self, body: BodyId, form: StatementId, member: MemberId) -> Result<StatementId> {
        self.with(body, |_, body| {
            let form = body.state()?.polls.get(&form).ok_or(Error::new("form.unknown"))?;
            let answer = form.current_of(member).ok_or(Error::new("reply.ballot"))?;
            Ok(answer.statement)
        })
    }

    /// Replies on a form that are not approved: as many as one statement approves.
    pub fn replies_to_approve(&self, body: BodyId, form: StatementId) -> Result<Vec<StatementId>> {
        self.with(body, |_, body| {
            let replies = body.state()?.replies.values();
            let waiting = replies.filter(|reply| reply.form == form && reply.approved.is_none());
            Ok(waiting.map(|reply| reply.statement).take(1000).collect())
        })
    }

    /// Approves replies as they stand.
    pub fn approve_replies(
        &self,
        body: BodyId,
        form: StatementId,
        replies: Vec<StatementId>,
    ) -> Result<StatementId> {
        let approver = self.with(body, |_, body| {
            let poll = body.state()?.polls.get(&form).ok_or(Error::new("form.unknown"))?;
            let sent = poll.form().ok_or(Error::new("form.unknown"))?;
            sent.approver.clone().or(sent.agency.clone()).ok_or(Error::new("reply.may_not"))
        })?;
        self.one(body, &approver, ReplyApprove { form, replies }.into(), None)
    }
}
