//! A story: people at work, and whatever can go wrong, at the worst moments.

mod debate;
mod faults;
mod forms;
mod outcome;
mod people;
mod plot;
mod polls;
mod sharing;
mod stage;
mod work;

use crate::cast::{self, Cast};
use crate::dice::Dice;
use crate::disk::Image;
use crate::world::{Role, Weather, World, Wrong};
use ecabinet_client::{Client, Error};
use ecabinet_domain::{State, StatementId};
use ecabinet_record::invitation::Ticket;
use plot::Event;
use stage::Stage;
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
        stage: Stage::empty(),
        // Every fourth ends with the loss of the server's disk.
        copy: seed.is_multiple_of(4).then(|| cast.server().clone()),
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
    pub stage: Stage,
    /// The server's data from before the story, if it is to be restored from it at the end.
    copy: Option<Image>,
}

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
        self.stage = Stage::drawn(&mut self.world.dice, &self.world.machines);
        for (event, usual) in plot::of(self.stage.theme) {
            let weight = usual * self.stage.dwells[self.world.dice.below(5)];
            self.plot.push((event, weight.max(usize::from(matches!(event, Event::Sync)) * usual)));
        }
        for _ in 0..self.stage.events {
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
        let at = *self.world.dice.pick(&self.stage.machines).expect("somebody");
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
            Event::Answer => self.answer(),
            Event::Form => self.form(),
            Event::Block => self.block(),
            Event::Hands => self.hands(),
            Event::Position => self.position(),
            Event::Conclusion => self.conclusion(),
            Event::Substitute => self.substitute(),
            Event::Attendance => self.attendance(),
            Event::Floor => self.floor(),
            Event::Share => self.share(),
            Event::Team => self.write_together(),
            Event::Staff => self.set_staff(),
            Event::Peep => self.peep(at),
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
        if let Some(client) = client.filter(|_| opened) {
            let (kept, all) = client.kept_folded(self.world.body()).map_err(|error| error.0.to_string())?;
            let name = &self.world.machines[at].name;
            self.world.trace.note(|| format!("{name} opens with {kept} of {all} entries kept folded"));
        }
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

    fn of_role(&mut self, is: impl Fn(Role) -> bool) -> Option<usize> {
        let machines = self.stage.machines.iter().copied();
        let all: Vec<usize> = machines.filter(|at| is(self.world.machines[*at].role)).collect();
        self.world.dice.pick(&all).copied()
    }

    /// A person does something on a machine, if he finds something to do. What he is told is kept is kept.
    fn does(
        &mut self,
        at: Option<usize>,
        what: &str,
        fair: &[&str],
        act: impl FnOnce(&Client, &State, &mut Dice) -> Option<Result<StatementId, Error>>,
    ) -> Told {
        let Some(at) = at else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let Ok(state) = client.state(self.world.body()) else { return Ok(()) };
        let made = act(&client, &state, &mut self.world.dice);
        drop(client);
        let Some(made) = made else { return Ok(()) };
        if let Some(made) = self.acted(at, what, made, fair)? {
            self.promise(at, made);
        }
        Ok(())
    }

    fn office(&mut self) -> Option<usize> {
        self.of_role(|role| role == Role::Office)
    }

    /// A machine of the chair's or the office's.
    fn presiding(&mut self) -> Option<usize> {
        let chair = self.world.dice.percent(40);
        self.of_role(|role| if chair { role == Role::Person(0) } else { role == Role::Office })
    }

    /// A person's machine: half of the time the hero's.
    fn somebodys(&mut self) -> Option<usize> {
        let hero = Role::Person(self.stage.hero);
        let his = self.world.dice.percent(50).then(|| self.of_role(|role| role == hero)).flatten();
        his.or_else(|| self.of_role(|role| matches!(role, Role::Person(_))))
    }
}
