//! What people share: with their staff, and with all members.

use super::polls::placed;
use super::{Story, Told};
use crate::cast;
use crate::model::Write;
use crate::world::Role;
use ecabinet_client::BriefPart;
use ecabinet_domain::MemberId;
use ecabinet_protocol::space::SpaceOwner;

impl Story {
    /// What was written to a space, as far as its writer may believe that it is kept.
    pub(super) fn wrote(
        &mut self,
        at: usize,
        group: Option<String>,
        object: String,
        text: Option<String>,
        over: Vec<String>,
        sure: bool,
    ) -> Told {
        let machine = &self.world.machines[at];
        if !sure && machine.client.is_some() {
            return Ok(());
        }
        let device = machine.device.clone().unwrap_or_default();
        let client = machine.client.clone();
        let known = client.and_then(|client| client.kept_folded(self.world.body()).ok());
        let then = self.world.model.lines.len();
        let seen = known.map_or(0, |(_, all)| all as usize);
        let sent = false;
        if let Some(group) = group.as_ref().filter(|_| sure) {
            self.is_sealed_anew(at, group, seen)?;
        }
        let write = Write { machine: at, device, group, object, text, over, sure, then, seen, sent };
        self.world.model.notes.add(write);
        Ok(())
    }

    /// What was just written can be read by nobody who has left the group as far as its writer knows.
    fn is_sealed_anew(&self, at: usize, group: &str, seen: usize) -> Told {
        let machine = &self.world.machines[at];
        let (Some(client), Some(left)) = (&machine.client, self.world.model.last_left(group, seen)) else {
            return Ok(());
        };
        let spaces = client.spaces(self.world.body()).map_err(|error| error.0.to_string())?;
        let sealed = spaces.iter().find(|space| space.owner == group).map(|space| space.epoch as usize);
        match sealed > Some(left) {
            true => Ok(()),
            false => {
                Err(format!("{} writes with the key of who left at entry {left}: {sealed:?}", machine.name))
            }
        }
    }

    /// A note is shared with other groups than before, or with nobody any more.
    pub(super) fn share(&mut self) -> Told {
        let Some(at) = self.somebodys() else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let notes = client.notes(body, None).map_err(|error| format!("notes: {}", error.0))?;
        let Some(note) = self.world.dice.pick(&notes) else { return Ok(()) };
        let groups = client.groups(body).map_err(|error| format!("groups: {}", error.0))?;
        let with: Vec<SpaceOwner> = groups.into_iter().filter(|_| self.world.dice.percent(60)).collect();
        let made = client.share_note(body, &note.id, &with);
        drop(client);
        self.acted(at, "shares a note", made, &["notes.no_key"]).map(drop)
    }

    /// A part of a brief or the draft of an answer is written, or a draft sent back.
    pub(super) fn write_together(&mut self) -> Told {
        let Some(at) = self.somebodys() else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let groups = client.groups(body).map_err(|error| format!("groups: {}", error.0))?;
        let teams: Vec<MemberId> = groups
            .into_iter()
            .filter_map(|group| match group {
                SpaceOwner::Staff(of) => Some(of),
                _ => None,
            })
            .collect();
        let (Some(of), Ok(state)) = (self.world.dice.pick(&teams).copied(), client.state(body)) else {
            return Ok(());
        };
        let wrong = |error: ecabinet_client::Error| format!("what is shared: {}", error.0);
        self.notes += 1;
        let (text, group) = (format!("cùng viết {}", self.notes), SpaceOwner::Staff(of).to_string());
        let forms: Vec<_> =
            state.polls.iter().filter(|(_, p)| p.form().is_some()).map(|(id, _)| *id).collect();
        let form = self.world.dice.pick(&forms).copied().filter(|_| self.world.dice.percent(35));
        let (what, made, object, over) = match form {
            Some(form) if self.world.dice.percent(25) => {
                let made = client.send_draft_back(body, form, "Nêu rõ hơn");
                drop(client);
                return self.acted(at, "sends a draft back", made, &["space.owner"]).map(drop);
            }
            Some(form) => {
                let before = client.answer_draft(body, of, form).map_err(wrong)?.said.texts;
                let submit = self.world.dice.percent(50);
                (
                    "drafts an answer",
                    client.draft_answer(body, of, form, &text, submit),
                    form.to_string(),
                    before,
                )
            }
            None => {
                let items = placed(&state);
                let Some(item) = self.world.dice.pick(&items).copied() else { return Ok(()) };
                let brief = client.brief(body, of, item).map_err(wrong)?;
                let (part, before) = if self.world.dice.percent(70) {
                    (BriefPart::Summary, brief.summary.texts)
                } else {
                    (BriefPart::Proposal, brief.proposal.texts)
                };
                (
                    "writes a brief",
                    client.set_brief(body, of, item, part, &text),
                    format!("{item} {part:?}"),
                    before,
                )
            }
        };
        drop(client);
        let sure = self.acted(at, what, made, &[])?.is_some();
        self.wrote(at, Some(group), object, Some(text), over, sure)
    }

    /// The registrar says who prepares for whom.
    pub(super) fn set_staff(&mut self) -> Told {
        let at = self.of_role(|role| role == Role::Registrar);
        let body = self.world.body();
        self.does(at, "sets staff", &["member.retired"], |client, _, dice| {
            let member = if dice.percent(60) { 0 } else { dice.below(cast::MEMBERS) };
            let mut staff: Vec<usize> = Vec::new();
            if dice.percent(65) {
                staff.push(cast::AIDE);
            }
            staff.extend((1..=cast::MEMBERS).filter(|other| *other != member && dice.percent(15)));
            let staff = staff.into_iter().map(cast::member).collect();
            client.set_staff(body, cast::member(member), staff).transpose()
        })
    }

    /// A program that is not ours asks for a shared space, as this machine.
    pub(super) fn peep(&mut self, at: usize) -> Told {
        let groups = self.world.model.truth.people.groups();
        match self.world.dice.pick(&groups).and_then(|group| group.parse::<SpaceOwner>().ok()) {
            Some(owner) => self.world.peep(at, owner),
            None => Ok(()),
        }
    }
}
