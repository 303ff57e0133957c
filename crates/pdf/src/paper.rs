use crate::Rect;
use ecabinet_wall::worker::Wall;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is known of a paper once it is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Info {
    /// The size of each page as it is shown.
    pub pages: Vec<PageSize>,
    /// The title in the document information, if it is not blank.
    pub title: Option<String>,
    /// The file is encrypted, though everybody can open it (an owner's password). One that needs a password is not
    /// opened at all: [`crate::PdfError::Encrypted`].
    pub encrypted: bool,
    /// Some signature field has been signed. Says nothing of its validity.
    pub signed: bool,
    /// Signature fields at the top of the form, signed or not.
    pub signature_fields: u32,
    /// One of the first pages has text; a scan has none.
    pub has_text: bool,
    /// The end of the file is missing or wrong, and pdfium repaired what it could.
    pub damage: Option<crate::Damage>,
    /// What keeps the worker apart from the machine.
    pub wall: Wall,
}

/// In points, as shown: after `/Rotate`, of the crop box.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    pub width: f32,
    pub height: f32,
}

/// How to draw a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Render {
    pub page: u32,
    /// Width of the bitmap in pixels, after `rotation`; the height follows from the page.
    pub width: u32,
    /// Turned clockwise, on top of the page's own rotation.
    pub rotation: Rotation,
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Rotation {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Format {
    /// Lossless WebP, for an `<img>`.
    #[default]
    Webp,
    /// 4 bytes a pixel (red, green, blue, 255), row after row without padding.
    Rgba,
}

/// A page's picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub width: u32,
    pub height: u32,
    pub format: Format,
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {} {:?}, {} bytes", self.width, self.height, self.format, self.bytes.len())
    }
}

/// A bookmark. The outline is a flat list in reading order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlineItem {
    pub title: String,
    /// 0 at the top.
    pub level: u8,
    /// The page it leads to, if it leads to one of this paper.
    pub page: Option<u32>,
    /// How far down that page, if it says so.
    pub y: Option<f32>,
}

/// A link on a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageLink {
    pub rect: Rect,
    pub to: LinkTo,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LinkTo {
    /// A page of this paper, and how far down it if the link says so.
    Page { page: u32, y: Option<f32> },
    /// Out of the paper; nobody opens it from here.
    Address(String),
}
