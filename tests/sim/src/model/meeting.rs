//! What is before the body, and who is there.

use super::line::{Line, need, text};
use super::people::People;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Default)]
pub struct Meetings {
    /// Item → meeting.
    items: BTreeMap<String, String>,
    agendas: BTreeMap<String, Vec<(String, Value)>>,
    versions: BTreeMap<String, u64>,
    /// By meeting and member.
    attendance: BTreeMap<(String, String), String>,
    pub claims: BTreeMap<(String, String), String>,
}

static NONE: Value = Value::Array(Vec::new());

impl Meetings {
    pub fn take(&mut self, line: &Line, people: &People) -> Result<(), String> {
        let (meeting, member) = (line.text("meeting"), line.text("member"));
        match line.kind.as_str() {
            "item.set" => {
                self.items.insert(line.text("item"), meeting);
            }
            "meeting.publish" => {
                let version = self.versions.entry(meeting.clone()).or_default();
                *version += 1;
                need(
                    line.number("version") == *version,
                    "a version of a meeting is left out or comes twice",
                )?;
                let places = line.data["agenda"].as_array().cloned().unwrap_or_default();
                let places = places.iter().map(|place| (text(&place["item"]), place["papers"].clone()));
                self.agendas.insert(meeting, places.collect());
            }
            "attendance.set" => {
                need(self.is_known(&meeting) && people.votes(&member), "nobody's attendance is set")?;
                self.attendance.insert((meeting, member), line.text("state"));
            }
            "attendance.claim" => {
                let author = people.holder(&line.device).unwrap_or_default().to_owned();
                need(self.is_known(&meeting) && people.votes(&author), "nobody's attendance is claimed")?;
                self.claims.insert((meeting, author), line.text("state"));
            }
            _ => {}
        }
        Ok(())
    }

    pub fn is_known(&self, meeting: &str) -> bool {
        self.items.values().any(|of| of == meeting) || self.versions.contains_key(meeting)
    }

    pub fn of(&self, item: &str) -> Option<&str> {
        self.items.get(item).map(String::as_str)
    }

    /// Its papers' revisions as they are now; none if it has no place on an agenda.
    fn place(&self, item: &str) -> Option<&Value> {
        let places = self.agendas.get(self.of(item)?)?;
        places.iter().find(|(id, _)| id == item).map(|(_, revs)| revs)
    }

    pub fn items(&self) -> impl Iterator<Item = &String> {
        self.items.keys()
    }

    pub fn is_placed(&self, item: &str) -> bool {
        self.place(item).is_some()
    }

    pub fn revs(&self, item: &str) -> &Value {
        self.place(item).unwrap_or(&NONE)
    }

    pub fn presence(&self, meeting: Option<&str>, member: &str) -> &str {
        let at = meeting.map(|meeting| (meeting.to_owned(), member.to_owned()));
        at.and_then(|at| self.attendance.get(&at)).map_or("", String::as_str)
    }
}
