//! The reference model: what is true, told from the record's headers as plain JSON, from what was said with them, and from
//! what was answered to people. It shares no code with the rules that it holds to account.

mod count;
mod debate;
mod line;
mod meeting;
mod notes;
mod people;
mod poll;
mod truth;

pub use line::Line;
pub use notes::{Notes, Write};
pub use people::Standing;
pub use poll::End;
pub use truth::Truth;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was promised to people, and what is in the record.
#[derive(Clone, Default)]
pub struct Model {
    pub lines: Vec<Arc<Line>>,
    pub leaves: Vec<Arc<Vec<u8>>>,
    pub truth: Arc<Truth>,
    /// After each entry.
    truths: Vec<Arc<Truth>>,
    pub notes: Notes,
    /// Acts that a machine said are kept.
    pub acts: BTreeMap<usize, BTreeSet<String>>,
    /// How far each act was shown to have come: by machine and statement.
    shown: BTreeMap<(usize, String), u8>,
    /// Positions of statements.
    pub places: BTreeMap<String, usize>,
    roots: BTreeMap<u64, String>,
    tree: ecabinet_record::Tree,
    /// What each ballot, hand and position says.
    says: BTreeMap<String, Arc<Value>>,
}

impl Model {
    /// The record grows, and only that.
    pub fn grow(&mut self, leaf: Vec<u8>) -> Result<(), String> {
        let line = Line::read(&leaf);
        let taken = Arc::make_mut(&mut self.truth).take(&line);
        taken.map_err(|wrong| format!("{} is in the record: {wrong}", line.kind))?;
        if self.places.insert(line.id.clone(), self.lines.len()).is_some() {
            return Err(format!("statement {:.8} is in the record twice", line.id));
        }
        self.lines.push(Arc::new(line));
        self.truths.push(self.truth.clone());
        self.tree.push(ecabinet_record::leaf::hash(&leaf));
        self.leaves.push(Arc::new(leaf));
        Ok(())
    }

    /// Whether what an entry says is counted.
    pub fn counts(line: &Line) -> bool {
        matches!(line.kind.as_str(), "ballot.cast" | "hands.enter" | "position.state")
    }

    pub fn hear(&mut self, statement: &str, says: &[u8]) {
        let says = serde_json::from_slice(says).expect("what a program says");
        self.says.insert(statement.to_owned(), Arc::new(says));
    }

    /// The same as another has heard.
    pub fn hear_what(&mut self, other: &Model) {
        self.says = other.says.clone();
    }

    pub fn says(&self, statement: &str) -> Option<&Value> {
        self.says.get(statement).map(|says| &**says)
    }

    /// The server refused a statement on top of so many entries, at a time.
    pub fn refused(&self, header: &[u8], code: &str, size: usize, time: u64) -> Result<(), String> {
        let last = size.checked_sub(1).map_or(0, |last| self.lines[last].time);
        let line = Line::of(header, time.max(last));
        // What its author had seen is not the model's matter.
        if code.starts_with("seen.") || !Truth::judges(&line.kind) {
            return Ok(());
        }
        match Truth::clone(&self.at(size)).take(&line) {
            Ok(()) => Err(format!("{} {:.8} is refused ({code}) and might stand", line.kind, line.id)),
            Err(_) => Ok(()),
        }
    }

    /// The root of the first entries, in hex; none if there are not so many.
    pub fn root(&self, size: usize) -> Option<String> {
        self.tree.root_at(size as u64).map(|root| root.to_string())
    }

    /// The device that confirmed another.
    pub fn confirmed_by(&self, device: &str) -> Option<&str> {
        let confirms = |line: &&Arc<Line>| line.kind == "device.confirm" && line.data["device"] == device;
        self.lines.iter().find(confirms).map(|line| line.device.as_str())
    }

    /// The truth after so many entries.
    pub fn at(&self, size: usize) -> Arc<Truth> {
        size.checked_sub(1).map(|last| self.truths[last].clone()).unwrap_or_default()
    }

    /// Whether a device belonged to a group after each number of entries from one to the other.
    pub fn shared_throughout(&self, group: &str, device: &str, from: usize, to: usize) -> bool {
        let truths = &self.truths[from.saturating_sub(1)..to];
        truths.iter().all(|truth| truth.people.shares(group, device))
    }

    /// After how many entries a device has left a group to which it does not belong now.
    pub fn left(&self, group: &str, device: &str) -> Option<usize> {
        let last = self.truths.iter().rposition(|truth| truth.people.shares(group, device))?;
        (last + 1 < self.truths.len()).then_some(last + 2)
    }

    /// At which entry, of so many, somebody or a device last left a group.
    pub fn last_left(&self, group: &str, size: usize) -> Option<usize> {
        let shares = |at: usize, device: &String| self.truths[at].people.shares(group, device);
        (1..size).rev().find(|at| {
            let devices = &self.truths[*at].people.devices;
            devices.keys().any(|device| shares(at - 1, device) && !shares(*at, device))
        })
    }

    /// A checkpoint that the server signed: one root for one size, and nothing beyond the durable record.
    pub fn note_checkpoint(&mut self, note: &str) -> Result<(), String> {
        let mut lines = note.lines().skip(1);
        let (Some(size), Some(root)) = (lines.next(), lines.next()) else {
            return Err("no checkpoint".into());
        };
        let size: u64 = size.parse().map_err(|_| "no size")?;
        if size as usize > self.lines.len() {
            return Err(format!("a checkpoint of {size} for a durable record of {}", self.lines.len()));
        }
        match self.roots.insert(size, root.to_owned()) {
            Some(former) if former != root => Err(format!("two roots for size {size}")),
            _ => Ok(()),
        }
    }

    /// An act as a screen shows it, on a device that has the record up to `size`.
    pub fn check_act(
        &mut self,
        machine: usize,
        act: &Shown,
        size: usize,
        truth: &Truth,
    ) -> Result<(), String> {
        let id = &act.id;
        let place = self.places.get(id).copied();
        let rank = match act.state.as_str() {
            "saved" | "refused" => 0,
            "received" => 1,
            _ => 2,
        };
        let before = self.shown.insert((machine, id.clone()), rank).unwrap_or(0);
        if before == 2 && rank < 2 {
            return Err(format!("{} {id:.8} was recorded and is shown as {}", act.kind, act.state));
        }
        match (rank, place) {
            (0, _) => return Ok(()),
            (_, None) => {
                return Err(format!(
                    "{} {id:.8} is shown as {} and is not in the record",
                    act.kind, act.state
                ));
            }
            (2, Some(place)) if place >= size => {
                return Err(format!(
                    "{} {id:.8} is shown as {} before its entry is here",
                    act.kind, act.state
                ));
            }
            _ => {}
        }
        let fate = act.poll.as_ref().and_then(|poll| truth.fate(poll, id)).unwrap_or("recorded");
        if rank == 2 && act.state != fate {
            return Err(format!("ballot {id:.8} is shown as {} and is {fate}", act.state));
        }
        Ok(())
    }
}

/// An act as a screen shows it.
pub struct Shown {
    pub id: String,
    pub kind: &'static str,
    pub state: String,
    /// Of a ballot.
    pub poll: Option<String>,
}
