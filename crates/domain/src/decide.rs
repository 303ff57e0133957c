//! Whether a statement may stand at its place: over an authenticated author.

mod meeting;
mod people;
mod poll;
mod root;

use crate::refusal::require;
use crate::{Act, As, Author, Fold, Holder, Member, Refusal, State, Statement};

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
    };
    if allowed.contains(&capacity.0.as_str()) {
        Ok(())
    } else {
        Err(Refusal::new("capacity.may_not").with("as", &capacity.0).with("kind", act.kind()))
    }
}
