//! Members, invitations, devices, groups, attendance.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::act::*;
use ecabinet_domain::{
    As, Audience, BodyId, DeviceId, GroupId, Holder, Int, MeetingId, Member, MemberId, Presence, StatementId,
};
use ecabinet_protocol::content::{GroupContent, MemberContent, Why};
use ecabinet_record::KeyPair;
use ecabinet_record::invitation::Ticket;

#[derive(Debug, Clone)]
pub struct NewMember {
    pub id: MemberId,
    pub offices: Vec<String>,
    pub order: u64,
    pub content: MemberContent,
}

/// An invitation to hand over; its secret is nowhere else.
pub struct InvitationMade {
    pub invitation: StatementId,
    pub ticket: Ticket,
    pub expires: u64,
}

impl Client {
    /// Puts members in office; those already there with the same offices, order, name and title are left alone.
    pub fn add_members(&self, body: BodyId, members: Vec<NewMember>) -> Result<usize> {
        let made = self.act(body, |vault, body| {
            let mut made = Vec::new();
            for new in members {
                if let Some(known) = body.state()?.members.get(&new.id).filter(|member| member.in_office()) {
                    let content: Option<MemberContent> = body.content(vault, known.set_at)?;
                    if known.offices == new.offices
                        && known.order == new.order
                        && content.as_ref() == Some(&new.content)
                    {
                        continue;
                    }
                }
                let order = Int::new(new.order).ok_or(Error::new("member.order"))?;
                let act = MemberAdd { member: new.id, offices: new.offices, order };
                let one = body.make(&self.env, As::REGISTRAR, act, Says::to_all(&new.content))?;
                body.precheck(&self.env, &one)?;
                made.push(one);
            }
            Ok(made)
        })?;
        Ok(made.len())
    }

    pub fn retire_member(&self, body: BodyId, member: MemberId) -> Result<StatementId> {
        self.one(body, As::REGISTRAR, MemberRetire { member }.into(), None)
    }

    /// Invites a member to enrol one device within `valid_ms`.
    pub fn invite(&self, body: BodyId, member: MemberId, valid_ms: u64) -> Result<InvitationMade> {
        let secret: [u8; 16] = self.env.random();
        let expires = self.env.clock.now() + valid_ms;
        let key = KeyPair::from_invitation(&secret).public().sign;
        let ticket =
            self.with(body, |_, body| Ok(Ticket::new(&body.row.server, body.row.body, body.row.ca, secret)))?;
        let act = InvitationIssue {
            member,
            key,
            expires: Int::new(expires).ok_or(Error::new("invitation.expires"))?,
        };
        let invitation = self.one(body, As::REGISTRAR, act.into(), None)?;
        Ok(InvitationMade { invitation, ticket, expires })
    }

    pub fn revoke_invitation(&self, body: BodyId, invitation: StatementId) -> Result<StatementId> {
        self.one(body, As::REGISTRAR, InvitationRevoke { invitation }.into(), None)
    }

    /// Confirms a further device of one's own, with the six digits that the person compared on both; or, as a second
    /// registrar, without. A member's devices then hand over the keys of his spaces.
    ///
    /// # Errors
    /// `pairing.compare` without digits, `pairing.digits` if they are not those of the two devices, `pairing.waiting`,
    /// `pairing.broken` and `pairing.spent` if there are none.
    pub fn confirm_device(
        &self,
        body: BodyId,
        device: DeviceId,
        digits: Option<&str>,
    ) -> Result<StatementId> {
        let capacity = self.own_capacity(body)?;
        if capacity == Member::VOTE {
            self.check_digits(body, device, digits)?;
        }
        self.one(body, capacity, DeviceConfirm { device }.into(), None)
    }

