//! What the office makes together: opinion forms before they are sent, with the papers that go with them.
//!
//! A draft is an object whose text is the whole form: two who write it apart are both kept. Its papers lie beside it in parts,
//! sealed like all else: before a form is sent nothing of it is in the record.

use super::fold::REMOVED;
use super::share::space_of;
use super::team::{self, TeamText};
use super::{Write, new_object, rows};
use crate::body::{Body, Made};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::{BodyId, DeviceId, MemberId, StatementId};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::sync::Offer;
use ecabinet_protocol::wire;
use ecabinet_record::code::base64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How far a form has come at the desk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "lowercase")]
pub enum FormDraftStage {
    #[default]
    Writing,
    /// It waits for whoever may send it.
    Waiting,
    Back {
        why: String,
    },
    /// He has signed it: from here on the record says what becomes of it.
    Signed {
        form: StatementId,
    },
}

/// An opinion form that the office prepares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    pub id: String,
    /// The form, as the interface keeps it; see `TeamText`.
    pub said: TeamText,
    pub stage: FormDraftStage,
    /// Who brought it there, and when in ms since 1970 by his clock.
    pub staged: Option<(MemberId, u64)>,
    /// On which device.
    pub staged_on: Option<DeviceId>,
    /// What publishes its dossier, signed when it was handed in, for one who may send forms but not publish papers.
    pub dossier: Vec<Made>,
}

const SPACE: SpaceOwner = SpaceOwner::Desk;
const FORM: &str = "form:";
const STAGE: &str = "stage";
const DOSSIER: &str = "dossier";
/// Before the draft, its paper, and the number of a part of it.
const PART: &str = "part:";
const BYTES: &str = "bytes";
/// Bytes of a part: in base64 and sealed it is less than the server takes.
const PART_SIZE: usize = 700 << 10;
/// A paper that is larger is published first.
pub(crate) const MOST_BYTES: usize = 32 << 20;

impl Client {
    /// Forms that the office prepares, as this device has them.
    pub fn form_drafts(&self, body: BodyId) -> Result<Vec<FormDraft>> {
        self.with(body, form_drafts)
    }

    /// Begins a draft; gives its id.
    pub fn begin_form_draft(&self, body: BodyId, said: &str) -> Result<String> {
        let id = new_object(&self.env);
        self.write_text(body, SPACE, object_of(&id), said, BTreeMap::new())?;
        Ok(id)
    }

    /// Writes a draft over what is shown; where it stands stays as it is.
    pub fn write_form_draft(&self, body: BodyId, id: &str, said: &str) -> Result<()> {
        self.write_text(body, SPACE, object_of(id), said, BTreeMap::new())
    }

    /// Writes it and hands it in, with what publishes its dossier.
    pub fn hand_in_form_draft(&self, body: BodyId, id: &str, said: &str, dossier: &[Made]) -> Result<()> {
        let offers: Vec<Offer> =
            dossier.iter().map(|(envelope, payload)| Offer::new(envelope.clone(), payload.clone())).collect();
        let signed = (!offers.is_empty()).then(|| base64::encode(&wire::encode(&offers)));
        let mut fields = stage_field(&FormDraftStage::Waiting);
        fields.insert(DOSSIER.to_owned(), json!(signed));
        self.write_text(body, SPACE, object_of(id), said, fields)
    }

    /// Brings a draft to another stage.
    pub fn stage_form_draft(&self, body: BodyId, id: &str, stage: &FormDraftStage) -> Result<()> {
        let write = Write { object: object_of(id), fields: stage_field(stage), over: Vec::new() };
        self.write_shared(body, SPACE, write)
    }

    /// Takes a draft away; one that somebody has written meanwhile stays.
    pub fn drop_form_draft(&self, body: BodyId, id: &str) -> Result<()> {
        let over =
            self.with(body, |vault, body| Ok(team::read(vault, body, SPACE, &object_of(id))?.contents()))?;
        let fields = BTreeMap::from([(REMOVED.to_owned(), json!(true))]);
        self.write_shared(body, SPACE, Write { object: object_of(id), fields, over })?;
        self.forget_papers(body, id)
    }

    /// Keeps a paper of a draft; gives its id.
    ///
    /// # Errors
    /// `draft.paper_large` if it is too large to be kept so.
    pub fn keep_draft_paper(&self, body: BodyId, draft: &str, bytes: &[u8]) -> Result<String> {
        if bytes.len() > MOST_BYTES {
            return Err(Error::new("draft.paper_large").with("megabytes", MOST_BYTES >> 20));
        }
        let id = new_object(&self.env);
        for (at, part) in bytes.chunks(PART_SIZE).enumerate() {
            let fields = BTreeMap::from([(BYTES.to_owned(), json!(base64::encode(part)))]);
            self.write_shared(
                body,
                SPACE,
                Write { object: part_id(draft, &id, at), fields, over: Vec::new() },
            )?;
        }
        Ok(id)
    }

