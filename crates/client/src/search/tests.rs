use super::*;
use ecabinet_pdf::{Query, words};
use std::collections::BTreeSet;
use tempfile::TempDir;

const KEY: Key = [7; 32];

fn open(home: &TempDir) -> Index {
    Index::open(home.path(), &Env::real(), &KEY).expect("opens")
}

fn paper(entry: u64) -> Shelved {
    Shelved { body: 3, entry }
}

fn everywhere() -> Ask {
    Ask { body: 3, first: Vec::new(), rest: true, without: Vec::new(), most: 1000, each: 1000 }
}

fn add(index: &Index, entry: u64, texts: &[&str]) {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let rev = RevId([entry as u8; 16]);
    index.add(paper(entry), rev, texts.len() as u32, 0, &texts).expect("adds");
}

fn find(index: &Index, query: &str) -> Vec<(u64, u32)> {
    let found = index.find(&Query::read(query), &everywhere()).expect("finds");
    found.into_iter().map(|found| (found.paper.entry, found.page)).collect()
}

#[test]
fn the_closest_first_then_the_newest_then_by_page() {
    let home = TempDir::new().unwrap();
    let index = open(&home);
    add(&index, 5, &["Quyết toán và nghi vấn", "", "Nghị quyết của Chính phủ"]);
    add(&index, 9, &["nghi quyet khong dau", "Nghi\u{323} quye\u{302}\u{301}t số 12/NQ-CP"]);
    add(&index, 7, &["Nghĩ quyết?", "nghị trường, sẽ quyết"]);
    assert_eq!(find(&index, "nghị quyết"), [(9, 1), (5, 2), (9, 0), (7, 0), (7, 1), (5, 0)]);
    assert_eq!(find(&index, "nghi quyet"), [(9, 0), (9, 1), (7, 0), (5, 2), (7, 1), (5, 0)]);
    assert_eq!(find(&index, "\"nghi quyet\""), [(9, 0), (9, 1), (7, 0), (5, 2)]);
    assert_eq!(find(&index, "12/nq-cp"), [(9, 1)]);
    assert_eq!(find(&index, "nghi quyet chinh"), [(5, 2)], "the last grows, all of them on the page");
    assert_eq!(find(&index, "chính ph"), [(5, 2)]);
    assert_eq!(find(&index, "ch"), [(5, 2)]);
    assert!(find(&index, "chinh quyen").is_empty() && find(&index, "...").is_empty());
    let progress = index.papers(3).unwrap();
    assert_eq!(progress[&paper(5)], Progress { rev: RevId([5; 16]), pages: 3, read: 3, worded: 2 });
    assert!(index.papers(2).unwrap().is_empty() && index.papers(4).unwrap().is_empty());

    // In some papers first, in their order; of each only so many.
    let ask = Ask { first: vec![paper(5), paper(9)], without: vec![paper(7)], each: 1, ..everywhere() };
    let found = index.find(&Query::read("nghi"), &ask).unwrap();
    assert_eq!(found.iter().map(|f| (f.paper.entry, f.page)).collect::<Vec<_>>(), [(5, 0), (9, 0)]);
    assert_eq!(found[0].places.len(), 1);
}

#[test]
fn it_goes_on_where_it_was_and_forgets_every_word() {
    let home = TempDir::new().unwrap();
    let index = open(&home);
    add(&index, 1, &["đê điều", "ngân sách"]);
    index.add(paper(2), RevId([2; 16]), 3, 0, &["một".into(), "hai điều".into()]).unwrap();
    drop(index);
    let index = open(&home);
    let at = index.papers(3).unwrap()[&paper(2)];
    assert!((at.read, at.pages) == (2, 3) && !at.is_whole());
    index.add(paper(2), at.rev, 3, 0, &["what was read already".into()]).unwrap();
    assert!(find(&index, "already").is_empty());
    index.add(paper(2), at.rev, 3, 2, &["ba thỏ thẻ".into()]).unwrap();
    assert_eq!(find(&index, "dieu"), [(2, 1), (1, 0)]);
    assert_eq!(find(&index, "thẻ"), [(2, 2)]);

    index.forget(&[paper(2)]).unwrap();
    assert_eq!(find(&index, "dieu"), [(1, 0)]);
    assert_eq!(index.papers(3).unwrap().len(), 1);
    let db = held(&index.writer);
    let left = |sql: &str| -> Vec<u8> {
        let mut query = db.prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        rows.flat_map(|row| row.unwrap()).collect()
    };
    let all = [
        left("SELECT CAST(text AS BLOB) FROM pages"),
        left("SELECT CAST(word AS BLOB) FROM vocabulary"),
        left("SELECT block FROM terms_data"),
    ]
    .concat();
    for gone in ["thẻ", "the", "hai", "¦hai¦dieu"] {
        assert!(!all.windows(gone.len()).any(|part| part == gone.as_bytes()), "{gone}");
    }
    assert!(all.windows(4).any(|part| part == b"dieu"));
}

