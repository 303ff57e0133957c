//! What payloads say: JSON beside the headers. Unknown fields are kept out of nobody's way: they are ignored, so that
//! later versions may add some.

mod layout;

pub use layout::Layout;

use crate::Zone;
use ecabinet_domain::{Choice, Hash, Rule};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Payload of `body.genesis`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyContent {
    pub name: Text,
    /// Key of this body's chunk names: 64 hex digits.
    pub chunk_key: Hash,
    /// Rules that polls are opened with; the first is offered first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleContent>,
    /// Clock that its times are told in; a body without one keeps to the default.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub timezone: Option<Zone>,
    /// Whether a member may take a paper from his device as a plain file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paper_export: bool,
    /// What stands above its documents; a body without one has its name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Head>,
    /// When answers are asked for, and reminded of.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub deadlines: Deadlines,
}

fn is_usual(deadlines: &Deadlines) -> bool {
    *deadlines == Deadlines::default()
}

/// Deadlines of a body: settings, not law. Nothing is refused for being late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deadlines {
    /// Working days in which opinion forms are to be answered: offered when one is written.
    pub form_answer_working_days: u32,
    /// Hours before a form is due at which those are reminded who have not answered.
    pub form_reminder_hours: Vec<u32>,
    /// Hours after it was due at which they are reminded again, while answers are still taken.
    pub form_overdue_hours: Vec<u32>,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        Deadlines {
            form_answer_working_days: 7,
            form_reminder_hours: vec![48, 24],
            form_overdue_hours: vec![1, 24],
        }
    }
}

/// The head of a body's documents, in two columns (in Vietnam: Decree 30/2020, appendix I).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Top right, two lines.
    pub country: String,
    pub motto: String,
    /// Top left, in capitals.
    pub issuer: String,
    /// Before the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// After the kind in a document's number: `CP` in `12/NQ-CP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
}

/// A rule of the body with the words that go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleContent {
    pub id: String,
    pub name: Text,
    pub basis: String,
    pub rule: Rule,
    #[serde(default)]
    pub labels: BTreeMap<Choice, Text>,
    /// Texts of the options, in order, as they are offered when a poll is opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A text in Vietnamese and, if there is one, in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Text {
    pub vi: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    pub fn vi(text: impl Into<String>) -> Text {
        Text { vi: text.into(), en: None }
    }
}

/// Payload of `member.add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberContent {
    pub name: String,
    /// Position, such as "Bộ trưởng Bộ ...".
    pub title: String,
}

/// Payload of `device.enrol`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceContent {
    pub name: String,
}

/// Payload of `group.set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupContent {
    pub name: String,
}

/// Payload of `item.set`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemContent {
    pub title: String,
    /// That submits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Minutes planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// None also if it is one that this version does not know.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub kind: Option<ItemKind>,
    /// Path in the published folder: a republished item keeps its id by it.
    pub path: String,
}

/// What the meeting is asked to do with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    Discuss,
    /// To decide, with a poll.
    Vote,
    /// For information.
    Report,
}

/// A value if it is one of those known here: another one does not make the whole unreadable.
fn known<'de, D: Deserializer<'de>, T: DeserializeOwned>(value: D) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(value)?;
    Ok(serde_json::from_value(value).ok())
}

/// Payload of `meeting.publish`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingContent {
    pub title: String,
    /// ms since 1970.
    pub starts: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why this version replaces the last, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is no meeting but the dossier of opinion forms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dossier: bool,
}

/// Payload of `paper.publish`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperContent {
    pub title: String,
    /// Path in the published folder: a republished paper keeps its id by it.
    pub path: String,
    pub manifest: Manifest,
    /// It is shown with its reader's name over it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub watermark: bool,
}

/// A file as the list of its chunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the whole file.
    pub sha256: Hash,
    /// Bytes.
    pub size: u64,
    pub pages: u32,
    /// In order; sizes add up to `size`.
    pub chunks: Vec<ChunkRef>,
}

/// A chunk: its name is BLAKE3 keyed by the body's chunk key, over its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChunkRef {
    pub name: ChunkName,
    pub size: u32,
}

pub use ecabinet_domain::Hash as ChunkName;

