//! Exporting the record with what this member may see, for anyone to verify.

use crate::acts::result;
use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::BodyId;
use ecabinet_record::export::Export;
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    pub entries: u64,
    pub root: String,
    /// Payloads that this device does not hold, and that were not erased.
    pub withheld: u64,
    pub erased: u64,
}

impl Client {
    /// Writes the folder, which must not exist.
    pub fn export(&self, body: BodyId, to: &Path) -> Result<Exported> {
        let (export, exported) = self.with(body, |vault, body| {
            let state = body.state()?;
            let checkpoint = body.checkpoint.as_ref().ok_or(Error::new("body.not_here"))?;
            let mut export = Export { checkpoint: checkpoint.note.clone(), ..Export::default() };
            vault.each_leaf(body.row.id, |leaf| {
                export.entries.push(leaf.to_vec());
                Ok(())
            })?;
            for index in vault.payload_indexes(body.row.id)? {
                if let Some(payload) = vault.payload(body.row.id, index)? {
                    export.payloads.insert(index, payload);
                }
            }
            let mut polls = Vec::new();
            for id in state.polls.keys() {
                let Ok(tally) = result(vault, body, *id) else { continue };
                polls.push(json!({ "poll": id, "tally": tally }));
            }
            export.results = serde_json::to_vec(&json!({ "polls": polls })).expect("plain data");
            let withheld =
                body.lacking.keys().filter(|index| !state.erased.contains_key(index)).count() as u64;
            let erased = state.erased.len() as u64;
            let (entries, root) = (checkpoint.size, checkpoint.root.to_string());
            Ok((export, Exported { entries, root, withheld, erased }))
        })?;
        if to.exists() {
            return Err(Error::new("export.exists"));
        }
        export.write(to)?;
        Ok(exported)
    }
}
