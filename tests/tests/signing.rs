//! The chair signs the adopted resolution; everybody has it, and tools that are not ours call it valid.

use ecabinet_client::packs::NewPaper;
use ecabinet_client::{PaperView, SignPlace, Signing};
use ecabinet_domain::{Audience, Choice, MeetingId};
use ecabinet_tests::{Cabinet, DRAFT, DYKES, Folder, PASSWORD, Person, certificate, code, program, run};
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

/// Two sign the same text, one after the other; a new draft has no signature of anybody.
#[tokio::test(flavor = "multi_thread")]
async fn two_sign_one_text_once_each_and_a_new_draft_is_unsigned() {
    let cabinet = Cabinet::open().await;
    let (chair, minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let signers = vec![Cabinet::id(0), Cabinet::id(1)];
    let original = std::fs::read(paper()).expect("a paper");
    let draft = |bytes| NewPaper {
        title: "Dự thảo nghị quyết".into(),
        path: "1/Dự thảo nghị quyết.pdf".into(),
        bytes,
        pages: 3,
        audience: vec![Audience::All],
        signers: signers.clone(),
        watermark: false,
    };
    let published = cabinet.publish_papers(vec![draft(original.clone())]).await;
    let (p12, worker) = (certificate(&cabinet.path("a.p12")), program("ecabinet-sign-worker"));
    let sign = |person: &Person| {
        let rev = current(person, &cabinet, published.meeting);
        let signing = Signing {
            p12: &p12,
            password: PASSWORD,
            place: SignPlace::Nowhere,
            lines: vec![],
            program: &worker,
        };
        person.client().sign_paper(cabinet.body, rev, signing)
    };
    for person in [&chair, &minister] {
        person.sync().await;
        sign(person).expect("signed");
        person.sync().await;
        assert_eq!(code(sign(person)), "paper.signed_already");
    }
    chair.sync().await;
    assert_eq!(
        code(sign(&chair)),
        "paper.signed_already",
        "the other's signature does not ask for his again"
    );
    let signed = current(&chair, &cabinet, published.meeting);
    let file = cabinet.path("signed twice.pdf");
    let (bytes, _) = chair.client().export_paper(cabinet.body, signed).expect("exported");
    std::fs::write(&file, bytes).expect("written");
    let judged = run(Command::new("pdfsig").arg("-nocert").arg(&file));
    assert_eq!(judged.stdout.matches("Signature is Valid").count(), 2, "{}", judged.stdout);

    let changed = Folder::new(cabinet.path("papers"), &[DYKES]).read(DYKES, DRAFT);
    cabinet.republish_papers(published.meeting, vec![draft(changed)]).await;
    chair.sync().await;
    assert!(!paper_of(&chair, &cabinet, published.meeting).signed);
    sign(&chair).expect("the new draft is signed anew");
}

fn paper_of(person: &Person, cabinet: &Cabinet, meeting: MeetingId) -> PaperView {
    person.client().meeting(cabinet.body, meeting).expect("the meeting").items.remove(0).papers.remove(0)
}

fn current(person: &Person, cabinet: &Cabinet, meeting: MeetingId) -> ecabinet_domain::Rev {
    paper_of(person, cabinet, meeting).rev
}

fn paper() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pdf/tests/data/paper.pdf")
}
