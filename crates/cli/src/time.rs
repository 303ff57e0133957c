//! Times as they are typed.

use crate::failure::Failure;
use ecabinet_client::publishing::read_time;
use ecabinet_protocol::Zone;

/// `YYYY-MM-DD HH:MM` on the body's clock, or RFC 3339 with an offset of its own, in ms since 1970.
pub fn read(text: &str, zone: Zone) -> Result<u64, Failure> {
    read_time(text, zone).ok_or(Failure::new("usage.time").with("value", text))
}
