//! From an invitation to an open vault, and back to it with PIN or recovery code.

use super::device_name::{device_name, host};
use super::{Desk, body_id};
use crate::body::Body;
use crate::client::Client;
use crate::doctor::check_keyring;
use crate::error::{Error, Result};
use crate::pairing::Pair;
use crate::slots::{self, Lock};
use crate::vault::Vault;
use ecabinet_domain::{BodyId, DeviceId, DeviceStatus};
use ecabinet_protocol::content::Text;
use ecabinet_protocol::ui::*;
use ecabinet_record::KeyPair;
use ecabinet_record::code::{Mistyped, ungroup};
use ecabinet_record::invitation::Ticket;
use zeroize::Zeroizing;

const LEAST_PIN: usize = 6;
const LEAST_PASSPHRASE: usize = 12;

impl Desk {
    pub(super) fn app_view(&self) -> Result<AppView> {
        if self.held().as_ref().is_some_and(|session| session.client.ended().is_some()) {
            self.end_session();
        }
        let session = self.held().clone();
        let farewells = self.farewell_views(session.as_deref())?;
        let stage = match &session {
            Some(_) => Stage::Open,
            None if slots::exist(&self.home, &self.env) => Stage::Locked,
            None => Stage::New,
        };
        let bodies = match session {
            Some(session) => session
                .client
                .bodies()
                .into_iter()
                .filter_map(|body| self.body_row(body).transpose())
                .collect::<Result<_>>()?,
            None => Vec::new(),
        };
        Ok(AppView {
            stage,
            farewells,
            lock: match slots::exist(&self.home, &self.env) && !slots::uses_keyring(&self.home)? {
                true => LockKind::Passphrase,
                false => LockKind::Pin,
            },
            bodies,
            settings: self.settings(),
            invitation: self.shell.opened_with(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// None while the body is only being looked at.
    fn body_row(&self, id: BodyId) -> Result<Option<BodyRow>> {
        let client = self.client()?;
        let pairs = client.pairs(id)?;
        client.with(id, |vault, body| {
            let Ok(member) = body.member() else { return Ok(None) };
            let content = crate::status::member_content(vault, body, member)?;
            let state = body.state()?;
            let device = &state.devices[&body.row.device];
            let device_name =
                body.content::<ecabinet_protocol::content::DeviceContent>(vault, device.enrolled_at)?;
            let pending = match device.status {
                DeviceStatus::Pending => Some(PendingDevice {
                    device: body.row.device.to_string(),
                    name: device_name.map(|content| content.name).unwrap_or_default(),
                    pairs: pairs.iter().map(|pair| pair_view(vault, body, pair)).collect::<Result<_>>()?,
                }),
                _ => None,
            };
            let held = match crate::spaces::is_keyless(vault, body.row.id)? {
                true => Some("notes.no_key"),
                false => crate::spaces::has_held(vault, body.row.id)?.then_some("notes.key_lacking"),
            };
            Ok(Some(BodyRow {
                body: id.to_string(),
                name: body.genesis(vault).map(|genesis| label(&genesis.name)).unwrap_or_default(),
                zone: body.zone(vault).minutes(),
                me: Me {
                    member: member.to_string(),
                    name: content.name,
                    title: content.title,
                    offices: state.members.get(&member).map(|m| m.offices.clone()).unwrap_or_default(),
                },
                notes_held: held
                    .filter(|_| pending.is_none())
                    .map(|code| Failure { code: code.into(), params: Default::default() }),
                pending,
                recovery_code: crate::acts::untold_code(vault, body.row.id)?,
            }))
        })
    }

    /// Looks in a vault of its own that is thrown away: nothing is decided yet.
    pub(super) async fn look(&self, source: &InvitationSource) -> Result<InvitationPreview> {
        let ticket = ticket(source)?;
        let new_vault = !slots::exist(&self.home, &self.env);
        let scratch = self.home.join("invitation");
        let _ = std::fs::remove_dir_all(&scratch);
        let throwaway = Zeroizing::new(ecabinet_domain::Hash(self.env.random()).to_string());
        let client = Client::create(&scratch, self.env.clone(), &Lock::Passphrase(throwaway))?;
        let looked = client.look_at_invitation(&ticket).await;
        drop(client);
        let _ = std::fs::remove_dir_all(&scratch);
        let invited = looked?;
        Ok(InvitationPreview {
            body: label(&invited.body.name),
            member_name: invited.member.name,
            member_title: invited.member.title,
            expires: invited.expires,
            first: invited.first,
            device_name: device_name(&host(), self.settings().language),
            new_vault,
        })
    }

    pub(super) async fn accept(&self, args: AcceptInvitation) -> Result<Joined> {
        let ticket = ticket(&args.source)?;
        if slots::exist(&self.home, &self.env) {
            match self.client() {
                Ok(client) => client.check_secret(&args.pin)?,
                Err(_) => self.open_with(&args.pin)?,
            }
        } else {
            check_pin(&args.pin)?;
            let lock = Lock::Keyring { pin: Zeroizing::new(args.pin.clone()) };
            self.begin(Client::create(&self.home, self.env.clone(), &lock)?);
        }
        let session = self.session()?;
        let joined = session.client.join(&ticket, &args.device_name).await?;
        session.keep_in_touch();
        self.shell.changed(&[Topic::App]);
        Ok(Joined { body: joined.body.to_string(), pending: joined.pending })
    }

    pub(super) fn code_told(&self, body: &str) -> Result<()> {
        self.client()?.recovery_code_told(body_id(body)?)?;
        self.shell.changed(&[Topic::App]);
        Ok(())
    }

    pub(super) fn open_with(&self, pin: &str) -> Result<()> {
        if self.held().is_some() {
            return Ok(());
        }
        self.begin(self.open_client(pin)?);
        Ok(())
    }

    pub(super) fn recover_with(&self, args: &Recover) -> Result<()> {
        let secret = Zeroizing::new(args.secret.clone());
        let lock = match args.lock {
            LockKind::Pin => {
                check_pin(&secret)?;
                Lock::Keyring { pin: secret }
            }
            LockKind::Passphrase if secret.chars().count() < LEAST_PASSPHRASE => {
                return Err(Error::new("passphrase.too_short").with("least", LEAST_PASSPHRASE));
            }
            LockKind::Passphrase => Lock::Passphrase(secret),
        };
        let code = code(&args.code).ok_or(Error::new("vault.wrong_code"))?;
        self.begin(Client::recover(&self.home, self.env.clone(), &code, &lock)?);
        Ok(())
    }

    pub(super) async fn use_code(&self, args: &UseRecoveryCode) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let code = code(&args.code).ok_or(Error::new("recovery.wrong_code"))?;
        self.client()?.use_recovery_code(body, &code).await?;
        self.shell.changed(&[Topic::App, Topic::Record]);
        Ok(())
    }

    pub(super) fn keyring_view(&self) -> KeyringView {
        KeyringView { failure: check_keyring(&self.env).err().map(Into::into) }
    }

    pub(super) fn check_pin_again(&self, body: &str, pin: &str) -> Result<BodyId> {
        let body = body_id(body)?;
        self.not_held(body)?;
        self.client()?.check_secret(pin)?;
        Ok(body)
    }
}

fn pair_view(vault: &Vault, body: &Body, (peer, pair): &(DeviceId, Pair)) -> Result<PairView> {
    let enrolled = body.state()?.devices.get(peer).map_or(0, |device| device.enrolled_at);
    Ok(PairView { device: peer.to_string(), enrolled_at: body.time(vault, enrolled)?, state: pair.into() })
}

/// The keys of a printed code as it was typed.
fn code(typed: &str) -> Option<KeyPair> {
    let bytes = Zeroizing::new(ungroup(typed).ok()?);
    bytes.get(..16).and_then(|code| code.try_into().ok()).map(KeyPair::from_code)
}

fn check_pin(pin: &str) -> Result<()> {
    let digits = pin.len() >= LEAST_PIN && pin.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(()) } else { Err(Error::new("pin.too_short").with("least", LEAST_PIN)) }
}

fn ticket(source: &InvitationSource) -> Result<Ticket> {
    let text = match source {
        InvitationSource::Text { text } => text.clone(),
        InvitationSource::File { path } => std::fs::read_to_string(path)?,
    };
    Ticket::parse(&text).map_err(|mistyped| match mistyped {
        Mistyped::Group(group) => Error::new("invitation.mistyped").with("group", group),
        Mistyped::Length => Error::new("invitation.unreadable"),
    })
}

pub(super) fn label(text: &Text) -> Label {
    Label { vi: text.vi.clone(), en: text.en.clone() }
}
