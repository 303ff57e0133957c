//! Opening and closing polls, and voting.

use crate::body::{Body, Says};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::{Saved, Vault};
use ecabinet_domain::act::{BallotCast, BlockOpen, PollClose, PollOpen, PollPull};
use ecabinet_domain::{
    Act, Audience, BallotPayload, BodyId, Choice, Holder, ItemId, Member, MemberId, Opinion, PaperHash, Poll,
    Rule, StatementId, Tally, Viewer, tally,
};
use ecabinet_protocol::content::{PollContent, Why};

/// A vote to cast: a choice without options.
#[derive(Debug, Clone)]
pub struct Vote {
    pub poll: StatementId,
    pub choice: Choice,
    pub text: Option<String>,
    /// Whether a ballot that stands may be replaced; without it a second vote is refused.
    pub replace: bool,
}

/// A ballot to cast.
#[derive(Debug, Clone)]
pub struct NewBallot {
    pub poll: StatementId,
    pub opinion: Opinion,
    /// Whom the author votes for as an approved substitute; none: for himself.
    pub in_place_of: Option<MemberId>,
    /// Whether a ballot that stands may be replaced; without it a second one is refused.
    pub replace: bool,
}

/// A ballot made on this or another device of the member, that a new one would replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub statement: StatementId,
    pub choice: Option<Choice>,
}

impl Client {
    pub fn open_poll(
        &self,
        body: BodyId,
        item: ItemId,
        rule: Rule,
        content: &PollContent,
    ) -> Result<StatementId> {
        let (capacity, audience) = self.with(body, |vault, body| {
            let place = body.state()?.items.get(&item).ok_or(Error::new("item.unknown"))?;
            // A poll is for those who may see its item.
            Ok((chairing(body)?, body.audience(vault, place.set_at)?))
        })?;
        self.one(body, capacity, PollOpen { item, rule }.into(), Says::to(audience, content))
    }

    /// One vote over several items of a meeting, for those who may see all of them.
    ///
    /// # Errors
    /// `block.audience` if they are not for the same people to see.
    pub fn open_block(
        &self,
        body: BodyId,
        items: Vec<ItemId>,
        rule: Rule,
        content: &PollContent,
    ) -> Result<StatementId> {
        let (capacity, audience) = self.with(body, |vault, body| {
            let mut audience: Option<Vec<Audience>> = None;
            for item in &items {
                let place = body.state()?.items.get(item).ok_or(Error::new("item.unknown"))?;
                let of_item = body.audience(vault, place.set_at)?;
                if audience.as_ref().is_some_and(|before| *before != of_item) {
                    return Err(Error::new("block.audience"));
                }
                audience = Some(of_item);
            }
            Ok((chairing(body)?, audience.ok_or(Error::new("block.items"))?))
        })?;
        self.one(body, capacity, BlockOpen { items, rule }.into(), Says::to(audience, content))
    }

    /// Takes an item out of a block: what is decided is not decided about it.
    pub fn pull_item(
        &self,
        body: BodyId,
        poll: StatementId,
        item: ItemId,
        why: Option<&str>,
    ) -> Result<StatementId> {
        let audience = self.with(body, |vault, body| {
            let known = body.state()?.polls.get(&poll).ok_or(Error::new("poll.unknown"))?;
            body.audience(vault, known.opened_at)
        })?;
        let says = why.and_then(|why| Says::to(audience, &Why { why: why.to_owned() }));
        self.one(body, Member::VOTE, PollPull { poll, item }.into(), says)
    }

    pub fn close_poll(&self, body: BodyId, poll: StatementId) -> Result<StatementId> {
        let capacity = self.with(body, |_, body| chairing(body))?;
        self.one(body, capacity, PollClose { poll }.into(), None)
    }

    pub fn vote(&self, body: BodyId, vote: Vote) -> Result<StatementId> {
        let Vote { poll, choice, text, replace } = vote;
        let opinion = Opinion { choice, options: None, text };
        self.cast(body, NewBallot { poll, opinion, in_place_of: None, replace })
    }

    /// Signs a ballot and keeps it to be sent. It replaces the member's ballot that this device knows of.
    pub fn cast(&self, body: BodyId, vote: NewBallot) -> Result<StatementId> {
        let made = self.act(body, |vault, body| {
            let state = body.state()?;
            let poll = state.polls.get(&vote.poll).filter(|poll| poll.form().is_none());
            let poll = poll.ok_or(Error::new("poll.unknown"))?;
            let me = body.member()?;
            let member = vote.in_place_of.unwrap_or(me);
            let now = self.env.clock.now();
            if !poll.is_open() || poll.is_over(now) || poll.totalled {
                return Err(Error::new("poll.closed"));
            }
            if !state.members.get(&member).is_some_and(|member| member.has_vote()) {
                return Err(Error::new("member.no_vote"));
            }
            if member != me && !state.may_substitute(poll, member, me, now) {
                return Err(Error::new("substitute.may_not"));
            }
            if !vote.opinion.fits(poll.rule()) {
                return Err(Error::new("ballot.choice"));
            }
            let standing = standing(vault, body, vote.poll, member)?;
            if standing.is_some() && !vote.replace {
                return Err(Error::new("ballot.stands"));
            }
            let basis = poll.basis(state);
            let papers = papers_of(vault, body, poll)?;
            let Opinion { choice, options, text } = vote.opinion;
            let payload = BallotPayload { choice, options, text, papers };
            let replaces = standing.map(|standing| standing.statement);
            let act = BallotCast { poll: vote.poll, replaces, basis, in_place_of: vote.in_place_of };
            let says = Says::to(poll.rule().see.clone().unwrap_or(vec![Audience::All]), &payload);
            Ok(vec![body.make(&self.env, Member::VOTE, act, says)?])
        })?;
        Ok(made[0])
    }

