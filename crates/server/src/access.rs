//! What a session may do and see, by the record as it stands.

use ecabinet_domain::planted::planted;
use ecabinet_domain::{
    Act, Author, DeviceId, DeviceStatus, Header, Holder, InvitationStatus, Member, MemberId, Poll, PublicKey,
    State, Viewer,
};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::{Answer, Who};

/// How a session stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// An active device.
    Active(Author),
    /// A pending device, a printed code, or the holder of an invitation: headers, and what tells him what he joins.
    Outside(Option<MemberId>),
    /// A revoked device: headers up to the entry at this position, which revoked it. They prove to it what it has to
    /// do; no status code of a server's would.
    Revoked(u64),
}

/// How a device or the holder of an invitation stands at `now`, in ms since 1970.
pub(crate) fn standing(state: &State, who: &Who, now: u64) -> Answer<Standing> {
    match who {
        Who::Device(device) => of_device(state, *device),
        Who::Invitation(key) => of_invitation(state, key, now),
    }
}

fn of_device(state: &State, id: DeviceId) -> Answer<Standing> {
    if let Some((author, _)) = state.author(id) {
        return Ok(match author.holder {
            Holder::Registrar | Holder::Member(_) => Standing::Active(author),
            Holder::Recovery(member) => Standing::Outside(Some(member)),
            Holder::BodyRecovery => Standing::Outside(None),
        });
    }
    let Some(device) = state.devices.get(&id) else {
        let code = if state.recoveries.contains_key(&id) { "member.retired" } else { "device.unknown" };
        return Err(ApiError::new(code));
    };
    match (device.status, device.holder) {
        (DeviceStatus::Revoked, _) => match device.revoked {
            Some(revoked) => Ok(Standing::Revoked(revoked.at)),
            None => Err(ApiError::new("device.revoked")),
        },
        (DeviceStatus::Pending, Holder::Member(member)) if in_office(state, member) => {
            Ok(Standing::Outside(Some(member)))
        }
        _ => Err(ApiError::new("member.retired")),
    }
}

fn of_invitation(state: &State, key: &PublicKey, now: u64) -> Answer<Standing> {
    let invitation = state.invitations.values().find(|invitation| invitation.key == *key);
    let invitation = invitation.ok_or(ApiError::new("invitation.unknown"))?;
    match invitation.status {
        InvitationStatus::Used => Err(ApiError::new("invitation.used")),
        InvitationStatus::Revoked => Err(ApiError::new("invitation.revoked")),
        InvitationStatus::Open if now >= invitation.expires => Err(ApiError::new("invitation.expired")),
        InvitationStatus::Open if !in_office(state, invitation.member) => {
            Err(ApiError::new("member.retired"))
        }
        InvitationStatus::Open => Ok(Standing::Outside(Some(invitation.member))),
    }
}

fn in_office(state: &State, member: MemberId) -> bool {
    state.members.get(&member).is_some_and(|member| member.in_office())
}

/// The key that must have signed a session's challenge.
pub(crate) fn session_key(state: &State, who: &Who) -> Option<PublicKey> {
    match who {
        Who::Invitation(key) => Some(*key),
        Who::Device(id) => match state.author(*id) {
            Some((_, key)) => Some(key),
            None => state.devices.get(id).map(|device| device.keys.sign),
        },
    }
}

impl Standing {
    /// Whether the payload of the entry with this header may be released to the session now.
    pub(crate) fn sees(&self, state: &State, index: u64, header: &Header) -> bool {
        if state.erased.contains_key(&index) {
            return false;
        }
        let author = match self {
            Standing::Active(author) => author,
            Standing::Outside(member) => {
                let own = member.and_then(|id| state.members.get(&id)).is_some_and(|own| own.set_at == index);
                return index == 0 || own;
            }
            Standing::Revoked(_) => return false,
        };
        if wrote(state, author, header.device) {
            return true;
        }
        if let Act::BallotCast(act) = &header.act {
            if act.in_place_of.is_some_and(|member| author.holder == Holder::Member(member)) {
                return true;
            }
            let shown = |poll: &Poll| poll.close.is_some() || poll.rule().running;
            if !state.polls.get(&act.poll).is_some_and(shown) && !planted("ballot.shown_early") {
                return false;
            }
        }
        if let Act::HandsEnter(act) = &header.act
            && state.polls.get(&act.poll).is_none_or(|poll| poll.is_open())
            && !chairs(author, state)
        {
            return false;
        }
        Viewer(author.holder).sees(&header.audience, state)
    }

    /// The active device, or why it is none.
    pub(crate) fn active(&self) -> Answer<Author> {
        match self {
            Standing::Active(author) => Ok(*author),
            Standing::Outside(_) => Err(ApiError::new("device.not_active")),
            Standing::Revoked(_) => Err(ApiError::new("device.revoked")),
        }
    }

    /// The active device's member, or why it has none.
    pub(crate) fn member(&self) -> Answer<(MemberId, DeviceId)> {
        match self.active()? {
            Author { holder: Holder::Member(member), device } => Ok((member, device)),
            _ => Err(ApiError::new("device.no_member")),
        }
    }

    /// An active device whose member holds one of the offices.
    pub(crate) fn holds(&self, state: &State, offices: &[&str]) -> Answer<()> {
        let (id, _) = self.member()?;
        let held =
            state.members.get(&id).is_some_and(|member| offices.iter().any(|office| member.holds(office)));
        if held { Ok(()) } else { Err(ApiError::new("capacity.not_held").with("as", offices.join(" "))) }
    }

    /// Whether the session may bring chunks: it publishes or signs papers, or sends forms with their dossiers.
    pub(crate) fn brings_chunks(&self, state: &State) -> bool {
        let Ok((id, _)) = self.member() else { return false };
        self.holds(state, &[Member::SECRETARIAT, Member::HEAD]).is_ok()
            || state.papers.values().any(|paper| paper.signers.contains(&id))
    }
}

/// Whether he sees what the secretariat has counted before the close.
fn chairs(author: &Author, state: &State) -> bool {
    let Holder::Member(id) = author.holder else { return false };
    let member = state.members.get(&id);
    member.is_some_and(|member| member.holds(Member::CHAIR) || member.holds(Member::SECRETARIAT))
}

/// Whether the device is the author's, or another of his member.
fn wrote(state: &State, author: &Author, device: DeviceId) -> bool {
    let member = |holder| match holder {
        Holder::Member(member) | Holder::Recovery(member) => Some(member),
        Holder::Registrar | Holder::BodyRecovery => None,
    };
    let by = state.devices.get(&device).and_then(|device| member(device.holder));
    let by = by.or_else(|| state.recoveries.get(&device).copied());
    author.device == device || (by.is_some() && by == member(author.holder))
}
