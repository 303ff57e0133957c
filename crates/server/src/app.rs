//! A server in process: the gate, and connections to its bodies.

use crate::access;
use crate::chunks::ChunkStore;
use crate::clock::Clock;
use crate::connection::Session;
use crate::core::{Core, Metrics, Work};
use crate::keys::ServerKeys;
use crate::offer::Offered;
use crate::sequencer::Queue;
use crate::session::Claim;
use crate::settled::{self, Fault, Settled};
use crate::store::{NewEntry, Store, StoreError, Waits};
use async_trait::async_trait;
use ecabinet_domain::{Act, BodyId, Hash};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::*;
use ecabinet_record::{Admission, Replica, hash, keys};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A server without its network. Clones are the same server.
#[derive(Clone)]
pub struct App {
    core: Arc<Core>,
    bodies: Arc<Mutex<HashMap<BodyId, Arc<Body>>>>,
}

/// A body served: its durable record and the way to its sequencer.
pub(crate) struct Body {
    pub(crate) settled: Arc<Settled>,
    pub(crate) queue: Queue,
}

impl App {
    /// Opens all bodies that the store holds. `record.damaged` if one does not hold.
    pub fn open(
        store: Arc<dyn Store>,
        chunks: Arc<dyn ChunkStore>,
        keys: ServerKeys,
        clock: Arc<dyn Clock>,
    ) -> Result<App, Fault> {
        Self::open_with(store, chunks, keys, clock, Work::Apart)
    }

    /// The same on the asking thread, so that one thing happens at a time: for the simulation.
    pub fn open_here(
        store: Arc<dyn Store>,
        chunks: Arc<dyn ChunkStore>,
        keys: ServerKeys,
        clock: Arc<dyn Clock>,
    ) -> Result<App, Fault> {
        Self::open_with(store, chunks, keys, clock, Work::Here)
    }

    fn open_with(
        store: Arc<dyn Store>,
        chunks: Arc<dyn ChunkStore>,
        keys: ServerKeys,
        clock: Arc<dyn Clock>,
        work: Work,
    ) -> Result<App, Fault> {
        let known = store.bodies()?;
        let core = Core::new(store, chunks, keys, clock, work)?;
        let app = App { core: Arc::new(core), bodies: Arc::default() };
        known.into_iter().try_for_each(|body| app.body(body).map(drop))?;
        Ok(app)
    }

    /// A connection for a device or the holder of an invitation that is known to be it.
    pub async fn connect(&self, body: BodyId, who: Who) -> Answer<Session> {
        let session = Session::new(self.core.clone(), self.served(body).await?, who);
        session.standing().await?;
        Ok(session)
    }

    /// Something to sign, good for two minutes.
    pub fn challenge(&self) -> Answer<Hash> {
        Ok(self.core.keys.session.challenge(self.core.now(), random()?))
    }

    /// A token for whoever signed our challenge.
    pub async fn open_session(&self, request: SessionRequest) -> Answer<SessionAnswer> {
        let SessionRequest { body, who, challenge, signature } = request;
        let secret = self.core.keys.session;
        if !secret.made_challenge(&challenge, self.core.now()) {
            return Err(ApiError::new("session.challenge"));
        }
        let session = self.connect(body, who).await?;
        let key = access::session_key(settled::state(&session.body.settled.read()), &who);
        let message = session_message(body, &who, &challenge);
        if !key.is_some_and(|key| keys::verify(&key, &message, &signature)) {
            return Err(ApiError::new("session.signature"));
        }
        Ok(SessionAnswer { token: secret.token(&Claim { body, who }, self.core.now()) })
    }

    /// Whether this server made the token and its time is not over.
    pub(crate) fn made_token(&self, token: &str) -> bool {
        self.core.keys.session.read_token(token, self.core.now()).is_some()
    }

    /// The connection of a session's token; whether it may still ask is looked up with each request.
    pub async fn resume(&self, token: &str) -> Answer<Session> {
        let claim = self.core.keys.session.read_token(token, self.core.now());
        let Claim { body, who } = claim.ok_or(ApiError::new("session.invalid"))?;
        Ok(Session::new(self.core.clone(), self.served(body).await?, who))
    }

