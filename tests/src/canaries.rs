//! Canaries: known random words that are put into what is confidential, and the search for them in every byte that is
//! left behind.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What a word was put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Canary {
    Paper,
    Note,
    /// What people share with their staff and with all members: notes, briefs, drafts.
    Shared,
    /// Of people, devices and groups.
    Name,
    /// Of meetings, items and papers that all may see.
    Title,
    /// Of what only some may see.
    Restricted,
    Ballot,
    /// What an agency replies to opinions.
    Reply,
    /// A PIN, a passphrase, a printed code, a token.
    Secret,
}

/// The words of a story, by what they were put into. The same number gives the same words.
pub struct Canaries {
    words: Vec<(Canary, String)>,
}

/// Where a word was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub file: PathBuf,
    pub kind: Canary,
    pub word: String,
    pub form: &'static str,
}

/// Letters of a word that are looked for: more than chance makes in any file.
const CORE: usize = 11;
const LETTERS: usize = 16;

impl Canaries {
    pub fn new(seed: u64, counts: &[(Canary, usize)]) -> Canaries {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut letter = move || {
            // SplitMix64: the words must be known, not secret.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            char::from(b'a' + ((mixed ^ (mixed >> 31)) % 26) as u8)
        };
        let kinds = counts.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count));
        Canaries { words: kinds.map(|kind| (kind, (0..LETTERS).map(|_| letter()).collect())).collect() }
    }

    pub fn of(&self, kind: Canary) -> impl Iterator<Item = &str> {
        self.words.iter().filter(move |(of, _)| *of == kind).map(|(_, word)| word.as_str())
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Words that are known by other means, such as a code that a program has made.
    pub fn add(&mut self, kind: Canary, word: &str) {
        self.words.push((kind, word.to_owned()));
    }

    pub fn search(&self) -> Search<'_> {
        let (mut patterns, mut meanings) = (Vec::new(), Vec::new());
        for (at, (kind, word)) in self.words.iter().enumerate() {
            // A secret may be short, and every letter of it counts.
            let core = if *kind == Canary::Secret { word.as_bytes() } else { &word.as_bytes()[..CORE] };
            for (form, pattern) in forms(core) {
                patterns.push(pattern);
                meanings.push((at, form));
            }
        }
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .expect("patterns");
        Search { canaries: self, finder, meanings }
    }
}

/// How a word may lie in a file.
fn forms(word: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex: String = word.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("utf-8", word.to_vec()),
        ("utf-16", word.iter().flat_map(|byte| [*byte, 0]).collect()),
        ("upper hex", hex.to_uppercase().into_bytes()),
        ("hex", hex.into_bytes()),
    ];
    if word.len() < 8 {
        // Of a PIN too little is left in the others to be told from chance.
        return forms[..2].to_vec();
    }
    for before in 0..3 {
        // The letters whose six bits are all of the word's, at each place that it may have.
        let text = STANDARD_NO_PAD.encode([&vec![0; before][..], word].concat());
        let whole = word.len() - (word.len() + before) % 3;
        forms.push(("base64", text.as_bytes()[(before * 8).div_ceil(6)..(before + whole) * 8 / 6].to_vec()));
    }
    forms
}

pub struct Search<'a> {
    canaries: &'a Canaries,
    finder: AhoCorasick,
    meanings: Vec<(usize, &'static str)>,
}

