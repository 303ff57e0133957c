//! The reader: pages, their words, and the member's marks. A page's image is `page://localhost/<body>/<rev>/<page>?w=<px>`
//! with pages from 0 and the width in device pixels.

use super::{GroupView, MarkBy, PaperState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A paper opened for reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReaderView {
    pub paper: String,
    pub rev: String,
    pub version: u32,
    pub title: String,
    pub state: PaperState,
    #[ts(type = "number")]
    pub bytes: u64,
    #[ts(type = "number")]
    pub bytes_ready: u64,
    /// Empty unless the paper is here.
    pub pages: Vec<PageSize>,
    /// Page from 0 where the member stopped, and how far down it, as a part of its height.
    pub start_page: u32,
    pub start_within: f32,
    /// False: a scan without words.
    pub has_text: bool,
    pub marks: Vec<MarkView>,
    /// A revision that has replaced this one.
    pub newer_rev: Option<String>,
    /// The newer revision is this one with signatures: its text is the same.
    pub newer_signed: bool,
    /// It carries a signature.
    pub signed: bool,
    pub sign_due: bool,
    /// The body lets papers leave this device.
    pub may_leave: bool,
    /// The name of its reader, if the secretariat wants it over the pages.
    pub watermark: Option<String>,
    /// A poll on the item that waits for the member's ballot, or for it once more.
    pub vote_due: Option<String>,
    /// With whom marks can be shared.
    pub groups: Vec<GroupView>,
    pub item: String,
    pub item_number: u32,
    pub item_title: String,
    pub meeting: String,
}

/// A page as it is shown, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct PageSize {
    pub width: f32,
    pub height: f32,
}

/// The words of a page. Indices count characters (Unicode scalar values) of `text`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PageText {
    pub page: u32,
    /// In NFC; one space between words, `\n` between lines.
    pub text: String,
    /// In the order of reading.
    pub words: Vec<WordBox>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct WordBox {
    pub start: u32,
    pub end: u32,
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

/// Four corners in points: top left, top right, bottom left, bottom right; x before y.
pub type Quad = [f64; 8];

/// A mark of the member, or one that somebody shares with him, placed on the revision that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MarkView {
    pub id: String,
    pub kind: MarkKind,
    /// The revision it was made on, and its number.
    pub rev: String,
    pub version: u32,
    /// The page it was made on, from 0.
    pub made_page: u32,
    pub made_quads: Vec<Quad>,
    /// Where it is on the open revision, from 0; near where it was, if it has no place there.
    pub page: u32,
    /// Empty if it has no place.
    pub quads: Vec<Quad>,
    /// The rest of it, if its words go on over the end of the page.
    pub rest: Vec<QuadsOn>,
    /// The words it was made on.
    pub exact: String,
    pub prefix: String,
    pub suffix: String,
    /// The words where it is now, if they are others.
    pub now: Option<MarkWords>,
    /// What an area without words of its own lies on or beside, on the revision it was made on.
    pub beside: String,
    /// What was drawn, as it lies on the open revision.
    pub strokes: Vec<Stroke>,
    /// `yellow`, `green`, `blue`, `rose`.
    pub colour: String,
    /// The newest first; more than one where two devices wrote apart.
    pub notes: Vec<String>,
    #[ts(type = "number")]
    pub changed_at: u64,
    pub state: MarkState,
    /// The groups that the person lets see it.
    pub shared: Vec<String>,
    /// None of one's own.
    pub by: Option<MarkBy>,
}

/// A stroke of the pen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Stroke {
    /// 16 hex digits, chosen by who draws it.
    pub id: String,
    /// In points, at half pressure.
    pub width: f32,
    /// x, y in points, pressure 0 to 1; one point after the other.
    pub points: Vec<f32>,
}

/// A part of a mark on a further page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuadsOn {
    /// From 0.
    pub page: u32,
    pub quads: Vec<Quad>,
}

/// Words of a page, with up to 64 characters before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkWords {
    pub exact: String,
    pub prefix: String,
    pub suffix: String,
}

/// The member's marks on the papers of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaperNotes {
    pub item_number: u32,
    pub item_title: String,
    pub paper: String,
    /// The newest revision, and its number.
    pub rev: String,
    pub version: u32,
    pub title: String,
    /// As they lie on it; as they were made, if it is not here.
    pub marks: Vec<MarkView>,
}

