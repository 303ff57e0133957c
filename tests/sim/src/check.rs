//! What must hold: of each device at any time, and of all together once every fault is over.

use crate::cast;
use crate::disk::Image;
use crate::model::{Shown, Standing, Truth};
use crate::story::Story;
use crate::world::{Role, Wrong};
use ecabinet_client::{Client, Fetched, OutboxCount};
use ecabinet_domain::{Act, State};
use ecabinet_protocol::content::{self, BodyContent, PaperContent};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_record::{Trust, device_id};
use ecabinet_server::chunks::ChunkStore;
use ecabinet_server::store::Store;
use std::collections::BTreeSet;
use std::sync::Arc;

type Told = Result<(), Wrong>;

/// Rounds of synchronisation after the last fault in which all is settled. In the first those come who did something; in
/// the last two nothing new is done.
const ROUNDS: usize = 5;

/// Of what a copy brings back: a pairing, which no copy holds, begins anew once its waiting device is on the record again.
/// It takes four turns of the two devices, and in the worst order each of them a round.
const ROUNDS_RESTORED: usize = 7;

impl Story {
    /// Holds what an open app shows against the truth and against what it promised.
    pub fn check(&mut self, at: usize, end: bool) -> Told {
        let Some(client) = self.world.machines[at].client.clone() else { return Ok(()) };
        if client.ended().is_some() {
            return self.world.end_for_good(at);
        }
        let name = self.world.machines[at].name.clone();
        self.holds(at, &client, end).map_err(|wrong| format!("{name}: {wrong}"))
    }

    fn holds(&mut self, at: usize, client: &Client, end: bool) -> Told {
        let body = self.world.body();
        let summary = client.summary(body, Fetched::default()).map_err(|error| error.0.to_string())?;
        let size = summary.position as usize;
        if self.world.model.root(size) != Some(summary.root) {
            return Err(format!("its record of {size} entries is not the server's"));
        }
        // To fold all again is most of what looking costs: once when it was opened, and whenever it has grown.
        let seen = &mut self.world.machines[at].seen_folded;
        if (end || *seen != Some(size))
            && !client.is_folded_well(body).map_err(|error| error.0.to_string())?
        {
            return Err(format!("what it holds of {size} entries is not what they give"));
        }
        *seen = Some(size);
        let truth = self.world.model.at(size);
        let count = self.check_acts(at, client, size, &truth, end)?;
        if count != summary.outbox {
            return Err(format!("it counts {:?} of its acts and shows {count:?}", summary.outbox));
        }
        self.check_results(client, &truth, end)?;
        // Nothing here damages a disk beside a power cut: what does not open was never durable.
        if client.chunks_found_damaged() > 0 {
            return Err("chunks that it held are lost".into());
        }
        self.check_own_notes(at, client)
    }

