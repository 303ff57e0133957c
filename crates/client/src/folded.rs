//! The record kept folded beside its entries, so that opening folds only what has come since. Entries and the signed root
//! are the truth: what does not lead to that root is thrown away, and everything is folded.

use crate::body::{Body, Lack};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::BodyId;
use ecabinet_domain::kept::Kept;
use ecabinet_protocol::content::MeetingContent;
use ecabinet_record::{Replica, Trust};
use std::collections::BTreeMap;

/// What a body is in memory, as far as it comes from its record.
pub struct Folded {
    pub replica: Replica,
    /// Entries whose payload was not here.
    pub lacking: BTreeMap<u64, Lack>,
    /// When meetings begin, by the entry that says so: which one is next is asked at every opening.
    pub starts: BTreeMap<u64, u64>,
}

/// The form of what is kept: the replica's own, and of what stands beside it here. A test tells when to raise it.
const FORM: u32 = (Replica::FORM << 8) | 2;

/// What is kept is written anew when as many entries have come as a part of the record that has this size: so that both what
/// is folded at opening and what is written for each entry stay small.
const PART: u64 = 64;

impl Folded {
    /// Before the first entry.
    pub fn nothing(level: u32) -> Folded {
        Folded { replica: Replica::reading(level), lacking: BTreeMap::new(), starts: BTreeMap::new() }
    }

    /// What all entries give, behind those that are folded already.
    pub fn of(vault: &Vault, body: i64, mut folded: Folded) -> Result<Folded> {
        let Folded { replica, lacking, .. } = &mut folded;
        vault.each_leaf_from(body, replica.size(), |leaf| {
            let entry = replica.replay(leaf, Trust::Kept);
            let entry = entry.map_err(|bad| Error::new("vault.damaged").with("entry", bad.index))?;
            entry.iter().for_each(|entry| Lack::note(lacking, entry));
            Ok(())
        })?;
        if let Some((first, _)) = lacking.first_key_value() {
            vault.each_payload_from(body, *first, |index| drop(lacking.remove(&index)))?;
        }
        Ok(folded)
    }

    /// What is kept; none if it is not whole, or of another program. A reason not to read it is none not to open.
    pub fn read(vault: &Vault, body: i64, level: u32) -> Option<Folded> {
        let kept = vault.folded(body, FORM).unwrap_or_else(|error| {
            tracing::warn!(%error, "what was kept folded is not read");
            None
        });
        let (size, bytes) = kept?;
        let from = &mut &bytes[..];
        let (lacking, starts) = (Kept::get(from)?, Kept::get(from)?);
        let replica = Replica::kept(from, level).filter(|replica| replica.size() == size)?;
        Some(Folded { replica, lacking, starts })
    }
}

impl Body {
    /// Keeps what is folded, if so many entries have come since it was last kept that it pays.
    fn keep_folded(&mut self, vault: &mut Vault, every: u64) -> Result<()> {
        let size = self.replica.size();
        if size < self.kept + every.max(size / PART) {
            return Ok(());
        }
        self.starts = self.all_starts(vault)?;
        let bytes = self.folded_bytes();
        vault.keep_folded(self.row.id, FORM, size, &bytes)?;
        self.kept = size;
        Ok(())
    }

    fn folded_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.lacking.put(&mut bytes);
        self.starts.put(&mut bytes);
        bytes.extend(self.replica.keep());
        bytes
    }

    fn all_starts(&self, vault: &Vault) -> Result<BTreeMap<u64, u64>> {
        let mut all = BTreeMap::new();
        let meetings = self.replica.state().into_iter().flat_map(|state| state.meetings.values());
        for at in meetings.filter_map(|meeting| meeting.published_at) {
            all.extend(self.starts(vault, at)?.map(|starts| (at, starts)));
        }
        Ok(all)
    }
}

impl Client {
    /// Keeps what is folded of a body if it pays. That it cannot be kept now stops nothing.
    pub(crate) fn keep_folded(&self, body: BodyId) {
        let mut core = self.core();
        let Ok((vault, body)) = core.parts(body) else { return };
        if let Err(error) = body.keep_folded(vault, self.env.folds_kept) {
            tracing::warn!(%error, "what is folded is not kept");
        }
    }

    /// How many of a body's entries the vault keeps folded, and how many there are.
    pub fn kept_folded(&self, body: BodyId) -> Result<(u64, u64)> {
        self.with(body, |_, body| Ok((body.kept, body.replica.size())))
    }

    /// Whether what is in memory is what all that is kept gives when it is folded and read again.
    pub fn is_folded_well(&self, body: BodyId) -> Result<bool> {
        self.with(body, |vault, body| {
            let again = Folded::of(vault, body.row.id, Folded::nothing(body.level))?;
            let mut starts = true;
            for (at, known) in &body.starts {
                let content: Option<MeetingContent> = body.content(vault, *at)?;
                starts &= content.is_some_and(|content| content.starts == *known);
            }
            Ok(starts && again.replica == body.replica && again.lacking == body.lacking)
        })
    }
}

#[cfg(test)]
mod tests;
