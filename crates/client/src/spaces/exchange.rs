//! Exchanging a space with the server: keys, operations out, operations in, each verified.

use super::fold::{Object, Operation};
use super::{epoch, keep_tick, rows, share, tick};
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::seal::{self, Key};
use crate::vault::Vault;
use ecabinet_domain::planted::planted;
use ecabinet_domain::{BodyId, DeviceId, DeviceStatus, Holder, MemberId, Nonce, PublicKey, Signature, State};
use ecabinet_protocol::space::{KeyId, SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::{Connection, SpaceId};
use ecabinet_record::KeyPair;
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

impl Client {
    pub(crate) async fn sync_spaces(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        if self.with(body, |_, body| Ok(body.member().is_err()))? {
            return Ok(());
        }
        let own = self.with(body, |_, body| Ok(body.row.keys.clone()))?;
        let owner = SpaceOwner::Member(self.with(body, |_, body| body.member())?);
        self.take_keys(body, connection, &own).await?;
        let space = self.with(body, |vault, body| rows::own_space(vault, body.row.id))?;
        let space = match space {
            Some((space, ..)) => space,
            None => match self.begin_space(body, connection).await? {
                Some(space) => space,
                None => return Ok(()),
            },
        };
        self.renew_key(body)?;
        self.give_keys(body, connection, space).await?;
        match self.pull_ops(body, connection, space, owner).await {
            // The feed is another than the one that was read so far: a backup was restored.
            Err(error) if error.code() == "space.incomplete" && self.forget_feed(body, space)? => {
                self.give_keys(body, connection, space).await?;
                self.pull_ops(body, connection, space, owner).await?;
            }
            pulled => pulled?,
        }
        // A device that began the same epoch apart has put its key before what it wrote with it.
        if self.with(body, |vault, body| Ok(!rows::held_ops(vault, body.row.id, space)?.is_empty()))? {
            self.take_keys(body, connection, &own).await?;
        }
        let unsent = self.with(body, |vault, body| {
            let devices = body.state()?.devices_of(body.member()?);
            let active = |id| devices.iter().any(|d| d.id == id && d.status == DeviceStatus::Active);
            let mut unsent = rows::unsent(vault, body.row.id, space)?;
            unsent.retain(|op| active(op.device));
            Ok(unsent)
        })?;
        if !unsent.is_empty() {
            for some in unsent.chunks(200) {
                connection.append_ops(some.to_vec()).await?;
            }
            self.pull_ops(body, connection, space, owner).await?;
        }
        Ok(())
    }

    /// Seals each key to each who may have it and has not been given it by this device, and puts that to the server. Who
    /// may have it was decided by the person, never by a device unasked: see `epoch::holders`.
    async fn give_keys(&self, body: BodyId, connection: &dyn Connection, space: SpaceId) -> Result<()> {
        let (mut due, mut sealed) = (Vec::new(), Vec::new());
        self.with(body, |vault, body| {
            for of in rows::keys(vault, body.row.id, space)? {
                for (holder, keys) in epoch::holders(body)? {
                    if !rows::is_given(vault, body.row.id, space, &of, holder)? {
                        sealed.push(self.seal_key(body, (space, of.0, &of.1), holder, &keys.enc, None)?);
                        due.push((of, holder));
                    }
                }
            }
            Ok(())
        })?;
        if sealed.is_empty() {
            return Ok(());
        }
        connection.put_space_keys(sealed).await?;
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        vault.transact(|tx| {
            due.iter().try_for_each(|(of, holder)| rows::set_given(tx, row, space, of, *holder))
        })
    }

    /// A device of the member was revoked: from now on his notes are sealed with a new key. It is kept here before it is
    /// sent.
    fn renew_key(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        if let Some((space, .., true)) = epoch::newest(vault, body)? {
            let (row, epoch) = (body.row.id, epoch::due(body.state()?, body.member()?));
            let key: Key = self.env.random();
            vault.transact(|tx| rows::add_key(tx, row, space, epoch, &key))?;
        }
        Ok(())
    }

    /// True if there was something to forget.
    pub(super) fn forget_feed(&self, body: BodyId, space: SpaceId) -> Result<bool> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let known = rows::feed(vault, body.row.id, space)? > 0;
        vault.transact(|tx| rows::forget_feed(tx, body.row.id, space))?;
        Ok(known)
    }

    /// The member's first device begins his space; any other waits for the key. It is kept here before it is sent: a key
    /// that only the server had would be a lost one.
    async fn begin_space(&self, body: BodyId, connection: &dyn Connection) -> Result<Option<SpaceId>> {
        if !connection.spaces().await?.is_empty() {
            return Ok(None);
        }
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        if body.state()?.devices_of(body.member()?).len() != 1 {
            return Ok(None);
        }
        let (space, key): (SpaceId, Key) = (Nonce(self.env.random()), self.env.random());
        vault.transact(|tx| rows::add_key(tx, body.row.id, space, 1, &key))?;
        Ok(Some(space))
    }

    /// Opens the keys that are sealed to this device, or to the member's printed code.
    pub(crate) async fn take_keys(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        with: &KeyPair,
    ) -> Result<()> {
        let sealed = connection.space_keys().await?;
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let (state, member) = (body.state()?, body.member()?);
        let mut opened = Vec::new();
        let to = with.id();
        let may = |key: &&SealedKey| {
            key.to == to && !body.opened.contains(key) && epoch::may_give(state, member, key.by, key.epoch)
        };
        for key in sealed.iter().filter(may) {
            let by = own_device(state, member, key.by).filter(|by| key.verify(by));
            by.ok_or(Error::new("space.signature").with("device", key.by))?;
            let info = SealedKey::info(key.space, key.epoch);
            let plain = seal::open_with(with.receiving(), &info, &key.sealed);
            let plain: Option<Key> = plain.and_then(|plain| plain.try_into().ok());
            opened.push((key, plain.ok_or(Error::new("space.key"))?));
        }
        let row = body.row.id;
        if !opened.is_empty() {
            vault.transact(|tx| {
                opened.iter().try_for_each(|(of, key)| rows::add_key(tx, row, of.space, of.epoch, key))
            })?;
            let opened: Vec<_> = opened.into_iter().map(|(of, _)| of.clone()).collect();
            body.opened.extend(opened);
        }
        if open_held(vault, body)? {
            drop(core);
            self.announce(&[Changed::Notes]);
        }
        Ok(())
    }

    pub(super) fn seal_key(
        &self,
        body: &Body,
        (space, epoch, plain): (SpaceId, u32, &Key),
        to: DeviceId,
        enc: &PublicKey,
        key: Option<KeyId>,
    ) -> Result<SealedKey> {
        let sealed = ByteBuf::from(seal::seal_to(&self.env, enc, &SealedKey::info(space, epoch), plain)?);
        let unsigned = Signature([0; 64]);
        Ok(SealedKey { space, epoch, to, key, sealed, by: body.row.device, signature: unsigned }
            .sign(&body.row.keys))
    }

    pub(super) async fn pull_ops(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        space: SpaceId,
        owner: SpaceOwner,
    ) -> Result<()> {
        loop {
            let (from, last) = self.with(body, |vault, body| rows::feed_end(vault, body.row.id, space))?;
            // The last that is here is asked for again: a feed that has it at its place is the one that was read.
            let mut ops = connection.ops(space, from.saturating_sub(1)).await?;
            if let Some((device, hash)) = last {
                if ops.first().map(StoredOp::hash) != Some(hash) {
                    return Err(Error::new("space.incomplete").with("device", device));
                }
                ops.remove(0);
            }
            if ops.is_empty() {
                return Ok(());
            }
            let taken = {
                let mut core = self.core();
                let (vault, body) = core.parts(body)?;
                body.republish |= ops.iter().any(|op| op.device != body.row.device);
                take_ops(vault, body, (space, owner), from, &ops, self.env.clock.now())?
            };
            if !taken {
                return Ok(());
            }
            self.announce(&[Changed::Notes]);
        }
    }
}

