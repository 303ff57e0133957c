//! Opinion forms.

use super::{item_of, parse, poll, send, state_of};
use crate::args::{Common, FormCommand};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output, time};
use ecabinet_client::{Client, NewAnswer, NewForm, NewReply, typeset};
use ecabinet_domain::{BodyId, Choice, Int, MemberId, Opinion, Rule, StatementId, Taken};
use ecabinet_protocol::content::{FormContent, QuestionContent};
use ecabinet_protocol::ui::{AskedMember, FormRow, FormView, Language, QuestionView, TableKind};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// form.toml: what the form says, who is asked, and the questions with their rules.
#[derive(Deserialize)]
struct FormFile {
    number: String,
    subject: String,
    agency: Option<String>,
    submission: Option<String>,
    officer: Option<String>,
    summary: Option<String>,
    basis: String,
    due: Option<String>,
    #[serde(default)]
    asked: Vec<String>,
    /// Offices: who replies to the opinions, and who approves the replies.
    replies: Option<String>,
    approves: Option<String>,
    questions: Vec<QuestionFile>,
}

#[derive(Deserialize)]
struct QuestionFile {
    question: String,
    #[serde(default)]
    labels: BTreeMap<String, BTreeMap<Choice, String>>,
    /// Texts of the options.
    #[serde(default)]
    texts: Vec<String>,
    #[serde(flatten)]
    rule: toml::Table,
}

pub async fn run(common: &Common, command: FormCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        FormCommand::Send { meeting, item, form, due } => {
            let form = read(&client, body, &form, due, &meeting, &item)?;
            let statement = client.send_form(body, form)?;
            send(&client, body).await?;
            let mut answer = state_of(&client, body, statement)?;
            answer["form"] = json!(statement);
            output::answer(common, "form send/1", answer);
        }
        FormCommand::List => {
            let rows: Vec<Value> = client.forms(body)?.iter().map(row).collect();
            output::answer(common, "form list/1", json!({ "forms": rows }));
        }
        FormCommand::Show { form } => {
            output::answer(common, "form show/1", shown(&client.form(body, parse(&form, "form")?)?));
        }
        FormCommand::Answer { form, opinions, text, advice, replace } => {
            let form: StatementId = parse(&form, "form")?;
            let opinions = read_opinions(&opinions, &text)?;
            let statement = client.answer_form(body, NewAnswer { form, opinions, advice, replace })?;
            send(&client, body).await?;
            output::answer(common, "form answer/1", state_of(&client, body, statement)?);
        }
        FormCommand::Extend { form, due } => {
            let due = time::read(&due, client.zone(body)?)?;
            let statement = client.extend_poll(body, parse(&form, "form")?, due)?;
            send(&client, body).await?;
            output::answer(common, "form extend/1", state_of(&client, body, statement)?);
        }
        FormCommand::Recall { form, why } => {
            let statement = client.recall_poll(body, parse(&form, "form")?, &why)?;
            send(&client, body).await?;
            output::answer(common, "form recall/1", state_of(&client, body, statement)?);
        }
        FormCommand::Close { form } => {
            let statement = client.close_poll(body, parse(&form, "form")?)?;
            send(&client, body).await?;
            output::answer(common, "form close/1", state_of(&client, body, statement)?);
        }
        FormCommand::Result { form } => {
            let id: StatementId = parse(&form, "form")?;
            let questions: Vec<Value> =
                client.results(body, id)?.into_iter().map(|tally| json!(tally)).collect();
            output::answer(common, "form result/1", json!({ "form": id, "questions": questions }));
        }
        FormCommand::Reply { form, member, question, taken, text } => {
            let form: StatementId = parse(&form, "form")?;
            let ballot = client.answer_of(body, form, parse(&member, "member")?)?;
            let taken = match taken.as_str() {
                "yes" => Taken::Yes,
                "part" => Taken::Part,
                _ => Taken::Explained,
            };
            let question = (question as usize).checked_sub(1).ok_or(Failure::new("reply.question"))?;
            let statement = client.reply(body, NewReply { form, ballot, question, taken, text })?;
            send(&client, body).await?;
            output::answer(common, "form reply/1", state_of(&client, body, statement)?);
        }
        FormCommand::Approve { form } => {
            let form: StatementId = parse(&form, "form")?;
            let replies = client.replies_to_approve(body, form)?;
            let statement = client.approve_replies(body, form, replies)?;
            send(&client, body).await?;
            output::answer(common, "form approve/1", state_of(&client, body, statement)?);
        }
        FormCommand::Table { form, out, language } => {
            let language = if language == "en" { Language::En } else { Language::Vi };
            let table = client.opinion_table(body, parse(&form, "form")?, language)?;
            let bytes = match out.extension().and_then(|ending| ending.to_str()) {
                Some("pdf") => typeset::opinions(&table, TableKind::Pdf)?,
                Some("xlsx") => typeset::opinions(&table, TableKind::Xlsx)?,
                Some("json") => serde_json::to_vec_pretty(&table)
                    .map_err(|error| Failure::new("typeset.failed").with("detail", error))?,
                _ => return Err(Failure::new("usage.table").with("path", out.display())),
            };
            NewFile::create(&out)?.write(&bytes)?;
            output::answer(common, "form table/1", json!({ "out": out }));
        }
    }
    Ok(0)
}

