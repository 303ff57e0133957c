//! Chunks that lie in one file, and what becomes of it when some are damaged or withdrawn.

use super::*;
use crate::packs::{keep_chunks, open_chunk, read_chunk, sweep};
use crate::vault::{self, BodyRow, Vault};
use ecabinet_disk::OsDisk;
use ecabinet_domain::{BodyId, Hash};
use ecabinet_record::KeyPair;
use std::collections::BTreeSet;
use std::sync::Arc;

const WORDS: [&str; 3] = ["Điều 1", "Điều hai", "Điều thứ ba"];

fn name(word: &str) -> ChunkName {
    ecabinet_record::hash::sha256(word.as_bytes())
}

struct Home {
    vault: Vault,
    files: Folder,
    body: i64,
    env: Env,
    dir: tempfile::TempDir,
}

impl Home {
    /// With all words in one file.
    fn new() -> Home {
        let (dir, env) = (tempfile::tempdir().unwrap(), Env::real());
        let mut vault = Vault::open(dir.path(), &env, &[7; 32]).unwrap();
        let files = Folder::open(Arc::new(OsDisk), &dir.path().join("chunks")).unwrap();
        let keys = KeyPair::from_seed(&[1; 64]);
        let row = BodyRow {
            id: 0,
            body: BodyId([1; 32]),
            server: String::new(),
            ca: Hash([0; 32]),
            device: keys.id(),
            keys,
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        let body = vault.transact(|tx| vault::bodies::add(tx, &row)).unwrap();
        let mut home = Home { vault, files, body, env, dir };
        home.keep(&WORDS);
        home
    }

    fn keep(&mut self, words: &[&str]) {
        let mut batch = Batch::default();
        words.iter().for_each(|word| batch.add(&self.env, &name(word), word.as_bytes()));
        let sealed = batch.write(&self.env, &self.files).unwrap();
        assert!(batch.is_empty());
        self.vault.transact(|tx| keep_chunks(tx, self.body, &sealed)).unwrap();
    }

    fn read(&self, word: &str) -> Result<String> {
        let bytes = read_chunk(&self.vault, &self.files, self.body, &name(word))?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    fn sweep_all_but(&mut self, words: &[&str]) -> usize {
        let named: BTreeSet<ChunkName> = words.iter().map(|word| name(word)).collect();
        sweep(&mut self.vault, &self.files, self.body, &named).unwrap()
    }

    fn on_disk(&self) -> Vec<std::path::PathBuf> {
        let folders = std::fs::read_dir(self.dir.path().join("chunks")).unwrap().flatten();
        folders
            .flat_map(|dir| std::fs::read_dir(dir.path()).unwrap().flatten().map(|file| file.path()))
            .collect()
    }
}

#[test]
fn chunks_of_a_batch_lie_in_one_file_and_each_opens_by_its_own_key() {
    let home = Home::new();
    assert_eq!(home.on_disk().len(), 1);
    WORDS.iter().for_each(|word| assert_eq!(home.read(word).unwrap(), *word));
    let row = |word| home.vault.chunk(home.body, &name(word)).unwrap().unwrap();
    let (mut first, second) = (row(WORDS[0]), row(WORDS[1]));
    assert_eq!((&first.place.file, first.place.start), (&second.place.file, 0));
    first.key = second.key;
    assert_eq!(open_chunk(&home.files, &name(WORDS[0]), &first).unwrap_err().code(), "paper.damaged");
}

#[test]
fn a_file_goes_with_the_last_of_its_chunks() {
    let mut home = Home::new();
    home.keep(&["Điều bốn"]);
    assert_eq!(home.sweep_all_but(&[WORDS[2], "Điều bốn"]), 2);
    assert_eq!(home.on_disk().len(), 2);
    assert_eq!(home.read(WORDS[0]).unwrap_err().code(), "paper.not_here");
    assert_eq!(home.read(WORDS[2]).unwrap(), WORDS[2]);
    assert_eq!(home.sweep_all_but(&["Điều bốn"]), 1);
    assert_eq!(home.on_disk().len(), 1);
    assert_eq!(home.read("Điều bốn").unwrap(), "Điều bốn");
}

#[test]
fn an_empty_batch_writes_no_file() {
    let home = Home::new();
    assert!(Batch::default().write(&home.env, &home.files).unwrap().is_empty());
    assert_eq!(home.on_disk().len(), 1);
}
