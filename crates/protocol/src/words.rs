//! What a code means: what happened, what is safe, and what the person can do. One table for all programs; a program that
//! can say more (which option, which screen) says it in its own place.

/// One line each: code, Vietnamese, English. `{name}` is a parameter.
const TABLE: &str = include_str!("words.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub code: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
}

pub fn of(code: &str) -> Option<Words> {
    all().find(|words| words.code == code)
}

pub fn all() -> impl Iterator<Item = Words> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, '|');
        Some(Words { code: parts.next()?, vi: parts.next()?, en: parts.next()? })
    })
}
