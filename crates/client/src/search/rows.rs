use super::terms::of_page;
use super::{Failed, Index, MOST_PAGES, Progress, Result, Shelved, held};
use crate::vault::fixed;
use ecabinet_domain::RevId;
use ecabinet_pdf::words;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet};

impl Index {
    /// The papers of a body that were read, or begun.
    pub fn papers(&self, body: i64) -> Result<BTreeMap<Shelved, Progress>> {
        let reader = held(&self.reader);
        let first = Shelved { body, entry: (1 << super::ENTRY_BITS) - 1 }.number();
        let last = Shelved { body, entry: 0 }.number();
        let sql = "SELECT id, rev, pages, read, worded FROM papers WHERE id BETWEEN ?1 AND ?2";
        let mut query = reader.prepare_cached(sql)?;
        let rows = query.query_map([first, last], |row| {
            let progress = Progress {
                rev: RevId(fixed(row, 1)?),
                pages: row.get(2)?,
                read: row.get(3)?,
                worded: row.get(4)?,
            };
            Ok((Shelved::of_number(row.get(0)?), progress))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Adds what the next pages of a paper say, if they are the next.
    pub fn add(&self, paper: Shelved, rev: RevId, pages: u32, first: u32, texts: &[String]) -> Result<()> {
        let mut writer = held(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = "INSERT INTO papers (id, rev, pages) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        tx.prepare_cached(known)?.execute(params![paper.number(), rev.0, pages.min(MOST_PAGES)])?;
        let sql = "SELECT read FROM papers WHERE id = ?1";
        let read: u32 = tx.prepare_cached(sql)?.query_row([paper.number()], |row| row.get(0))?;
        if read != first {
            return Ok(());
        }
        let (mut worded, mut at) = (0, first);
        for text in texts.iter().take((MOST_PAGES - first.min(MOST_PAGES)) as usize) {
            worded += u32::from(add_page(&tx, paper.page(at), text)?);
            at += 1;
        }
        let sql = "UPDATE papers SET read = ?2, worded = worded + ?3 WHERE id = ?1";
        tx.prepare_cached(sql)?.execute(params![paper.number(), at, worded])?;
        Ok(tx.commit()?)
    }

    /// Takes papers out, with every word that stood in them only.
    pub fn forget(&self, papers: &[Shelved]) -> Result<()> {
        for paper in papers {
            // Page by page, so that a long paper holds nobody up.
            loop {
                let mut writer = held(&self.writer);
                let Some((id, text)) = first_page(&writer, *paper)? else { break };
                let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
                forget_page(&tx, id, &text)?;
                tx.commit()?;
            }
            let writer = held(&self.writer);
            writer.prepare_cached("DELETE FROM papers WHERE id = ?1")?.execute([paper.number()])?;
        }
        if papers.is_empty() {
            return Ok(());
        }
        let busy = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: bool = held(&self.writer).query_row(busy, [], |row| row.get(0))?;
        // Somebody still reads what was there: the whole goes, so that nothing of it stays in the log.
        if busy { Err(Failed("its log is in use".into())) } else { Ok(()) }
    }
}

/// Whether it has words.
fn add_page(tx: &Transaction, id: i64, text: &str) -> Result<bool> {
    let terms = of_page(&words(text));
    if terms.is_empty() {
        return Ok(false);
    }
    tx.prepare_cached("INSERT INTO pages VALUES (?1, ?2)")?.execute(params![id, text])?;
    tx.prepare_cached("INSERT INTO terms (rowid, list) VALUES (?1, ?2)")?
        .execute(params![id, row(&terms)])?;
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO vocabulary VALUES (?1)")?;
    for word in terms.iter().filter(|term| term.starts_with(char::is_alphanumeric)) {
        insert.execute([word])?;
    }
    Ok(true)
}

fn first_page(db: &Connection, paper: Shelved) -> Result<Option<(i64, String)>> {
    let sql = "SELECT id, text FROM pages WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1";
    let range = [paper.page(0), paper.page(MOST_PAGES - 1)];
    Ok(db.prepare_cached(sql)?.query_row(range, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn forget_page(tx: &Transaction, id: i64, text: &str) -> Result<()> {
    let terms = of_page(&words(text));
    tx.prepare_cached("INSERT INTO terms (terms, rowid, list) VALUES ('delete', ?1, ?2)")?
        .execute(params![id, row(&terms)])?;
    tx.prepare_cached("DELETE FROM pages WHERE id = ?1")?.execute([id])?;
    let mut still = tx.prepare_cached("SELECT 1 FROM terms WHERE terms MATCH ?1 LIMIT 1")?;
    let mut delete = tx.prepare_cached("DELETE FROM vocabulary WHERE word = ?1")?;
    for word in terms.iter().filter(|term| term.starts_with(char::is_alphanumeric)) {
        if !still.exists([format!("\"{word}\"")])? {
            delete.execute([word])?;
        }
    }
    Ok(())
}

fn row(terms: &BTreeSet<String>) -> String {
    terms.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
