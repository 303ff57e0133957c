//! A member's marks and notes on papers, with all that placing them on another version will need.
//!
//! A mark is an object of his space. What may be changed apart from the rest is a field of its own, so that changes made apart
//! on two devices both hold: its place, its colour, its text, each of its strokes.

use super::exchange::open_op;
use super::fold::{self, REMOVED, STROKE, TEXT};
use super::ink::{self, Stroke};
use super::{Object, Write, new_object, rows, share, team};
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::{BodyId, PaperId, Rev, RevId};
use ecabinet_protocol::space::SpaceOwner;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where a mark lies and what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub kind: MarkKind,
    pub paper: PaperId,
    pub rev: RevId,
    /// From 0.
    pub page: u32,
    pub quads: Vec<Quad>,
    /// The words marked, as the page has them.
    pub exact: String,
    /// Up to 64 characters before and after.
    pub prefix: String,
    pub suffix: String,
    pub colour: String,
    /// What an area without words of its own lies on or beside.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub beside: String,
    /// How far its strokes have been moved since they were drawn, in points.
    #[serde(default, skip_serializing_if = "is_still")]
    pub shift: (f64, f64),
    /// What a newer program keeps here.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

fn is_still(shift: &(f64, f64)) -> bool {
    *shift == (0.0, 0.0)
}

impl Mark {
    /// A note about a page as a whole; pages are counted from 0.
    pub fn note(rev: Rev, page: u32) -> Mark {
        Mark {
            kind: MarkKind::Note,
            paper: rev.paper,
            rev: rev.rev,
            page,
            quads: Vec::new(),
            exact: String::new(),
            prefix: String::new(),
            suffix: String::new(),
            colour: "yellow".into(),
            beside: String::new(),
            shift: (0.0, 0.0),
            more: BTreeMap::new(),
        }
    }

    /// Whether it lies on a place of its page and not on words.
    pub fn is_area(&self) -> bool {
        self.exact.is_empty() && (self.kind == MarkKind::Ink || !self.quads.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    Highlight,
    Underline,
    Strike,
    Note,
    Ink,
    Bookmark,
}

/// Four corners in points on the page as it is shown, from its top left, y downwards: top left, top right, bottom left,
/// bottom right; x before y.
pub type Quad = [f64; 8];

/// A mark with its note.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub id: String,
    pub mark: Mark,
    /// The latest first; more than one where two devices wrote apart.
    pub texts: Vec<String>,
    /// Of ink, as they were drawn: `mark.shift` is to be added.
    pub strokes: Strokes,
    /// ms since 1970.
    pub changed_at: u64,
    /// With whom its author shares it.
    pub shared: Vec<SpaceOwner>,
}

/// By their ids: 16 hex digits, chosen by who draws.
pub type Strokes = BTreeMap<String, Stroke>;

pub(super) const MARK: &str = "mark";
/// Given after the mark was made: it counts, whatever the mark says.
const COLOUR: &str = "colour";

impl Client {
    /// Keeps a mark, with a note's text if there is one; gives its id.
    pub fn add_mark(&self, body: BodyId, mark: &Mark, text: Option<&str>) -> Result<String> {
        let object = new_object(&self.env);
        let mut fields = BTreeMap::from([(MARK.to_owned(), json!(mark))]);
        if let Some(text) = text {
            fields.insert(TEXT.to_owned(), json!(text));
        }
        self.write_space(body, Write { object: object.clone(), fields, over: Vec::new() })?;
        Ok(object)
    }

    /// Keeps a mark of ink with its first strokes; gives its id.
    pub fn add_ink(&self, body: BodyId, mark: &Mark, strokes: &Strokes) -> Result<String> {
        ink::check(strokes.iter())?;
        if strokes.is_empty() {
            return Err(Error::new("ink.invalid"));
        }
        let object = new_object(&self.env);
        let mut fields = drawn(strokes);
        fields.insert(MARK.to_owned(), json!(mark));
        self.write_space(body, Write { object: object.clone(), fields, over: Vec::new() })?;
        Ok(object)
    }

    /// Draws strokes to a mark of ink, erases others, and brings erased ones back as they were.
    pub fn draw(
        &self,
        body: BodyId,
        id: &str,
        put: &Strokes,
        erase: &[String],
        restore: &[String],
    ) -> Result<()> {
        ink::check(put.iter())?;
        let object = self.note_object(body, id)?;
        read_mark(&object).ok_or(Error::new("note.unknown"))?;
        let mut fields = drawn(put);
        let field = |id: &String| {
            let name = format!("{STROKE}{id}");
            object.field(&name).filter(|value| !value.is_null()).map(|value| (name, value))
        };
        let there = erase.iter().filter_map(field).filter(|(_, value)| fold::erased(value).is_none());
        fields.extend(there.map(|(name, value)| (name, fold::erase(value))));
        let gone = restore.iter().filter_map(field);
        fields.extend(gone.filter_map(|(name, value)| Some((name, fold::erased(value)?.clone()))));
        if fields.is_empty() {
            return Ok(());
        }
        stay(&object, &mut fields);
        self.write_note(body, Write { object: id.to_owned(), fields, over: Vec::new() })
    }

