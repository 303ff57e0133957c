use serde::{Deserialize, Serialize};

use crate::SigningTime;

/// What to sign with, when, and how it shall look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignRequest {
    /// DER certificates: the signer's first, then its issuers in order.
    pub certificates: Vec<Vec<u8>>,
    pub time: SigningTime,
    pub reason: Option<String>,
    pub place: Place,
    /// Nothing is drawn without it.
    pub appearance: Option<Appearance>,
}

/// Where the signature goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// A new signature field of this name (without full stops) on a page: at [`Rect::NONE`] if nothing is drawn.
    New { field: String, page: u32, rect: Rect },
    /// An empty signature field that is there, by its full name.
    Existing { field: String },
}

/// A rectangle in points on the page as it is shown, from its top left corner, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    /// Of a signature that is not seen.
    pub const NONE: Rect = Rect { x: 0.0, y: 0.0, width: 0.0, height: 0.0 };
}

/// The visible signature: a picture above lines of text, both made to fit the rectangle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appearance {
    /// One element a line; nothing is added to them.
    pub lines: Vec<String>,
    /// The size of the text in points; smaller when the lines would not fit.
    pub text_size: f32,
    /// A PNG file, transparent or not, drawn centred with its proportions kept.
    #[serde(with = "serde_bytes")]
    pub picture: Option<Vec<u8>>,
}
