//! Whose a space is, who belongs to it, and which epoch it must be in: by the record, on every device and server alike.

use crate::sync::SpaceId;
use ecabinet_domain::{
    BodyId, Device, DeviceId, DeviceKeys, DeviceStatus, Holder, Member, MemberId, Nonce, NotAnId, State,
};
use ecabinet_record::hash;
use std::fmt;
use std::str::FromStr;

/// Whose a space is. In text: `member:<id>`, `staff:<id>`, `desk`, `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpaceOwner {
    /// What a member has for himself.
    Member(MemberId),
    /// A member and those who prepare for him.
    Staff(MemberId),
    /// The office: the secretariat, and the heads of office who send what it has prepared.
    Desk,
    /// All who have a vote.
    All,
}

/// How the ids of shared spaces begin; those of others are random.
const SHARED: &[u8; 4] = b"grp:";
/// Offices of those who work at the desk.
const DESK: [&str; 2] = [Member::SECRETARIAT, Member::HEAD];

impl SpaceOwner {
    /// The shared spaces that a person belongs to: his staff's, those of whom he prepares for, that of all members.
    pub fn shared_by(state: &State, person: MemberId) -> Vec<SpaceOwner> {
        let mut owners: Vec<_> = state.staff.keys().map(|member| SpaceOwner::Staff(*member)).collect();
        owners.extend([SpaceOwner::Desk, SpaceOwner::All]);
        owners.retain(|owner| owner.has(state, person));
        owners.sort_by_key(|owner| *owner != SpaceOwner::Staff(person));
        owners
    }

    /// The id of a shared space follows from whose it is: nobody can put another in its place. Others have random ones.
    pub fn shared_id(&self, body: BodyId) -> Option<SpaceId> {
        if matches!(self, SpaceOwner::Member(_)) {
            return None;
        }
        let hash = hash::concat(&[b"ecabinet/v1/space-of\n", &body.0, self.to_string().as_bytes()]);
        let mut id = *hash.0.first_chunk().expect("32 bytes");
        id[..SHARED.len()].copy_from_slice(SHARED);
        Some(Nonce(id))
    }

    /// Whether notes are shared with it.
    pub fn takes_notes(&self) -> bool {
        matches!(self, SpaceOwner::Staff(_) | SpaceOwner::All)
    }

    /// Whether a space with this id is shared.
    pub fn is_shared(space: SpaceId) -> bool {
        space.0.starts_with(SHARED)
    }

    /// Who belongs to it now, in protocol order.
    pub fn persons(&self, state: &State) -> Vec<MemberId> {
        state.in_order().into_iter().map(|person| person.id).filter(|id| self.has(state, *id)).collect()
    }

    /// Whether a person belongs to it now. Nobody shares anything before level 3, nor a member without staff with himself.
    pub fn has(&self, state: &State, person: MemberId) -> bool {
        let Some(known) = state.members.get(&person).filter(|known| known.in_office()) else { return false };
        match self {
            SpaceOwner::Member(member) => *member == person,
            _ if state.level < 3 => false,
            SpaceOwner::Staff(member) => {
                let staff = state.staff_of(*member);
                let served = state.members.get(member).is_some_and(Member::in_office);
                served && !staff.is_empty() && (*member == person || staff.contains(&person))
            }
            SpaceOwner::Desk => DESK.iter().any(|office| known.holds(office)),
            SpaceOwner::All => known.has_vote(),
        }
    }

    /// The epoch that a shared space must be in: it grows with every entry that may have taken somebody or a device away.
    pub fn epoch(&self, state: &State) -> u32 {
        let concerns = |person: MemberId| match self {
            SpaceOwner::Member(member) => *member == person,
            SpaceOwner::Staff(member) => *member == person || state.staff_of(*member).contains(&person),
            // Who held an office before is not told apart from who never did.
            SpaceOwner::Desk | SpaceOwner::All => true,
        };
        let persons = state.members.values().filter(|person| concerns(person.id));
        let set = persons.map(|person| person.set_at.max(person.until.unwrap_or_default()));
        let revoked = state.devices.values().filter_map(|device| match device.holder {
            Holder::Member(person) if concerns(person) => Some(device.revoked?.at),
            _ => None,
        });
        let staff = match self {
            SpaceOwner::Staff(member) => state.staff.get(member).map(|staff| staff.set_at),
            _ => None,
        };
        let last = set.chain(revoked).chain(staff).max().unwrap_or_default();
        u32::try_from(last + 1).unwrap_or(u32::MAX)
    }

    /// The last epoch in which a device may write to a shared space, or give a key of it; none if it never belonged. One
    /// that was taken away must not choose the key of what is written without it.
    pub fn last_epoch(&self, state: &State, device: &Device) -> Option<u32> {
        let Holder::Member(person) = device.holder else { return None };
        let known = state.members.get(&person)?;
        let mut left: Vec<u64> = device.revoked.map(|revoked| revoked.at).into_iter().collect();
        if !self.has(state, person) {
            left.extend(known.until);
            match self {
                SpaceOwner::Staff(member)
                    if *member == person || state.staff_of(*member).contains(&person) =>
                {
                    let of = state.members.get(member);
                    left.extend(of.and_then(|of| of.until));
                    // He has staff no more.
                    let ended = state.staff.get(member).filter(|staff| staff.members.is_empty());
                    left.extend(ended.map(|staff| staff.set_at));
                }
                SpaceOwner::Staff(member) => left.push(*state.staff.get(member)?.left.get(&person)?),
                SpaceOwner::All => left.push(*known.gave_up.get(Member::VOTE)?),
                SpaceOwner::Desk => {
                    left.push(*DESK.iter().filter_map(|office| known.gave_up.get(*office)).max()?)
                }
                SpaceOwner::Member(_) => {}
            }
        }
        // Epochs are positions and one more: those up to the entry that took him away.
        Some(left.into_iter().min().map_or(u32::MAX, |at| u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// To whom its keys are sealed: every active device of those who belong.
    pub fn holders(&self, state: &State) -> Vec<(DeviceId, DeviceKeys)> {
        let mut holders = Vec::new();
        for person in self.persons(state) {
            let devices = state.devices_of(person).into_iter();
            let active = devices.filter(|device| device.status == DeviceStatus::Active);
            holders.extend(active.map(|device| (device.id, device.keys)));
        }
        holders
    }
}

impl fmt::Display for SpaceOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpaceOwner::Member(member) => write!(f, "member:{member}"),
            SpaceOwner::Staff(member) => write!(f, "staff:{member}"),
            SpaceOwner::Desk => f.write_str("desk"),
            SpaceOwner::All => f.write_str("all"),
        }
    }
}

impl FromStr for SpaceOwner {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once(':') {
            None if text == "desk" => Ok(SpaceOwner::Desk),
            None if text == "all" => Ok(SpaceOwner::All),
            Some(("member", id)) => id.parse().map(SpaceOwner::Member),
            Some(("staff", id)) => id.parse().map(SpaceOwner::Staff),
            _ => Err(NotAnId),
        }
    }
}
