//! Notes that a member lets others see.
//!
//! A note stays in the space of who wrote it. What he shares is a copy in the shared space, under his name, which follows
//! the note; taken back, it is emptied. Nobody else writes to it (`author_of`), and nothing that is not shared comes near it.

use super::fold::STROKE;
use super::notes::{self, Note};
use super::{Object, Write, rows};
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::planted::planted;
use ecabinet_domain::{BodyId, Holder, MemberId, PaperId, State, Viewer};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::sync::SpaceId;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Field of an own note: with whom it is shared.
const SHARED: &str = "shared";
/// Field of a copy: the texts, the latest first.
const TEXTS: &str = "texts";
const COPY: &str = "note:";

/// A note that somebody else shares.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedNote {
    pub note: Note,
    pub by: MemberId,
    /// Through which space it came.
    pub group: SpaceOwner,
}

impl Client {
    /// The groups that this person may share with: his staff, those of whom he prepares for, all members.
    pub fn groups(&self, body: BodyId) -> Result<Vec<SpaceOwner>> {
        self.with(body, |_, body| match body.member() {
            Ok(member) => Ok(note_groups(body.state()?, member)),
            Err(_) => Ok(Vec::new()),
        })
    }

    /// Lets just these groups see a note; none: nobody but its author. Who has seen it has seen it.
    ///
    /// # Errors
    /// `share.paper` if somebody of a group may not see the paper: its words would reach him with the note.
    pub fn share_note(&self, body: BodyId, id: &str, with: &[SpaceOwner]) -> Result<()> {
        self.with(body, |vault, body| {
            let (state, member) = (body.state()?, body.member()?);
            let note = notes::own_note(vault, body, id)?;
            for group in with {
                if !group.takes_notes() || !group.has(state, member) {
                    return Err(Error::new("space.owner"));
                }
                if !all_see(state, *group, note.mark.paper) {
                    return Err(Error::new("share.paper"));
                }
            }
            Ok(())
        })?;
        let fields = BTreeMap::from([(SHARED.to_owned(), with.iter().map(ToString::to_string).collect())]);
        self.write_space(body, Write { object: id.to_owned(), fields, over: Vec::new() })?;
        self.publish_copies(body, id)
    }

    /// Notes that others share with this person, one of a group or all; on one paper or on all.
    pub fn shared_notes(&self, body: BodyId, paper: Option<PaperId>) -> Result<Vec<SharedNote>> {
        self.with(body, |vault, body| {
            let Ok(member) = body.member() else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for group in note_groups(body.state()?, member) {
                let Some(space) = group.shared_id(body.row.body) else { continue };
                for (id, object) in rows::objects_named(vault, body.row.id, space, COPY)? {
                    let by = author_of(&id).filter(|by| *by != member);
                    let note = by.and_then(|by| Some((by, read_copy(&id, &object)?)));
                    found.extend(note.map(|(by, note)| SharedNote { note, by, group }));
                }
            }
            found.retain(|found| paper.is_none_or(|paper| found.note.mark.paper == paper));
            // In two groups with the same person: once.
            found.sort_by(|a, b| a.note.id.cmp(&b.note.id));
            found.dedup_by(|b, a| a.note.id == b.note.id && a.by == b.by);
            Ok(found)
        })
    }

    /// Brings the copies of an own note to what it is now.
    pub(super) fn publish_copies(&self, body: BodyId, id: &str) -> Result<()> {
        for (group, fields) in self.with(body, |vault, body| unpublished(vault, body, id))? {
            let object = self.with(body, |_, body| Ok(copy_id(body.member()?, id)))?;
            self.write_shared(body, group, Write { object, fields, over: Vec::new() })?;
        }
        Ok(())
    }

    /// The same for all notes, if another device may have changed some.
    pub(super) fn publish_notes(&self, body: BodyId) -> Result<()> {
        let ids = self.with(body, |vault, body| {
            let due = body.republish && body.is_pending().is_ok_and(|pending| !pending);
            if due { rows::objects_with(vault, body.row.id, SHARED) } else { Ok(Vec::new()) }
        })?;
        for id in ids {
            self.publish_copies(body, &id)?;
        }
        self.core().parts(body)?.1.republish = false;
        Ok(())
    }
}

/// The groups that a person may share notes with.
pub(crate) fn note_groups(state: &State, member: MemberId) -> Vec<SpaceOwner> {
    SpaceOwner::shared_by(state, member).into_iter().filter(SpaceOwner::takes_notes).collect()
}

/// Whose a copy is, by its id; none of what belongs to all who share the space.
pub(super) fn author_of(object: &str) -> Option<MemberId> {
    // An id that names nobody is nobody's.
    const NOBODY: MemberId = MemberId([0; 16]);
    let rest = object.strip_prefix(COPY)?;
    Some(rest.split_once(':').and_then(|(author, _)| author.parse().ok()).unwrap_or(NOBODY))
}

fn copy_id(author: MemberId, note: &str) -> String {
    format!("{COPY}{author}:{note}")
}

/// With whom an own note is shared, as far as he still belongs to them.
pub(super) fn groups_of(state: &State, member: MemberId, object: &Object) -> Vec<SpaceOwner> {
    let named = object.field(SHARED).and_then(Value::as_array).into_iter().flatten();
    let groups = named.filter_map(|group| group.as_str()?.parse().ok());
    groups.filter(|group: &SpaceOwner| group.has(state, member)).collect()
}

