//! Who belongs to the cabinet, and with which devices.

use super::{Guest, Story, Told};
use crate::cast;
use crate::model::Standing;
use crate::world::{DAY, Done, PIN, Role};
use ecabinet_domain::{DeviceId, Member};

impl Story {
    pub(super) fn join(&mut self, at: usize) -> Told {
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

    pub(super) fn had_joined(&mut self, at: usize) -> Told {
        let Some(client) = self.world.client(at)? else { return Ok(()) };
        let guest = self.guests.iter_mut().find(|guest| guest.machine == at).expect("invited");
        guest.joined = true;
        self.world.line.between().belongs_now(at);
        let device = client.device_of(self.world.body()).map_err(|error| error.0.to_string())?;
        let machine = &mut self.world.machines[at];
        (machine.role, machine.device) = (Role::Person(guest.member), Some(device.to_string()));
        Ok(())
    }

    /// The person has his recovery code from the screen, and says so.
    pub(super) fn write_code_down(&mut self, at: usize) -> Told {
        let Some(client) = self.world.machines[at].client.clone() else { return Ok(()) };
        let body = self.world.body();
        let code = client.recovery_code(body).map_err(|error| format!("the recovery code: {}", error.0))?;
        let Some(code) = code else { return Ok(()) };
        self.world.machines[at].code = Some(code);
        let told = client.recovery_code_told(body);
        drop(client);
        self.acted(at, "writes down the recovery code", told, &[]).map(drop)
    }

    /// The registrar invites, retires, takes back and revokes; the cabinet stays able to go on.
    pub(super) fn people(&mut self) -> Told {
        let Some(at) = self.of_role(|role| role == Role::Registrar) else { return Ok(()) };
        let Some(client) = self.open(at)? else { return Ok(()) };
        let body = self.world.body();
        let anyone = self.world.dice.below(cast::PEOPLE);
        let member = if self.world.dice.percent(50) { self.stage.hero } else { anyone };
        let roll = self.world.dice.below(10);
        let on_stage = self.stage.machines.iter().map(|m| (*m, &self.world.machines[*m]));
        let known: Vec<(usize, DeviceId)> = on_stage
            .filter(|(_, machine)| machine.is_person())
            .filter_map(|(m, machine)| Some((m, machine.device.as_ref()?.parse().ok()?)))
            .collect();
        let (what, made) = match roll {
            0..5 => {
                let spare = self.stage.machines.iter().find(|m| {
                    self.world.machines[**m].role == Role::Spare
                        && self.guests.iter().all(|g| g.machine != **m)
                });
                let Some(machine) = spare.copied() else { return Ok(()) };
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
                // Some lose their vote and stay, somebody may head the office: the chair remains the chair.
                let offices: &[&str] = match self.world.dice.below(8) {
                    0 | 1 if member != 0 => &["staff"],
                    2 if member != 0 => &[Member::VOTE, Member::HEAD],
                    3 if member != 0 => &[Member::VOTE],
                    _ => &[],
                };
                let made = client.add_members(body, vec![cast::person(member, offices)]);
                drop(client);
                return self.acted(at, "puts a member in office", made, &[]).map(drop);
            }
            _ => return Ok(()),
        };
        drop(client);
        // Unknown: one that joined lately, of which the registrar has not heard yet.
        let fair = ["device.revoked", "device.unknown", "member.retired"];
        if let Some(made) = self.acted(at, what, made, &fair)? {
            self.promise(at, made);
        }
        Ok(())
    }

    /// A member confirms a further device of his: on one that he has, by the six digits, or on itself by his printed code.
    pub(super) fn confirm(&mut self) -> Told {
        let (machines, devices) = (&self.world.machines, &self.world.model.truth.people.devices);
        let waits = |device: &String| devices.get(device).is_some_and(|(_, how)| *how == Standing::Pending);
        let mut waiting = self.stage.machines.iter().filter_map(|at| {
            let device = machines[*at].device.as_ref().filter(|device| waits(device))?;
            Some((*at, device.clone()))
        });
        let Some((new, device)) = waiting.next() else { return Ok(()) };
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
    pub(super) fn forgotten_pin(&mut self) -> Told {
        let Some(at) = self.somebodys() else { return Ok(()) };
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
}