    /// Confirms this device by the member's printed recovery code, if it waits, and opens his notes with it. The code is
    /// kept nowhere.
    ///
    /// # Errors
    /// `recovery.wrong_code` if the record knows another code for the member.
    pub async fn use_recovery_code(&self, body: BodyId, code: &KeyPair) -> Result<()> {
        let pending = self.with(body, |_, body| {
            let member = body.state()?.members.get(&body.member()?);
            let known = member.and_then(|member| member.recovery).is_some_and(|keys| keys == code.public());
            if known { body.is_pending() } else { Err(Error::new("recovery.wrong_code")) }
        })?;
        if pending {
            self.act(body, |vault, body| {
                let act = DeviceConfirm { device: body.row.device };
                // Typed again before there was a network: once is enough.
                if vault.waiting(body.row.id)?.iter().any(|row| row.header.act == act.clone().into()) {
                    return Ok(Vec::new());
                }
                let one = body.make_by(code, &self.env, As::RECOVERY, act, None)?;
                body.precheck(&self.env, &one)?;
                Ok(vec![one])
            })?;
        }
        self.sync(body, true).await?;
        let connection = self.connect(body).await?;
        self.take_keys(body, &*connection, code).await?;
        self.sync(body, true).await.map(|_| ())
    }

    pub fn revoke_device(&self, body: BodyId, device: DeviceId, why: Option<String>) -> Result<StatementId> {
        let capacity = self.own_capacity(body)?;
        let says = why.and_then(|why| Says::to_all(&Why { why }));
        self.one(body, capacity, DeviceRevoke { device }.into(), says)
    }

    pub fn set_group(
        &self,
        body: BodyId,
        group: GroupId,
        name: &str,
        members: Vec<MemberId>,
    ) -> Result<Option<StatementId>> {
        let same = self.with(body, |vault, body| {
            let Some(known) = body.state()?.groups.get(&group) else { return Ok(false) };
            let content: Option<GroupContent> = body.content(vault, known.set_at)?;
            Ok(known.members == members && content.is_some_and(|content| content.name == name))
        })?;
        if same {
            return Ok(None);
        }
        let audience =
            vec![Audience::Group(group), Audience::Registrars, Audience::Office(Member::SECRETARIAT.into())];
        let says = Says::to(audience, &GroupContent { name: name.to_owned() });
        self.one(body, As::REGISTRAR, GroupSet { group, members }.into(), says).map(Some)
    }

    /// Says who prepares for a member: the whole list; none if it is so already.
    pub fn set_staff(
        &self,
        body: BodyId,
        member: MemberId,
        staff: Vec<MemberId>,
    ) -> Result<Option<StatementId>> {
        if self.with(body, |_, body| Ok(body.state()?.staff_of(member) == staff))? {
            return Ok(None);
        }
        self.one(body, As::REGISTRAR, StaffSet { member, staff }.into(), None).map(Some)
    }

    pub fn set_attendance(
        &self,
        body: BodyId,
        meeting: MeetingId,
        member: MemberId,
        state: Presence,
    ) -> Result<StatementId> {
        self.one(body, Member::SECRETARIAT, AttendanceSet { meeting, member, state }.into(), None)
    }

    pub fn erase_payload(&self, body: BodyId, entry: u64, why: &str) -> Result<StatementId> {
        let entry = Int::new(entry).ok_or(Error::new("payload.none"))?;
        let says = Says::to_all(&Why { why: why.to_owned() });
        self.one(body, Member::SECRETARIAT, PayloadErase { entry }.into(), says)
    }

    /// One statement, refused at once if this device knows that the record would.
    pub(crate) fn one(
        &self,
        body: BodyId,
        capacity: &str,
        act: ecabinet_domain::Act,
        says: Option<Says>,
    ) -> Result<StatementId> {
        let made = self.act(body, |_, body| {
            let one = body.make(&self.env, capacity, act, says)?;
            body.precheck(&self.env, &one)?;
            Ok(vec![one])
        })?;
        Ok(made[0])
    }

    fn own_capacity(&self, body: BodyId) -> Result<&'static str> {
        self.with(body, |_, body| match body.holder() {
            Some(Holder::Registrar) => Ok(As::REGISTRAR),
            Some(Holder::Member(_)) => Ok(Member::VOTE),
            _ => Err(Error::new("device.unknown")),
        })
    }
}
