//! The network: every request waits here until the story says what becomes of it.

use async_trait::async_trait;
use bytes::Bytes;
use ecabinet_client::{CaPin, Dial, Error};
use ecabinet_domain::{BodyId, Hash};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_record::KeyPair;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_server::App;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

/// What is between all clients and the server.
#[derive(Clone, Default)]
pub struct Line(Arc<Mutex<Between>>);

#[derive(Default)]
pub struct Between {
    /// Requests that wait for their fate, oldest first.
    pub waiting: Vec<Message>,
    /// What the server has said, for the oracle: checkpoints, and which payloads it gave to whom.
    pub checkpoints: Vec<String>,
    pub released: Vec<(usize, u64)>,
    /// Headers that it refused, and how it did.
    pub refused: Vec<(Vec<u8>, SignedRefusal)>,
    /// Which spaces it let whom read, as it did.
    pub served: Vec<(usize, SpaceId)>,
    /// The newest session of each machine.
    pub sessions: BTreeMap<usize, String>,
    /// How often the server was told something beside the record, that anybody may learn of.
    pub told: u64,
    /// The same of what only devices of the same member learn of, by machine.
    pub told_own: BTreeMap<usize, u64>,
}

impl Between {
    /// A machine is a member's from now on: what it told before, anybody may learn of.
    pub fn belongs_now(&mut self, machine: usize) {
        self.told += self.told_own.remove(&machine).unwrap_or_default();
    }
}

/// A request on its way.
pub struct Message {
    pub from: usize,
    pub name: &'static str,
    call: Box<dyn Call>,
}

/// A request with a place for its answer.
trait Call: Send + Sync {
    /// The server's half.
    fn run<'a>(&'a self, app: &'a App) -> Doing<'a, ()>;
    /// The answer arrives.
    fn give(&self);
    /// The client learns that none will come.
    fn fail(&self, error: ApiError);
}

type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Ask<T> = Arc<dyn Fn(App) -> Doing<'static, Answer<T>> + Send + Sync>;

struct Request<T> {
    ask: Ask<T>,
    slot: Arc<Mutex<Slot<T>>>,
}

struct Slot<T> {
    answered: Option<Answer<T>>,
    arrived: Option<Answer<T>>,
}

impl Message {
    pub async fn run(&self, app: &App) {
        self.call.run(app).await;
    }

    pub fn give(&self) {
        self.call.give();
    }

    pub fn fail(&self, code: &str) {
        self.call.fail(ApiError::new(code));
    }
}

impl<T: Clone + Send + 'static> Call for Request<T> {
    fn run<'a>(&'a self, app: &'a App) -> Doing<'a, ()> {
        Box::pin(async move {
            let answer = (self.ask)(app.clone()).await;
            self.slot.lock().expect("whole").answered = Some(answer);
        })
    }

    fn give(&self) {
        let mut slot = self.slot.lock().expect("whole");
        slot.arrived = slot.answered.take();
    }

    fn fail(&self, error: ApiError) {
        self.slot.lock().expect("whole").arrived = Some(Err(error));
    }
}

struct Arriving<T>(Arc<Mutex<Slot<T>>>);

impl<T> Future for Arriving<T> {
    type Output = Answer<T>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Answer<T>> {
        match self.0.lock().expect("whole").arrived.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }
}

impl Line {
    pub fn between(&self) -> MutexGuard<'_, Between> {
        self.0.lock().expect("nobody panics on the line")
    }

    fn ask<T: Clone + Send + 'static>(
        &self,
        from: usize,
        name: &'static str,
        ask: impl Fn(App) -> Doing<'static, Answer<T>> + Send + Sync + 'static,
    ) -> Arriving<T> {
        let slot = Arc::new(Mutex::new(Slot { answered: None, arrived: None }));
        let call = Box::new(Request { ask: Arc::new(ask), slot: slot.clone() });
        self.between().waiting.push(Message { from, name, call });
        Arriving(slot)
    }

    /// A machine's way to the server.
    pub fn of(&self, machine: usize) -> Arc<dyn Dial> {
        Arc::new(End { line: self.clone(), machine })
    }
}

#[derive(Clone)]
struct End {
    line: Line,
    machine: usize,
}

#[derive(Clone)]
struct Session {
    end: End,
    token: String,
}

#[async_trait]
impl Dial for End {
    async fn gate(&self, _: &str, _: &CaPin) -> Result<Arc<dyn Gate>, Error> {
        Ok(Arc::new(self.clone()))
    }

