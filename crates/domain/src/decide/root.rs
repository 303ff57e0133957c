use super::people;
use crate::act::{BodyLevel, CaSet, Epoch, LogKey, RegistrarChange};
use crate::refusal::require;
use crate::{Author, DeviceKeys, Holder, Refusal, State};

pub(super) fn level(state: &State, act: &BodyLevel) -> Result<(), Refusal> {
    require(act.level.get() == state.level + 1, "level.not_next")
}

pub(super) fn registrars(state: &State, author: &Author, act: &RegistrarChange) -> Result<(), Refusal> {
    require(matches!(author.holder, Holder::Registrar | Holder::BodyRecovery), "registrar.may_not")?;
    require(!act.add.is_empty() || !act.remove.is_empty(), "registrar.nothing")?;
    let distinct = act.remove.iter().enumerate().all(|(at, id)| !act.remove[..at].contains(id));
    require(
        distinct && act.remove.iter().all(|id| state.registrars().any(|d| d.id == *id)),
        "registrar.unknown",
    )?;
    let again =
        |(at, keys): (usize, &DeviceKeys)| act.add[..at].contains(keys) || people::known_keys(state, keys);
    require(!act.add.iter().enumerate().any(again), "device.known")?;
    let left = state.registrars().count() - act.remove.len() + act.add.len();
    require((1..=16).contains(&left), "registrar.count")
}

pub(super) fn log_key(state: &State, act: &LogKey) -> Result<(), Refusal> {
    require(state.log_keys.iter().all(|(_, key)| *key != act.key), "log_key.again")
}

pub(super) fn epoch(state: &State, act: &Epoch) -> Result<(), Refusal> {
    require(act.number.get() == state.epochs.len() as u64 + 1, "epoch.not_next")
}

pub(super) fn ca(state: &State, act: &CaSet) -> Result<(), Refusal> {
    require(act.ca != state.ca, "ca.again")
}