    /// Whether a ballot of this member stands, as far as this device knows.
    pub fn standing(&self, body: BodyId, poll: StatementId) -> Result<Option<Standing>> {
        self.with(body, |vault, body| standing(vault, body, poll, body.member()?))
    }

    /// The results of a closed poll or form, question by question.
    pub fn results(&self, body: BodyId, poll: StatementId) -> Result<Vec<Tally>> {
        self.with(body, |vault, body| results(vault, body, poll))
    }

    /// The result of a closed poll. An error while it is open, or while ballots that it needs are not here.
    pub fn result(&self, body: BodyId, poll: StatementId) -> Result<Tally> {
        self.with(body, |vault, body| result(vault, body, poll))
    }
}

/// The files behind the papers that a poll or form is about.
pub(crate) fn papers_of(vault: &Vault, body: &Body, poll: &Poll) -> Result<Vec<PaperHash>> {
    let mut papers = Vec::new();
    for item in poll.items.iter().filter(|item| !poll.pulled.contains_key(item)) {
        papers.extend(papers_before(vault, body, *item)?);
    }
    Ok(papers)
}

/// The files behind an item's current papers, as a ballot names them to everyone: those that all may see. Refused while
/// one that this member may see is not known here: a vote is on what was before the voter.
fn papers_before(vault: &Vault, body: &Body, item: ItemId) -> Result<Vec<PaperHash>> {
    let state = body.state()?;
    let viewer = Viewer(Holder::Member(body.member()?));
    let mut papers = Vec::new();
    for rev in state.current_revs(item) {
        let audience = &state.papers[&rev.paper].audience;
        let erased = body.rev_index(rev.paper, rev.rev)?.is_some_and(|at| state.erased.contains_key(&at));
        match body.manifest(vault, *rev)? {
            Some((_, manifest)) if audience.contains(&Audience::All) => {
                papers.push(PaperHash { rev: rev.rev, sha256: manifest.sha256 });
            }
            None if viewer.sees(audience, state) && !erased => {
                return Err(Error::new("ballot.paper_not_seen"));
            }
            _ => {}
        }
    }
    Ok(papers)
}

/// The result of a poll of one question.
pub(crate) fn result(vault: &Vault, body: &Body, id: StatementId) -> Result<Tally> {
    Ok(results(vault, body, id)?.remove(0))
}

/// The results of a closed poll, question by question.
///
/// Error: `poll.not_shown` where the rule keeps ballots from this member, `poll.unverifiable` where some are not here yet.
pub(crate) fn results(vault: &Vault, body: &Body, id: StatementId) -> Result<Vec<Tally>> {
    let state = body.state()?;
    // What newer rules make of it is not known here.
    if body.replica.is_outdated() {
        return Err(Error::new("level.beyond").with("level", state.level));
    }
    let poll = state.polls.get(&id).ok_or(Error::new("poll.unknown"))?;
    let mut failed = None;
    let counted = tally(poll, state, |entry| {
        if body.lacking.contains_key(&entry) || state.erased.contains_key(&entry) {
            return None;
        }
        let payload = vault.payload(body.row.id, entry);
        payload.map_err(|error| failed = Some(error)).ok().flatten().map(|payload| payload.bytes)
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let counted = counted.ok_or(Error::new(if poll.is_open() { "poll.open" } else { "poll.recalled" }))?;
    let from_me = |see: &Vec<Audience>| !body.holder().is_some_and(|me| Viewer(me).sees(see, state));
    match counted.missing.first() {
        Some(_) if poll.rule().see.as_ref().is_some_and(from_me) => Err(Error::new("poll.not_shown")),
        Some(entry) => Err(Error::new("poll.unverifiable").with("entry", entry)),
        None => Ok(counted.tallies),
    }
}

/// The newest ballot of the member: one that waits here, else the one that stands in the record.
pub(crate) fn standing(
    vault: &Vault,
    body: &Body,
    poll: StatementId,
    member: MemberId,
) -> Result<Option<Standing>> {
    let rule = body.state()?.polls.get(&poll).ok_or(Error::new("poll.unknown"))?.rule();
    let me = body.member()?;
    let waiting = vault.waiting(body.row.id)?.into_iter().rev().find(|row| {
        let own = matches!(&row.header.act, Act::BallotCast(ballot)
            if ballot.poll == poll && ballot.in_place_of.unwrap_or(me) == member);
        own && matches!(row.state, Saved::Saved | Saved::Received)
    });
    if let Some(row) = waiting {
        let choice = row.payload.and_then(|payload| BallotPayload::parse(&payload.bytes, rule));
        return Ok(Some(Standing { statement: row.statement, choice: choice.map(|payload| payload.choice) }));
    }
    let Some(ballot) = body.state()?.polls.get(&poll).and_then(|poll| poll.current_of(member)) else {
        return Ok(None);
    };
    let choice = body.ballot(vault, ballot.index, rule)?.map(|payload| payload.choice);
    Ok(Some(Standing { statement: ballot.statement, choice }))
}

/// The office in which this member opens and closes polls.
pub(super) fn chairing(body: &Body) -> Result<&'static str> {
    let member = body.state()?.members.get(&body.member()?);
    let holds = |office| member.is_some_and(|member| member.holds(office));
    if holds(Member::CHAIR) {
        Ok(Member::CHAIR)
    } else if holds(Member::SECRETARIAT) {
        Ok(Member::SECRETARIAT)
    } else {
        Err(Error::new("capacity.not_held").with("as", Member::CHAIR))
    }
}
