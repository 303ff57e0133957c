use crate::{Envelope, hash};
use ecabinet_domain::{Hash, MAX_HEADER, Signature};

/// An entry of the record (rule 7): 0x01 ‖ u64 time ‖ u32 len(header) ‖ header ‖ signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// ms since 1970, by the server.
    pub time: u64,
    pub envelope: Envelope,
}

impl Leaf {
    pub fn to_bytes(&self) -> Vec<u8> {
        Leaf::bytes(self.time, &self.envelope)
    }

    pub(crate) fn bytes(time: u64, Envelope { header, signature }: &Envelope) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + 8 + 4 + header.len() + 64);
        out.push(1);
        out.extend(time.to_be_bytes());
        out.extend((header.len() as u32).to_be_bytes());
        out.extend(header);
        out.extend(signature.0);
        out
    }

    /// None unless the form is exact.
    pub fn parse(bytes: &[u8]) -> Option<Leaf> {
        let (version, rest) = bytes.split_first()?;
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let len = u32::from_be_bytes(*len) as usize;
        if *version != 1 || len > MAX_HEADER || rest.len() != len + 64 {
            return None;
        }
        let (header, signature) = rest.split_at(len);
        let signature = Signature(signature.try_into().ok()?);
        let time = u64::from_be_bytes(*time);
        let in_range = time <= ecabinet_domain::Int::MAX;
        in_range.then(|| Leaf { time, envelope: Envelope { header: header.to_vec(), signature } })
    }
}

/// Rule 8.
pub fn hash(leaf: &[u8]) -> Hash {
    hash::concat(&[&[0], leaf])
}