/// A paper that the member has marks on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotedPaper {
    pub meeting: String,
    pub meeting_title: String,
    #[ts(type = "number")]
    pub starts: u64,
    pub item_number: u32,
    pub paper: String,
    pub rev: String,
    pub title: String,
    pub marks: u32,
    /// When the last of them was changed.
    #[ts(type = "number")]
    pub changed_at: u64,
}

/// What changed in a paper since the member read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextChanges {
    /// The version that he had read, and its revision.
    pub since_version: u32,
    pub since_rev: String,
    /// How many paragraphs changed.
    pub total: u32,
    /// The first of them, in the order of the open revision.
    pub changes: Vec<TextChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextChange {
    pub kind: TextChangeKind,
    /// On the open revision, from 0; for what was taken out, where it would stand.
    pub page: u32,
    pub rects: Vec<PageRect>,
    pub pieces: Vec<PieceView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TextChangeKind {
    Added,
    Removed,
    Reworded,
    Moved,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PieceView {
    pub kind: PieceKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PieceKind {
    Kept,
    Added,
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MarkKind {
    Highlight,
    Underline,
    Strike,
    Note,
    Ink,
    Bookmark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MarkState {
    /// Made on this revision, or found on it word for word.
    Placed,
    /// Moved to this revision; the words around have changed.
    Changed,
    /// Not found with certainty: the person should look.
    NeedsEye,
}

/// Where a search word stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindHit {
    pub page: u32,
    pub rects: Vec<PageRect>,
    /// The words with some before and after.
    pub snippet: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct PageRect {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

/// A heading of the paper's own outline, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct OutlineRow {
    pub title: String,
    /// 0 at the top.
    pub level: u32,
    /// Where it leads, from 0, if anywhere in this paper; and how far down the page, in points.
    pub page: Option<u32>,
    pub y: Option<f32>,
}

/// A link on a page: to a place of this paper, or to an address outside it, which is only told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LinkView {
    pub rect: PageRect,
    pub page: Option<u32>,
    pub y: Option<f32>,
    pub address: Option<String>,
}

/// Arguments: a page, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageRef {
    pub body: String,
    pub rev: String,
    pub page: u32,
}

/// Arguments: finds words in a paper, with or without diacritics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindInPaper {
    pub body: String,
    pub rev: String,
    pub query: String,
}

/// Arguments: keeps a mark, with the text of a note if there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AddMark {
    pub body: String,
    pub paper: String,
    pub rev: String,
    pub kind: MarkKind,
    pub page: u32,
    pub quads: Vec<Quad>,
    pub exact: String,
    /// Up to 64 characters before and after.
    pub prefix: String,
    pub suffix: String,
    /// Of ink.
    #[serde(default)]
    pub strokes: Vec<Stroke>,
    pub colour: String,
    pub note: Option<String>,
}

/// Arguments: draws strokes to a mark of ink, as they lie on a revision, and erases others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Draw {
    pub body: String,
    pub id: String,
    pub put: Vec<Stroke>,
    /// Ids of strokes.
    pub erase: Vec<String>,
    /// Ids of strokes that were erased: they come back as they were.
    pub restore: Vec<String>,
}

/// Arguments: puts a mark on other words, or an area elsewhere, of the revision that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MoveMark {
    pub body: String,
    pub id: String,
    pub rev: String,
    pub page: u32,
    pub quads: Vec<Quad>,
    pub words: MarkWords,
}

/// Arguments: a paper with the member's marks, as it leaves: as a file, or on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WithMarks {
    pub body: String,
    pub paper: String,
    pub rev: String,
    pub words: CopyWords,
}

/// What such a copy says of itself, in its reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CopyWords {
    /// What it is called, without an ending.
    pub name: String,
    /// Above the text of each page of a signed paper: that this is not the signed original.
    pub notice: String,
    /// Before the words of a mark that has no place on this revision.
    pub unplaced: String,
    /// A bookmark's text.
    pub bookmark: String,
}

/// Arguments: a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkRef {
    pub body: String,
    pub id: String,
}

/// Arguments: writes a note's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetNote {
    pub body: String,
    pub id: String,
    pub text: String,
}

/// Arguments: gives a mark another colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Recolour {
    pub body: String,
    pub id: String,
    pub colour: String,
}

/// Arguments: where the member reads, page from 0; how far down it, as a part of its height.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SetReadingPosition {
    pub body: String,
    pub paper: String,
    pub page: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<f32>,
}
