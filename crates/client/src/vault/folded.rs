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

    /// Gives what is kept folded of a body in this form, with its size, as far as it is whole.
    pub fn folded<T>(
        &self,
        body: i64,
        form: u32,
        read: impl FnOnce(u64, &[u8]) -> Option<T>,
    ) -> Result<Option<T>> {
        if self.no_folded {
            return Ok(None);
        }
        let sql = "SELECT size, sum, bytes FROM folded WHERE body = ?1 AND form = ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let found = query.query_row(params![body, form], |row| {
            let (size, bytes) = (row.get::<_, i64>(0)? as u64, row.get_ref(2)?.as_blob()?);
            let whole = Hash(fixed(row, 1)?) == sum(body, form, size, bytes);
            Ok(if whole { read(size, bytes) } else { None })
        });
        Ok(found.optional()?.flatten())
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
