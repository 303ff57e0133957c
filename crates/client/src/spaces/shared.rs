//! Exchanging shared spaces with the server. Who belongs is in the record; whoever has a key gives it to whoever belongs and
//! lacks it.

use super::{exchange, rows};
use crate::client::{Changed, Client};
use crate::error::Result;
use crate::seal::{self, Key};
use crate::vault;
use ecabinet_domain::planted::planted;
use ecabinet_domain::{BodyId, DeviceStatus, Holder, State};
use ecabinet_protocol::space::{SealedKey, SpaceOwner, StoredOp, key_id};
use ecabinet_protocol::sync::{Connection, SharedKeys, SpaceId, SpaceInfo};
use ecabinet_record::KeyPair;
use std::collections::BTreeSet;

/// In one request.
const MOST_OPS: usize = 200;
const MOST_BYTES: usize = 8 << 20;
/// Bytes of an operation besides its ciphertext.
const AROUND: usize = 512;

impl Client {
    /// Nothing that is wrong with one space keeps another back; the first error is told.
    pub(crate) async fn sync_shared(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        let owners = self.with(body, |_, body| match body.member() {
            Ok(member) => Ok(SpaceOwner::shared_by(body.state()?, member)),
            Err(_) => Ok(Vec::new()),
        })?;
        self.leave_spaces(body, &owners)?;
        if owners.is_empty() {
            return Ok(());
        }
        let mut infos = connection.shared().await?;
        let mut outcome = Ok(());
        for owner in owners {
            let Some(space) = owner.shared_id(body) else { continue };
            let known = infos.iter().position(|info| info.space == space).map(|at| infos.swap_remove(at));
            let info = known.unwrap_or(SpaceInfo { space, ops: 0, keys: 0 });
            outcome = outcome.and(self.sync_one(body, connection, owner, &info).await);
        }
        self.publish_notes(body)?;
        self.tidy_drafts(body)?;
        outcome
    }

    async fn sync_one(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        owner: SpaceOwner,
        info: &SpaceInfo,
    ) -> Result<()> {
        let space = info.space;
        // A server from before anything was shared has none.
        let none = || "0".to_owned();
        let seen =
            self.with(body, |vault, _| Ok(vault.setting(&seen_setting(space))?.unwrap_or_else(none)))?;
        if seen != info.keys.to_string() {
            let keys = connection.shared_keys(space).await?;
            self.take_shared_keys(body, owner, space, &keys, info.keys)?;
        }
        self.open_what_waits(body)?;
        self.give_shared_keys(body, connection, owner, space).await?;
        let (here, unsent) = self.unsent_shared(body, owner, space)?;
        if here != info.ops {
            match self.pull_ops(body, connection, space, owner).await {
                Err(error) if error.code() == "space.incomplete" && self.forget_feed(body, space)? => {
                    self.pull_ops(body, connection, space, owner).await?;
                }
                pulled => pulled?,
            }
        }
        let unsent = if here == info.ops { unsent } else { self.unsent_shared(body, owner, space)?.1 };
        if !unsent.is_empty() {
            for some in at_once(unsent) {
                connection.append_ops(some).await?;
            }
            self.pull_ops(body, connection, space, owner).await?;
        }
        Ok(())
    }

    /// How much of the feed is here, and what the server has not given back, of those who still belong.
    fn unsent_shared(&self, body: BodyId, owner: SpaceOwner, space: SpaceId) -> Result<(u64, Vec<StoredOp>)> {
        self.with(body, |vault, body| {
            let state = body.state()?;
            let mut unsent = rows::unsent(vault, body.row.id, space)?;
            unsent.retain(|op| belongs(state, owner, op));
            Ok((rows::feed(vault, body.row.id, space)?, unsent))
        })
    }

