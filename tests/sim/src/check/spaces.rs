//! What must hold of spaces: a member's own, and those that are shared.

use super::Told;
use crate::story::Story;
use crate::world::Role;
use ecabinet_client::Client;
use std::collections::BTreeSet;

impl Story {
    /// What was written here is here, unless it was written over.
    pub(super) fn check_own_notes(&self, at: usize, client: &Client) -> Told {
        let (must, _) = self.world.model.notes.texts(&[at]);
        if must.is_empty() {
            return Ok(());
        }
        let notes = client.notes(self.world.body(), None).map_err(|error| error.0.to_string())?;
        let here: BTreeSet<&str> = notes.iter().flat_map(|note| &note.texts).map(String::as_str).collect();
        match must.difference(&here).next() {
            Some(lost) => Err(format!("the note {lost:?} was kept and is gone")),
            None => Ok(()),
        }
    }

    /// A member's notes are the same on all of his devices, and none is lost.
    pub(super) fn check_notes(&mut self, member: usize, active: &[usize]) -> Told {
        let his = active.iter().copied();
        let his = his.filter(|at| self.world.machines[*at].role == Role::Person(member)).collect::<Vec<_>>();
        let body = self.world.body();
        let mut first: Option<Vec<(String, Vec<String>)>> = None;
        let mut keyed = Vec::new();
        for at in his {
            let name = &self.world.machines[at].name;
            let client = self.world.machines[at].client.as_ref().ok_or(format!("{name} is not open"))?;
            if !client.has_notes_key(body).map_err(|error| error.0.to_string())? {
                if self.was_handed_over(at) {
                    return Err(format!("{name} was confirmed and has no key to the notes"));
                }
                continue;
            }
            keyed.push(at);
            let notes = client.notes(body, None).map_err(|error| error.0.to_string())?;
            let notes: Vec<_> = notes.into_iter().map(|note| (note.id, note.texts)).collect();
            if first.as_ref().is_some_and(|first| *first != notes) {
                return Err(format!("{name} shows other notes than the member's first device"));
            }
            first = Some(notes);
        }
        let (must, gone) = self.world.model.notes.texts(&keyed);
        let shown = first.unwrap_or_default();
        let shown: BTreeSet<&str> = shown.iter().flat_map(|(_, texts)| texts).map(String::as_str).collect();
        if let Some(lost) = must.difference(&shown).next() {
            return Err(format!("the note {lost:?} of member {member} is lost"));
        }
        match gone.intersection(&shown).next() {
            Some(back) => Err(format!("the note {back:?} of member {member} was written over and is shown")),
            None => Ok(()),
        }
    }

    /// Whether a device that can still hand over the key has confirmed this one.
    fn was_handed_over(&self, at: usize) -> bool {
        let model = &self.world.model;
        let device = self.world.machines[at].device.as_deref().expect("joined");
        let Some(by) = model.confirmed_by(device) else { return false };
        let keyed = |machine: &crate::world::Machine| {
            let client = machine.client.as_ref();
            machine.device.as_deref() == Some(by)
                && client.is_some_and(|client| client.has_notes_key(self.world.body()).unwrap_or(false))
        };
        model.truth.people.acts(by) && self.world.machines.iter().any(keyed)
    }
}
