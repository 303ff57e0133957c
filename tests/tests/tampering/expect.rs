//! What a verifier must say of a tampered export: which code, and where. A tampering that is caught for another reason than
//! its own is not caught by design.

use ecabinet_verify::Failure;
use std::fmt;
use std::ops::RangeInclusive;

#[derive(Debug, Clone)]
pub struct Expect(Vec<(Place, Codes)>);

#[derive(Debug, Clone)]
enum Place {
    /// No entry: the files, the checkpoint, a claim.
    Export,
    Entries(RangeInclusive<u64>),
}

#[derive(Debug, Clone)]
enum Codes {
    Of(Vec<&'static str>),
    /// A refusal of what the entry wants to do, by what stands before it.
    Decided,
}

/// Refusals that no other order or choice of whole entries gives, unless it is foreseen.
const NOT_DECIDED: [&str; 14] = [
    "leaf.malformed",
    "leaf.time",
    "statement.again",
    "header.malformed",
    "genesis.missing",
    "genesis.invalid",
    "device.id",
    "key.invalid",
    "signature.invalid",
    "invitation.proof",
    "seen.ahead",
    "seen.other",
    "level.ahead",
    "body.other",
];

impl Expect {
    /// Nothing fails.
    pub fn nothing() -> Expect {
        Expect(Vec::new())
    }

    pub fn export(codes: &[&'static str]) -> Expect {
        Expect::nothing().or_export(codes)
    }

    pub fn entry(index: u64, codes: &[&'static str]) -> Expect {
        Expect::nothing().or_entry(index, codes)
    }

    pub fn or_export(mut self, codes: &[&'static str]) -> Expect {
        self.0.push((Place::Export, Codes::Of(codes.to_vec())));
        self
    }

    pub fn or_entry(mut self, index: u64, codes: &[&'static str]) -> Expect {
        self.0.push((Place::Entries(index..=index), Codes::Of(codes.to_vec())));
        self
    }

    pub fn or_among(mut self, indexes: RangeInclusive<u64>, codes: &[&'static str]) -> Expect {
        self.0.push((Place::Entries(indexes), Codes::Of(codes.to_vec())));
        self
    }

    /// Or one of these entries finds that what it needs is not there.
    pub fn or_decided(mut self, indexes: RangeInclusive<u64>) -> Expect {
        self.0.push((Place::Entries(indexes), Codes::Decided));
        self
    }

    /// Whether this is the failure that was foreseen.
    pub fn is_met_by(&self, failure: &Failure) -> bool {
        self.0.iter().any(|(place, codes)| {
            let there = match (place, failure.index) {
                (Place::Export, None) => true,
                (Place::Entries(indexes), Some(index)) => indexes.contains(&index),
                _ => false,
            };
            let so = match codes {
                Codes::Of(codes) => codes.contains(&failure.code),
                Codes::Decided => failure.index.is_some() && !NOT_DECIDED.contains(&failure.code),
            };
            there && so
        })
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        for (at, (place, codes)) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { " or " } else { "" })?;
            match codes {
                Codes::Of(codes) => f.write_str(&codes.join("/"))?,
                Codes::Decided => f.write_str("a decision")?,
            }
            match place {
                Place::Export => f.write_str(" of the export")?,
                Place::Entries(indexes) => write!(f, " at {}-{}", indexes.start(), indexes.end())?,
            }
        }
        Ok(())
    }
}
