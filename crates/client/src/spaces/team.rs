//! What a member and his staff make together: the brief on an item or form, the draft of an answer. And the answer that the
//! member himself has begun, which is in his own space.
//!
//! Each text is an object of its own, so that who writes the summary does not disturb who writes the proposal; two who write
//! the same one apart are both kept.

use super::fold::TEXT;
use super::share::space_of;
use super::{Object, Stamp, Write, rows};
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use crate::vault::Vault;
use ecabinet_domain::{BodyId, Holder, ItemId, MemberId, StatementId};
use ecabinet_protocol::space::SpaceOwner;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A text of a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamText {
    /// The latest first; more than one where two wrote apart. Empty ones are left out.
    pub texts: Vec<String>,
    /// Who wrote the latest, and when in ms since 1970 by his clock.
    pub written: Option<(MemberId, u64)>,
}

/// A part of a brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BriefPart {
    Summary,
    Proposal,
    Position,
}

/// One page from a member's staff on an item, or on a form's dossier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brief {
    pub summary: TeamText,
    pub proposal: TeamText,
    pub position: TeamText,
}

impl Brief {
    pub fn is_empty(&self) -> bool {
        [&self.summary, &self.proposal, &self.position].iter().all(|text| text.texts.is_empty())
    }
}

/// How far the draft of an answer has come between staff and member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "lowercase")]
pub enum DraftStage {
    /// Staff are at it.
    #[default]
    Writing,
    /// It waits for the member.
    Waiting,
    /// The member has sent it back.
    Back { why: String },
}

/// The draft of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerDraft {
    /// What is said, as the interface keeps it; see `TeamText`.
    pub said: TeamText,
    pub stage: DraftStage,
}

const STAGE: &str = "stage";
const BEGUN: &str = "begun";

impl Client {
    pub fn brief(&self, body: BodyId, of: MemberId, item: ItemId) -> Result<Brief> {
        self.with(body, |vault, body| brief(vault, body, of, item))
    }

    /// Writes a part of a brief over what is shown.
    pub fn set_brief(
        &self,
        body: BodyId,
        of: MemberId,
        item: ItemId,
        part: BriefPart,
        text: &str,
    ) -> Result<()> {
        self.write_text(body, SpaceOwner::Staff(of), brief_id(item, part), text, BTreeMap::new())
    }

    pub fn answer_draft(&self, body: BodyId, of: MemberId, form: StatementId) -> Result<AnswerDraft> {
        self.with(body, |vault, body| draft(vault, body, of, form))
    }

    /// Writes the draft of a member's answer; `submit`: it then waits for him.
    pub fn draft_answer(
        &self,
        body: BodyId,
        of: MemberId,
        form: StatementId,
        said: &str,
        submit: bool,
    ) -> Result<()> {
        let stage = if submit { DraftStage::Waiting } else { DraftStage::Writing };
        let stage = BTreeMap::from([(STAGE.to_owned(), json!(stage))]);
        self.write_text(body, SpaceOwner::Staff(of), draft_id(form), said, stage)
    }

    /// The member sends the draft of his answer back, with a reason.
    pub fn send_draft_back(&self, body: BodyId, form: StatementId, why: &str) -> Result<()> {
        let of = self.with(body, |_, body| body.member())?;
        let fields = BTreeMap::from([(STAGE.to_owned(), json!(DraftStage::Back { why: why.to_owned() }))]);
        let write = Write { object: draft_id(form), fields, over: Vec::new() };
        self.write_shared(body, SpaceOwner::Staff(of), write)
    }

    /// The answer that the member has begun, as the interface keeps it; on all of his devices.
    pub fn begun_answer(&self, body: BodyId, form: StatementId) -> Result<Option<String>> {
        self.with(body, |vault, body| begun(vault, body, form))
    }

    /// Keeps what is begun; none: it is given up or sent.
    pub fn begin_answer(&self, body: BodyId, form: StatementId, said: Option<&str>) -> Result<()> {
        if self.begun_answer(body, form)?.as_deref() == said {
            return Ok(());
        }
        let fields = BTreeMap::from([(BEGUN.to_owned(), json!(said))]);
        self.write_space(body, Write { object: begun_id(form), fields, over: Vec::new() })
    }

    /// Writes a text of a group over what is shown, with what goes with it.
    pub(super) fn write_text(
        &self,
        body: BodyId,
        group: SpaceOwner,
        object: String,
        text: &str,
        mut fields: BTreeMap<String, Value>,
    ) -> Result<()> {
        let known = self.with(body, |vault, body| read(vault, body, group, &object))?;
        let over = known.texts().into_iter().map(|(stamp, _)| *stamp).collect();
        fields.insert(TEXT.to_owned(), json!(text));
        self.write_shared(body, group, Write { object, fields, over })
    }
}

pub(crate) fn brief(vault: &Vault, body: &Body, of: MemberId, item: ItemId) -> Result<Brief> {
    let part = |part| -> Result<TeamText> {
        Ok(text(body, &read(vault, body, SpaceOwner::Staff(of), &brief_id(item, part))?))
    };
    Ok(Brief {
        summary: part(BriefPart::Summary)?,
        proposal: part(BriefPart::Proposal)?,
        position: part(BriefPart::Position)?,
    })
}

pub(crate) fn draft(vault: &Vault, body: &Body, of: MemberId, form: StatementId) -> Result<AnswerDraft> {
    let object = read(vault, body, SpaceOwner::Staff(of), &draft_id(form))?;
    let stage = object.field(STAGE).and_then(|stage| serde_json::from_value(stage.clone()).ok());
    Ok(AnswerDraft { said: text(body, &object), stage: stage.unwrap_or_default() })
}

pub(crate) fn begun(vault: &Vault, body: &Body, form: StatementId) -> Result<Option<String>> {
    let Some((space, ..)) = rows::own_space(vault, body.row.id)? else { return Ok(None) };
    let object = rows::object(vault, body.row.id, space, &begun_id(form))?;
    Ok(object.field(BEGUN).and_then(Value::as_str).map(str::to_owned))
}

pub(super) fn read(vault: &Vault, body: &Body, group: SpaceOwner, object: &str) -> Result<Object> {
    rows::object(vault, body.row.id, space_of(body, group)?, object)
}

pub(super) fn text(body: &Body, object: &Object) -> TeamText {
    let texts = object.texts();
    let written = texts.first().and_then(|(stamp, _)| written(body, stamp));
    let texts = texts.into_iter().map(|(_, text)| text.to_owned()).filter(|text| !text.is_empty());
    TeamText { texts: texts.collect(), written }
}

/// Who wrote something, and when by his clock.
pub(super) fn written(body: &Body, (at, _, device): &Stamp) -> Option<(MemberId, u64)> {
    match body.replica.state()?.devices.get(device)?.holder {
        Holder::Member(person) => Some((person, *at)),
        _ => None,
    }
}

fn brief_id(item: ItemId, part: BriefPart) -> String {
    let part = match part {
        BriefPart::Summary => "summary",
        BriefPart::Proposal => "proposal",
        BriefPart::Position => "position",
    };
    format!("brief:{item}:{part}")
}

fn draft_id(form: StatementId) -> String {
    format!("draft:{form}")
}

fn begun_id(form: StatementId) -> String {
    format!("{ANSWER}{form}")
}

/// How the objects of own begun answers are called.
pub(super) const ANSWER: &str = "answer:";
