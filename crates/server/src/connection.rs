//! What a session may ask.

use crate::access::{self, Standing};
use crate::app::Body;
use crate::core::Core;
use crate::offer::Offered;
use crate::settled::{self, LOOK};
use crate::{healing, pairing, papers, spaces};
use async_trait::async_trait;
use bytes::Bytes;
use ecabinet_domain::{Header, Member, State};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_record::{Leaf, Looked, Payload};
use serde_bytes::ByteBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// Bytes of leaves, or of payloads, in one answer; one may go beyond.
const PAGE: usize = 4 << 20;
/// Statements in one request.
const MAX_OFFERS: usize = 4096;
/// Bytes of statements that are looked at sooner than another thread would wake up for it.
const SMALL: usize = 16 << 10;
/// Positions in one request for payloads.
const MAX_INDEXES: usize = 1024;
/// Meetings in one report.
const MAX_REPORTS: usize = 1024;
/// How long `wait` waits.
const WAIT: Duration = Duration::from_secs(25);
/// Devices of a body are told of news one after the other, so far apart: each then asks for them, and so many requests at once
/// would keep everybody from voting.
const APART: Duration = Duration::from_millis(2);
/// The last is told so soon.
const AT_THE_LATEST: Duration = Duration::from_secs(10);
/// Contact is written down so often, in ms.
const CONTACT: u64 = 60_000;

/// A device's or an invited person's connection to a body. Each request looks up anew what he may do.
#[derive(Clone)]
pub struct Session {
    pub(crate) core: Arc<Core>,
    pub(crate) body: Arc<Body>,
    pub(crate) who: Who,
}

impl Session {
    pub(crate) fn new(core: Arc<Core>, body: Arc<Body>, who: Who) -> Session {
        Session { core, body, who }
    }

    /// How the session stands, by a record that is up to date.
    pub(crate) async fn standing(&self) -> Answer<Standing> {
        self.look(|_, standing| Ok(standing)).await
    }

    /// Runs a request apart from the network's threads, after looking up how the session stands. A revoked device may
    /// ask nothing.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session, Standing) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.look(|session, standing| match standing {
            Standing::Revoked(_) => Err(ApiError::new("device.revoked")),
            _ => work(session, standing),
        })
        .await
    }

    /// The same, for what a revoked device may ask too.
    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session, Standing) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let session = self.clone();
        self.core
            .apart(move || {
                session.body.settled.catch_up()?;
                let standing =
                    session.with_state(|state| access::standing(state, &session.who, session.core.now()))?;
                work(&session, standing)
            })
            .await
    }

    pub(crate) fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(settled::state(&self.body.settled.read()))
    }

    fn page(&self, standing: Standing, from: u64) -> Answer<EntriesPage> {
        let settled = &self.body.settled;
        let (size, checkpoint) = {
            let replica = settled.read();
            let signed = |size| settled.checkpoint(&replica, size, &self.core.keys);
            let checkpoint = match standing {
                // The key that signed then may be given up since: the device learns of it all the same.
                Standing::Revoked(at) => signed(at + 1).or_else(|_| signed(replica.size()))?,
                _ => signed(replica.size())?,
            };
            (checkpoint.size, checkpoint.note)
        };
        let waits = settled.store.waits(settled.body).map_err(settled::Fault::from)?;
        let asks = !settled.store.lacking(settled.body).map_err(settled::Fault::from)?.is_empty();
        let mut page = EntriesPage {
            leaves: Vec::new(),
            payloads: Vec::new(),
            checkpoint,
            asks,
            held: waits.held_at(self.core.now()),
            awaited: waits.awaited.map(|awaited| awaited.note),
        };
        if from >= size {
            return Ok(page);
        }
        let leaves = settled.store.entries(settled.body, from, PAGE).map_err(settled::Fault::from)?;
        // Entries that came since are not under this checkpoint.
        let mut bytes = 0;
        for (leaf, index) in leaves.into_iter().zip(from..size) {
            let payload = self.payload(standing, index, &leaf)?;
            bytes += leaf.len() + payload.as_ref().map_or(0, |payload| payload.bytes.len());
            if bytes > PAGE && !page.leaves.is_empty() {
                break;
            }
            page.payloads.extend(payload.map(|payload| PayloadAt { index, payload: payload.into() }));
            page.leaves.push(ByteBuf::from(leaf));
        }
        Ok(page)
    }

    /// Any session may carry any statement, whose own signature decides: the record as it is here will do. Only whom it
    /// turns away is looked for in the store again.
    async fn may_offer(&self) -> Answer<()> {
        let now = self.core.now();
        match self.with_state(|state| access::standing(state, &self.who, now)) {
            Ok(Standing::Active(_) | Standing::Outside(_)) => Ok(()),
            _ => self.run(|_, _| Ok(())).await,
        }
    }

    /// All that needs no order is done before, by whoever asks: the sequencer is one for all.
    fn look_at(&self, offers: Vec<Offer>) -> Vec<Offered> {
        let key = |looked: &Looked| self.body.settled.read().expected_key(looked);
        offers.into_iter().map(|offer| Offered::new(offer, key)).collect()
    }

    /// The payload at a position, if the session may see it now.
    pub(crate) fn payload(&self, standing: Standing, index: u64, leaf: &[u8]) -> Answer<Option<Payload>> {
        let header = Leaf::parse(leaf).and_then(|leaf| Header::parse(&leaf.envelope.header));
        let Some(header) = header.filter(|header| header.payload.is_some()) else { return Ok(None) };
        if !self.with_state(|state| standing.sees(state, index, &header)) {
            return Ok(None);
        }
        let settled = &self.body.settled;
        Ok(settled.store.payload(settled.body, index).map_err(settled::Fault::from)?)
    }

    fn payloads_at(&self, standing: Standing, indexes: &[u64]) -> Answer<Vec<PayloadAt>> {
        let settled = &self.body.settled;
        let size = settled.read().size();
        let (mut found, mut bytes) = (Vec::new(), 0);
        for index in indexes.iter().copied().filter(|index| *index < size) {
            let leaves = settled.store.entries(settled.body, index, 0).map_err(settled::Fault::from)?;
            let Some(leaf) = leaves.first() else { continue };
            let Some(payload) = self.payload(standing, index, leaf)? else { continue };
            bytes += payload.bytes.len();
            found.push(PayloadAt { index, payload: payload.into() });
            if bytes > PAGE {
                break;
            }
        }
        Ok(found)
    }

    /// Writes down that a device has spoken: seldom, unless it has something to say.
    fn note_contact(&self, standing: Standing, reports: &[Report]) -> Answer<()> {
        let Ok(author) = standing.active() else { return Ok(()) };
        let (body, now) = (self.body.settled.body, self.core.now());
        {
            let mut contacts = self.core.contacts.lock().expect("not poisoned");
            let last = contacts.entry((body, author.device)).or_default();
            if reports.is_empty() && now.abs_diff(*last) < CONTACT {
                return Ok(());
            }
            *last = now;
        }
        Ok(self.core.store.report(body, author.device, now, reports).map_err(settled::Fault::from)?)
    }
}

