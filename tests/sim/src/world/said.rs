//! What the server said, held against what it may say.

use super::{World, Wrong};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_record::Checkpoint;
use std::mem::take;

impl World {
    /// Holds what has come to the machines against what it may be.
    pub(super) fn check_said(&mut self) -> Result<(), Wrong> {
        let (notes, released, refused) = {
            let mut between = self.line.between();
            (take(&mut between.checkpoints), take(&mut between.released), take(&mut between.refused))
        };
        if self.body.is_none() {
            return Ok(());
        }
        for note in notes {
            if Checkpoint::parse(&note).is_none() {
                return Err("the server's checkpoint is none".into());
            }
            self.model.note_checkpoint(&note)?;
        }
        for (machine, index) in released {
            let line = &self.model.lines[index as usize];
            let Some(to) = self.model.truth.sealed(&line.id) else { continue };
            let his = self.machines[machine].device.as_deref();
            let his = his.and_then(|device| self.model.truth.people.holder(device));
            if !his.is_some_and(|his| to.iter().any(|to| to == his)) {
                let name = &self.machines[machine].name;
                return Err(format!("{name} is shown {} of an open poll", line.kind));
            }
        }
        refused.iter().try_for_each(|(header, refusal)| {
            self.model.refused(header, &refusal.code, refusal.size as usize, refusal.time)
        })
    }

    /// Holds whom the server has let read a shared space against who belongs to it at that moment.
    pub(super) fn check_served(&mut self) -> Result<(), Wrong> {
        let served = take(&mut self.line.between().served);
        // Who belongs by an earlier copy of the record is another question.
        let Some(body) = self.body.filter(|_| !self.server.restored) else { return Ok(()) };
        for (machine, space) in served.into_iter().filter(|(_, space)| SpaceOwner::is_shared(*space)) {
            let people = &self.model.truth.people;
            let Some(device) = self.machines[machine].device.as_deref() else { continue };
            let is_it = |group: &String| {
                group.parse::<SpaceOwner>().is_ok_and(|owner| owner.shared_id(body) == Some(space))
            };
            if !people.groups().iter().any(|group| is_it(group) && people.shares(group, device)) {
                let name = &self.machines[machine].name;
                return Err(format!("{name} reads a space to which it does not belong"));
            }
        }
        Ok(())
    }
}
