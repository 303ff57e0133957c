//! What a device needs, looked at one by one: nothing is changed but a key that is tried and taken away again.

use crate::client::Client;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::sync::CaPin;
use ecabinet_domain::BodyId;
use std::time::Duration;

/// A clock that differs more shows wrong times, and its statements claim them; ms.
const DRIFT: u64 = 60_000;
const PATIENCE: Duration = Duration::from_secs(10);
const TRIED: &str = "doctor";

/// Whether the keyring keeps what it is given. The secret that is tried says nothing.
pub fn check_keyring(env: &Env) -> Result<()> {
    let tried: [u8; 16] = env.random();
    env.keyring.set(TRIED, &tried)?;
    let kept = env.keyring.get(TRIED)?;
    env.keyring.delete(TRIED)?;
    if kept == tried { Ok(()) } else { Err(Error::new("keyring.unavailable").with("detail", "not kept")) }
}

/// How the server of a body is found.
pub struct ServerFound {
    /// Whether it is there and its certificate is of the body's CA.
    pub trusted: Result<()>,
    /// Whether this device's clock goes as its does; unknown if it is not there.
    pub clock: Option<Result<()>>,
}

impl Client {
    pub async fn check_server(&self, body: BodyId) -> Result<ServerFound> {
        let (server, ca) = self.with(body, |_, body| Ok((body.row.server.clone(), body.row.ca)))?;
        let asked = async {
            let gate = self.env.dial.gate(&server, &CaPin::whole(ca)).await?;
            gate.info().await.map_err(Error::from)
        };
        let asked = tokio::time::timeout(PATIENCE, asked).await;
        let info = asked.unwrap_or_else(|_| Err(Error::new("net.unreachable")));
        let clock = info.as_ref().ok().map(|info| {
            let drift = info.time.abs_diff(self.env.clock.now());
            if drift <= DRIFT { Ok(()) } else { Err(Error::new("clock.wrong").with("seconds", drift / 1000)) }
        });
        Ok(ServerFound { trusted: info.map(|_| ()), clock })
    }
}