    async fn connect(
        &self,
        _: &str,
        _: &CaPin,
        body: BodyId,
        who: Who,
        keys: &KeyPair,
    ) -> Result<Arc<dyn Connection>, Error> {
        let challenge: Hash =
            self.line.ask(self.machine, "challenge", |app| Box::pin(async move { app.challenge() })).await?;
        let signature = keys.sign(&session_message(body, &who, &challenge));
        let answer: SessionAnswer = self
            .line
            .ask(self.machine, "session", move |app| {
                let request = SessionRequest { body, who, challenge, signature };
                Box::pin(async move { app.open_session(request).await })
            })
            .await?;
        self.line.between().sessions.insert(self.machine, answer.token.clone());
        Ok(Arc::new(Session { end: self.clone(), token: answer.token }))
    }
}

#[async_trait]
impl Gate for End {
    async fn info(&self) -> Answer<ServerInfo> {
        self.line.ask(self.machine, "info", |app| Box::pin(async move { app.info().await })).await
    }

    async fn create_body(&self, request: CreateBody) -> Answer<String> {
        let ask = move |app: App| -> Doing<'static, Answer<String>> {
            let request = request.clone();
            Box::pin(async move { app.create_body(request).await })
        };
        self.line.ask(self.machine, "create_body", ask).await
    }

    async fn find_body(&self, prefix: [u8; 16]) -> Answer<BodyId> {
        self.line
            .ask(self.machine, "find_body", move |app| Box::pin(async move { app.find_body(prefix).await }))
            .await
    }
}

impl Session {
    fn ask<T: Clone + Send + 'static, F>(
        &self,
        name: &'static str,
        ask: impl Fn(ecabinet_server::Session) -> F + Clone + Send + Sync + 'static,
    ) -> Arriving<T>
    where
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        let token = self.token.clone();
        self.end.line.ask(self.end.machine, name, move |app| {
            let (token, ask) = (token.clone(), ask.clone());
            Box::pin(async move { ask(app.resume(&token).await?).await })
        })
    }

    /// Something that anybody may learn of.
    fn tells_all(&self) {
        self.end.line.between().told += 1;
    }

    /// Something that only devices of the same member learn of.
    fn tells_own(&self) {
        *self.end.line.between().told_own.entry(self.end.machine).or_default() += 1;
    }

    /// Something of these spaces, which others may share.
    fn tells(&self, mut spaces: impl Iterator<Item = SpaceId>) {
        if spaces.any(SpaceOwner::is_shared) { self.tells_all() } else { self.tells_own() }
    }

    /// What notes that the server lets this machine read a space.
    fn reading(&self, space: SpaceId) -> Arc<dyn Fn() + Send + Sync> {
        let end = self.end.clone();
        Arc::new(move || end.line.between().served.push((end.machine, space)))
    }

    fn note(&self, payloads: &[PayloadAt]) {
        let machine = self.end.machine;
        self.end.line.between().released.extend(payloads.iter().map(|payload| (machine, payload.index)));
    }
}

#[async_trait]
impl Connection for Session {
    async fn entries(&self, from: u64) -> Answer<EntriesPage> {
        let page: EntriesPage =
            self.ask("entries", move |session| async move { session.entries(from).await }).await?;
        self.note(&page.payloads);
        self.end.line.between().checkpoints.push(page.checkpoint.clone());
        Ok(page)
    }

    async fn payloads(&self, indexes: Vec<u64>) -> Answer<Vec<PayloadAt>> {
        let ask = move |session: ecabinet_server::Session| {
            let indexes = indexes.clone();
            async move { session.payloads(indexes).await }
        };
        let payloads: Vec<PayloadAt> = self.ask("payloads", ask).await?;
        self.note(&payloads);
        Ok(payloads)
    }

    async fn submit(&self, request: Submit) -> Answer<SubmitAnswer> {
        let headers: Vec<Vec<u8>> = request.offers.iter().map(|offer| offer.header.to_vec()).collect();
        let ask = move |session: ecabinet_server::Session| {
            let request = request.clone();
            async move { session.submit(request).await }
        };
        let answer: SubmitAnswer = self.ask("submit", ask).await?;
        let mut between = self.end.line.between();
        between.checkpoints.push(answer.checkpoint.clone());
        // Of several that stand or fall together none says why it fell.
        if let ([header], [Submitted::Refused { refusal, .. }]) = (&headers[..], &answer.outcomes[..]) {
            between.refused.push((header.clone(), refusal.clone()));
        }
        drop(between);
        Ok(answer)
    }

    async fn missing_chunks(&self, names: Vec<ChunkName>) -> Answer<Vec<ChunkName>> {
        let ask = move |session: ecabinet_server::Session| {
            let names = names.clone();
            async move { session.missing_chunks(names).await }
        };
        self.ask("missing_chunks", ask).await
    }

