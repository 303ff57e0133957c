//! What must hold of decisions: results, and what members say before and after them.

use super::Told;
use crate::model::{End, Truth};
use crate::story::Story;
use ecabinet_client::{Client, Error};
use ecabinet_domain::{Presence, State, StatementId};
use ecabinet_protocol::ui::{FormStage, SubstituteStage};
use serde_json::Value;
use std::collections::BTreeMap;

impl Story {
    /// A device shows the results that the model counts.
    pub(super) fn check_results(&self, client: &Client, truth: &Truth, end: bool) -> Told {
        for (id, poll) in truth.polls.iter().filter(|(_, poll)| !poll.is_open()) {
            let shown = client.results(self.world.body(), id.parse().expect("an id"));
            let tallies = match (&poll.end, shown) {
                (End::Closed(_), Ok(tallies)) => tallies,
                (End::Recalled, Err(error)) if error.code() == "poll.recalled" => continue,
                // Payloads come after headers.
                (_, Err(error)) if error.code() == "poll.unverifiable" && !end => continue,
                (_, Err(error)) => return Err(format!("the result of poll {id:.8}: {}", error.0)),
                (_, Ok(_)) => return Err(format!("poll {id:.8} was recalled and is shown with a result")),
            };
            let shown: Vec<Value> =
                tallies.iter().map(|tally| serde_json::to_value(tally).expect("plain data")).collect();
            let counted = poll.results(|statement| self.world.model.says(statement));
            let counted = counted.ok_or(format!("what was said on poll {id:.8} is nowhere"))?;
            if shown != counted {
                return Err(format!("poll {id:.8} is {counted:?} and is shown as {shown:?}"));
            }
        }
        Ok(())
    }

    /// What a device that knows all shows of forms, positions, conclusions and substitutes.
    pub(super) fn check_views(&self, client: &Client) -> Told {
        let (body, model) = (self.world.body(), &self.world.model);
        let wrong = |error: Error| format!("what is shown of decisions: {}", error.0);
        let truth = &model.truth;
        for row in client.forms(body).map_err(wrong)? {
            let form = truth.polls.get(&row.form).ok_or("a form that was never sent")?;
            let stage = match form.end {
                End::None => FormStage::Open,
                End::Recalled => FormStage::Recalled,
                End::Closed(_) => FormStage::Closed,
            };
            if (row.stage, row.due) != (stage, form.closes) {
                return Err(format!(
                    "form {:.8} is shown as {:?}, due at {:?}",
                    row.form, row.stage, row.due
                ));
            }
        }
        for item in truth.meetings.items() {
            let shown = client.positions(body, item.parse().expect("an id")).map_err(wrong)?;
            let votes = |member: &&String| truth.people.votes(member);
            let said: Vec<&str> = truth
                .debate
                .positions_on(item)
                .into_iter()
                .filter(|(member, _)| votes(member))
                .filter_map(|(_, position)| model.says(&position.id)?["choice"].as_str())
                .collect();
            let of = |choice: &str| said.iter().filter(|said| **said == choice).count() as u32;
            if (shown.agree, shown.speak, shown.object) != (of("agree"), of("speak"), of("object")) {
                return Err(format!("positions are {said:?} and are shown as {shown:?}"));
            }
            let conclusions = client.conclusions(body, item.parse().expect("an id")).map_err(wrong)?;
            let holds = conclusions.iter().find(|view| view.written_at.is_some());
            let shown = holds.map(|view| (view.statement.as_str(), view.confirmed_at.is_some()));
            let known = truth.debate.conclusions.get(item).map(|known| (known.id.as_str(), known.confirmed));
            if shown != known {
                return Err(format!("the conclusion {known:?} is shown as {shown:?}"));
            }
        }
        for view in client.substitutes(body, None).map_err(wrong)? {
            let known = truth.debate.substitutions.get(&view.request);
            let stage = match known.ok_or("a substitute whom nobody asked for")? {
                known if known.ended => SubstituteStage::Ended,
                known if known.approved => SubstituteStage::Approved,
                _ => SubstituteStage::Asked,
            };
            if view.stage != stage {
                return Err(format!("a substitute is {stage:?} and is shown as {:?}", view.stage));
            }
        }
        Ok(())
    }

    /// The state that the product folds from the whole record is what the model has read in it.
    pub(super) fn check_state(&self, state: &State) -> Told {
        let truth = &self.world.model.truth;
        let is =
            |same: bool, what: &str| if same { Ok(()) } else { Err(format!("{what} are folded otherwise")) };
        let floors = state.floors.iter().map(|(item, floor)| {
            (item.to_string(), floor.iter().map(ToString::to_string).collect::<Vec<_>>())
        });
        is(floors.collect::<BTreeMap<_, _>>() == truth.debate.floors, "speakers")?;
        let positions = state.positions.iter();
        let positions: BTreeMap<_, _> = positions
            .map(|((item, member), known)| {
                ((item.to_string(), member.to_string()), known.statement.to_string())
            })
            .collect();
        let known = truth.debate.positions.iter().map(|(of, known)| (of.clone(), known.id.clone()));
        is(positions == known.collect(), "positions")?;
        let word = |presence: &Presence| serde_json::to_value(presence).expect("a word");
        let claims = state.meetings.iter().flat_map(|(meeting, known)| {
            known.claims.iter().map(move |(member, (claim, _))| {
                ((meeting.to_string(), member.to_string()), word(claim).as_str().expect("a word").to_owned())
            })
        });
        is(claims.collect::<BTreeMap<_, _>>() == truth.meetings.claims, "claims")?;
        let of = |id: &StatementId| truth.polls.get(&id.to_string());
        for (id, poll) in &state.polls {
            let known = of(id).ok_or("a poll that nobody opened")?;
            let members = poll
                .close
                .as_ref()
                .map(|close| close.members.iter().map(ToString::to_string).collect::<Vec<_>>());
            let counted = match &known.end {
                End::Closed(close) => Some(close.members.clone()),
                _ => None,
            };
            let same = members == counted
                && poll.closes == known.closes
                && poll.recalled.is_some() == matches!(known.end, End::Recalled)
                && poll.ballots.len() == known.ballots.len()
                && poll.pulled.keys().map(ToString::to_string).eq(known.pulled.keys().cloned());
            is(same, "polls")?;
        }
        Ok(())
    }
}
