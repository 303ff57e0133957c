//! Spaces: what is private to a member, on all of his devices. The server checks chains and signatures, and reads
//! nothing.

use crate::access::Standing;
use crate::connection::Session;
use crate::settled::Fault;
use ecabinet_domain::{DeviceId, DeviceStatus, Holder, MemberId, PublicKey, State};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::{Answer, SpaceId, SpaceInfo};
use ecabinet_record::device_id;

const MAX_OP: usize = 1 << 20;
const MAX_SEALED: usize = 4 << 10;
const MAX_AT_ONCE: usize = 4096;
/// Bytes of operations in one answer.
const PAGE: usize = 4 << 20;

pub(crate) fn list(session: &Session, standing: Standing) -> Answer<Vec<SpaceInfo>> {
    let (owner, _) = standing.member()?;
    Ok(session.core.store.spaces(session.body.settled.body, owner).map_err(Fault::from)?)
}

/// Operations held for the session's member; 0 if it has none.
pub(crate) fn held(session: &Session, standing: Standing) -> Answer<u64> {
    if standing.member().is_err() {
        return Ok(0);
    }
    Ok(list(session, standing)?.iter().map(|space| space.ops).sum())
}

pub(crate) fn append(session: &Session, standing: Standing, ops: &[StoredOp]) -> Answer<()> {
    let (owner, _) = standing.member()?;
    if ops.len() > MAX_AT_ONCE || ops.iter().any(|op| op.ciphertext.len() > MAX_OP) {
        return Err(ApiError::new("space.too_large").with("max", MAX_OP));
    }
    session.with_state(|state| {
        ops.iter().try_for_each(|op| {
            let key = active_key(state, owner, op.device).ok_or(ApiError::new("space.device"))?;
            if op.verify(&key) { Ok(()) } else { Err(ApiError::new("space.signature").with("n", op.n)) }
        })
    })?;
    session.core.store.append_ops(session.body.settled.body, owner, ops).map_err(Fault::from)?;
    session.body.settled.note_change();
    Ok(())
}

pub(crate) fn ops(session: &Session, standing: Standing, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
    let (owner, _) = standing.member()?;
    Ok(session.core.store.ops(session.body.settled.body, owner, space, from, PAGE).map_err(Fault::from)?)
}

pub(crate) fn put_keys(session: &Session, standing: Standing, keys: &[SealedKey]) -> Answer<()> {
    let (owner, _) = standing.member()?;
    if keys.len() > MAX_AT_ONCE || keys.iter().any(|key| key.sealed.len() > MAX_SEALED) {
        return Err(ApiError::new("space.too_large").with("max", MAX_SEALED));
    }
    session.with_state(|state| {
        keys.iter().try_for_each(|key| {
            let by = active_key(state, owner, key.by).ok_or(ApiError::new("space.device"))?;
            if !key.verify(&by) {
                return Err(ApiError::new("space.signature"));
            }
            let device =
                state.devices.get(&key.to).is_some_and(|device| device.holder == Holder::Member(owner));
            let addressed = device || recovery(state, owner) == Some(key.to);
            if addressed { Ok(()) } else { Err(ApiError::new("space.addressee")) }
        })
    })?;
    session.core.store.put_space_keys(session.body.settled.body, owner, keys).map_err(Fault::from)?;
    session.body.settled.note_change();
    Ok(())
}

/// Keys sealed to the asking device, and to its member's recovery code, which a new device may hold.
pub(crate) fn keys(session: &Session, standing: Standing) -> Answer<Vec<SealedKey>> {
    let (owner, device) = standing.member()?;
    let mut to = vec![device];
    to.extend(session.with_state(|state| recovery(state, owner)));
    Ok(session.core.store.space_keys(session.body.settled.body, owner, &to).map_err(Fault::from)?)
}

fn recovery(state: &State, member: MemberId) -> Option<DeviceId> {
    state.members.get(&member)?.recovery.map(|keys| device_id(&keys))
}

/// The signing key of an active device of the member.
fn active_key(state: &State, owner: MemberId, device: DeviceId) -> Option<PublicKey> {
    let device = state.devices.get(&device)?;
    let his = device.holder == Holder::Member(owner) && device.status == DeviceStatus::Active;
    his.then_some(device.keys.sign)
}
