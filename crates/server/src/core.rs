//! What all parts of a server share.

use crate::chunks::ChunkStore;
use crate::clock::{Clock, Watch};
use crate::keys::ServerKeys;
use crate::settled::Fault;
use crate::store::{Store, StoreError};
use ecabinet_domain::{BodyId, DeviceId};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::Answer;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub(crate) struct Core {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chunks: Arc<dyn ChunkStore>,
    pub(crate) keys: ServerKeys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) watch: Watch,
    pub(crate) metrics: Metrics,
    /// When contact with a device was last written down, in ms since 1970.
    pub(crate) contacts: Mutex<HashMap<(BodyId, DeviceId), u64>>,
    /// True once the server drains: nothing waits any longer.
    pub(crate) closing: watch::Sender<bool>,
    pub(crate) work: Work,
}

/// Where work is done that waits for a disk or computes for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// On threads apart from those that serve the network.
    Apart,
    /// On the asking thread.
    Here,
}

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    pub requests: AtomicU64,
    pub failed: AtomicU64,
    pub appended: AtomicU64,
    pub refused: AtomicU64,
    pub chunks_in: AtomicU64,
    pub chunks_out: AtomicU64,
}

impl Core {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        chunks: Arc<dyn ChunkStore>,
        keys: ServerKeys,
        clock: Arc<dyn Clock>,
        work: Work,
    ) -> Result<Core, StoreError> {
        let watch = Watch::start(&*clock, store.clock_confirmed()?);
        let (metrics, contacts, closing) = (Metrics::default(), Mutex::default(), watch::Sender::new(false));
        Ok(Core { store, chunks, keys, clock, watch, metrics, contacts, closing, work })
    }

    /// The time to order by, if the clock can be believed. `newest` is the time of the record's newest entry.
    pub(crate) fn order_time(&self, newest: u64) -> Result<u64, Fault> {
        let time = self.watch.time(&*self.clock, newest, || self.store.clock_confirmed())?;
        time.map_err(|_| Fault::Clock)
    }

    /// Does work of the kind that waits.
    pub(crate) async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        match self.work {
            Work::Here => work(),
            Work::Apart => {
                tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(ApiError::new("server.bug")))
            }
        }
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.wall()
    }
}
