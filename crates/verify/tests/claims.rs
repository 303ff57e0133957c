//! Claimed results that the record does not give.

mod kit;

use ecabinet_record::export::Export;
use ecabinet_verify::verify;
use kit::ask::*;
use serde_json::json;

#[test]
fn a_changed_claim_is_named() {
    let (story, export) = told();
    for (field, value) in
        [("yes", json!(4)), ("n", json!(6)), ("result", json!("failed")), ("tie_by", json!("chair"))]
    {
        let mut claims = story.claims();
        claims["polls"][0]["tally"][field] = value;
        let export = Export { results: claims.to_string().into_bytes(), ..export.clone() };
        let report = verify(&export, &of_body(story));
        assert_eq!(codes(&report), [(None, "result.claim")], "{field}");
        assert_eq!((report.polls[0].agrees, report.polls[0].counts().yes), (Some(false), Some(3)));
    }
}

#[test]
fn a_claim_about_an_open_or_unknown_poll_is_named() {
    let (story, export) = told();
    for poll in [story.open.to_string(), "00".repeat(32)] {
        let mut claims = story.claims();
        claims["polls"][0]["poll"] = json!(poll);
        let export = Export { results: claims.to_string().into_bytes(), ..export.clone() };
        assert_eq!(codes(&verify(&export, &of_body(story)))[0].1, "result.claim");
    }
}

#[test]
fn results_of_another_form_are_malformed() {
    let (story, export) = told();
    let good = story.claims().to_string();
    let double = good.replace("\"yes\":3", "\"yes\":4,\"yes\":3");
    let lacking = good.replace("\"tie_by\":null,", "");
    let word = good.replace("\"passed\"", "{\"passed\":null}");
    let twice = json!({"polls": [story.claims()["polls"][0], story.claims()["polls"][0]]}).to_string();
    for results in ["", "[]", "{}", "[[]]", &double, &lacking, &word, &twice, &good.replace("yes", "yea")] {
        let export = Export { results: results.as_bytes().to_vec(), ..export.clone() };
        assert_eq!(codes(&verify(&export, &of_body(story))), [(None, "results.malformed")], "{results}");
    }
}

#[test]
fn a_withheld_ballot_cannot_hide_a_claim_that_headers_refute() {
    let (story, export) = told();
    let mut claims = story.claims();
    claims["polls"][0]["tally"]["present"] = json!(5);
    let mut export = Export { results: claims.to_string().into_bytes(), ..export.clone() };
    export.payloads.remove(&story.at["yes"]);
    assert_eq!(codes(&verify(&export, &of_body(story)))[0].1, "result.claim");
}
