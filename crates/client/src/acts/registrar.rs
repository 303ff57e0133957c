//! Those who answer for the body: its registrars, the log's key, the level of its rules.

use crate::body::{Body, Made};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::sync::CaPin;
use crate::vault::BodyRow;
use ecabinet_domain::act::{BodyLevel, CaSet, LogKey, RegistrarChange};
use ecabinet_domain::{As, BodyId, DeviceId, DeviceKeys, Hash, Int, PublicKey, StatementId};
use ecabinet_protocol::sync::{Connection, Offer, Submit, Submitted, Who};
use ecabinet_record::{Admission, KeyPair, device_id};
use std::sync::Arc;

impl Client {
    /// Makes this home a device that a registrar may take in: it has keys, and pins body and server. Asked again it gives
    /// the same keys.
    pub fn offer_registrar(&self, server: &str, ca: Hash, body: BodyId) -> Result<DeviceKeys> {
        let known = self.core().bodies.iter().find(|known| known.row.body == body).map(|b| b.row.clone());
        if let Some(row) = known {
            return Ok(row.keys.public());
        }
        let keys = KeyPair::made(|seed| self.env.random.fill(seed));
        let row = BodyRow {
            id: 0,
            body,
            server: server.to_owned(),
            ca,
            device: keys.id(),
            keys: keys.clone(),
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        self.keep_body(row)?;
        Ok(keys.public())
    }

    /// Active registrars' devices.
    pub fn registrars(&self, body: BodyId) -> Result<Vec<DeviceId>> {
        self.with(body, |_, body| Ok(body.state()?.registrars().map(|device| device.id).collect()))
    }

    pub fn change_registrars(
        &self,
        body: BodyId,
        add: Vec<DeviceKeys>,
        remove: Vec<DeviceId>,
    ) -> Result<StatementId> {
        self.one(body, As::REGISTRAR, RegistrarChange { add, remove }.into(), None)
    }

    /// All registrars' devices are lost: the printed recovery key puts this one in their place.
    pub async fn recover_registrar(&self, body: BodyId, code: &[u8; 16]) -> Result<StatementId> {
        let row = self.with(body, |_, body| Ok(body.row.clone()))?;
        let (connection, theirs) = self.by_printed_key(row, KeyPair::from_code(code)).await?;
        let own = self.with(body, |_, body| Ok(body.row.keys.public()))?;
        let made = self.take_the_place(&theirs, own)?;
        let id = self.say_now(&*connection, &theirs, vec![made]).await?[0];
        self.sync(body, true).await?;
        Ok(id)
    }

    /// A connection as the body's printed key, and the body as the server tells it, verified from the first entry on.
    pub(crate) async fn by_printed_key(
        &self,
        row: BodyRow,
        recovery: KeyPair,
    ) -> Result<(Arc<dyn Connection>, Body)> {
        let who = Who::Device(recovery.id());
        let connected =
            self.env.dial.connect(&row.server, &CaPin::whole(row.ca), row.body, who, &recovery).await;
        let connection = connected.map_err(|error| match error.code() {
            "device.unknown" => Error::new("registrar.wrong_code"),
            _ => error,
        })?;
        let row = BodyRow { device: recovery.id(), keys: recovery, ..row };
        let theirs = self.fetch_entries(&*connection, 0).await?.into_body(row, self.env.level)?;
        Ok((connection, theirs))
    }

    /// The printed key's statement that these keys take the place of all registrars.
    pub(crate) fn take_the_place(&self, theirs: &Body, own: DeviceKeys) -> Result<Made> {
        let lost: Vec<DeviceId> = theirs.state()?.registrars().map(|device| device.id).collect();
        if lost.contains(&device_id(&own)) {
            return Err(Error::new("registrar.already"));
        }
        theirs.make(&self.env, As::RECOVERY, RegistrarChange { add: vec![own], remove: lost }, None)
    }

    /// Lets the newest key of the server sign from the next entry on; `expected` is what its administrator was shown.
    pub async fn rotate_log_key(
        &self,
        body: BodyId,
        expected: Option<PublicKey>,
    ) -> Result<(StatementId, PublicKey)> {
        // So that the CA is the one of today.
        self.connect(body).await?;
        let row = self.with(body, |_, body| Ok(body.row.clone()))?;
        let gate = self.env.dial.gate(&row.server, &CaPin::whole(row.ca)).await?;
        let key = gate.info().await?.log_key;
        if expected.is_some_and(|expected| expected != key) {
            return Err(Error::new("log_key.other").with("server", key));
        }
        Ok((self.one(body, As::REGISTRAR, LogKey { key }.into(), None)?, key))
    }

    /// Lets kinds and rules of the next level into the record. Programs that do not know them go on reading only.
    pub fn raise_level(&self, body: BodyId) -> Result<(StatementId, u64)> {
        let level = self.with(body, |_, body| Ok(body.state()?.level))? + 1;
        if level > self.env.level.into() {
            return Err(Error::new("level.unknown").with("level", level));
        }
        let act = BodyLevel { level: Int::new(level).ok_or(Error::new("level.unknown"))? };
        Ok((self.one(body, As::REGISTRAR, act.into(), None)?, level))
    }

    /// Names the CA of which the server will have its certificate; every device that takes this in accepts it.
    pub fn set_ca(&self, body: BodyId, ca: Hash) -> Result<StatementId> {
        if self.with(body, |_, body| Ok(body.state()?.level))? < 2 {
            return Err(Error::new("level.needed").with("level", 2));
        }
        self.one(body, As::REGISTRAR, CaSet { ca }.into(), None)
    }

    /// From now on the server's certificate must be of this CA, whose certificate was brought by hand, or of one that the
    /// registrars name later.
    pub fn accept_ca(&self, body: BodyId, ca: Hash) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        vault.transact(|tx| {
            tx.execute("UPDATE bodies SET ca = ?2 WHERE id = ?1", rusqlite::params![row, ca.0])?;
            Ok(())
        })?;
        body.row.ca = ca;
        Ok(())
    }

    /// Says statements that are not queued, because they are made on the server's ground and not on this device's: all
    /// or none.
    pub(crate) async fn say_now(
        &self,
        connection: &dyn Connection,
        theirs: &Body,
        made: Vec<Made>,
    ) -> Result<Vec<StatementId>> {
        let (mut then, now) = (theirs.replica.clone(), self.env.clock.now());
        for (envelope, _) in &made {
            if let Admission::New(admitted, _) = then.admit(&envelope.clone().into(), now)? {
                then.stand(&admitted);
            }
        }
        let ids: Vec<StatementId> = made.iter().map(|(envelope, _)| envelope.id()).collect();
        let together = made.len() > 1;
        let offers = made.into_iter().map(|(envelope, payload)| Offer::new(envelope, payload)).collect();
        let answer = connection.submit(Submit { offers, together }).await?;
        if answer.outcomes.len() != ids.len() {
            return Err(Error::new("server.answer").with("path", "submit"));
        }
        // Of several, the one at fault says more than those that fell with it.
        let refused = answer.outcomes.into_iter().filter_map(|outcome| match outcome {
            Submitted::Recorded { .. } => None,
            Submitted::Refused { refusal, .. } => Some(refusal.code),
        });
        match refused.max_by_key(|code| code != "request.together") {
            Some(code) => Err(Error::new(&code)),
            None => Ok(ids),
        }
    }
}
