//! What is on the screen: read from the record and the vault, never written.

mod board;
mod devices;
mod meetings;

pub use board::{BoardDevice, BoardRow};
pub use devices::DeviceRow;
pub use meetings::{ItemView, MeetingRow, MeetingView, PaperView, PollRef};
pub(crate) use meetings::{has_watermark, item_content, meeting_content, paper};
