//! Whether a statement may stand at its place: over an authenticated author.

mod meeting;
mod people;
mod poll;
mod root;

use crate::refusal::require;
use crate::{Act, As, Author, Fold, Holder, ItemId, Member, MemberId, Refusal, State, Statement};
use std::collections::BTreeSet;

/// Decides a statement of an active device. Genesis never comes here: it makes the state.
///
/// Ballots are never refused here: the fold says what becomes of them.
pub(crate) fn decide(state: &State, statement: &Statement, author: &Author, at: Fold) -> Result<(), Refusal> {
    let header = &statement.header;
    let capacity = &header.capacity;
    require(!matches!(header.act, Act::BodyGenesis(_)), "genesis.again")?;
    require(header.body == Some(state.body), "body.other")?;
    holds(state, author, capacity)?;
    may(&header.act, capacity)?;
    match &header.act {
        Act::BodyGenesis(_) => Err(Refusal::new("genesis.again")),
        Act::BodyLevel(act) => root::level(state, act),
        Act::RegistrarChange(act) => root::registrars(state, author, act),
        Act::LogKey(act) => root::log_key(state, act),
        Act::Epoch(act) => root::epoch(state, act),
        Act::CaSet(act) => root::ca(state, act),
        Act::MemberAdd(act) => people::member_add(act),
        Act::MemberRetire(act) => people::member_retire(state, act),
        Act::InvitationIssue(act) => people::invitation_issue(state, act),
        Act::InvitationRevoke(act) => people::invitation_revoke(state, act),
        Act::DeviceEnrol(act) => people::device_enrol(state, header.device, act, at),
        Act::DeviceConfirm(act) => people::device_confirm(state, author, act),
        Act::DeviceRevoke(act) => people::device_revoke(state, author, act),
        Act::GroupSet(act) => people::group_set(state, act),
        Act::ItemSet(act) => meeting::item_set(state, act),
        Act::PaperPublish(act) => meeting::paper_publish(state, act),
        Act::MeetingPublish(act) => meeting::meeting_publish(state, act),
        Act::AttendanceSet(act) => meeting::attendance_set(state, act),
        Act::PaperSign(act) => meeting::paper_sign(state, author, act),
        Act::PayloadErase(act) => meeting::payload_erase(state, act),
        Act::PollOpen(act) => poll::open(state, act),
        Act::PollClose(act) => poll::close(state, act),
        Act::BallotCast(_) => Ok(()),
        Act::StaffSet(act) => people::staff_set(state, act),
        Act::FormSend(act) => poll::form(state, capacity, act),
        Act::BlockOpen(act) => poll::block(state, act),
        Act::PollPull(act) => poll::pull(state, author, act),
        Act::PollExtend(act) => poll::extend(state, act, at),
        Act::PollRecall(act) => poll::recall(state, act),
        Act::HandsEnter(act) => poll::hands(state, act),
        Act::HandsConfirm(act) => poll::confirm_hands(state, act),
        Act::PositionState(act) => meeting::position(state, author, act),
        Act::AttendanceClaim(act) => meeting::attendance_claim(state, author, act),
        Act::SubstituteAsk(act) => meeting::substitute_ask(state, author, act),
        Act::SubstituteApprove(act) => meeting::substitute_approve(state, act),
        Act::SubstituteEnd(act) => meeting::substitute_end(state, author, capacity, act),
        Act::FloorAsk(act) => meeting::floor_ask(state, author, act),
        Act::FloorLeave(act) => meeting::floor_leave(state, author, act),
        Act::FloorOrder(act) => meeting::floor_order(state, act),
        Act::ConclusionWrite(act) => poll::conclude(state, act),
        Act::ConclusionConfirm(act) => poll::confirm_conclusion(state, act),
        Act::ReplyWrite(act) => poll::reply(state, capacity, act),
        Act::ReplyApprove(act) => poll::approve(state, capacity, act),
    }
}

/// The author really has the capacity that the header claims.
fn holds(state: &State, author: &Author, capacity: &As) -> Result<(), Refusal> {
    let held = match author.holder {
        Holder::Registrar => capacity.is(As::REGISTRAR),
        Holder::BodyRecovery | Holder::Recovery(_) => capacity.is(As::RECOVERY),
        // A member acts in an office held, or plainly for himself.
        Holder::Member(id) => {
            capacity.is(Member::VOTE) || state.members.get(&id).is_some_and(|m| m.holds(&capacity.0))
        }
    };
    if held { Ok(()) } else { Err(Refusal::new("capacity.not_held").with("as", &capacity.0)) }
}

