//! Voting: polls and blocks, ballots, hands.

use super::{Story, Told};
use crate::asked;
use crate::cast;
use crate::world::Role;
use ecabinet_client::{NewBallot, Seen};
use ecabinet_domain::act::Totals;
use ecabinet_domain::{Choice, Holder, Int, ItemId, Poll, Rule, State, StatementId};

impl Story {
    /// Somebody votes, for himself or in a member's place.
    pub(super) fn vote(&mut self) -> Told {
        let body = self.world.body();
        let at = self.somebodys();
        // A device that joined lately has not all of the papers' words yet; one that is out of office has no vote. A deadline may
        // have passed, hands been confirmed, a substitution have ended.
        let fair =
            ["ballot.paper_not_seen", "member.no_vote", "member.none", "poll.closed", "substitute.may_not"];
        self.does(at, "votes", &fair, |client, state, dice| {
            let open = open(state, |poll| poll.form().is_none());
            let poll = *dice.pick(&open)?;
            let me =
                client.device_of(body).ok().and_then(|own| state.devices.get(&own)).map(|own| own.holder);
            let principals: Vec<_> = state
                .substitutions
                .values()
                .filter(|known| Some(Holder::Member(known.substitute)) == me && known.ended.is_none())
                .map(|known| known.member)
                .collect();
            let in_place_of = dice.pick(&principals).copied();
            let opinion = asked::opinion(dice, state.polls[&poll].rule());
            Some(client.cast(body, NewBallot { poll, opinion, in_place_of, replace: true }))
        })
    }

    /// A poll is opened, or closed, recalled, extended, whatever is on its way.
    pub(super) fn poll(&mut self) -> Told {
        let (body, now) = (self.world.body(), self.world.now());
        let at = self.presiding();
        if self.world.dice.percent(50) {
            return self.end_one(at, |poll| poll.form().is_none());
        }
        let plain = self.stage.theme == super::stage::Theme::Usual;
        self.does(at, "opens a poll", &["capacity.not_held", "member.none"], |client, state, dice| {
            let items = placed(state);
            let item = *dice.pick(&items)?;
            let rule = if plain { asked::plain() } else { asked::rule(dice, now) };
            let few = open(state, |_| true).len() < 6;
            few.then(|| client.open_poll(body, item, rule, &asked::question()))
        })
    }

    /// Somebody who presides closes, extends or recalls one of these.
    pub(super) fn end_one(&mut self, at: Option<usize>, which: impl Fn(&Poll) -> bool) -> Told {
        let (body, now) = (self.world.body(), self.world.now());
        let roll = self.world.dice.below(10);
        let what = match roll {
            0..7 => "closes",
            7 | 8 => "extends",
            _ => "recalls",
        };
        let fair = ["poll.closed", "poll.closes", "hands.too_many", "capacity.not_held", "member.none"];
        self.does(at, what, &fair, |client, state, dice| {
            let poll = *dice.pick(&open(state, which))?;
            Some(match roll {
                0..7 => client.close_poll(body, poll),
                7 | 8 => client.extend_poll(body, poll, now + [60_000, 7_200_000][dice.below(2)]),
                _ => client.recall_poll(body, poll, "Rút lại"),
            })
        })
    }

    /// A block is opened, or an item taken out of one.
    pub(super) fn block(&mut self) -> Told {
        let (body, now) = (self.world.body(), self.world.now());
        if self.world.dice.percent(60) {
            let at = self.somebodys();
            let fair = ["block.pulled", "member.no_vote", "member.none", "poll.closed"];
            return self.does(at, "takes an item out", &fair, |client, state, dice| {
                let poll = *dice.pick(&open(state, Poll::is_block))?;
                let item = *dice.pick(&state.polls[&poll].items)?;
                Some(client.pull_item(body, poll, item, Some("Cần bàn")))
            });
        }
        let at = self.presiding();
        self.does(at, "opens a block", &["capacity.not_held", "member.none"], |client, state, dice| {
            let meetings: Vec<Vec<ItemId>> = state
                .meetings
                .values()
                .map(|meeting| meeting.agenda.0.iter().map(|place| place.item).collect())
                .filter(|items: &Vec<ItemId>| items.len() > 1)
                .collect();
            let items = dice.pick(&meetings)?.clone();
            let rule = Rule { positions: false, ..asked::rule(dice, now) };
            let few = open(state, |_| true).len() < 6;
            few.then(|| client.open_block(body, items, rule, &asked::question()))
        })
    }

    /// The office counts hands, or the chair confirms what it has counted.
    pub(super) fn hands(&mut self) -> Told {
        let body = self.world.body();
        if self.world.dice.percent(50) {
            let at = self.of_role(|role| role == Role::Person(0));
            let fair = ["hands.confirmed", "hands.overtaken", "poll.closed"];
            return self.does(at, "confirms hands", &fair, |client, state, dice| {
                let counted: Vec<StatementId> = state.hands.keys().copied().collect();
                Some(client.confirm_hands(body, *dice.pick(&counted)?))
            });
        }
        let at = self.office();
        let fair = ["hands.form", "hands.choice", "hands.too_many", "member.no_vote", "poll.closed"];
        self.does(at, "counts hands", &fair, |client, state, dice| {
            let poll = *dice.pick(&open(state, |poll| poll.form().is_none()))?;
            let seen = if dice.percent(50) {
                let [yes, no, abstain] = [0; 3].map(|_: u32| Int::from(dice.below(3) as u32));
                Seen::Totals(Totals { yes, no, abstain, other: Int::from(0u32) })
            } else {
                let seen: Vec<usize> = (0..=cast::MEMBERS).filter(|_| dice.percent(50)).collect();
                let choices = [Choice::Yes, Choice::No, Choice::Abstain];
                let hands = seen.iter().map(|at| (cast::member(*at), choices[dice.below(3)]));
                Seen::Members(hands.collect())
            };
            let none = matches!(&seen, Seen::Members(hands) if hands.is_empty());
            (!none).then(|| client.enter_hands(body, poll, seen))
        })
    }
}

/// Polls that go on, of a kind.
pub(super) fn open(state: &State, which: impl Fn(&Poll) -> bool) -> Vec<StatementId> {
    let open = state.polls.iter().filter(|(_, poll)| poll.is_open() && which(poll));
    open.map(|(id, _)| *id).collect()
}

/// What is on the agendas.
pub(super) fn placed(state: &State) -> Vec<ItemId> {
    state.meetings.values().flat_map(|meeting| &meeting.agenda.0).map(|place| place.item).collect()
}
