//! A story: people at work, and whatever can go wrong, at the worst moments.

use crate::cast::{self, Cast};
use crate::disk::{Image, Stop};
use crate::model::{NoteWrite, Standing};
use crate::world::{DAY, Done, PIN, Role, Weather, World, Wrong, is_of_the_disk};
use ecabinet_client::{Client, Error, Mark, Vote};
use ecabinet_domain::{Choice, DeviceId, MeetingId, Presence, Rev, StatementId};
use ecabinet_record::invitation::Ticket;
use ecabinet_server::store::Store;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How a story ended.
pub struct Ended {
    pub trace: u64,
    pub events: usize,
    /// What was wrong.
    pub wrong: Option<Wrong>,
    /// All that happened, if it was asked for.
    pub words: Vec<String>,
}

impl Ended {
    pub fn verdict(&self) -> &str {
        self.wrong.as_deref().unwrap_or("all is well")
    }
}

/// Tells the story of a seed.
pub fn tell(cast: &Cast, seed: u64, aloud: bool) -> Ended {
    let mut story = Story {
        world: cast.world(seed),
        papers: 0,
        notes: 0,
        guests: Vec::new(),
        gone: 0,
        plot: Vec::new(),
        hero: 0,
        // Every third ends with the loss of the server's disk.
        copy: seed.is_multiple_of(3).then(|| cast.server().clone()),
    };
    story.world.trace.words = aloud.then(Vec::new);
    let told = catch_unwind(AssertUnwindSafe(|| story.tell()));
    let wrong = told.unwrap_or_else(|panic| {
        let text =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("panic: {}", text.unwrap_or("?")))
    });
    let trace = &mut story.world.trace;
    let words = trace.words.take().unwrap_or_default();
    Ended { trace: trace.hash, events: trace.events, wrong: wrong.err(), words }
}

pub struct Story {
    pub world: World,
    papers: usize,
    notes: usize,
    /// Invitations handed over: by machine, with whom they are for.
    pub guests: Vec<Guest>,
    /// Devices revoked and members retired.
    gone: usize,
    /// How often things happen here: each story dwells on some and leaves others out.
    plot: Vec<(Event, usize)>,
    /// The member whom the story is about.
    hero: usize,
    /// The server's data from before the story, if it is to be restored from it at the end.
    copy: Option<Image>,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Sync,
    Vote,
    Note,
    Publish,
    Poll,
    Attendance,
    People,
    Confirm,
    ForgottenPin,
    Crash,
    ServerCrash,
    DiskFull,
    Clocks,
    Cut,
    Restart,
}

/// How often things happen in most stories.
const USUAL: [(Event, usize); 15] = [
    (Event::Sync, 26),
    (Event::Vote, 14),
    (Event::Note, 12),
    (Event::Publish, 6),
    (Event::Poll, 5),
    (Event::Attendance, 2),
    (Event::People, 6),
    (Event::Confirm, 3),
    (Event::ForgottenPin, 2),
    (Event::Crash, 8),
    (Event::ServerCrash, 4),
    (Event::DiskFull, 4),
    (Event::Clocks, 3),
    (Event::Cut, 3),
    (Event::Restart, 2),
];

pub struct Guest {
    pub machine: usize,
    pub member: usize,
    pub ticket: Ticket,
    pub joined: bool,
}

type Told = Result<(), Wrong>;

impl Story {
    fn tell(&mut self) -> Told {
        self.world.start_server()?;
        let percent = |world: &mut World| [0, 0, 4, 15][world.dice.below(4)];
        self.world.weather = Weather {
            lost: percent(&mut self.world),
            answer_lost: percent(&mut self.world),
            doubled: percent(&mut self.world),
            late: percent(&mut self.world),
        };
        for (event, usual) in USUAL {
            let weight = usual * [0, 1, 1, 1, 4][self.world.dice.below(5)];
            self.plot.push((event, weight.max(usize::from(matches!(event, Event::Sync)) * usual)));
        }
        self.hero = self.world.dice.below(cast::MEMBERS + 1);
        let events = 25 + self.world.dice.below(50);
        for _ in 0..events {
            let pause = [5, 200, 30_000, 600_000][self.world.dice.below(4)];
            let pause = 1 + self.world.dice.next() % pause;
            self.world.pass_time(pause);
            self.event()?;
            self.world.notice();
            for _ in 0..self.world.dice.below(8) {
                self.deliver()?;
            }
        }
        self.end_well()?;
        match self.copy.take() {
            Some(copy) => self.end_restored(&copy),
            None => Ok(()),
        }
    }