/// The capacity may do the act.
fn may(act: &Act, capacity: &As) -> Result<(), Refusal> {
    const REGISTRAR: &str = As::REGISTRAR;
    const RECOVERY: &str = As::RECOVERY;
    let allowed: &[&str] = match act {
        Act::BodyGenesis(_) | Act::BodyLevel(_) | Act::LogKey(_) | Act::Epoch(_) | Act::CaSet(_) => {
            &[REGISTRAR]
        }
        Act::RegistrarChange(_) => &[REGISTRAR, RECOVERY],
        Act::MemberAdd(_) | Act::MemberRetire(_) | Act::GroupSet(_) => &[REGISTRAR],
        Act::InvitationIssue(_) | Act::InvitationRevoke(_) => &[REGISTRAR],
        Act::DeviceEnrol(_) | Act::BallotCast(_) | Act::PaperSign(_) => &[Member::VOTE],
        Act::DeviceConfirm(_) => &[Member::VOTE, REGISTRAR, RECOVERY],
        // Not the recovery code: it brings a member back in, it takes nothing away.
        Act::DeviceRevoke(_) => &[Member::VOTE, REGISTRAR],
        Act::ItemSet(_) | Act::PaperPublish(_) | Act::MeetingPublish(_) => &[Member::SECRETARIAT],
        Act::AttendanceSet(_) | Act::PayloadErase(_) => &[Member::SECRETARIAT],
        Act::PollOpen(_) | Act::PollClose(_) => &[Member::CHAIR, Member::SECRETARIAT],
        Act::StaffSet(_) => &[REGISTRAR],
        Act::FormSend(_) => &[Member::CHAIR, Member::SECRETARIAT, Member::HEAD],
        Act::BlockOpen(_) | Act::PollExtend(_) | Act::PollRecall(_) => &[Member::CHAIR, Member::SECRETARIAT],
        Act::HandsEnter(_) => &[Member::SECRETARIAT],
        Act::HandsConfirm(_) | Act::ConclusionConfirm(_) => &[Member::CHAIR],
        Act::PollPull(_) | Act::PositionState(_) | Act::AttendanceClaim(_) => &[Member::VOTE],
        Act::SubstituteAsk(_) | Act::FloorAsk(_) | Act::FloorLeave(_) => &[Member::VOTE],
        Act::SubstituteEnd(_) => &[Member::VOTE, Member::CHAIR, Member::SECRETARIAT],
        Act::SubstituteApprove(_) | Act::FloorOrder(_) => &[Member::CHAIR, Member::SECRETARIAT],
        Act::ConclusionWrite(_) => &[Member::CHAIR, Member::SECRETARIAT],
        // The form names which.
        Act::ReplyWrite(_) | Act::ReplyApprove(_) => &[],
    };
    let of_agency = matches!(act, Act::ReplyWrite(_) | Act::ReplyApprove(_))
        && ![REGISTRAR, RECOVERY, Member::VOTE].contains(&capacity.0.as_str());
    if of_agency || allowed.contains(&capacity.0.as_str()) {
        Ok(())
    } else {
        Err(Refusal::new("capacity.may_not").with("as", &capacity.0).with("kind", act.kind()))
    }
}

fn in_office(state: &State, member: MemberId) -> Result<(), Refusal> {
    let known = state.members.get(&member).ok_or(Refusal::new("member.unknown").with("member", member))?;
    if known.in_office() { Ok(()) } else { Err(Refusal::new("member.retired").with("member", member)) }
}

/// The member has a vote.
fn voter(state: &State, member: MemberId) -> Result<(), Refusal> {
    require(state.members.get(&member).is_some_and(Member::has_vote), "member.no_vote")
}

/// The author's member, if he has a vote.
fn author_votes(state: &State, author: &Author) -> Result<MemberId, Refusal> {
    let Holder::Member(member) = author.holder else { return Err(Refusal::new("member.no_vote")) };
    voter(state, member).map(|()| member)
}

/// The item has a place on its meeting's published agenda.
fn placed(state: &State, item: ItemId) -> Result<(), Refusal> {
    let known = state.items.get(&item).ok_or(Refusal::new("item.unknown"))?;
    let meeting = state.meetings.get(&known.meeting);
    require(meeting.is_some_and(|meeting| meeting.agenda.place(item).is_some()), "item.not_published")
}

fn is_distinct<T: Ord>(list: &[T]) -> bool {
    list.iter().collect::<BTreeSet<_>>().len() == list.len()
}
