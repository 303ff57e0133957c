//! Applying a whole record against checking its signatures alone; and `ecabinet-verify` on its export.

use crate::maker::Maker;
use crate::measure::*;
use anyhow::{Context, Result, ensure};
use ecabinet_domain::{Header, PublicKey, Signature, tally};
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, Leaf, Replica, keys};
use ecabinet_tests::{program, run as run_program};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const MEMBERS: usize = 60;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let maker = grow(size.pick(100_000, 1_000));
    let leaves: Vec<&[u8]> = maker.entries.iter().map(|entry| entry.leaf.as_slice()).collect();
    let checks = checks(&maker)?;
    let applied = interleaved(
        size,
        |_| {
            let mut replica = Replica::default();
            let (time, done) = seconds(|| replica.replay_all(&leaves, |_| {}));
            done?;
            ensure!(replica.tree().root() == maker.replica.tree().root(), "the same root");
            Ok(time)
        },
        |_| {
            let (time, all) = seconds(|| check_all(&checks));
            ensure!(all, "every signature holds");
            Ok(time)
        },
    )?;
    let export = dir.join("export");
    write_export(&maker, &export)?;
    let body = maker.replica.body().context("a genesis")?.to_string();
    let mut verified = Samples::default();
    for _ in 0..size.rounds() {
        let (time, ran) = seconds(|| {
            run_program(
                Command::new(program("ecabinet-verify")).args(["--json", "--body", &body]).arg(&export),
            )
        });
        ensure!(ran.exit == 0, "ecabinet-verify: {}{}", ran.stdout, ran.stderr);
        verified.0.push(time);
    }
    let entries = leaves.len();
    let polls = maker.replica.state().context("a body")?.polls.len();
    let what = format!("{entries} entries: {MEMBERS} members, {polls} closed polls");
    Ok(vec![
        Row::new("record applied", Unit::Seconds, applied, Goal::RatioAtMost(1.5))
            .note(format!("{what}; peer: the bare signature checks on all cores")),
        Row::alone("record verified by ecabinet-verify", Unit::Seconds, verified, 5.0).note(what),
    ])
}

/// A record of so many entries: meetings of five items, a poll on each, every member votes.
fn grow(entries: usize) -> Maker {
    let mut maker = Maker::new(MEMBERS, None);
    for number in 0.. {
        for item in maker.meeting(number, 5, number as u64) {
            let poll = maker.open_poll(item);
            for member in 0..MEMBERS {
                maker.ballot(member, &poll);
            }
            maker.close_poll(poll.id);
            if maker.entries.len() >= entries {
                return maker;
            }
        }
    }
    unreachable!("meetings go on")
}

/// Key, message, signature.
type Check = (PublicKey, Vec<u8>, Signature);

fn checks(maker: &Maker) -> Result<Vec<Check>> {
    let state = maker.replica.state().context("a body")?;
    let check = |entry: &ecabinet_server::store::NewEntry| {
        let Leaf { envelope, .. } = Leaf::parse(&entry.leaf)?;
        let device = state.devices.get(&Header::parse(&envelope.header)?.device)?;
        let message = [b"ecabinet/v1/statement\n", &envelope.header[..]].concat();
        Some((device.keys.sign, message, envelope.signature))
    };
    maker.entries.iter().map(check).collect::<Option<_>>().context("every entry has its device")
}

fn check_all(checks: &[Check]) -> bool {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    std::thread::scope(|scope| {
        let part =
            |part: &'_ [Check]| part.iter().all(|(key, message, signed)| keys::verify(key, message, signed));
        let threads: Vec<_> =
            checks.chunks(checks.len().div_ceil(cores)).map(|some| scope.spawn(move || part(some))).collect();
        threads.into_iter().all(|thread| thread.join().expect("no panic"))
    })
}

fn write_export(maker: &Maker, dir: &Path) -> Result<()> {
    let state = maker.replica.state().context("a body")?;
    let (size, root) = (maker.replica.size(), maker.replica.tree().root());
    let payloads = maker.entries.iter().zip(0..).filter_map(|(entry, at)| Some((at, entry.payload.clone()?)));
    let tallies = state.polls.iter().filter_map(|(id, poll)| {
        let counted =
            tally(poll, state, |index| Some(&maker.entries[index as usize].payload.as_ref()?.bytes))?;
        let tally = counted.whole()?.remove(0);
        Some(json!({ "poll": id, "tally": tally }))
    });
    let export = Export {
        entries: maker.entries.iter().map(|entry| entry.leaf.clone()).collect(),
        payloads: payloads.collect(),
        checkpoint: Checkpoint::sign(state.body, size, root, &maker.log).note,
        results: serde_json::to_vec(&json!({ "polls": tallies.collect::<Vec<_>>() }))?,
        blobs: Vec::new(),
    };
    Ok(export.write(dir)?)
}
