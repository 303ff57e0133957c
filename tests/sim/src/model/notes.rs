//! What was written to spaces: to a member's own notes, and to what is shared.

use std::collections::BTreeSet;

/// A text written to an object of a space, or its removal.
#[derive(Clone)]
pub struct Write {
    pub machine: usize,
    pub device: String,
    /// The group that shares the space; none: it is the member's own.
    pub group: Option<String>,
    pub object: String,
    pub text: Option<String>,
    /// Texts that the writer had before him.
    pub over: Vec<String>,
    /// Whether he was told that it is kept.
    pub sure: bool,
    /// Entries of the whole record then, and of the writer's.
    pub then: usize,
    pub seen: usize,
    /// The server has it.
    pub sent: bool,
}

/// No text is ever written twice.
#[derive(Clone, Default)]
pub struct Notes(Vec<Write>);

impl Notes {
    pub fn add(&mut self, write: Write) {
        self.0.push(write);
    }

    /// A machine has nothing of a space to send any more.
    pub fn sent(&mut self, machine: usize, group: &str) {
        let its = |write: &&mut Write| write.machine == machine && write.group.as_deref() == Some(group);
        self.0.iter_mut().filter(its).for_each(|write| write.sent = true);
    }

    pub fn of_group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Write> {
        self.0.iter().filter(move |write| write.group.as_deref() == Some(group))
    }

    /// Whether somebody who had a text before him may have written another over it.
    pub fn is_over(&self, text: &str) -> bool {
        self.0.iter().any(|write| write.over.iter().any(|over| over == text))
    }

    /// When a text was written on another device, as a number of entries.
    pub fn written_elsewhere(&self, text: &str, device: &str) -> Option<usize> {
        let write = self.0.iter().find(|write| write.text.as_deref() == Some(text))?;
        (write.device != device).then_some(write.then)
    }

    /// Whether a machine has told that something is kept in a shared space, of which it is not known whether it was sent.
    pub fn owes(&self, machine: usize) -> bool {
        self.0.iter().any(|write| write.machine == machine && write.group.is_some() && !write.sent)
    }

    /// Own notes that a member's devices must show, and those that they may not, once all of these machines have met.
    pub fn texts(&self, machines: &[usize]) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let his = |write: &&Write| write.group.is_none() && machines.contains(&write.machine) && write.sure;
        let must = self.0.iter().filter(his).filter_map(|write| write.text.as_deref());
        let rewritten = self.0.iter().filter(his).filter(|write| write.text.is_some());
        (
            must.filter(|text| !self.is_over(text)).collect(),
            rewritten.flat_map(|write| &write.over).map(String::as_str).collect(),
        )
    }
}
