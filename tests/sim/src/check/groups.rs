//! What must hold of shared spaces: nothing that was kept is lost, who left reads nothing that is written later, and all who
//! belong see the same.

use super::Told;
use crate::model::Write;
use crate::story::Story;
use crate::world::Wrong;
use ecabinet_client::{Client, Error, Note};
use std::collections::{BTreeMap, BTreeSet};

/// What a group has written together: by brief or draft, its texts.
type Team = BTreeMap<String, Vec<String>>;
/// Shared notes by author and id: their texts.
type Copies = BTreeMap<(String, String), Vec<String>>;
/// Own notes by id: their texts, and the groups with which they are shared.
type Own = BTreeMap<String, (Vec<String>, Vec<String>)>;

impl Story {
    /// On one device, at any time.
    pub(super) fn check_shared_notes(&mut self, at: usize, client: &Client, size: usize) -> Told {
        let Some(device) = self.world.machines[at].device.clone() else { return Ok(()) };
        if !self.world.machines[at].is_person() {
            return Ok(());
        }
        self.note_sent(at, client)?;
        let model = &self.world.model;
        for group in model.truth.people.groups() {
            let team = self.team(client, &group)?;
            let here: BTreeSet<&str> = team.values().flatten().map(String::as_str).collect();
            let own = model.notes.of_group(&group).filter(|write| write.device == device && write.sure);
            let lost = own.filter_map(|write| Some((write, write.text.as_deref()?))).find(|(write, text)| {
                let stayed = model.shared_throughout(&group, &device, write.seen, size);
                stayed && !here.contains(text) && !model.notes.is_over(text)
            });
            if let Some((_, lost)) = lost {
                return Err(format!("{lost:?} was kept for {group:.14} and is gone"));
            }
            let Some(left) = model.left(&group, &device) else { continue };
            if let Some(text) =
                here.iter().find(|text| model.notes.written_elsewhere(text, &device) >= Some(left))
            {
                return Err(format!("{text:?} was written after it had left {group:.14}"));
            }
        }
        for shared in client.shared_notes(self.world.body(), None).map_err(wrong)? {
            let left = model.left(&shared.group.to_string(), &device);
            let later = |text: &&String| {
                left.is_some_and(|left| model.notes.written_elsewhere(text, &device) >= Some(left))
            };
            if let Some(text) = shared.note.texts.iter().find(later) {
                return Err(format!(
                    "the note {text:?} was written after it had left {:.14}",
                    shared.group.to_string()
                ));
            }
        }
        Ok(())
    }

    fn note_sent(&mut self, at: usize, client: &Client) -> Told {
        if self.world.model.notes.owes(at) {
            for space in client.spaces(self.world.body()).map_err(wrong)? {
                if space.unsent == 0 {
                    self.world.model.notes.sent(at, &space.owner);
                }
            }
        }
        Ok(())
    }

    /// In the end, on all devices of those who belong.
    pub(super) fn check_groups(&self, active: &[usize]) -> Told {
        let model = &self.world.model;
        for group in model.truth.people.groups() {
            let belongs = |at: &&usize| {
                let device = self.world.machines[**at].device.as_deref();
                device.is_some_and(|device| model.truth.people.shares(&group, device))
            };
            let here: Vec<usize> = active.iter().filter(belongs).copied().collect();
            let mut first: Option<Team> = None;
            for at in &here {
                let (client, name) = self.client_of(*at)?;
                let team = self.team(client, &group)?;
                if first.as_ref().is_some_and(|first| *first != team) {
                    return Err(format!("{name} shows {team:?} of {group:.14}, another {first:?}"));
                }
                first = Some(team);
            }
            let Some(shown) = first else { continue };
            let shown: BTreeSet<&str> = shown.values().flatten().map(String::as_str).collect();
            for write in model.notes.of_group(&group).filter(|write| self.has_come(write, &group, &here)) {
                let lost =
                    write.text.as_deref().filter(|text| !shown.contains(text) && !model.notes.is_over(text));
                if let Some(lost) = lost {
                    return Err(format!("{lost:?} in {group:.14} is lost"));
                }
                if let Some(back) = write.over.iter().find(|over| shown.contains(over.as_str())) {
                    return Err(format!("{back:?} in {group:.14} was written over and is shown"));
                }
            }
        }
        self.check_copies(active)
    }

    /// Whether all of these devices must have what was written: its author has belonged to the group ever since and is here, or
    /// the server has it and somebody else was there to whom he gave the key.
    fn has_come(&self, write: &Write, group: &str, here: &[usize]) -> bool {
        let (model, machines) = (&self.world.model, &self.world.machines);
        let size = model.lines.len();
        let stayed = |device: &str| model.shared_throughout(group, device, write.seen.min(write.then), size);
        write.sure
            && here
                .iter()
                .filter_map(|at| machines[*at].device.as_deref())
                .any(|device| (device == write.device || write.sent) && stayed(device))
    }