impl Search<'_> {
    /// Every word in every file under a folder, names of files included.
    pub fn folder(&self, folder: &Path) -> BTreeSet<Found> {
        let mut found = BTreeSet::new();
        let mut todo = vec![folder.to_owned()];
        while let Some(path) = todo.pop() {
            let kind = match std::fs::symlink_metadata(&path) {
                Ok(metadata) => metadata.file_type(),
                // Gone meanwhile.
                Err(_) => continue,
            };
            found.extend(self.bytes(&path, path.as_os_str().as_encoded_bytes()));
            if kind.is_dir() {
                todo.extend(
                    std::fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()),
                );
            } else if kind.is_file() {
                found.extend(self.bytes(&path, &std::fs::read(&path).unwrap_or_default()));
            }
        }
        found
    }

    /// The same in bytes, and in what deflate has packed among them.
    pub fn bytes(&self, file: &Path, bytes: &[u8]) -> BTreeSet<Found> {
        let mut found = self.plain(file, bytes, None);
        for at in 0..bytes.len().saturating_sub(6) {
            let packed = match bytes[at..at + 4] {
                [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => unpack(flate2::read::ZlibDecoder::new(&bytes[at..])),
                [0x1f, 0x8b, 8, _] => unpack(flate2::read::GzDecoder::new(&bytes[at..])),
                _ => continue,
            };
            found.extend(self.plain(file, &packed, Some("deflated")));
        }
        found
    }

    fn plain(&self, file: &Path, bytes: &[u8], packed: Option<&'static str>) -> BTreeSet<Found> {
        let of = |found: aho_corasick::Match| {
            let (at, form) = self.meanings[found.pattern().as_usize()];
            let (kind, word) = &self.canaries.words[at];
            Found { file: file.to_owned(), kind: *kind, word: word.clone(), form: packed.unwrap_or(form) }
        };
        self.finder.find_overlapping_iter(bytes).map(of).collect()
    }
}

/// What can be unpacked, though its end may be missing.
fn unpack(reader: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = reader.take(64 << 20).read_to_end(&mut bytes);
    bytes
}

/// Found words counted by kind and file, for people to read.
pub fn told(found: &BTreeSet<Found>) -> String {
    let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for one in found {
        let place = format!("{:?} as {} in {}", one.kind, one.form, one.file.display());
        counts.entry(place).or_insert((0, &one.word)).0 += 1;
    }
    counts.iter().map(|(place, (count, word))| format!("{count} × {place}, such as {word}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_leak_in_any_form_is_found_and_nothing_else() {
        let canaries = Canaries::new(7, &[(Canary::Note, 500), (Canary::Paper, 500)]);
        let search = canaries.search();
        let word = canaries.of(Canary::Note).nth(321).unwrap();
        let file = Path::new("leak");
        let around = |bytes: &[u8], before: usize| [&vec![b'='; before][..], bytes, b" and more"].concat();
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&around(word.as_bytes(), 300)).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&around(word.as_bytes(), 3000)).unwrap();
        let mut leaks = vec![
            ("utf-8", around(word.as_bytes(), 3)),
            ("utf-16", around(&utf16(word), 3)),
            ("hex", around(&hex(word, false), 1)),
            ("upper hex", around(&hex(word, true), 1)),
            ("deflated", around(&zlib.finish().unwrap(), 5)),
            ("deflated", around(&gzip.finish().unwrap(), 5)),
        ];
        for before in 0..6 {
            let text = format!("{}{word}: a note", &"abcdef"[..before]);
            leaks.push(("base64", STANDARD_NO_PAD.encode(text).into_bytes()));
        }
        for (form, leak) in leaks {
            let found: Vec<_> = search.bytes(file, &leak).into_iter().collect();
            assert_eq!(found.len(), 1, "{form}: {found:?}");
            assert_eq!((found[0].word.as_str(), found[0].kind, found[0].form), (word, Canary::Note, form));
        }
        // Nothing is found where there is nothing: 8 MiB of noise and of letters.
        let others = Canaries::new(8, &[(Canary::Note, 500_000)]);
        let letters: String = others.words.iter().map(|(_, word)| word.as_str()).collect();
        assert!(search.bytes(file, letters.as_bytes()).is_empty());
    }

    fn hex(word: &str, upper: bool) -> Vec<u8> {
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        if upper { hex.to_uppercase().into_bytes() } else { hex.into_bytes() }
    }
}
