//! Signing a paper of the body.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs;
use crate::signature::Signing;
use ecabinet_domain::act::PaperSign;
use ecabinet_domain::{BodyId, Member, Rev, RevId, StatementId};
use ecabinet_pades::SigningTime;
use ecabinet_protocol::content::SignContent;
use ecabinet_record::hash::sha256;
use rusqlite::Transaction;

impl Client {
    /// Makes the signed revision, keeps it, and queues the statement that binds both.
    pub fn sign_paper(&self, body: BodyId, rev: Rev, signing: Signing) -> Result<StatementId> {
        let signed = self.with(body, |_, body| {
            let paper = body.state()?.papers.get(&rev.paper).ok_or(Error::new("paper.unknown"))?;
            Ok(paper.has_signed(rev.rev, body.member()?))
        })?;
        if signed {
            return Err(Error::new("paper.signed_already"));
        }
        let (bytes, manifest) = self.paper_bytes(body, rev)?;
        if sha256(&bytes) != manifest.sha256 {
            return Err(Error::new("paper.damaged"));
        }
        let time =
            SigningTime { unix_ms: self.env.clock.now() as i64, offset_minutes: self.zone(body)?.minutes() };
        let new_rev = RevId(self.env.random());
        // A name of its own for every signature on the paper.
        let field = format!("ecabinet-{}", &new_rev.to_string()[..12]);
        let signed = signing.sign(&bytes, field, time)?;

        let chunk_key = self.with(body, |vault, body| Ok(body.genesis(vault)?.chunk_key))?;
        let chunks = packs::cut(&signed, &chunk_key);
        let (mut batch, mut sealed) = (packs::Batch::default(), Vec::new());
        for (chunk, bytes) in &chunks {
            if !self.with(body, |vault, body| vault.has_chunk(body.row.id, &chunk.name))? {
                batch.add(&self.env, &chunk.name, bytes);
                if batch.is_full() {
                    sealed.extend(batch.write(&self.env, &self.files)?);
                }
            }
        }
        sealed.extend(batch.write(&self.env, &self.files)?);
        let (title, audience) = self.with(body, |vault, body| {
            let (title, _) = body.manifest(vault, rev)?.ok_or(Error::new("paper.unknown"))?;
            let paper = &body.state()?.papers[&rev.paper];
            Ok((title, paper.audience.clone()))
        })?;
        let content = SignContent {
            title,
            before: manifest.sha256,
            after: sha256(&signed),
            manifest: packs::manifest(&signed, manifest.pages, &chunks),
        };
        let act = PaperSign { paper: rev.paper, rev: rev.rev, new_rev };
        let keep = |tx: &Transaction, row| packs::keep_chunks(tx, row, &sealed);
        let made = self.act_with(body, keep, |_, body| {
            let one = body.make(&self.env, Member::VOTE, act, Says::to(audience, &content))?;
            body.precheck(&self.env, &one)?;
            Ok(vec![one])
        })?;
        Ok(made[0])
    }
}
