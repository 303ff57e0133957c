use crate::known::known;
use ecabinet_record::export::Export;
use ecabinet_verify::{Lang, Question, Report, people, verify};
use std::io::{Cursor, Read, Write};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

/// An export as a ZIP; or, by the first byte, one file of the worked example in its place, for the fuzzer does not guess
/// a ZIP's checksums.
pub(crate) fn read(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let mut files: Vec<(String, Vec<u8>)> =
        known().example.files().map(|(name, content)| (name.to_owned(), content)).into();
    match files.get_mut(*kind as usize) {
        None => as_zip(bytes.to_vec()),
        Some(file) => {
            file.1 = bytes.to_vec();
            as_zip(write(&files));
        }
    }
}

/// The files as a stored ZIP.
pub(crate) fn write(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in files {
        zip.start_file(name.as_str(), stored).expect("a ZIP");
        zip.write_all(content).expect("in memory");
    }
    zip.finish().expect("a ZIP").into_inner()
}

fn as_zip(zip: Vec<u8>) {
    let Ok(export) = Export::read_zip(zip.clone()) else { return };
    same_to_others(zip, &export);
    // Replaying takes long: one question for each, with the body and without.
    let body = export.results.len().is_multiple_of(2).then_some(known().body);
    let question = Question { body, require_witnesses: 1, ..Question::default() };
    judged(&export, &verify(&export, &question));
}

/// Whoever reads the ZIP with another program sees the same files, each in the one form that it has.
fn same_to_others(zip: Vec<u8>, export: &Export) {
    let mut zip = ZipArchive::new(Cursor::new(zip)).expect("others read it too");
    assert_eq!(zip.len(), export.files().len() + export.blobs.len());
    for (name, content) in export.files() {
        let mut seen = Vec::new();
        zip.by_name(name).expect("others see it").read_to_end(&mut seen).expect("others read it");
        assert_eq!(seen, content, "{name} is read as something else");
    }
}

/// What the verifier says is of one piece, and it believes nothing that nobody has signed.
fn judged(export: &Export, report: &Report) {
    assert_eq!(report.holds, report.failures.is_empty());
    assert_eq!(report.entries, export.entries.len() as u64);
    for lang in [Lang::Vi, Lang::En] {
        let text = people::write(report, lang);
        assert!(
            text.chars().all(|letter| letter == '\n' || !letter.is_control()),
            "it steers the reader's screen"
        );
    }
    if !report.holds {
        return;
    }
    let known = known();
    assert_eq!(report.body, Some(known.body), "a body that nobody has founded");
    assert!(export.entries.iter().all(|entry| known.leaves.contains(entry)), "an entry that nobody has made");
    let outcomes = report.outcomes;
    let all = outcomes.ok + outcomes.late + outcomes.superseded + outcomes.stale + outcomes.ineligible;
    assert_eq!(all, report.entries);
    assert_eq!(report.missing.len() as u64, report.erased + report.withheld);
    for poll in &report.polls {
        for counts in poll.answers.all() {
            if let (Some(yes), Some(no), Some(n)) = (counts.yes, counts.no, counts.n) {
                let rest = [counts.abstain, counts.other, counts.silent]
                    .map(|count| count.expect("with the others"));
                assert_eq!(yes + no + rest.iter().sum::<u64>(), n);
            }
            assert_ne!(poll.agrees, Some(false), "a claim that differs is a failure");
            assert_eq!(counts.result == "unverifiable", !poll.needs.is_empty());
        }
    }
}
