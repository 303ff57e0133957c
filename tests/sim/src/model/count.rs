//! The result of a poll, counted from what was said, as the format's page says it and by nobody's code but this.

use super::line::{text, texts};
use super::poll::{Close, End, Poll, sum};
use serde_json::{Map, Value, json};

/// What a member says to one question: the choice, and options.
type Said = (String, Vec<u64>);

#[derive(Clone, Copy, PartialEq)]
enum By {
    Ballot,
    Hand,
    Position,
}

impl Poll {
    /// What each question came to; none while it is open or recalled, and if something is not known that was said.
    pub fn results<'a>(&self, says: impl Fn(&str) -> Option<&'a Value>) -> Option<Vec<Value>> {
        let End::Closed(close) = &self.end else { return None };
        let mut by_question: Vec<Vec<(&String, By, Said)>> = vec![Vec::new(); self.rules.len()];
        for member in &close.members {
            let Some((by, said)) = self.said(member, close, &says)? else { continue };
            for (question, said) in by_question.iter_mut().zip(said) {
                question.push((member, by, said));
            }
        }
        let questions = self.rules.iter().zip(&by_question).zip(&close.ties);
        Some(questions.map(|((rule, said), tie)| self.judge(rule, said, tie.as_ref(), close)).collect())
    }

    /// A member's own ballot, else his hand, else his position; the outer none: it is not known.
    fn said<'a>(
        &self,
        member: &str,
        close: &Close,
        says: &impl Fn(&str) -> Option<&'a Value>,
    ) -> Option<Option<(By, Vec<Said>)>> {
        if let Some(ballot) = self.counted(member, close) {
            let said = says(&ballot.id)?;
            let answers =
                if self.is_form() { said["answers"].as_array()?.clone() } else { vec![said.clone()] };
            return Some(Some((By::Ballot, answers.iter().map(chosen).collect())));
        }
        let may = texts(&self.rules[0]["choices"]);
        if let Some((hands, place)) = self.hand_of(member) {
            let choice = text(&says(hands)?["choices"][place]);
            if may.contains(&choice) {
                return Some(Some((By::Hand, vec![(choice, Vec::new())])));
            }
        }
        let Some(position) = close.positions.get(member) else { return Some(None) };
        let choice = match says(position)?["choice"].as_str() {
            Some("agree") => "yes",
            Some("object") => "no",
            _ => return Some(None),
        };
        let fits = may.iter().any(|may| may == choice);
        Some(fits.then(|| (By::Position, vec![(choice.to_owned(), Vec::new())])))
    }

    fn judge(
        &self,
        rule: &Value,
        said: &[(&String, By, Said)],
        tie: Option<&String>,
        close: &Close,
    ) -> Value {
        let totals = self.totals();
        let of_hands = |choice: &str| totals.and_then(|totals| totals[choice].as_u64()).unwrap_or(0);
        let chose = |choice: &str| said.iter().filter(|(_, _, (chosen, _))| chosen == choice).count() as u64;
        let count = |choice: &str| chose(choice) + of_hands(choice);
        let n = close.members.len() as u64;
        let by_hand = totals.map_or(0, sum);
        let cast = said.len() as u64 + by_hand;
        let present = if self.is_form() { cast } else { close.present };
        let base = match rule["pass"]["base"].as_str() {
            Some("members") => n,
            Some("present") => present,
            _ => cast,
        };
        let share = |of: &Value| (of["num"].as_u64().unwrap_or(0), of["den"].as_u64().unwrap_or(1));
        let (num, den) = share(&rule["pass"]);
        let pass_needed = match rule["pass"]["strict"] == true {
            true => base * num / den + 1,
            false => (base * num).div_ceil(den).max(1),
        };
        let quorum_needed = match &rule["quorum"] {
            Value::Null => 0,
            quorum => (n * share(quorum).0).div_ceil(share(quorum).1),
        };
        let wide = !rule["yes"].is_null() || rule["silent"] == true;
        let good = if rule["yes"].is_null() { vec!["yes".to_owned()] } else { texts(&rule["yes"]) };
        let quiet = if rule["silent"] == true { close.quiet } else { 0 };
        let favour = good.iter().map(|choice| count(choice)).sum::<u64>() + quiet;
        let decider = tie.and_then(|tie| said.iter().find(|(member, ..)| *member == tie));
        let mut tied = false;
        let mut passes = |votes: u64, for_it: &dyn Fn(&Said) -> bool| {
            let half = !rule["tie"].is_null() && base > 0 && 2 * votes == base && votes < pass_needed;
            tied |= half;
            votes >= pass_needed || half && decider.is_some_and(|(_, _, said)| for_it(said))
        };
        let objected = rule["objection"] == true && count("no") > 0;
        let options: Vec<u64> = (1..=rule["options"]["count"].as_u64().unwrap_or(0))
            .map(|option| said.iter().filter(|(_, _, (_, options))| options.contains(&option)).count() as u64)
            .collect();
        let (passed, adopted) = if rule["options"].is_null() {
            (passes(favour, &|(choice, _): &Said| good.contains(choice)), Vec::new())
        } else {
            let each = (1..)
                .zip(&options)
                .filter(|(option, votes)| passes(**votes, &|(_, options): &Said| options.contains(option)));
            let adopted: Vec<u64> = each.map(|(option, _)| option).filter(|_| !objected).collect();
            (!adopted.is_empty(), adopted)
        };
        let result = match (present < quorum_needed, passed && !objected) {
            (true, _) => "inquorate",
            (_, true) => "passed",
            (_, false) => "failed",
        };
        let mut told = json!({
            "n": n, "present": present, "yes": count("yes"), "no": count("no"), "abstain": count("abstain"),
            "other": count("other"), "silent": n - cast, "quorum_needed": quorum_needed,
            "pass_needed": pass_needed, "result": result,
            "tie_by": if tied { rule["tie"]["office"].clone() } else { Value::Null },
        });
        let more: &mut Map<String, Value> = told.as_object_mut().expect("an object");
        let by = |means| said.iter().filter(|(_, by, _)| *by == means).count() as u64;
        for (key, count) in [("hands", by(By::Hand) + by_hand), ("positions", by(By::Position))] {
            more.extend((count > 0).then(|| (key.to_owned(), count.into())));
        }
        more.extend(wide.then(|| ("favour".to_owned(), favour.into())));
        if !rule["options"].is_null() {
            more.insert("options".into(), options.into());
            more.insert("alternative".into(), count("alternative").into());
            more.insert("adopted".into(), adopted.into());
        }
        told
    }
}

fn chosen(answer: &Value) -> Said {
    let options = answer["options"].as_array().into_iter().flatten().filter_map(Value::as_u64);
    (text(&answer["choice"]), options.collect())
}
