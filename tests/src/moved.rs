//! A server that has moved: its clients know the address that it had.

use async_trait::async_trait;
use ecabinet_client::{CaPin, Dial, Env, Error, HttpDial};
use ecabinet_domain::BodyId;
use ecabinet_protocol::sync::{Connection, Gate, Who};
use ecabinet_record::KeyPair;
use std::sync::Arc;

/// Leads to this address, whatever is dialled: a name that now resolves to another machine.
pub struct Moved(pub String);

impl Moved {
    /// The real world in which the server is at `address`.
    pub fn env(address: &str) -> Env {
        Env { dial: Arc::new(Moved(address.to_owned())), ..Env::real() }
    }
}

#[async_trait]
impl Dial for Moved {
    async fn gate(&self, _: &str, pin: &CaPin) -> Result<Arc<dyn Gate>, Error> {
        HttpDial.gate(&self.0, pin).await
    }

    async fn connect(
        &self,
        _: &str,
        pin: &CaPin,
        body: BodyId,
        who: Who,
        keys: &KeyPair,
    ) -> Result<Arc<dyn Connection>, Error> {
        HttpDial.connect(&self.0, pin, body, who, keys).await
    }
}