    /// Writes a note's text over the one that is shown.
    pub fn set_note(&self, body: BodyId, id: &str, text: &str) -> Result<()> {
        let object = self.note_object(body, id)?;
        let over = object.texts().into_iter().map(|(stamp, _)| *stamp).collect();
        let mut fields = BTreeMap::from([(TEXT.to_owned(), json!(text))]);
        stay(&object, &mut fields);
        self.write_note(body, Write { object: id.to_owned(), fields, over })
    }

    pub fn recolour_mark(&self, body: BodyId, id: &str, colour: &str) -> Result<()> {
        let object = self.note_object(body, id)?;
        read_mark(&object).ok_or(Error::new("note.unknown"))?;
        let mut fields = BTreeMap::from([(COLOUR.to_owned(), json!(colour))]);
        stay(&object, &mut fields);
        self.write_note(body, Write { object: id.to_owned(), fields, over: Vec::new() })
    }

    /// Writes a mark anew: another place, another revision.
    pub fn move_mark(&self, body: BodyId, id: &str, to: impl FnOnce(Mark) -> Mark) -> Result<()> {
        let object = self.note_object(body, id)?;
        let mark = to(read_mark(&object).ok_or(Error::new("note.unknown"))?);
        let mut fields = BTreeMap::from([(MARK.to_owned(), json!(mark))]);
        stay(&object, &mut fields);
        self.write_note(body, Write { object: id.to_owned(), fields, over: Vec::new() })
    }

    pub fn remove_mark(&self, body: BodyId, id: &str) -> Result<()> {
        let over = self.note_object(body, id)?.contents();
        let fields = BTreeMap::from([(REMOVED.to_owned(), Value::Bool(true))]);
        self.write_note(body, Write { object: id.to_owned(), fields, over })
    }

    /// Brings back a mark that was taken away, as it was.
    pub fn restore_mark(&self, body: BodyId, id: &str) -> Result<()> {
        read_mark(&self.note_object(body, id)?).ok_or(Error::new("note.unknown"))?;
        let fields = BTreeMap::from([(REMOVED.to_owned(), Value::Bool(false))]);
        self.write_note(body, Write { object: id.to_owned(), fields, over: Vec::new() })
    }

    /// One mark; also one that was taken away.
    pub fn note(&self, body: BodyId, id: &str) -> Result<Note> {
        read_note(id.to_owned(), &self.note_object(body, id)?).ok_or(Error::new("note.unknown"))
    }

    /// All marks, or those on one paper, in all its revisions.
    pub fn notes(&self, body: BodyId, paper: Option<PaperId>) -> Result<Vec<Note>> {
        self.with(body, |vault, body| {
            let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(Vec::new()) };
            let objects = rows::objects(vault, body.row.id, space)?;
            let (state, member) = (body.state()?, body.member()?);
            let note = |(id, object): (String, Object)| {
                let shared = share::groups_of(state, member, &object);
                Some(Note { shared, ..shown(&id, &object)? })
            };
            let mut notes: Vec<Note> = objects.into_iter().filter_map(note).collect();
            notes.retain(|note| paper.is_none_or(|paper| note.mark.paper == paper));
            notes.sort_by(|a, b| {
                (a.mark.paper, a.mark.page).cmp(&(b.mark.paper, b.mark.page)).then(a.id.cmp(&b.id))
            });
            Ok(notes)
        })
    }

    /// Where the member stopped reading a paper: page from 0, and how far down it as a part of its height.
    pub fn set_reading_position(
        &self,
        body: BodyId,
        paper: PaperId,
        page: u32,
        within: Option<f32>,
    ) -> Result<()> {
        // In hundredths: a place nearer than that is the same one.
        let within = within.map(|within| (within.clamp(0.0, 1.0) * 100.0).round() / 100.0);
        let former = self.with(body, |vault, body| reading(vault, body, paper))?;
        if former.is_some_and(|former| former.page == Some(page) && former.within == within) {
            return Ok(());
        }
        let mut fields = BTreeMap::from([("page".to_owned(), json!(page))]);
        // With its page: a program that knows only pages writes that field alone.
        fields.extend(within.map(|within| ("within".to_owned(), json!([page, within]))));
        self.write_space(body, Write { object: object_of(paper), fields, over: Vec::new() })
    }