    async fn served(&self, id: BodyId) -> Answer<Arc<Body>> {
        if let Some(known) = self.bodies.lock().expect("not poisoned").get(&id) {
            return Ok(known.clone());
        }
        let app = self.clone();
        self.core.apart(move || Ok(app.body(id)?)).await
    }

    /// Whether the server can order: the store answers and the clock is believed.
    pub async fn ready(&self) -> Answer<()> {
        let core = self.core.clone();
        self.core
            .apart(move || {
                core.store.bodies().map_err(Fault::from)?;
                Ok(core.order_time(0).map(drop)?)
            })
            .await
    }

    pub fn metrics(&self) -> &Metrics {
        &self.core.metrics
    }

    /// Ends what waits, so that the server can drain.
    pub fn close(&self) {
        self.core.closing.send_replace(true);
    }

    fn body(&self, id: BodyId) -> Result<Arc<Body>, Fault> {
        let mut bodies = self.bodies.lock().expect("not poisoned");
        if let Some(known) = bodies.get(&id) {
            return Ok(known.clone());
        }
        let settled = Arc::new(Settled::open(self.core.store.clone(), id)?);
        let waits = self.core.store.waits(id)?;
        if waits != Waits::default() {
            let awaited = waits.awaited.map(|awaited| awaited.size);
            tracing::warn!(body = %id, awaited, held = waits.hold.is_some(), "restored: orders nothing yet");
        }
        let queue = Queue::start(self.core.clone(), settled.clone());
        let body = Arc::new(Body { settled, queue });
        bodies.insert(id, body.clone());
        Ok(body)
    }

    fn create(&self, request: CreateBody) -> Answer<String> {
        let offered = Offered::new(request.genesis, |_| None);
        let id = BodyId::from(offered.looked.id());
        if !self.core.store.bodies().map_err(Fault::from)?.contains(&id) {
            let token = hash::sha256(request.token.trim().as_bytes());
            if self.core.store.token_left(token).map_err(Fault::from)? == 0 {
                return Err(Fault::from(StoreError::Token).into());
            }
            let (entry, root) = self.genesis(offered)?;
            // False if another request was first with the same genesis: then it stands.
            self.core.store.create_body(id, &entry, root, token).map_err(Fault::from)?;
        }
        let body = self.body(id)?;
        let replica = body.settled.read();
        Ok(body.settled.checkpoint(&replica, 1, &self.core.keys)?.note)
    }

    /// The first entry and its root, if the genesis may stand and names this server's keys.
    fn genesis(&self, offered: Offered) -> Answer<(NewEntry, Hash)> {
        let mut replica = Replica::default();
        let now = self.core.order_time(0)?;
        let Admission::New(admitted, leaf) = replica.admit(&offered.looked, now)? else {
            return Err(ApiError::new("genesis.invalid"));
        };
        let Act::BodyGenesis(act) = &admitted.entry.statement.header.act else {
            return Err(ApiError::new("genesis.missing"));
        };
        if act.log_key != self.core.keys.log_key() {
            return Err(ApiError::new("genesis.log_key"));
        }
        if act.ca != self.core.keys.ca {
            return Err(ApiError::new("genesis.ca"));
        }
        offered.content?;
        replica.stand(&admitted);
        Ok((NewEntry { leaf, payload: offered.payload }, replica.tree().root()))
    }
}

#[async_trait]
impl Gate for App {
    async fn info(&self) -> Answer<ServerInfo> {
        let keys = &self.core.keys;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(ServerInfo { version, log_key: keys.log_key(), ca: keys.ca, time: self.core.now() })
    }

    async fn create_body(&self, request: CreateBody) -> Answer<String> {
        let app = self.clone();
        self.core.apart(move || app.create(request)).await
    }

    async fn find_body(&self, prefix: [u8; 16]) -> Answer<BodyId> {
        let store = self.core.store.clone();
        let found = self.core.apart(move || Ok(store.body_by_prefix(prefix).map_err(Fault::from)?)).await?;
        found.ok_or(ApiError::new("body.unknown"))
    }
}

pub(crate) fn random<const N: usize>() -> Answer<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ApiError::new("server.no_random"))?;
    Ok(bytes)
}
