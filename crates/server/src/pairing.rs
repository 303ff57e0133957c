//! The messages by which a member's waiting device and one in use come to their six digits. The server carries them and
//! learns nothing from them: neither can it choose the digits (`docs/pairing.md`).

use crate::connection::Session;
use crate::settled::Fault;
use ecabinet_domain::{DeviceId, DeviceStatus, Holder, State};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::pairing::{PairSays, PairStep, Pairing};
use ecabinet_protocol::sync::{Answer, Who};

pub(crate) const MAX_STEPS: usize = 64;
/// How long a message is kept, in ms; devices say theirs again.
const KEPT: u64 = 24 * 60 * 60 * 1000;

pub(crate) fn pair(session: &Session, steps: &[PairStep]) -> Answer<Vec<Pairing>> {
    let Who::Device(own) = session.who else { return Err(ApiError::new("device.not_active")) };
    let body = &session.body.settled;
    for step in steps {
        let (new, old) = session.with_state(|state| sides(state, own, step))?;
        body.store.pair(body.body, new, old, step, session.core.now()).map_err(Fault::from)?;
    }
    if !steps.is_empty() {
        body.note_change();
    }
    list(session)
}

/// Pairings of the session's device that are still to be used: between a waiting device and one in use.
pub(crate) fn list(session: &Session) -> Answer<Vec<Pairing>> {
    let Who::Device(own) = session.who else { return Ok(Vec::new()) };
    let body = &session.body.settled;
    let since = session.core.now().saturating_sub(KEPT);
    let mut pairings = body.store.pairings(body.body, own, since).map_err(Fault::from)?;
    session.with_state(|state| pairings.retain(|pairing| fits(state, pairing.new, pairing.old)));
    Ok(pairings)
}

/// Which of the two devices waits, and which is in use; or why this one may not say so.
fn sides(state: &State, own: DeviceId, step: &PairStep) -> Answer<(DeviceId, DeviceId)> {
    let (new, old) = match step.says {
        PairSays::Commit | PairSays::Reveal(_) => (own, step.with),
        PairSays::Answer(_) => (step.with, own),
    };
    if fits(state, new, old) { Ok((new, old)) } else { Err(ApiError::new("pairing.may_not")) }
}

/// A waiting device and one in use, of one member.
fn fits(state: &State, new: DeviceId, old: DeviceId) -> bool {
    let of = |id, status| state.devices.get(&id).filter(|device| device.status == status);
    match (of(new, DeviceStatus::Pending), of(old, DeviceStatus::Active)) {
        (Some(new), Some(old)) => matches!(new.holder, Holder::Member(_)) && new.holder == old.holder,
        _ => false,
    }
}
