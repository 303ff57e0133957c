//! Sessions without state: challenges and tokens carry a MAC by the server's secret. What a session may do is looked
//! up in the record at each request, so that a revocation works at once.

use ecabinet_domain::{BodyId, DeviceId, Hash, PublicKey};
use ecabinet_protocol::sync::Who;

/// How long a challenge may be answered, in ms.
const CHALLENGE: u64 = 2 * 60 * 1000;
/// How long a session lasts, in ms.
const SESSION: u64 = 60 * 60 * 1000;

#[derive(Clone, Copy)]
pub(crate) struct Secret(pub [u8; 32]);

/// Who a token says has shown himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub body: BodyId,
    pub who: Who,
}

impl Secret {
    fn mac(&self, purpose: &[u8], message: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, &[purpose, message].concat()).as_bytes()
    }

    /// u64 time ‖ 8 random bytes ‖ 16 bytes of MAC.
    pub(crate) fn challenge(&self, now: u64, random: [u8; 8]) -> Hash {
        let mut challenge = [0; 32];
        challenge[..8].copy_from_slice(&now.to_be_bytes());
        challenge[8..16].copy_from_slice(&random);
        let mac = self.mac(b"challenge\n", &challenge[..16]);
        challenge[16..].copy_from_slice(&mac[..16]);
        Hash(challenge)
    }

    pub(crate) fn made_challenge(&self, challenge: &Hash, now: u64) -> bool {
        let (said, mac) = challenge.0.split_at(16);
        let time = u64::from_be_bytes(said[..8].try_into().expect("8 bytes"));
        equal(&self.mac(b"challenge\n", said)[..16], mac) && now.abs_diff(time) <= CHALLENGE
    }

    /// Hex of: body ‖ tag ‖ id ‖ u64 end ‖ MAC.
    pub(crate) fn token(&self, claim: &Claim, now: u64) -> String {
        let (tag, id) = match claim.who {
            Who::Device(id) => (b'd', id.0),
            Who::Invitation(key) => (b'i', key.0),
        };
        let said = [&claim.body.0[..], &[tag], &id, &(now + SESSION).to_be_bytes()].concat();
        hex::encode([&said[..], &self.mac(b"session\n", &said)].concat())
    }

    /// None if this server did not make the token or its time is over.
    pub(crate) fn read_token(&self, token: &str, now: u64) -> Option<Claim> {
        let bytes: [u8; 105] = hex::decode(token).ok()?.try_into().ok()?;
        let (said, mac) = bytes.split_at(73);
        let end = u64::from_be_bytes(said[65..].try_into().ok()?);
        if !equal(&self.mac(b"session\n", said), mac) || now >= end {
            return None;
        }
        let id = said[33..65].try_into().ok()?;
        let who = match said[32] {
            b'd' => Who::Device(DeviceId(id)),
            _ => Who::Invitation(PublicKey(id)),
        };
        Some(Claim { body: BodyId(said[..32].try_into().ok()?), who })
    }
}

/// In a time that does not depend on where they differ.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = Secret([7; 32]);

    #[test]
    fn a_challenge_is_ours_and_fresh() {
        let challenge = SECRET.challenge(1_000_000, [1; 8]);
        assert!(SECRET.made_challenge(&challenge, 1_000_000 + CHALLENGE));
        assert!(!SECRET.made_challenge(&challenge, 1_000_001 + CHALLENGE));
        assert!(!Secret([8; 32]).made_challenge(&challenge, 1_000_000));
        let mut other = challenge;
        other.0[9] ^= 1;
        assert!(!SECRET.made_challenge(&other, 1_000_000));
    }

    #[test]
    fn a_token_says_who_until_it_ends() {
        let claims = [Who::Device(DeviceId([2; 32])), Who::Invitation(PublicKey([3; 32]))];
        for claim in claims.map(|who| Claim { body: BodyId([1; 32]), who }) {
            let token = SECRET.token(&claim, 5);
            assert_eq!(SECRET.read_token(&token, SESSION + 4), Some(claim));
            assert_eq!(SECRET.read_token(&token, SESSION + 5), None);
            assert_eq!(Secret([8; 32]).read_token(&token, 5), None);
            let mut other = token.into_bytes();
            other[70] = if other[70] == b'0' { b'1' } else { b'0' };
            assert_eq!(SECRET.read_token(&String::from_utf8(other).unwrap(), 5), None);
        }
    }
}
