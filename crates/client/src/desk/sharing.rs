//! What the person shares with others, and they with him.

use super::{Desk, body_id, id};
use crate::body::Body;
use crate::error::Result;
use crate::spaces::{Note, SharedNote, note_groups};
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain::{BodyId, PaperId};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::ui::*;

impl Desk {
    pub(super) fn share(&self, args: &ShareMark) -> Result<()> {
        let groups = args.groups.iter().map(|group| id(group)).collect::<Result<Vec<SpaceOwner>>>()?;
        self.client()?.share_note(body_id(&args.body)?, &args.id, &groups)
    }

    /// Marks that others share, with whose they are. Their ids are nobody's own.
    pub(super) fn marks_of_others(
        &self,
        body: BodyId,
        paper: PaperId,
    ) -> Result<Vec<(Note, Option<MarkBy>)>> {
        let client = self.client()?;
        let shared = client.shared_notes(body, Some(paper))?;
        client.with(body, |vault, body| {
            shared
                .into_iter()
                .map(|SharedNote { note, by, group }| {
                    let name = member_content(vault, body, by)?.name;
                    let note = Note { id: format!("{by}:{}", note.id), ..note };
                    Ok((note, Some(MarkBy { name, group: group.to_string() })))
                })
                .collect()
        })
    }
}

/// The groups that this person belongs to: his own staff first, then all members.
pub(super) fn groups(vault: &Vault, body: &Body) -> Result<Vec<GroupView>> {
    let Ok(member) = body.member() else { return Ok(Vec::new()) };
    let state = body.state()?;
    let groups = note_groups(state, member);
    groups.into_iter().map(|group| view(vault, body, member, group)).collect()
}

fn view(vault: &Vault, body: &Body, me: ecabinet_domain::MemberId, group: SpaceOwner) -> Result<GroupView> {
    let (kind, name) = match group {
        SpaceOwner::Staff(member) if member == me => (GroupKind::MyStaff, None),
        SpaceOwner::Staff(member) => (GroupKind::StaffOf, Some(member_content(vault, body, member)?.name)),
        SpaceOwner::All | SpaceOwner::Desk | SpaceOwner::Member(_) => (GroupKind::All, None),
    };
    let others = group.persons(body.state()?).into_iter().filter(|person| *person != me);
    let people = others.map(|person| Ok(member_content(vault, body, person)?.name)).collect::<Result<_>>()?;
    Ok(GroupView { id: group.to_string(), kind, name, people })
}
