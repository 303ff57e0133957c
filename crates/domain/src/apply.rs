//! What a statement that holds does to the state. Total: it never fails.

use crate::act::*;
mod debate;
mod poll;

use crate::state::{Group, Staff};
use crate::{
    Act, Audience, Author, BodyId, Device, DeviceId, DeviceKeys, DeviceStatus, Fold, Header, Holder,
    Invitation, InvitationStatus, Item, Member, Paper, Refusal, Rev, Revoked, State, Statement,
};
use std::collections::{BTreeMap, BTreeSet};

impl State {
    /// Whether the statement may stand here; see RECORD rules 12 to 14.
    pub fn decide(&self, statement: &Statement, author: &Author, at: Fold) -> Result<(), Refusal> {
        crate::decide::decide(self, statement, author, at)
    }

    /// The first state. `device_id` names a pair of keys (a hash, which this crate does not make).
    pub fn genesis(
        statement: &Statement,
        device_id: impl Fn(&DeviceKeys) -> DeviceId,
    ) -> Result<State, Refusal> {
        let Act::BodyGenesis(act) = &statement.header.act else {
            return Err(Refusal::new("genesis.missing"));
        };
        let mut state = State {
            body: BodyId::from(statement.id),
            level: act.level.get(),
            log_keys: vec![(0, act.log_key)],
            ca: act.ca,
            epochs: Vec::new(),
            devices: BTreeMap::new(),
            body_recovery: (device_id(&act.recovery), act.recovery),
            recoveries: BTreeMap::new(),
            members: BTreeMap::new(),
            invitations: BTreeMap::new(),
            groups: BTreeMap::new(),
            meetings: BTreeMap::new(),
            items: BTreeMap::new(),
            papers: BTreeMap::new(),
            polls: BTreeMap::new(),
            hands: BTreeMap::new(),
            staff: BTreeMap::new(),
            substitutions: BTreeMap::new(),
            positions: BTreeMap::new(),
            floors: BTreeMap::new(),
            conclusions: BTreeMap::new(),
            concluded: BTreeMap::new(),
            replies: BTreeMap::new(),
            replied: BTreeMap::new(),
            substitutes: BTreeMap::new(),
            strays: BTreeMap::new(),
            erased: BTreeMap::new(),
            revs: BTreeSet::new(),
            payloads: BTreeSet::from([0]),
        };
        for keys in &act.registrars {
            state.add_registrar(device_id(keys), *keys, 0);
        }
        let count = act.registrars.len();
        let distinct = state.devices.len() == count && !state.devices.contains_key(&state.body_recovery.0);
        let author = state.devices.contains_key(&statement.header.device);
        let seen = statement.header.seen.size.get() == 0;
        let level = statement.header.level == 1 && act.level.get() == 1;
        if !level || !(1..=16).contains(&count) || !distinct || !author || !seen {
            return Err(Refusal::new("genesis.invalid"));
        }
        if !statement.header.capacity.is(crate::As::REGISTRAR) {
            return Err(Refusal::new("capacity.may_not"));
        }
        Ok(state)
    }

