//! Receipts (rule 15): C2SP tlog-proof of one entry, checkable by anyone, offline.

use crate::checkpoint::decimal;
use crate::code::base64;
use crate::{Checkpoint, Tree, leaf, tree};
use ecabinet_domain::{BodyId, Hash, PublicKey};

const FORMAT: &str = "c2sp.org/tlog-proof@v1";

/// An entry and its path to a signed root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub index: u64,
    /// The leaf's bytes.
    pub leaf: Vec<u8>,
    pub path: Vec<Hash>,
    pub checkpoint: Checkpoint,
}

/// Why a receipt does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoProof {
    #[error("receipt.malformed")]
    Malformed,
    #[error("receipt.other_body")]
    OtherBody,
    #[error("receipt.not_signed")]
    NotSigned,
    #[error("receipt.path")]
    Path,
}

impl Receipt {
    /// None if the tree does not hold the entry and the checkpoint's size.
    pub fn new(tree: &Tree, index: u64, leaf: Vec<u8>, checkpoint: Checkpoint) -> Option<Receipt> {
        let path = tree.inclusion(index, checkpoint.size)?;
        Some(Receipt { index, leaf, path, checkpoint })
    }

    pub fn to_text(&self) -> String {
        let path: String = self.path.iter().map(|hash| base64::encode(&hash.0) + "\n").collect();
        let extra = base64::encode(&self.leaf);
        format!("{FORMAT}\nextra {extra}\nindex {}\n{path}\n{}", self.index, self.checkpoint.note)
    }

    pub fn parse(text: &str) -> Result<Receipt, NoProof> {
        Self::read(text).ok_or(NoProof::Malformed)
    }

    fn read(text: &str) -> Option<Receipt> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != FORMAT {
            return None;
        }
        let leaf = base64::decode(lines.next()?.strip_prefix("extra ")?)?;
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        let path: Option<Vec<Hash>> =
            lines.map(|line| Some(Hash(base64::decode(line)?.try_into().ok()?))).collect();
        Some(Receipt { index, leaf, path: path?, checkpoint: Checkpoint::parse(note)? })
    }

    /// Whether the log of this body, by this key, holds the entry.
    pub fn check(&self, body: BodyId, log_key: &PublicKey) -> Result<(), NoProof> {
        if self.checkpoint.body != body {
            return Err(NoProof::OtherBody);
        }
        if !self.checkpoint.verify(log_key) {
            return Err(NoProof::NotSigned);
        }
        let root = tree::root_from_path(leaf::hash(&self.leaf), self.index, self.checkpoint.size, &self.path);
        if root == Some(self.checkpoint.root) { Ok(()) } else { Err(NoProof::Path) }
    }
}
