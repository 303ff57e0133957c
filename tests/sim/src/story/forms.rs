//! Opinion forms: sent, answered, extended, closed, recalled.

use super::polls::{open, placed};
use super::{Story, Told};
use crate::asked;
use crate::cast;
use ecabinet_client::NewAnswer;

impl Story {
    /// A form is sent, or one that goes on is closed, extended, recalled.
    pub(super) fn form(&mut self) -> Told {
        let (body, now) = (self.world.body(), self.world.now());
        let at = self.presiding();
        if self.world.dice.percent(60) {
            return self.end_one(at, |poll| poll.form().is_some());
        }
        let fair = ["form.not_approved", "member.no_vote", "capacity.not_held", "member.none"];
        self.does(at, "sends a form", &fair, |client, state, dice| {
            let item = *dice.pick(&placed(state))?;
            let rules = asked::form_rules(dice, now);
            let some = dice.percent(50);
            let asked = (0..=cast::MEMBERS).filter(|_| some && dice.percent(60)).map(cast::member).collect();
            let few = open(state, |_| true).len() < 6;
            few.then(|| client.send_form(body, asked::form(item, rules, asked)))
        })
    }

    pub(super) fn answer(&mut self) -> Told {
        let body = self.world.body();
        let at = self.somebodys();
        let fair = ["ballot.paper_not_seen", "form.not_asked", "member.none", "poll.closed"];
        self.does(at, "answers", &fair, |client, state, dice| {
            let form = *dice.pick(&open(state, |poll| poll.form().is_some()))?;
            let questions = &state.polls[&form].questions;
            let opinions = questions.iter().map(|rule| asked::opinion(dice, rule)).collect();
            Some(client.answer_form(body, NewAnswer { form, opinions, advice: None, replace: true }))
        })
    }
}
