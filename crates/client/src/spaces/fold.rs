//! Merging: pure, and the same whatever the order in which operations arrive.

use ecabinet_domain::DeviceId;
use ecabinet_domain::planted::planted;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// When and where a write was made: hybrid clock (ms, counter), device.
pub type Stamp = (u64, u32, DeviceId);

/// The plaintext of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    pub object: String,
    pub at: (u64, u32),
    pub fields: BTreeMap<String, Value>,
    /// Texts that the writer saw and wrote over; texts and strokes that he saw and removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<Stamp>,
}

/// An object: each field is the last writer's, but texts written apart are all kept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Object {
    fields: BTreeMap<String, (Stamp, Value)>,
    /// Texts that no other write has seen and replaced.
    texts: BTreeMap<String, (Stamp, String)>,
    replaced: BTreeSet<Stamp>,
    /// Texts and strokes that a removal had seen: one written meanwhile keeps the object.
    removed_over: BTreeSet<Stamp>,
}

pub const TEXT: &str = "text";
pub const REMOVED: &str = "removed";
/// Before a stroke's id: each is a field of its own; one that is erased is kept within it, to be brought back as it was.
pub const STROKE: &str = "stroke:";

const ERASED: &str = "erased";

/// A stroke that is not there any more.
pub fn erase(stroke: &Value) -> Value {
    serde_json::json!({ ERASED: stroke })
}

/// What was erased, if it was.
pub fn erased(field: &Value) -> Option<&Value> {
    field.get(ERASED)
}

impl Object {
    pub fn apply(&mut self, operation: &Operation, device: DeviceId) {
        let stamp = (operation.at.0, operation.at.1, device);
        for (name, value) in &operation.fields {
            if name == TEXT {
                self.replaced.extend(operation.over.iter().copied().filter(|over| *over != stamp));
                if planted("notes.over_unseen") {
                    self.texts.clear();
                }
                let text = value.as_str().unwrap_or_default().to_owned();
                self.texts.insert(key(&stamp), (stamp, text));
                continue;
            }
            if name == REMOVED && value == &Value::Bool(true) {
                self.removed_over.extend(&operation.over);
            }
            let newer = self.fields.get(name).is_none_or(|(known, _)| *known < stamp);
            if newer {
                self.fields.insert(name.clone(), (stamp, value.clone()));
            }
        }
        self.texts.retain(|_, (stamp, _)| !self.replaced.contains(stamp));
    }

    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).map(|(_, value)| value)
    }

    /// When and where a field was last written.
    pub fn stamp(&self, name: &str) -> Option<&Stamp> {
        self.fields.get(name).map(|(stamp, _)| stamp)
    }

    /// Fields that say something, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        let said = self.fields.iter().filter(|(_, (_, value))| !value.is_null());
        said.map(|(name, (_, value))| (name.as_str(), value))
    }

    /// Texts, the latest first; more than one where they were written apart.
    pub fn texts(&self) -> Vec<(&Stamp, &str)> {
        let mut texts: Vec<_> = self.texts.values().map(|(stamp, text)| (stamp, text.as_str())).collect();
        texts.sort_by(|a, b| b.0.cmp(a.0));
        texts
    }

    /// Ids of its strokes, and what is kept of each.
    pub fn strokes(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.drawn().map(|(id, (_, value))| (id, value))
    }

    /// All that a removal must have seen: each text, each stroke.
    pub fn contents(&self) -> Vec<Stamp> {
        let texts = self.texts.values().map(|(stamp, _)| *stamp);
        texts.chain(self.drawn().map(|(_, (stamp, _))| *stamp)).collect()
    }

    pub fn is_removed(&self) -> bool {
        let asked = self.field(REMOVED) == Some(&Value::Bool(true));
        asked && self.contents().iter().all(|stamp| self.removed_over.contains(stamp))
    }

    fn drawn(&self) -> impl Iterator<Item = (&str, &(Stamp, Value))> {
        let strokes =
            self.fields.iter().filter(|(_, (_, value))| !value.is_null() && erased(value).is_none());
        strokes.filter_map(|(name, field)| Some((name.strip_prefix(STROKE)?, field)))
    }

    /// When any field or text was last written, in ms since 1970 by the writer's clock.
    pub fn changed_at(&self) -> u64 {
        let fields = self.fields.values().map(|(stamp, _)| stamp.0);
        fields.chain(self.texts.values().map(|(stamp, _)| stamp.0)).max().unwrap_or_default()
    }
}

