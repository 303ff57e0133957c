//! Who belongs to the body: members and their offices, devices, staff, and who shares a space with whom.

use super::line::{Line, device_id, distinct, need};
use std::collections::BTreeMap;

#[derive(Clone, Default)]
pub struct People {
    members: BTreeMap<String, Member>,
    /// Device → member (none: a registrar) and whether it may act.
    pub devices: BTreeMap<String, (Option<String>, Standing)>,
    invitations: BTreeMap<String, String>,
    /// First device of a member → the one that his printed code stands for.
    pub printed: BTreeMap<String, String>,
    /// Who prepares for whom.
    staff: BTreeMap<String, Vec<String>>,
}

#[derive(Clone)]
struct Member {
    order: u64,
    offices: Vec<String>,
    in_office: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Active,
    Pending,
    Revoked,
}

impl People {
    pub fn take(&mut self, line: &Line) -> Result<(), String> {
        let member = line.text("member");
        match line.kind.as_str() {
            "body.genesis" => {
                self.devices.insert(line.device.clone(), (None, Standing::Active));
            }
            "member.add" => {
                let order = line.number("order");
                self.members
                    .insert(member, Member { order, offices: line.texts("offices"), in_office: true });
            }
            "member.retire" => {
                self.members.get_mut(&member).ok_or("a stranger is retired")?.in_office = false;
            }
            "invitation.issue" => {
                self.invitations.insert(line.id.clone(), member);
            }
            "device.enrol" => self.enrol(line)?,
            "device.confirm" => self.stand(line, Standing::Active)?,
            "device.revoke" => self.stand(line, Standing::Revoked)?,
            "staff.set" => {
                let staff = line.texts("staff");
                need(self.is_in_office(&member), "who is out of office is given staff")?;
                let known = staff.iter().all(|id| *id != member && self.members.contains_key(id));
                need(known && distinct(&staff), "somebody's staff is not of the body's people")?;
                self.staff.insert(member, staff);
            }
            _ => {}
        }
        Ok(())
    }

    fn enrol(&mut self, line: &Line) -> Result<(), String> {
        let used = self.invitations.remove(&line.text("invitation"));
        let member = used.ok_or("an invitation is used twice")?;
        let first = !self.devices.values().any(|(of, _)| of.as_ref() == Some(&member));
        let standing = if first { Standing::Active } else { Standing::Pending };
        self.devices.insert(line.device.clone(), (Some(member.clone()), standing));
        if !line.data["recovery"].is_null() {
            // The printed code acts for its member too.
            let code = device_id(&line.data["recovery"]);
            self.printed.insert(line.device.clone(), code.clone());
            self.devices.insert(code, (Some(member), Standing::Active));
        }
        Ok(())
    }

    fn stand(&mut self, line: &Line, standing: Standing) -> Result<(), String> {
        self.devices.get_mut(&line.text("device")).ok_or("no such device")?.1 = standing;
        Ok(())
    }

    /// Whose device it is, if it is a member's.
    pub fn holder(&self, device: &str) -> Option<&str> {
        self.devices.get(device)?.0.as_deref()
    }

    pub fn acts(&self, device: &str) -> bool {
        self.devices.get(device).is_some_and(|(member, standing)| {
            *standing == Standing::Active && member.as_ref().is_none_or(|member| self.is_in_office(member))
        })
    }

    /// Whether what a device says may be said by its person in that capacity.
    pub fn may_say(&self, line: &Line) -> Result<(), String> {
        let offices: &[&str] = match line.kind.as_str() {
            "staff.set" => &["registrar"],
            "poll.pull" | "position.state" | "attendance.claim" | "substitute.ask" | "floor.ask"
            | "floor.leave" | "ballot.cast" => &["member"],
            "hands.enter" | "attendance.set" => &["secretariat"],
            "hands.confirm" | "conclusion.confirm" => &["chair"],
            "poll.open" | "poll.close" | "block.open" | "poll.extend" | "poll.recall"
            | "substitute.approve" | "floor.order" | "conclusion.write" => &["chair", "secretariat"],
            "form.send" => &["chair", "secretariat", "head"],
            "substitute.end" => &["member", "chair", "secretariat"],
            _ => return Ok(()),
        };
        let held = match self.holder(&line.device) {
            None => line.capacity == "registrar",
            Some(member) => line.capacity == "member" || self.holds(member, &line.capacity),
        };
        need(held && offices.contains(&line.capacity.as_str()), "its author may not say so")
    }

    pub fn is_in_office(&self, member: &str) -> bool {
        self.members.get(member).is_some_and(|member| member.in_office)
    }

    pub fn holds(&self, member: &str, office: &str) -> bool {
        let held = |member: &Member| member.in_office && member.offices.iter().any(|held| held == office);
        self.members.get(member).is_some_and(held)
    }

    pub fn votes(&self, member: &str) -> bool {
        self.holds(member, "member")
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.members.keys()
    }

    pub fn somebody_holds(&self, office: &str) -> bool {
        self.members.keys().any(|member| self.holds(member, office))
    }

    /// Who has a vote, in protocol order.
    pub fn voters(&self) -> Vec<String> {
        let mut voters: Vec<_> = self.members.iter().filter(|(id, _)| self.votes(id)).collect();
        voters.sort_by_key(|(id, member)| (member.order, id.to_string()));
        voters.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// Whether a device's person belongs to a group, `all` or `staff:<member>`, and the device may act for him.
    pub fn shares(&self, group: &str, device: &str) -> bool {
        let Some(person) = self.holder(device).filter(|_| self.acts(device)) else { return false };
        match group.strip_prefix("staff:") {
            None => self.votes(person),
            Some(member) => {
                let staff = self.staff.get(member).map(Vec::as_slice).unwrap_or_default();
                let of_it = person == member || staff.iter().any(|id| id == person);
                !staff.is_empty() && of_it && self.is_in_office(member)
            }
        }
    }

    /// Whether he is in anybody's staff now, or has any.
    pub fn is_of_teams(&self, person: &str) -> bool {
        self.staff.iter().any(|(of, staff)| of == person || staff.iter().any(|id| id == person))
    }

    /// The group of all, and one for each who was ever given staff.
    pub fn groups(&self) -> Vec<String> {
        let staffs = self.staff.keys().map(|member| format!("staff:{member}"));
        staffs.chain(["all".to_owned()]).collect()
    }
}
