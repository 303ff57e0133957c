//! Replay of every entry, with what the other checks need of each.

use crate::Failure;
use ecabinet_domain::{Hash, StatementId};
use ecabinet_record::{Bad, Replica, Tree, leaf};

pub(crate) struct Walk {
    pub(crate) replica: Replica,
    /// By position, as far as the replay came and its level is ours.
    pub(crate) stands: Vec<Stands>,
    bad: Option<Bad>,
    /// Leaves' hashes from the bad entry on.
    rest: Vec<Hash>,
}

/// An entry that holds.
pub(crate) struct Stands {
    pub(crate) statement: StatementId,
    pub(crate) kind: &'static str,
    /// To its payload.
    pub(crate) commitment: Option<Hash>,
}

impl Walk {
    pub(crate) fn new(entries: &[Vec<u8>]) -> Walk {
        let mut walk = Walk { replica: Replica::default(), stands: Vec::new(), bad: None, rest: Vec::new() };
        let stands = &mut walk.stands;
        let replayed = walk.replica.replay_all(entries, |entry| {
            // Above our level: hashed only.
            stands.extend(entry.map(|entry| Stands {
                statement: entry.statement.id,
                kind: entry.statement.header.act.kind(),
                commitment: entry.statement.header.payload,
            }));
        });
        if let Err(bad) = replayed {
            walk.rest = entries[bad.index as usize..].iter().map(|entry| leaf::hash(entry)).collect();
            walk.bad = Some(bad);
        }
        walk
    }

    /// Over all entries, even if they do not replay; none without any.
    pub(crate) fn root(&self) -> Option<Hash> {
        let mut tree: Tree = self.replica.tree().clone();
        self.rest.iter().for_each(|leaf| tree.push(*leaf));
        (tree.size() > 0).then(|| tree.root())
    }

    pub(crate) fn failure(&self) -> Option<Failure> {
        let Bad { index, statement, refusal } = self.bad.as_ref()?;
        let detail = refusal.to_string();
        Some(Failure { index: Some(*index), statement: *statement, code: refusal.code, detail })
    }
}
