//! People at their work: voting, writing, publishing.

use super::{Story, Told};
use crate::cast;
use crate::model::NoteWrite;
use crate::world::Role;
use ecabinet_client::{Mark, Vote};
use ecabinet_domain::{Choice, MeetingId, Presence, Rev, StatementId};

impl Story {
    pub(super) fn vote(&mut self) -> Told {
        let Some(at) = self.some_members() else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let Ok(state) = client.state(body) else { return Ok(()) };
        let polls: Vec<StatementId> =
            state.polls.iter().filter(|(_, poll)| poll.is_open()).map(|(id, _)| *id).collect();
        let Some(poll) = self.world.dice.pick(&polls).copied() else { return Ok(()) };
        let choice = [Choice::Yes, Choice::No, Choice::Abstain][self.world.dice.below(3)];
        let made = client.vote(body, Vote { poll, choice, text: None, replace: true });
        drop(client);
        // A device that joined lately has not all of the papers' words yet; one that is out of office has no vote.
        let fair = ["ballot.paper_not_seen", "member.no_vote", "member.none"];
        if let Some(made) = self.acted(at, "votes", made, &fair)? {
            self.promise(at, made);
        }
        Ok(())
    }

    pub(super) fn write_note(&mut self) -> Told {
        let Some(at) = self.some_members() else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let Ok(state) = client.state(body) else { return Ok(()) };
        let Some((paper, known)) = state.papers.iter().next() else { return Ok(()) };
        let rev = Rev { paper: *paper, rev: known.revs[0].0 };
        let notes = client.notes(body, None).map_err(|error| format!("notes: {}", error.0))?;
        self.notes += 1;
        let text = format!("ghi chú {}", self.notes);
        let roll = self.world.dice.below(10);
        let note = self.world.dice.pick(&notes).cloned();
        let (what, written, object, over) = match (roll, note) {
            (0..2, _) => {
                let page = self.notes as u32;
                let done = client.set_reading_position(body, rev.paper, page, None);
                drop(client);
                return self.acted(at, "reads", done, &["notes.no_key"]).map(drop);
            }
            (2..6, Some(note)) => {
                ("writes over a note", client.set_note(body, &note.id, &text), note.id.clone(), note.texts)
            }
            (6, Some(note)) => {
                ("removes a note", client.remove_mark(body, &note.id), note.id.clone(), note.texts)
            }
            _ => {
                let added = client.add_mark(body, &Mark::note(rev, 0), Some(&text));
                let object = added.as_ref().ok().cloned().unwrap_or_default();
                ("writes a note", added.map(drop), object, Vec::new())
            }
        };
        drop(client);
        let sure = self.acted(at, what, written, &["notes.no_key"])?.is_some();
        let text = (what != "removes a note").then_some(text);
        if sure || self.world.machines[at].client.is_none() {
            self.world.model.notes.push(NoteWrite { machine: at, object, text, over, sure });
        }
        Ok(())
    }

    pub(super) fn publish(&mut self) -> Told {
        let at = self.of_role(|role| role == Role::Staff).expect("staff");
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let meetings: Vec<MeetingId> = client
            .meetings(body)
            .map_err(|error| format!("meetings: {}", error.0))?
            .iter()
            .map(|m| m.id)
            .collect();
        let meeting = self.world.dice.pick(&meetings).copied().filter(|_| self.world.dice.percent(80));
        let replaced = ["một".to_owned(), "hai".to_owned()].map(|paper| {
            if self.world.dice.percent(60) {
                self.papers += 1;
                return format!("{paper} {}", self.papers);
            }
            paper
        });
        let papers = [replaced[0].as_str(), replaced[1].as_str()];
        let made = client.publish(body, cast::publication(meeting, papers));
        drop(client);
        self.acted(at, "publishes", made, &[]).map(drop)
    }

    /// A poll is opened, or closed, whatever is on its way.
    pub(super) fn poll(&mut self) -> Told {
        let chair = self.world.dice.percent(40);
        let Some(at) = self.of_role(|role| if chair { role == Role::Member(0) } else { role == Role::Staff })
        else {
            return Ok(());
        };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let Ok(state) = client.state(body) else { return Ok(()) };
        let open: Vec<StatementId> =
            state.polls.iter().filter(|(_, poll)| poll.is_open()).map(|(id, _)| *id).collect();
        let items: Vec<_> =
            state.meetings.values().flat_map(|meeting| &meeting.agenda.0).map(|place| place.item).collect();
        let close = self.world.dice.percent(50);
        let fair = ["poll.closed", "capacity.not_held", "member.none"];
        let made = match (close, self.world.dice.pick(&open), self.world.dice.pick(&items)) {
            (true, Some(poll), _) => client.close_poll(body, *poll),
            (_, _, Some(item)) if open.len() < 4 => {
                client.open_poll(body, *item, cast::rule(), &cast::question())
            }
            _ => return Ok(()),
        };
        drop(client);
        if let Some(made) =
            self.acted(at, if close { "closes a poll" } else { "opens a poll" }, made, &fair)?
        {
            self.promise(at, made);
        }
        Ok(())
    }

    pub(super) fn attendance(&mut self) -> Told {
        let at = self.of_role(|role| role == Role::Staff).expect("staff");
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let meetings = client.meetings(body).map_err(|error| format!("meetings: {}", error.0))?;
        let Some(meeting) = meetings.first() else { return Ok(()) };
        let member = cast::member(self.world.dice.below(cast::MEMBERS));
        let made = client.set_attendance(body, meeting.id, member, Presence::Present);
        drop(client);
        if let Some(made) = self.acted(at, "notes who is there", made, &["member.no_vote"])? {
            self.promise(at, made);
        }
        Ok(())
    }
}
