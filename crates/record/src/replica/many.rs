//! Many entries at once: what each says for itself is looked at on all cores, what depends on those before it in turn.

use super::looked::LookedLeaf;
use super::{Bad, Entry, Replica, Trust};
use std::sync::RwLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Entries that a core looks at before it hands them over.
const PART: usize = 128;
/// Parts that each core may have looked at before they are taken: they are held in memory.
const AHEAD: usize = 4;
/// With fewer no thread is worth its making.
const FEW: usize = 32;

/// Entries that have been looked at; none: the leaf is malformed.
type Part = Vec<Option<LookedLeaf>>;

impl Replica {
    /// Takes the next entries as `replay` does with `Trust::Verify`, each given to `taken`; none: kept, but above our level.
    /// It stops at a bad one: those before it are taken.
    pub fn replay_all<L: AsRef<[u8]> + Sync>(
        &mut self,
        leaves: &[L],
        mut taken: impl FnMut(Option<Entry>),
    ) -> Result<(), Bad> {
        if leaves.len() < FEW {
            return leaves
                .iter()
                .try_for_each(|leaf| self.replay(leaf.as_ref(), Trust::Verify).map(&mut taken));
        }
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let parts: Vec<&[L]> = leaves.chunks(PART.min(leaves.len().div_ceil(cores))).collect();
        let replica = RwLock::new(self);
        thread::scope(|scope| {
            // Of n cores each has every n-th part: they come in order by turns.
            let lookers: Vec<Receiver<Part>> = (0..cores)
                .map(|core| {
                    let (sender, receiver) = sync_channel(AHEAD);
                    let parts = parts.iter().skip(core).step_by(cores);
                    let replica = &replica;
                    scope.spawn(move || look_at(parts, replica, &sender));
                    receiver
                })
                .collect();
            for looker in (0..parts.len()).map(|at| &lookers[at % cores]) {
                let part = looker.recv().expect("looking does not panic");
                let mut replica = replica.write().expect("not poisoned");
                part.into_iter().try_for_each(|leaf| replica.take(leaf, Trust::Verify).map(&mut taken))?;
            }
            Ok(())
        })
    }
}

/// Looks at the parts by turns until nobody takes them any longer.
fn look_at<'a, L: AsRef<[u8]> + 'a>(
    parts: impl Iterator<Item = &'a &'a [L]>,
    replica: &RwLock<&mut Replica>,
    sender: &SyncSender<Part>,
) {
    for part in parts {
        let mut part: Part = part.iter().map(|leaf| LookedLeaf::new(leaf.as_ref())).collect();
        let keys: Vec<_> = {
            let replica = replica.read().expect("not poisoned");
            let key = |leaf: &Option<LookedLeaf>| replica.expected_key(&leaf.as_ref()?.looked);
            part.iter().map(key).collect()
        };
        for (leaf, key) in part.iter_mut().zip(keys) {
            // Of a device that comes only in entries not yet taken nothing is known: its turn will tell.
            if let (Some(leaf), Some(key)) = (leaf, key) {
                leaf.looked.try_key(&key);
            }
        }
        if sender.send(part).is_err() {
            return;
        }
    }
}
