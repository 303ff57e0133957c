//! Polls as their voter sees them: no running count.

use super::join::label;
use super::{Desk, id};
use crate::acts::{self, Vote};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::{ActState, act_of};
use crate::vault::Vault;
use crate::views;
use ecabinet_domain as domain;
use ecabinet_domain::{Audience, ItemId, StatementId};
use ecabinet_protocol::content::PollContent;
use ecabinet_protocol::ui::{self, *};

/// A poll whose payload this member may see.
pub(super) struct PollHere<'a> {
    pub id: StatementId,
    pub poll: &'a domain::Poll,
    pub content: PollContent,
}

impl Desk {
    pub(super) fn poll_view(&self, args: &PollRef) -> Result<PollView> {
        self.client()?.with(super::body_id(&args.body)?, |vault, body| {
            PollHere::find(vault, body, id(&args.poll)?)?.view(vault, body)
        })
    }

    pub(super) fn cast(&self, args: CastBallot) -> Result<BallotView> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let client = self.client()?;
        let poll: StatementId = id(&args.poll)?;
        let choice = from_choice(args.choice);
        client.vote(body, Vote { poll, choice, text: args.text, replace: true })?;
        client.with(body, |vault, body| {
            let here = PollHere::find(vault, body, poll)?;
            here.ballot(vault, body)?.ok_or(Error::new("act.unknown"))
        })
    }
}