    /// Gives how many acts are shown to have come how far.
    fn check_acts(
        &mut self,
        at: usize,
        client: &Client,
        size: usize,
        truth: &Truth,
        end: bool,
    ) -> Result<OutboxCount, Wrong> {
        let body = self.world.body();
        let mut count = OutboxCount::default();
        let acts = client.acts(body).map_err(|error| error.0.to_string())?;
        let active = self.acts(at);
        let model = &mut self.world.model;
        let mut here = BTreeSet::new();
        for act in acts {
            let state = serde_json::to_value(act.state).expect("a word");
            let poll = match &act.row.header.act {
                Act::BallotCast(ballot) => Some(ballot.poll.to_string()),
                _ => None,
            };
            let shown = Shown {
                id: act.statement.to_string(),
                kind: act.kind,
                state: state.as_str().expect("a word").to_owned(),
                poll,
            };
            model.check_act(at, &shown, size, truth)?;
            *match shown.state.as_str() {
                "saved" => &mut count.saved,
                "received" => &mut count.received,
                "refused" => &mut count.refused,
                "counted" => &mut count.counted,
                _ => &mut count.recorded,
            } += 1;
            if let (Some(_), Some(payload)) = (&shown.poll, &act.row.payload) {
                let said: serde_json::Value = serde_json::from_slice(&payload.bytes).expect("a ballot");
                model.choices.insert(shown.id.clone(), said["choice"].as_str().expect("a choice").to_owned());
            }
            if !matches!(shown.state.as_str(), "saved" | "received" | "refused") {
                client.receipt(body, act.statement).map_err(|_| format!("no receipt of {}", shown.kind))?;
            }
            let waits = matches!(shown.state.as_str(), "saved" | "received");
            let refused = shown.state == "refused" && matches!(shown.kind, "ballot.cast" | "device.enrol");
            if end && active && (waits || refused) {
                return Err(format!("{} is {} in the end: {:?}", shown.kind, shown.state, act.error));
            }
            here.insert(shown.id);
        }
        let promised = model.acts.entry(at).or_default();
        if let Some(lost) = promised.difference(&here).next() {
            return Err(format!("act {lost:.8} was kept and is gone"));
        }
        *promised = here;
        Ok(count)
    }

    fn check_results(&self, client: &Client, truth: &Truth, end: bool) -> Told {
        for (id, _) in truth.polls.iter().filter(|(_, poll)| !poll.is_open()) {
            let result = client.result(self.world.body(), id.parse().expect("an id"));
            let tally = match result {
                Ok(tally) => tally,
                // Payloads come after headers.
                Err(error) if error.code() == "poll.unverifiable" && !end => continue,
                Err(_) if !end => continue,
                Err(error) => return Err(format!("the result of poll {id:.8}: {}", error.0)),
            };
            let (ballots, voters) = truth.counted(id).expect("closed");
            let of = |choice: &str| {
                let said =
                    |ballot: &&String| self.world.model.choices.get(*ballot).is_some_and(|c| c == choice);
                ballots.iter().filter(said).count() as u64
            };
            let counts = (of("yes"), of("no"), of("abstain"), voters as u64 - ballots.len() as u64);
            let known = ballots.iter().all(|ballot| self.world.model.choices.contains_key(ballot));
            let shown = (tally.yes, tally.no, tally.abstain, tally.silent);
            if known && counts != shown {
                return Err(format!("poll {id:.8} is {counts:?} and is shown as {shown:?}"));
            }
        }
        Ok(())
    }