    /// Folds in a statement that `decide` accepted.
    pub fn apply(
        &mut self,
        statement: &Statement,
        author: &Author,
        at: Fold,
        id: impl Fn(&DeviceKeys) -> DeviceId,
    ) {
        let Header { act, audience, payload, device, .. } = &statement.header;
        if payload.is_some() {
            self.payloads.insert(at.index);
        }
        match act {
            Act::BodyGenesis(_) => {}
            Act::BodyLevel(act) => self.level = act.level.get(),
            Act::RegistrarChange(act) => {
                for removed in &act.remove {
                    self.device_revoke(*removed, author, at);
                }
                for keys in &act.add {
                    self.add_registrar(id(keys), *keys, at.index);
                }
            }
            Act::LogKey(act) => self.log_keys.push((at.index + 2, act.key)),
            Act::CaSet(act) => self.ca = act.ca,
            Act::Epoch(act) => self.epochs.push((at.index, act.clone())),
            Act::MemberAdd(act) => self.member_add(act, at),
            Act::MemberRetire(act) => {
                if let Some(member) = self.members.get_mut(&act.member) {
                    let offices = member.offices.iter().filter(|_| member.until.is_none());
                    member.gave_up.extend(offices.map(|office| (office.clone(), at.index)));
                    member.until = Some(at.index);
                }
            }
            Act::InvitationIssue(act) => {
                let invitation = Invitation {
                    member: act.member,
                    key: act.key,
                    expires: act.expires.get(),
                    issued_by: author.device,
                    status: InvitationStatus::Open,
                };
                self.invitations.insert(statement.id, invitation);
            }
            Act::InvitationRevoke(act) => {
                if let Some(invitation) = self.invitations.get_mut(&act.invitation) {
                    invitation.status = InvitationStatus::Revoked;
                }
            }
            Act::DeviceEnrol(act) => self.device_enrol(*device, act, at, id),
            Act::DeviceConfirm(act) => self.device_confirm(act.device, author),
            Act::DeviceRevoke(act) => self.device_revoke(act.device, author, at),
            Act::GroupSet(act) => {
                self.groups.insert(act.group, Group { members: act.members.clone(), set_at: at.index });
            }
            Act::ItemSet(act) => {
                self.meetings.entry(act.meeting).or_default();
                self.items.insert(act.item, Item { meeting: act.meeting, set_at: at.index });
            }
            Act::PaperPublish(act) => {
                self.revs.insert(act.rev);
                let paper = self.papers.entry(act.paper).or_insert_with(|| Paper {
                    item: act.item,
                    revs: Vec::new(),
                    signers: Vec::new(),
                    audience: Vec::new(),
                    signed: BTreeMap::new(),
                });
                paper.revs.push((act.rev, at.index));
                paper.signers = act.signers.clone();
                paper.audience = audience.clone();
            }
            Act::MeetingPublish(act) => {
                let meeting = self.meetings.entry(act.meeting).or_default();
                meeting.version = act.version.get();
                meeting.published_at = Some(at.index);
                meeting.agenda = act.agenda.clone();
            }
            Act::AttendanceSet(act) => {
                if let Some(meeting) = self.meetings.get_mut(&act.meeting) {
                    meeting.attendance.insert(act.member, act.state);
                }
            }
            Act::PaperSign(act) => self.paper_sign(act, author, at),
            Act::PayloadErase(act) => {
                self.erased.insert(act.entry.get(), at.index);
            }
            Act::PollOpen(act) => self.poll_open(statement.id, act, at),
            Act::FormSend(act) => self.form_send(statement.id, act, at),
            Act::BlockOpen(act) => self.block_open(statement.id, act, at),
            Act::PollPull(act) => self.poll_pull(act, at),
            Act::PollExtend(act) => self.poll_extend(act),
            Act::PollRecall(act) => self.poll_recall(act, at),
            Act::HandsEnter(act) => self.hands_enter(statement.id, act, at),
            Act::HandsConfirm(act) => self.hands_confirm(act, at),
            Act::StaffSet(act) => self.staff_set(act, at),
            Act::PositionState(act) => {
                let public = audience.contains(&Audience::All);
                self.position_state(statement.id, act, author, at, public);
            }
            Act::AttendanceClaim(act) => self.attendance_claim(act, author, at),
            Act::SubstituteAsk(act) => self.substitute_ask(statement.id, act, author, at),
            Act::SubstituteApprove(act) => self.substitute_approve(act, at),
            Act::SubstituteEnd(act) => self.substitute_end(act, at),
            Act::FloorAsk(act) => self.floor_ask(act, author),
            Act::FloorLeave(act) => self.floor_leave(act, author),
            Act::FloorOrder(act) => {
                self.floors.insert(act.item, act.members.clone());
            }
            Act::ConclusionWrite(act) => {
                self.conclusion_write(statement.id, act, &statement.header.capacity, at);
            }
            Act::ConclusionConfirm(act) => self.conclusion_confirm(act, at),
            Act::ReplyWrite(act) => self.reply_write(statement.id, act, at),
            Act::ReplyApprove(act) => self.reply_approve(act, at),
            Act::PollClose(act) => self.poll_close(act.poll, at),
            Act::BallotCast(act) => self.ballot_cast(statement.id, act, author, at),
        }
    }

