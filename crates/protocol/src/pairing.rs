//! Pairing: how a member's further device and one that is in use come to the same six digits, by commit-then-reveal.
//! The exact bytes, and why nobody in between can choose the digits: `docs/pairing.md`.

use crate::error::ApiError;
use ecabinet_domain::{DeviceId, DeviceKeys, Hash};
use ecabinet_record::hash;
use serde::{Deserialize, Serialize};

/// What the server holds of one pairing: the messages so far, each at most once per commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// The device that waits to be confirmed.
    pub new: DeviceId,
    /// The device in use.
    pub old: DeviceId,
    pub commitment: Hash,
    /// The old device's nonce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Hash>,
    /// The new device's nonce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reveal: Option<Hash>,
}

/// A message of one device to the other, `with`. `Answer` and `Reveal` name the commitment that they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairStep {
    pub with: DeviceId,
    pub commitment: Hash,
    pub says: PairSays,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PairSays {
    /// The new device begins, or begins again.
    Commit,
    Answer(Hash),
    Reveal(Hash),
}

impl Pairing {
    pub fn begin(new: DeviceId, old: DeviceId, commitment: Hash) -> Pairing {
        Pairing { new, old, commitment, answer: None, reveal: None }
    }

    /// Takes a message in its turn; what was said once stays.
    ///
    /// # Errors
    /// `pairing.commitment`: it belongs to another commitment. `pairing.turn`: the nonces are revealed in turn.
    pub fn take(&mut self, step: &PairStep) -> Result<(), ApiError> {
        if let PairSays::Commit = step.says {
            if step.commitment != self.commitment {
                *self = Pairing::begin(self.new, self.old, step.commitment);
            }
            return Ok(());
        }
        if step.commitment != self.commitment {
            return Err(ApiError::new("pairing.commitment"));
        }
        match step.says {
            PairSays::Reveal(_) if self.answer.is_none() => return Err(ApiError::new("pairing.turn")),
            PairSays::Reveal(nonce) => self.reveal.get_or_insert(nonce),
            PairSays::Answer(nonce) => self.answer.get_or_insert(nonce),
            PairSays::Commit => unreachable!("returned above"),
        };
        Ok(())
    }
}

/// What a new device commits to before it hears anything: its nonce and its own keys.
pub fn commitment(nonce: &Hash, new: &DeviceKeys) -> Hash {
    hash::concat(&[b"ecabinet/v1/pair\n", &nonce.0, &new.sign.0, &new.enc.0])
}

/// The six digits that both devices show.
pub fn digits(
    commitment: &Hash,
    new_nonce: &Hash,
    old_nonce: &Hash,
    new: &DeviceKeys,
    old: &DeviceKeys,
) -> String {
    let parts: [&[u8]; 8] = [
        b"ecabinet/v1/sas\n",
        &commitment.0,
        &new_nonce.0,
        &old_nonce.0,
        &new.sign.0,
        &new.enc.0,
        &old.sign.0,
        &old.enc.0,
    ];
    let [a, b, c, ..] = hash::concat(&parts).0;
    let first_20_bits = u32::from_be_bytes([0, a, b, c]) >> 4;
    format!("{:06}", first_20_bits % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecabinet_domain::PublicKey;

    const PAGE: &str = include_str!("../../../docs/pairing.md");

    fn keys(sign: u8, enc: u8) -> DeviceKeys {
        DeviceKeys { sign: PublicKey([sign; 32]), enc: PublicKey([enc; 32]) }
    }

    #[test]
    fn the_worked_example_of_the_page_holds() {
        let (new, old) = (keys(0x11, 0x12), keys(0x21, 0x22));
        let (new_nonce, old_nonce) = (Hash([0x31; 32]), Hash([0x32; 32]));
        let commitment = commitment(&new_nonce, &new);
        assert!(PAGE.contains(&format!("commitment = {commitment}\n")), "{commitment}");
        let digits = digits(&commitment, &new_nonce, &old_nonce, &new, &old);
        assert!(PAGE.contains(&format!("digits     = {digits}\n")), "{digits}");
    }

    #[test]
    fn every_part_makes_other_digits() {
        let base = (Hash([1; 32]), Hash([2; 32]), Hash([3; 32]), keys(4, 5), keys(6, 7));
        let of =
            |(c, a, b, new, old): (Hash, Hash, Hash, DeviceKeys, DeviceKeys)| digits(&c, &a, &b, &new, &old);
        let mut all = vec![of(base)];
        all.push(of((Hash([9; 32]), base.1, base.2, base.3, base.4)));
        all.push(of((base.0, Hash([9; 32]), base.2, base.3, base.4)));
        all.push(of((base.0, base.1, Hash([9; 32]), base.3, base.4)));
        all.push(of((base.0, base.1, base.2, keys(9, 5), base.4)));
        all.push(of((base.0, base.1, base.2, keys(4, 9), base.4)));
        all.push(of((base.0, base.1, base.2, base.3, keys(9, 7))));
        all.push(of((base.0, base.1, base.2, base.3, keys(6, 9))));
        all.push(of((base.0, base.1, base.2, base.4, base.3)));
        assert!(all.iter().all(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn messages_are_taken_in_turn_and_once() {
        let (c, other) = (Hash([1; 32]), Hash([2; 32]));
        let mut pairing = Pairing::begin(DeviceId([1; 32]), DeviceId([2; 32]), c);
        let mut say = |commitment, says| {
            let answer = pairing.take(&PairStep { with: DeviceId([9; 32]), commitment, says });
            (answer.map_err(|error| error.code), pairing.answer, pairing.reveal)
        };
        let (n, m) = (Hash([3; 32]), Hash([4; 32]));
        assert_eq!(say(c, PairSays::Reveal(n)), (Err("pairing.turn".into()), None, None));
        assert_eq!(say(other, PairSays::Answer(m)), (Err("pairing.commitment".into()), None, None));
        assert_eq!(say(c, PairSays::Answer(m)), (Ok(()), Some(m), None));
        assert_eq!(say(c, PairSays::Answer(n)), (Ok(()), Some(m), None), "the first stays");
        assert_eq!(say(c, PairSays::Reveal(n)), (Ok(()), Some(m), Some(n)));
        assert_eq!(say(c, PairSays::Commit), (Ok(()), Some(m), Some(n)), "the same again changes nothing");
        assert_eq!(say(other, PairSays::Commit), (Ok(()), None, None), "another begins anew");
    }

    #[test]
    fn on_the_wire() {
        let (one, two, three) = ("01".repeat(32), "02".repeat(32), "03".repeat(32));
        let pairing = Pairing::begin(DeviceId([1; 32]), DeviceId([2; 32]), Hash([3; 32]));
        let json = serde_json::to_value(&pairing).expect("plain data");
        assert_eq!(json, serde_json::json!({ "new": one, "old": two, "commitment": three }));
        let said = |says| {
            let step = PairStep { with: DeviceId([1; 32]), commitment: Hash([2; 32]), says };
            let json = serde_json::to_value(step).expect("plain data");
            assert_eq!((&json["with"], &json["commitment"]), (&one.clone().into(), &two.clone().into()));
            json["says"].clone()
        };
        assert_eq!(said(PairSays::Commit), "commit");
        assert_eq!(said(PairSays::Answer(Hash([3; 32]))), serde_json::json!({ "answer": three }));
        assert_eq!(said(PairSays::Reveal(Hash([3; 32]))), serde_json::json!({ "reveal": three }));
    }
}
