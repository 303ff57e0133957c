//! JSON as the record reads it: no unknown or repeated keys, no floats, integers below 2^53, null only where named.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;
use std::io;

/// An integer that every JSON reader holds exactly: 0 to 2^53 - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default)]
#[serde(transparent)]
pub struct Int(u64);

impl Int {
    pub const MAX: u64 = (1 << 53) - 1;

    pub fn new(value: u64) -> Option<Int> {
        (value <= Self::MAX).then_some(Int(value))
    }

    pub fn get(self) -> u64 {
        self.0
    }
}

impl From<u32> for Int {
    fn from(value: u32) -> Int {
        Int(value.into())
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Int::new(u64::deserialize(d)?).ok_or_else(|| D::Error::custom("integer of 2^53 or more"))
    }
}

/// For a field that may be left out but never be null: `#[serde(default, deserialize_with = "present")]`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// For a field that must be there and may be null: `#[serde(deserialize_with = "nullable")]`.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(d)
}

/// For a field that is `true` or left out.
pub fn only_true<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    if bool::deserialize(d)? { Ok(true) } else { Err(D::Error::custom("false is said by leaving it out")) }
}

/// Reads a value of the record's own charset: every byte from 0x20 to 0x7E and no backslash, so that all JSON readers
/// read the same and no text can hide in escapes.
pub fn read<'de, T: Deserialize<'de> + Serialize>(bytes: &'de [u8]) -> Option<T> {
    if bytes.iter().any(|&b| !(0x20..=0x7e).contains(&b) || b == b'\\') {
        return None;
    }
    read_text(bytes)
}

/// The same in any UTF-8. What was read must say what was written: serde alone takes an array for an object and
/// `{"yes":null}` for `"yes"`.
pub fn read_text<'de, T: Deserialize<'de> + Serialize>(bytes: &'de [u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    // What our own programs write is just that: no need to look closer.
    let mut rest = Same(bytes);
    if serde_json::to_writer(&mut rest, &value).is_ok() && rest.0.is_empty() {
        return Some(value);
    }
    let written: Value = serde_json::from_slice(bytes).ok()?;
    (serde_json::to_value(&value).ok()? == written).then_some(value)
}

/// Takes what is written only as long as it is what is here already.
struct Same<'a>(&'a [u8]);

impl io::Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
