//! Before a vote and after it: positions, attendance, substitutes, speakers, conclusions.

use super::polls::placed;
use super::{Story, Told};
use crate::asked;
use crate::cast;
use crate::world::{DAY, Role};
use ecabinet_client::{NewConclusion, NewPosition, NewSubstitute};
use ecabinet_domain::{MeetingId, Outcome, Presence, Stance, StatementId};

impl Story {
    pub(super) fn position(&mut self) -> Told {
        let body = self.world.body();
        let at = self.somebodys();
        self.does(at, "states a position", &["member.no_vote", "member.none"], |client, state, dice| {
            let item = *dice.pick(&placed(state))?;
            let choice = [Stance::Agree, Stance::Speak, Stance::Object][dice.below(3)];
            Some(client.state_position(body, NewPosition { item, choice, text: Some("Vì sao".into()) }))
        })
    }

    /// The office or the chair concludes, or the chair makes the office's conclusion his own.
    pub(super) fn conclusion(&mut self) -> Told {
        let body = self.world.body();
        if self.world.dice.percent(40) {
            let at = self.of_role(|role| role == Role::Person(0));
            let fair = ["conclusion.confirmed", "conclusion.replaced"];
            return self.does(at, "confirms a conclusion", &fair, |client, state, dice| {
                let known: Vec<StatementId> = state.concluded.keys().copied().collect();
                Some(client.confirm_conclusion(body, *dice.pick(&known)?))
            });
        }
        let at = self.presiding();
        let fair = [
            "conclusion.waiting",
            "conclusion.poll",
            "poll.open",
            "member.retired",
            "capacity.not_held",
            "member.none",
        ];
        self.does(at, "concludes", &fair, |client, state, dice| {
            let item = *dice.pick(&placed(state))?;
            let outcomes = [Outcome::Adopted, Outcome::Changes, Outcome::Deferred, Outcome::Rejected];
            let outcome = outcomes[dice.below(4)];
            let by = (outcome == Outcome::Changes).then(|| cast::member(dice.below(cast::PEOPLE)));
            // Also one out of which the item was taken.
            let about: Vec<StatementId> = state
                .polls
                .iter()
                .filter(|(_, poll)| poll.items.contains(&item))
                .map(|(id, _)| *id)
                .collect();
            let poll = dice.pick(&about).copied().filter(|_| dice.percent(70));
            Some(client.conclude(body, NewConclusion { item, outcome, by, poll, text: "Kết luận".into() }))
        })
    }

    /// A member says whether he comes, or the office who has come.
    pub(super) fn attendance(&mut self) -> Told {
        let body = self.world.body();
        let presences = [Presence::Present, Presence::Remote, Presence::Absent, Presence::Substitute];
        let presence = presences[self.world.dice.below(4)];
        if self.world.dice.percent(40) {
            let at = self.somebodys();
            return self.does(at, "claims", &["member.no_vote", "member.none"], |client, state, dice| {
                let meeting = *dice.pick(&state.meetings.keys().copied().collect::<Vec<_>>())?;
                // Nobody says of himself that another is there for him.
                let claim = if presence == Presence::Substitute { Presence::Absent } else { presence };
                Some(client.claim_attendance(body, meeting, claim, Some("Công tác")))
            });
        }
        let at = self.office();
        self.does(at, "notes who is there", &["member.no_vote"], |client, state, dice| {
            let meeting = *dice.pick(&state.meetings.keys().copied().collect::<Vec<MeetingId>>())?;
            let member = cast::member(dice.below(cast::MEMBERS));
            Some(client.set_attendance(body, meeting, member, presence))
        })
    }

    /// A substitute is asked for, approved, or done.
    pub(super) fn substitute(&mut self) -> Told {
        let (body, now) = (self.world.body(), self.world.now());
        match self.world.dice.below(5) {
            0..2 => {
                let at = self.somebodys();
                let fair = [
                    "substitute.again",
                    "substitute.person",
                    "member.no_vote",
                    "member.none",
                    "member.retired",
                ];
                self.does(at, "asks for a substitute", &fair, |client, state, dice| {
                    let meetings: Vec<MeetingId> = state.meetings.keys().copied().collect();
                    let meeting = dice.pick(&meetings).copied().filter(|_| dice.percent(60));
                    let at = if dice.percent(85) { cast::AIDE } else { 1 + dice.below(cast::MEMBERS) };
                    let until = now + [600_000, 3_600_000, 2 * DAY as u64][dice.below(3)];
                    let substitute = cast::member(at);
                    let new = asked::substitute(meeting, now);
                    Some(client.ask_substitute(body, NewSubstitute { substitute, until, ..new }))
                })
            }
            2..4 => {
                let at = self.presiding();
                let fair = ["substitute.approved", "substitute.ended", "capacity.not_held", "member.none"];
                self.does(at, "approves a substitute", &fair, |client, state, dice| {
                    let asked: Vec<StatementId> = state.substitutions.keys().copied().collect();
                    Some(client.approve_substitute(body, *dice.pick(&asked)?))
                })
            }
            _ => {
                let at = self.somebodys();
                let fair = ["substitute.ended", "capacity.not_held", "member.none"];
                self.does(at, "ends a substitution", &fair, |client, state, dice| {
                    let asked: Vec<StatementId> = state.substitutions.keys().copied().collect();
                    Some(client.end_substitute(body, *dice.pick(&asked)?, None))
                })
            }
        }
    }

    /// Who wishes to speak says so, or no more; who presides keeps the list.
    pub(super) fn floor(&mut self) -> Told {
        let body = self.world.body();
        if self.world.dice.percent(30) {
            let at = self.presiding();
            let fair = ["member.retired", "capacity.not_held", "member.none"];
            return self.does(at, "orders the floor", &fair, |client, state, dice| {
                let item = *dice.pick(&placed(state))?;
                let members = (0..cast::MEMBERS).filter(|_| dice.percent(50)).map(cast::member).collect();
                Some(client.order_floor(body, item, members))
            });
        }
        let at = self.somebodys();
        self.does(
            at,
            "asks for the floor",
            &["floor.again", "floor.none", "member.none"],
            |client, state, dice| {
                let item = *dice.pick(&placed(state))?;
                Some(if dice.percent(70) {
                    client.ask_floor(body, item)
                } else {
                    client.leave_floor(body, item)
                })
            },
        )
    }
}
