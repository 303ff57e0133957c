//! What the state is made of.

use super::{Kept, kept_bytes, kept_choice, take};
use crate::act::{Epoch, Totals};
use crate::kept;
use crate::*;

kept_bytes! {
    Hash BodyId StatementId DeviceId PublicKey
    MemberId GroupId MeetingId ItemId PaperId RevId
}

kept! {
    State {
        body, level, log_keys, ca, epochs, devices, body_recovery, recoveries, members, invitations, groups, meetings,
        items, papers, polls, hands, staff, substitutions, positions, floors, conclusions, concluded, replies, replied, substitutes, strays, erased,
        revs, payloads,
    }
    Epoch { number, size, root }
    Device { id, keys, holder, status, enrolled_at, invited_by, confirmed_by, revoked }
    DeviceKeys { sign, enc }
    Revoked { at, time, by }
    Author { device, holder }
    Member { id, offices, order, set_at, since, until, gave_up, recovery }
    Invitation { member, key, expires, issued_by, status }
    Group { members, set_at }
    Staff { members, set_at, left }
    Meeting { version, published_at, agenda, attendance, claims }
    Placement { item, papers }
    Rev { paper, rev }
    Item { meeting, set_at }
    Paper { item, revs, signers, audience, signed }
    Poll {
        of, items, questions, asked, opened_at, closes, pulled, ballots, by_statement, current, hands, totalled, close,
        recalled,
    }
    Form { agency, approver }
    Pulled { at, revs }
    Hands { poll, at, seen, confirmed }
    Totals { yes, no, abstain, other }
    Ballot { statement, index, time, member, author, basis, arrival }
    Close { index, time, members, voters, tie_members, present, revs, basis, hands, totals, positions, quiet }
    SeenHand { entry, place, of }
    Position { statement, at, basis, public }
    Substitution { member, substitute, meeting, from, until, asked_at, approved, ended }
    Conclusion { statement, at, outcome, by, poll, confirmed }
    Reply { statement, at, form, taken, approved }
    Rule {
        choices, quorum, pass, tie, closes, options, yes, silent, objection, hard, substitutes, room, positions, running,
        see,
    }
    Options { count, most }
    Fraction { num, den }
    PassRule { base, num, den, strict }
    Tie { office }
}

kept_choice! {
    Holder { 0 Registrar, 1 BodyRecovery, 2 Member(id), 3 Recovery(id) }
    Audience { 0 All, 1 Registrars, 2 Office(name), 3 Group(id), 4 Member(id), 5 Staff(of) }
    DeviceStatus { 0 Pending, 1 Active, 2 Revoked }
    InvitationStatus { 0 Open, 1 Used, 2 Revoked }
    Presence { 0 Present, 1 Remote, 2 Absent, 3 Substitute }
    Arrival { 0 Current, 1 Late, 2 Superseded, 3 Ineligible }
    PollOf { 0 Item, 1 Block, 2 Form(form) }
    SeenHands { 0 Totals(totals), 1 Members(members) }
    Outcome { 0 Adopted, 1 Changes, 2 Deferred, 3 Rejected }
    Taken { 0 Yes, 1 Part, 2 Explained }
    Choice { 0 Yes, 1 No, 2 Abstain, 3 Other, 4 Option, 5 Alternative }
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
