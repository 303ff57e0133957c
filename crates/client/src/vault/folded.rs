use super::{Vault, fixed};
use crate::error::Result;
use ecabinet_domain::Hash;
use ecabinet_record::hash;
use rusqlite::{OptionalExtension, Transaction, params};

impl Vault {
    /// From now on what is kept folded is as good as not there.
    pub fn pass_over_folded(&mut self) {
        self.no_folded = true;
    }

    /// What is kept folded of a body in this form, and of how many entries; none if it is not whole.
    pub fn folded(&self, body: i64, form: u32) -> Result<Option<(u64, Vec<u8>)>> {
        if self.no_folded {
            return Ok(None);
        }
        let mut query =
            self.db.prepare_cached("SELECT size, sum FROM folded WHERE body = ?1 AND form = ?2")?;
        let found = query
            .query_row(params![body, form], |row| Ok((row.get::<_, i64>(0)? as u64, Hash(fixed(row, 1)?))));
        let Some((size, told)) = found.optional()? else { return Ok(None) };
        // Piece by piece into a buffer of ours: SQLCipher locks and wipes each of its own, and this would be a large one.
        let blob = self.db.blob_open("main", "folded", "bytes", body, true)?;
        let mut bytes = vec![0; blob.len()];
        blob.read_at_exact(&mut bytes, 0)?;
        Ok((told == sum(body, form, size, &bytes)).then_some((size, bytes)))
    }

    /// Keeps a body's record as it is folded up to a size, in place of what was kept before.
    pub fn keep_folded(&mut self, body: i64, form: u32, size: u64, bytes: &[u8]) -> Result<()> {
        if self.no_folded {
            return Ok(());
        }
        self.transact(|tx| {
            let mut insert =
                tx.prepare_cached("INSERT OR REPLACE INTO folded VALUES (?1, ?2, ?3, ?4, ?5)")?;
            insert.execute(params![body, form, size as i64, sum(body, form, size, bytes).0, bytes])?;
            Ok(())
        })
    }
}

pub(crate) fn forget(tx: &Transaction, body: i64) -> Result<()> {
    tx.execute("DELETE FROM folded WHERE body = ?1", [body])?;
    Ok(())
}

fn sum(body: i64, form: u32, size: u64, bytes: &[u8]) -> Hash {
    hash::concat(&[&body.to_be_bytes(), &form.to_be_bytes(), &size.to_be_bytes(), bytes])
}
