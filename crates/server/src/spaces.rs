//! Spaces: what is private to a member, on all of his devices, or to a group that the record names. The server checks
//! chains, signatures and who belongs, and reads nothing.

use crate::access::Standing;
use crate::connection::Session;
use crate::settled::Fault;
use ecabinet_domain::planted::planted;
use ecabinet_domain::{DeviceId, DeviceStatus, Holder, MemberId, PublicKey, State};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::space::{KeyId, MAX_OP, SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::{Answer, Given, SharedKeys, SpaceId, SpaceInfo};
use ecabinet_record::device_id;
use std::collections::{BTreeMap, BTreeSet};

const MAX_SEALED: usize = 4 << 10;
const MAX_AT_ONCE: usize = 4096;
/// Bytes of operations in one answer.
const PAGE: usize = 4 << 20;

pub(crate) fn list(session: &Session, standing: Standing) -> Answer<Vec<SpaceInfo>> {
    let (person, _) = standing.member()?;
    of(session, SpaceOwner::Member(person))
}

/// Spaces that the session's member shares with others, as far as anything is in them.
pub(crate) fn shared(session: &Session, standing: Standing) -> Answer<Vec<SpaceInfo>> {
    let (person, _) = standing.member()?;
    let mut spaces = Vec::new();
    for owner in session.with_state(|state| SpaceOwner::shared_by(state, person)) {
        spaces.extend(of(session, owner)?);
    }
    Ok(spaces)
}

fn of(session: &Session, owner: SpaceOwner) -> Answer<Vec<SpaceInfo>> {
    Ok(session.core.store.spaces(session.body.settled.body, owner).map_err(Fault::from)?)
}

/// Operations that the session's member may read, and keys of what he shares; 0 if there are none.
pub(crate) fn held(session: &Session, standing: Standing) -> Answer<u64> {
    if standing.member().is_err() {
        return Ok(0);
    }
    let own = list(session, standing)?.iter().map(|space| space.ops).sum::<u64>();
    Ok(own + shared(session, standing)?.iter().map(|space| space.ops + space.keys).sum::<u64>())
}

/// Whose a space is that somebody asks about: one that he shares, by its id, else his own.
fn owner(state: &State, person: MemberId, space: SpaceId) -> Answer<SpaceOwner> {
    if !SpaceOwner::is_shared(space) {
        return Ok(SpaceOwner::Member(person));
    }
    let shared = SpaceOwner::shared_by(state, person);
    let owner = shared.into_iter().find(|owner| owner.shared_id(state.body) == Some(space));
    let left =
        || state.staff.keys().map(|member| SpaceOwner::Staff(*member)).find(|_| planted("space.left_served"));
    owner.or_else(left).ok_or(ApiError::new("space.owner"))
}

pub(crate) fn append(session: &Session, standing: Standing, ops: &[StoredOp]) -> Answer<()> {
    let (person, _) = standing.member()?;
    if ops.len() > MAX_AT_ONCE || ops.iter().any(|op| op.ciphertext.len() > MAX_OP) {
        return Err(ApiError::new("space.too_large").with("max", MAX_OP));
    }
    let mut by_owner: BTreeMap<SpaceOwner, Vec<StoredOp>> = BTreeMap::new();
    session.with_state(|state| {
        ops.iter().try_for_each(|op| {
            let owner = owner(state, person, op.space)?;
            let key = active_key(state, owner, op.device).ok_or(ApiError::new("space.device"))?;
            if !op.verify(&key) {
                return Err(ApiError::new("space.signature").with("n", op.n));
            }
            by_owner.entry(owner).or_default().push(op.clone());
            Ok(())
        })
    })?;
    for (owner, ops) in by_owner {
        session.core.store.append_ops(session.body.settled.body, owner, &ops).map_err(Fault::from)?;
    }
    session.body.settled.note_change();
    Ok(())
}

pub(crate) fn ops(session: &Session, standing: Standing, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
    let (person, _) = standing.member()?;
    let owner = session.with_state(|state| owner(state, person, space))?;
    Ok(session.core.store.ops(session.body.settled.body, owner, space, from, PAGE).map_err(Fault::from)?)
}

pub(crate) fn put_keys(session: &Session, standing: Standing, keys: &[SealedKey]) -> Answer<()> {
    let (person, _) = standing.member()?;
    if keys.len() > MAX_AT_ONCE || keys.iter().any(|key| key.sealed.len() > MAX_SEALED) {
        return Err(ApiError::new("space.too_large").with("max", MAX_SEALED));
    }
    let mut by_owner: BTreeMap<SpaceOwner, Vec<SealedKey>> = BTreeMap::new();
    session.with_state(|state| {
        keys.iter().try_for_each(|key| {
            let owner = owner(state, person, key.space)?;
            let by = active_key(state, owner, key.by).ok_or(ApiError::new("space.device"))?;
            if !key.verify(&by) {
                return Err(ApiError::new("space.signature"));
            }
            if !is_addressed(state, owner, key.to) {
                return Err(ApiError::new("space.addressee"));
            }
            by_owner.entry(owner).or_default().push(key.clone());
            Ok(())
        })
    })?;
    for (owner, mut keys) in by_owner {
        if !matches!(owner, SpaceOwner::Member(_)) {
            forget_given(session, owner, &mut keys)?;
        }
        session.core.store.put_space_keys(session.body.settled.body, owner, &keys).map_err(Fault::from)?;
    }
    session.body.settled.note_change();
    Ok(())
}

/// Everybody who shares a space gives its keys to whoever comes: the first that is given is enough.
fn forget_given(session: &Session, owner: SpaceOwner, keys: &mut Vec<SealedKey>) -> Answer<()> {
    let (store, body) = (&session.core.store, session.body.settled.body);
    let mut given: BTreeSet<(u32, Option<KeyId>, DeviceId)> = BTreeSet::new();
    for space in keys.iter().map(|key| key.space).collect::<BTreeSet<_>>() {
        let known = store.all_space_keys(body, owner, space).map_err(Fault::from)?;
        given.extend(known.iter().map(|key| (key.epoch, key.key, key.to)));
    }
    keys.retain(|key| given.insert((key.epoch, key.key, key.to)));
    Ok(())
}

/// Keys sealed to the asking device, and to its member's recovery code, which a new device may hold.
pub(crate) fn keys(session: &Session, standing: Standing) -> Answer<Vec<SealedKey>> {
    let (person, device) = standing.member()?;
    let mut to = vec![device];
    to.extend(session.with_state(|state| recovery(state, person)));
    let owner = SpaceOwner::Member(person);
    Ok(session.core.store.space_keys(session.body.settled.body, owner, &to).map_err(Fault::from)?)
}

pub(crate) fn shared_keys(session: &Session, standing: Standing, space: SpaceId) -> Answer<SharedKeys> {
    let (person, device) = standing.member()?;
    if !SpaceOwner::is_shared(space) {
        return Err(ApiError::new("space.owner"));
    }
    let owner = session.with_state(|state| owner(state, person, space))?;
    let keys = session.core.store.all_space_keys(session.body.settled.body, owner, space);
    let mut answer = SharedKeys::default();
    for sealed in keys.map_err(Fault::from)? {
        let (epoch, to) = (sealed.epoch, sealed.to);
        answer.given.extend(sealed.key.map(|key| Given { epoch, key, to }));
        if to == device {
            answer.sealed.push(sealed);
        }
    }
    Ok(answer)
}

/// Whether a key may be sealed to this device or printed code: it is of somebody who belongs.
fn is_addressed(state: &State, owner: SpaceOwner, to: DeviceId) -> bool {
    let of = match state.devices.get(&to).map(|device| device.holder) {
        Some(Holder::Member(person)) => Some(person),
        _ => state.recoveries.get(&to).copied(),
    };
    of.is_some_and(|person| owner.has(state, person))
}

fn recovery(state: &State, member: MemberId) -> Option<DeviceId> {
    state.members.get(&member)?.recovery.map(|keys| device_id(&keys))
}

/// The signing key of an active device of somebody who belongs.
fn active_key(state: &State, owner: SpaceOwner, device: DeviceId) -> Option<PublicKey> {
    let device = state.devices.get(&device)?;
    let Holder::Member(person) = device.holder else { return None };
    let belongs = device.status == DeviceStatus::Active && owner.has(state, person);
    belongs.then_some(device.keys.sign)
}
