use crate::act::*;
use crate::refusal::require;
use crate::{Refusal, State};

pub(super) fn open(state: &State, act: &PollOpen) -> Result<(), Refusal> {
    let item = state.items.get(&act.item).ok_or(Refusal::new("item.unknown"))?;
    let placed =
        state.meetings.get(&item.meeting).is_some_and(|meeting| meeting.agenda.place(act.item).is_some());
    require(placed, "item.not_published")?;
    act.rule.check()
}

pub(super) fn close(state: &State, act: &PollClose) -> Result<(), Refusal> {
    let poll = state.polls.get(&act.poll).ok_or(Refusal::new("poll.unknown"))?;
    require(poll.is_open(), "poll.closed")
}