    /// Which revision the member has opened, and which one before it: so that what changed between them can be shown. One
    /// that is older than what he has read says nothing; a signed copy is the text that he has read.
    pub fn set_reading_rev(&self, body: BodyId, rev: Rev) -> Result<()> {
        let (former, later, signed) = self.with(body, |vault, body| {
            let former = reading(vault, body, rev.paper)?.and_then(|reading| reading.rev);
            let known = body.state()?.papers.get(&rev.paper);
            let at = |rev| known.and_then(|paper| paper.revs.iter().position(|(known, _)| *known == rev));
            let signed =
                known.zip(former).is_some_and(|(known, former)| known.is_signed_copy(former, rev.rev));
            Ok((former, at(rev.rev) > former.and_then(at), signed))
        })?;
        if !later {
            return Ok(());
        }
        let mut fields = BTreeMap::from([("rev".to_owned(), json!(rev.rev))]);
        fields.extend(former.filter(|_| !signed).map(|former| ("before".to_owned(), json!(former))));
        self.write_space(body, Write { object: object_of(rev.paper), fields, over: Vec::new() })
    }

    /// Whether the key of the member's notes has come to this device.
    pub fn has_notes_key(&self, body: BodyId) -> Result<bool> {
        self.with(body, |vault, body| Ok(!is_keyless(vault, body.row.id)?))
    }

    /// Writes to an own note; its copies follow.
    fn write_note(&self, body: BodyId, write: Write) -> Result<()> {
        let id = write.object.clone();
        self.write_space(body, write)?;
        self.publish_copies(body, &id)
    }

    fn note_object(&self, body: BodyId, id: &str) -> Result<Object> {
        self.with(body, |vault, body| match rows::own_space(vault, body.row.id)? {
            Some((space, ..)) => rows::object(vault, body.row.id, space, id),
            None => Ok(Object::default()),
        })
    }
}

fn read_mark(object: &Object) -> Option<Mark> {
    serde_json::from_value(object.field(MARK)?.clone()).ok()
}

fn read_note(id: String, object: &Object) -> Option<Note> {
    let mut mark = read_mark(object)?;
    if let Some(colour) = object.field(COLOUR).and_then(Value::as_str) {
        mark.colour = colour.to_owned();
    }
    let texts = object.texts().into_iter().map(|(_, text)| text.to_owned()).collect();
    let strokes = object.strokes().filter_map(|(id, kept)| Some((id.to_owned(), Stroke::read(kept)?)));
    let (strokes, shared) = (strokes.collect(), Vec::new());
    Some(Note { id, mark, texts, strokes, changed_at: object.changed_at(), shared })
}

/// Notes that are there.
fn present(objects: Vec<(String, Object)>) -> impl Iterator<Item = Note> {
    objects.into_iter().filter_map(|(id, object)| shown(&id, &object))
}

/// A note, if it is there. Ink of which every stroke was erased is nothing.
pub(super) fn shown(id: &str, object: &Object) -> Option<Note> {
    let note =
        Some(object).filter(|object| !object.is_removed()).and_then(|o| read_note(id.to_owned(), o))?;
    (note.mark.kind != MarkKind::Ink || !note.strokes.is_empty() || !note.texts.is_empty()).then_some(note)
}

/// An own note that is there.
pub(super) fn own_note(vault: &Vault, body: &Body, id: &str) -> Result<Note> {
    let space = rows::own_space(vault, body.row.id)?;
    let object = space.map(|(space, ..)| rows::object(vault, body.row.id, space, id)).transpose()?;
    object.and_then(|object| shown(id, &object)).ok_or(Error::new("note.unknown"))
}

/// A mark that was kept by what was written on it while it was removed stays from now on, whatever becomes of that.
fn stay(object: &Object, fields: &mut BTreeMap<String, Value>) {
    if object.field(REMOVED) == Some(&Value::Bool(true)) && !object.is_removed() {
        fields.insert(REMOVED.to_owned(), Value::Bool(false));
    }
}

/// Strokes as fields.
fn drawn(strokes: &Strokes) -> BTreeMap<String, Value> {
    strokes.iter().map(|(id, stroke)| (format!("{STROKE}{id}"), stroke.kept())).collect()
}

/// Where a member is in a paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// From 0.
    pub page: Option<u32>,
    /// How far down that page, as a part of its height.
    pub within: Option<f32>,
    /// The newest revision that was opened.
    pub rev: Option<RevId>,
    /// The one that was the newest before.
    before: Option<RevId>,
}

impl Reading {
    /// Which revision was read before this one.
    pub(crate) fn read_before(&self, rev: RevId) -> Option<RevId> {
        if self.rev == Some(rev) { self.before } else { self.rev }
    }
}

const READING: &str = "reading:";

fn object_of(paper: PaperId) -> String {
    format!("{READING}{paper}")
}

