use crate::plain::is_plain;
use ecabinet_domain::{Header, MAX_BALLOT_HEADER, MAX_HEADER};
use serde_json::Value;

/// A header that is accepted is plain JSON, says what was written, and is read back from its own bytes.
pub(crate) fn read(bytes: &[u8]) {
    let Some(header) = Header::parse(bytes) else { return };
    assert!(bytes.len() <= MAX_HEADER);
    assert!(is_plain(bytes), "accepted, and not plain JSON");
    let own = header.to_bytes();
    assert_eq!(Header::parse(&own).as_ref(), Some(&header), "its own bytes say something else");
    assert!(own.len() <= bytes.len(), "its own bytes are the shortest");
    let (written, read): (Value, Value) =
        (serde_json::from_slice(bytes).expect("JSON"), serde_json::from_slice(&own).expect("JSON"));
    assert_eq!(written, read, "what was read is not what was written");
    assert_eq!(written["kind"], header.act.kind());
    if header.act.kind() == "ballot.cast" {
        assert!(bytes.len() <= MAX_BALLOT_HEADER, "a ballot's receipt stays short");
    }
    assert_eq!(header.payload.is_some(), !header.audience.is_empty(), "a payload has an audience");
}
