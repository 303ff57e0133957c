//! The chair signs the adopted resolution; everybody has it, and tools that are not ours call it valid.

use ecabinet_client::{SignPlace, Signing};
use ecabinet_domain::Choice;
use ecabinet_tests::{Cabinet, PASSWORD, Person, certificate, code, program, run};
use std::path::{Path, PathBuf};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn the_chair_signs_the_adopted_resolution_and_every_client_has_it() {
    let cabinet = Cabinet::open().await;
    let (chair, minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let original = std::fs::read(paper()).expect("a paper");
    let published = cabinet.publish_pdf(original.clone()).await;
    let poll = cabinet.open_poll(published.meeting).await;
    cabinet.all_present(published.meeting).await;
    for person in [&chair, &minister] {
        person.sync().await;
        person.vote(poll, Choice::Yes);
        person.sync().await;
    }
    cabinet.close_poll(poll).await;
    chair.sync().await;

    let rev = current(&chair, &cabinet, published.meeting);
    let p12 = certificate(&cabinet.path("chair.p12"));
    let worker = program("ecabinet-sign-worker");
    let place = ecabinet_pades::Rect { x: 320.0, y: 560.0, width: 170.0, height: 64.0 };
    let sign = |password: &'static str| Signing {
        p12: &p12,
        password,
        place: SignPlace::At(2, place),
        lines: vec!["Ký bởi: Thành viên Mẫu 1".into()],
        program: &worker,
    };
    assert_eq!(code(chair.client().sign_paper(cabinet.body, rev, sign("sai"))), "sign.p12_password");
    assert_eq!(code(minister.client().sign_paper(cabinet.body, rev, sign(PASSWORD))), "paper.not_signer");
    let statement = chair.client().sign_paper(cabinet.body, rev, sign(PASSWORD)).expect("signed");
    assert_eq!(chair.state(statement), "saved");
    let sent = chair.sync().await;
    assert_eq!(chair.state(statement), "recorded");
    assert_eq!(sent.papers.ready, 1);

    let got = minister.sync().await;
    assert!(got.fetched_bytes < original.len() as u64 + 64_000, "the signed paper comes as an increment");
    let signed = current(&minister, &cabinet, published.meeting);
    assert_ne!(signed.rev, rev.rev);
    assert!(minister.client().check_paper(cabinet.body, signed).is_ok());
    let file = cabinet.path("signed.pdf");
    let (bytes, _) = minister.client().export_paper(cabinet.body, signed).expect("exported");
    std::fs::write(&file, bytes).expect("written");
    let bytes = std::fs::read(&file).expect("a file");
    assert!(bytes.starts_with(&original), "the original is an exact prefix");
    let judged = run(Command::new("pdfsig").arg("-nocert").arg(&file));
    assert!(judged.stdout.contains("Signature is Valid"), "{}{}", judged.stdout, judged.stderr);

    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!(result.yes, 2, "signing afterwards changes no closed poll");
}

fn current(person: &Person, cabinet: &Cabinet, meeting: ecabinet_domain::MeetingId) -> ecabinet_domain::Rev {
    person.client().meeting(cabinet.body, meeting).expect("the meeting").items[0].papers[0].rev
}

fn paper() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pdf/tests/data/paper.pdf")
}
