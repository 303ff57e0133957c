//! Papers: open, check, render, text, search; in worker processes of their own.
//!
//! A PDF is untrusted. It is parsed and drawn by `ecabinet-pdf-worker`, one paper per process, with no network and
//! no files; it reads the paper's bytes by asking its parent, so that a paper never has to be a plain file. This
//! library is the parent's side: [`Pool`] for many papers, [`Worker`] for one process, [`check`] before publishing.
//!
//! Coordinates everywhere are *page points*: 1/72 inch on the page as it is shown (crop box, `/Rotate` applied),
//! from its top left corner, x to the right, y downwards. Pages are counted from 0.

mod columns;
mod compare;
mod error;
mod fold;
mod layout;
mod paper;
mod pool;
mod program;
mod search;
mod source;
#[doc(hidden)]
pub mod wire;
mod worker;

pub use compare::{AreaPlaced, Change, Comparison, Kind, Piece, Placed, Shift, Span};
pub use ecabinet_wall::worker::{Landlock, Wall};
pub use error::{Damage, PdfError};
pub use fold::{Folded, fold};
pub use layout::{Anchor, Glyph, Line, PageText, Rect, Word};
pub use paper::{Format, Image, Info, LinkTo, OutlineItem, PageLink, PageSize, Render, Rotation};
pub use pool::{Paper, Pool};
pub use program::Program;
pub use search::{Hit, Phrase, Query, Term, Token, Way, find, matches, words};
pub use source::{FileSource, Source};
pub use worker::{Worker, check};
