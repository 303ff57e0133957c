//! Polls as their voter sees them: no running count.

use super::join::label;
use super::{Desk, attendance, id};
use crate::acts::{self, NewBallot};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::{ActState, act_of};
use crate::vault::Vault;
use crate::views;
use ecabinet_domain as domain;
use ecabinet_domain::{Audience, Fate, Int, ItemId, Opinion, StatementId};
use ecabinet_protocol::content::{GroupContent, PollContent, Why};
use ecabinet_protocol::ui::{self, *};

/// A poll whose payload this member may see.
pub(super) struct PollHere<'a> {
    pub id: StatementId,
    pub poll: &'a domain::Poll,
    pub content: PollContent,
}

impl Desk {
    pub(super) fn poll_view(&self, args: &PollRef) -> Result<PollView> {
        let now = self.env.clock.now();
        self.client()?.with(super::body_id(&args.body)?, |vault, body| {
            PollHere::find(vault, body, id(&args.poll)?)?.view(vault, body, now)
        })
    }

    pub(super) fn cast(&self, args: CastBallot) -> Result<BallotView> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let client = self.client()?;
        let poll: StatementId = id(&args.poll)?;
        let options = args.options.into_iter().map(Int::from).collect::<Vec<_>>();
        let opinion = Opinion {
            choice: from_choice(args.choice),
            options: (!options.is_empty()).then_some(options),
            text: args.text,
        };
        let in_place_of = args.in_place_of.as_deref().map(id).transpose()?;
        client.cast(body, NewBallot { poll, opinion, in_place_of, replace: true })?;
        client.with(body, |vault, body| {
            let here = PollHere::find(vault, body, poll)?;
            let member = in_place_of.map_or_else(|| body.member(), Ok)?;
            here.ballot_of(vault, body, member)?.ok_or(Error::new("act.unknown"))
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
        Ok(PollBrief {
            poll: self.id.to_string(),
            open: self.poll.is_open(),
            recalled: self.poll.recalled.is_some(),
            block: self.poll.is_block(),
            outcome: self.outcome(vault, body),
        })
    }

    pub(super) fn view(&self, vault: &Vault, body: &Body, now: u64) -> Result<PollView> {
        let ballot = self.ballot(vault, body)?;
        let for_others = self.for_others(vault, body, now)?;
        Ok(PollView {
            poll: self.id.to_string(),
            item: self.poll.item().to_string(),
            item_number: item_number(vault, body, self.poll.item())?,
            item_title: views::item_content(vault, body, self.poll.item())?
                .map_or(String::new(), |item| item.title),
            block: self.poll.is_block(),
            items: self.items(vault, body)?,
            question: self.content.question.clone(),
            basis: self.content.basis.clone(),
            rule: rule_view(vault, body, self.poll.rule())?,
            choices: self.choices(),
            options: self.options(),
            most: self.poll.rule().options.map_or(0, |options| options.most),
            papers: self.papers(vault, body)?,
            open: self.poll.is_open(),
            opened_at: body.time(vault, self.poll.opened_at)?,
            closes: self.poll.closes,
            closed_at: self.poll.close.as_ref().map(|close| close.time),
            recalled: recalled(vault, body, self.poll)?,
            running: self.running(vault, body)?,
            outcome: self.outcome(vault, body),
            cannot_vote: self.cannot_vote(vault, body, !for_others.is_empty())?,
            for_others,
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

    /// Texts of the options, as many as the rule has.
    pub(super) fn options(&self) -> Vec<String> {
        let count = self.poll.rule().options.map_or(0, |options| options.count as usize);
        let mut options = self.content.options.clone();
        options.resize(count, String::new());
        options
    }

    /// The ballots so far, where the rule lets them be shown before the close.
    pub(super) fn running(&self, vault: &Vault, body: &Body) -> Result<Option<Counts>> {
        if !self.poll.is_open() || !self.poll.rule().running {
            return Ok(None);
        }
        let (state, mut said) = (body.state()?, Vec::new());
        for ballot in self.poll.current.values().map(|at| &self.poll.ballots[*at]) {
            if self.poll.fate(ballot, state) == Fate::Ok {
                said.extend(body.ballot(vault, ballot.index, self.poll.rule())?);
            }
        }
        let of = |choice: domain::Choice| said.iter().filter(|said| said.choice == choice).count() as u32;
        let chose = |number: u64| {
            said.iter().flat_map(|said| &said.options).flatten().filter(|n| n.get() == number).count()
        };
        let voters = state.members.values().filter(|member| self.poll.asks(member)).count();
        Ok(Some(Counts {
            answers: self
                .choices()
                .into_iter()
                .map(|answer| Count { count: of(from_choice(answer.choice)), answer })
                .collect(),
            options: (1..=self.options().len() as u64).map(|number| chose(number) as u32).collect(),
            silent: voters.saturating_sub(said.len()) as u32,
        }))
    }

    pub(super) fn papers(&self, vault: &Vault, body: &Body) -> Result<Vec<PollPaper>> {
        papers(vault, body, self.poll)
    }

    /// Whom this person may vote for as a substitute.
    fn for_others(&self, vault: &Vault, body: &Body, now: u64) -> Result<Vec<ForOther>> {
        let mut others = Vec::new();
        for member in attendance::represented(body, self.poll, now)? {
            let content = crate::status::member_content(vault, body, member)?;
            others.push(ForOther {
                member: member.to_string(),
                name: content.name,
                title: content.title,
                ballot: self.ballot_of(vault, body, member)?,
            });
        }
        Ok(others)
    }

    fn cannot_vote(&self, vault: &Vault, body: &Body, for_others: bool) -> Result<Option<Failure>> {
        let state = body.state()?;
        let member = state.members.get(&body.member()?);
        let code = if self.poll.recalled.is_some() {
            Some("poll.recalled")
        } else if !self.poll.is_open() || self.poll.totalled {
            Some("poll.closed")
        } else if !for_others && !member.is_some_and(|member| member.has_vote()) {
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
        match body.member() {
            Ok(me) => self.ballot_of(vault, body, me),
            Err(_) => Ok(None),
        }
    }

    /// The newest ballot of a member that is known here: made here, or in the record.
    pub(super) fn ballot_of(
        &self,
        vault: &Vault,
        body: &Body,
        member: domain::MemberId,
    ) -> Result<Option<BallotView>> {
        let own = OwnBallot::of(vault, body, self.id, self.poll, member)?;
        let name = |author: domain::MemberId| {
            Ok::<_, Error>(crate::status::member_content(vault, body, author)?.name)
        };
        let by = own.as_ref().and_then(|own| own.cast_by).map(name).transpose()?;
        Ok(own.map(|own| {
            let said = own.payload.and_then(|said| domain::BallotPayload::parse(&said, self.poll.rule()));
            BallotView {
                statement: own.statement.to_string(),
                choice: said.as_ref().map(|said| to_choice(said.choice)),
                options: said.as_ref().map_or(Vec::new(), |said| numbers(said.options.as_deref())),
                text: said.and_then(|said| said.text),
                cast_by: by,
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
    /// The substitute who has cast it.
    pub cast_by: Option<domain::MemberId>,
}

impl OwnBallot {
    /// The newest one of this member's own.
    pub(super) fn newest(
        vault: &Vault,
        body: &Body,
        id: StatementId,
        poll: &domain::Poll,
    ) -> Result<Option<OwnBallot>> {
        match body.member() {
            Ok(me) => OwnBallot::of(vault, body, id, poll, me),
            Err(_) => Ok(None),
        }
    }

    /// The newest one of a member: made here by him or his substitute, or in the record.
    pub(super) fn of(
        vault: &Vault,
        body: &Body,
        id: StatementId,
        poll: &domain::Poll,
        member: domain::MemberId,
    ) -> Result<Option<OwnBallot>> {
        let me = body.member()?;
        let own = vault.outbox(body.row.id)?.into_iter().rev().find(|row| {
            matches!(&row.header.act, domain::Act::BallotCast(ballot)
                if ballot.poll == id && ballot.in_place_of.unwrap_or(me) == member)
        });
        let elsewhere = poll.current_of(member);
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
                cast_by: (member != me).then_some(me),
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
            cast_by: (ballot.author != ballot.member).then_some(ballot.author),
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
            item: body.state()?.papers.get(&rev.paper).map_or(String::new(), |known| known.item.to_string()),
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
        options: rule.options.map_or(0, |options| options.count),
        most: rule.options.map_or(0, |options| options.most),
        favour: rule
            .yes
            .iter()
            .flatten()
            .filter(|&&choice| choice != domain::Choice::Yes)
            .map(|choice| to_choice(*choice))
            .collect(),
        silent: rule.silent,
        objection: rule.objection,
        hard: rule.hard,
        substitutes: rule.substitutes,
        room: rule.room,
        positions: rule.positions,
        running: rule.running,
        see: who_sees(vault, body, rule)?,
    })
}

/// Who may see ballots, in words of the body; nobody is named where it is everyone.
fn who_sees(vault: &Vault, body: &Body, rule: &domain::Rule) -> Result<Vec<String>> {
    let (state, mut names) = (body.state()?, Vec::new());
    for audience in rule.see.iter().flatten() {
        names.push(match audience {
            Audience::All => return Ok(Vec::new()),
            Audience::Registrars => continue,
            Audience::Office(office) => {
                let holder = state.in_order().into_iter().find(|member| member.holds(office));
                match holder {
                    Some(holder) => crate::status::member_content(vault, body, holder.id)?.title,
                    None => office.clone(),
                }
            }
            Audience::Group(group) => match state.groups.get(group) {
                Some(known) => body
                    .content::<GroupContent>(vault, known.set_at)?
                    .map_or_else(|| group.to_string(), |content| content.name),
                None => group.to_string(),
            },
            Audience::Member(member) | Audience::Staff(member) => {
                crate::status::member_content(vault, body, *member)?.name
            }
        });
    }
    Ok(names)
}

/// When a poll or form was taken back, and why.
pub(super) fn recalled(vault: &Vault, body: &Body, poll: &domain::Poll) -> Result<Option<Recalled>> {
    let Some(at) = poll.recalled else { return Ok(None) };
    let why = body.content::<Why>(vault, at)?.map(|why| why.why).filter(|why| !why.is_empty());
    Ok(Some(Recalled { at: body.time(vault, at)?, why }))
}

/// Numbers of options as the interface has them.
pub(super) fn numbers(options: Option<&[Int]>) -> Vec<u32> {
    options.unwrap_or_default().iter().map(|number| number.get() as u32).collect()
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

fn base(base: domain::Base) -> ShareBase {
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
