//! The chair's screen.

use super::join::label;
use super::polls::{PollHere, rule_view};
use super::positions::Voters;
use super::{Desk, body_id, id};
use super::{attendance, blocks, conclusions, floor};
use crate::acts;
use crate::body::Body;
use crate::error::{Error, Result};
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain as domain;
use ecabinet_domain::{Act, BodyId, ItemId, MeetingId, Member};
use ecabinet_protocol::content::{PollContent, RuleContent};
use ecabinet_protocol::ui::*;

impl Desk {
    pub(super) fn chair_view(&self, args: &MeetingRef) -> Result<ChairView> {
        let (body, meeting): (_, MeetingId) = (body_id(&args.body)?, id(&args.meeting)?);
        let client = self.client()?;
        let view = client.meeting(body, meeting)?;
        let head = self.meeting_row(body, meeting, self.env.clock.now())?;
        client.with(body, |vault, body| {
            let state = body.state()?;
            let noted = &state.meetings[&meeting].attendance;
            let waiting: Vec<Act> =
                vault.waiting(body.row.id)?.into_iter().map(|row| row.header.act).collect();
            let mut rows = Vec::new();
            for member in state.in_order().into_iter().filter(|member| member.has_vote()) {
                let content = member_content(vault, body, member.id)?;
                let queued = waiting.iter().rev().find_map(|act| match act {
                    Act::AttendanceSet(set) if set.meeting == meeting && set.member == member.id => {
                        Some(set.state)
                    }
                    _ => None,
                });
                rows.push(AttendanceRow {
                    member: member.id.to_string(),
                    name: content.name,
                    title: content.title,
                    has_vote: true,
                    presence: queued.or(noted.get(&member.id).copied()).map(to_presence),
                    waiting: queued.is_some(),
                    claim: attendance::claim_of(vault, body, meeting, member.id)?,
                });
            }
            let rules = body.genesis(vault)?.rules;
            let offers = rules.iter().map(|rule| offer(vault, body, rule)).collect::<Result<Vec<_>>>()?;
            let voters = Voters::read(vault, body)?;
            let items = view
                .items
                .iter()
                .map(|item| chair_item(vault, body, item, &waiting, &voters))
                .collect::<Result<_>>()?;
            let asked = rule_asked(body, &view)?.map(|rule| rule_view(vault, body, rule)).transpose()?;
            let rule = asked.as_ref().or(offers.first().map(|offer| &offer.rule));
            let quorum_needed = rule.map_or(0, |rule| rule.quorum_needed);
            let present = |row: &&AttendanceRow| {
                matches!(row.presence, Some(Presence::Present | Presence::Remote)) && !row.waiting
            };
            let me = state.members.get(&body.member()?);
            let holds = |office| me.is_some_and(|me| me.holds(office));
            let refuse = |code: &str| Failure { code: code.into(), params: Default::default() };
            let may_poll = holds(Member::CHAIR) || holds(Member::SECRETARIAT);
            Ok(ChairView {
                meeting: head,
                n: rows.len() as u32,
                present: rows.iter().filter(present).count() as u32,
                quorum_needed,
                attendance: rows,
                substitutes: attendance::all(vault, body, Some(meeting))?,
                items,
                blocks: chair_blocks(vault, body, meeting, &waiting)?,
                rules: offers,
                cannot_set_attendance: (!holds(Member::SECRETARIAT)).then(|| refuse("capacity.not_held")),
                cannot_poll: (!may_poll).then(|| refuse("capacity.not_held")),
                cannot_enter_hands: match (holds(Member::SECRETARIAT), state.level) {
                    (false, _) => Some(refuse("capacity.not_held")),
                    (true, ..3) => Some(refuse("level.needed")),
                    (true, _) => None,
                },
                cannot_conclude: match (may_poll, state.level) {
                    (false, _) => Some(refuse("capacity.not_held")),
                    (true, ..3) => Some(refuse("level.needed")),
                    (true, _) => None,
                },
                presides: holds(Member::CHAIR),
            })
        })
    }

    pub(super) fn note_attendance(&self, args: &SetAttendance) -> Result<()> {
        let presence = from_presence(args.presence);
        self.client()?
            .set_attendance(body_id(&args.body)?, id(&args.meeting)?, id(&args.member)?, presence)
            .map(|_| ())
    }

    pub(super) fn start_poll(&self, args: &StartPoll) -> Result<()> {
        let (body, item): (_, ItemId) = (body_id(&args.body)?, id(&args.item)?);
        self.not_held(body)?;
        let rule = self.rule(body, &args.rule)?;
        let content = PollContent {
            question: args.question.clone(),
            basis: rule.basis,
            labels: rule.labels,
            options: args.options.clone(),
        };
        self.client()?.open_poll(body, item, rule.rule, &content).map(|_| ())
    }

    /// A rule that polls of the body may be opened with.
    pub(super) fn rule(&self, body: BodyId, id: &str) -> Result<RuleContent> {
        let rules = self.client()?.with(body, |vault, body| Ok(body.genesis(vault)?.rules))?;
        rules.into_iter().find(|rule| rule.id == id).ok_or(Error::new("rule.unknown"))
    }

    pub(super) fn take_back(&self, args: &RecallPoll) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.recall_poll(body, id(&args.poll)?, args.why.trim()).map(|_| ())
    }

    pub(super) fn end_poll(&self, args: &PollRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.close_poll(body, id(&args.poll)?).map(|_| ())
    }
}