    /// One request meets its fate.
    pub fn deliver(&mut self) -> Result<bool, Wrong> {
        let Some((at, done)) = self.world.deliver()? else { return Ok(false) };
        for end in done {
            self.ended(at, end)?;
        }
        Ok(true)
    }

    fn event(&mut self) -> Told {
        let at = self.world.dice.below(self.world.machines.len());
        let all: usize = self.plot.iter().map(|(_, weight)| weight).sum();
        let mut roll = self.world.dice.below(all);
        let chosen = self.plot.iter().find(|(_, weight)| {
            let found = roll < *weight;
            roll = roll.saturating_sub(*weight);
            found
        });
        match chosen.expect("below the sum").0 {
            Event::Sync => self.begin_sync(at),
            Event::Vote => self.vote(),
            Event::Note => self.write_note(),
            Event::Publish => self.publish(),
            Event::Poll => self.poll(),
            Event::Attendance => self.attendance(),
            Event::People => self.people(),
            Event::Confirm => self.confirm(),
            Event::ForgottenPin => self.forgotten_pin(),
            Event::Crash => self.crash(at),
            Event::ServerCrash => self.crash_server(),
            Event::DiskFull => self.disk_full(at),
            Event::Clocks => self.clocks(at),
            Event::Cut => {
                let machine = &mut self.world.machines[at];
                machine.cut = !machine.cut;
                Ok(())
            }
            Event::Restart => self.restart(at),
        }
    }

    /// An app that is open now; none if the machine is in its box or went off.
    pub fn open(&mut self, at: usize) -> Result<Option<Arc<Client>>, Wrong> {
        if self.world.machines[at].device.is_none() {
            return Ok(None);
        }
        let opened = self.world.machines[at].client.is_none();
        let client = self.world.client(at)?;
        if client.as_ref().is_some_and(|client| client.ended().is_some()) {
            return self.world.end_for_good(at).map(|()| None);
        }
        drop(client);
        if opened {
            self.check(at, false)?;
            self.write_code_down(at)?;
        }
        Ok(self.world.machines[at].client.clone())
    }

    pub fn begin_sync(&mut self, at: usize) -> Told {
        if self.world.machines[at].tasks.len() >= 2 {
            return Ok(());
        }
        if self.world.machines[at].role == Role::Spare {
            return self.join(at);
        }
        let Some(client) = self.open(at)? else { return Ok(()) };
        let done = self.world.start(at, cast::sync(&client, self.world.body()))?;
        drop(client);
        done.into_iter().try_for_each(|end| self.ended(at, end))
    }

    fn join(&mut self, at: usize) -> Told {
        let Some(guest) = self.guests.iter().find(|guest| guest.machine == at && !guest.joined) else {
            return Ok(());
        };
        let ticket = guest.ticket.clone();
        if !self.world.machines[at].tasks.is_empty() {
            return Ok(());
        }
        let Some(client) = self.world.client(at)? else { return Ok(()) };
        let task = Box::pin(async move { Done::Joined(client.join(&ticket, "Máy mới").await) });
        let done = self.world.start(at, task)?;
        done.into_iter().try_for_each(|end| self.ended(at, end))
    }

    fn ended(&mut self, at: usize, done: Done) -> Told {
        let name = self.world.machines[at].name.clone();
        let error = match done {
            Done::Synced(Ok(_)) => {
                self.world.trace.note(|| format!("{name} has synchronised"));
                return self.check(at, false);
            }
            Done::Joined(Ok(joined)) => {
                self.world.trace.note(|| format!("{name} has joined"));
                self.had_joined(at)?;
                if joined.recovery_code.is_some() && self.world.dice.percent(50) {
                    // Before anybody has read it.
                    self.close(at);
                }
                return self.write_code_down(at);
            }
            // Cut off after it was done: a synchronisation has ended it.
            Done::Joined(Err(error)) if error.code() == "body.already_joined" => {
                self.world.trace.note(|| format!("{name} had joined"));
                return self.had_joined(at);
            }
            // Somebody was first.
            Done::Confirmed(Err(error)) if error.code() == "device.not_pending" => return Ok(()),
            Done::Synced(Err(error))
            | Done::Joined(Err(error))
            | Done::Created(Err(error))
            | Done::Confirmed(Err(error)) => error,
            Done::Created(Ok(_)) | Done::Confirmed(Ok(())) => return Ok(()),
        };
        self.world.trace.note(|| format!("{name}: {}", error.code()));
        if error.code() == "device.wiped" {
            return self.world.end_for_good(at);
        }
        self.may_fail(at, &error)
    }

