use ecabinet_domain::{BallotPayload, Base, Choice, PassRule, Rule};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{self, *};
use ecabinet_record::Payload;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;

/// What payloads say; the first byte tells which kind is read.
pub(crate) fn read(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind {
        b'B' => same::<BodyContent>(bytes),
        b'M' => same::<MemberContent>(bytes),
        b'D' => same::<DeviceContent>(bytes),
        b'G' => same::<GroupContent>(bytes),
        b'I' => same::<ItemContent>(bytes),
        b'E' => same::<MeetingContent>(bytes),
        b'Q' => same::<PollContent>(bytes),
        b'W' => same::<Why>(bytes),
        b'Z' => zone(bytes),
        _ => ballot(bytes),
    }
    bound(bytes);
}

/// What was read is read again from what is written of it.
pub(crate) fn same<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let Some(read) = content::read::<T>(bytes) else { return };
    assert_eq!(content::read::<T>(&content::write(&read)), Some(read));
}

fn zone(bytes: &[u8]) {
    let Ok(zone) = std::str::from_utf8(bytes).unwrap_or_default().parse::<Zone>() else { return };
    assert!((-12 * 60..=14 * 60).contains(&zone.minutes()));
    assert_eq!(zone.to_string().parse(), Ok(zone));
}

/// A ballot that counts has one choice, one of the rule's, and says nothing beside it.
fn ballot(bytes: &[u8]) {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let choices = vec![Choice::Yes, Choice::No];
    let rule = Rule::plain(choices, pass);
    let Some(ballot) = BallotPayload::parse(bytes, &rule) else { return };
    assert!(matches!(ballot.choice, Choice::Yes | Choice::No));
    let written: Value = serde_json::from_slice(bytes).expect("JSON");
    assert_eq!(
        written,
        serde_json::to_value(&ballot).expect("plain data"),
        "what was written is what is read"
    );
    let keys = written.as_object().expect("an object").len();
    assert_eq!(keys, 2 + usize::from(ballot.text.is_some()));
    let own = serde_json::to_vec(&ballot).expect("plain data");
    assert_eq!(BallotPayload::parse(&own, &rule), Some(ballot));
}

/// A commitment is opened by its own salt and bytes only.
fn bound(bytes: &[u8]) {
    let payload = Payload { salt: [7; 32], bytes: bytes.to_vec() };
    let commitment = payload.commitment();
    assert_eq!(payload.opens(&commitment), bytes.len() <= ecabinet_domain::MAX_PAYLOAD);
    let mut longer = payload.clone();
    longer.bytes.push(0);
    assert!(!longer.opens(&commitment));
    // Salt and bytes do not run into one another.
    let mut shifted = payload;
    if let Some(first) = shifted.bytes.first().copied() {
        shifted.salt.rotate_left(1);
        shifted.salt[31] = first;
        shifted.bytes.remove(0);
        assert!(!shifted.opens(&commitment));
    }
}
