//! Reads a vector and says what a verifier finds: the same object that the vector expects.

use crate::example::fate;
use crate::kit::Log;
use ecabinet_domain::{BallotPayload, BodyId, Hash, PublicKey, Rule, State, StatementId, Tally, tally};
use ecabinet_record::code::Mistyped;
use ecabinet_record::export::Export;
use ecabinet_record::invitation::Ticket;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Checkpoint, Receipt, Replica, Trust};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// `example`: the worked example's folder.
pub(crate) fn found(vector: &Value, example: &Path, prefix: &Log) -> Value {
    let given = &vector["given"];
    match vector["about"].as_str().expect("about") {
        "replay" => replay(given, prefix),
        "checkpoint" => checkpoint(given),
        "receipt" => receipt(given),
        "refusal" => refusal(given),
        "ticket" => ticket(given),
        "ballot" => ballot(given),
        "export" => export(given, example),
        other => panic!("about {other}"),
    }
}

fn read<T: DeserializeOwned>(given: &Value, key: &str) -> T {
    serde_json::from_value(given[key].clone()).unwrap_or_else(|error| panic!("{key}: {error}"))
}

fn replay(given: &Value, example: &Log) -> Value {
    let prefix: usize = read(given, "prefix");
    let mut replica = Replica::default();
    for leaf in &example.leaves[..prefix] {
        replica.replay(leaf, Trust::Kept).expect("the example holds");
    }
    for leaf in read::<Vec<String>>(given, "leaves") {
        let state = replica.state().cloned();
        if let Err(bad) = replica.replay(&hex::decode(leaf).expect("hex"), Trust::Verify) {
            assert_eq!(replica.state(), state.as_ref(), "a bad entry changed the state");
            return json!({"code": bad.refusal.code, "index": bad.index});
        }
    }
    let mut holds = json!({"size": replica.size(), "root": replica.tree().root()});
    match replica.beyond() {
        Some(index) => holds["beyond"] = json!(index),
        None => holds["outcome"] = json!(fate(replica.state().expect("a body"), replica.size() - 1)),
    }
    holds
}

fn checkpoint(given: &Value) -> Value {
    let (body, size, root): (BodyId, u64, Hash) =
        (read(given, "body"), read(given, "size"), read(given, "root"));
    let found = check_note(given["note"].as_str().expect("note"), body, size, root, &read(given, "log_key"));
    found.map_or(json!({}), |code| json!({ "code": code }))
}

fn check_note(note: &str, body: BodyId, size: u64, root: Hash, key: &PublicKey) -> Option<&'static str> {
    let Some(checkpoint) = Checkpoint::parse(note) else { return Some("checkpoint.malformed") };
    let checks = [
        (checkpoint.body == body, "checkpoint.other_body"),
        (checkpoint.size == size, "checkpoint.size"),
        (checkpoint.root == root, "checkpoint.root"),
        (checkpoint.verify(key), "checkpoint.not_signed"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, code)| code)
}

fn receipt(given: &Value) -> Value {
    let receipt = Receipt::parse(given["text"].as_str().expect("text"));
    match receipt.and_then(|receipt| receipt.check(read(given, "body"), &read(given, "log_key"))) {
        Ok(()) => json!({}),
        Err(no_proof) => json!({"code": no_proof.to_string()}),
    }
}

fn refusal(given: &Value) -> Value {
    let refusal: SignedRefusal = read(given, "refusal");
    let holds = refusal.verify(read(given, "body"), &read(given, "log_key"));
    if holds { json!({}) } else { json!({"code": "refusal.not_signed"}) }
}

fn ticket(given: &Value) -> Value {
    match Ticket::parse(given["text"].as_str().expect("text")) {
        Ok(_) => json!({}),
        Err(Mistyped::Group(group)) => json!({"code": "ticket.mistyped", "group": group}),
        Err(Mistyped::Length) => json!({"code": "ticket.not_whole"}),
    }
}

fn ballot(given: &Value) -> Value {
    let payload = hex::decode(given["payload"].as_str().expect("payload")).expect("hex");
    let rule: Rule = read(given, "rule");
    match BallotPayload::parse(&payload, &rule) {
        Some(_) => json!({}),
        None => json!({"code": "ballot.void"}),
    }
}

fn export(given: &Value, example: &Path) -> Value {
    let dir = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir(example).expect("the example") {
        let file = file.expect("a file");
        fs::copy(file.path(), dir.path().join(file.file_name())).expect("a copy");
    }
    for (name, change) in given["files"].as_object().expect("files") {
        let path = dir.path().join(name);
        if change.is_null() {
            fs::remove_file(path).expect("a file of the example");
            continue;
        }
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let bytes = |key: &str| change[key].as_str().map(|hex| hex::decode(hex).expect("hex"));
        let mut content = bytes("set").unwrap_or_else(|| fs::read(&path).expect("a file of the example"));
        content.truncate(content.len() - change["drop"].as_u64().unwrap_or(0) as usize);
        content.extend(bytes("append").unwrap_or_default());
        fs::write(path, content).expect("written");
    }
    verify(dir.path()).err().unwrap_or(json!({}))
}

/// The order of work of the reference's last section.
pub(crate) fn verify(dir: &Path) -> Result<(), Value> {
    let export = Export::read(dir).map_err(|error| json!({"code": error.code()}))?;
    let mut replica = Replica::default();
    let mut commitments = Vec::new();
    for leaf in &export.entries {
        let entry = replica.replay(leaf, Trust::Verify);
        let entry = entry.map_err(|bad| json!({"code": bad.refusal.code, "index": bad.index}))?;
        commitments.push(entry.expect("level 1").statement.header.payload);
    }
    let state = replica.state().ok_or(json!({"code": "genesis.missing", "index": 0}))?;
    let key = state.log_key(replica.size());
    if let Some(code) =
        check_note(&export.checkpoint, state.body, replica.size(), replica.tree().root(), &key)
    {
        return Err(json!({ "code": code }));
    }
    for (index, payload) in &export.payloads {
        let bad = |code: &str| Err(json!({"code": code, "index": index}));
        match commitments.get(*index as usize).copied().flatten() {
            None => return bad("payload.unexpected"),
            Some(commitment) if !payload.opens(&commitment) => return bad("payload.mismatch"),
            Some(_) => {}
        }
    }
    claims(&export, state)
}

fn claims(export: &Export, state: &State) -> Result<(), Value> {
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Claims {
        polls: Vec<Claim>,
    }
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Claim {
        poll: StatementId,
        tally: Tally,
    }
    let claims: Option<Claims> = ecabinet_domain::strict::read_text(&export.results);
    for claim in claims.ok_or(json!({"code": "results.malformed"}))?.polls {
        let poll = state.polls.get(&claim.poll).ok_or(json!({"code": "result.claim"}))?;
        let counted = tally(poll, state, |index| Some(&export.payloads.get(&index)?.bytes));
        let contradicted =
            counted.is_none_or(|counted| counted.whole().is_some_and(|tallies| tallies != [claim.tally]));
        if contradicted {
            return Err(json!({"code": "result.claim"}));
        }
    }
    Ok(())
}
