//! What crosses a process: sync API, views of the user interface, error codes.

pub mod content;
pub mod error;
mod healing;
pub mod pairing;
pub mod space;
pub mod sync;
pub mod table;
pub mod ui;
pub mod wire;
pub mod words;

pub use ecabinet_record::{NotZone, Zone};
pub use error::ApiError;