/// Verifies operations of the feed and folds in those that are new. False if they are of a device that the record here does
/// not know yet: the next round brings both.
fn take_ops(
    vault: &mut Vault,
    body: &Body,
    (space, owner): (SpaceId, SpaceOwner),
    from: u64,
    ops: &[StoredOp],
    now: u64,
) -> Result<bool> {
    let (state, row) = (body.state()?, body.row.id);
    let keys = rows::keys(vault, row, space)?;
    let mut chains = BTreeMap::new();
    let mut objects: BTreeMap<String, Object> = BTreeMap::new();
    let mut held: Vec<&StoredOp> = Vec::new();
    let mut clock = tick(vault, now)?;
    for op in ops {
        let broken = |code: &str| Error::new(code).with("device", op.device);
        let (n, prev) = match chains.get(&op.device) {
            Some(last) => *last,
            None => rows::last(vault, row, space, op.device)?,
        };
        // Our own, come back; or one that a restored server was given again.
        let known = op.n <= n
            && (op.device == body.row.device || {
                rows::hash_at(vault, row, space, op.device, op.n)? == Some(op.hash())
            });
        if known {
            continue;
        }
        if op.space != space || op.n != n + 1 || op.prev != prev {
            return Err(broken("space.incomplete"));
        }
        if SpaceOwner::is_shared(space) && !state.devices.contains_key(&op.device) {
            return Ok(false);
        }
        let key = author_key(state, owner, op.device).ok_or(broken("space.signature"))?;
        if !op.verify(&key) {
            return Err(broken("space.signature"));
        }
        chains.insert(op.device, (op.n, op.hash()));
        let Some(operation) = open_op(&keys, op).filter(|_| !is_ahead(state, owner, op)) else {
            held.push(op);
            continue;
        };
        if !counts(state, owner, op, &operation) {
            continue;
        }
        clock = clock.max((operation.at.0, operation.at.1 + 1));
        if !objects.contains_key(&operation.object) {
            objects.insert(operation.object.clone(), rows::object(vault, row, space, &operation.object)?);
        }
        let object = objects.get_mut(&operation.object).expect("just put");
        object.apply(&operation, op.device);
    }
    vault.transact(|tx| {
        for (at, op) in ops.iter().enumerate() {
            rows::add_op(tx, row, op, Some(from + at as u64))?;
        }
        let skipped = usize::from(planted("notes.not_folded") && objects.len() > 1);
        objects
            .iter()
            .skip(skipped)
            .try_for_each(|(id, object)| rows::set_object(tx, row, space, id, object))?;
        held.iter().try_for_each(|op| rows::hold_op(tx, row, op, true))?;
        keep_tick(tx, clock)
    })?;
    Ok(true)
}

