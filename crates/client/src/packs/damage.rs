//! Chunks whose files are gone or do not open: their keys are forgotten, so that they lack, and the next sync fetches
//! them.

use crate::client::{Changed, Client};
use crate::error::Result;
use crate::{seal, vault};
use ecabinet_domain::BodyId;
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
        let forgotten = self
            .core()
            .vault
            .transact(|tx| damaged.iter().try_for_each(|file| vault::chunks::remove_file(tx, file)));
        if let Err(error) = forgotten {
            damaged.iter().for_each(|file| self.files.note_damaged(file));
            return Err(error);
        }
        // What is left of it is of no use: a full disk may need the place.
        damaged.iter().try_for_each(|file| self.files.remove(file))?;
        self.announce(&[Changed::Papers]);
        Ok(())
    }

    /// Looks once in a process whether every chunk's file is there and as long as it should be. What is wrong inside
    /// shows when it is read.
    pub(crate) fn look_for_lost(&self, body: BodyId) -> Result<()> {
        if self.downloads.looked.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let chunks = self.with(body, |vault, _| vault.chunk_files())?;
        for (file, size) in chunks {
            if !self.files.is_whole(&file, u64::from(size) + seal::TAG) {
                self.files.note_damaged(&file);
            }
        }
        Ok(())
    }
}
