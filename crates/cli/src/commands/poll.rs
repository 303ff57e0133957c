use super::{form, item_of, parse, send, state_of};
use crate::args::{BlockCommand, Common, PollCommand};
use crate::failure::Failure;
use crate::{home, output, time};
use ecabinet_client::{Client, NewBallot};
use ecabinet_domain::{BodyId, Choice, Int, Opinion, Rule, StatementId};
use ecabinet_protocol::content::{PollContent, RuleContent, Text};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// rule.toml: the rule itself, and what people read beside it.
#[derive(Deserialize)]
struct RuleFile {
    text: RuleText,
    #[serde(flatten)]
    rule: toml::Table,
}

#[derive(Deserialize)]
struct RuleText {
    question: String,
    basis: String,
    /// Texts of the options.
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, BTreeMap<Choice, String>>,
}

/// A rule in body.toml.
#[derive(Deserialize)]
struct BodyRule {
    text: BodyRuleText,
    #[serde(flatten)]
    rule: toml::Table,
}

#[derive(Deserialize)]
struct BodyRuleText {
    name: Text,
    basis: String,
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, BTreeMap<Choice, String>>,
}

pub async fn run(common: &Common, command: PollCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        PollCommand::Open { meeting, item, rule, closes } => {
            let (rule, content) = read_rule(&client, body, &rule, closes)?;
            let item = item_of(&client, body, &meeting, &item)?;
            let statement = client.open_poll(body, item, rule, &content)?;
            send(&client, body).await?;
            let mut answer = state_of(&client, body, statement)?;
            answer["poll"] = json!(statement);
            output::answer(common, "poll open/1", answer);
        }
        PollCommand::Pull { poll, item, why } => {
            let poll: StatementId = parse(&poll, "poll")?;
            let state = client.state(body)?;
            let of = state.polls.get(&poll).and_then(|poll| state.items.get(&poll.item()));
            let meeting = of.map(|item| item.meeting);
            let meeting = meeting.ok_or(Failure::new("poll.unknown"))?.to_string();
            let item = item_of(&client, body, &meeting, &item)?;
            let statement = client.pull_item(body, poll, item, why.as_deref())?;
            send(&client, body).await?;
            output::answer(common, "poll pull/1", state_of(&client, body, statement)?);
        }
        PollCommand::Extend { poll, closes } => {
            let closes = time::read(&closes, client.zone(body)?)?;
            let statement = client.extend_poll(body, parse(&poll, "poll")?, closes)?;
            send(&client, body).await?;
            output::answer(common, "poll extend/1", state_of(&client, body, statement)?);
        }
        PollCommand::Recall { poll, why } => {
            let statement = client.recall_poll(body, parse(&poll, "poll")?, &why)?;
            send(&client, body).await?;
            output::answer(common, "poll recall/1", state_of(&client, body, statement)?);
        }
        PollCommand::Close { poll } => {
            let statement = client.close_poll(body, parse(&poll, "poll")?)?;
            send(&client, body).await?;
            output::answer(common, "poll close/1", state_of(&client, body, statement)?);
        }
        PollCommand::Result { poll } => {
            let id: StatementId = parse(&poll, "poll")?;
            let tally = client.result(body, id)?;
            let mut answer = serde_json::to_value(tally).expect("plain data");
            answer["poll"] = json!(id);
            if let Some(poll) = client.state(body)?.polls.get(&id).filter(|poll| poll.is_block()) {
                answer["items"] = json!(poll.items);
                answer["pulled"] = json!(poll.pulled.keys().collect::<Vec<_>>());
            }
            output::answer(common, "poll result/1", answer);
        }
    }
    Ok(0)
}

pub async fn block(common: &Common, command: BlockCommand) -> Result<u8, Failure> {
    let BlockCommand::Open { meeting, item, rule, closes } = command;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let (rule, content) = read_rule(&client, body, &rule, closes)?;
    let items = item.iter().map(|item| item_of(&client, body, &meeting, item)).collect::<Result<_, _>>()?;
    let statement = client.open_block(body, items, rule, &content)?;
    send(&client, body).await?;
    let mut answer = state_of(&client, body, statement)?;
    answer["poll"] = json!(statement);
    output::answer(common, "block open/1", answer);
    Ok(0)
}

pub async fn vote(
    common: &Common,
    poll: &str,
    choice: &str,
    text: Option<String>,
    in_place_of: Option<String>,
    replace: bool,
) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let opinion = Opinion { text, ..form::read_opinion(choice)? };
    let in_place_of = in_place_of.map(|member| parse(&member, "member")).transpose()?;
    let ballot = NewBallot { poll: parse(poll, "poll")?, opinion, in_place_of, replace };
    let statement = client.cast(body, ballot)?;
    send(&client, body).await?;
    output::answer(common, "vote/1", state_of(&client, body, statement)?);
    Ok(0)
}

