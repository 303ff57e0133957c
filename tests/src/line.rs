//! Somebody on the line between a client and the real server: he listens, and alters what passes.

use async_trait::async_trait;
use bytes::Bytes;
use ecabinet_client::{CaPin, Dial, Env, Error, HttpDial};
use ecabinet_domain::BodyId;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_record::KeyPair;
use std::sync::{Arc, Mutex, MutexGuard};

type Alter<T> = Option<Box<dyn FnMut(&mut T) + Send>>;
type AlterChunk = Option<Box<dyn FnMut(usize, &mut (ChunkName, Bytes)) -> bool + Send>>;
type AlterPage = Option<Box<dyn FnMut(u64, &mut EntriesPage) + Send>>;
type Instead = Option<Box<dyn FnMut(&Submit) -> Option<SubmitAnswer> + Send>>;

/// What passes between a client and its server.
#[derive(Clone, Default)]
pub struct Line(Arc<Mutex<Passing>>);

#[derive(Default)]
pub struct Passing {
    /// Alters pages of entries, from a position on, on their way to the client.
    pub page: AlterPage,
    /// The line breaks on whoever asks for entries from here on.
    pub cut: Option<u64>,
    /// Alters what a device says to another, and what it hears.
    pub say: Alter<Vec<PairStep>>,
    pub hear: Alter<Vec<Pairing>>,
    /// Alters released payloads.
    pub payloads: Alter<Vec<PayloadAt>>,
    /// Alters chunks; is told in which request, from 1, they come. False: the line breaks before this one.
    pub chunk: AlterChunk,
    /// Alters what was written in spaces, on its way to the client.
    pub ops: Alter<Vec<StoredOp>>,
    /// Answers in the server's place, which then hears nothing.
    pub submit: Instead,
    /// Refuses each session in the server's place.
    pub refuse: Option<ApiError>,
    /// Alters entries that the client hands back.
    pub back: Alter<HandBack>,
    /// What the client has said to other devices.
    pub said: Vec<PairStep>,
    /// Keys of spaces that the client has sealed.
    pub sealed: Vec<SealedKey>,
    /// What the client has offered.
    pub offers: Vec<Offer>,
    /// Chunks that the client has asked for, request by request.
    pub asked: Vec<Vec<ChunkName>>,
    /// What the client has said that it holds, request by request.
    pub reported: Vec<Vec<Report>>,
    /// Chunks that have come to the client.
    pub arrived: Vec<ChunkName>,
    /// The client's session, and the keys that opened it.
    pub session: Option<(Arc<dyn Connection>, KeyPair)>,
}

impl Line {
    /// The real world with this line to the server.
    pub fn env(&self) -> Env {
        Env { dial: Arc::new(self.clone()), ..Env::real() }
    }

    pub fn passing(&self) -> MutexGuard<'_, Passing> {
        self.0.lock().expect("nobody panics on the line")
    }

    /// From now on everything passes as it is.
    pub fn leave(&self) {
        let mut passing = self.passing();
        (passing.page, passing.payloads, passing.chunk, passing.submit) = (None, None, None, None);
        (passing.back, passing.cut, passing.refuse) = (None, None, None);
        (passing.say, passing.hear, passing.ops) = (None, None, None);
    }

    /// The session that the client opened last.
    pub fn session(&self) -> Arc<dyn Connection> {
        self.passing().session.as_ref().expect("a session").0.clone()
    }

    /// The keys of the client's device.
    pub fn keys(&self) -> KeyPair {
        self.passing().session.as_ref().expect("a session").1.clone()
    }
}

#[async_trait]
impl Dial for Line {
    async fn gate(&self, server: &str, pin: &CaPin) -> Result<Arc<dyn Gate>, Error> {
        HttpDial.gate(server, pin).await
    }

    async fn connect(
        &self,
        server: &str,
        pin: &CaPin,
        body: BodyId,
        who: Who,
        keys: &KeyPair,
    ) -> Result<Arc<dyn Connection>, Error> {
        if let Some(refused) = self.passing().refuse.clone() {
            return Err(refused.into());
        }
        let real = HttpDial.connect(server, pin, body, who, keys).await?;
        self.passing().session = Some((real.clone(), keys.clone()));
        Ok(Arc::new(Tapped { real, line: self.clone() }))
    }
}

struct Tapped {
    real: Arc<dyn Connection>,
    line: Line,
}