impl Session {
    /// Until something was said in the body and it is this device's turn to be told.
    async fn change(&self, changes: &mut watch::Receiver<u64>) -> Answer<()> {
        while !changes.has_changed().unwrap_or(true) {
            tokio::select! {
                _ = changes.changed() => break,
                () = sleep(LOOK) => {}
            }
            let settled = &self.body.settled;
            if settled.is_to_look() {
                let body = self.body.clone();
                self.core.apart(move || Ok(body.settled.look()?)).await?;
            }
        }
        let turn = self.turn(*changes.borrow());
        sleep(turn).await;
        // What came meanwhile is told with it.
        changes.borrow_and_update();
        Ok(())
    }

    /// How long after a change this device is told: somewhere within the time that all who wait take, elsewhere each time.
    fn turn(&self, change: u64) -> Duration {
        let Who::Device(device) = self.who else { return Duration::ZERO };
        let waiting = self.body.settled.changes.receiver_count() as u32;
        let place = u64::from_le_bytes(*device.0.first_chunk().expect("longer")).wrapping_add(change);
        let scattered = place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        (APART * waiting).min(AT_THE_LATEST).mul_f64(scattered as f64 / f64::from(u32::MAX))
    }
}

/// What else but the record may grow: operations of the session's member, and what is said in his device's pairings.
fn beside(session: &Session, standing: Standing) -> Answer<(u64, Vec<Pairing>)> {
    Ok((spaces::held(session, standing)?, pairing::list(session)?))
}

fn at_most(count: usize, max: usize) -> Answer<()> {
    if count <= max { Ok(()) } else { Err(ApiError::new("request.too_large").with("max", max)) }
}

#[async_trait]
impl Connection for Session {
    async fn entries(&self, from: u64) -> Answer<EntriesPage> {
        self.look(move |session, standing| {
            session.note_contact(standing, &[])?;
            session.page(standing, from)
        })
        .await
    }

    async fn payloads(&self, indexes: Vec<u64>) -> Answer<Vec<PayloadAt>> {
        at_most(indexes.len(), MAX_INDEXES)?;
        self.run(move |session, standing| session.payloads_at(standing, &indexes)).await
    }

