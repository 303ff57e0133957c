use crate::WitnessKey;
use ecabinet_domain::BodyId;

/// What the asker knows from elsewhere: without it an export can only be held against itself.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The body that the record must be of.
    pub body: Option<BodyId>,
    /// Texts of checkpoints and receipts kept elsewhere.
    pub anchors: Vec<String>,
    pub witnesses: Vec<WitnessKey>,
    /// How many different witnesses must have cosigned the checkpoint.
    pub require_witnesses: u64,
}
