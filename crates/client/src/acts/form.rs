//! Sending opinion forms, answering them, extending and recalling them.

use super::dossier::Dossier;
use super::poll::{chairing, papers_of, standing};
use crate::body::{Body, Says};
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::{BallotCast, PollExtend, PollRecall};
use ecabinet_domain::{
    Audience, BodyId, FormPayload, Int, ItemId, Member, MemberId, Opinion, Rule, State, StatementId,
};
use ecabinet_protocol::content::{FormContent, Why};

/// A form to be sent on an item whose papers are its dossier.
#[derive(Debug, Clone)]
pub struct NewForm {
    pub item: ItemId,
    pub content: FormContent,
    /// By question, in the order of the content's.
    pub rules: Vec<Rule>,
    /// Empty: all who have a vote.
    pub asked: Vec<MemberId>,
    /// The office that replies to the opinions, and the one that approves its replies.
    pub agency: Option<String>,
    pub approver: Option<String>,
}

/// An answer to give.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    pub form: StatementId,
    /// One for each question.
    pub opinions: Vec<Opinion>,
    pub advice: Option<String>,
    /// Whether an answer that stands may be replaced; without it a second one is refused.
    pub replace: bool,
}

impl Client {
    /// Whoever may see the dossier may see the form.
    pub fn send_form(&self, body: BodyId, form: NewForm) -> Result<StatementId> {
        let item = form.item;
        self.send_form_with(body, form, Dossier::Published(item), |_| Ok(()))
    }

    /// Signs an answer and keeps it to be sent. It replaces the member's answer that this device knows of.
    pub fn answer_form(&self, body: BodyId, answer: NewAnswer) -> Result<StatementId> {
        let made = self.act(body, |vault, body| {
            let state = body.state()?;
            let form = state.polls.get(&answer.form).filter(|poll| poll.form().is_some());
            let form = form.ok_or(Error::new("form.unknown"))?;
            let member = body.member()?;
            if !form.is_open() || form.is_over(self.env.clock.now()) {
                return Err(Error::new("poll.closed"));
            }
            if !state.members.get(&member).is_some_and(|member| form.asks(member)) {
                return Err(Error::new("form.not_asked"));
            }
            if answer.opinions.len() != form.questions.len() {
                return Err(Error::new("form.unanswered"));
            }
            let unfit = answer.opinions.iter().zip(&form.questions).position(|(said, rule)| !said.fits(rule));
            if let Some(at) = unfit {
                return Err(Error::new("form.opinion").with("question", at + 1));
            }
            let standing = standing(vault, body, answer.form, member)?;
            if standing.is_some() && !answer.replace {
                return Err(Error::new("ballot.stands"));
            }
            let papers = papers_of(vault, body, form)?;
            let payload = FormPayload { answers: answer.opinions, advice: answer.advice, papers };
            let act = BallotCast {
                poll: answer.form,
                replaces: standing.map(|standing| standing.statement),
                basis: form.basis(state),
                in_place_of: None,
            };
            let audience = form.rule().see.clone().unwrap_or(vec![Audience::All]);
            Ok(vec![body.make(&self.env, Member::VOTE, act, Says::to(audience, &payload))?])
        })?;
        Ok(made[0])
    }

    /// Answers are due at `closes`, in ms since 1970.
    pub fn extend_poll(&self, body: BodyId, poll: StatementId, closes: u64) -> Result<StatementId> {
        let closes = Int::new(closes).ok_or(Error::new("poll.closes"))?;
        let capacity = self.with(body, |_, body| chairing(body))?;
        self.one(body, capacity, PollExtend { poll, closes }.into(), None)
    }

    /// Ends a poll or form without a result.
    pub fn recall_poll(&self, body: BodyId, poll: StatementId, why: &str) -> Result<StatementId> {
        let (capacity, audience) = self.with(body, |vault, body| {
            let known = body.state()?.polls.get(&poll).ok_or(Error::new("poll.unknown"))?;
            Ok((chairing(body)?, body.audience(vault, known.opened_at)?))
        })?;
        let why = Why { why: why.to_owned() };
        self.one(body, capacity, PollRecall { poll }.into(), Says::to(audience, &why))
    }
}

/// Whether somebody heads the office: then opinion forms are sent with his approval.
fn is_headed(state: &State) -> bool {
    state.members.values().any(|member| member.holds(Member::HEAD))
}

/// Whether a person may send forms that the office has prepared: a head of office; where there is none, the secretariat.
pub(crate) fn may_send(state: &State, person: MemberId) -> bool {
    let office = if is_headed(state) { Member::HEAD } else { Member::SECRETARIAT };
    state.members.get(&person).is_some_and(|member| member.holds(office))
}

/// The office in which this member sends forms: the head of office's approval is his own sending.
pub(super) fn sending(body: &Body) -> Result<&'static str> {
    let state = body.state()?;
    if state.members.get(&body.member()?).is_some_and(|member| member.holds(Member::HEAD)) {
        return Ok(Member::HEAD);
    }
    match chairing(body)? {
        Member::SECRETARIAT if is_headed(state) => Err(Error::new("form.not_approved")),
        office => Ok(office),
    }
}