/// The rules of a body.toml, in its order.
pub(super) fn read_rules(table: &toml::Table) -> Result<Vec<RuleContent>, Failure> {
    let read = |(id, value): (&String, &toml::Value)| {
        let malformed = |error: &dyn std::fmt::Display| {
            Failure::new("config.rule").with("rule", id).with("detail", error)
        };
        let file: BodyRule = value.clone().try_into().map_err(|error: toml::de::Error| malformed(&error))?;
        let rule: Rule = file.rule.try_into().map_err(|error: toml::de::Error| malformed(&error))?;
        // A deadline is given when a question is asked.
        let asked = Rule { closes: rule.closes.or(Some(Int::from(1u32))), ..rule.clone() };
        asked.check().map_err(|refusal| malformed(&refusal))?;
        let BodyRuleText { name, basis, texts, labels: by_language } = file.text;
        let labels = labels(by_language);
        Ok(RuleContent { id: id.clone(), name, basis, rule, labels, options: texts })
    };
    table.iter().map(read).collect()
}

/// A rule.toml; a time that is typed goes before what it says.
fn read_rule(
    client: &Client,
    body: BodyId,
    path: &Path,
    closes: Option<String>,
) -> Result<(Rule, PollContent), Failure> {
    let malformed = |error: &dyn std::fmt::Display| {
        Failure::new("config.malformed").with("path", path.display()).with("detail", error)
    };
    let file: RuleFile = toml::from_str(&home::read_text(path)?).map_err(|error| malformed(&error))?;
    let rule: Rule = file.rule.try_into().map_err(|error: toml::de::Error| malformed(&error))?;
    let rule = match closes {
        Some(closes) => Rule { closes: Int::new(time::read(&closes, client.zone(body)?)?), ..rule },
        None => rule,
    };
    rule.check().map_err(|refusal| malformed(&refusal))?;
    let RuleText { question, basis, texts, labels: by_language } = file.text;
    Ok((rule, PollContent { question, basis, labels: labels(by_language), options: texts }))
}

pub(super) fn labels(by_language: BTreeMap<String, BTreeMap<Choice, String>>) -> BTreeMap<Choice, Text> {
    let mut labels: BTreeMap<Choice, Text> = BTreeMap::new();
    for (lang, words) in by_language {
        for (choice, word) in words {
            let label = labels.entry(choice).or_default();
            match lang.as_str() {
                "en" => label.en = Some(word),
                _ => label.vi = word,
            }
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules of a file in `assets/rules`, as `body create` reads them.
    fn rules(file: &str) -> BTreeMap<String, RuleContent> {
        let path = format!("{}/../../assets/rules/{file}", env!("CARGO_MANIFEST_DIR"));
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let rules = read_rules(table["rule"].as_table().unwrap()).unwrap();
        rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect()
    }

    #[test]
    fn the_rules_that_ship_need_what_their_sources_say() {
        let government = rules("government.toml");
        let session = &government["session"].rule;
        assert_eq!((session.quorum_needed(27), session.pass_needed(27)), (18, 14));
        // 13 of 26 are no majority: then the chair's own ballot decides.
        assert_eq!(session.pass_needed(26), 14);
        assert_eq!(session.tie.as_ref().unwrap().office, "chair");
        assert_eq!(government["form"].rule.quorum_needed(27), 0);
        assert!(!government["form"].rule.favours(Choice::Other), "another opinion is no yes");

        let committee = &rules("peoples-committee.toml")["session"].rule;
        assert_eq!(committee.pass_needed(17), 9);

        let company = rules("board.toml");
        let board = &company["board"].rule;
        // Seven members: six must come, and four of six agree.
        assert_eq!((board.quorum_needed(7), board.pass_needed(6)), (6, 4));
        assert_eq!(company["unanimous"].rule.pass_needed(7), 7);

        let silence = &rules("silence.toml")["silence"].rule;
        assert!(silence.silent && silence.objection && silence.hard);
        assert_eq!(silence.level(), 3);
    }

    #[test]
    fn every_file_of_rules_is_read_here_and_told_of() {
        let folder = format!("{}/../../assets/rules", env!("CARGO_MANIFEST_DIR"));
        let about = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".toml") {
                assert!(!rules(&name).is_empty());
                assert!(about.contains(&name), "{name}");
            }
        }
    }
}
