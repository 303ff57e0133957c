//! A replica as bytes, to go on from without folding again what was folded before.

use super::{Reads, Replica};
use crate::Tree;
use ecabinet_domain::kept::Kept;
use ecabinet_domain::{Hash, StatementId};

impl Replica {
    /// Of which form the bytes are, and by which rules they were folded: whoever keeps them keeps it beside them, and folds
    /// the record again if it is another. Raised with each change of either: `tests/kept.rs` tells when.
    pub const FORM: u32 = 4;

    /// All that was folded. The same record gives the same bytes.
    pub fn keep(&self) -> Vec<u8> {
        let mut to = Vec::new();
        let leaves: Vec<Hash> = (0..self.size()).filter_map(|index| self.tree.leaf(index)).collect();
        let mut ids: Vec<(u64, StatementId)> = self.ids.iter().map(|(id, at)| (*at, *id)).collect();
        ids.sort_unstable();
        self.reads.0.put(&mut to);
        self.last_time.put(&mut to);
        self.beyond.put(&mut to);
        leaves.put(&mut to);
        ids.put(&mut to);
        self.state.put(&mut to);
        to
    }

    /// The replica that gave these bytes; none if they are of no reader of this level. They are believed: who does not
    /// trust their keeping must hold the root against what was signed.
    pub fn kept(mut bytes: &[u8], level: u32) -> Option<Replica> {
        let from = &mut bytes;
        let reads = Reads(Kept::get(from)?);
        let (last_time, beyond) = (Kept::get(from)?, Kept::get(from)?);
        let tree = Tree::of(Kept::get(from)?);
        let ids = Vec::<(u64, StatementId)>::get(from)?;
        let state = Kept::get(from)?;
        let ids = ids.into_iter().map(|(at, id)| (id, at)).collect();
        let whole = from.is_empty() && reads.0 == u64::from(level);
        whole.then_some(Replica { tree, state, last_time, ids, reads, beyond })
    }
}
