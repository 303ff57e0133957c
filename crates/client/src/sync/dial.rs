use crate::error::Result;
use crate::sync::CaPin;
use async_trait::async_trait;
use ecabinet_domain::BodyId;
use ecabinet_protocol::sync::{Connection, Gate, Who};
use ecabinet_record::KeyPair;
use std::sync::Arc;

/// The way to a server: HTTP in production, in process in the simulation.
#[async_trait]
pub trait Dial: Send + Sync {
    async fn gate(&self, server: &str, pin: &CaPin) -> Result<Arc<dyn Gate>>;

    /// Opens a session; `keys` sign its challenge.
    async fn connect(
        &self,
        server: &str,
        pin: &CaPin,
        body: BodyId,
        who: Who,
        keys: &KeyPair,
    ) -> Result<Arc<dyn Connection>>;
}
