//! What was counted by hand, as chair and secretariat see it before the close.

use super::polls::{PollHere, from_choice, to_choice};
use super::{Desk, body_id, id};
use crate::acts::Seen;
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain as domain;
use ecabinet_domain::act::{HandsEnter, Totals};
use ecabinet_domain::{Act, HandsPayload, Int, MemberId, SeenHands};
use ecabinet_protocol::ui::{ChoiceView, Count, EnterHands, Hand, HandsRef, HandsView};

impl Desk {
    pub(super) fn seen(&self, args: &EnterHands) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        let seen = if args.hands.is_empty() {
            let of = |choice: domain::Choice| {
                let counted = args.totals.iter().filter(|total| from_choice(total.choice) == choice);
                Int::from(counted.map(|total| total.count).sum::<u32>())
            };
            use domain::Choice::{Abstain, No, Other, Yes};
            Seen::Totals(Totals { yes: of(Yes), no: of(No), abstain: of(Abstain), other: of(Other) })
        } else {
            let hand = |hand: &ecabinet_protocol::ui::NewHand| {
                Ok::<_, Error>((id(&hand.member)?, from_choice(hand.choice)))
            };
            Seen::Members(args.hands.iter().map(hand).collect::<Result<_>>()?)
        };
        self.client()?.enter_hands(body, id(&args.poll)?, seen).map(|_| ())
    }

    pub(super) fn confirm_seen(&self, args: &HandsRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.confirm_hands(body, id(&args.hands)?).map(|_| ())
    }
}

impl PollHere<'_> {
    /// Choices that hands may be raised for.
    pub(super) fn hand_choices(&self) -> Vec<ChoiceView> {
        if self.poll.rule().options.is_some() { Vec::new() } else { self.choices() }
    }

    /// Members whose ballots are in the record.
    pub(super) fn voted(&self) -> Vec<String> {
        self.poll.current.keys().map(ToString::to_string).collect()
    }

    /// What was counted by hand, newest first.
    pub(super) fn hands(&self, vault: &Vault, body: &Body) -> Result<Vec<HandsView>> {
        let (state, waiting) = (body.state()?, vault.waiting(body.row.id)?);
        let mut views = Vec::new();
        for (statement, hands) in state.hands.iter().filter(|(_, hands)| hands.poll == self.id) {
            let said = vault.payload(body.row.id, hands.at)?.map(|payload| payload.bytes);
            let (counts, members, total) = match &hands.seen {
                SeenHands::Totals(totals) => self.totals(totals),
                SeenHands::Members(members) => self.named(vault, body, members, said.as_deref())?,
            };
            let confirms = |act: &Act| matches!(act, Act::HandsConfirm(made) if made.hands == *statement);
            let later = self.poll.ballots.last().is_some_and(|last| last.index > hands.at);
            let view = HandsView {
                statement: statement.to_string(),
                counts,
                members,
                total,
                entered_at: Some(body.time(vault, hands.at)?),
                confirmed_at: hands.confirmed.map(|at| body.time(vault, at)).transpose()?,
                confirming: waiting.iter().any(|row| confirms(&row.header.act)),
                overtaken: later && hands.confirmed.is_none() && matches!(hands.seen, SeenHands::Totals(_)),
            };
            views.push((hands.at, view));
        }
        views.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut all = Vec::new();
        for row in waiting.iter().rev() {
            let Act::HandsEnter(act) = &row.header.act else { continue };
            if act.poll == self.id {
                let said = row.payload.as_ref().map(|payload| &payload.bytes[..]);
                all.push(self.on_its_way(vault, body, row.statement.to_string(), act, said)?);
            }
        }
        all.extend(views.into_iter().map(|(_, view)| view));
        Ok(all)
    }

    fn on_its_way(
        &self,
        vault: &Vault,
        body: &Body,
        statement: String,
        act: &HandsEnter,
        said: Option<&[u8]>,
    ) -> Result<HandsView> {
        let (counts, members, total) = match &act.totals {
            Some(totals) => self.totals(totals),
            None => self.named(vault, body, act.members.as_deref().unwrap_or_default(), said)?,
        };
        Ok(HandsView {
            statement,
            counts,
            members,
            total,
            entered_at: None,
            confirmed_at: None,
            confirming: false,
            overtaken: false,
        })
    }

    fn totals(&self, totals: &Totals) -> (Vec<Count>, Vec<Hand>, u32) {
        let count = |answer: ChoiceView| {
            let count = match from_choice(answer.choice) {
                domain::Choice::Yes => totals.yes,
                domain::Choice::No => totals.no,
                domain::Choice::Abstain => totals.abstain,
                _ => totals.other,
            };
            Count { answer, count: count.get() as u32 }
        };
        (self.choices().into_iter().map(count).collect(), Vec::new(), totals.sum() as u32)
    }

    fn named(
        &self,
        vault: &Vault,
        body: &Body,
        members: &[MemberId],
        said: Option<&[u8]>,
    ) -> Result<(Vec<Count>, Vec<Hand>, u32)> {
        let said = said.and_then(|said| HandsPayload::parse(said, members.len()));
        let choices = said.map(|said| said.choices).unwrap_or_default();
        let mut hands = Vec::new();
        for (at, member) in members.iter().enumerate() {
            hands.push(Hand {
                member: member.to_string(),
                name: member_content(vault, body, *member)?.name,
                choice: choices.get(at).map(|choice| to_choice(*choice)),
            });
        }
        let of = |answer: ChoiceView| {
            let same = choices.iter().filter(|choice| to_choice(**choice) == answer.choice).count();
            Count { answer, count: same as u32 }
        };
        let counts = match choices.is_empty() {
            true => Vec::new(),
            false => self.choices().into_iter().map(of).collect(),
        };
        Ok((counts, hands, members.len() as u32))
    }
}
