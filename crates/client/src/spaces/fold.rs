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
    /// Texts that the writer saw and wrote over, or removed.
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
    /// Texts that a removal had seen: one written meanwhile keeps the object.
    removed_over: BTreeSet<Stamp>,
}

pub const TEXT: &str = "text";
pub const REMOVED: &str = "removed";

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

    /// Texts, the latest first; more than one where they were written apart.
    pub fn texts(&self) -> Vec<(&Stamp, &str)> {
        let mut texts: Vec<_> = self.texts.values().map(|(stamp, text)| (stamp, text.as_str())).collect();
        texts.sort_by(|a, b| b.0.cmp(a.0));
        texts
    }

    pub fn is_removed(&self) -> bool {
        let asked = self.field(REMOVED) == Some(&Value::Bool(true));
        asked && self.texts.values().all(|(stamp, _)| self.removed_over.contains(stamp))
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
}