#[test]
fn what_cannot_be_opened_is_begun_anew() {
    let home = TempDir::new().unwrap();
    add(&open(&home), 1, &["đê điều Lam Thủy"]);
    let file = home.path().join(FILES[0]);
    for name in FILES {
        let bytes = std::fs::read(home.path().join(name)).unwrap_or_default();
        assert!(!bytes.windows(4).any(|part| part == b"dieu"), "{name} is sealed");
    }
    assert_eq!(find(&open(&home), "dieu").len(), 1);
    assert!(
        find(&Index::open(home.path(), &Env::real(), &[8; 32]).unwrap(), "dieu").is_empty(),
        "another key"
    );
    let spoil = |what: &dyn Fn(&Path)| {
        add(&open(&home), 1, &["đê điều"]);
        what(&file);
        let index = open(&home);
        assert!(find(&index, "dieu").is_empty());
        add(&index, 1, &["đê điều"]);
        assert_eq!(find(&index, "dieu").len(), 1);
    };
    spoil(&|file| std::fs::write(file, vec![9; 8192]).unwrap());
    spoil(&|file| std::fs::write(file, b"").unwrap());
    spoil(&|_| {
        let db = sealed(&file, &Env::real(), &KEY).unwrap();
        db.pragma_update(None, "user_version", FORM + 1).unwrap();
    });
}

/// Letters as a person would fold them: a table, not a normal form.
fn plain(text: &str) -> String {
    const TABLE: [(&str, char); 7] = [
        ("áàảãạăắằẳẵặâấầẩẫậ", 'a'),
        ("éèẻẽẹêếềểễệ", 'e'),
        ("íìỉĩị", 'i'),
        ("óòỏõọôốồổỗộơớờởỡợ", 'o'),
        ("úùủũụưứừửữự", 'u'),
        ("ýỳỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    let lower = text.to_lowercase();
    lower
        .chars()
        .map(|c| TABLE.iter().find(|(all, _)| all.contains(c)).map_or(c, |(_, plain)| *plain))
        .collect()
}

/// By reading everything, letter by letter.
fn scan(pages: &[(u64, u32, String)], query: &[&str], in_a_row: bool, growing: bool) -> BTreeSet<(u64, u32)> {
    let split = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let query: Vec<String> = query.iter().map(|word| plain(word)).collect();
    let has = |text: &str| {
        let words = split(&plain(text));
        let is = |at: usize, word: &String| {
            if growing && at + 1 == query.len() { word.starts_with(&query[at]) } else { *word == query[at] }
        };
        if in_a_row {
            words.windows(query.len()).any(|row| row.iter().enumerate().all(|(at, word)| is(at, word)))
        } else {
            (0..query.len()).all(|at| words.iter().any(|word| is(at, word)))
        }
    };
    pages.iter().filter(|(.., text)| has(text)).map(|(entry, page, _)| (*entry, *page)).collect()
}

#[test]
fn nothing_is_missed_that_reading_everything_would_find() {
    use unicode_normalization::UnicodeNormalization;
    const WORDS: [&str; 24] = [
        "nghị",
        "nghi",
        "nghĩ",
        "quyết",
        "quyet",
        "của",
        "chính",
        "phủ",
        "Phú",
        "đê",
        "điều",
        "de",
        "Đường",
        "ngân",
        "sách",
        "và",
        "va",
        "về",
        "the",
        "budget",
        "12",
        "NQ",
        "tỷ",
        "ty",
    ];
    let mut state = 11u64;
    let mut dice = move |of: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % of
    };
    let home = TempDir::new().unwrap();
    let index = open(&home);
    let mut pages: Vec<(u64, u32, String)> = Vec::new();
    for entry in 1..=40u64 {
        let texts: Vec<String> = (0..1 + dice(6))
            .map(|_| {
                let ends = [" ", " ", " ", ", ", ".\n", "/", "-"];
                let text: String = (0..dice(14)).flat_map(|_| [WORDS[dice(24)], ends[dice(7)]]).collect();
                if dice(4) == 0 { text.nfd().collect() } else { text }
            })
            .collect();
        // As a page's text is: composed.
        let kept: Vec<String> = texts.iter().map(|text| text.nfc().collect()).collect();
        pages.extend((0u32..).zip(&kept).map(|(page, text)| (entry, page, text.clone())));
        index.add(paper(entry), RevId([entry as u8; 16]), kept.len() as u32, 0, &kept).unwrap();
    }
    let gone = [paper(3), paper(17), paper(40)];
    index.forget(&gone).unwrap();
    pages.retain(|(entry, ..)| !gone.contains(&paper(*entry)));

    let mut found_any = 0;
    for _ in 0..3000 {
        let typed: Vec<&str> = (0..1 + dice(4)).map(|_| WORDS[dice(24)]).collect();
        let growing = dice(2) == 0;
        let mut words_of: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
        if growing && let Some(last) = words_of.last_mut() {
            *last = last.chars().take(2).collect();
        }
        let as_str: Vec<&str> = words_of.iter().map(String::as_str).collect();
        let quoted = !growing && dice(3) == 0;
        let mut text = as_str.join(" ");
        match (quoted, growing) {
            (true, _) => text = format!("\"{text}\""),
            (false, false) => text += " ",
            _ => {}
        }
        if dice(3) == 0 {
            text = text.nfd().collect();
        }
        let found = index.pages(&Query::read(&text), &everywhere()).unwrap();
        let set: BTreeSet<(u64, u32)> = found.iter().map(|(paper, page)| (paper.entry, *page)).collect();
        assert_eq!(set.len(), found.len(), "each page once");
        assert_eq!(set, scan(&pages, &as_str, quoted, growing), "{text:?}");
        found_any += usize::from(!set.is_empty());
    }
    assert!(found_any > 1000, "{found_any}");
    assert!(!words("nghị").is_empty());
}
