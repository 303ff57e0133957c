//! Spaces: what is private, on all of one's devices. The server keeps operations that it cannot read, drop or reorder
//! unseen. The notes of a member are the first use.

mod epoch;
mod exchange;
mod fold;
mod ink;
mod list;
mod notes;
mod office;
mod rows;
mod share;
mod shared;
mod team;

pub use fold::{Object, Operation, Stamp};
pub use ink::{InkPoint, Stroke};
pub use list::SpaceRow;
pub use notes::{Mark, MarkKind, Note, Quad, Strokes};
pub(crate) use notes::{has_held, is_keyless, last_read, marks_on, reading, recently_read, unsent_notes};
pub use office::{FormDraft, FormDraftStage};
pub(crate) use office::{form_draft, form_drafts, paper_of_draft};
pub use share::SharedNote;
pub(crate) use share::note_groups;
pub use team::{AnswerDraft, Brief, BriefPart, DraftStage, TeamText};
pub(crate) use team::{begun, brief, draft};

use crate::body::Body;
use crate::client::{Changed, Client};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::seal;
use crate::vault::Vault;
use ecabinet_domain::{BodyId, Hash, Signature};
use ecabinet_protocol::space::{MAX_OP, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::SpaceId;
use rusqlite::Transaction;
use serde_bytes::ByteBuf;
use serde_json::Value;
use std::collections::BTreeMap;

/// What one write says of an object.
pub(crate) struct Write {
    pub object: String,
    pub fields: BTreeMap<String, Value>,
    /// The texts that the writer had before him.
    pub over: Vec<Stamp>,
}

impl Client {
    /// Seals, chains and keeps a write; it is folded in at once and sent when there is a network.
    pub(crate) fn write_space(&self, body: BodyId, write: Write) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let (space, mut epoch, mut key, old) =
            epoch::newest(vault, body)?.ok_or(Error::new("notes.no_key"))?;
        // The revoked device must not read this, also where there is no network to tell the others of the new epoch.
        let begun = old.then(|| self.env.random());
        if let Some(new) = begun {
            (epoch, key) = (epoch::due(body.state()?, body.member()?), new);
        }
        self.put_op(vault, body, (space, epoch, key), begun.is_some(), write)?;
        drop(core);
        self.announce(&[Changed::Notes]);
        Ok(())
    }

    /// The same in a shared space. Whoever writes first after somebody was taken away makes the key.
    pub(crate) fn write_shared(&self, body: BodyId, owner: SpaceOwner, write: Write) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        if body.is_pending()? || !owner.has(body.state()?, body.member()?) {
            return Err(Error::new("space.owner"));
        }
        let space = owner.shared_id(body.row.body).ok_or(Error::new("space.owner"))?;
        let (epoch, known) = epoch::due_key(vault, body, owner, space)?;
        let key = known.unwrap_or_else(|| self.env.random());
        self.put_op(vault, body, (space, epoch, key), known.is_none(), write)?;
        drop(core);
        self.announce(&[Changed::Notes]);
        Ok(())
    }

    fn put_op(
        &self,
        vault: &mut Vault,
        body: &Body,
        (space, epoch, key): (SpaceId, u32, seal::Key),
        begun: bool,
        write: Write,
    ) -> Result<()> {
        let (n, prev) = rows::last(vault, body.row.id, space, body.row.device)?;
        let at = tick(vault, self.env.clock.now())?;
        let operation = Operation { object: write.object, at, fields: write.fields, over: write.over };
        let op = self.seal_op(body, space, epoch, &key, n + 1, prev, &operation);
        // One that no server takes would hold up all that follow it.
        if op.ciphertext.len() > MAX_OP {
            return Err(Error::new("space.too_large").with("max", MAX_OP));
        }
        let row = body.row.id;
        let mut object = rows::object(vault, row, space, &operation.object)?;
        object.apply(&operation, body.row.device);
        vault.transact(|tx| {
            keep_tick(tx, at)?;
            if begun {
                rows::add_key(tx, row, space, epoch, &key)?;
            }
            rows::add_op(tx, row, &op, None)?;
            rows::set_object(tx, row, space, &operation.object, &object)
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn seal_op(
        &self,
        body: &Body,
        space: SpaceId,
        epoch: u32,
        key: &seal::Key,
        n: u64,
        prev: Hash,
        operation: &Operation,
    ) -> StoredOp {
        let nonce: [u8; 24] = self.env.random();
        let device = body.row.device;
        let aad = StoredOp::aad(space, epoch, device, n, prev, &nonce);
        let plain = serde_json::to_vec(operation).expect("plain data");
        let ciphertext = ByteBuf::from(seal::seal(key, &nonce, &aad, &plain));
        let nonce = ByteBuf::from(nonce);
        let unsigned = Signature([0; 64]);
        StoredOp { space, epoch, device, n, prev, nonce, ciphertext, signature: unsigned }
            .sign(&body.row.keys)
    }
}

/// The next reading of this device's hybrid logical clock: never back, whatever the wall clock does.
fn tick(vault: &Vault, now: u64) -> Result<(u64, u32)> {
    let last: (u64, u32) =
        vault.setting("clock")?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(if now > last.0 { (now, 0) } else { (last.0, last.1 + 1) })
}

pub(crate) fn keep_tick(tx: &Transaction, at: (u64, u32)) -> Result<()> {
    let text = serde_json::to_string(&at).expect("plain data");
    let sql = "INSERT INTO settings VALUES ('clock', ?1) ON CONFLICT DO UPDATE SET value = excluded.value";
    tx.execute(sql, [text])?;
    Ok(())
}

/// An id for a new object.
pub(crate) fn new_object(env: &Env) -> String {
    ecabinet_domain::Nonce(env.random()).to_string()
}
