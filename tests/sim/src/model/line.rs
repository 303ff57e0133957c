//! The record's headers, read as plain JSON.

use serde_json::Value;

/// An entry of the record as the model reads it.
pub struct Line {
    pub id: String,
    pub kind: String,
    /// ms since 1970, by the server.
    pub time: u64,
    pub device: String,
    /// What its author acts as.
    pub capacity: String,
    /// Whether all may see what it says.
    pub public: bool,
    pub data: Value,
}

impl Line {
    /// From a leaf: 0x01, time, length, header, signature.
    pub fn read(leaf: &[u8]) -> Line {
        let time = u64::from_be_bytes(leaf[1..9].try_into().expect("8 bytes"));
        let len = u32::from_be_bytes(leaf[9..13].try_into().expect("4 bytes")) as usize;
        Line::of(&leaf[13..13 + len], time)
    }

    /// A header as it would stand at a time.
    pub fn of(header: &[u8], time: u64) -> Line {
        let json: Value = serde_json::from_slice(header).expect("a header");
        Line {
            id: ecabinet_record::hash::statement_id(header).to_string(),
            kind: text(&json["kind"]),
            time,
            device: text(&json["device"]),
            capacity: text(&json["as"]),
            public: texts(&json["audience"]).iter().any(|to| to == "all"),
            data: json["data"].clone(),
        }
    }

    pub fn text(&self, key: &str) -> String {
        text(&self.data[key])
    }

    pub fn texts(&self, key: &str) -> Vec<String> {
        texts(&self.data[key])
    }

    pub fn number(&self, key: &str) -> u64 {
        self.data[key].as_u64().unwrap_or_default()
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// What must hold of an entry that stands, or why it should not.
pub fn need(holds: bool, or: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(or.into()) }
}

/// Whether nothing is named twice.
pub fn distinct(all: &[String]) -> bool {
    all.iter().enumerate().all(|(at, one)| !all[..at].contains(one))
}

/// What a ballot or position says of the papers' revisions that its author had before him.
pub fn basis<'a>(revs: impl Iterator<Item = &'a Value>) -> String {
    let mut bytes = b"ecabinet/v1/basis\n".to_vec();
    for rev in revs {
        for id in [&rev["paper"], &rev["rev"]] {
            let id: [u8; 16] = ecabinet_domain::from_hex(&text(id)).expect("an id");
            bytes.extend(id);
        }
    }
    ecabinet_record::hash::sha256(&bytes).to_string()
}

/// The id of a pair of keys.
pub fn device_id(keys: &Value) -> String {
    let key = |name: &str| ecabinet_domain::from_hex::<32>(&text(&keys[name])).expect("a key");
    let bytes = [&b"ecabinet/v1/device\n"[..], &key("sign"), &key("enc")].concat();
    ecabinet_record::hash::sha256(&bytes).to_string()
}