fn read(
    client: &Client,
    body: BodyId,
    path: &Path,
    due: Option<String>,
    meeting: &str,
    item: &str,
) -> Result<NewForm, Failure> {
    let malformed = |error: &dyn std::fmt::Display| {
        Failure::new("config.malformed").with("path", path.display()).with("detail", error)
    };
    let file: FormFile = toml::from_str(&home::read_text(path)?).map_err(|error| malformed(&error))?;
    let zone = client.zone(body)?;
    let due = due.or(file.due).map(|due| time::read(&due, zone)).transpose()?.and_then(Int::new);
    let (mut questions, mut rules) = (Vec::new(), Vec::new());
    for question in file.questions {
        let rule: Rule = question.rule.try_into().map_err(|error: toml::de::Error| malformed(&error))?;
        let rule = Rule { closes: due, ..rule };
        rule.check().map_err(|refusal| malformed(&refusal))?;
        rules.push(rule);
        let labels = poll::labels(question.labels);
        questions.push(QuestionContent { question: question.question, labels, options: question.texts });
    }
    let asked = file.asked.iter().map(|member| parse(member, "member"));
    Ok(NewForm {
        item: item_of(client, body, meeting, item)?,
        content: FormContent {
            number: file.number,
            subject: file.subject,
            agency: file.agency,
            submission: file.submission,
            officer: file.officer,
            summary: file.summary,
            basis: file.basis,
            questions,
        },
        rules,
        asked: asked.collect::<Result<Vec<MemberId>, _>>()?,
        agency: file.replies,
        approver: file.approves,
    })
}

fn row(row: &FormRow) -> Value {
    json!({
        "form": row.form, "number": row.number, "subject": row.subject, "agency": row.agency, "sent": row.sent_at,
        "due": row.due, "hard": row.hard, "stage": row.stage, "asks_me": row.asks_me, "own": row.own,
        "asked": row.asked, "answered": row.answered,
    })
}

fn shown(view: &FormView) -> Value {
    let mut answer = row(&view.row);
    let question = |question: &QuestionView| {
        let choices: Vec<_> = question.choices.iter().map(|choice| choice.choice).collect();
        json!({
            "question": question.text, "choices": choices, "options": question.options, "most": question.most,
        })
    };
    answer["basis"] = json!(view.basis);
    answer["questions"] = view.questions.iter().map(question).collect();
    answer["papers"] =
        view.papers.iter().map(|paper| json!({"paper": paper.paper, "title": paper.title})).collect();
    if let Some(members) = &view.members {
        let member = |member: &AskedMember| json!({"member": member.member, "answered": member.answered_at, "overdue": member.overdue});
        answer["members"] = members.iter().map(member).collect();
    }
    answer
}

/// One word for each question, and the texts that go with some.
fn read_opinions(words: &[String], texts: &[String]) -> Result<Vec<Opinion>, Failure> {
    let mut opinions = words.iter().map(|word| read_opinion(word)).collect::<Result<Vec<_>, _>>()?;
    for text in texts {
        let (number, said) = text.split_once('=').ok_or_else(|| malformed(text))?;
        let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let opinion = at.and_then(|at| opinions.get_mut(at)).ok_or_else(|| malformed(text))?;
        opinion.text = Some(said.to_owned());
    }
    Ok(opinions)
}

/// What is said to one question: a choice, or numbers of options.
pub(super) fn read_opinion(word: &str) -> Result<Opinion, Failure> {
    let (choice, options) = match word {
        "yes" => (Choice::Yes, None),
        "no" => (Choice::No, None),
        "abstain" => (Choice::Abstain, None),
        "other" => (Choice::Other, None),
        "alternative" => (Choice::Alternative, None),
        numbers => {
            let numbers = numbers.split(',').map(|number| number.parse::<u32>().map(Int::from));
            let numbers: Vec<Int> = numbers.collect::<Result<_, _>>().map_err(|_| malformed(word))?;
            (Choice::Option, Some(numbers))
        }
    };
    Ok(Opinion { choice, options, text: None })
}

fn malformed(word: &str) -> Failure {
    Failure::new("usage.opinion").with("value", word)
}