fn key(stamp: &Stamp) -> String {
    format!("{:016x}.{:08x}.{}", stamp.0, stamp.1, stamp.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: u64, fields: &[(&str, Value)], over: &[Stamp]) -> Operation {
        let fields = fields.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        Operation { object: "a".into(), at: (at, 0), fields, over: over.to_vec() }
    }

    fn in_every_order(operations: &[(Operation, DeviceId)], check: impl Fn(&Object)) {
        fn permute(done: &mut Vec<usize>, all: usize, visit: &mut impl FnMut(&[usize])) {
            if done.len() == all {
                return visit(done);
            }
            for next in 0..all {
                if !done.contains(&next) {
                    done.push(next);
                    permute(done, all, visit);
                    done.pop();
                }
            }
        }
        let mut outcomes: Vec<Object> = Vec::new();
        permute(&mut Vec::new(), operations.len(), &mut |order| {
            let mut object = Object::default();
            // Each twice: an operation that arrives again changes nothing.
            for at in order.iter().chain(order) {
                object.apply(&operations[*at].0, operations[*at].1);
            }
            check(&object);
            outcomes.push(object);
        });
        assert!(outcomes.windows(2).all(|two| two[0] == two[1]));
    }

    const A: DeviceId = DeviceId([1; 32]);
    const B: DeviceId = DeviceId([2; 32]);

    #[test]
    fn the_last_writer_wins_a_field_and_texts_written_apart_are_both_kept() {
        let first = (1, 0, A);
        let operations = [
            (write(1, &[("text", "một".into()), ("colour", "yellow".into())], &[]), A),
            (write(2, &[("text", "hai".into())], &[first]), A),
            (write(3, &[("text", "ba".into()), ("colour", "blue".into())], &[first]), B),
        ];
        in_every_order(&operations, |object| {
            let texts: Vec<_> = object.texts().into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, ["ba", "hai"]);
            assert_eq!(object.field("colour"), Some(&"blue".into()));
        });
    }

    #[test]
    fn a_text_written_while_another_device_removed_the_note_keeps_it() {
        let first = (1, 0, A);
        let removal = (write(5, &[("removed", true.into())], &[first]), B);
        let seen = [(write(1, &[("text", "một".into())], &[]), A), removal.clone()];
        in_every_order(&seen, |object| assert!(object.is_removed()));
        let apart = [seen[0].clone(), removal, (write(2, &[("text", "hai".into())], &[first]), A)];
        in_every_order(&apart, |object| {
            assert!(!object.is_removed());
            assert_eq!(object.texts()[0].1, "hai");
        });
    }

    #[test]
    fn strokes_drawn_and_erased_apart_are_all_there_and_one_drawn_meanwhile_keeps_the_ink() {
        let drawn = |id: &str, at| write(at, &[(id, at.into())], &[]);
        let operations = [
            (drawn("stroke:a", 1), A),
            (drawn("stroke:b", 2), A),
            (drawn("stroke:c", 3), B),
            (write(4, &[("stroke:a", Value::Null)], &[]), B),
        ];
        in_every_order(&operations, |object| {
            let strokes: Vec<_> = object.strokes().map(|(id, _)| id).collect();
            assert_eq!(strokes, ["b", "c"]);
        });
        let seen = [(1, 0, A), (2, 0, A)];
        let removal = (write(5, &[("removed", true.into())], &seen), A);
        let gone = [operations[0].clone(), operations[1].clone(), removal.clone()];
        in_every_order(&gone, |object| assert!(object.is_removed()));
        let apart = [operations[0].clone(), operations[1].clone(), removal, operations[2].clone()];
        in_every_order(&apart, |object| assert!(!object.is_removed()));
    }

    #[test]
    fn what_was_taken_away_comes_back_as_it_was_and_the_last_word_counts() {
        let first = (1, 0, A);
        let operations = [
            (write(1, &[("text", "một".into()), ("stroke:a", 1.into())], &[]), A),
            (write(2, &[("removed", true.into())], &[first]), A),
            (write(3, &[("removed", false.into())], &[]), A),
            (write(3, &[("colour", "blue".into())], &[]), B),
        ];
        in_every_order(&operations, |object| {
            assert!(!object.is_removed());
            assert_eq!((object.texts()[0].1, object.strokes().count()), ("một", 1));
        });
        let again = [
            operations[0].clone(),
            operations[1].clone(),
            operations[2].clone(),
            (write(4, &[("removed", true.into())], &[first]), B),
        ];
        in_every_order(&again, |object| assert!(object.is_removed()));
    }
}