    /// What was written here is here, unless it was written over.
    fn check_own_notes(&self, at: usize, client: &Client) -> Told {
        let (must, _) = self.world.model.texts(&[at]);
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

    /// Whether a machine's device may act, by the whole record.
    fn acts(&self, at: usize) -> bool {
        self.world.machines[at].device.as_ref().is_some_and(|device| self.world.model.truth.acts(device))
    }

    /// Every fault is over: what waits arrives, and all agree.
    pub fn end_well(&mut self) -> Told {
        self.world.trace.note(|| "all faults are over".into());
        self.calm()?;
        for round in 0..ROUNDS {
            self.round(round)?;
        }
        self.all_is_said()?;
        self.all_agree()
    }

    /// Machines that meet in the end: the staff's, which closes the polls, and those that were opened.
    fn there(&self) -> Vec<usize> {
        let is = |at: &usize| {
            let machine = &self.world.machines[*at];
            self.stage.all || machine.begun || machine.role == Role::Staff
        };
        let mut there: Vec<usize> = (0..self.world.machines.len()).filter(is).collect();
        there.sort_by_key(|at| self.world.machines[*at].role != Role::Staff);
        there
    }

    /// Whether a device waits for its member, who confirms it only after several steps between the two.
    fn somebody_waits(&self, there: &[usize]) -> bool {
        let devices = &self.world.model.truth.devices;
        let mut here = there.iter().filter_map(|at| self.world.machines[*at].device.as_ref());
        here.any(|device| devices.get(device).is_some_and(|(_, standing)| *standing == Standing::Pending))
    }

    /// All that a machine may learn of, as numbers that only grow: entries, and what was told beside the record by anybody
    /// or by a device of the same member.
    fn news(&self, at: usize) -> (usize, u64) {
        let (machines, between) = (&self.world.machines, self.world.line.between());
        let for_him = |by: &usize| [Role::Spare, machines[at].role].contains(&machines[*by].role);
        let own: u64 = between.told_own.iter().filter(|(by, _)| for_him(by)).map(|(_, count)| count).sum();
        (self.world.model.lines.len(), between.told + own)
    }

    /// Nobody has anything to say any more, to whom nothing new is said.
    fn all_is_said(&self) -> Told {
        match self.there().into_iter().find(|at| self.world.machines[*at].heard != Some(self.news(*at))) {
            Some(at) => Err(format!("{} still has something to say", self.world.machines[at].name)),
            None => Ok(()),
        }
    }

    /// Synchronises a machine on a quiet line, unless nothing can have changed for it: it has heard all the news and has made
    /// none itself. Its own entries are news too: one may confirm the device, which asks for more the next time.
    fn meet(&mut self, at: usize) -> Told {
        let before = self.news(at);
        if self.world.machines[at].heard == Some(before) {
            return Ok(());
        }
        self.begin_sync(at)?;
        while self.deliver()? {}
        let after = self.news(at);
        self.world.machines[at].heard = (before == after).then_some(after);
        Ok(())
    }

    /// Somebody did something on a machine, or the server is another: what it has heard is not all.
    fn has_news(&mut self, machines: &[usize]) {
        machines.iter().for_each(|at| self.world.machines[*at].heard = None);
    }

    /// The server's disk is lost after all that, and a copy from before the story takes its place: devices in any order
    /// bring back all that it had, and nothing is recorded before it is released.
    pub fn end_restored(&mut self, copy: &Image) -> Told {
        self.world.restore_server(copy)?;
        let (mut there, body) = (self.there(), self.world.body());
        self.has_news(&there);
        for round in 0..ROUNDS_RESTORED {
            let first = self.world.dice.below(there.len());
            there.rotate_left(first);
            // Not everybody comes in time.
            let count = if round == 0 { 1 + self.world.dice.below(there.len()) } else { there.len() };
            for at in &there[..count] {
                self.meet(*at)?;
            }
            if round == 0 {
                let waits = self.world.server.store.as_ref().ok_or("the server is off")?.waits(body);
                if waits.is_ok_and(|waits| waits.hold.is_none()) {
                    return Err("the restored server did not hold".into());
                }
            } else if round == 1 {
                let store = self.world.server.store.as_ref().ok_or("the server is off")?;
                store.release(body).map_err(|error| error.to_string())?;
                self.has_news(&there);
            }
        }
        self.world.server.restored = false;
        self.all_is_said()?;
        self.all_agree()
    }

    fn all_agree(&mut self) -> Told {
        self.world.notice();
        let members = self.there().into_iter().filter(|at| self.acts(*at)).collect::<Vec<_>>();
        self.check_server(&members)?;
        for at in &members {
            self.check(*at, true)?;
            self.check_code(*at)?;
            self.check_papers(*at)?;
        }
        (0..=cast::MEMBERS).try_for_each(|member| self.check_notes(member, &members))
    }

    fn calm(&mut self) -> Told {
        let world = &mut self.world;
        world.weather = Default::default();
        world.server.disk.cut_never();
        world.server.disk.set_full(false);
        for machine in &mut world.machines {
            machine.disk.cut_never();
            machine.disk.set_full(false);
            machine.cut = false;
            machine.set_skew(0);
        }
        world.server.clock.skew.store(0, std::sync::atomic::Ordering::Relaxed);
        world.start_server()?;
        self.confirm_clock();
        while self.deliver()? {}
        self.confirm_clock();
        self.world.server.full = false;
        self.world.server.jumped = false;
        self.world.machines.iter_mut().for_each(|machine| machine.full = false);
        Ok(())
    }

    fn round(&mut self, round: usize) -> Told {
        let body = self.world.body();
        let there = self.there();
        let all = round > 0 || self.somebody_waits(&there);
        for at in there {
            let machine = &self.world.machines[at];
            if !all && !machine.owes && machine.role != Role::Spare {
                continue;
            }
            let mut done = 0;
            if round == 1 || round == 2 {
                done += self.confirm_guests(at)?;
            }
            if round == 1 && self.world.machines[at].role == Role::Staff {
                done += self.close_polls(at)?;
            }
            if self.world.machines[at].device.is_some()
                && let Some(client) = self.open(at)?
                && round < 3
            {
                done += client.retry_acts(body).map_err(|error| error.0.to_string())?;
            }
            if done > 0 {
                self.has_news(&[at]);
            }
            self.meet(at)?;
        }
        Ok(())
    }

    /// On each device its member confirms what waits for him. Gives how many.
    fn confirm_guests(&mut self, at: usize) -> Result<usize, Wrong> {
        if !self.world.machines[at].is_member() || !self.acts(at) {
            return Ok(0);
        }
        let body = self.world.body();
        let Some(client) = self.open(at)? else { return Ok(0) };
        let state = client.state(body).map_err(|error| error.0.to_string())?;
        let own = client.device_of(body).map_err(|error| error.0.to_string())?;
        // What the record says may not have come here yet.
        let active =
            |device: &&ecabinet_domain::Device| device.status == ecabinet_domain::DeviceStatus::Active;
        let Some(holder) = state.devices.get(&own).filter(active).map(|device| device.holder) else {
            return Ok(0);
        };
        let pending = |device: &&ecabinet_domain::Device| {
            device.holder == holder && device.status == ecabinet_domain::DeviceStatus::Pending
        };
        let mut done = 0;
        for device in state.devices.values().filter(pending) {
            let Some(digits) = cast::digits(&client, body, device.id) else { continue };
            let made = client.confirm_device(body, device.id, Some(&digits));
            made.map_err(|error| format!("confirming: {}", error.0))?;
            done += 1;
        }
        Ok(done)
    }

    fn close_polls(&mut self, at: usize) -> Result<usize, Wrong> {
        let body = self.world.body();
        let Some(client) = self.open(at)? else { return Ok(0) };
        let state = client.state(body).map_err(|error| error.0.to_string())?;
        let open = state.polls.iter().filter(|(_, poll)| poll.is_open());
        open.map(|(id, _)| {
            let closed = client.close_poll(body, *id);
            closed.map(|_| 1).map_err(|error| format!("closing: {}", error.0))
        })
        .sum()
    }

    /// The server's record holds, with all that it names, and everybody has the same.
    fn check_server(&mut self, members: &[usize]) -> Told {
        self.world.catch_up()?;
        let body = self.world.body();
        let (store, chunks) = {
            let server = &self.world.server;
            (server.store.clone().expect("on"), server.chunks.clone().expect("on"))
        };
        let founded = self.world.founded.clone();
        let mut replica = founded.replica.clone();
        let mut chunk_key = None;
        for (index, leaf) in self.world.model.leaves.iter().enumerate() {
            let header = match founded.headers.get(index) {
                Some(header) => header.clone(),
                None => {
                    let entry = replica.replay(leaf, Trust::Verify);
                    let entry = entry.map_err(|bad| format!("the record: {bad}"))?;
                    entry.expect("of our level").statement.header
                }
            };
            let Some(commitment) = header.payload else { continue };
            let payload = store.payload(body, index as u64).map_err(|error| error.to_string())?;
            let payload = payload.filter(|payload| payload.opens(&commitment));
            let payload = payload.ok_or(format!("the payload of entry {index} is gone"))?;
            if let Act::BodyGenesis(_) = header.act {
                chunk_key = content::read::<BodyContent>(&payload.bytes).map(|body| body.chunk_key);
            }
            let Act::PaperPublish(_) = header.act else { continue };
            let paper: PaperContent = content::read(&payload.bytes).expect("a paper");
            for chunk in paper.manifest.chunks {
                let bytes = chunks.get(body, &chunk.name).map_err(|error| format!("a chunk: {error}"))?;
                if content::chunk_name(&chunk_key.expect("of genesis"), &bytes) != chunk.name {
                    return Err("a chunk is not what it was".into());
                }
            }
        }
        let head = store.head(body).map_err(|error| error.to_string())?;
        if head.root != replica.tree().root() {
            return Err("the server's root is not that of its entries".into());
        }
        let state = replica.state().expect("a body");
        for at in members {
            let name = &self.world.machines[*at].name;
            let client = self.world.machines[*at].client.as_ref().ok_or(format!("{name} is not open"))?;
            if client.state(body).ok().as_ref() != Some(state) {
                return Err(format!("{name} has another state of the body"));
            }
        }
        self.check_recovery(state, &*store)
    }

    /// A member's notes open with his printed code, whatever becomes of his devices.
    fn check_recovery(&self, state: &State, store: &dyn Store) -> Told {
        let body = self.world.body();
        for (id, member) in &state.members {
            let Some(recovery) = member.recovery else { continue };
            let spaces = store.spaces(body, SpaceOwner::Member(*id)).map_err(|error| error.to_string())?;
            let keys = store
                .space_keys(body, SpaceOwner::Member(*id), &[device_id(&recovery)])
                .map_err(|error| error.to_string())?;
            if spaces.iter().any(|space| space.ops > 0 && keys.iter().all(|key| key.space != space.space)) {
                return Err(format!("the printed code of member {id} does not open his notes"));
            }
        }
        Ok(())
    }

    /// Whose first device it is has his printed code.
    fn check_code(&self, at: usize) -> Told {
        let machine = &self.world.machines[at];
        let device = machine.device.as_deref().expect("it acts");
        let Some(printed) = self.world.model.truth.printed.get(device) else { return Ok(()) };
        let held = machine.code.as_deref().map(|code| crate::world::printed(code).id().to_string());
        match held.as_ref() == Some(printed) {
            true => Ok(()),
            false => Err(format!("nobody has the recovery code of {}", machine.name)),
        }
    }

    fn check_papers(&mut self, at: usize) -> Told {
        let machine = &self.world.machines[at];
        if machine.role == Role::Registrar {
            return Ok(());
        }
        let (name, body) = (machine.name.clone(), self.world.body());
        let client: Arc<Client> = machine.client.clone().ok_or(format!("{name} is not open"))?;
        let wrong = |error: ecabinet_client::Error| format!("{name}: papers: {}", error.0);
        let progress = client.progress(body).map_err(wrong)?;
        if progress.ready != progress.total {
            return Err(format!("{name} has {} of {} papers", progress.ready, progress.total));
        }
        for meeting in client.meetings(body).map_err(wrong)? {
            for item in client.meeting(body, meeting.id).map_err(wrong)?.items {
                for paper in item.papers {
                    client.check_paper(body, paper.rev).map_err(wrong)?;
                }
            }
        }
        Ok(())
    }

    /// A member's notes are the same on all of his devices, and none is lost.
    fn check_notes(&mut self, member: usize, active: &[usize]) -> Told {
        let his = active.iter().copied();
        let his = his.filter(|at| self.world.machines[*at].role == Role::Member(member)).collect::<Vec<_>>();
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
        let (must, gone) = self.world.model.texts(&keyed);
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
        model.truth.acts(by) && self.world.machines.iter().any(keyed)
    }
}
