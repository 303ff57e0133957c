//! What came of it: how a thing that was begun has ended, and whether it may have failed so.

use super::{Story, Told};
use crate::world::{Done, Role, Wrong, is_of_the_disk};
use ecabinet_client::Error;
use ecabinet_domain::StatementId;

impl Story {
    pub(super) fn ended(&mut self, at: usize, done: Done) -> Told {
        let name = self.world.machines[at].name.clone();
        let error = match done {
            Done::Synced(Ok(_)) => {
                self.world.trace.note(|| format!("{name} has synchronised"));
                self.world.machines[at].owes = false;
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

    /// Whether a machine may fail so, now.
    fn may_fail(&self, at: usize, error: &Error) -> Told {
        let (machine, server) = (&self.world.machines[at], &self.world.server);
        let code = error.code();
        // By the whole record, and by what its app knows of it.
        let model = &self.world.model;
        let client = machine.client.as_ref();
        let known = client.and_then(|client| client.kept_folded(self.world.body()).ok());
        let known = known.map_or(model.truth.clone(), |(_, size)| model.at(size as usize));
        let may_act = |device: &String| model.truth.people.acts(device) && known.people.acts(device);
        let acts = machine.device.as_ref().is_some_and(may_act);
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
    pub(super) fn acted<T>(
        &mut self,
        at: usize,
        what: &str,
        made: Result<T, Error>,
        fair: &[&str],
    ) -> Result<Option<T>, Wrong> {
        let name = self.world.machines[at].name.clone();
        self.world.machines[at].owes = true;
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

    pub(super) fn promise(&mut self, at: usize, statement: StatementId) {
        self.world.model.acts.entry(at).or_default().insert(statement.to_string());
    }
}
