use super::terms::{Needs, needs};
use super::{Index, MOST_PAGES, Result, Shelved, held};
use ecabinet_pdf::{Query, Way, words};
use rusqlite::{Connection, params};
use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};

/// Where to seek and how much is wanted.
#[derive(Debug, Clone)]
pub struct Ask {
    pub body: i64,
    /// In these papers, in this order; the rest of the body behind them, if that is wanted, the newest first.
    pub first: Vec<Shelved>,
    pub rest: bool,
    /// Not in these.
    pub without: Vec<Shelved>,
    /// Pages wanted.
    pub most: usize,
    /// Pages of one paper wanted.
    pub each: usize,
}

/// A page that has what was sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub paper: Shelved,
    /// From 0.
    pub page: u32,
    pub way: Way,
    pub text: String,
    /// Characters of `text` where the words stand.
    pub places: Vec<Range<u32>>,
}

/// What a word may become is looked up in the vocabulary as long as it is not more than this; else the index is asked for all
/// that begins so, as for a beginning of two letters, for which it has terms of its own.
const GROWN: usize = 32;
const BEGINNING: usize = 2;
/// Papers are looked through together if so many entries or fewer lie between them.
const NEAR: i64 = 64;

impl Index {
    /// Pages that have the words of a query: the closest way first, then in the order that was asked for.
    pub fn find(&self, query: &Query, ask: &Ask) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        self.walk(query, ask, |db, id, way, text| {
            let (paper, page) = Shelved::of_page(id);
            let text = text.map_or_else(|| text_of(db, id), Ok)?;
            let places = query.places(&words(&text), way);
            found.push(Found { paper, page, way, text, places });
            Ok(if found.len() < ask.most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(found)
    }

    /// All such pages, however many.
    pub fn pages(&self, query: &Query, ask: &Ask) -> Result<Vec<(Shelved, u32)>> {
        let mut pages = Vec::new();
        self.walk(query, ask, |_, id, _, _| {
            pages.push(Shelved::of_page(id));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(pages)
    }

    /// Shows each page once, with its text if that was needed to be sure.
    fn walk(
        &self,
        query: &Query,
        ask: &Ask,
        mut show: impl FnMut(&Connection, i64, Way, Option<String>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let reader = held(&self.reader);
        let mut shown = HashSet::new();
        let mut counts: HashMap<i64, usize> = HashMap::new();
        let order: HashMap<i64, usize> =
            ask.first.iter().enumerate().map(|(place, paper)| (paper.number(), place)).collect();
        let own: HashSet<i64> = ask.first.iter().chain(&ask.without).map(|paper| paper.number()).collect();
        for way in query.ways() {
            let (needs, enough) = needs(query, way);
            let Some(terms) = expression(&reader, &needs)? else { continue };
            let mut offer = |id: i64| -> Result<ControlFlow<()>> {
                let of_paper = counts.entry(id >> super::PAGE_BITS).or_default();
                // Whether it is one is not asked of a page that nobody wants.
                if *of_paper >= ask.each || shown.contains(&id) {
                    return Ok(ControlFlow::Continue(()));
                }
                let Some(text) = sure(&reader, id, query, way, enough)? else {
                    return Ok(ControlFlow::Continue(()));
                };
                *of_paper += 1;
                shown.insert(id);
                show(&reader, id, way, text)
            };
            // Those of the first papers are put in the order that was asked for; they are few.
            let mut of_first: Vec<(usize, i64)> = Vec::new();
            for run in runs(&ask.first) {
                each(&reader, &terms, run, |id| {
                    of_first.extend(order.get(&(id >> super::PAGE_BITS)).map(|place| (*place, id)));
                    Ok(ControlFlow::Continue(()))
                })?;
            }
            of_first.sort_unstable();
            for (_, id) in of_first {
                if offer(id)?.is_break() {
                    return Ok(());
                }
            }
            if !ask.rest {
                continue;
            }
            let newest = Shelved { body: ask.body, entry: (1 << super::ENTRY_BITS) - 1 };
            let oldest = Shelved { body: ask.body, entry: 0 };
            let all = newest.page(0)..oldest.page(MOST_PAGES - 1) + 1;
            let mut over = false;
            each(&reader, &terms, all, |id| {
                if own.contains(&(id >> super::PAGE_BITS)) {
                    return Ok(ControlFlow::Continue(()));
                }
                let flow = offer(id)?;
                over = flow.is_break();
                Ok(flow)
            })?;
            if over {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn text_of(db: &Connection, id: i64) -> Result<String> {
    Ok(db.prepare_cached("SELECT text FROM pages WHERE id = ?1")?.query_row([id], |row| row.get(0))?)
}

/// The rows of a range that have the terms, in order, until it is enough.
fn each(
    db: &Connection,
    terms: &str,
    range: Range<i64>,
    mut take: impl FnMut(i64) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let sql = "SELECT rowid FROM terms WHERE terms MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params![terms, range.start, range.end - 1])?;
    while let Some(row) = rows.next()? {
        if take(row.get(0)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// None if the page, by its text, does not have the words; the text if that had to be read.
fn sure(db: &Connection, id: i64, query: &Query, way: Way, enough: bool) -> Result<Option<Option<String>>> {
    if enough {
        return Ok(Some(None));
    }
    let text = text_of(db, id)?;
    Ok((!query.places(&words(&text), way).is_empty()).then_some(Some(text)))
}

/// Ranges that have some papers, and few others: a meeting's papers come into the record together.
fn runs(papers: &[Shelved]) -> Vec<Range<i64>> {
    let mut papers = papers.to_vec();
    papers.sort_by_key(|paper| paper.number());
    let mut runs: Vec<Range<i64>> = Vec::new();
    for paper in papers {
        let own = paper.page(0)..paper.page(MOST_PAGES - 1) + 1;
        match runs.last_mut() {
            Some(run) if own.start - run.end <= i64::from(MOST_PAGES) * NEAR => run.end = own.end,
            _ => runs.push(own),
        }
    }
    runs
}

/// In FTS5's words; none if a word is nowhere.
fn expression(db: &Connection, needs: &[Needs]) -> Result<Option<String>> {
    let mut parts = Vec::new();
    for need in needs {
        parts.push(match need {
            Needs::Term(term) => format!("\"{term}\""),
            Needs::Start(start) => format!("\"{start}\" *"),
            Needs::Growing(start) if start.chars().count() == BEGINNING => format!("\"{start}\" *"),
            Needs::Growing(start) => {
                let words = grown(db, start)?;
                if words.is_empty() {
                    return Ok(None);
                }
                if words.len() > GROWN {
                    format!("\"{start}\" *")
                } else {
                    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                    format!("({})", words.join(" OR "))
                }
            }
        });
    }
    Ok(Some(parts.join(" AND ")))
}

/// Words of the vocabulary that begin so; more than are used tell that there are more.
fn grown(db: &Connection, start: &str) -> Result<Vec<String>> {
    let sql = "SELECT word FROM vocabulary WHERE word >= ?1 AND word < ?1 || char(1114111) LIMIT ?2";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params![start, GROWN as i64 + 1], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
