//! The end of a story: every fault is over, and what waits arrives.

use super::Told;
use crate::cast;
use crate::disk::Image;
use crate::model::Standing;
use crate::story::Story;
use crate::world::{Role, Wrong};
use ecabinet_server::store::Store;

/// Rounds of synchronisation after the last fault in which all is settled. In the first those come who did something; in
/// the last two nothing new is done.
const ROUNDS: usize = 5;

/// Of what a copy brings back: a pairing, which no copy holds, begins anew once its waiting device is on the record again.
/// It takes four turns of the two devices, and in the worst order each of them a round.
const ROUNDS_RESTORED: usize = 7;

impl Story {
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

    /// Machines that meet in the end: the office's, which closes the polls, and those that were opened.
    pub(super) fn there(&self) -> Vec<usize> {
        let is = |at: &usize| {
            let machine = &self.world.machines[*at];
            self.stage.all || machine.begun || machine.role == Role::Office
        };
        let mut there: Vec<usize> = (0..self.world.machines.len()).filter(is).collect();
        there.sort_by_key(|at| self.world.machines[*at].role != Role::Office);
        there
    }

    /// Whether a device waits for its member, who confirms it only after several steps between the two.
    fn somebody_waits(&self, there: &[usize]) -> bool {
        let devices = &self.world.model.truth.people.devices;
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
            if round == 1 && self.world.machines[at].role == Role::Office {
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
        if !self.world.machines[at].is_person() || !self.acts(at) {
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
            let closed = match client.close_poll(body, *id) {
                // It was counted wrongly: it is asked again another day.
                Err(error) if error.code() == "hands.too_many" => client.recall_poll(body, *id, "Đếm sai"),
                closed => closed,
            };
            closed.map(|_| 1).map_err(|error| format!("closing: {}", error.0))
        })
        .sum()
    }
}
