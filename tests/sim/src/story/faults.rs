//! What goes wrong: programs end, power is cut, disks fill, clocks jump.

use super::{Story, Told};
use crate::disk::Stop;
use crate::world::DAY;
use ecabinet_server::store::Store;
use std::sync::atomic::Ordering;

impl Story {
    pub(super) fn close(&mut self, at: usize) {
        let machine = &mut self.world.machines[at];
        machine.tasks.clear();
        machine.client = None;
        self.world.notice();
    }

    pub(super) fn restart(&mut self, at: usize) -> Told {
        if self.world.machines[at].client.is_some() {
            self.close(at);
        }
        self.open(at).map(drop)
    }

    fn some_stop(&mut self) -> Stop {
        [Stop::Kill, Stop::PowerCut, Stop::Torn][self.world.dice.below(3)]
    }

    /// The power may be cut within the next few steps.
    pub(super) fn may_be_cut_off(&mut self, at: usize) {
        if self.world.dice.percent(30) {
            let steps = 1 + self.world.dice.below(12) as u64;
            self.world.machines[at].disk.cut_after(steps);
        }
    }

    /// At once, or in the middle of one of the next steps towards the disk.
    pub(super) fn crash(&mut self, at: usize) -> Told {
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

    pub(super) fn crash_server(&mut self) -> Told {
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

    pub(super) fn disk_full(&mut self, at: usize) -> Told {
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

    pub(super) fn clocks(&mut self, at: usize) -> Told {
        let skew = [-DAY, 0, DAY, 120_000][self.world.dice.below(4)];
        if self.world.dice.percent(30) {
            self.world.trace.note(|| format!("the server's clock is {skew} ms wrong"));
            self.world.server.clock.skew.store(skew, Ordering::Relaxed);
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
