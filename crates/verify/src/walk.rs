//! Replay of every entry, with what the other checks need of each.

use crate::Failure;
use ecabinet_domain::{Hash, StatementId};
use ecabinet_record::{Bad, Replica, Tree, Trust, leaf};

pub(crate) struct Walk {
    pub(crate) replica: Replica,
    /// By position, as far as the replay came and its level is ours.
    pub(crate) stands: Vec<Stands>,
    bad: Option<Bad>,
    tree: Tree,
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
        let mut tree = Tree::default();
        entries.iter().for_each(|entry| tree.push(leaf::hash(entry)));
        let mut walk = Walk { replica: Replica::default(), stands: Vec::new(), bad: None, tree };
        for bytes in entries {
            match walk.replica.replay(bytes, Trust::Verify) {
                Ok(Some(entry)) => walk.stands.push(Stands {
                    statement: entry.statement.id,
                    kind: entry.statement.header.act.kind(),
                    commitment: entry.statement.header.payload,
                }),
                // Above our level: hashed only.
                Ok(None) => {}
                Err(bad) => {
                    walk.bad = Some(bad);
                    break;
                }
            }
        }
        walk
    }

    /// Over all entries, even if they do not replay; none without any.
    pub(crate) fn root(&self) -> Option<Hash> {
        (self.tree.size() > 0).then(|| self.tree.root())
    }

    pub(crate) fn failure(&self) -> Option<Failure> {
        let Bad { index, statement, refusal } = self.bad.as_ref()?;
        let detail = refusal.to_string();
        Some(Failure { index: Some(*index), statement: *statement, code: refusal.code, detail })
    }
}
