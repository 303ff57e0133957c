//! Positions, substitutes, speakers, conclusions, replies.

use crate::act::*;
use crate::{
    As, Author, Conclusion, Fold, Holder, Member, Position, Reply, State, StatementId, Substitution,
};

impl State {
    pub(super) fn position_state(
        &mut self,
        statement: StatementId,
        act: &PositionState,
        author: &Author,
        at: Fold,
        public: bool,
    ) {
        let Holder::Member(member) = author.holder else { return };
        let position = Position { statement, at: at.index, basis: act.basis, public };
        self.positions.insert((act.item, member), position);
    }

    pub(super) fn attendance_claim(&mut self, act: &AttendanceClaim, author: &Author, at: Fold) {
        let Holder::Member(member) = author.holder else { return };
        if let Some(meeting) = self.meetings.get_mut(&act.meeting) {
            meeting.claims.insert(member, (act.state, at.index));
        }
    }

    pub(super) fn substitute_ask(&mut self, id: StatementId, act: &SubstituteAsk, author: &Author, at: Fold) {
        let Holder::Member(member) = author.holder else { return };
        let asked = Substitution {
            member,
            substitute: act.substitute,
            meeting: act.meeting,
            from: act.from.get(),
            until: act.until.get(),
            asked_at: at.index,
            approved: None,
            ended: None,
        };
        self.substitutes.insert((member, act.substitute), id);
        self.substitutions.insert(id, asked);
    }

    pub(super) fn substitute_approve(&mut self, act: &SubstituteApprove, at: Fold) {
        if let Some(asked) = self.substitutions.get_mut(&act.request) {
            asked.approved = Some(at.index);
        }
    }

    pub(super) fn substitute_end(&mut self, act: &SubstituteEnd, at: Fold) {
        if let Some(asked) = self.substitutions.get_mut(&act.request) {
            asked.ended = Some(at.index);
            self.substitutes.remove(&(asked.member, asked.substitute));
        }
    }

    pub(super) fn floor_ask(&mut self, act: &FloorAsk, author: &Author) {
        let Holder::Member(member) = author.holder else { return };
        self.floors.entry(act.item).or_default().push(member);
    }

    pub(super) fn floor_leave(&mut self, act: &FloorLeave, author: &Author) {
        let Holder::Member(member) = author.holder else { return };
        if let Some(floor) = self.floors.get_mut(&act.item) {
            floor.retain(|other| *other != member);
        }
    }

    pub(super) fn conclusion_write(
        &mut self,
        statement: StatementId,
        act: &ConclusionWrite,
        capacity: &As,
        at: Fold,
    ) {
        let conclusion = Conclusion {
            statement,
            at: at.index,
            outcome: act.outcome,
            by: act.by,
            poll: act.poll,
            confirmed: capacity.is(Member::CHAIR).then_some(at.index),
        };
        if let Some(former) = self.conclusions.insert(act.item, conclusion) {
            self.concluded.remove(&former.statement);
        }
        self.concluded.insert(statement, act.item);
    }

    pub(super) fn conclusion_confirm(&mut self, act: &ConclusionConfirm, at: Fold) {
        let item = self.concluded.get(&act.conclusion);
        if let Some(conclusion) = item.and_then(|item| self.conclusions.get_mut(item)) {
            conclusion.confirmed = Some(at.index);
        }
    }

    pub(super) fn reply_write(&mut self, statement: StatementId, act: &ReplyWrite, at: Fold) {
        let reply = Reply { statement, at: at.index, form: act.form, taken: act.taken, approved: None };
        let opinion = (act.ballot, act.question);
        if let Some(former) = self.replies.insert(opinion, reply) {
            self.replied.remove(&former.statement);
        }
        self.replied.insert(statement, opinion);
    }

    pub(super) fn reply_approve(&mut self, act: &ReplyApprove, at: Fold) {
        for opinion in act.replies.iter().filter_map(|id| self.replied.get(id)) {
            if let Some(reply) = self.replies.get_mut(opinion) {
                reply.approved = Some(at.index);
            }
        }
    }
}