impl<'a> PollHere<'a> {
    pub(super) fn find(vault: &Vault, body: &'a Body, id: StatementId) -> Result<PollHere<'a>> {
        let poll = body.state()?.polls.get(&id).filter(|poll| poll.form().is_none());
        let poll = poll.ok_or(Error::new("poll.unknown"))?;
        let content = body.content(vault, poll.opened_at)?.ok_or(Error::new("poll.unknown"))?;
        Ok(PollHere { id, poll, content })
    }

    /// The newest poll on an item, if the member may see it.
    pub(super) fn newest(vault: &Vault, body: &'a Body, item: ItemId) -> Result<Option<PollHere<'a>>> {
        let polls =
            body.state()?.polls.iter().filter(|(_, poll)| poll.form().is_none() && poll.asks_about(item));
        let Some((id, poll)) = polls.max_by_key(|(_, poll)| poll.opened_at) else { return Ok(None) };
        let content = body.content(vault, poll.opened_at)?;
        Ok(content.map(|content| PollHere { id: *id, poll, content }))
    }

    pub(super) fn outcome(&self, vault: &Vault, body: &Body) -> Option<Outcome> {
        // A result that cannot be computed here is not shown as any.
        acts::result(vault, body, self.id).ok().map(|tally| outcome(tally.result))
    }

    pub(super) fn brief(&self, vault: &Vault, body: &Body) -> Result<PollBrief> {
        let outcome = self.outcome(vault, body);
        Ok(PollBrief { poll: self.id.to_string(), open: self.poll.is_open(), outcome })
    }

    pub(super) fn view(&self, vault: &Vault, body: &Body) -> Result<PollView> {
        let ballot = self.ballot(vault, body)?;
        Ok(PollView {
            poll: self.id.to_string(),
            item: self.poll.item().to_string(),
            item_number: item_number(vault, body, self.poll.item())?,
            item_title: views::item_content(vault, body, self.poll.item())?
                .map_or(String::new(), |item| item.title),
            question: self.content.question.clone(),
            basis: self.content.basis.clone(),
            rule: rule_view(vault, body, self.poll.rule())?,
            choices: self.choices(),
            papers: self.papers(vault, body)?,
            open: self.poll.is_open(),
            opened_at: body.time(vault, self.poll.opened_at)?,
            closes: self.poll.closes,
            closed_at: self.poll.close.as_ref().map(|close| close.time),
            outcome: self.outcome(vault, body),
            cannot_vote: self.cannot_vote(vault, body)?,
            ballot,
        })
    }

    pub(super) fn choices(&self) -> Vec<ChoiceView> {
        let view = |choice: &domain::Choice| ChoiceView {
            choice: to_choice(*choice),
            label: self.content.labels.get(choice).map(label),
        };
        self.poll.rule().choices.iter().map(view).collect()
    }

    pub(super) fn papers(&self, vault: &Vault, body: &Body) -> Result<Vec<PollPaper>> {
        papers(vault, body, self.poll)
    }

    fn cannot_vote(&self, vault: &Vault, body: &Body) -> Result<Option<Failure>> {
        let state = body.state()?;
        let member = state.members.get(&body.member()?);
        let code = if !self.poll.is_open() {
            Some("poll.closed")
        } else if !member.is_some_and(|member| member.has_vote()) {
            Some("member.no_vote")
        } else if body.is_pending()? {
            Some("device.pending")
        } else {
            match acts::papers_of(vault, body, self.poll) {
                Err(error) if error.code() != "ballot.paper_not_seen" => return Err(error),
                papers => papers.is_err().then_some("ballot.paper_not_seen"),
            }
        };
        Ok(code.map(|code| Failure { code: code.into(), params: Default::default() }))
    }

    /// The member's newest ballot: made here, or on another of his devices.
    pub(super) fn ballot(&self, vault: &Vault, body: &Body) -> Result<Option<BallotView>> {
        let own = OwnBallot::newest(vault, body, self.id, self.poll)?;
        Ok(own.map(|own| {
            let said = own.payload.and_then(|said| domain::BallotPayload::parse(&said, self.poll.rule()));
            BallotView {
                statement: own.statement.to_string(),
                choice: said.as_ref().map(|said| to_choice(said.choice)),
                text: said.and_then(|said| said.text),
                state: own.state,
                failure: own.failure,
                saved_at: own.saved_at,
                recorded_at: own.recorded_at,
                other_at: own.other_at,
            }
        }))
    }
}

/// The member's newest ballot in a poll or form: made here, or on another of his devices.
pub(super) struct OwnBallot {
    pub statement: StatementId,
    /// None where it is not released yet.
    pub payload: Option<Vec<u8>>,
    pub state: ui::ActState,
    pub failure: Option<Failure>,
    pub saved_at: u64,
    pub recorded_at: Option<u64>,
    /// Late, or stale at the close: when the poll closed. Superseded: when the other was sent.
    pub other_at: Option<u64>,
}

impl OwnBallot {
    pub(super) fn newest(
        vault: &Vault,
        body: &Body,
        id: StatementId,
        poll: &domain::Poll,
    ) -> Result<Option<OwnBallot>> {
        let own = vault
            .outbox(body.row.id)?
            .into_iter()
            .rev()
            .find(|row| matches!(&row.header.act, domain::Act::BallotCast(ballot) if ballot.poll == id));
        let elsewhere = body.member().ok().and_then(|member| poll.current_of(member));
        let closed = poll.close.as_ref().map(|close| close.time);
        // One that is lost stands behind one that was made since, on another device.
        if let Some(row) = own.filter(|row| row.lost().is_none() || elsewhere.is_none()) {
            let payload = row.payload.as_ref().map(|payload| payload.bytes.clone());
            let act = act_of(body, row);
            let other_at = match act.state {
                ActState::Late | ActState::Stale => closed,
                ActState::Superseded => elsewhere.map(|ballot| ballot.time),
                _ => None,
            };
            return Ok(Some(OwnBallot {
                statement: act.statement,
                payload,
                state: (&act).into(),
                failure: act.error.map(Into::into),
                saved_at: act.saved_at,
                recorded_at: act.recorded_at,
                other_at,
            }));
        }
        let Some(ballot) = elsewhere else { return Ok(None) };
        let state = ActState::of_fate(poll.fate(ballot, body.state()?), poll.close.is_none());
        Ok(Some(OwnBallot {
            statement: ballot.statement,
            payload: vault.payload(body.row.id, ballot.index)?.map(|payload| payload.bytes),
            state: state.into(),
            failure: None,
            saved_at: ballot.time,
            recorded_at: Some(ballot.time),
            other_at: closed.filter(|_| matches!(state, ActState::Late | ActState::Stale)),
        }))
    }
}

/// The papers in the revisions that count: those at the close, or the current ones.
pub(super) fn papers(vault: &Vault, body: &Body, poll: &domain::Poll) -> Result<Vec<PollPaper>> {
    let revs = match &poll.close {
        Some(close) => close.revs.clone(),
        None => poll.revs(body.state()?),
    };
    let own = body.member().ok().and_then(|member| poll.current_of(member));
    let said = own.map(|ballot| said_papers(vault, body, ballot, poll)).transpose()?.flatten();
    let mut papers = Vec::new();
    for rev in revs {
        let Some(paper) = views::paper(vault, body, rev)? else { continue };
        papers.push(PollPaper {
            paper: rev.paper.to_string(),
            rev: rev.rev.to_string(),
            version: paper.earlier as u32 + 1,
            title: paper.title,
            changed: match own.zip(said.as_ref()) {
                Some((ballot, said)) => changed_since(body, ballot, said, rev)?,
                None => false,
            },
        });
    }
    Ok(papers)
}

/// The papers that a ballot names; none where its payload is not here.
fn said_papers(
    vault: &Vault,
    body: &Body,
    ballot: &domain::Ballot,
    poll: &domain::Poll,
) -> Result<Option<Vec<domain::PaperHash>>> {
    let Some(payload) = vault.payload(body.row.id, ballot.index)? else { return Ok(None) };
    Ok(match poll.form() {
        Some(_) => domain::FormPayload::parse(&payload.bytes, &poll.questions).map(|said| said.papers),
        None => domain::BallotPayload::parse(&payload.bytes, poll.rule()).map(|said| said.papers),
    })
}

/// Whether a paper is another than the one that a ballot was made on. A ballot names the papers that all may see; of the
/// others only what came after it is known.
fn changed_since(
    body: &Body,
    ballot: &domain::Ballot,
    said: &[domain::PaperHash],
    rev: domain::Rev,
) -> Result<bool> {
    let later = body.rev_index(rev.paper, rev.rev)?.is_some_and(|at| at > ballot.index);
    let for_all = body.state()?.papers[&rev.paper].audience.contains(&Audience::All);
    Ok(later || for_all && said.iter().all(|paper| paper.rev != rev.rev))
}

pub(super) fn rule_view(vault: &Vault, body: &Body, rule: &domain::Rule) -> Result<RuleView> {
    let state = body.state()?;
    let voters: Vec<_> = state.in_order().into_iter().filter(|member| member.has_vote()).collect();
    let n = voters.len() as u64;
    let holder = rule.tie.as_ref().and_then(|tie| voters.iter().find(|member| member.holds(&tie.office)));
    let title = holder.map(|member| crate::status::member_content(vault, body, member.id)).transpose()?;
    Ok(RuleView {
        members: n as u32,
        quorum_needed: rule.quorum_needed(n) as u32,
        base: base(rule.pass.base),
        pass_needed: (rule.pass.base == domain::Base::Members).then(|| rule.pass_needed(n) as u32),
        num: rule.pass.num,
        den: rule.pass.den,
        strict: rule.pass.strict,
        tie_holder: title.map(|content| content.title),
    })
}

pub(super) fn item_number(vault: &Vault, body: &Body, item: ItemId) -> Result<u32> {
    let state = body.state()?;
    let Some(meeting) = state.items.get(&item).and_then(|item| state.meetings.get(&item.meeting)) else {
        return Ok(0);
    };
    let mut number = 0;
    for place in &meeting.agenda.0 {
        number += u32::from(views::item_content(vault, body, place.item)?.is_some());
        if place.item == item {
            return Ok(number);
        }
    }
    Ok(0)
}

pub(super) fn base(base: domain::Base) -> ShareBase {
    match base {
        domain::Base::Members => ShareBase::Members,
        domain::Base::Present => ShareBase::Present,
        domain::Base::Cast => ShareBase::Cast,
    }
}

pub(super) fn outcome(verdict: domain::Verdict) -> Outcome {
    match verdict {
        domain::Verdict::Passed => Outcome::Passed,
        domain::Verdict::Failed => Outcome::Failed,
        domain::Verdict::Inquorate => Outcome::Inquorate,
    }
}

pub(super) fn to_choice(choice: domain::Choice) -> Choice {
    match choice {
        domain::Choice::Yes => Choice::Yes,
        domain::Choice::No => Choice::No,
        domain::Choice::Abstain => Choice::Abstain,
        domain::Choice::Other => Choice::Other,
        domain::Choice::Option => Choice::Option,
        domain::Choice::Alternative => Choice::Alternative,
    }
}

pub(super) fn from_choice(choice: Choice) -> domain::Choice {
    match choice {
        Choice::Yes => domain::Choice::Yes,
        Choice::No => domain::Choice::No,
        Choice::Abstain => domain::Choice::Abstain,
        Choice::Other => domain::Choice::Other,
        Choice::Option => domain::Choice::Option,
        Choice::Alternative => domain::Choice::Alternative,
    }
}
