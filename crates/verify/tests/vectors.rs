//! The vectors of the record, as far as they are about exports, their entries and checkpoints.

use ecabinet_domain::BodyId;
use ecabinet_record::export::Export;
use ecabinet_verify::{Question, Report, malformed, verify};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/record-vectors")
}

fn example() -> (Export, Value) {
    let told = fs::read(vectors().join("example.json")).unwrap();
    (Export::read(&vectors().join("example")).unwrap(), serde_json::from_slice(&told).unwrap())
}

/// Those of a folder that are about one thing, with their names.
fn about(folder: &str, about: &str) -> Vec<(String, Value)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(vectors().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let vector: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), vector)
    };
    let found: Vec<_> = paths.into_iter().map(read).filter(|(_, vector)| vector["about"] == about).collect();
    assert!(!found.is_empty(), "no vectors about {about}");
    found
}

/// Code and index of the first failure, as vectors expect them.
fn first(report: &Report) -> Value {
    let mut found = json!({});
    if let Some(failure) = report.failures.first() {
        found["code"] = json!(failure.code);
        if let Some(index) = failure.index {
            found["index"] = json!(index);
        }
    }
    found
}

#[test]
fn the_example_is_told_as_its_authors_tell_it() {
    let (export, told) = example();
    let body: BodyId = told["body"].as_str().unwrap().parse().unwrap();
    let report = verify(&export, &Question { body: Some(body), ..Question::default() });
    assert_eq!((report.failures.len(), report.exit_code()), (0, 0));
    assert_eq!(json!([report.entries, report.root]), json!([told["size"], told["root"]]));
    let void: Vec<u64> = report.void.iter().map(|void| void.index).collect();
    assert_eq!(json!(void), told["void"]);
    let withheld = report.missing.iter().filter(|missing| missing.erased_by.is_none());
    assert_eq!(json!(withheld.map(|missing| missing.index).collect::<Vec<_>>()), told["withheld"]);
    let erased = report
        .missing
        .iter()
        .filter_map(|missing| Some(json!({"entry": missing.index, "by": missing.erased_by?})));
    assert_eq!(json!(erased.collect::<Vec<_>>()), told["erased"]);
    for (poll, told) in report.polls.iter().zip(told["polls"].as_array().unwrap()) {
        let poll = serde_json::to_value(poll).unwrap();
        for key in ["poll", "opened", "closed"] {
            assert_eq!(poll[key], told[key]);
        }
        for (key, value) in told["tally"].as_object().into_iter().flatten() {
            assert_eq!(poll[key], *value, "{key}");
        }
        assert_eq!(
            told["verifiable"] == true,
            !["open", "unverifiable"].contains(&poll["result"].as_str().unwrap())
        );
    }
    for outcome in ["ok", "late", "superseded", "stale", "ineligible"] {
        let count =
            told["outcomes"].as_array().unwrap().iter().filter(|one| one["outcome"] == outcome).count();
        assert_eq!(serde_json::to_value(report.outcomes).unwrap()[outcome], count, "{outcome}");
    }
    let receipt = told["receipt"]["text"].as_str().unwrap().to_owned();
    assert!(verify(&export, &Question { anchors: vec![receipt], ..Question::default() }).holds);
}

/// The example's first entries and the vector's leaves.
fn with_leaves(example: &Export, given: &Value) -> Export {
    let prefix = given["prefix"].as_u64().unwrap() as usize;
    let mut entries = example.entries[..prefix].to_vec();
    entries.extend(
        given["leaves"].as_array().unwrap().iter().map(|leaf| hex::decode(leaf.as_str().unwrap()).unwrap()),
    );
    Export { entries, payloads: Default::default(), ..example.clone() }
}

#[test]
fn bad_entries_are_named_by_index_and_code() {
    let (example, _) = example();
    for (name, vector) in about("negative", "replay") {
        let report = verify(&with_leaves(&example, &vector["given"]), &Question::default());
        assert_eq!((&first(&report), report.exit_code()), (&vector["expect"], 1), "{name}");
    }
}

#[test]
fn odd_entries_hold() {
    let (example, _) = example();
    for (name, vector) in about("edge", "replay") {
        let report = verify(&with_leaves(&example, &vector["given"]), &Question::default());
        assert_eq!(
            json!([report.entries, report.root]),
            json!([vector["expect"]["size"], vector["expect"]["root"]]),
            "{name}"
        );
        let expected =
            vector["expect"].get("beyond").map(|index| json!({"code": "level.beyond", "index": index}));
        let entry = report.failures.iter().find(|failure| failure.index.is_some());
        assert_eq!(
            entry.map(|failure| json!({"code": failure.code, "index": failure.index})),
            expected,
            "{name}"
        );
    }
}

#[test]
fn checkpoints_that_do_not_close_the_example_are_named() {
    let (example, told) = example();
    let size = told["size"].as_u64();
    let keys = told["log_keys"].as_array().unwrap();
    let key = &keys.iter().rfind(|key| key["from_size"].as_u64() <= size).unwrap()["key"];
    let mut count = 0;
    for (name, vector) in about("negative", "checkpoint") {
        let given = &vector["given"];
        if [&given["body"], &given["size"], &given["root"], &given["log_key"]]
            != [&told["body"], &told["size"], &told["root"], key]
        {
            continue;
        }
        count += 1;
        let checkpoint = given["note"].as_str().unwrap().to_owned();
        let report = verify(&Export { checkpoint, ..example.clone() }, &Question::default());
        assert_eq!(first(&report), vector["expect"], "{name}");
    }
    assert!(count > 10, "{count} vectors are about the example's checkpoint");
}

#[test]
fn receipts_that_prove_nothing_are_no_anchors() {
    let (example, _) = example();
    for (name, vector) in about("negative", "receipt") {
        let anchors = vec![vector["given"]["text"].as_str().unwrap().to_owned()];
        let report = verify(&example, &Question { anchors, ..Question::default() });
        assert!(first(&report)["code"].as_str().is_some_and(|code| code.starts_with("anchor.")), "{name}");
    }
}

#[test]
fn folders_with_a_change_are_named() {
    for (name, vector) in about("negative", "export") {
        let dir = tempfile::tempdir().unwrap();
        for file in fs::read_dir(vectors().join("example")).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
        for (file, change) in vector["given"]["files"].as_object().unwrap() {
            alter(&dir.path().join(file), change);
        }
        let question = Question::default();
        let report = Export::read(dir.path())
            .map_or_else(|error| malformed(&error, &question), |e| verify(&e, &question));
        assert_eq!((&first(&report), report.exit_code()), (&vector["expect"], 1), "{name}");
    }
}

fn alter(path: &Path, change: &Value) {
    if change.is_null() {
        return fs::remove_file(path).unwrap();
    }
    let bytes = |key: &str| change.get(key).map(|hex| hex::decode(hex.as_str().unwrap()).unwrap());
    let mut content = bytes("set").unwrap_or_else(|| fs::read(path).unwrap_or_default());
    content.truncate(content.len() - change.get("drop").map_or(0, |drop| drop.as_u64().unwrap() as usize));
    content.extend(bytes("append").unwrap_or_default());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