/// Payload of `paper.sign`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignContent {
    pub title: String,
    /// SHA-256 of the file that was signed.
    pub before: Hash,
    /// SHA-256 of the signed file: `before`'s bytes are its prefix.
    pub after: Hash,
    pub manifest: Manifest,
}

/// Payload of `poll.open` and `block.open`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollContent {
    pub question: String,
    /// The law or rule that the poll goes by, printed beside its result.
    pub basis: String,
    pub labels: BTreeMap<Choice, Text>,
    /// Texts of the options, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// Payload of `form.send`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormContent {
    /// Such as `12/PLYK/2026`.
    pub number: String,
    pub subject: String,
    /// That submits what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Number of the agency's submission, such as `45/TTr-BNK`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    /// Who knows about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// What it is for, in a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The law or rule that it goes by, printed beside its result.
    pub basis: String,
    /// In the order of the rules.
    pub questions: Vec<QuestionContent>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionContent {
    pub question: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Choice, Text>,
    /// Texts of the options, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// Payload of `reply.write`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyContent {
    /// May be empty where the opinion was taken in as it is.
    pub text: String,
}

/// Payload of `conclusion.write`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConclusionContent {
    pub text: String,
}

/// Payload of `attendance.set`, `device.revoke`, `member.retire`, `payload.erase`, `epoch`, `poll.recall`, `poll.pull`,
/// `attendance.claim`, `substitute.ask`, `substitute.end`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub why: String,
}

pub fn write<T: Serialize>(content: &T) -> Vec<u8> {
    serde_json::to_vec(content).expect("plain data")
}

pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// What a chunk of this body is called.
pub fn chunk_name(chunk_key: &Hash, bytes: &[u8]) -> ChunkName {
    Hash(*blake3::keyed_hash(&chunk_key.0, bytes).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_a_kind_that_is_not_known_here_is_still_an_item() {
        let read = |kind: &str| {
            let text = format!(
                r#"{{"title":"Ngân sách","agency":"Bộ Ngân khố","kind":{kind},"path":"01","later":1}}"#
            );
            read::<ItemContent>(text.as_bytes()).expect("an item")
        };
        assert_eq!(read("\"vote\"").kind, Some(ItemKind::Vote));
        assert_eq!((read("\"hearing\"").kind, read("\"hearing\"").title.as_str()), (None, "Ngân sách"));
        assert_eq!(read("null").kind, None);
    }

    #[test]
    fn a_body_without_a_zone_or_with_one_of_a_later_form_is_read() {
        let read = |zone: &str| {
            let text = format!(r#"{{"name":{{"vi":"UBND"}},"chunk_key":"{}"{zone}}}"#, "0".repeat(64));
            read::<BodyContent>(text.as_bytes()).expect("a body").timezone
        };
        assert_eq!(read(""), None);
        assert_eq!(read(r#","timezone":"+09:00""#), "+09:00".parse().ok());
        assert_eq!(read(r#","timezone":"Asia/Ho_Chi_Minh""#), None);
    }

    #[test]
    fn a_body_says_only_the_deadlines_that_are_its_own_and_has_the_usual_ones_else() {
        let usual = Deadlines::default();
        let read = |deadlines: &str| {
            let text = format!(r#"{{"name":{{"vi":"UBND"}},"chunk_key":"{}"{deadlines}}}"#, "0".repeat(64));
            read::<BodyContent>(text.as_bytes()).expect("a body")
        };
        assert_eq!(read("").deadlines, usual);
        let own = read(r#","deadlines":{"form_reminder_hours":[72],"later":1}"#);
        assert_eq!(own.deadlines, Deadlines { form_reminder_hours: vec![72], ..usual });
        let said = |body: &BodyContent| String::from_utf8(write(body)).expect("text").contains("deadlines");
        assert_eq!((said(&read("")), said(&own)), (false, true));
    }

    #[test]
    fn an_item_says_only_what_is_known_of_it() {
        let mut item = ItemContent { title: "Ngân sách".into(), path: "01".into(), ..Default::default() };
        assert_eq!(write(&item), r#"{"title":"Ngân sách","path":"01"}"#.as_bytes());
        (item.minutes, item.kind) = (Some(20), Some(ItemKind::Report));
        assert_eq!(
            write(&item),
            r#"{"title":"Ngân sách","minutes":20,"kind":"report","path":"01"}"#.as_bytes()
        );
    }
}
