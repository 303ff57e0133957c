//! What is kept of a page to be found by: single words without diacritics (`nghi`), pairs of them in a row (`¦nghi¦quyet`, so
//! that words in a row are found without reading where on a page each stands), and words as they are written where that
//! differs (`¤nghị`).

use ecabinet_pdf::{Phrase, Query, Token, Way};
use std::collections::BTreeSet;

/// Neither letters, so that no word begins so, nor in ASCII, so that SQLite takes them for a part of one.
const PAIR: char = '¦';
const WRITTEN: char = '¤';

/// All terms of a page.
pub(super) fn of_page(words: &[Token]) -> BTreeSet<String> {
    let mut terms: BTreeSet<String> = words.iter().map(|word| word.folded.clone()).collect();
    terms.extend(words.windows(2).map(|two| pair(&two[0].folded, &two[1].folded)));
    terms.extend(
        words.iter().filter(|word| is_apart(&word.written, &word.folded)).map(|w| as_written(&w.written)),
    );
    terms
}

/// What a page must have.
pub(super) enum Needs {
    Term(String),
    /// A term that begins so.
    Start(String),
    /// A single word that begins so, in the vocabulary.
    Growing(String),
}

/// What pages must have, all of it, to have a query's words in this way, and whether that is enough. If it is not, only the
/// text tells.
pub(super) fn needs(query: &Query, way: Way) -> (Vec<Needs>, bool) {
    let phrases = query.phrases(way);
    let mut needs: Vec<Needs> = phrases.iter().flat_map(of_phrase).collect();
    let mut enough = phrases.iter().all(|phrase| phrase.words.len() < 3);
    if way == Way::Written {
        for phrase in phrases {
            let whole = phrase.words.len() - usize::from(phrase.open);
            let marked = phrase.words[..whole].iter().filter(|word| is_apart(&word.written, &word.folded));
            needs.extend(marked.map(|word| Needs::Term(as_written(&word.written))));
        }
        // One word with its diacritics is a term; any more, or one that grows, may lie otherwise on the page.
        enough = phrases
            .iter()
            .all(|phrase| phrase.words.len() == 1 && phrase.words[0].is_marked() && !phrase.open);
    }
    (needs, enough)
}

fn of_phrase(phrase: &Phrase) -> Vec<Needs> {
    let words = &phrase.words;
    if let [word] = &**words {
        let word = word.folded.clone();
        return vec![if phrase.open { Needs::Growing(word) } else { Needs::Term(word) }];
    }
    let pairs = words.windows(2).enumerate().map(|(at, two)| {
        let pair = pair(&two[0].folded, &two[1].folded);
        if phrase.open && at + 2 == words.len() { Needs::Start(pair) } else { Needs::Term(pair) }
    });
    pairs.collect()
}

fn pair(first: &str, second: &str) -> String {
    format!("{PAIR}{first}{PAIR}{second}")
}

fn as_written(word: &str) -> String {
    format!("{WRITTEN}{word}")
}

/// It has diacritics of its own.
fn is_apart(written: &str, folded: &str) -> bool {
    !written.is_empty() && written != folded
}
