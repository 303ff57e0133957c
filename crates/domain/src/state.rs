//! The state of a body: a fold of its record's headers, the same on every replica.

use crate::planted::planted;
use crate::{
    Author, BodyId, Conclusion, Device, DeviceId, DeviceKeys, DeviceStatus, GroupId, Hands, Holder,
    Invitation, Item, ItemId, Meeting, MeetingId, Member, MemberId, OpinionOf, Paper, PaperId, Poll,
    Position, PublicKey, Reply, Rev, RevId, StatementId, Substitution,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub body: BodyId,
    pub level: u64,
    /// Keys that sign checkpoints: each from the size given on. Never empty.
    pub log_keys: Vec<(u64, PublicKey)>,
    pub ca: crate::Hash,
    /// Epochs that registrars have begun, each with the position of its statement.
    pub epochs: Vec<(u64, crate::act::Epoch)>,
    pub devices: BTreeMap<DeviceId, Device>,
    pub body_recovery: (DeviceId, DeviceKeys),
    /// Members' printed recovery codes, by the id of their keys.
    pub recoveries: BTreeMap<DeviceId, MemberId>,
    pub members: BTreeMap<MemberId, Member>,
    pub invitations: BTreeMap<StatementId, Invitation>,
    pub groups: BTreeMap<GroupId, Group>,
    pub meetings: BTreeMap<MeetingId, Meeting>,
    pub items: BTreeMap<ItemId, Item>,
    pub papers: BTreeMap<PaperId, Paper>,
    pub polls: BTreeMap<StatementId, Poll>,
    /// What was counted by hand, by the statement that says so.
    pub hands: BTreeMap<StatementId, Hands>,
    /// Who prepares for whom.
    pub staff: BTreeMap<MemberId, Staff>,
    /// By the statement that asked for it.
    pub substitutions: BTreeMap<StatementId, Substitution>,
    pub positions: BTreeMap<(ItemId, MemberId), Position>,
    /// Who wishes to speak on an item, in order.
    pub floors: BTreeMap<ItemId, Vec<MemberId>>,
    pub conclusions: BTreeMap<ItemId, Conclusion>,
    /// Items by their present conclusions.
    pub concluded: BTreeMap<StatementId, ItemId>,
    pub replies: BTreeMap<OpinionOf, Reply>,
    /// What the present replies are to.
    pub replied: BTreeMap<StatementId, OpinionOf>,
    /// Substitutions that have not ended, by member and substitute.
    pub substitutes: BTreeMap<(MemberId, MemberId), StatementId>,
    /// Ballots that name no poll of this record, kept as ineligible: position → author.
    pub strays: BTreeMap<u64, MemberId>,
    /// Erased payloads: position → position of the `payload.erase`.
    pub erased: BTreeMap<u64, u64>,
    /// Every revision ever published.
    pub(crate) revs: BTreeSet<RevId>,
    /// Positions that carry a payload and may be erased.
    pub(crate) payloads: BTreeSet<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub members: Vec<MemberId>,
    /// Position of the last `group.set`: where the name is found.
    pub set_at: u64,
}

/// Those who prepare for a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    pub members: Vec<MemberId>,
    /// Position of the last `staff.set`.
    pub set_at: u64,
    /// Who was of it and is no more, with the position of the `staff.set` that says so.
    pub left: BTreeMap<MemberId, u64>,
}

/// Where an entry stands and what was computed about it outside the rules.
#[derive(Debug, Clone, Copy)]
pub struct Fold {
    /// The position.
    pub index: u64,
    /// The entry's time in ms since 1970.
    pub time: u64,
}

impl State {
    /// The author behind a device that may sign now; none if it is unknown, pending, revoked or out of office.
    pub fn author(&self, device: DeviceId) -> Option<(Author, PublicKey)> {
        let (holder, key) = self.signer(device)?;
        Some((Author { device, holder }, key))
    }

    fn signer(&self, device: DeviceId) -> Option<(Holder, PublicKey)> {
        if device == self.body_recovery.0 {
            return Some((Holder::BodyRecovery, self.body_recovery.1.sign));
        }
        if let Some(member) = self.recoveries.get(&device) {
            let member = self.members.get(member).filter(|m| m.in_office())?;
            return Some((Holder::Recovery(member.id), member.recovery?.sign));
        }
        let known = self
            .devices
            .get(&device)
            .filter(|d| d.status == DeviceStatus::Active || planted("device.revoked_acts"))?;
        match known.holder {
            Holder::Member(member) if !self.members.get(&member)?.in_office() => None,
            holder => Some((holder, known.keys.sign)),
        }
    }

    /// Active registrars' devices.
    pub fn registrars(&self) -> impl Iterator<Item = &Device> {
        self.devices.values().filter(|d| d.holder == Holder::Registrar && d.status == DeviceStatus::Active)
    }

    /// A member's devices, revoked ones too, by position of enrolment.
    pub fn devices_of(&self, member: MemberId) -> Vec<&Device> {
        let mut devices: Vec<_> =
            self.devices.values().filter(|d| d.holder == Holder::Member(member)).collect();
        devices.sort_by_key(|d| d.enrolled_at);
        devices
    }

    /// Members in office in protocol order.
    pub fn in_order(&self) -> Vec<&Member> {
        let mut members: Vec<_> = self.members.values().filter(|m| m.in_office()).collect();
        members.sort_by_key(|m| (m.order, m.id));
        members
    }

    /// Those who prepare for a member.
    pub fn staff_of(&self, member: MemberId) -> &[MemberId] {
        self.staff.get(&member).map_or(&[], |staff| &staff.members)
    }

    /// The revisions now current for an item; empty before it is published.
    pub fn current_revs(&self, item: ItemId) -> &[Rev] {
        let place = self
            .items
            .get(&item)
            .and_then(|i| self.meetings.get(&i.meeting))
            .and_then(|m| m.agenda.place(item));
        place.map_or(&[], |place| &place.papers)
    }

    /// The key that must have signed a checkpoint of this size.
    pub fn log_key(&self, size: u64) -> PublicKey {
        let from = self.log_keys.iter().rev().find(|(from, _)| *from <= size);
        from.unwrap_or(&self.log_keys[0]).1
    }
}
