//! Making a body: its genesis is signed here, on the registrar's device, never by the server.

use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::sync::CaPin;
use crate::vault::{self, BodyRow};
use ecabinet_domain::act::BodyGenesis;
use ecabinet_domain::{As, Audience, BodyId, Hash, Header, Int, Nonce, Seen};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{self, BodyContent, RuleContent, Text};
use ecabinet_protocol::sync::{CreateBody, Offer};
use ecabinet_record::code::groups;
use ecabinet_record::hash::sha256;
use ecabinet_record::{Envelope, KeyPair, Payload};

pub struct NewBody {
    /// `host:port`.
    pub server: String,
    /// SHA-256 of the CA's public key, brought by hand.
    pub ca: Hash,
    /// The administrator's leave to create a body.
    pub token: String,
    pub name: Text,
    pub rules: Vec<RuleContent>,
    pub timezone: Zone,
    /// Whether a member may take a paper from his device as a plain file.
    pub paper_export: bool,
}

pub struct Created {
    pub body: BodyId,
    /// The body's recovery key, to be printed and locked away; kept nowhere else.
    pub recovery_code: String,
}

impl Client {
    /// Creates a body with this device as its registrar.
    pub async fn create_body(&self, new: NewBody) -> Result<Created> {
        let gate = self.env.dial.gate(&new.server, &CaPin::whole(new.ca)).await?;
        let info = gate.info().await?;
        if info.ca != new.ca {
            return Err(Error::new("tls.untrusted"));
        }
        let keys = KeyPair::made(|seed| self.env.random.fill(seed));
        let code: [u8; 16] = self.env.random();
        let genesis = BodyGenesis {
            registrars: vec![keys.public()],
            recovery: KeyPair::from_code(&code).public(),
            log_key: info.log_key,
            ca: new.ca,
            level: Int::from(1),
        };
        let says = BodyContent {
            name: new.name,
            chunk_key: Hash(self.env.random()),
            rules: new.rules,
            timezone: Some(new.timezone),
            paper_export: new.paper_export,
        };
        let payload = Payload { salt: self.env.random(), bytes: content::write(&says) };
        let header = Header {
            body: None,
            level: 1,
            device: keys.id(),
            nonce: Nonce(self.env.random()),
            claimed: Int::new(self.env.clock.now()).unwrap_or_default(),
            seen: Seen { size: Int::from(0), root: sha256(b"") },
            capacity: As(As::REGISTRAR.to_owned()),
            act: genesis.into(),
            payload: Some(payload.commitment()),
            audience: vec![Audience::All],
        };
        let envelope = Envelope::sign(&header, &keys);
        let body = BodyId::from(envelope.id());
        let row = BodyRow {
            id: 0,
            body,
            server: new.server,
            ca: new.ca,
            device: keys.id(),
            keys,
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        // The keys are kept before the server hears of them: a body without a registrar would be nobody's.
        let row = self.keep_body(row)?;
        let created = gate
            .create_body(CreateBody { token: new.token, genesis: Offer::new(envelope, Some(payload)) })
            .await;
        if let Err(error) = created {
            if !Client::is_offline(&error.clone().into()) {
                self.forget_body(row)?;
            }
            return Err(error.into());
        }
        self.sync(body, true).await?;
        Ok(Created { body, recovery_code: groups(&code) })
    }

    pub(crate) fn keep_body(&self, mut row: BodyRow) -> Result<i64> {
        let mut core = self.core();
        row.id = core.vault.transact(|tx| vault::bodies::add(tx, &row))?;
        let (id, body) = (row.id, Body::load(row, &core.vault, self.env.level)?);
        core.bodies.push(body);
        drop(core);
        self.announce(&[Changed::Record]);
        Ok(id)
    }

    /// Forgets a body that never came to be.
    pub(crate) fn forget_body(&self, row: i64) -> Result<()> {
        let mut core = self.core();
        core.vault.transact(|tx| {
            super::forget_code(tx, row)?;
            vault::bodies::forget(tx, row)
        })?;
        core.bodies.retain(|body| body.row.id != row);
        Ok(())
    }
}
