//! Accepting an invitation. What is sent is kept first, so that a crash at any moment leaves a device that goes on; and the
//! member's recovery code is kept until he has it.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::slots;
use crate::sync::CaPin;
use crate::vault::{self, BodyRow, Vault};
use ecabinet_domain::act::DeviceEnrol;
use ecabinet_domain::{
    Audience, BodyId, DeviceId, DeviceStatus, InvitationStatus, Member, MemberId, PublicKey, State,
    StatementId,
};
use ecabinet_protocol::content::{BodyContent, DeviceContent, MemberContent};
use ecabinet_protocol::sync::Who;
use ecabinet_record::KeyPair;
use ecabinet_record::code::groups;
use ecabinet_record::invitation::{Ticket, enrolment_proof};
use rusqlite::Transaction;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub body: BodyId,
    pub member: MemberId,
    pub device: DeviceId,
    /// Whether another of the member's devices, his recovery code or a registrar must confirm this one first.
    pub pending: bool,
    /// The personal recovery code, for the member's first device only: to be printed. It is given again until
    /// `recovery_code_told`, and then is kept nowhere.
    pub recovery_code: Option<String>,
}

/// What an invitation is for, before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub body: BodyContent,
    pub member: MemberContent,
    /// ms since 1970.
    pub expires: u64,
    /// Whether this will be the member's first device.
    pub first: bool,
}

impl Client {
    /// Looks at an invitation without accepting it. The body's record is here from then on.
    pub async fn look_at_invitation(&self, ticket: &Ticket) -> Result<Invited> {
        let body = self.begin_joining(ticket).await?;
        let key = ticket.keys().public().sign;
        let now = self.server_time(body).await?;
        self.with(body, |vault, body| {
            let state = body.state()?;
            let (_, member) = open_invitation(state, key, now)?;
            let set_at = state.members.get(&member).ok_or(Error::new("member.unknown"))?.set_at;
            let unknown = || MemberContent { name: String::new(), title: String::new() };
            Ok(Invited {
                body: body.genesis(vault)?,
                member: body.content(vault, set_at)?.unwrap_or_else(unknown),
                expires: state.invitations.values().find(|i| i.key == key).map_or(0, |i| i.expires),
                first: state.devices_of(member).is_empty(),
            })
        })
    }

    /// Accepts an invitation: this device becomes the member's. The same again gives the same, until the recovery code was
    /// told.
    pub async fn join(&self, ticket: &Ticket, device_name: &str) -> Result<Joined> {
        let body = self.begin_joining(ticket).await?;
        let now = self.server_time(body).await?;
        let (waiting, first) = self.with(body, |vault, body| {
            let state = body.state()?;
            let enrolled = body.holder().is_some() || !vault.waiting(body.row.id)?.is_empty();
            if enrolled {
                return Ok((true, false));
            }
            let (_, member) = open_invitation(state, ticket.keys().public().sign, now)?;
            let member = state.members.get(&member).ok_or(Error::new("member.unknown"))?;
            Ok((false, member.recovery.is_none() && state.devices_of(member.id).is_empty()))
        })?;
        if !waiting {
            self.enrol(body, ticket, now, device_name, first)?;
        }
        self.sync(body, true).await?;
        let joined = self.with(body, |vault, body| {
            if let Some(refused) = vault.outbox(body.row.id)?.into_iter().find_map(|row| row.error) {
                return Err(refused.into());
            }
            let status = body.state()?.devices.get(&body.row.device).map(|device| device.status);
            Ok(Joined {
                body: body.row.body,
                member: body.member()?,
                device: body.row.device,
                pending: status == Some(DeviceStatus::Pending),
                recovery_code: untold_code(vault, body.row.id)?,
            })
        });
        if joined.is_err() {
            let row = self.with(body, |_, body| Ok(body.row.id))?;
            self.forget_body(row)?;
            return joined;
        }
        self.add_recovery_slot(body)?;
        // Now as the device that it is: its payloads are released to it.
        self.sync(body, true).await?;
        joined
    }

    /// The recovery code, as long as its person does not have it.
    pub fn recovery_code(&self, body: BodyId) -> Result<Option<String>> {
        self.with(body, |vault, body| untold_code(vault, body.row.id))
    }

    /// The person has the recovery code, his own or his body's: it is forgotten here, and with it the invitation or the
    /// leave that would tell it again.
    pub fn recovery_code_told(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        vault.transact(|tx| {
            forget_codes(tx, row)?;
            tx.execute("UPDATE bodies SET ticket = NULL WHERE id = ?1", [row])?;
            Ok(())
        })?;
        body.row.ticket = None;
        Ok(())
    }

