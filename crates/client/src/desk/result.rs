use super::join::label;
use super::polls::{PollHere, base, item_number, outcome, to_choice};
use super::{Desk, body_id, id};
use crate::acts;
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::{ActState, member_content};
use crate::vault::Vault;
use ecabinet_domain::StatementId;
use ecabinet_protocol::ui::*;
use ecabinet_record::{Leaf, Receipt};

impl Desk {
    pub(super) fn result_view(&self, args: &PollRef) -> Result<ResultView> {
        self.client()?.with(body_id(&args.body)?, |vault, body| {
            let here = PollHere::find(vault, body, id(&args.poll)?)?;
            let tally = acts::result(vault, body, here.id)?;
            let close = here.poll.close.as_ref().ok_or(Error::new("poll.open"))?;
            let tie_by = match (&tally.tie_by, close.tie_members[0]) {
                (Some(_), Some(member)) => Some(member_content(vault, body, member)?.title),
                (Some(office), None) => Some(office.clone()),
                (None, _) => None,
            };
            Ok(ResultView {
                body_name: label(&body.genesis(vault)?.name),
                poll: args.poll.clone(),
                item: here.poll.item().to_string(),
                item_number: item_number(vault, body, here.poll.item())?,
                question: here.content.question.clone(),
                basis: here.content.basis.clone(),
                papers: here.papers(vault, body)?,
                choices: here.choices(),
                opened_at: body.time(vault, here.poll.opened_at)?,
                closed_at: close.time,
                n: tally.n as u32,
                present: tally.present as u32,
                yes: tally.yes as u32,
                no: tally.no as u32,
                abstain: tally.abstain as u32,
                other: tally.other as u32,
                silent: tally.silent as u32,
                quorum_needed: tally.quorum_needed as u32,
                pass_needed: tally.pass_needed as u32,
                base: base(here.poll.rule().pass.base),
                tie_by,
                outcome: outcome(tally.result),
                ballots: Some(ballots(vault, body, &here)?),
                ballot: here.ballot(vault, body)?,
            })
        })
    }

    pub(super) fn receipt_view(&self, args: &ActRef) -> Result<ReceiptView> {
        let (body_id, statement): (_, StatementId) = (body_id(&args.body)?, id(&args.statement)?);
        let client = self.client()?;
        let text = client.receipt(body_id, statement)?;
        let act = client.act_state(body_id, statement)?;
        let receipt = Receipt::parse(&text).map_err(|error| Error::new(&error.to_string()))?;
        let leaf = Leaf::parse(&receipt.leaf).ok_or(Error::new("receipt.malformed"))?;
        client.with(body_id, |vault, body| {
            let checked = receipt.check(body.row.body, &body.state()?.log_key(receipt.checkpoint.size));
            let (subject, choice) =
                super::act::subject(vault, body, &act.row.header.act, act.row.payload.as_ref())?;
            Ok(ReceiptView {
                statement: args.statement.clone(),
                kind: act.kind.to_owned(),
                subject,
                choice,
                state: act.state.into(),
                index: receipt.index,
                time: leaf.time,
                checkpoint_size: receipt.checkpoint.size,
                root: receipt.checkpoint.root.to_string(),
                check: match checked {
                    Ok(()) => Check::Holds,
                    Err(error) => Check::Fails {
                        failure: Failure { code: error.to_string(), params: Default::default() },
                    },
                },
            })
        })
    }

    /// The receipt's file: the proof, and what it is of.
    pub(super) fn write_receipt(&self, args: &ActRef) -> Result<Option<String>> {
        let text = self.client()?.receipt(body_id(&args.body)?, id(&args.statement)?)?;
        let name = format!("xac-nhan-{}.txt", &args.statement[..12]);
        let Some(path) = self.shell.pick_place(&name) else { return Ok(None) };
        std::fs::write(&path, text)?;
        Ok(Some(path.display().to_string()))
    }
}

/// Every member's line, in protocol order.
fn ballots(vault: &Vault, body: &Body, here: &PollHere) -> Result<Vec<MemberBallot>> {
    let (state, mut lines) = (body.state()?, Vec::new());
    for member in here.poll.close.iter().flat_map(|close| &close.members) {
        let content = member_content(vault, body, *member)?;
        let last = here.poll.ballots.iter().rev().find(|ballot| ballot.member == *member);
        let shown = here.poll.current_of(*member).or(last);
        let payload = match shown {
            Some(ballot) => body.ballot(vault, ballot.index, here.poll.rule())?,
            None => None,
        };
        lines.push(MemberBallot {
            member: member.to_string(),
            name: content.name,
            title: content.title,
            choice: payload.as_ref().map(|payload| to_choice(payload.choice)),
            state: shown.map(|ballot| ActState::of_fate(here.poll.fate(ballot, state), false).into()),
            text: payload.and_then(|payload| payload.text),
        });
    }
    Ok(lines)
}