    fn staff_set(&mut self, act: &StaffSet, at: Fold) {
        let former = self.staff.remove(&act.member);
        let mut left = former.as_ref().map(|former| former.left.clone()).unwrap_or_default();
        left.extend(former.into_iter().flat_map(|former| former.members).map(|person| (person, at.index)));
        left.retain(|person, _| !act.staff.contains(person));
        self.staff.insert(act.member, Staff { members: act.staff.clone(), set_at: at.index, left });
    }

    fn add_registrar(&mut self, id: DeviceId, keys: DeviceKeys, index: u64) {
        let device = Device {
            id,
            keys,
            holder: Holder::Registrar,
            status: DeviceStatus::Active,
            enrolled_at: index,
            invited_by: None,
            confirmed_by: None,
            revoked: None,
        };
        self.devices.insert(id, device);
    }

    fn device_confirm(&mut self, device: DeviceId, author: &Author) {
        if let Some(device) = self.devices.get_mut(&device) {
            device.status = DeviceStatus::Active;
            device.confirmed_by = Some(*author);
        }
    }

    fn device_revoke(&mut self, device: DeviceId, author: &Author, at: Fold) {
        if let Some(device) = self.devices.get_mut(&device) {
            device.status = DeviceStatus::Revoked;
            device.revoked = Some(Revoked { at: at.index, time: at.time, by: *author });
        }
    }

    fn member_add(&mut self, act: &MemberAdd, at: Fold) {
        let former = self.members.get(&act.member);
        let since = former.filter(|m| m.in_office()).map_or(at.index, |m| m.since);
        let mut gave_up = former.map_or(BTreeMap::new(), |m| m.gave_up.clone());
        let held = former.into_iter().filter(|m| m.in_office()).flat_map(|m| &m.offices);
        gave_up.extend(held.map(|office| (office.clone(), at.index)));
        gave_up.retain(|office, _| !act.offices.contains(office));
        let member = Member {
            id: act.member,
            offices: act.offices.clone(),
            order: act.order.get(),
            set_at: at.index,
            since,
            until: None,
            gave_up,
            recovery: former.and_then(|m| m.recovery),
        };
        self.members.insert(act.member, member);
    }

    fn device_enrol(
        &mut self,
        id: DeviceId,
        act: &DeviceEnrol,
        at: Fold,
        name: impl Fn(&DeviceKeys) -> DeviceId,
    ) {
        let Some(invitation) = self.invitations.get_mut(&act.invitation) else { return };
        invitation.status = InvitationStatus::Used;
        let (member, invited_by) = (invitation.member, Some(invitation.issued_by));
        let first = self.devices_of(member).is_empty();
        let status = if first { DeviceStatus::Active } else { DeviceStatus::Pending };
        let keys = DeviceKeys { sign: act.sign, enc: act.enc };
        let device = Device {
            id,
            keys,
            holder: Holder::Member(member),
            status,
            enrolled_at: at.index,
            invited_by,
            confirmed_by: None,
            revoked: None,
        };
        self.devices.insert(id, device);
        if let (Some(recovery), Some(member)) = (act.recovery, self.members.get_mut(&member)) {
            member.recovery = Some(recovery);
            self.recoveries.insert(name(&recovery), member.id);
        }
    }

    fn paper_sign(&mut self, act: &PaperSign, author: &Author, at: Fold) {
        self.revs.insert(act.new_rev);
        let Some(paper) = self.papers.get_mut(&act.paper) else { return };
        paper.revs.push((act.new_rev, at.index));
        if let Holder::Member(member) = author.holder {
            paper.signed.insert(act.new_rev, member);
        }
        let item = paper.item;
        let Some(meeting) = self.items.get(&item).and_then(|i| self.meetings.get_mut(&i.meeting)) else {
            return;
        };
        let places = meeting.agenda.0.iter_mut().filter(|place| place.item == item);
        for rev in places.flat_map(|place| place.papers.iter_mut()).filter(|rev| rev.paper == act.paper) {
            *rev = Rev { paper: act.paper, rev: act.new_rev };
        }
    }
}
