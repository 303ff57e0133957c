//! Replies to opinions, and the table of both.

use super::forms::FormHere;
use super::reader::blocking;
use super::{Desk, body_id, id};
use crate::acts::NewReply;
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::typeset;
use crate::vault::{OutboxRow, Saved, Vault};
use ecabinet_domain as domain;
use ecabinet_domain::{Act, BodyId, StatementId};
use ecabinet_protocol::content::{self, ReplyContent};
use ecabinet_protocol::table::{self, OpinionTable};
use ecabinet_protocol::ui::*;
use std::sync::Arc;

impl Desk {
    pub(super) fn write_a_reply(&self, args: WriteReply) -> Result<()> {
        let reply = NewReply {
            form: id(&args.form)?,
            ballot: id(&args.ballot)?,
            question: args.question as usize,
            taken: match args.taken {
                Taken::Yes => domain::Taken::Yes,
                Taken::Part => domain::Taken::Part,
                Taken::Explained => domain::Taken::Explained,
            },
            text: args.text,
        };
        self.client()?.reply(body_id(&args.body)?, reply).map(|_| ())
    }

    pub(super) fn approve_those(&self, args: &ApproveReplies) -> Result<()> {
        let replies = args.replies.iter().map(|reply| id(reply)).collect::<Result<Vec<_>>>()?;
        self.client()?.approve_replies(body_id(&args.body)?, id(&args.form)?, replies).map(|_| ())
    }

    pub(super) async fn write_table(self: &Arc<Self>, args: SaveTable) -> Result<Option<String>> {
        let (body, form) = (body_id(&args.body)?, id(&args.form)?);
        let table = self.client()?.opinion_table(body, form, args.language)?;
        let desk = self.clone();
        blocking(move || {
            let made = typeset::opinions(&table, args.kind)?;
            let Some(path) = desk.shell.pick_place(&format!("{}.{}", args.name, typeset::ending(args.kind)))
            else {
                return Ok(None);
            };
            std::fs::write(&path, made).map_err(|error| {
                Error::new("file.not_written").with("path", path.display()).with("detail", error)
            })?;
            Ok(Some(path.display().to_string()))
        })
        .await
    }
}

/// What this person may do about the opinions on a form.
pub(super) struct MayReply {
    pub reply: bool,
    pub approve: bool,
}

impl MayReply {
    pub(super) fn here(body: &Body, here: &FormHere) -> Result<Self> {
        let sent = here.poll.form();
        let member = body.member().ok().and_then(|member| body.state().ok()?.members.get(&member));
        let holds = |office: Option<&String>| {
            office.is_some_and(|office| member.is_some_and(|member| member.holds(office)))
        };
        let agency = sent.and_then(|sent| sent.agency.as_ref());
        let approver = sent.and_then(|sent| sent.approver.as_ref()).or(agency);
        Ok(Self { reply: holds(agency), approve: holds(approver) })
    }
}

/// What is replied to one opinion: on this device, or in the record.
pub(super) fn reply_to(
    vault: &Vault,
    body: &Body,
    outbox: &[OutboxRow],
    ballot: StatementId,
    question: usize,
) -> Result<Option<ReplyView>> {
    let of = (ballot, domain::Int::from(question as u32));
    let waiting = outbox.iter().rev().filter(|row| matches!(row.state, Saved::Saved | Saved::Received));
    let mut own = waiting.filter_map(|row| match &row.header.act {
        Act::ReplyWrite(reply) if (reply.ballot, reply.question) == of => Some((row, reply)),
        _ => None,
    });
    if let Some((row, reply)) = own.next() {
        let said = row.payload.as_ref().and_then(|payload| content::read::<ReplyContent>(&payload.bytes));
        return Ok(Some(ReplyView {
            statement: None,
            taken: taken(reply.taken),
            text: said.map(|said| said.text).unwrap_or_default(),
            approved: false,
        }));
    }
    let Some(reply) = body.state()?.replies.get(&of) else { return Ok(None) };
    let said = body.content::<ReplyContent>(vault, reply.at)?;
    Ok(Some(ReplyView {
        statement: Some(reply.statement.to_string()),
        taken: taken(reply.taken),
        text: said.map(|said| said.text).unwrap_or_default(),
        approved: reply.approved.is_some(),
    }))
}

