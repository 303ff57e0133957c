//! What the state is made of.

use super::{Kept, kept_bytes, kept_choice, take};
use crate::act::Epoch;
use crate::kept;
use crate::*;

kept_bytes! {
    Hash BodyId StatementId DeviceId PublicKey
    MemberId GroupId MeetingId ItemId PaperId RevId
}

kept! {
    State {
        body, level, log_keys, ca, epochs, devices, body_recovery, recoveries, members, invitations, groups, meetings,
        items, papers, polls, strays, erased, revs, payloads,
    }
    Epoch { number, size, root }
    Device { id, keys, holder, status, enrolled_at, invited_by, confirmed_by, revoked }
    DeviceKeys { sign, enc }
    Revoked { at, time, by }
    Author { device, holder }
    Member { id, offices, order, set_at, since, until, recovery }
    Invitation { member, key, expires, issued_by, status }
    Group { members, set_at }
    Meeting { version, published_at, agenda, attendance }
    Placement { item, papers }
    Rev { paper, rev }
    Item { meeting, set_at }
    Paper { item, revs, signers, audience, signed }
    Poll { item, rule, opened_at, ballots, current, close }
    Ballot { statement, index, time, member, basis, arrival }
    Close { index, time, members, voters, tie_member, present, revs }
    Rule { choices, quorum, pass, tie, closes }
    Fraction { num, den }
    PassRule { base, num, den, strict }
    Tie { office }
}

kept_choice! {
    Holder { 0 Registrar, 1 BodyRecovery, 2 Member(id), 3 Recovery(id) }
    Audience { 0 All, 1 Registrars, 2 Office(name), 3 Group(id), 4 Member(id) }
    DeviceStatus { 0 Pending, 1 Active, 2 Revoked }
    InvitationStatus { 0 Open, 1 Used, 2 Revoked }
    Presence { 0 Present, 1 Remote, 2 Absent, 3 Substitute }
    Arrival { 0 Current, 1 Late, 2 Superseded, 3 Ineligible }
    Choice { 0 Yes, 1 No, 2 Abstain, 3 Other }
    Base { 0 Members, 1 Present, 2 Cast }
}

impl Kept for Agenda {
    fn put(&self, to: &mut Vec<u8>) {
        self.0.put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Vec::get(from).map(Agenda)
    }
}

impl Kept for Basis {
    fn put(&self, to: &mut Vec<u8>) {
        self.0.put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Hash::get(from).map(Basis)
    }
}

impl Kept for Int {
    fn put(&self, to: &mut Vec<u8>) {
        self.get().put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        u64::get(from).and_then(Int::new)
    }
}
