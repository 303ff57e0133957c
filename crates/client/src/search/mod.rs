//! Finding words in all papers that are here. What they say is kept in a database of its own beside the vault, sealed with a
//! key that only the vault has: whoever loses or damages it loses nothing but the time to read the papers again.

mod find;
mod library;
mod passage;
mod rows;
mod shelf;
mod terms;

pub use find::{Ask, Found};
pub(crate) use library::{Placed, on_agenda};
pub use passage::{Piece, passage};
pub(crate) use shelf::{FILES, Shelf};

use crate::env::Env;
use crate::error::Error;
use crate::seal::Key;
use crate::vault::sealed;
use ecabinet_domain::RevId;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

/// Why the index could not be read or written: it can be made again.
#[derive(Debug, thiserror::Error)]
#[error("the index of words: {0}")]
pub struct Failed(String);

type Result<T, E = Failed> = std::result::Result<T, E>;

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Failed {
        Failed(error.to_string())
    }
}

impl From<Failed> for Error {
    fn from(Failed(detail): Failed) -> Error {
        Error::new("search.failed").with("detail", detail)
    }
}

/// Of the schema, of what is kept of a page, and of how text is folded: what another form has kept is read anew.
const FORM: u32 = 2;

/// The words of the papers that are here.
pub struct Index {
    writer: Mutex<Connection>,
    /// Another connection, so that nobody who seeks waits for a paper to be written.
    reader: Mutex<Connection>,
}

/// A paper's place: the body's row, and the entry of its record that brought this revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shelved {
    pub body: i64,
    pub entry: u64,
}

/// How far a paper was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub rev: RevId,
    pub pages: u32,
    pub read: u32,
    /// Of those that were read: pages with words.
    pub worded: u32,
}

impl Progress {
    pub fn is_whole(&self) -> bool {
        self.read >= self.pages
    }
}

const PAGE_BITS: u32 = 14;
const ENTRY_BITS: u32 = 36;
/// Pages beyond are not found.
pub const MOST_PAGES: u32 = 1 << PAGE_BITS;

impl Shelved {
    /// The number of a paper's row: within a body the newest has the lowest.
    fn number(self) -> i64 {
        (self.body << ENTRY_BITS) | ((1 << ENTRY_BITS) - 1 - self.entry as i64)
    }

    fn of_number(number: i64) -> Shelved {
        let low = number & ((1 << ENTRY_BITS) - 1);
        Shelved { body: number >> ENTRY_BITS, entry: ((1 << ENTRY_BITS) - 1 - low) as u64 }
    }

    fn page(self, page: u32) -> i64 {
        (self.number() << PAGE_BITS) | i64::from(page)
    }

    fn of_page(id: i64) -> (Shelved, u32) {
        (Shelved::of_number(id >> PAGE_BITS), (id & i64::from(MOST_PAGES - 1)) as u32)
    }
}

impl Index {
    /// Opens what is kept in a home, or begins anew if it is of another form, or another key's, or damaged.
    pub fn open(home: &Path, env: &Env, key: &Key) -> Result<Index, Error> {
        if let Ok(index) = Self::connect(home, env, key) {
            return Ok(index);
        }
        shelf::remove(home, env)?;
        Self::connect(home, env, key)
    }

    fn connect(home: &Path, env: &Env, key: &Key) -> Result<Index, Error> {
        let path = home.join(FILES[0]);
        let connect = || -> Result<Connection, Error> {
            let db = sealed(&path, env, key)?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            // A power cut may cost what was read last, never the whole.
            db.pragma_update(None, "synchronous", "NORMAL")?;
            db.set_prepared_statement_cache_capacity(64);
            Ok(db)
        };
        let mut writer = connect()?;
        let form: u32 = writer.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if form == 0 {
            let tx = writer.transaction()?;
            tx.execute_batch(include_str!("schema.sql"))?;
            tx.pragma_update(None, "user_version", FORM)?;
            tx.commit()?;
        } else if form != FORM {
            return Err(Error::new("search.form"));
        }
        let reader = connect()?;
        reader.pragma_update(None, "query_only", true)?;
        // Pages of the index that were opened stay so: opening one is most of what seeking costs.
        reader.pragma_update(None, "cache_size", -8_192)?;
        Ok(Index { writer: Mutex::new(writer), reader: Mutex::new(reader) })
    }
}

fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests;
