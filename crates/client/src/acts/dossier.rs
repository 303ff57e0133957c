//! Sending an opinion form together with its dossier. The secretariat publishes papers, a head of office sends forms: what
//! publishes the dossier is signed by her when she hands the form in, and goes out with his own statement, all or nothing.

use crate::acts::NewForm;
use crate::acts::form::sending;
use crate::body::{Body, Made, Says};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs::{self, LaidOut, NewItem, NewPaper, Publication, cut, manifest};
use crate::vault::{self, Vault};
use ecabinet_domain::act::FormSend;
use ecabinet_domain::{Act, Audience, BodyId, Hash, Header, ItemId, Member, Placement, Rev, StatementId};
use ecabinet_protocol::content::{self, ItemContent, MeetingContent, PaperContent};
use rusqlite::Transaction;

/// A paper of a dossier that is not published yet.
#[derive(Debug, Clone)]
pub struct DossierPaper {
    pub title: String,
    pub bytes: Vec<u8>,
    pub pages: u32,
}

/// Where a form's dossier is.
pub enum Dossier {
    /// Published already.
    Published(ItemId),
    /// To be published with it, here and now.
    Papers(Vec<DossierPaper>),
    /// To be published with it by what the secretariat has signed.
    Signed { papers: Vec<DossierPaper>, by: Vec<Made> },
}

impl Client {
    /// Signs what publishes a dossier; nothing is sent.
    pub fn sign_dossier(&self, body: BodyId, subject: &str, papers: Vec<DossierPaper>) -> Result<Vec<Made>> {
        let publication = publication(subject, papers, self.env.clock.now());
        let acts = self.lay_out(body, &publication)?.acts;
        self.with(body, |_, body| {
            let make = |(act, says)| body.make(&self.env, Member::SECRETARIAT, act, says);
            let made: Vec<Made> = acts.into_iter().map(make).collect::<Result<_>>()?;
            body.precheck(&self.env, &made[0])?;
            Ok(made)
        })
    }

    /// Sends a form with its dossier. `signed` is told the form's id before anything is kept to be sent.
    ///
    /// # Errors
    /// `draft.dossier` if what the secretariat has signed publishes something else than these papers.
    pub fn send_form_with(
        &self,
        body: BodyId,
        form: NewForm,
        dossier: Dossier,
        signed: impl FnOnce(StatementId) -> Result<()>,
    ) -> Result<StatementId> {
        let subject = form.content.subject.clone();
        let (papers, by) = match dossier {
            Dossier::Published(item) => {
                let form = NewForm { item, ..form };
                let made = self.with(body, |vault, body| self.make_form(vault, body, form, true))?;
                return self.keep_form(body, vec![made], &[], signed);
            }
            Dossier::Papers(papers) => (papers, None),
            Dossier::Signed { papers, by } => (papers, Some(by)),
        };
        let publication = publication(&subject, papers, self.env.clock.now());
        let LaidOut { acts, chunks, .. } = self.lay_out(body, &publication)?;
        let (made, lacking) = self.with(body, |vault, body| {
            let mut made = match by {
                Some(by) => by,
                None => {
                    let make = |(act, says)| body.make(&self.env, Member::SECRETARIAT, act, says);
                    acts.into_iter().map(make).collect::<Result<Vec<Made>>>()?
                }
            };
            let key = body.genesis(vault)?.chunk_key;
            let item = item_published(&key, &made, &publication);
            let item = item.ok_or(Error::new("draft.dossier"))?;
            body.precheck(&self.env, &made[0])?;
            made.push(self.make_form(vault, body, NewForm { item, ..form }, false)?);
            let mut lacking = Vec::new();
            for (name, bytes) in chunks {
                if !vault.has_chunk(body.row.id, &name)? {
                    lacking.push((name, bytes));
                }
            }
            Ok((made, lacking))
        })?;
        self.keep_form(body, made, &lacking, signed)
    }

