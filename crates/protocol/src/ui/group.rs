//! Groups with whom something is shared.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A group that the person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// `staff:<member>` or `all`.
    pub id: String,
    pub kind: GroupKind,
    /// Whose staff it is, if it is another's.
    pub name: Option<String>,
    /// Who sees what is shared with it, beside the person himself, in protocol order.
    pub people: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum GroupKind {
    /// The person's own staff.
    MyStaff,
    /// Somebody's whom the person prepares for.
    StaffOf,
    /// All members.
    All,
}

/// Whose a mark is that the person did not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkBy {
    pub name: String,
    /// The group through which it is shared.
    pub group: String,
}

/// Arguments: who else sees a mark of one's own; nobody if no group is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareMark {
    pub body: String,
    pub id: String,
    pub groups: Vec<String>,
}
