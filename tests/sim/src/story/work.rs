//! People at their desks: writing notes, publishing papers.

use super::{Story, Told};
use crate::asked;
use ecabinet_client::Mark;
use ecabinet_domain::{MeetingId, Rev};

impl Story {
    pub(super) fn write_note(&mut self) -> Told {
        let Some(at) = self.somebodys() else { return Ok(()) };
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
        self.wrote(at, None, object, text, over, sure)
    }

    pub(super) fn publish(&mut self) -> Told {
        let at = self.office().expect("on every stage");
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
        let made = client.publish(body, asked::publication(meeting, papers));
        drop(client);
        self.acted(at, "publishes", made, &[]).map(drop)
    }
}
