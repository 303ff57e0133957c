//! Payloads held against their commitments; those that are missing, and why.

use crate::walk::{Stands, Walk};
use crate::{Failure, Missing};
use ecabinet_domain::State;
use ecabinet_record::export::Export;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Payloads that open their commitments, by position.
pub(crate) struct Opened<'a> {
    bytes: BTreeMap<u64, &'a [u8]>,
    failures: Vec<Failure>,
    missing: Vec<Missing>,
}

impl<'a> Opened<'a> {
    pub(crate) fn new(export: &'a Export, walk: &Walk, state: &State) -> Opened<'a> {
        let mut opened = Opened { bytes: BTreeMap::new(), failures: Vec::new(), missing: Vec::new() };
        for (&index, payload) in &export.payloads {
            let stands = usize::try_from(index).ok().and_then(|at| walk.stands.get(at));
            match stands.and_then(|stands| stands.commitment) {
                Some(commitment) if payload.opens(&commitment) => {
                    opened.bytes.insert(index, &payload.bytes);
                }
                Some(_) => {
                    opened.fail(index, stands, "payload.mismatch", "it does not open the entry's commitment");
                }
                // Above our level there is no header to hold it against.
                None if walk
                    .replica
                    .beyond()
                    .is_some_and(|from| (from..walk.replica.size()).contains(&index)) => {}
                None => opened.fail(index, stands, "payload.unexpected", "no entry here has one"),
            }
        }
        for (index, stands) in (0..).zip(&walk.stands) {
            if stands.commitment.is_some() && !export.payloads.contains_key(&index) {
                let erased_by = state.erased.get(&index).copied();
                opened.missing.push(Missing { index, kind: stands.kind, erased_by });
            }
        }
        opened
    }

    fn fail(&mut self, index: u64, stands: Option<&Stands>, code: &'static str, detail: &str) {
        let statement = stands.map(|stands| stands.statement);
        let failure = Failure { index: Some(index), statement, code, detail: detail.to_owned() };
        self.failures.push(failure);
    }

    pub(crate) fn failures(&self) -> Vec<Failure> {
        self.failures.clone()
    }

    pub(crate) fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// Erased, withheld.
    pub(crate) fn missing_counts(&self) -> (u64, u64) {
        let erased = self.missing.iter().filter(|missing| missing.erased_by.is_some()).count() as u64;
        (erased, self.missing.len() as u64 - erased)
    }

    pub(crate) fn get(&self, index: u64) -> Option<&'a [u8]> {
        self.bytes.get(&index).copied()
    }

    /// A payload's JSON; none if it is missing or says something else.
    pub(crate) fn json<T: DeserializeOwned>(&self, index: u64) -> Option<T> {
        serde_json::from_slice(self.get(index)?).ok()
    }
}