/// Whether everybody of a group may see a paper.
fn all_see(state: &State, group: SpaceOwner, paper: PaperId) -> bool {
    let Some(paper) = state.papers.get(&paper) else { return false };
    let sees = |person| Viewer(Holder::Member(person)).sees(&paper.audience, state);
    group.persons(state).into_iter().all(sees)
}

/// What is to be written to which group, so that its copy of a note is as it should be.
fn unpublished(vault: &Vault, body: &Body, id: &str) -> Result<Vec<(SpaceOwner, BTreeMap<String, Value>)>> {
    let (state, member, row) = (body.state()?, body.member()?, body.row.id);
    let Some((own, ..)) = rows::own_space(vault, row)? else { return Ok(Vec::new()) };
    let object = rows::object(vault, row, own, id)?;
    if object.field(SHARED).is_none() {
        return Ok(Vec::new());
    }
    let named = groups_of(state, member, &object);
    let whole = notes::shown(id, &object).map(|note| copy_of(&note, &object)).unwrap_or_default();
    let mut due = Vec::new();
    for group in note_groups(state, member) {
        let Some(space) = group.shared_id(body.row.body) else { continue };
        if !named.contains(&group) && planted("share.taken_back_stays") {
            continue;
        }
        let copy = rows::object(vault, row, space, &copy_id(member, id))?;
        let mut fields = if named.contains(&group) { whole.clone() } else { BTreeMap::new() };
        let gone = copy.fields().filter(|(name, _)| !fields.contains_key(*name));
        let gone: Vec<_> = gone.map(|(name, _)| (name.to_owned(), Value::Null)).collect();
        fields.retain(|name, value| copy.field(name) != Some(value));
        fields.extend(gone);
        if !fields.is_empty() {
            due.push((group, fields));
        }
    }
    Ok(due)
}

/// A note as others see it: each field is written only when it has changed.
fn copy_of(note: &Note, object: &Object) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::from([(notes::MARK.to_owned(), json!(note.mark))]);
    let texts: Vec<&String> = note.texts.iter().filter(|text| !text.is_empty()).collect();
    if !texts.is_empty() {
        fields.insert(TEXTS.to_owned(), json!(texts));
    }
    fields.extend(object.strokes().map(|(id, stroke)| (format!("{STROKE}{id}"), stroke.clone())));
    fields
}

fn read_copy(id: &str, object: &Object) -> Option<Note> {
    let own = id.rsplit_once(':')?.1;
    let note = notes::shown(own, object)?;
    let texts = object.field(TEXTS).and_then(Value::as_array).into_iter().flatten();
    let texts = texts.filter_map(|text| text.as_str().map(str::to_owned)).collect();
    Some(Note { texts, ..note })
}

/// The space of a group, if this person belongs to it.
pub(super) fn space_of(body: &Body, group: SpaceOwner) -> Result<SpaceId> {
    let belongs = group.has(body.state()?, body.member()?);
    group.shared_id(body.row.body).filter(|_| belongs).ok_or(Error::new("space.owner"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spaces::fold::Operation;
    use crate::spaces::{Mark, Stroke};
    use ecabinet_domain::{DeviceId, PaperId, Rev, RevId};

    #[test]
    fn a_copy_says_whose_it_is_and_what_belongs_to_all_is_nobodys() {
        let author = MemberId([7; 16]);
        assert_eq!(author_of(&copy_id(author, "n1")), Some(author));
        assert_eq!(author_of("brief:x:summary"), None);
        for odd in ["note:", "note:x", "note:zz:n1"] {
            assert_eq!(author_of(odd), Some(MemberId([0; 16])), "{odd}");
        }
    }

    #[test]
    fn what_others_see_is_the_note_in_whatever_order_its_changes_come() {
        let rev = Rev { paper: PaperId([1; 16]), rev: RevId([2; 16]) };
        let device = DeviceId([1; 32]);
        let write = |at: u64, fields: BTreeMap<String, Value>| Operation {
            object: copy_id(MemberId([7; 16]), "n1"),
            at: (at, 0),
            fields,
            over: Vec::new(),
        };
        let stroke = |x: f32| Stroke {
            width: 1.0,
            points: vec![crate::spaces::InkPoint { x, y: 1.0, pressure: 0.5 }],
        };
        let own = |texts: &[&str], strokes: &[f32]| {
            let mut object = Object::default();
            let mut fields = BTreeMap::from([(notes::MARK.to_owned(), json!(Mark::note(rev, 3)))]);
            fields.extend(strokes.iter().map(|x| (format!("{STROKE}{x}"), stroke(*x).kept())));
            object.apply(&write(1, fields), device);
            let texts = texts.iter().map(|text| (*text).to_owned()).collect();
            (Note { texts, ..notes::shown("n1", &object).expect("a note") }, object)
        };
        let (first, one) = own(&["một"], &[1.0, 2.0]);
        let (second, two) = own(&["hai", "ba"], &[2.0, 3.0]);
        let mut later = copy_of(&second, &two);
        later.insert(format!("{STROKE}1"), Value::Null);
        let both = [write(1, copy_of(&first, &one)), write(2, later)];
        let folded = |order: [usize; 2]| {
            let mut copy = Object::default();
            order.iter().for_each(|at| copy.apply(&both[*at], device));
            read_copy(&both[0].object, &copy).expect("a note")
        };
        assert_eq!(folded([0, 1]), folded([1, 0]));
        let seen = folded([0, 1]);
        assert_eq!((&seen.texts, &seen.strokes, &seen.mark), (&second.texts, &second.strokes, &second.mark));
        assert_eq!(seen.id, "n1");
    }
}
