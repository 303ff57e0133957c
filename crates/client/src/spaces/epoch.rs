//! Epochs of a space: each revocation of a device begins a new one, so that the revoked device cannot read what is written
//! afterwards. Who holds the keys follows from the record, on every device alike.

use super::rows;
use crate::body::Body;
use crate::error::Result;
use crate::seal::Key;
use crate::vault::Vault;
use ecabinet_domain::{Device, DeviceId, DeviceKeys, DeviceStatus, Holder, MemberId, State};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::sync::SpaceId;
use ecabinet_record::device_id;

/// The epoch that a member's space must be in: the first, and one more for each of his devices that was revoked.
pub(super) fn due(state: &State, member: MemberId) -> u32 {
    1 + revoked(state, member).len() as u32
}

/// A member's revoked devices, in the order of their revocations.
fn revoked(state: &State, member: MemberId) -> Vec<DeviceId> {
    let mut revoked: Vec<_> = state
        .devices_of(member)
        .into_iter()
        .filter_map(|device| Some((device.revoked?.at, device.id)))
        .collect();
    revoked.sort();
    revoked.into_iter().map(|(_, device)| device).collect()
}

/// Whether a device of the member may have made or handed on a key of an epoch: a revoked one only of those before its
/// revocation. Its holder must not choose the key of what is written without him.
pub(super) fn may_give(state: &State, member: MemberId, device: DeviceId, epoch: u32) -> bool {
    let at = revoked(state, member).into_iter().position(|revoked| revoked == device);
    at.is_none_or(|before| epoch as usize <= before + 1)
}

/// Whether the member himself has let this device have his notes: it was his first, or he confirmed it on another device
/// of his, or by his printed code. One that only a registrar confirmed must be told the code.
fn is_his(device: &Device, member: MemberId) -> bool {
    let by_him = |by: ecabinet_domain::Author| matches!(by.holder, Holder::Member(id) | Holder::Recovery(id) if id == member);
    device.status == DeviceStatus::Active && device.confirmed_by.is_none_or(by_him)
}

/// To whom each key is to be sealed: this device, his others, and his printed code.
pub(super) fn holders(body: &Body) -> Result<Vec<(DeviceId, DeviceKeys)>> {
    let (state, member) = (body.state()?, body.member()?);
    let mut holders: Vec<_> = state
        .devices_of(member)
        .into_iter()
        .filter(|device| device.id == body.row.device || is_his(device, member))
        .map(|device| (device.id, device.keys))
        .collect();
    let printed = state.members.get(&member).and_then(|member| member.recovery);
    holders.extend(printed.map(|keys| (device_id(&keys), keys)));
    Ok(holders)
}

/// The key to write a shared space with, if one of the epoch that is due has come or was begun here.
pub(super) fn due_key(
    vault: &Vault,
    body: &Body,
    owner: SpaceOwner,
    space: SpaceId,
) -> Result<(u32, Option<Key>)> {
    let due = owner.epoch(body.state()?);
    let keys = rows::keys(vault, body.row.id, space)?;
    // Of those that began it apart all take the same.
    Ok((due, keys.into_iter().find(|(epoch, _)| *epoch == due).map(|(_, key)| key)))
}

/// The key to write with: the newest here, and whether a newer epoch is due.
pub(super) fn newest(vault: &Vault, body: &Body) -> Result<Option<(SpaceId, u32, Key, bool)>> {
    let Some((space, epoch, key)) = rows::own_space(vault, body.row.id)? else { return Ok(None) };
    let due = due(body.state()?, body.member()?);
    Ok(Some((space, epoch, key, epoch < due)))
}