/// Whether who may write in its epoch is not known here yet.
fn is_ahead(state: &State, owner: SpaceOwner, op: &StoredOp) -> bool {
    !matches!(owner, SpaceOwner::Member(_)) && op.epoch > owner.epoch(state)
}

/// Folds in operations whose key has come since; in what order does not matter. True if there were any.
pub(super) fn open_held(vault: &mut Vault, body: &Body) -> Result<bool> {
    let (state, row, mut opened) = (body.state()?, body.row.id, false);
    for (space, _) in rows::held(vault, row)? {
        let Some(owner) = owner_of(body, space)? else { continue };
        let keys = rows::keys(vault, row, space)?;
        for op in rows::held_ops(vault, row, space)? {
            let Some(operation) = open_op(&keys, &op).filter(|_| !is_ahead(state, owner, &op)) else {
                continue;
            };
            let mut object = rows::object(vault, row, space, &operation.object)?;
            if counts(state, owner, &op, &operation) {
                object.apply(&operation, op.device);
            }
            vault.transact(|tx| {
                rows::hold_op(tx, row, &op, false)?;
                rows::set_object(tx, row, space, &operation.object, &object)
            })?;
            opened = true;
        }
    }
    Ok(opened)
}

/// None if its key is not here.
pub(super) fn open_op(keys: &[(u32, Key)], op: &StoredOp) -> Option<Operation> {
    let nonce: [u8; 24] = op.nonce.as_slice().try_into().ok()?;
    let aad = StoredOp::aad(op.space, op.epoch, op.device, op.n, op.prev, &nonce);
    let of_epoch = keys.iter().filter(|(epoch, _)| *epoch == op.epoch);
    let plain = of_epoch.filter_map(|(_, key)| seal::open(key, &nonce, &aad, &op.ciphertext)).next()?;
    serde_json::from_slice(&plain).ok()
}

/// Whose a space is that is here; none if it was shared and is no more.
pub(super) fn owner_of(body: &Body, space: SpaceId) -> Result<Option<SpaceOwner>> {
    let member = body.member()?;
    if !SpaceOwner::is_shared(space) {
        return Ok(Some(SpaceOwner::Member(member)));
    }
    let shared = SpaceOwner::shared_by(body.state()?, member);
    Ok(shared.into_iter().find(|owner| owner.shared_id(body.row.body) == Some(space)))
}

/// Signing key of a device that may have written to the space. Of a shared one any person's: who does not belong is not
/// folded in, and no reason to go no further.
fn author_key(state: &State, owner: SpaceOwner, device: DeviceId) -> Option<PublicKey> {
    match owner {
        SpaceOwner::Member(member) => own_device(state, member, device),
        SpaceOwner::Staff(_) | SpaceOwner::Desk | SpaceOwner::All => {
            let device = state.devices.get(&device)?;
            matches!(device.holder, Holder::Member(_)).then_some(device.keys.sign)
        }
    }
}

/// Whether an operation is folded in: in a shared space only of who belonged to it then, and nobody writes in another's
/// name.
fn counts(state: &State, owner: SpaceOwner, op: &StoredOp, operation: &Operation) -> bool {
    if matches!(owner, SpaceOwner::Member(_)) {
        return true;
    }
    let Some(device) = state.devices.get(&op.device) else { return false };
    let belonged = owner.last_epoch(state, device).is_some_and(|last| op.epoch <= last);
    let Holder::Member(person) = device.holder else { return false };
    belonged && share::author_of(&operation.object).is_none_or(|author| author == person)
}

/// Signing key of a device of the member: what a since revoked one wrote before stays his.
fn own_device(state: &State, member: MemberId, device: DeviceId) -> Option<PublicKey> {
    let device = state.devices.get(&device).filter(|device| device.holder == Holder::Member(member))?;
    Some(device.keys.sign)
}
