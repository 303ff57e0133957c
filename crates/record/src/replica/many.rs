//! Many entries at once: what each says for itself is looked at on all cores, what depends on those before it in turn.

use super::{Bad, Entry, Looked, Replica, Trust};
use ecabinet_domain::PublicKey;
use std::thread;

/// Entries looked at before they are taken: enough to keep the cores busy, few enough to hold in memory.
const WINDOW: usize = 4096;
/// With fewer no thread is worth its making.
const FEW: usize = 32;

impl Replica {
    /// Takes the next entries as `replay` does with `Trust::Verify`, each given to `taken`; none: kept, but above our level.
    /// It stops at a bad one: those before it are taken.
    pub fn replay_all<L: AsRef<[u8]> + Sync>(
        &mut self,
        leaves: &[L],
        mut taken: impl FnMut(Option<Entry>),
    ) -> Result<(), Bad> {
        for window in leaves.chunks(WINDOW) {
            let looked = match window.len() {
                ..FEW => window.iter().map(|leaf| Looked::new(leaf.as_ref())).collect(),
                _ => self.look(window),
            };
            for looked in looked {
                taken(self.take(looked, Trust::Verify)?);
            }
        }
        Ok(())
    }

    fn look<L: AsRef<[u8]> + Sync>(&self, window: &[L]) -> Vec<Option<Looked>> {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let one = |leaf: &L| {
            let mut looked = Looked::new(leaf.as_ref())?;
            // Of a device that comes only in this window nothing is known yet: its turn will tell.
            looked.signed_by = self.expected_key(&looked).filter(|key| looked.leaf.envelope.verify(key));
            Some(looked)
        };
        let one = &one;
        thread::scope(|scope| {
            let parts: Vec<_> = window
                .chunks(window.len().div_ceil(cores))
                .map(|part| scope.spawn(move || part.iter().map(one).collect::<Vec<_>>()))
                .collect();
            parts.into_iter().flat_map(|part| part.join().expect("looking does not panic")).collect()
        })
    }

    /// Whose signature a leaf would carry if its device were as it is now.
    fn expected_key(&self, looked: &Looked) -> Option<PublicKey> {
        let (_, key) = self.state.as_ref()?.author(looked.header.as_ref()?.device)?;
        Some(key)
    }
}