    fn had_joined(&mut self, at: usize) -> Told {
        let Some(client) = self.world.client(at)? else { return Ok(()) };
        let guest = self.guests.iter_mut().find(|guest| guest.machine == at).expect("invited");
        guest.joined = true;
        let device = client.device_of(self.world.body()).map_err(|error| error.0.to_string())?;
        let machine = &mut self.world.machines[at];
        (machine.role, machine.device) = (Role::Member(guest.member), Some(device.to_string()));
        Ok(())
    }

    /// The person has his recovery code from the screen, and says so.
    fn write_code_down(&mut self, at: usize) -> Told {
        let Some(client) = self.world.machines[at].client.clone() else { return Ok(()) };
        let body = self.world.body();
        let code = client.recovery_code(body).map_err(|error| format!("the recovery code: {}", error.0))?;
        let Some(code) = code else { return Ok(()) };
        self.world.machines[at].code = Some(code);
        let told = client.recovery_code_told(body);
        drop(client);
        self.acted(at, "writes down the recovery code", told, &[]).map(drop)
    }

    /// Whether a machine may fail so, now.
    fn may_fail(&self, at: usize, error: &Error) -> Told {
        let (machine, server) = (&self.world.machines[at], &self.world.server);
        let code = error.code();
        let acts = machine.device.as_ref().is_some_and(|device| self.world.model.truth.acts(device));
        let may = match code {
            "net.unreachable" | "net.cut" | "session.invalid" | "session.challenge" => true,
            "clock.jumped" => server.jumped,
            // It enrolled or was confirmed after the copy was made: another device brings that back.
            "device.unknown" | "device.not_active" if server.restored => true,
            "device.revoked" | "member.retired" | "device.pending" | "device.not_active" => !acts,
            // Another was the member's first meanwhile: the next time this one joins as a further device.
            "device.recovery_again" => machine.role == Role::Spare,
            "invitation.unknown" | "invitation.expired" | "invitation.used" | "invitation.revoked" => {
                machine.role == Role::Spare
            }
            code if is_of_the_disk(code) => machine.full || server.full,
            _ => false,
        };
        if may { Ok(()) } else { Err(format!("{}: {}", machine.name, error.0)) }
    }

    /// What came of an act. A failure must have a reason, and leaves nothing behind unless the power was cut.
    fn acted<T>(
        &mut self,
        at: usize,
        what: &str,
        made: Result<T, Error>,
        fair: &[&str],
    ) -> Result<Option<T>, Wrong> {
        let name = self.world.machines[at].name.clone();
        self.world.notice();
        if self.world.machines[at].client.is_none() {
            self.world.trace.note(|| format!("{name} is cut off: {what}"));
            return Ok(None);
        }
        match made {
            Ok(made) => {
                self.world.trace.note(|| format!("{name}: {what}"));
                Ok(Some(made))
            }
            Err(error) => {
                self.world.trace.note(|| format!("{name}: {what}: {}", error.code()));
                if !fair.contains(&error.code()) {
                    self.may_fail(at, &error)?;
                }
                self.check(at, false)?;
                Ok(None)
            }
        }
    }

    fn promise(&mut self, at: usize, statement: StatementId) {
        self.world.model.acts.entry(at).or_default().insert(statement.to_string());
    }

    fn of_role(&mut self, is: impl Fn(Role) -> bool) -> Option<usize> {
        let all: Vec<usize> =
            (0..self.world.machines.len()).filter(|at| is(self.world.machines[*at].role)).collect();
        self.world.dice.pick(&all).copied()
    }

    /// A member's machine: half of the time the hero's.
    fn some_members(&mut self) -> Option<usize> {
        let hero = Role::Member(self.hero);
        let his = self.world.dice.percent(50).then(|| self.of_role(|role| role == hero)).flatten();
        his.or_else(|| self.of_role(|role| matches!(role, Role::Member(_))))
    }