/// None if the paper was never opened.
pub(crate) fn reading(vault: &Vault, body: &Body, paper: PaperId) -> Result<Option<Reading>> {
    let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(None) };
    let object = rows::object(vault, body.row.id, space, &object_of(paper))?;
    let (page, within) = place(&object);
    let rev = |name| object.field(name).and_then(|rev| serde_json::from_value(rev.clone()).ok());
    let (rev, before) = (rev("rev"), rev("before"));
    Ok((page.is_some() || rev.is_some()).then_some(Reading { page, within, rev, before }))
}

/// Page, and how far down it. A program that knows only pages has written the page alone: then nothing more is known.
fn place(object: &Object) -> (Option<u32>, Option<f32>) {
    let page = object.field("page").and_then(Value::as_u64).map(|page| page as u32);
    let within = object.field("within").and_then(|within| serde_json::from_value(within.clone()).ok());
    let within = within.filter(|(at, part): &(u32, f32)| Some(*at) == page && (0.0..=1.0).contains(part));
    (page, within.map(|(_, part)| part))
}

/// The paper read last, and its page.
pub(crate) fn last_read(vault: &Vault, body: &Body) -> Result<Option<(PaperId, u32)>> {
    let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(None) };
    let objects = rows::objects(vault, body.row.id, space)?;
    let read =
        objects.iter().filter_map(|(id, object)| Some((id.strip_prefix(READING)?.parse().ok()?, object)));
    let last = read.max_by_key(|(_, object)| object.changed_at());
    Ok(last.map(|(paper, object)| {
        (paper, object.field("page").and_then(Value::as_u64).unwrap_or_default() as u32)
    }))
}

/// Papers that the member has opened, those that he read last first.
pub(crate) fn recently_read(vault: &Vault, body: &Body, most: usize) -> Result<Vec<PaperId>> {
    let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(Vec::new()) };
    let objects = rows::objects(vault, body.row.id, space)?;
    let read = objects.iter().filter_map(|(id, object)| {
        Some((std::cmp::Reverse(object.changed_at()), id.strip_prefix(READING)?.parse().ok()?))
    });
    let mut read: Vec<(_, PaperId)> = read.collect();
    read.sort();
    Ok(read.into_iter().map(|(_, paper)| paper).take(most).collect())
}

/// How many marks the member has on a paper.
pub(crate) fn marks_on(vault: &Vault, body: &Body, paper: PaperId) -> Result<usize> {
    let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(0) };
    let objects = rows::objects(vault, body.row.id, space)?;
    Ok(present(objects).filter(|note| note.mark.paper == paper).count())
}

/// How many notes have something in them that only this device has.
pub(crate) fn unsent_notes(vault: &Vault, body: &Body) -> Result<u64> {
    let row = body.row.id;
    let Some((space, ..)) = rows::own_space(vault, row)? else { return Ok(0) };
    let keys = rows::keys(vault, row, space)?;
    let unsent = rows::unsent(vault, row, space)?.into_iter().filter(|op| op.device == body.row.device);
    let objects: BTreeSet<String> =
        unsent.filter_map(|op| open_op(&keys, &op)).map(|operation| operation.object).collect();
    let kept = [READING, team::ANSWER];
    Ok(objects.iter().filter(|object| !kept.iter().any(|kept| object.starts_with(kept))).count() as u64)
}

/// Whether there are notes here whose key has not come.
pub(crate) fn has_held(vault: &Vault, body: i64) -> Result<bool> {
    let Some((space, ..)) = rows::own_space(vault, body)? else { return Ok(false) };
    Ok(!rows::held_ops(vault, body, space)?.is_empty())
}

/// Whether the key of the member's notes has not come to this device.
pub(crate) fn is_keyless(vault: &Vault, body: i64) -> Result<bool> {
    Ok(rows::own_space(vault, body)?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spaces::fold::Operation;
    use ecabinet_domain::DeviceId;

    #[test]
    fn the_place_on_a_page_is_that_of_the_page_it_was_written_with() {
        let mut object = Object::default();
        let mut write = |at: u64, fields: Value| {
            let fields = serde_json::from_value(fields).expect("fields");
            let operation = Operation { object: "reading:x".into(), at: (at, 0), fields, over: Vec::new() };
            object.apply(&operation, DeviceId([1; 32]));
            place(&object)
        };
        assert_eq!(write(1, json!({ "page": 3 })), (Some(3), None));
        assert_eq!(write(2, json!({ "page": 3, "within": [3, 0.42] })), (Some(3), Some(0.42)));
        assert_eq!(write(3, json!({ "page": 7 })), (Some(7), None), "an older program went on to page 7");
        assert_eq!(write(4, json!({ "page": 7, "within": [7, 9.0] })), (Some(7), None));
        assert_eq!(write(5, json!({ "page": 7, "within": "x" })), (Some(7), None));
    }
}