    /// Whoever may see a published dossier may see the form; one that is published with it is for all.
    fn make_form(&self, vault: &Vault, body: &Body, form: NewForm, published: bool) -> Result<Made> {
        let state = body.state()?;
        let audience = match state.items.get(&form.item) {
            Some(item) => body.audience(vault, item.set_at)?,
            None if published => return Err(Error::new("item.unknown")),
            None => vec![Audience::All],
        };
        if form.content.questions.len() != form.rules.len() {
            return Err(Error::new("form.questions"));
        }
        let act = FormSend {
            item: form.item,
            asked: form.asked,
            questions: form.rules,
            agency: form.agency,
            approver: form.approver,
        };
        let made = body.make(&self.env, sending(body)?, act, Says::to(audience, &form.content))?;
        if published {
            body.precheck(&self.env, &made)?;
        }
        Ok(made)
    }

    fn keep_form(
        &self,
        body: BodyId,
        made: Vec<Made>,
        chunks: &[(content::ChunkName, &[u8])],
        signed: impl FnOnce(StatementId) -> Result<()>,
    ) -> Result<StatementId> {
        let form = made.last().ok_or(Error::new("form.questions"))?.0.id();
        let sealed = self.seal_chunks(chunks)?;
        signed(form)?;
        let ids: Vec<StatementId> = made.iter().map(|(envelope, _)| envelope.id()).collect();
        let keep = |tx: &Transaction, row| {
            // What the server has refused before is offered anew.
            ids.iter().try_for_each(|id| vault::outbox::remove(tx, row, *id).map(|_| ()))?;
            packs::keep_chunks(tx, row, &sealed)
        };
        self.act_with(body, keep, |_, _| Ok(made))?;
        Ok(form)
    }
}

fn publication(subject: &str, papers: Vec<DossierPaper>, now: u64) -> Publication {
    let papers = papers.into_iter().enumerate().map(|(at, paper)| NewPaper {
        path: format!("1/{:02} {}.pdf", at + 1, paper.title),
        title: paper.title,
        bytes: paper.bytes,
        pages: paper.pages,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    });
    let item = NewItem {
        content: ItemContent { title: subject.to_owned(), path: "1".into(), ..Default::default() },
        audience: vec![Audience::All],
        papers: papers.collect(),
    };
    let content =
        MeetingContent { title: subject.to_owned(), starts: now, place: None, reason: None, dossier: true };
    Publication { meeting: None, content, items: vec![item] }
}

/// The item that these statements put before the body, if they publish just the papers of this publication, to all, by
/// the secretariat.
fn item_published(key: &Hash, made: &[Made], publication: &Publication) -> Option<ItemId> {
    let item = &publication.items[0];
    let mut said = made.iter().map(|(envelope, payload)| {
        let header = Header::parse(&envelope.header)?;
        let payload = payload.as_ref().filter(|payload| header.payload == Some(payload.commitment()))?;
        let by = header.capacity.0 == Member::SECRETARIAT && header.audience == [Audience::All];
        by.then_some((header.act, payload.bytes.as_slice()))
    });
    let (Act::ItemSet(set), _) = said.next()?? else { return None };
    let mut revs = Vec::new();
    for paper in &item.papers {
        let (Act::PaperPublish(act), bytes) = said.next()?? else { return None };
        let content: PaperContent = content::read(bytes)?;
        let expected = manifest(&paper.bytes, paper.pages, &cut(&paper.bytes, key));
        let same = content.title == paper.title && content.manifest == expected && !content.watermark;
        if !same || act.item != set.item || !act.signers.is_empty() {
            return None;
        }
        revs.push(Rev { paper: act.paper, rev: act.rev });
    }
    let (Act::MeetingPublish(act), bytes) = said.next()?? else { return None };
    let dossier = content::read::<MeetingContent>(bytes)?.dossier;
    let placed = act.agenda.0 == [Placement { item: set.item, papers: revs }];
    (dossier && placed && act.meeting == set.meeting && said.next().is_none()).then_some(set.item)
}