fn chair_item(
    vault: &Vault,
    body: &Body,
    item: &crate::views::ItemView,
    waiting: &[Act],
    voters: &Voters,
) -> Result<ChairItem> {
    let here = PollHere::newest(vault, body, item.id)?;
    let pending = waiting.iter().any(|act| match act {
        Act::PollOpen(open) => open.item == item.id,
        Act::BlockOpen(block) => block.items.contains(&item.id),
        _ => false,
    });
    let moving = here.as_ref().is_some_and(|here| blocks::is_moving(waiting, here.id));
    Ok(ChairItem {
        item: item.id.to_string(),
        number: item.number as u32,
        title: item.content.title.clone(),
        agency: item.content.agency.clone(),
        minutes: item.content.minutes,
        kind: item.content.kind,
        question: here
            .as_ref()
            .map_or_else(|| item.content.title.clone(), |here| here.content.question.clone()),
        ballots_in: here.as_ref().map_or(0, |here| here.poll.current.len()) as u32,
        opened_at: here.as_ref().map(|here| body.time(vault, here.poll.opened_at)).transpose()?,
        counts: here.as_ref().map(|here| counts(vault, body, here)).transpose()?.flatten(),
        pulled: blocks::taken_out(vault, body, item.id)?,
        poll: here.as_ref().map(|here| here.brief(vault, body)).transpose()?,
        conclusion: conclusions::newest(vault, body, item.id)?,
        positions: voters.positions(item.id)?,
        speakers: floor::speakers(vault, body, item.id)?,
        voted: here.as_ref().map_or(Vec::new(), PollHere::voted),
        hand_choices: here.as_ref().map_or(Vec::new(), PollHere::hand_choices),
        hands: here.as_ref().map(|here| here.hands(vault, body)).transpose()?.unwrap_or_default(),
        waiting: pending || moving,
    })
}

/// Votes over several items of a meeting, newest first.
fn chair_blocks(vault: &Vault, body: &Body, meeting: MeetingId, waiting: &[Act]) -> Result<Vec<ChairBlock>> {
    let state = body.state()?;
    let here =
        |poll: &domain::Poll| state.items.get(&poll.item()).is_some_and(|item| item.meeting == meeting);
    let mut blocks = Vec::new();
    for (id, poll) in state.polls.iter().filter(|(_, poll)| poll.is_block() && here(poll)) {
        let Some(content) = body.content(vault, poll.opened_at)? else { continue };
        let here = PollHere { id: *id, poll, content };
        blocks.push(ChairBlock {
            poll: here.brief(vault, body)?,
            question: here.content.question.clone(),
            items: here.items(vault, body)?,
            counts: counts(vault, body, &here)?,
            voted: here.voted(),
            hand_choices: here.hand_choices(),
            hands: here.hands(vault, body)?,
            ballots_in: poll.current.len() as u32,
            opened_at: body.time(vault, poll.opened_at)?,
            waiting: blocks::is_moving(waiting, *id),
        });
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.opened_at));
    Ok(blocks)
}

/// A result that cannot be computed here is not shown as any; a running count only where the rule lets it.
fn counts(vault: &Vault, body: &Body, here: &PollHere) -> Result<Option<Counts>> {
    let Ok(tally) = acts::result(vault, body, here.id) else { return here.running(vault, body) };
    let count = |answer: ChoiceView| {
        let count = match answer.choice {
            Choice::Yes => tally.yes,
            Choice::No => tally.no,
            Choice::Abstain => tally.abstain,
            Choice::Other => tally.other,
            Choice::Alternative => tally.alternative.unwrap_or(0),
            Choice::Option => {
                let others = tally.no + tally.abstain + tally.other + tally.alternative.unwrap_or(0);
                tally.n - tally.silent - others
            }
        };
        Count { answer, count: count as u32 }
    };
    let options = tally.options.iter().flatten().map(|count| *count as u32).collect();
    let answers = here.choices().into_iter().map(count).collect();
    Ok(Some(Counts { answers, options, silent: tally.silent as u32 }))
}

/// The rule by which the quorum is asked for: that of the poll that is open now, else of the newest.
fn rule_asked<'a>(body: &'a Body, meeting: &crate::views::MeetingView) -> Result<Option<&'a domain::Rule>> {
    let polls = &body.state()?.polls;
    let here = meeting.items.iter().flat_map(|item| &item.polls).filter_map(|poll| polls.get(&poll.id));
    Ok(here.max_by_key(|poll| (poll.is_open(), poll.opened_at)).map(|poll| poll.rule()))
}

pub(super) fn offer(vault: &Vault, body: &Body, rule: &RuleContent) -> Result<RuleOffer> {
    let view = rule_view(vault, body, &rule.rule)?;
    let count = view.options as usize;
    let mut options = rule.options.clone();
    options.resize(count, String::new());
    Ok(RuleOffer {
        id: rule.id.clone(),
        name: label(&rule.name),
        basis: rule.basis.clone(),
        rule: view,
        options,
    })
}

pub(super) fn from_presence(presence: Presence) -> domain::Presence {
    match presence {
        Presence::Present => domain::Presence::Present,
        Presence::Remote => domain::Presence::Remote,
        Presence::Absent => domain::Presence::Absent,
        Presence::Substitute => domain::Presence::Substitute,
    }
}

pub(super) fn to_presence(presence: domain::Presence) -> Presence {
    match presence {
        domain::Presence::Present => Presence::Present,
        domain::Presence::Remote => Presence::Remote,
        domain::Presence::Absent => Presence::Absent,
        domain::Presence::Substitute => Presence::Substitute,
    }
}
