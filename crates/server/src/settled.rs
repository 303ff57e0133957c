//! A body's record as far as it is durable: what readers see.

use crate::keys::ServerKeys;
use crate::store::{Beside, Head, Store, StoreError};
use ecabinet_domain::{BodyId, Hash, PublicKey, State};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{self, BodyContent};
use ecabinet_record::{Admitted, Checkpoint, Replica, Trust};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Bytes of leaves read from the store at a time.
const PAGE: usize = 4 << 20;

/// Why a body cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored record does not hold, at this position.
    #[error("record.damaged at {0}")]
    Damaged(u64),
    /// This server does not hold the key that must sign.
    #[error("log_key.not_held")]
    LogKey,
    #[error("clock.jumped")]
    Clock,
}

impl Fault {
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Store(error) => error.code(),
            Fault::Damaged(_) => "record.damaged",
            Fault::LogKey => "log_key.not_held",
            Fault::Clock => "clock.jumped",
        }
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> ApiError {
        let error = ApiError::new(fault.code());
        match fault {
            Fault::Store(StoreError::SpaceGap(next)) => error.with("next", next),
            Fault::Store(StoreError::Failed(detail)) => {
                // Paths and SQL are for the log, not for the asker.
                tracing::error!(detail, "store failed");
                error
            }
            Fault::Damaged(index) => error.with("entry", index),
            Fault::Store(StoreError::Held(Some(size))) => error.with("size", size),
            _ => error,
        }
    }
}

pub(crate) struct Settled {
    pub(crate) body: BodyId,
    /// Key of chunk names; none if the payload that told it was erased.
    pub(crate) chunk_key: Option<Hash>,
    pub(crate) store: Arc<dyn Store>,
    replica: RwLock<Replica>,
    /// The checkpoint signed last, with its key: most readers ask for the same.
    signed: Mutex<Option<(PublicKey, Checkpoint)>>,
    /// Counts changes of the record and of what is said beside it. Whoever waits for one listens to it.
    pub(crate) changes: watch::Sender<u64>,
    /// When this server last looked for what others on the store have said beside the record, and what it found.
    looked: Mutex<Option<(Instant, Beside)>>,
}

/// How often it looks whether another server has written to the store.
pub(crate) const LOOK: Duration = Duration::from_secs(2);

impl Settled {
    /// Replays what the store holds; `UnknownBody` if it holds none.
    pub(crate) fn open(store: Arc<dyn Store>, body: BodyId) -> Result<Settled, Fault> {
        let mut replica = Replica::default();
        let head = store.head(body)?;
        extend(&*store, body, &mut replica, head)?;
        if replica.body() != Some(body) {
            return Err(Fault::Damaged(0));
        }
        let genesis =
            store.payload(body, 0)?.and_then(|payload| content::read::<BodyContent>(&payload.bytes));
        let chunk_key = genesis.map(|content| content.chunk_key);
        let (replica, changes) = (RwLock::new(replica), watch::Sender::new(0));
        let (signed, looked) = Default::default();
        Ok(Settled { body, chunk_key, store, replica, signed, changes, looked })
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Replica> {
        self.replica.read().expect("not poisoned")
    }

    /// Looks whether another server has appended to the store, and takes it in.
    pub(crate) fn catch_up(&self) -> Result<(), Fault> {
        self.catch_up_with(self.store.head(self.body)?)
    }

    /// The same, to where the store has been seen to be.
    pub(crate) fn catch_up_with(&self, head: Head) -> Result<(), Fault> {
        {
            let replica = self.read();
            // Larger than the head just read: entries of this server have come since.
            if replica.size() >= head.size {
                let agrees = replica.tree().root_at(head.size) == Some(head.root);
                return if agrees { Ok(()) } else { Err(Fault::Damaged(head.size)) };
            }
        }
        let mut replica = self.replica.write().expect("not poisoned");
        extend(&*self.store, self.body, &mut replica, head)?;
        drop(replica);
        self.note_change();
        Ok(())
    }

    /// Whether it is time to look for others' writings. Of all who wait, the first that asks is told so.
    pub(crate) fn is_to_look(&self) -> bool {
        let mut looked = self.looked.lock().expect("not poisoned");
        let now = Instant::now();
        match &mut *looked {
            Some((last, _)) if now.duration_since(*last) < LOOK => false,
            Some((last, _)) => {
                *last = now;
                true
            }
            None => true,
        }
    }

    /// Looks whether another server has written to the store, and notes the change.
    pub(crate) fn look(&self) -> Result<(), Fault> {
        self.catch_up()?;
        let beside = self.store.beside(self.body)?;
        let before = self.looked.lock().expect("not poisoned").replace((Instant::now(), beside));
        if before.is_none_or(|(_, before)| before != beside) {
            self.note_change();
        }
        Ok(())
    }

    /// Takes entries that the store now holds.
    pub(crate) fn take(&self, entries: &[Admitted]) -> Result<(), Fault> {
        let mut replica = self.replica.write().expect("not poisoned");
        // A reader may have caught up with the store in between.
        let known = replica.size();
        for admitted in entries.iter().filter(|admitted| admitted.entry.index >= known) {
            if !replica.stand(admitted) {
                return Err(Fault::Damaged(admitted.entry.index));
            }
        }
        drop(replica);
        self.note_change();
        Ok(())
    }

    /// The signed checkpoint of a size that the store holds; `replica` is this record's.
    pub(crate) fn checkpoint(
        &self,
        replica: &Replica,
        size: u64,
        keys: &ServerKeys,
    ) -> Result<Checkpoint, Fault> {
        let log_key = state(replica).log_key(size);
        let key = keys.secret_of(&log_key).ok_or(Fault::LogKey)?;
        let root = replica.tree().root_at(size).ok_or(Fault::Damaged(size))?;
        let mut signed = self.signed.lock().expect("not poisoned");
        match &*signed {
            Some((by, last)) if *by == log_key && last.size == size && last.root == root => Ok(last.clone()),
            _ => {
                let checkpoint = Checkpoint::sign(self.body, size, root, key);
                *signed = Some((log_key, checkpoint.clone()));
                Ok(checkpoint)
            }
        }
    }

    pub(crate) fn note_change(&self) {
        self.changes.send_modify(|count| *count += 1);
    }
}

/// Replays what the store holds beyond the replica, up to where it has been seen to be, and compares the roots.
pub(crate) fn extend(
    store: &dyn Store,
    body: BodyId,
    replica: &mut Replica,
    head: Head,
) -> Result<(), Fault> {
    while replica.size() < head.size {
        let leaves = store.entries(body, replica.size(), PAGE)?;
        if leaves.is_empty() {
            return Err(Fault::Damaged(replica.size()));
        }
        for leaf in leaves.iter().take((head.size - replica.size()) as usize) {
            // This installation checked the signatures when it took the entries in.
            replica.replay(leaf, Trust::Kept).map_err(|bad| Fault::Damaged(bad.index))?;
        }
    }
    if replica.tree().root_at(head.size) != Some(head.root) {
        return Err(Fault::Damaged(head.size));
    }
    Ok(())
}

/// The state of a replica that has its genesis.
pub(crate) fn state(replica: &Replica) -> &State {
    replica.state().expect("opened with its genesis")
}