    /// Whoever belongs to a group with somebody sees just the notes that he shares with it, as they are. Of who has left a group
    /// all see the same.
    fn check_copies(&self, active: &[usize]) -> Told {
        let model = &self.world.model;
        let mut seen = Vec::new();
        for reader in active {
            seen.push((self.person_of(*reader), self.copies(*reader)?));
        }
        for author in active {
            let (Some(device), name) = (self.person_of(*author), &self.world.machines[*author].name) else {
                continue;
            };
            let Some(own) = self.own_notes(*author)? else { continue };
            let person = model.truth.people.holder(device).expect("a person's");
            for (reader, copies) in seen.iter().filter_map(|(reader, copies)| Some(((*reader)?, copies))) {
                if model.truth.people.holder(reader) == Some(person) {
                    continue;
                }
                let groups = model.truth.people.groups();
                let his: Vec<&String> =
                    groups.iter().filter(|g| model.truth.people.shares(g, reader)).collect();
                // What he shared with a group that he has left stays as it was.
                if his.iter().any(|group| model.left(group, device).is_some()) {
                    continue;
                }
                let with_him =
                    |(_, groups): &&(Vec<String>, Vec<String>)| groups.iter().any(|g| his.contains(&g));
                let due = own.iter().filter(|(_, note)| with_him(&note));
                let due: Copies =
                    due.map(|(id, (texts, _))| ((person.into(), id.clone()), texts.clone())).collect();
                let seen = copies.iter().filter(|((by, _), _)| by == person);
                let seen: Copies = seen.map(|(of, texts)| (of.clone(), texts.clone())).collect();
                if seen != due {
                    return Err(format!("{name} shares {due:?} and {reader:.8} sees {seen:?}"));
                }
            }
        }
        self.check_left(&seen)
    }

    /// Of members who have no vote any more, and were never in anybody's team.
    fn check_left(&self, seen: &[(Option<&str>, Copies)]) -> Told {
        let people = &self.world.model.truth.people;
        let members =
            seen.iter().filter(|(device, _)| device.is_some_and(|device| people.shares("all", device)));
        let left = |by: &str| !people.votes(by) && !people.is_of_teams(by);
        let mut first: Option<Copies> = None;
        for (device, copies) in members {
            let of_left = copies.iter().filter(|((by, _), _)| left(by));
            let of_left: Copies = of_left.map(|(of, texts)| (of.clone(), texts.clone())).collect();
            if first.as_ref().is_some_and(|first| *first != of_left) {
                return Err(format!("{device:.8?} sees {of_left:?} of who has left, another {first:?}"));
            }
            first = Some(of_left);
        }
        Ok(())
    }

    /// A machine's device, if it is of a person.
    fn person_of(&self, at: usize) -> Option<&str> {
        let device = self.world.machines[at].device.as_deref()?;
        self.world.model.truth.people.holder(device).map(|_| device)
    }

    /// Notes that others share, by author and id.
    fn copies(&self, at: usize) -> Result<Copies, Wrong> {
        let shared = self.client_of(at)?.0.shared_notes(self.world.body(), None).map_err(wrong)?;
        Ok(shared.into_iter().map(|of| ((of.by.to_string(), of.note.id), some(of.note.texts))).collect())
    }

    /// A person's own notes by id: their texts, and with whom he shares them; none without their key.
    fn own_notes(&self, at: usize) -> Result<Option<Own>, Wrong> {
        let (client, body) = (self.client_of(at)?.0, self.world.body());
        if !client.has_notes_key(body).map_err(wrong)? {
            return Ok(None);
        }
        let groups = |note: &Note| note.shared.iter().map(ToString::to_string).collect();
        let notes = client.notes(body, None).map_err(wrong)?.into_iter();
        Ok(Some(notes.map(|note| (note.id.clone(), (some(note.texts.clone()), groups(&note)))).collect()))
    }

    /// What a device shows of what a group has written together.
    fn team(&self, client: &Client, group: &str) -> Result<Team, Wrong> {
        let mut team = Team::new();
        let Some(of) = group.strip_prefix("staff:") else { return Ok(team) };
        let (body, of, truth) = (self.world.body(), of.parse().expect("an id"), &self.world.model.truth);
        let may = |error: &Error| error.code() == "space.owner";
        for item in truth.meetings.items() {
            match client.brief(body, of, item.parse().expect("an id")) {
                Ok(brief) => {
                    let parts = [brief.summary, brief.proposal, brief.position].into_iter().enumerate();
                    team.extend(parts.map(|(part, text)| (format!("{item} {part}"), text.texts)));
                }
                Err(error) if may(&error) => return Ok(Team::new()),
                Err(error) => return Err(wrong(error)),
            }
        }
        for (id, _) in truth.polls.iter().filter(|(_, poll)| poll.is_form()) {
            match client.answer_draft(body, of, id.parse().expect("an id")) {
                Ok(draft) => {
                    team.insert(format!("{id} {:?}", draft.stage), draft.said.texts);
                }
                Err(error) if may(&error) => return Ok(Team::new()),
                Err(error) => return Err(wrong(error)),
            }
        }
        team.retain(|_, texts| !texts.is_empty());
        Ok(team)
    }

    fn client_of(&self, at: usize) -> Result<(&Client, &str), Wrong> {
        let machine = &self.world.machines[at];
        let client = machine.client.as_deref().ok_or(format!("{} is not open", machine.name))?;
        Ok((client, &machine.name))
    }
}

fn some(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn wrong(error: Error) -> Wrong {
    format!("what is shared: {}", error.0)
}
