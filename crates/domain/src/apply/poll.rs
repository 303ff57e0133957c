//! What opens polls, goes on in them and closes them.

use crate::act::*;
use crate::planted::planted;
use crate::{
    Arrival, Author, Ballot, Basis, Close, Fold, Form, Hands, Holder, ItemId, MeetingId, Member, MemberId,
    Poll, PollOf, Position, Presence, Pulled, Rule, SeenHand, SeenHands, State, StatementId,
};
use std::collections::{BTreeMap, BTreeSet};

impl State {
    pub(super) fn poll_open(&mut self, id: StatementId, act: &PollOpen, at: Fold) {
        let questions = vec![act.rule.clone()];
        self.polls.insert(id, Poll::opened(PollOf::Item, vec![act.item], questions, at));
    }

    pub(super) fn form_send(&mut self, id: StatementId, act: &FormSend, at: Fold) {
        let form = PollOf::Form(Form { agency: act.agency.clone(), approver: act.approver.clone() });
        let poll = Poll::opened(form, vec![act.item], act.questions.clone(), at);
        self.polls.insert(id, Poll { asked: act.asked.iter().copied().collect(), ..poll });
    }

    pub(super) fn block_open(&mut self, id: StatementId, act: &BlockOpen, at: Fold) {
        let questions = vec![act.rule.clone()];
        self.polls.insert(id, Poll::opened(PollOf::Block, act.items.clone(), questions, at));
    }

    pub(super) fn poll_pull(&mut self, act: &PollPull, at: Fold) {
        let revs = self.current_revs(act.item).to_vec();
        if let Some(poll) = self.polls.get_mut(&act.poll) {
            poll.pulled.insert(act.item, Pulled { at: at.index, revs });
        }
    }

    pub(super) fn poll_extend(&mut self, act: &PollExtend) {
        if let Some(poll) = self.polls.get_mut(&act.poll) {
            poll.closes = Some(act.closes.get());
        }
    }

    pub(super) fn poll_recall(&mut self, act: &PollRecall, at: Fold) {
        if let Some(poll) = self.polls.get_mut(&act.poll) {
            poll.recalled = Some(at.index);
        }
    }

    pub(super) fn hands_enter(&mut self, id: StatementId, act: &HandsEnter, at: Fold) {
        let seen = match (&act.totals, &act.members) {
            (Some(totals), _) => SeenHands::Totals(*totals),
            (None, members) => SeenHands::Members(members.clone().unwrap_or_default()),
        };
        self.hands.insert(id, Hands { poll: act.poll, at: at.index, seen, confirmed: None });
    }

    pub(super) fn hands_confirm(&mut self, act: &HandsConfirm, at: Fold) {
        let Some(hands) = self.hands.get_mut(&act.hands) else { return };
        hands.confirmed = Some(at.index);
        if let Some(poll) = self.polls.get_mut(&hands.poll) {
            poll.hands.push(act.hands);
            poll.totalled |= matches!(hands.seen, SeenHands::Totals(_));
        }
    }

    pub(super) fn poll_close(&mut self, id: StatementId, at: Fold) {
        let Some(poll) = self.polls.get(&id) else { return };
        let close = Close { index: at.index, time: at.time, ..self.closing(poll) };
        if let Some(poll) = self.polls.get_mut(&id) {
            poll.close = Some(close);
        }
    }

    /// What a close would fix now; its index and time are not known here.
    pub(crate) fn closing(&self, poll: &Poll) -> Close {
        let rule = poll.rule();
        let meeting = self.meeting_of(poll.item()).and_then(|meeting| self.meetings.get(&meeting));
        let presence = |id: &MemberId| meeting.and_then(|meeting| meeting.attendance.get(id)).copied();
        let is_present = |id: &&MemberId| match presence(id) {
            Some(Presence::Substitute) => rule.substitutes,
            Some(Presence::Remote) => !rule.room,
            Some(presence) => presence.counts(),
            None => false,
        };
        let voting: Vec<&Member> = self.in_order().into_iter().filter(|m| poll.asks(m)).collect();
        let members: Vec<MemberId> = voting.iter().map(|m| m.id).collect();
        let tie_member = |rule: &Rule| {
            let tie = rule.tie.as_ref()?;
            voting.iter().find(|m| m.holds(&tie.office)).map(|m| m.id)
        };
        let revs = poll.revs(self);
        let (hands, totals) = self.confirmed_hands(poll);
        let positions = if rule.positions { self.positions_on(poll, &revs) } else { BTreeMap::new() };
        Close {
            index: 0,
            time: 0,
            present: members.iter().filter(is_present).count() as u64,
            tie_members: poll.questions.iter().map(tie_member).collect(),
            voters: members.iter().filter(|id| !rule.room || is_present(id)).copied().collect(),
            quiet: self.quiet(poll, &members, &hands),
            basis: Basis::of(&revs),
            positions,
            members,
            revs,
            hands,
            totals,
        }
    }

