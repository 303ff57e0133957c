//! What this device remembers of reminders, beside the vault and in plain, so that it can remind while it is locked: times, and
//! names that say nothing. Nobody learns from it of what it reminds.

use super::stages::Stage;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// As many given ones are remembered.
const MOST: usize = 2000;

pub(super) struct Book {
    path: PathBuf,
    kept: Kept,
}

#[derive(Default, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    coming: Vec<Coming>,
    /// The latest last.
    #[serde(default)]
    given: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Coming {
    pub key: String,
    #[serde(flatten)]
    pub stage: Stage,
}

impl Book {
    /// One that is not there or cannot be read is empty.
    pub fn open(home: &Path) -> Book {
        let path = home.join("reminders.json");
        let text = fs::read(&path).unwrap_or_default();
        Book { path, kept: serde_json::from_slice(&text).unwrap_or_default() }
    }

    /// What is to come, as it is known now.
    pub fn expect(&mut self, coming: Vec<Coming>) -> Result<()> {
        let next = Kept { coming, given: self.kept.given.clone() };
        self.keep(next)
    }

    /// What is to be given now.
    pub fn due(&self, now: u64) -> Vec<&Coming> {
        let due = |coming: &&Coming| coming.stage.is_on(now) && !self.kept.given.contains(&coming.key);
        self.kept.coming.iter().filter(due).collect()
    }

    pub fn give(&mut self, key: &str) -> Result<()> {
        let mut next = self.kept.clone();
        next.given.push(key.to_owned());
        let over = next.given.len().saturating_sub(MOST);
        next.given.drain(..over);
        self.keep(next)
    }

    fn keep(&mut self, next: Kept) -> Result<()> {
        if next == self.kept {
            return Ok(());
        }
        let beside = self.path.with_extension("next");
        fs::write(&beside, serde_json::to_vec(&next).expect("plain data"))?;
        fs::rename(beside, &self.path)?;
        self.kept = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_not_given_again_after_a_restart_and_what_is_answered_is_forgotten() {
        let home = tempfile::tempdir().expect("a folder");
        let coming = |key: &str, from| Coming {
            key: key.into(),
            stage: Stage { from, until: from + 10, overdue: false },
        };
        let due =
            |book: &Book, now| book.due(now).iter().map(|coming| coming.key.clone()).collect::<Vec<_>>();
        let mut book = Book::open(home.path());
        assert!(due(&book, 5).is_empty());
        book.expect(vec![coming("a", 0), coming("b", 3), coming("c", 20)]).expect("kept");
        assert_eq!((due(&book, 2), due(&book, 5)), (vec!["a".into()], vec!["a".into(), "b".into()]));
        book.give("a").expect("kept");
        let mut book = Book::open(home.path());
        assert_eq!(due(&book, 5), ["b"], "also while nothing can be read but this");
        book.expect(vec![coming("a", 0)]).expect("kept");
        assert!(due(&book, 5).is_empty());
        fs::write(home.path().join("reminders.json"), "{").expect("written");
        assert!(due(&Book::open(home.path()), 5).is_empty(), "one that is spoiled is empty");
    }
}