    fn vote(&mut self) -> Told {
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

    fn write_note(&mut self) -> Told {
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
                let done = client.set_reading_position(body, rev.paper, page);
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

    fn publish(&mut self) -> Told {
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
    fn poll(&mut self) -> Told {
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

    fn attendance(&mut self) -> Told {
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

    /// The registrar invites, retires, takes back and revokes; the cabinet stays able to go on.
    fn people(&mut self) -> Told {
        let at = self.of_role(|role| role == Role::Registrar).expect("a registrar");
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let anyone = self.world.dice.below(cast::MEMBERS + 1);
        let member = if self.world.dice.percent(50) { self.hero } else { anyone };
        let roll = self.world.dice.below(10);
        let known: Vec<(usize, DeviceId)> = (0..self.world.machines.len())
            .filter(|m| self.world.machines[*m].is_member())
            .filter_map(|m| Some((m, self.world.machines[m].device.as_ref()?.parse().ok()?)))
            .collect();
        let (what, made) = match roll {
            0..5 => {
                let spare = (0..self.world.machines.len()).find(|m| {
                    self.world.machines[*m].role == Role::Spare && self.guests.iter().all(|g| g.machine != *m)
                });
                let Some(machine) = spare else { return Ok(()) };
                let made = client.invite(body, cast::member(member), 2 * DAY as u64);
                drop(client);
                if let Some(made) = self.acted(at, "invites", made, &["member.retired"])? {
                    self.promise(at, made.invitation);
                    self.guests.push(Guest { machine, member, ticket: made.ticket, joined: false });
                }
                return Ok(());
            }
            5..7 if self.gone < 2 => {
                self.gone += 1;
                let Some((_, device)) = self.world.dice.pick(&known) else { return Ok(()) };
                ("revokes a device", client.revoke_device(body, *device, None))
            }
            7 if self.gone < 2 && member != 0 => {
                self.gone += 1;
                ("retires a member", client.retire_member(body, cast::member(member)))
            }
            8 => {
                let made = client.add_members(body, vec![cast::new_member(member)]);
                drop(client);
                return self.acted(at, "puts a member in office", made, &[]).map(drop);
            }
            _ => return Ok(()),
        };
        drop(client);
        if let Some(made) = self.acted(at, what, made, &["device.revoked", "member.retired"])? {
            self.promise(at, made);
        }
        Ok(())
    }

    /// A member confirms a further device of his: on one that he has, by the six digits, or on itself by his printed code.
    fn confirm(&mut self) -> Told {
        let pending =
            |(_, (_, standing)): &(&String, &(Option<String>, Standing))| *standing == Standing::Pending;
        let device = self.world.model.truth.devices.iter().find(pending).map(|(id, _)| id.clone());
        let Some(device) = device else { return Ok(()) };
        let machines = &self.world.machines;
        let Some(new) = machines.iter().position(|machine| machine.device.as_ref() == Some(&device)) else {
            return Ok(());
        };
        let role = machines[new].role;
        if self.world.dice.percent(30) {
            return self.take_code(new);
        }
        let Some(at) = self.of_role(|other| other == role) else { return Ok(()) };
        if at == new {
            return Ok(());
        }
        let (body, device) = (self.world.body(), device.parse().expect("an id"));
        let Some(client) = self.open(at)? else { return Ok(()) };
        let digits = cast::digits(&client, body, device);
        if let (Some(there), Some(here)) = (&self.world.machines[new].client, &digits)
            && let Ok(own) = client.device_of(body)
            && let Some(there) = cast::digits(there, body, own)
            && there != *here
        {
            return Err(format!(
                "{} shows other digits than the device that waits",
                self.world.machines[at].name
            ));
        }
        self.may_be_cut_off(at);
        let made = client.confirm_device(body, device, digits.as_deref());
        drop(client);
        let fair = ["device.unknown", "device.not_pending", "device.confirm_may_not", "pairing.waiting"];
        if let Some(made) = self.acted(at, "confirms a device", made, &fair)? {
            self.promise(at, made);
        }
        Ok(())
    }

    fn take_code(&mut self, at: usize) -> Told {
        let role = self.world.machines[at].role;
        let mut printed = self.world.machines.iter().filter(|machine| machine.role == role);
        let Some(code) = printed.find_map(|machine| machine.code.clone()) else { return Ok(()) };
        if !self.world.machines[at].tasks.is_empty() {
            return Ok(());
        }
        let Some(client) = self.open(at)? else { return Ok(()) };
        self.world
            .trace
            .note(|| format!("{} is confirmed by the printed code", self.world.machines[at].name));
        let body = self.world.body();
        let task = Box::pin(async move {
            Done::Confirmed(client.use_recovery_code(body, &crate::world::printed(&code)).await)
        });
        let done = self.world.start(at, task)?;
        done.into_iter().try_for_each(|end| self.ended(at, end))
    }

    /// Who has forgotten his PIN sets a new one with his printed code.
    fn forgotten_pin(&mut self) -> Told {
        let Some(at) = self.some_members() else { return Ok(()) };
        let role = self.world.machines[at].role;
        let mut printed = self.world.machines.iter().filter(|machine| machine.role == role);
        let Some(code) = printed.find_map(|machine| machine.code.clone()) else { return Ok(()) };
        if self.open(at)?.is_none() {
            return Ok(());
        }
        self.close(at);
        self.world.trace.note(|| format!("{} takes his printed code", self.world.machines[at].name));
        self.may_be_cut_off(at);
        if let Some(client) = self.world.recover(at, &code)? {
            client.check_secret(PIN).map_err(|error| format!("the new PIN: {}", error.0))?;
        }
        Ok(())
    }

    fn close(&mut self, at: usize) {
        let machine = &mut self.world.machines[at];
        machine.tasks.clear();
        machine.client = None;
        self.world.notice();
    }

    fn restart(&mut self, at: usize) -> Told {
        if self.world.machines[at].client.is_some() {
            self.close(at);
        }
        self.open(at).map(drop)
    }

    fn some_stop(&mut self) -> Stop {
        [Stop::Kill, Stop::PowerCut, Stop::Torn][self.world.dice.below(3)]
    }

    /// The power may be cut within the next few steps.
    fn may_be_cut_off(&mut self, at: usize) {
        if self.world.dice.percent(30) {
            let steps = 1 + self.world.dice.below(12) as u64;
            self.world.machines[at].disk.cut_after(steps);
        }
    }

    /// At once, or in the middle of one of the next steps towards the disk.
    fn crash(&mut self, at: usize) -> Told {
        if self.world.machines[at].client.is_none() {
            return Ok(());
        }
        if self.world.dice.percent(70) {
            let steps = 1 + self.world.dice.below(60) as u64;
            self.world.machines[at].disk.cut_after(steps);
        } else {
            let stop = self.some_stop();
            self.world.stop(at, stop);
        }
        Ok(())
    }

    fn crash_server(&mut self) -> Told {
        if self.world.server.app.is_none() {
            return self.world.start_server();
        }
        if self.world.dice.percent(70) {
            let steps = 1 + self.world.dice.below(40) as u64;
            self.world.server.disk.cut_after(steps);
        } else {
            let stop = self.some_stop();
            self.world.stop_server(stop);
        }
        Ok(())
    }

    fn disk_full(&mut self, at: usize) -> Told {
        if self.world.dice.percent(30) {
            if let Some(store) = self.world.server.store.is_some().then_some(&mut self.world.server) {
                let full = self.world.dice.percent(50);
                store.full |= full;
                store.disk.set_full(full);
                self.world.trace.note(|| format!("the server's disk is full: {full}"));
            }
            return Ok(());
        }
        if self.world.machines[at].client.is_some() {
            let full = self.world.dice.percent(60);
            let machine = &mut self.world.machines[at];
            machine.full |= full;
            machine.disk.set_full(full);
            self.world.trace.note(|| format!("{}: the disk is full: {full}", self.world.machines[at].name));
        }
        Ok(())
    }

    fn clocks(&mut self, at: usize) -> Told {
        let skew = [-DAY, 0, DAY, 120_000][self.world.dice.below(4)];
        if self.world.dice.percent(30) {
            self.world.trace.note(|| format!("the server's clock is {skew} ms wrong"));
            self.world.server.clock.skew.store(skew, std::sync::atomic::Ordering::Relaxed);
            self.world.server.jumped = true;
            if self.world.dice.percent(50) {
                self.confirm_clock();
            }
        } else {
            self.world
                .trace
                .note(|| format!("{}: the clock is {skew} ms wrong", self.world.machines[at].name));
            self.world.machines[at].set_skew(skew);
        }
        Ok(())
    }

    /// The administrator says that the server's clock is right.
    pub fn confirm_clock(&mut self) {
        if let Some(store) = &self.world.server.store {
            let _ = store.confirm_clock();
        }
        self.world.notice();
    }
}
