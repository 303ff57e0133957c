//! Chunks that are gone or do not open: their keys are forgotten, so that they lack, and the next sync fetches them.
//! What lies beside them in a file stays.

use super::remove_dead;
use crate::client::{Changed, Client};
use crate::error::Result;
use crate::seal;
use crate::vault::{self, Place};
use ecabinet_domain::BodyId;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

impl Client {
    /// How many chunks this process has found gone or damaged on its disk.
    pub fn chunks_found_damaged(&self) -> u64 {
        self.files.damage_count()
    }

    /// Forgets the keys of what was found damaged; the reader shows such a paper as not all here.
    pub(crate) fn forget_damaged(&self) -> Result<()> {
        let damaged = self.files.take_damaged();
        if damaged.is_empty() {
            return Ok(());
        }
        let mut core = self.core();
        let forgotten = core
            .vault
            .transact(|tx| damaged.iter().try_for_each(|place| vault::chunks::remove_at(tx, place)));
        if let Err(error) = forgotten {
            damaged.iter().for_each(|place| self.files.note_damaged(place));
            return Err(error);
        }
        let files = damaged.into_iter().map(|place| place.file).collect();
        remove_dead(&core.vault, &self.files, &files)?;
        drop(core);
        self.announce(&[Changed::Papers]);
        Ok(())
    }

    /// Looks once in a process whether every chunk's file is there and as long as it should be, and removes files that hold
    /// no chunk. What is wrong inside shows when it is read.
    pub(crate) fn look_for_lost(&self, body: BodyId) -> Result<()> {
        if self.downloads.looked.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let chunks = self.with(body, |vault, _| vault.chunk_places())?;
        let mut named = BTreeSet::new();
        for of_file in chunks.chunk_by(|(one, _), (next, _)| one.file == next.file) {
            let file = of_file[0].0.file.as_str();
            named.insert(file);
            let Some(len) = self.files.len(file) else { continue };
            let cut_off = of_file.iter().filter(|(place, size)| end(place, *size) > len);
            cut_off.for_each(|(place, _)| self.files.note_damaged(place));
        }
        let strays = self.files.strays(&named);
        if let Err(error) = strays.and_then(|files| files.iter().try_for_each(|file| self.files.remove(file)))
        {
            tracing::warn!(%error, "files that hold nothing are left");
        }
        Ok(())
    }
}

fn end(place: &Place, size: u32) -> u64 {
    u64::from(place.start) + u64::from(size) + seal::TAG
}
