use super::{in_office, is_distinct};
use crate::act::*;
use crate::member::is_office;
use crate::refusal::require;
use crate::{Author, DeviceId, DeviceKeys, DeviceStatus, Fold, Holder, InvitationStatus, Refusal, State};

pub(super) fn member_add(act: &MemberAdd) -> Result<(), Refusal> {
    let distinct = is_distinct(&act.offices);
    let offices = (1..=8).contains(&act.offices.len()) && act.offices.iter().all(|office| is_office(office));
    require(distinct && offices, "member.offices")?;
    require(act.order.get() >= 1, "member.order")
}

pub(super) fn member_retire(state: &State, act: &MemberRetire) -> Result<(), Refusal> {
    in_office(state, act.member)
}

pub(super) fn invitation_issue(state: &State, act: &InvitationIssue) -> Result<(), Refusal> {
    in_office(state, act.member)?;
    require(state.invitations.values().all(|known| known.key != act.key), "invitation.key_again")
}

pub(super) fn invitation_revoke(state: &State, act: &InvitationRevoke) -> Result<(), Refusal> {
    let invitation = state.invitations.get(&act.invitation).ok_or(Refusal::new("invitation.unknown"))?;
    match invitation.status {
        InvitationStatus::Open => Ok(()),
        InvitationStatus::Used => Err(Refusal::new("invitation.used")),
        InvitationStatus::Revoked => Err(Refusal::new("invitation.revoked")),
    }
}

pub(super) fn device_enrol(
    state: &State,
    device: DeviceId,
    act: &DeviceEnrol,
    at: Fold,
) -> Result<(), Refusal> {
    let invitation = state.invitations.get(&act.invitation).ok_or(Refusal::new("invitation.unknown"))?;
    match invitation.status {
        InvitationStatus::Open => {}
        InvitationStatus::Used => return Err(Refusal::new("invitation.used")),
        InvitationStatus::Revoked => return Err(Refusal::new("invitation.revoked")),
    }
    if at.time >= invitation.expires {
        return Err(Refusal::new("invitation.expired").with("expires", invitation.expires));
    }
    in_office(state, invitation.member)?;
    require(!known(state, device), "device.known")?;
    let member = &state.members[&invitation.member];
    let first = state.devices_of(member.id).is_empty();
    let Some(recovery) = act.recovery else { return Ok(()) };
    require(first && member.recovery.is_none(), "device.recovery_again")?;
    // Otherwise it would take another's place: public halves are no secret.
    let own = recovery == DeviceKeys { sign: act.sign, enc: act.enc };
    require(!own && !known_keys(state, &recovery), "device.known")
}

pub(super) fn device_confirm(state: &State, author: &Author, act: &DeviceConfirm) -> Result<(), Refusal> {
    let device = state.devices.get(&act.device).ok_or(Refusal::new("device.unknown"))?;
    require(device.status == DeviceStatus::Pending, "device.not_pending")?;
    let Holder::Member(owner) = device.holder else { return Err(Refusal::new("device.not_pending")) };
    let allowed = match author.holder {
        Holder::Member(member) | Holder::Recovery(member) => member == owner,
        // The second pair of eyes: not the registrar who invited it.
        Holder::Registrar => device.invited_by != Some(author.device),
        Holder::BodyRecovery => false,
    };
    require(allowed, "device.confirm_may_not")
}

pub(super) fn device_revoke(state: &State, author: &Author, act: &DeviceRevoke) -> Result<(), Refusal> {
    let device = state.devices.get(&act.device).ok_or(Refusal::new("device.unknown"))?;
    require(device.status != DeviceStatus::Revoked, "device.revoked")?;
    let allowed = match author.holder {
        Holder::Registrar => matches!(device.holder, Holder::Member(_)),
        holder => device.holder == holder,
    };
    require(allowed, "device.revoke_may_not")
}

pub(super) fn group_set(state: &State, act: &GroupSet) -> Result<(), Refusal> {
    let distinct = is_distinct(&act.members);
    let known = act.members.iter().all(|member| state.members.contains_key(member));
    require(distinct && known, "group.members")
}

pub(super) fn staff_set(state: &State, act: &StaffSet) -> Result<(), Refusal> {
    in_office(state, act.member)?;
    let known = act.staff.iter().all(|person| state.members.contains_key(person) && *person != act.member);
    require(is_distinct(&act.staff) && known && act.staff.len() <= 16, "staff.members")
}

/// Whether the id is taken by a device or a recovery key of any kind.
fn known(state: &State, device: DeviceId) -> bool {
    state.devices.contains_key(&device)
        || state.recoveries.contains_key(&device)
        || state.body_recovery.0 == device
}

/// The same by the keys, whose hash the id is.
pub(super) fn known_keys(state: &State, keys: &DeviceKeys) -> bool {
    let recoveries = state.members.values().filter_map(|member| member.recovery);
    let devices = state.devices.values().map(|device| device.keys);
    recoveries.chain(devices).chain([state.body_recovery.1]).any(|known| known == *keys)
}
