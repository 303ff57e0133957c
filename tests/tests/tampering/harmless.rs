//! What may be done to an export without anybody being deceived: it holds, and no result is another.

use crate::archive::Archive;
use crate::classes::Given;
use crate::container::files;
use crate::dice::Dice;
use crate::original::{Original, stranger};
use ecabinet_record::hash;
use ecabinet_verify::Report;
use serde_json::Value;

/// Throws some of them together; says which.
pub fn repacked(original: &Original, dice: &mut Dice) -> (String, Given) {
    let mut export = original.export.clone();
    let mut how = Vec::new();
    if dice.flip() {
        let before = export.payloads.len();
        let keep = 1 + dice.below(4);
        export.payloads.retain(|_, _| dice.below(4) < keep);
        how.push(format!("{} of {before} payloads", export.payloads.len()));
    }
    if dice.flip() {
        let mut claims: Value = serde_json::from_slice(&export.results).expect("it holds");
        let polls = claims["polls"].as_array_mut().expect("it holds");
        let before = polls.len();
        if dice.flip() {
            polls.retain(|_| dice.flip());
        }
        how.push(format!("claims with white space, {} of {before}", polls.len()));
        export.results =
            format!("\r\n\t {} \n", serde_json::to_string_pretty(&claims).expect("plain data")).into();
    }
    if dice.flip() {
        // Of a witness that nobody has asked for, and what is no signature line at all.
        let line = ecabinet_record::code::base64::encode(&dice.bytes::<76>());
        let more = format!("\u{2014} witness.example/{} {line}\n", hex::encode(stranger().id().0));
        export.checkpoint.push_str(if dice.flip() { &more } else { "\n" });
        how.push("a line more in the note".into());
    }
    let mut files = files(&export);
    if dice.flip() {
        let content: Vec<u8> = dice.bytes::<40>().to_vec();
        files.push((format!("blobs/{}", hash::sha256(&content)).into(), content));
        how.push("a blob".into());
    }
    let given = match dice.below(3) {
        0 => Given::Folder(files),
        1 => Given::Zip(Archive::of(&files, None).bytes),
        _ => {
            dice.shuffle(&mut files);
            how.push("a ZIP in another order, free fields thrown".into());
            Given::Zip(Archive::of(&files, Some(dice)).bytes)
        }
    };
    (how.join(", "), given)
}

/// What is wrong with the verdict, if something is.
pub fn wrong(original: &Original, found: &Report) -> Option<String> {
    if !found.holds {
        return Some(format!("{:?}", found.failures));
    }
    if found.root != original.report.root || found.polls.len() != original.report.polls.len() {
        return Some("another record".into());
    }
    for (told, found) in original.report.polls.iter().zip(&found.polls) {
        // Where a payload lacks there is no result, and never another one.
        if found.counts().result == "unverifiable" && !found.needs.is_empty() {
            continue;
        }
        let counts = |poll: &ecabinet_verify::PollReport| {
            let json = serde_json::to_value(poll).expect("plain data");
            let mut json = json.as_object().expect("an object").clone();
            json.retain(|key, _| key != "claimed" && key != "agrees");
            json
        };
        if counts(told) != counts(found) {
            return Some(format!("{:?} is not {:?}", counts(found), counts(told)));
        }
    }
    None
}
