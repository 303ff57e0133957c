use super::{author_votes, in_office, is_distinct, placed};
use crate::act::*;
use crate::refusal::require;
use crate::{As, Author, Holder, ItemId, Member, MemberId, Refusal, State, StatementId, Substitution};

pub(super) fn item_set(state: &State, act: &ItemSet) -> Result<(), Refusal> {
    require(state.items.get(&act.item).is_none_or(|item| item.meeting == act.meeting), "item.elsewhere")
}

pub(super) fn paper_publish(state: &State, act: &PaperPublish) -> Result<(), Refusal> {
    require(state.items.contains_key(&act.item), "item.unknown")?;
    require(act.signers.iter().all(|member| state.members.contains_key(member)), "paper.signers")?;
    require(!rev_known(state, act.rev), "rev.again")?;
    // Who was let see a paper must not change by its moving to another item.
    require(state.papers.get(&act.paper).is_none_or(|paper| paper.item == act.item), "paper.elsewhere")
}

pub(super) fn meeting_publish(state: &State, act: &MeetingPublish) -> Result<(), Refusal> {
    let last = state.meetings.get(&act.meeting).map_or(0, |meeting| meeting.version);
    if act.version.get() != last + 1 {
        return Err(Refusal::new("meeting.version").with("last", last));
    }
    let places = &act.agenda.0;
    let distinct =
        places.iter().enumerate().all(|(at, place)| places[..at].iter().all(|p| p.item != place.item));
    require(distinct, "agenda.item_again")?;
    for place in places {
        let item = state.items.get(&place.item).ok_or(Refusal::new("item.unknown"))?;
        require(item.meeting == act.meeting, "item.elsewhere")?;
        for (at, rev) in place.papers.iter().enumerate() {
            require(place.papers[..at].iter().all(|other| other.paper != rev.paper), "agenda.paper_again")?;
            let paper = state.papers.get(&rev.paper).ok_or(Refusal::new("paper.unknown"))?;
            require(paper.item == place.item, "paper.elsewhere")?;
            require(paper.revs.iter().any(|(known, _)| *known == rev.rev), "rev.unknown")?;
        }
    }
    Ok(())
}

pub(super) fn attendance_set(state: &State, act: &AttendanceSet) -> Result<(), Refusal> {
    require(state.meetings.contains_key(&act.meeting), "meeting.unknown")?;
    require(state.members.get(&act.member).is_some_and(|m| m.has_vote()), "member.no_vote")
}

pub(super) fn attendance_claim(state: &State, author: &Author, act: &AttendanceClaim) -> Result<(), Refusal> {
    require(state.meetings.contains_key(&act.meeting), "meeting.unknown")?;
    author_votes(state, author).map(drop)
}

pub(super) fn substitute_ask(state: &State, author: &Author, act: &SubstituteAsk) -> Result<(), Refusal> {
    let member = author_votes(state, author)?;
    in_office(state, act.substitute)?;
    let votes = state.members[&act.substitute].has_vote();
    require(act.substitute != member && !votes, "substitute.person")?;
    require(!state.substitutes.contains_key(&(member, act.substitute)), "substitute.again")?;
    require(act.until > act.from, "substitute.time")?;
    require(act.meeting.is_none_or(|meeting| state.meetings.contains_key(&meeting)), "meeting.unknown")
}

pub(super) fn substitute_approve(state: &State, act: &SubstituteApprove) -> Result<(), Refusal> {
    let asked = substitution(state, act.request)?;
    require(asked.approved.is_none(), "substitute.approved")
}

pub(super) fn substitute_end(
    state: &State,
    author: &Author,
    capacity: &As,
    act: &SubstituteEnd,
) -> Result<(), Refusal> {
    let asked = substitution(state, act.request)?;
    let own = matches!(author.holder, Holder::Member(m) if m == asked.member || m == asked.substitute);
    require(own || !capacity.is(Member::VOTE), "substitute.may_not")
}

/// One that has not ended.
fn substitution(state: &State, request: StatementId) -> Result<&Substitution, Refusal> {
    let asked = state.substitutions.get(&request).ok_or(Refusal::new("substitute.unknown"))?;
    if asked.ended.is_none() { Ok(asked) } else { Err(Refusal::new("substitute.ended")) }
}

pub(super) fn position(state: &State, author: &Author, act: &PositionState) -> Result<(), Refusal> {
    placed(state, act.item)?;
    author_votes(state, author).map(drop)
}

pub(super) fn floor_ask(state: &State, author: &Author, act: &FloorAsk) -> Result<(), Refusal> {
    placed(state, act.item)?;
    require(!asks_to_speak(state, act.item, author), "floor.again")
}

pub(super) fn floor_leave(state: &State, author: &Author, act: &FloorLeave) -> Result<(), Refusal> {
    placed(state, act.item)?;
    require(asks_to_speak(state, act.item, author), "floor.none")
}

pub(super) fn floor_order(state: &State, act: &FloorOrder) -> Result<(), Refusal> {
    placed(state, act.item)?;
    require(is_distinct(&act.members), "floor.again")?;
    act.members.iter().try_for_each(|member: &MemberId| in_office(state, *member))
}

fn asks_to_speak(state: &State, item: ItemId, author: &Author) -> bool {
    let Holder::Member(member) = author.holder else { return false };
    state.floors.get(&item).is_some_and(|floor| floor.contains(&member))
}

pub(super) fn paper_sign(state: &State, author: &Author, act: &PaperSign) -> Result<(), Refusal> {
    let paper = state.papers.get(&act.paper).ok_or(Refusal::new("paper.unknown"))?;
    require(matches!(author.holder, Holder::Member(m) if paper.signers.contains(&m)), "paper.not_signer")?;
    require(
        state.current_revs(paper.item).iter().any(|r| r.paper == act.paper && r.rev == act.rev),
        "rev.not_current",
    )?;
    require(!rev_known(state, act.new_rev), "rev.again")
}

pub(super) fn payload_erase(state: &State, act: &PayloadErase) -> Result<(), Refusal> {
    let entry = act.entry.get();
    require(state.payloads.contains(&entry), "payload.none")?;
    require(!state.erased.contains_key(&entry), "payload.erased")
}

/// Ids of revisions are random and never used twice in a body.
fn rev_known(state: &State, rev: crate::RevId) -> bool {
    state.revs.contains(&rev)
}
