use super::Index;
use crate::client::Client;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::seal::Key;
use crate::vault::INDEX_KEY;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// The database and what SQLite puts beside it.
pub(crate) const FILES: [&str; 4] = ["search.db", "search.db-wal", "search.db-shm", "search.db-journal"];

/// The index of an open home, once somebody needs it.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Option<Arc<Index>>>);

impl Shelf {
    fn held(&self) -> MutexGuard<'_, Option<Arc<Index>>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Lets go of it and does something before anybody opens it again.
    pub fn empty<T>(&self, act: impl FnOnce() -> T) -> T {
        let mut shelf = self.held();
        *shelf = None;
        act()
    }

    /// Lets go of it. Whoever is asking it just now still has his answer.
    pub fn close(&self) {
        *self.held() = None;
    }
}

/// Removes all that is kept to find by.
pub(super) fn remove(home: &Path, env: &Env) -> Result<()> {
    FILES.iter().try_for_each(|name| env.disk.remove_all(&home.join(name)))?;
    Ok(())
}

impl Client {
    /// The words of all papers here; opened when it is first asked for.
    pub fn index(&self) -> Result<Arc<Index>> {
        if let Some(index) = &*self.shelf.held() {
            return Ok(index.clone());
        }
        // The vault is asked before the shelf is held: whoever destroys the vault closes the shelf behind it.
        let key = self.index_key()?;
        let mut shelf = self.shelf.held();
        if let Some(index) = &*shelf {
            return Ok(index.clone());
        }
        let index = Arc::new(Index::open(&self.home, &self.env, &key)?);
        *shelf = Some(index.clone());
        drop(shelf);
        match self.ended() {
            Some(why) => {
                self.drop_index()?;
                Err(why)
            }
            None => Ok(index),
        }
    }

    /// Whether the index is whole; none if there is none yet. One that is damaged is made again when papers are next read.
    ///
    /// # Errors
    /// `search.damaged`
    pub fn check_index(&self) -> Result<Option<()>> {
        if !self.env.disk.exists(&self.home.join(FILES[0])) {
            return Ok(None);
        }
        let key = self.index_key()?;
        let index = Index::connect(&self.home, &self.env, &key);
        let whole = index.and_then(|index| {
            let writer = super::held(&index.writer);
            Ok(writer.execute("INSERT INTO terms (terms) VALUES ('integrity-check')", [])?)
        });
        whole.map(|_| Some(())).map_err(|error| Error::new("search.damaged").with("detail", error))
    }

    fn index_key(&self) -> Result<Zeroizing<Key>> {
        if let Some(why) = self.ended() {
            return Err(why);
        }
        let mut core = self.core();
        let kept = core.vault.setting(INDEX_KEY)?.map(Zeroizing::new);
        if let Some(key) = kept.and_then(|hex| hex.parse::<ecabinet_domain::Hash>().ok()) {
            return Ok(Zeroizing::new(key.0));
        }
        let key: Zeroizing<Key> = Zeroizing::new(self.env.random());
        let hex = Zeroizing::new(ecabinet_domain::Hash(*key).to_string());
        core.vault.set_setting(INDEX_KEY, &hex)?;
        Ok(key)
    }
}