#[async_trait]
impl Connection for Tapped {
    async fn entries(&self, from: u64) -> Answer<EntriesPage> {
        if self.line.passing().cut == Some(from) {
            return Err(ApiError::new("net.cut"));
        }
        let mut page = self.real.entries(from).await?;
        if let Some(alter) = &mut self.line.passing().page {
            alter(from, &mut page);
        }
        Ok(page)
    }

    async fn payloads(&self, indexes: Vec<u64>) -> Answer<Vec<PayloadAt>> {
        let mut payloads = self.real.payloads(indexes).await?;
        if let Some(alter) = &mut self.line.passing().payloads {
            alter(&mut payloads);
        }
        Ok(payloads)
    }

    async fn submit(&self, request: Submit) -> Answer<SubmitAnswer> {
        {
            let mut passing = self.line.passing();
            passing.offers.extend(request.offers.clone());
            if let Some(answer) = passing.submit.as_mut().and_then(|instead| instead(&request)) {
                return Ok(answer);
            }
        }
        self.real.submit(request).await
    }

    async fn missing_chunks(&self, names: Vec<ChunkName>) -> Answer<Vec<ChunkName>> {
        self.real.missing_chunks(names).await
    }

    async fn put_chunks(&self, chunks: Vec<(ChunkName, Bytes)>) -> Answer<()> {
        self.real.put_chunks(chunks).await
    }

    async fn chunks(
        &self,
        request: WantChunks,
        take: &mut (dyn FnMut(ChunkName, Bytes) -> bool + Send),
    ) -> Answer<()> {
        let number = {
            let asked = &mut self.line.passing().asked;
            asked.push(request.names.clone());
            asked.len()
        };
        let mut broken = false;
        let mut through = |name: ChunkName, bytes: Bytes| {
            let mut passing = self.line.passing();
            let mut chunk = (name, bytes);
            if let Some(alter) = &mut passing.chunk {
                broken = !alter(number, &mut chunk);
            }
            if broken {
                return false;
            }
            passing.arrived.push(name);
            drop(passing);
            take(chunk.0, chunk.1)
        };
        let answer = self.real.chunks(request, &mut through).await;
        if broken { Err(ApiError::new("net.cut")) } else { answer }
    }

    async fn spaces(&self) -> Answer<Vec<SpaceInfo>> {
        self.real.spaces().await
    }

    async fn shared(&self) -> Answer<Vec<SpaceInfo>> {
        self.real.shared().await
    }

    async fn shared_keys(&self, space: SpaceId) -> Answer<SharedKeys> {
        self.real.shared_keys(space).await
    }

    async fn append_ops(&self, ops: Vec<StoredOp>) -> Answer<()> {
        self.real.append_ops(ops).await
    }

    async fn ops(&self, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
        let mut ops = self.real.ops(space, from).await?;
        if let Some(alter) = &mut self.line.passing().ops {
            alter(&mut ops);
        }
        Ok(ops)
    }

    async fn put_space_keys(&self, keys: Vec<SealedKey>) -> Answer<()> {
        self.line.passing().sealed.extend(keys.clone());
        self.real.put_space_keys(keys).await
    }

    async fn space_keys(&self) -> Answer<Vec<SealedKey>> {
        self.real.space_keys().await
    }

    async fn pair(&self, mut steps: Vec<PairStep>) -> Answer<Vec<Pairing>> {
        {
            let mut passing = self.line.passing();
            passing.said.extend(steps.clone());
            if let Some(alter) = &mut passing.say {
                alter(&mut steps);
            }
        }
        let mut said = self.real.pair(steps).await?;
        if let Some(alter) = &mut self.line.passing().hear {
            alter(&mut said);
        }
        Ok(said)
    }

    async fn report(&self, reports: Vec<Report>) -> Answer<()> {
        self.line.passing().reported.push(reports.clone());
        self.real.report(reports).await
    }

    async fn board(&self) -> Answer<Vec<DeviceReport>> {
        self.real.board().await
    }

    async fn ahead(&self, ahead: Ahead) -> Answer<u64> {
        self.real.ahead(ahead).await
    }

    async fn hand_back(&self, mut back: HandBack) -> Answer<()> {
        if let Some(alter) = &mut self.line.passing().back {
            alter(&mut back);
        }
        self.real.hand_back(back).await
    }

    async fn lacking(&self) -> Answer<Lacking> {
        self.real.lacking().await
    }

    async fn put_payloads(&self, payloads: Vec<PayloadAt>) -> Answer<()> {
        self.real.put_payloads(payloads).await
    }

    async fn wait(&self, size: u64) -> Answer<u64> {
        self.real.wait(size).await
    }
}
