//! A store that fails: nothing is acknowledged that is not durable, and nothing that is durable is forgotten.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content::{ChunkName, ChunkRef};
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_record::{Checkpoint, Payload, Replica, Trust};
use ecabinet_server::chunks::ChunkFolder;
use ecabinet_server::clock::SystemClock;
use ecabinet_server::store::{Append, Beside, Head, Hold, NewEntry, SqliteStore, Store, StoreError, Waits};
use ecabinet_server::{App, ServerKeys};
use kit::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What the next append does.
const WORKS: u8 = 0;
const FAILS: u8 = 1;
const FAILS_BUT_PERSISTS: u8 = 2;

struct Flaky {
    inner: SqliteStore,
    next: Arc<AtomicU8>,
}

type Result<T> = std::result::Result<T, StoreError>;

macro_rules! passed_on {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {
        $(fn $name(&self, $($arg: $ty),*) -> Result<$out> { self.inner.$name($($arg),*) })*
    };
}

impl Store for Flaky {
    fn append(&self, body: BodyId, append: &Append) -> Result<()> {
        let broken = || Err(StoreError::Failed("the disk is gone".into()));
        match self.next.swap(WORKS, Ordering::SeqCst) {
            FAILS => broken(),
            FAILS_BUT_PERSISTS => self.inner.append(body, append).and_then(|()| broken()),
            _ => self.inner.append(body, append),
        }
    }

    passed_on! {
        fn create_body(body: BodyId, genesis: &NewEntry, root: Hash, token: Hash) -> bool;
        fn bodies() -> Vec<BodyId>;
        fn body_by_prefix(prefix: [u8; 16]) -> Option<BodyId>;
        fn head(body: BodyId) -> Head;
        fn beside(body: BodyId) -> Beside;
        fn entries(body: BodyId, from: u64, max_bytes: usize) -> Vec<Vec<u8>>;
        fn payload(body: BodyId, index: u64) -> Option<Payload>;
        fn await_entries(body: BodyId, from: Head, awaited: &Checkpoint) -> ();
        fn hold(body: BodyId, hold: Hold) -> ();
        fn release(body: BodyId) -> ();
        fn waits(body: BodyId) -> Waits;
        fn lacking(body: BodyId) -> Vec<u64>;
        fn put_payload(body: BodyId, index: u64, payload: &Payload) -> ();
        fn set_whole(body: BodyId, index: u64) -> ();
        fn note_chunks(body: BodyId, chunks: &[ChunkRef]) -> ();
        fn chunk_sizes(body: BodyId, names: &[ChunkName]) -> Vec<Option<u32>>;
        fn chunks(body: BodyId) -> Vec<ChunkRef>;
        fn append_ops(body: BodyId, owner: SpaceOwner, ops: &[StoredOp]) -> ();
        fn spaces(body: BodyId, owner: SpaceOwner) -> Vec<SpaceInfo>;
        fn ops(body: BodyId, owner: SpaceOwner, space: SpaceId, from: u64, max: usize) -> Vec<StoredOp>;
        fn put_space_keys(body: BodyId, owner: SpaceOwner, keys: &[SealedKey]) -> ();
        fn space_keys(body: BodyId, owner: SpaceOwner, to: &[DeviceId]) -> Vec<SealedKey>;
        fn all_space_keys(body: BodyId, owner: SpaceOwner, space: SpaceId) -> Vec<SealedKey>;
        fn pair(body: BodyId, new: DeviceId, old: DeviceId, step: &PairStep, time: u64) -> ();
        fn pairings(body: BodyId, device: DeviceId, since: u64) -> Vec<Pairing>;
        fn report(body: BodyId, device: DeviceId, time: u64, reports: &[Report]) -> ();
        fn reports(body: BodyId) -> Vec<DeviceReport>;
        fn add_token(token: Hash, bodies: u32) -> ();
        fn token_left(token: Hash) -> u32;
        fn clock_confirmed() -> u64;
        fn confirm_clock() -> ();
    }
}

#[tokio::test]
async fn a_failed_append_is_answered_as_failed_and_may_be_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let next = Arc::new(AtomicU8::new(WORKS));
    drop(open(dir.path()));
    let inner = SqliteStore::open(&dir.path().join("record.db")).unwrap();
    let store = Flaky { inner, next: next.clone() };
    let chunks = ChunkFolder::open(&dir.path().join("chunks")).unwrap();
    let keys = ServerKeys::new(vec![log_key()], Hash([9; 32]), [5; 32]);
    let app = App::open(Arc::new(store), Arc::new(chunks), keys, Arc::new(SystemClock)).unwrap();
    let cabinet = Cabinet::create_in(app).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let session = cabinet.as_(&desk).await;
    let mut size = cabinet.entries(&desk).await.leaves.len() as u64;

    for (failure, persisted) in [(FAILS, false), (FAILS_BUT_PERSISTS, true)] {
        let act = ItemSet { meeting: MeetingId(random()), item: ItemId(random()) };
        let offers = vec![cabinet.offer(&desk, say(act, Member::SECRETARIAT).with("{}", ALL))];
        let submit = Submit { offers, together: false };
        next.store(failure, Ordering::SeqCst);
        assert_eq!(session.submit(submit.clone()).await.unwrap_err().code, "store.failed");
        let seen = cabinet.entries(&desk).await;
        assert_eq!(seen.leaves.len() as u64, size + u64::from(persisted), "readers see what is durable");

        // The same statement again stands once, at its place.
        let answer = session.submit(submit).await.unwrap();
        let Submitted::Recorded { index, .. } = answer.outcomes[0] else { panic!("{answer:?}") };
        assert_eq!(index, size);
        size += 1;
        let mut replica = Replica::default();
        let page = cabinet.entries(&desk).await;
        page.leaves.iter().for_each(|leaf| drop(replica.replay(leaf, Trust::Verify).unwrap()));
        assert_eq!(replica.size(), size);
        assert_eq!(Checkpoint::parse(&page.checkpoint).unwrap().root, replica.tree().root());
    }
}
