use super::{in_office, is_distinct, placed, voter};
use crate::act::*;
use crate::planted::planted;
use crate::refusal::require;
use crate::{
    As, Author, Fold, Hands, Member, Poll, Refusal, SeenHands, State, StatementId, member::is_office,
};

pub(super) fn open(state: &State, act: &PollOpen) -> Result<(), Refusal> {
    placed(state, act.item)?;
    act.rule.check()
}

pub(super) fn form(state: &State, capacity: &As, act: &FormSend) -> Result<(), Refusal> {
    let headed = state.members.values().any(|member| member.holds(Member::HEAD));
    require(!headed || !capacity.is(Member::SECRETARIAT), "form.not_approved")?;
    placed(state, act.item)?;
    require(is_distinct(&act.asked), "form.asked")?;
    act.asked.iter().try_for_each(|member| voter(state, *member))?;
    let offices = [&act.agency, &act.approver].into_iter().flatten();
    require(offices.into_iter().all(|office| is_office(office) && office != Member::VOTE), "form.agency")?;
    require((1..=20).contains(&act.questions.len()), "form.questions")?;
    let first = &act.questions[0];
    for rule in &act.questions {
        rule.check()?;
        let of_meetings = rule.positions || rule.room || rule.substitutes;
        let same = (rule.closes, rule.hard, rule.running, &rule.see)
            == (first.closes, first.hard, first.running, &first.see);
        require(!of_meetings && same, "rule.form")?;
    }
    Ok(())
}

pub(super) fn block(state: &State, act: &BlockOpen) -> Result<(), Refusal> {
    require((2..=64).contains(&act.items.len()), "block.items")?;
    require(is_distinct(&act.items), "block.item_again")?;
    for item in &act.items {
        placed(state, *item)?;
        require(state.items[item].meeting == state.items[&act.items[0]].meeting, "item.elsewhere")?;
    }
    act.rule.check()?;
    require(!act.rule.positions, "rule.block")
}

pub(super) fn pull(state: &State, author: &Author, act: &PollPull) -> Result<(), Refusal> {
    let poll = going_on(state, act.poll)?;
    require(poll.is_block() && poll.items.contains(&act.item), "block.item_unknown")?;
    require(!poll.pulled.contains_key(&act.item), "block.pulled")?;
    super::author_votes(state, author).map(drop)
}

pub(super) fn extend(state: &State, act: &PollExtend, at: Fold) -> Result<(), Refusal> {
    let poll = going_on(state, act.poll)?;
    let later = act.closes.get() > at.time && poll.closes.is_none_or(|closes| act.closes.get() > closes);
    // What was over by a hard deadline is over.
    require(later && !poll.is_over(at.time), "poll.closes")
}

pub(super) fn recall(state: &State, act: &PollRecall) -> Result<(), Refusal> {
    going_on(state, act.poll).map(drop)
}

pub(super) fn close(state: &State, act: &PollClose) -> Result<(), Refusal> {
    let poll = going_on(state, act.poll)?;
    require(poll.hands.is_empty() || !state.closing(poll).too_many(poll), "hands.too_many")
}

pub(super) fn hands(state: &State, act: &HandsEnter) -> Result<(), Refusal> {
    let poll = going_on(state, act.poll)?;
    let rule = poll.rule();
    // Whose hands totals are nobody knows: neither may his silence nor his position count besides.
    let named_only = rule.silent || rule.positions;
    let may = poll.form().is_none() && rule.options.is_none() && !(named_only && act.totals.is_some());
    require(may, "hands.form")?;
    let members = act.members.as_deref().unwrap_or_default();
    require(is_distinct(members), "hands.again")?;
    members.iter().try_for_each(|member| voter(state, *member))?;
    let seen = act.totals.map_or(0, |totals| totals.sum());
    let known = |totals: &Totals| {
        totals.of_choices().all(|(choice, count)| count == 0 || poll.rule().choices.contains(&choice))
    };
    require(act.totals.as_ref().is_none_or(known), "hands.choice")?;
    require(seen <= state.members.values().filter(|m| m.has_vote()).count() as u64, "hands.too_many")
}

pub(super) fn confirm_hands(state: &State, act: &HandsConfirm) -> Result<(), Refusal> {
    let hands: &Hands = state.hands.get(&act.hands).ok_or(Refusal::new("hands.unknown"))?;
    let poll = going_on(state, hands.poll)?;
    require(hands.confirmed.is_none(), "hands.confirmed")?;
    let overtaken = poll.ballots.last().is_some_and(|last| last.index > hands.at);
    require(!(overtaken && matches!(hands.seen, SeenHands::Totals(_))), "hands.overtaken")
}

pub(super) fn reply(state: &State, capacity: &As, act: &ReplyWrite) -> Result<(), Refusal> {
    let poll = state.polls.get(&act.form).ok_or(Refusal::new("form.unknown"))?;
    let form = poll.form().ok_or(Refusal::new("form.unknown"))?;
    require(form.agency.as_ref().is_some_and(|agency| capacity.is(agency)), "reply.may_not")?;
    require(poll.ballot(act.ballot).is_some(), "reply.ballot")?;
    require(act.question.get() < poll.questions.len() as u64, "reply.question")
}

pub(super) fn approve(state: &State, capacity: &As, act: &ReplyApprove) -> Result<(), Refusal> {
    let form = state.polls.get(&act.form).and_then(Poll::form).ok_or(Refusal::new("form.unknown"))?;
    let approver = form.approver.as_ref().or(form.agency.as_ref());
    require(approver.is_some_and(|office| capacity.is(office)), "reply.may_not")?;
    let known = |id: &StatementId| {
        let reply = state.replied.get(id).and_then(|opinion| state.replies.get(opinion));
        reply.is_some_and(|reply| reply.form == act.form)
    };
    let some = (1..=1000).contains(&act.replies.len());
    require(some && act.replies.iter().all(known), "reply.unknown")
}

/// A poll that is neither closed nor recalled.
fn going_on(state: &State, poll: StatementId) -> Result<&Poll, Refusal> {
    let poll = state.polls.get(&poll).ok_or(Refusal::new("poll.unknown"))?;
    if poll.is_open() { Ok(poll) } else { Err(Refusal::new("poll.closed")) }
}

pub(super) fn conclude(state: &State, act: &ConclusionWrite) -> Result<(), Refusal> {
    placed(state, act.item)?;
    let now = state.conclusions.get(&act.item).map(|conclusion| conclusion.statement);
    require(now == act.replaces, "conclusion.replaced")?;
    act.by.map_or(Ok(()), |by| in_office(state, by))?;
    let Some(poll) = act.poll else { return Ok(()) };
    let poll = state.polls.get(&poll).ok_or(Refusal::new("poll.unknown"))?;
    let of_it = poll.asks_about(act.item) || planted("block.pulled_decided");
    require(of_it, "conclusion.poll")?;
    require(poll.close.is_some(), "poll.open")
}

pub(super) fn confirm_conclusion(state: &State, act: &ConclusionConfirm) -> Result<(), Refusal> {
    let item = state.concluded.get(&act.conclusion).ok_or(Refusal::new("conclusion.replaced"))?;
    let conclusion = &state.conclusions[item];
    require(conclusion.confirmed.is_none(), "conclusion.confirmed")
}
