//! Making a body: its genesis is signed here, on the registrar's device, never by the server. What is sent is kept first,
//! with the body's recovery code, so that a crash at any moment leaves neither a body that is nobody's nor one whose
//! recovery key nobody holds.

use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::sync::CaPin;
use crate::vault::{self, BodyRow, Vault};
use ecabinet_domain::act::BodyGenesis;
use ecabinet_domain::{As, Audience, BodyId, Hash, Header, Int, Nonce, Seen};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{self, BodyContent, Deadlines, Head, RuleContent, Text};
use ecabinet_protocol::sync::{CreateBody, Gate, Offer, ServerInfo};
use ecabinet_record::code::groups;
use ecabinet_record::hash::sha256;
use ecabinet_record::{Envelope, KeyPair, Payload};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
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
    pub head: Option<Head>,
    pub deadlines: Deadlines,
}

pub struct Created {
    pub body: BodyId,
    /// The body's recovery key, to be printed and locked away. It is given again until `recovery_code_told`, and then is
    /// kept nowhere.
    pub recovery_code: String,
}

/// A body that is being made, until its recovery code was told.
#[derive(Serialize, Deserialize)]
struct Begun {
    request: CreateBody,
    code: String,
}

impl Client {
    /// Creates a body with this device as its registrar. The same leave gives the same body again, until its recovery code
    /// was told; `body.begun` if something else is asked for by then.
    pub async fn create_body(&self, new: NewBody) -> Result<Created> {
        let gate = self.env.dial.gate(&new.server, &CaPin::whole(new.ca)).await?;
        let info = gate.info().await?;
        if info.ca != new.ca {
            return Err(Error::new("tls.untrusted"));
        }
        let (row, begun) = match self.body_begun(&new, &*gate).await? {
            Some(begun) => begun,
            None => self.begin_body(&new, &info)?,
        };
        if let Err(error) = gate.create_body(begun.request).await {
            // Whatever went wrong: only if the server has no such body, this device's keys are of no use.
            if !exists(&*gate, row.body).await.unwrap_or(true) {
                self.forget_body(row.id)?;
            }
            return Err(error.into());
        }
        self.sync(row.body, true).await?;
        Ok(Created { body: row.body, recovery_code: begun.code })
    }

    /// What an earlier attempt with the same leave has left, if it is what is asked for now.
    async fn body_begun(&self, new: &NewBody, gate: &dyn Gate) -> Result<Option<(BodyRow, Begun)>> {
        let Some((row, begun)) = self.left(new)? else { return Ok(None) };
        let payload = begun.request.genesis.payload.as_ref();
        let says: Option<BodyContent> = payload.and_then(|payload| content::read(&payload.bytes));
        match says {
            Some(says) if new.content(says.chunk_key) == says => Ok(Some((row, begun))),
            says if exists(gate, row.body).await? => {
                let name = says.map(|says| says.name.vi).unwrap_or_default();
                Err(Error::new("body.begun").with("name", name))
            }
            _ => {
                self.forget_body(row.id)?;
                Ok(None)
            }
        }
    }

    fn left(&self, new: &NewBody) -> Result<Option<(BodyRow, Begun)>> {
        let core = self.core();
        for body in core.bodies.iter().filter(|body| body.row.server == new.server) {
            let left = begun_in(&core.vault, body.row.id)?.filter(|begun| begun.request.token == new.token);
            if let Some(begun) = left {
                return Ok(Some((body.row.clone(), begun)));
            }
        }
        Ok(None)
    }

    /// Makes keys, code and genesis, and keeps them.
    fn begin_body(&self, new: &NewBody, info: &ServerInfo) -> Result<(BodyRow, Begun)> {
        let keys = KeyPair::made(|seed| self.env.random.fill(seed));
        let code: [u8; 16] = self.env.random();
        let genesis = BodyGenesis {
            registrars: vec![keys.public()],
            recovery: KeyPair::from_code(&code).public(),
            log_key: info.log_key,
            ca: new.ca,
            level: Int::from(1),
        };
        let says = new.content(Hash(self.env.random()));
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
        let mut row = BodyRow {
            id: 0,
            body: BodyId::from(envelope.id()),
            server: new.server.clone(),
            ca: new.ca,
            device: keys.id(),
            keys,
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        let genesis = Offer::new(envelope, Some(payload));
        let request = CreateBody { token: new.token.clone(), genesis };
        let begun = Begun { request, code: groups(&code) };
        row.id = self.keep_body_and(row.clone(), |tx, id| {
            vault::set_setting(tx, &setting(id), &String::from_utf8_lossy(&content::write(&begun)))
        })?;
        Ok((row, begun))
    }

    pub(crate) fn keep_body(&self, row: BodyRow) -> Result<i64> {
        self.keep_body_and(row, |_, _| Ok(()))
    }

    /// Keeps a body and, in the same step, what goes with its row.
    fn keep_body_and(
        &self,
        mut row: BodyRow,
        and: impl FnOnce(&Transaction, i64) -> Result<()>,
    ) -> Result<i64> {
        let mut core = self.core();
        row.id = core.vault.transact(|tx| {
            let id = vault::bodies::add(tx, &row)?;
            and(tx, id).map(|()| id)
        })?;
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
            super::forget_codes(tx, row)?;
            vault::bodies::forget(tx, row)
        })?;
        core.bodies.retain(|body| body.row.id != row);
        Ok(())
    }
}

impl NewBody {
    fn content(&self, chunk_key: Hash) -> BodyContent {
        BodyContent {
            name: self.name.clone(),
            chunk_key,
            rules: self.rules.clone(),
            timezone: Some(self.timezone),
            paper_export: self.paper_export,
            head: self.head.clone(),
            deadlines: self.deadlines.clone(),
        }
    }
}

async fn exists(gate: &dyn Gate, body: BodyId) -> Result<bool> {
    let prefix = body.0[..16].try_into().expect("32 bytes");
    match gate.find_body(prefix).await {
        Ok(found) => Ok(found == body),
        Err(error) if error.code == "body.unknown" => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn begun_in(vault: &Vault, row: i64) -> Result<Option<Begun>> {
    Ok(vault.setting(&setting(row))?.and_then(|text| content::read(text.as_bytes())))
}

pub(super) fn forget_begun(tx: &Transaction, row: i64) -> Result<()> {
    vault::drop_setting(tx, &setting(row))
}

fn setting(row: i64) -> String {
    format!("body_begun:{row}")
}