    async fn submit(&self, request: Submit) -> Answer<SubmitAnswer> {
        at_most(request.offers.len(), MAX_OFFERS)?;
        let Submit { offers, together } = request;
        self.may_offer().await?;
        let bytes = |offer: &Offer| offer.header.len() + offer.payload.as_ref().map_or(0, |p| p.bytes.len());
        let offered = if offers.iter().map(bytes).sum::<usize>() <= SMALL {
            self.look_at(offers)
        } else {
            let session = self.clone();
            self.core.apart(move || Ok(session.look_at(offers))).await?
        };
        self.body.queue.submit(offered, together).await
    }

    async fn missing_chunks(&self, names: Vec<ChunkName>) -> Answer<Vec<ChunkName>> {
        at_most(names.len(), papers::MAX_NAMES)?;
        self.run(move |session, standing| papers::missing(session, standing, names)).await
    }

    async fn put_chunks(&self, chunks: Vec<(ChunkName, Bytes)>) -> Answer<()> {
        self.run(move |session, standing| papers::put(session, standing, &chunks)).await
    }

    async fn chunks(
        &self,
        request: WantChunks,
        take: &mut (dyn FnMut(ChunkName, Bytes) -> bool + Send),
    ) -> Answer<()> {
        for name in self.open_chunks(request).await? {
            let Some(bytes) = self.chunk(name).await? else { continue };
            if !take(name, bytes) {
                break;
            }
        }
        Ok(())
    }

    async fn spaces(&self) -> Answer<Vec<SpaceInfo>> {
        self.run(spaces::list).await
    }

    async fn shared(&self) -> Answer<Vec<SpaceInfo>> {
        self.run(spaces::shared).await
    }

    async fn append_ops(&self, ops: Vec<StoredOp>) -> Answer<()> {
        self.run(move |session, standing| spaces::append(session, standing, &ops)).await
    }

    async fn ops(&self, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
        self.run(move |session, standing| spaces::ops(session, standing, space, from)).await
    }

    async fn put_space_keys(&self, keys: Vec<SealedKey>) -> Answer<()> {
        self.run(move |session, standing| spaces::put_keys(session, standing, &keys)).await
    }

    async fn space_keys(&self) -> Answer<Vec<SealedKey>> {
        self.run(spaces::keys).await
    }

    async fn shared_keys(&self, space: SpaceId) -> Answer<SharedKeys> {
        self.run(move |session, standing| spaces::shared_keys(session, standing, space)).await
    }

    async fn pair(&self, steps: Vec<PairStep>) -> Answer<Vec<Pairing>> {
        at_most(steps.len(), pairing::MAX_STEPS)?;
        self.run(move |session, _| pairing::pair(session, &steps)).await
    }

    async fn report(&self, reports: Vec<Report>) -> Answer<()> {
        at_most(reports.len(), MAX_REPORTS)?;
        self.run(move |session, standing| {
            standing.active()?;
            let known = |report: &Report| session.with_state(|s| s.meetings.contains_key(&report.meeting));
            if !reports.iter().all(known) {
                return Err(ApiError::new("meeting.unknown"));
            }
            session.note_contact(standing, &reports)
        })
        .await
    }

    async fn board(&self) -> Answer<Vec<DeviceReport>> {
        self.run(|session, standing| {
            session.with_state(|state| standing.holds(state, &[Member::SECRETARIAT, Member::CHAIR]))?;
            Ok(session.core.store.reports(session.body.settled.body).map_err(settled::Fault::from)?)
        })
        .await
    }

    async fn ahead(&self, ahead: Ahead) -> Answer<u64> {
        self.run(move |session, standing| healing::ahead(session, standing, &ahead)).await
    }

    async fn hand_back(&self, back: HandBack) -> Answer<()> {
        self.run(move |_, standing| standing.active().map(drop)).await?;
        self.body.queue.take_back(back).await
    }

    async fn lacking(&self) -> Answer<Lacking> {
        self.run(healing::lacking).await
    }

    async fn put_payloads(&self, payloads: Vec<PayloadAt>) -> Answer<()> {
        at_most(payloads.len(), MAX_INDEXES)?;
        self.run(move |session, standing| healing::put_payloads(session, standing, payloads)).await
    }

    async fn wait(&self, size: u64) -> Answer<u64> {
        let end = Instant::now() + WAIT;
        let mut changes = self.body.settled.changes.subscribe();
        let mut closing = self.core.closing.subscribe();
        let held = self.run(beside).await?;
        loop {
            let (now, held_now) = self
                .run(|session, standing| {
                    session.note_contact(standing, &[])?;
                    Ok((session.body.settled.read().size(), beside(session, standing)?))
                })
                .await?;
            if now > size || held_now != held || *closing.borrow() || Instant::now() >= end {
                return Ok(now);
            }
            tokio::select! {
                changed = self.change(&mut changes) => changed?,
                _ = closing.changed() => {}
                () = sleep_until(end) => {}
            }
        }
    }
}