    /// Pins server and body, makes this device's keys, and fetches the record as the invited one.
    async fn begin_joining(&self, ticket: &Ticket) -> Result<BodyId> {
        let known = self
            .core()
            .bodies
            .iter()
            .find(|body| ticket.pins_body(body.row.body))
            .map(|body| (body.row.clone(), body.replica.size() > 0));
        let row = match known {
            Some((row, _)) if row.ticket != Some(ticket.secret) => {
                return Err(Error::new("body.already_joined"));
            }
            Some((row, true)) => return Ok(row.body),
            // Cut off before the record came.
            Some((row, false)) => row,
            None => self.pin(ticket).await?,
        };
        let invited = ticket.keys();
        let who = Who::Invitation(invited.public().sign);
        let (pin, body) = (CaPin::whole(row.ca), row.body);
        let connection = self.env.dial.connect(&row.server, &pin, body, who, &invited).await?;
        let id = if row.id == 0 { self.keep_body(row)? } else { row.id };
        let pulled = self.pull(body, &*connection).await;
        if pulled.is_err() {
            self.forget_body(id)?;
        }
        pulled?;
        Ok(body)
    }

    /// The body that an invitation is to, with new keys for this device; not kept yet.
    async fn pin(&self, ticket: &Ticket) -> Result<BodyRow> {
        let gate = self.env.dial.gate(&ticket.server, &CaPin::prefix(ticket.ca)).await?;
        let body = gate.find_body(ticket.body).await?;
        let ca = gate.info().await?.ca;
        if !ticket.pins_body(body) || ca.0[..16] != ticket.ca {
            return Err(Error::new("server.other_body"));
        }
        let keys = KeyPair::made(|seed| self.env.random.fill(seed));
        Ok(BodyRow {
            id: 0,
            body,
            server: ticket.server.clone(),
            ca,
            device: keys.id(),
            keys,
            ticket: Some(ticket.secret),
            checkpoint: String::new(),
            contact: None,
        })
    }

    /// By the server's clock an invitation expires, whatever this device's says.
    async fn server_time(&self, body: BodyId) -> Result<u64> {
        let (server, ca) = self.with(body, |_, body| Ok((body.row.server.clone(), body.row.ca)))?;
        Ok(self.env.dial.gate(&server, &CaPin::whole(ca)).await?.info().await?.time)
    }

    fn enrol(&self, body: BodyId, ticket: &Ticket, now: u64, name: &str, first: bool) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let (invitation, member) = open_invitation(body.state()?, ticket.keys().public().sign, now)?;
        let keys = body.row.keys.public();
        let code: [u8; 16] = self.env.random();
        let act = DeviceEnrol {
            invitation,
            sign: keys.sign,
            enc: keys.enc,
            proof: enrolment_proof(&ticket.keys(), body.row.body, invitation, &keys),
            recovery: first.then(|| KeyPair::from_code(&code).public()),
        };
        let audience = vec![Audience::Member(member), Audience::Registrars];
        let says = Says::to(audience, &DeviceContent { name: name.to_owned() });
        let made = body.make(&self.env, Member::VOTE, act, says)?;
        body.replica.admit(&made.0.clone().into(), now)?;
        let row = body.row.id;
        vault.transact(|tx| {
            if first {
                vault::set_setting(tx, &code_setting(row), &groups(&code))?;
            }
            vault::queue(tx, row, &[made], self.env.clock.now())
        })
    }

    /// Seals the vault's key to the member's printed code, on each of his devices.
    pub(crate) fn add_recovery_slot(&self, body: BodyId) -> Result<()> {
        let core = self.core();
        let body = core.body(body)?;
        let member = body.member()?;
        let recovery = body.state()?.members.get(&member).and_then(|member| member.recovery);
        match recovery {
            Some(to) => slots::add_recovery(&self.home, &self.env, &to, &core.key),
            None => Ok(()),
        }
    }
}

/// The recovery code of a body's row, as long as it was not told.
pub(crate) fn untold_code(vault: &Vault, row: i64) -> Result<Option<String>> {
    vault.setting(&code_setting(row))
}

/// Forgets what would tell a recovery code again, the member's or the body's.
pub(crate) fn forget_codes(tx: &Transaction, row: i64) -> Result<()> {
    super::create::forget_begun(tx, row)?;
    vault::drop_setting(tx, &code_setting(row))
}

/// Where the recovery code waits until its person has it, so that no crash between enrolment and paper loses it.
fn code_setting(row: i64) -> String {
    format!("recovery_code:{row}")
}

/// The invitation that a key opens, if it can still be used.
fn open_invitation(state: &State, key: PublicKey, now: u64) -> Result<(StatementId, MemberId)> {
    let found = state.invitations.iter().find(|(_, invitation)| invitation.key == key);
    let (id, invitation) = found.ok_or(Error::new("invitation.unknown"))?;
    match invitation.status {
        InvitationStatus::Used => Err(Error::new("invitation.used")),
        InvitationStatus::Revoked => Err(Error::new("invitation.revoked")),
        InvitationStatus::Open if now >= invitation.expires => {
            Err(Error::new("invitation.expired").with("expires", invitation.expires))
        }
        InvitationStatus::Open => Ok((*id, invitation.member)),
    }
}