    /// Keeps the keys that are sealed to this device, and notes who has been given which.
    fn take_shared_keys(
        &self,
        body: BodyId,
        owner: SpaceOwner,
        space: SpaceId,
        keys: &SharedKeys,
        count: u64,
    ) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let (state, row) = (body.state()?, body.row.id);
        let opened = keys.sealed.iter().filter_map(|key| open_key(state, owner, space, key, &body.row.keys));
        let opened: Vec<(u32, Key)> = opened.collect();
        let mut known = rows::keys(vault, row, space)?;
        known.extend(opened.iter().copied());
        vault.transact(|tx| {
            opened.iter().try_for_each(|(epoch, key)| rows::add_key(tx, row, space, *epoch, key))?;
            rows::forget_given(tx, row, space)?;
            for of in &known {
                let id = key_id(space, of.0, &of.1);
                let mut given = keys.given.iter().filter(|given| (given.epoch, given.key) == (of.0, id));
                given.try_for_each(|given| rows::set_given(tx, row, space, of, given.to))?;
            }
            vault::set_setting(tx, &seen_setting(space), &count.to_string())
        })?;
        // Who comes back may have changed meanwhile what he shares.
        body.republish |= !opened.is_empty();
        Ok(())
    }

    async fn give_shared_keys(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        owner: SpaceOwner,
        space: SpaceId,
    ) -> Result<()> {
        let (mut due, mut sealed) = (Vec::new(), Vec::new());
        self.with(body, |vault, body| {
            let row = body.row.id;
            let holders = owner.holders(body.state()?);
            for of in rows::keys(vault, row, space)? {
                let id = key_id(space, of.0, &of.1);
                for (holder, keys) in &holders {
                    if !rows::is_given(vault, row, space, &of, *holder)? {
                        let key = (space, of.0, &of.1);
                        sealed.push(self.seal_key(body, key, *holder, &keys.enc, Some(id))?);
                        due.push((of, *holder));
                    }
                }
            }
            Ok(())
        })?;
        if sealed.is_empty() {
            return Ok(());
        }
        for some in sealed.chunks(1000) {
            if !planted("space.key_not_given") {
                connection.put_space_keys(some.to_vec()).await?;
            }
        }
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        vault.transact(|tx| {
            due.iter().try_for_each(|(of, holder)| rows::set_given(tx, row, space, of, *holder))
        })
    }

    /// Folds in what was kept until its key, or the record that says who may write it, had come.
    fn open_what_waits(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        if exchange::open_held(vault, body)? {
            drop(core);
            self.announce(&[Changed::Notes]);
        }
        Ok(())
    }

    /// Whoever no longer belongs to a space forgets what was in it.
    fn leave_spaces(&self, body: BodyId, owners: &[SpaceOwner]) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        let mine: BTreeSet<SpaceId> =
            owners.iter().filter_map(|owner| owner.shared_id(body.row.body)).collect();
        let held = rows::held(vault, row)?.into_iter().map(|(space, _)| space);
        let left: Vec<SpaceId> =
            held.filter(|space| SpaceOwner::is_shared(*space) && !mine.contains(space)).collect();
        if left.is_empty() {
            return Ok(());
        }
        vault.transact(|tx| {
            left.iter().try_for_each(|space| {
                rows::leave(tx, row, *space)?;
                vault::drop_setting(tx, &seen_setting(*space))
            })
        })?;
        drop(core);
        self.announce(&[Changed::Notes]);
        Ok(())
    }
}

/// Operations in requests that a server takes: papers of drafts are large.
fn at_once(ops: Vec<StoredOp>) -> Vec<Vec<StoredOp>> {
    let mut requests: Vec<Vec<StoredOp>> = Vec::new();
    let mut room = 0;
    for op in ops {
        let size = op.ciphertext.len() + AROUND;
        match requests.last_mut() {
            Some(last) if last.len() < MOST_OPS && size <= room => last.push(op),
            _ => {
                requests.push(vec![op]);
                room = MOST_BYTES;
            }
        }
        room = room.saturating_sub(size);
    }
    requests
}

/// Setting: how many sealed keys of a space the server had when they were last looked at.
fn seen_setting(space: SpaceId) -> String {
    format!("shared_keys:{space}")
}

/// Whether the server still takes an operation: its device is in use, and its person belongs.
fn belongs(state: &State, owner: SpaceOwner, op: &StoredOp) -> bool {
    let Some(device) = state.devices.get(&op.device) else { return false };
    let Holder::Member(person) = device.holder else { return false };
    device.status == DeviceStatus::Active && owner.has(state, person)
}

/// A key that is sealed to these keys, if whoever gave it might, and it is the one that it is said to be. One that is not is
/// passed over: it keeps nobody from what others give.
fn open_key(
    state: &State,
    owner: SpaceOwner,
    space: SpaceId,
    sealed: &SealedKey,
    with: &KeyPair,
) -> Option<(u32, Key)> {
    let by = state.devices.get(&sealed.by)?;
    let might = owner.last_epoch(state, by).is_some_and(|last| sealed.epoch <= last);
    if sealed.to != with.id() || sealed.space != space || !might || !sealed.verify(&by.keys.sign) {
        return None;
    }
    let info = SealedKey::info(space, sealed.epoch);
    let key: Key = seal::open_with(with.receiving(), &info, &sealed.sealed)?.try_into().ok()?;
    (sealed.key == Some(key_id(space, sealed.epoch, &key))).then_some((sealed.epoch, key))
}