    async fn put_chunks(&self, chunks: Vec<(ChunkName, Bytes)>) -> Answer<()> {
        self.tells_all();
        let ask = move |session: ecabinet_server::Session| {
            let chunks = chunks.clone();
            async move { session.put_chunks(chunks).await }
        };
        self.ask("put_chunks", ask).await
    }

    /// A few come, then the line may break: the story fails `more`.
    async fn chunks(
        &self,
        request: WantChunks,
        take: &mut (dyn FnMut(ChunkName, Bytes) -> bool + Send),
    ) -> Answer<()> {
        for name in request.names.clone() {
            let one = WantChunks { names: vec![name], ..request.clone() };
            let ask = move |session: ecabinet_server::Session| {
                let one = one.clone();
                async move {
                    let mut chunks = Vec::new();
                    let take = &mut |name, bytes| {
                        chunks.push((name, bytes));
                        true
                    };
                    session.chunks(one, take).await?;
                    Ok(chunks)
                }
            };
            let chunks: Vec<(ChunkName, Bytes)> = self.ask("chunks", ask).await?;
            for (name, bytes) in chunks {
                if !take(name, bytes) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn spaces(&self) -> Answer<Vec<SpaceInfo>> {
        self.ask("spaces", |session| async move { session.spaces().await }).await
    }

    async fn shared(&self) -> Answer<Vec<SpaceInfo>> {
        self.ask("shared", |session| async move { session.shared().await }).await
    }

    async fn shared_keys(&self, space: SpaceId) -> Answer<SharedKeys> {
        let read = self.reading(space);
        self.ask("shared_keys", move |session| {
            let read = read.clone();
            async move { session.shared_keys(space).await.inspect(|_| read()) }
        })
        .await
    }

    async fn append_ops(&self, ops: Vec<StoredOp>) -> Answer<()> {
        self.tells(ops.iter().map(|op| op.space));
        let ask = move |session: ecabinet_server::Session| {
            let ops = ops.clone();
            async move { session.append_ops(ops).await }
        };
        self.ask("append_ops", ask).await
    }

    async fn ops(&self, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
        let read = self.reading(space);
        self.ask("ops", move |session| {
            let read = read.clone();
            async move { session.ops(space, from).await.inspect(|_| read()) }
        })
        .await
    }

    async fn put_space_keys(&self, keys: Vec<SealedKey>) -> Answer<()> {
        self.tells(keys.iter().map(|key| key.space));
        let ask = move |session: ecabinet_server::Session| {
            let keys = keys.clone();
            async move { session.put_space_keys(keys).await }
        };
        self.ask("put_space_keys", ask).await
    }

    async fn space_keys(&self) -> Answer<Vec<SealedKey>> {
        self.ask("space_keys", |session| async move { session.space_keys().await }).await
    }

    async fn pair(&self, steps: Vec<PairStep>) -> Answer<Vec<Pairing>> {
        if !steps.is_empty() {
            self.tells_own();
        }
        let ask = move |session: ecabinet_server::Session| {
            let steps = steps.clone();
            async move { session.pair(steps).await }
        };
        self.ask("pair", ask).await
    }

    async fn report(&self, reports: Vec<Report>) -> Answer<()> {
        let ask = move |session: ecabinet_server::Session| {
            let reports = reports.clone();
            async move { session.report(reports).await }
        };
        self.ask("report", ask).await
    }

    async fn board(&self) -> Answer<Vec<DeviceReport>> {
        self.ask("board", |session| async move { session.board().await }).await
    }

    async fn ahead(&self, ahead: Ahead) -> Answer<u64> {
        self.tells_all();
        let ask = move |session: ecabinet_server::Session| {
            let ahead = ahead.clone();
            async move { session.ahead(ahead).await }
        };
        self.ask("ahead", ask).await
    }

    async fn hand_back(&self, back: HandBack) -> Answer<()> {
        self.tells_all();
        let ask = move |session: ecabinet_server::Session| {
            let back = back.clone();
            async move { session.hand_back(back).await }
        };
        self.ask("hand_back", ask).await
    }

    async fn lacking(&self) -> Answer<Lacking> {
        self.ask("lacking", |session| async move { session.lacking().await }).await
    }

    async fn put_payloads(&self, payloads: Vec<PayloadAt>) -> Answer<()> {
        self.tells_all();
        let ask = move |session: ecabinet_server::Session| {
            let payloads = payloads.clone();
            async move { session.put_payloads(payloads).await }
        };
        self.ask("put_payloads", ask).await
    }

    async fn wait(&self, size: u64) -> Answer<u64> {
        self.ask("wait", move |session| async move { session.wait(size).await }).await
    }
}
