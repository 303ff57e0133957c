//! What is added to a PDF by incremental update: signatures (PAdES B-B), and a reader's marks as annotations; and a first
//! look at the signatures that are there.
//!
//! Signing takes three steps, so that an untrusted PDF can be parsed in a process that has no key:
//! [`prepare`] appends a signature with a hole in it and says which bytes must be signed; whoever holds the key
//! signs them ([`p12::Identity`], a token, a remote service); [`finish`] checks that signature against the
//! certificate and fills the hole. [`annotate`] appends marks. The original file stays an exact prefix of what comes out.
//!
//! The library reads no files, no clock and no network: bytes, time and the font are arguments. [`prepare`],
//! [`finish`] and [`cryptographic_summary`] use no OpenSSL (which reads a configuration file when it starts), only
//! [`p12`] does.
//!
//! Points are 1/72 inch on the page *as it is shown* (crop box, `/Rotate` applied), from its top left corner, x to
//! the right, y downwards. Pages are counted from 0.

mod algorithm;
mod annotate;
mod appearance;
mod ber;
mod certificate;
mod cms;
mod document;
mod error;
mod field;
mod fields;
mod font;
mod holder;
mod load;
pub mod p12;
mod picture;
mod request;
mod sign;
mod summary;
mod time;
mod update;
pub mod worker;

pub use algorithm::ecdsa_signature_to_der;
pub use annotate::{Annotation, Annotations, InkPoint, Kind, Point, Quad, annotate};
pub use error::Error;
pub use font::Font;
pub use request::{Appearance, Place, Rect, SignRequest};
pub use sign::{Prepared, finish, finish_update, prepare};
pub use summary::{Problem, SignatureInfo, cryptographic_summary};
pub use time::SigningTime;