    /// Of whom there is no ballot, in time or not, no hand and no position, whatever it was on: nobody's objection is
    /// made a yes by coming too late.
    fn quiet(&self, poll: &Poll, members: &[MemberId], hands: &BTreeMap<MemberId, SeenHand>) -> u64 {
        if !poll.questions.iter().any(|rule| rule.silent) {
            return 0;
        }
        let heard: BTreeSet<MemberId> = poll.ballots.iter().map(|ballot| ballot.member).collect();
        let stated =
            |member: &MemberId| poll.rule().positions && self.positions.contains_key(&(poll.item(), *member));
        let quiet = |m: &&MemberId| !heard.contains(m) && !hands.contains_key(m) && !stated(m);
        members.iter().filter(quiet).count() as u64
    }

    /// Of several the one confirmed last.
    fn confirmed_hands(&self, poll: &Poll) -> (BTreeMap<MemberId, SeenHand>, Option<Totals>) {
        let (mut named, mut totals) = (BTreeMap::new(), None);
        for hands in poll.hands.iter().filter_map(|id| self.hands.get(id)) {
            match &hands.seen {
                SeenHands::Totals(seen) => totals = Some(*seen),
                SeenHands::Members(members) => {
                    let seen = |place| SeenHand { entry: hands.at, place, of: members.len() };
                    named.extend(members.iter().enumerate().map(|(place, id)| (*id, seen(place))));
                }
            }
        }
        (named, totals)
    }

    fn positions_on(&self, poll: &Poll, revs: &[crate::Rev]) -> BTreeMap<MemberId, u64> {
        let (item, basis) = (poll.item(), Basis::of(revs));
        let range = (item, MemberId([0; 16]))..=(item, MemberId([0xff; 16]));
        let stands = |position: &Position| position.basis == basis || planted("position.stale_votes");
        let of_item = self.positions.range(range).filter(|(_, position)| position.public && stands(position));
        of_item.map(|((_, member), position)| (*member, position.at)).collect()
    }

    pub(crate) fn meeting_of(&self, item: ItemId) -> Option<MeetingId> {
        self.items.get(&item).map(|item| item.meeting)
    }

    pub(super) fn ballot_cast(
        &mut self,
        statement: StatementId,
        act: &BallotCast,
        author: &Author,
        at: Fold,
    ) {
        let Holder::Member(author) = author.holder else { return };
        let member = act.in_place_of.unwrap_or(author);
        let asked = self.polls.get(&act.poll).is_some_and(|poll| {
            let votes = self.members.get(&member).is_some_and(|m| poll.asks(m));
            votes && (act.in_place_of.is_none() || self.may_substitute(poll, member, author, at.time))
        });
        let Some(poll) = self.polls.get_mut(&act.poll) else {
            self.strays.insert(at.index, member);
            return;
        };
        let past = poll.is_over(at.time) && !planted("deadline.ignored");
        let over = past || poll.totalled && !planted("hands.ballot_besides");
        let arrival = if !asked {
            Arrival::Ineligible
        } else if (!poll.is_open() || over) && !planted("ballot.late_counts") {
            Arrival::Late
        } else if poll.current_of(member).map(|current| current.statement) != act.replaces
            && !planted("ballot.replaces_ignored")
        {
            Arrival::Superseded
        } else {
            Arrival::Current
        };
        if arrival == Arrival::Current {
            poll.current.insert(member, poll.ballots.len());
        }
        poll.by_statement.insert(statement, poll.ballots.len());
        let basis = act.basis;
        let ballot = Ballot { statement, index: at.index, time: at.time, member, author, basis, arrival };
        poll.ballots.push(ballot);
    }

    /// Whether somebody may vote for a member now: he has no vote of his own.
    pub fn may_substitute(&self, poll: &Poll, member: MemberId, substitute: MemberId, time: u64) -> bool {
        let held = self.substitutes.get(&(member, substitute)).and_then(|id| self.substitutions.get(id));
        let votes = self.members.get(&substitute).is_some_and(|m| m.has_vote());
        poll.rule().substitutes && !votes && held.is_some_and(|s| s.holds(self.meeting_of(poll.item()), time))
    }
}

impl Poll {
    fn opened(of: PollOf, items: Vec<ItemId>, questions: Vec<Rule>, at: Fold) -> Poll {
        Poll {
            of,
            items,
            closes: questions[0].closes.map(crate::Int::get),
            questions,
            asked: BTreeSet::new(),
            opened_at: at.index,
            pulled: BTreeMap::new(),
            ballots: Vec::new(),
            by_statement: BTreeMap::new(),
            current: BTreeMap::new(),
            hands: Vec::new(),
            totalled: false,
            close: None,
            recalled: None,
        }
    }
}

impl Close {
    /// Whether more is counted by hand than have a vote and no ballot.
    pub(crate) fn too_many(&self, poll: &Poll) -> bool {
        let stands = |member: &MemberId| {
            let ballot = poll.current_of(*member).filter(|ballot| ballot.basis == self.basis);
            ballot.is_some() && self.has_vote(*member)
        };
        let counted = |member: &&MemberId| self.hands.contains_key(member) || stands(member);
        let seen = self.members.iter().filter(counted).count() as u64;
        seen + self.totals.map_or(0, |totals| totals.sum()) > self.members.len() as u64
    }
}