    /// A paper of a draft, of so many bytes.
    ///
    /// # Errors
    /// `paper.not_here` if not all of it has come, or it was let go.
    pub fn draft_paper(&self, body: BodyId, draft: &str, paper: &str, size: u64) -> Result<Vec<u8>> {
        let paper = self.with(body, |vault, body| paper_of_draft(vault, body, draft, paper, size))?;
        paper.ok_or(Error::new("paper.not_here"))
    }

    /// A form that this person has signed is in the record, and its papers with it: the desk needs them no more.
    pub(super) fn tidy_drafts(&self, body: BodyId) -> Result<()> {
        let over = self.with(body, |vault, body| {
            let (Ok(me), Some(state)) = (body.member(), body.replica.state()) else { return Ok(Vec::new()) };
            let mut over = form_drafts(vault, body)?;
            over.retain(|draft| match &draft.stage {
                FormDraftStage::Signed { form } => {
                    state.polls.contains_key(form) && draft.staged.is_some_and(|(by, _)| by == me)
                }
                _ => false,
            });
            Ok(over)
        })?;
        over.iter().try_for_each(|draft| self.forget_papers(body, &draft.id))
    }

    fn forget_papers(&self, body: BodyId, draft: &str) -> Result<()> {
        let parts = self.with(body, |vault, body| {
            let space = space_of(body, SPACE)?;
            rows::objects_named(vault, body.row.id, space, &format!("{PART}{draft}:"))
        })?;
        for (object, _) in parts.into_iter().filter(|(_, part)| part.fields().next().is_some()) {
            let fields = BTreeMap::from([(BYTES.to_owned(), Value::Null)]);
            self.write_shared(body, SPACE, Write { object, fields, over: Vec::new() })?;
        }
        Ok(())
    }
}

pub(crate) fn form_drafts(vault: &Vault, body: &Body) -> Result<Vec<FormDraft>> {
    let Ok(space) = space_of(body, SPACE) else { return Ok(Vec::new()) };
    let mut drafts = Vec::new();
    for (object, _) in rows::objects_named(vault, body.row.id, space, FORM)? {
        drafts.extend(form_draft(vault, body, &object[FORM.len()..])?);
    }
    Ok(drafts)
}

/// None if there is no such draft, or no longer.
pub(crate) fn form_draft(vault: &Vault, body: &Body, id: &str) -> Result<Option<FormDraft>> {
    let object = team::read(vault, body, SPACE, &object_of(id))?;
    if object.texts().is_empty() || object.is_removed() {
        return Ok(None);
    }
    let stage = object.field(STAGE).and_then(|stage| serde_json::from_value(stage.clone()).ok());
    let signed = object.field(DOSSIER).and_then(Value::as_str).and_then(base64::decode);
    let offers: Option<Vec<Offer>> = signed.and_then(|signed| wire::decode(&signed));
    let dossier = offers.unwrap_or_default().into_iter();
    Ok(Some(FormDraft {
        id: id.to_owned(),
        said: team::text(body, &object),
        stage: stage.unwrap_or_default(),
        staged: object.stamp(STAGE).and_then(|stamp| team::written(body, stamp)),
        staged_on: object.stamp(STAGE).map(|(.., device)| *device),
        dossier: dossier.map(|offer| (offer.envelope(), offer.payload.map(Into::into))).collect(),
    }))
}

/// A paper of a draft; none if not all of it is here.
pub(crate) fn paper_of_draft(
    vault: &Vault,
    body: &Body,
    draft: &str,
    paper: &str,
    size: u64,
) -> Result<Option<Vec<u8>>> {
    let space = space_of(body, SPACE)?;
    let mut bytes = Vec::new();
    for at in 0.. {
        let object = rows::object(vault, body.row.id, space, &part_id(draft, paper, at))?;
        let part = object.field(BYTES).and_then(Value::as_str).and_then(base64::decode);
        let Some(part) = part.filter(|part| !part.is_empty()) else { break };
        bytes.extend(part);
        if bytes.len() as u64 >= size {
            break;
        }
    }
    Ok((bytes.len() as u64 == size).then_some(bytes))
}

fn stage_field(stage: &FormDraftStage) -> BTreeMap<String, Value> {
    BTreeMap::from([(STAGE.to_owned(), json!(stage))])
}

fn object_of(draft: &str) -> String {
    format!("{FORM}{draft}")
}

fn part_id(draft: &str, paper: &str, at: usize) -> String {
    format!("{PART}{draft}:{paper}:{at:05}")
}