fn taken(taken: domain::Taken) -> Taken {
    match taken {
        domain::Taken::Yes => Taken::Yes,
        domain::Taken::Part => Taken::Part,
        domain::Taken::Explained => Taken::Explained,
    }
}

impl Client {
    /// All that was said and replied on a closed form.
    pub fn opinion_table(&self, body: BodyId, form: StatementId, language: Language) -> Result<OpinionTable> {
        let zone = self.zone(body)?.minutes();
        self.with(body, |vault, body| {
            let here = FormHere::find(vault, body, form)?;
            let result = here.result(vault, body)?;
            Ok(OpinionTable {
                language: code(language).into(),
                body: words(&result.body_name, language),
                head: body.genesis(vault)?.head.map(|head| table::Head {
                    country: head.country,
                    motto: head.motto,
                    issuer: head.issuer,
                    place: head.place,
                }),
                number: result.row.number,
                subject: result.row.subject,
                agency: result.row.agency,
                submission: here.content.submission.clone(),
                basis: result.basis,
                sent_at: result.row.sent_at,
                due: result.row.due,
                closed_at: result.closed_at,
                zone,
                asked: result.row.asked,
                answered: result.row.answered,
                questions: result.questions.into_iter().map(|asked| question(asked, language)).collect(),
                form: form.to_string(),
            })
        })
    }
}

fn question(result: QuestionResult, language: Language) -> table::Question {
    let asked = &result.question;
    let said = |opinion: &Opinion| table::Said {
        code: wire(&opinion.choice),
        label: label_of(asked, opinion.choice, language),
        options: opinion.options.iter().map(|&number| (number, text_of(asked, number))).collect(),
    };
    let chosen = result.choices.iter().map(|count| table::Count {
        choice: table::Said {
            code: wire(&count.answer.choice),
            label: label_of(asked, count.answer.choice, language),
            options: Vec::new(),
        },
        count: count.count,
    });
    let options = (1..).zip(&result.options).map(|(number, &count)| table::Count {
        choice: table::Said {
            code: wire(&Choice::Option),
            label: None,
            options: vec![(number, text_of(asked, number))],
        },
        count,
    });
    let opinion =
        |member: &MemberOpinion| table::Opinion {
            name: member.name.clone(),
            title: member.title.clone(),
            said: member.opinion.as_ref().map(said),
            text: member.opinion.as_ref().and_then(|opinion| opinion.text.clone()),
            overdue: member.overdue,
            reply: member.reply.as_ref().filter(|reply| reply.statement.is_some()).map(|reply| {
                table::Reply { taken: wire(&reply.taken), text: reply.text.clone(), approved: reply.approved }
            }),
        };
    table::Question {
        text: asked.text.clone(),
        counts: options.chain(chosen).collect(),
        silent: result.silent,
        favour: result.favour,
        pass_needed: result.pass_needed,
        outcome: wire(&result.outcome),
        adopted: result.adopted.clone(),
        opinions: result.members.iter().map(opinion).collect(),
    }
}

/// The text of an option, from 1.
fn text_of(question: &QuestionView, number: u32) -> String {
    question.options.get(number as usize - 1).cloned().unwrap_or_default()
}

fn label_of(question: &QuestionView, choice: Choice, language: Language) -> Option<String> {
    let view = question.choices.iter().find(|view| view.choice == choice)?;
    view.label.as_ref().map(|label| words(label, language))
}

fn words(label: &Label, language: Language) -> String {
    match language {
        Language::Vi => label.vi.clone(),
        Language::En => label.en.clone().unwrap_or_else(|| label.vi.clone()),
    }
}

fn code(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

/// A code as JSON has it.
fn wire(code: &impl serde::Serialize) -> String {
    serde_json::to_value(code).ok().and_then(|code| Some(code.as_str()?.to_owned())).unwrap_or_default()
}
