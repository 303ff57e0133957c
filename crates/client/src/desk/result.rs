use super::join::label;
use super::polls::{PollHere, item_number, numbers, outcome, rule_view, to_choice};
use super::{Desk, body_id, id};
use crate::acts;
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::{ActState, member_content};
use crate::vault::Vault;
use ecabinet_domain::{Choice, Close, Fate, HandsPayload, MemberId, PositionPayload, Stance, StatementId};
use ecabinet_protocol::ui::{ActRef, Check, Failure, Means, MemberBallot, PollRef, ReceiptView, ResultView};
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
                block: here.poll.is_block(),
                items: here.items(vault, body)?,
                question: here.content.question.clone(),
                basis: here.content.basis.clone(),
                papers: here.papers(vault, body)?,
                choices: here.choices(),
                options: here.options(),
                rule: rule_view(vault, body, here.poll.rule())?,
                opened_at: body.time(vault, here.poll.opened_at)?,
                closed_at: close.time,
                n: tally.n as u32,
                present: tally.present as u32,
                yes: tally.yes as u32,
                no: tally.no as u32,
                abstain: tally.abstain as u32,
                other: tally.other as u32,
                silent: tally.silent as u32,
                chosen: tally.options.iter().flatten().map(|count| *count as u32).collect(),
                alternative: tally.alternative.unwrap_or(0) as u32,
                adopted: tally.adopted.iter().flatten().map(|number| *number as u32).collect(),
                favour: tally.options.is_none().then_some(tally.favour.unwrap_or(tally.yes) as u32),
                hands: tally.hands.unwrap_or(0) as u32,
                positions: tally.positions.unwrap_or(0) as u32,
                quorum_needed: tally.quorum_needed as u32,
                pass_needed: tally.pass_needed as u32,
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
    let Some(close) = &here.poll.close else { return Ok(lines) };
    for member in &close.members {
        let content = member_content(vault, body, *member)?;
        let last = here.poll.ballots.iter().rev().find(|ballot| ballot.member == *member);
        let shown = here.poll.current_of(*member).or(last);
        let fate = shown.map(|ballot| here.poll.fate(ballot, state));
        let payload = match shown {
            Some(ballot) => body.ballot(vault, ballot.index, here.poll.rule())?,
            None => None,
        };
        let counts = fate == Some(Fate::Ok) && payload.is_some();
        let other = if counts { None } else { otherwise(vault, body, close, *member)? };
        let (choice, means) = match (&payload, other) {
            (_, Some((choice, means))) => (Some(choice), Some(means)),
            (Some(payload), None) => (Some(payload.choice), counts.then_some(Means::Ballot)),
            (None, None) => (None, None),
        };
        let own = payload.filter(|_| means.is_none_or(|means| means == Means::Ballot));
        lines.push(MemberBallot {
            member: member.to_string(),
            name: content.name,
            title: content.title,
            choice: choice.map(to_choice),
            options: own.as_ref().map_or(Vec::new(), |payload| numbers(payload.options.as_deref())),
            means,
            state: fate.map(|fate| ActState::of_fate(fate, false).into()),
            text: own.and_then(|payload| payload.text),
        });
    }
    Ok(lines)
}

/// What counts for a member without a ballot that does: his hand, or his position.
fn otherwise(vault: &Vault, body: &Body, close: &Close, member: MemberId) -> Result<Option<(Choice, Means)>> {
    if let Some(hand) = close.hands.get(&member) {
        let payload = vault.payload(body.row.id, hand.entry)?;
        let said = payload.and_then(|payload| HandsPayload::parse(&payload.bytes, hand.of));
        if let Some(choice) = said.and_then(|said| said.choices.get(hand.place).copied()) {
            return Ok(Some((choice, Means::Hand)));
        }
    }
    let Some(at) = close.positions.get(&member) else { return Ok(None) };
    let payload = vault.payload(body.row.id, *at)?;
    Ok(match payload.and_then(|payload| PositionPayload::parse(&payload.bytes)).map(|said| said.choice) {
        Some(Stance::Agree) => Some((Choice::Yes, Means::Position)),
        Some(Stance::Object) => Some((Choice::No, Means::Position)),
        Some(Stance::Speak) | None => None,
    })
}
