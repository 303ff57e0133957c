//! Finding words in all that the person has: titles, papers, notes.

use super::Target;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments: seeks words, with or without diacritics. Words in quotation marks stand together; the last may still be
/// growing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchAll {
    pub body: String,
    /// Nothing yet: what there is to be found is told all the same.
    pub query: String,
    /// Where the person is: what is found in the meeting that this belongs to comes first.
    pub near: Option<Target>,
    /// Nothing outside of that meeting.
    pub only_meeting: bool,
    /// Pages wanted.
    pub most: u32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchView {
    /// Meetings, items and papers by their titles.
    pub titles: Vec<TitleHit>,
    /// Papers by what they say, those of the person's meeting first.
    pub papers: Vec<PaperHits>,
    pub notes: Vec<NoteHit>,
    /// There may be more pages.
    pub more: bool,
    pub reach: SearchReach,
}

/// How much of the papers can be searched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchReach {
    /// Papers that were read, of those that are to be seen.
    pub read: u32,
    pub total: u32,
    /// Scans: there are no words in them to find.
    pub wordless: Vec<WordlessPaper>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordlessPaper {
    pub paper: String,
    pub rev: String,
    pub title: String,
    pub item_number: u32,
    pub item_title: String,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundPiece {
    pub text: String,
    /// It is what was sought.
    pub found: bool,
}

/// A meeting, an item or a paper whose title was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TitleHit {
    pub target: Target,
    pub pieces: Vec<FoundPiece>,
    /// Of the item, or of the one that a paper belongs to.
    pub item_number: Option<u32>,
    /// Of the item that a paper belongs to.
    pub item_title: Option<String>,
    pub meeting_title: String,
    #[ts(type = "number")]
    pub starts: u64,
}

/// A paper in which words were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaperHits {
    pub paper: String,
    pub rev: String,
    pub title: String,
    pub item_number: u32,
    pub item_title: String,
    pub meeting_title: String,
    #[ts(type = "number")]
    pub starts: u64,
    /// It is on the agenda of the person's meeting.
    pub in_meeting: bool,
    /// The first of its pages that have them.
    pub pages: Vec<PageHit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageHit {
    /// From 0.
    pub page: u32,
    /// The first sentence that has them.
    pub pieces: Vec<FoundPiece>,
    /// How many places there are on the page.
    pub places: u32,
}

/// An own note, or words that the person has marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoteHit {
    pub id: String,
    pub paper: String,
    pub rev: String,
    pub page: u32,
    pub pieces: Vec<FoundPiece>,
    pub paper_title: String,
}
