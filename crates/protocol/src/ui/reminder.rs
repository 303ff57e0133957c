//! Reminders of what is due, told by the desktop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A reminder that is to be given now. On a locked program it says that there is one, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reminder {
    pub key: String,
    /// The deadline has passed, and answers are still taken.
    pub overdue: bool,
    pub what: Option<RemindedForm>,
}

/// An opinion form that is not answered yet. Its subject is not told: a desktop shows notices to whoever passes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemindedForm {
    /// Such as `12/PLYK/2026`.
    pub number: String,
    #[ts(type = "number")]
    pub due: u64,
    /// Whose answer it is; none if the person's own.
    pub whom: Option<String>,
}

/// Arguments: shows a reminder, in words. It is given once on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GiveReminder {
    pub key: String,
    /// The words name the form: not on a locked program.
    pub named: bool,
    pub title: String,
    pub text: String,
}
