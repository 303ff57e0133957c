//! The parser runs in another process, which is not trusted.

mod common;

use common::*;
use ecabinet_pades::worker::{self, Made, Output, Task};
use ecabinet_pades::{
    Annotation, Annotations, Kind as Mark, Prepared, annotate, finish, finish_update, prepare,
};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// The worker program's answer, as the client asks for it.
fn ask(pdf: &[u8], task: Task) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ecabinet-sign-worker"))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&worker::input(pdf, &task)).unwrap();
    let mut answer = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut answer).unwrap();
    let status = child.wait().unwrap();
    worker::output(&answer).unwrap_or_else(|| panic!("no answer: {status}"))
}

#[test]
fn the_worker_parses_behind_the_whole_wall() {
    let signer = Authority::new().signer(Kind::P256).1;
    for file in ["classic.pdf", "streams.pdf", "form.pdf", "stray.pdf"] {
        let paper = data(file);
        let wanted = request(&signer, on_page("First", 0, 10.0));
        let output = ask(&paper, Task::Sign(wanted.clone()));
        #[cfg(target_os = "linux")]
        assert!(output.wall.is_whole(), "{file}: {:?}", output.wall);
        let here = prepare(&paper, &wanted, &font()).unwrap();
        let Ok(Made::Prepared(prepared)) = output.made else { panic!("{file}: {:?}", output.made) };
        assert_eq!(prepared.attributes_to_sign, here.attributes_to_sign, "{file}");
        let signature = signer.sign_attributes(&prepared.attributes_to_sign).unwrap();
        assert_eq!(finish(prepared, &signature).ok(), finish(here, &signature).ok(), "{file}");
    }
    assert_eq!(
        ask(b"no paper", Task::Sign(request(&signer, on_page("First", 0, 10.0)))).made.unwrap_err(),
        "sign.damaged"
    );
}

#[test]
fn marks_are_appended_behind_the_whole_wall() {
    let note = Annotation {
        id: "a".into(),
        page: 0,
        kind: Mark::Note([40.0, 40.0]),
        colour: [255, 220, 0],
        text: "Hỏi lại.".into(),
        time: TIME,
    };
    let wanted =
        Annotations { author: SIGNER.into(), marks: vec![note], notice: Some("Bản làm việc".into()) };
    for file in ["classic.pdf", "streams.pdf", "form.pdf", "stray.pdf"] {
        let paper = data(file);
        let output = ask(&paper, Task::Annotate(wanted.clone()));
        #[cfg(target_os = "linux")]
        assert!(output.wall.is_whole(), "{file}: {:?}", output.wall);
        let Ok(Made::Update(update)) = output.made else { panic!("{file}: {:?}", output.made) };
        assert_eq!(update, annotate(&paper, &wanted, &font()).unwrap(), "{file}");
    }
}

#[test]
fn what_is_prepared_can_be_sent() {
    let signer = Authority::new().signer(Kind::Rsa(2048)).1;
    let paper = data("streams.pdf");
    let prepared = prepare(&paper, &request(&signer, on_page("First", 0, 10.0)), &font()).unwrap();
    let sent = rmp_serde::to_vec(&prepared).unwrap();
    let received: Prepared = rmp_serde::from_slice(&sent).unwrap();
    let signature = signer.sign_attributes(&received.attributes_to_sign).unwrap();
    let update = finish_update(received, &signature).unwrap();
    assert_eq!([paper, update].concat(), finish(prepared, &signature).unwrap());
}

#[test]
fn what_is_prepared_is_about_this_paper_and_signer() {
    let authority = Authority::new();
    let (signer, other) = (authority.signer(Kind::P256).1, authority.signer(Kind::P256).1);
    let paper = data("classic.pdf");
    let wanted = request(&signer, on_page("First", 0, 10.0));
    let prepared = prepare(&paper, &wanted, &font()).unwrap();
    prepared.check(&paper, &wanted).unwrap();
    let refused = |prepared: &Prepared| prepared.check(&paper, &wanted).err().map(|error| error.code());
    let mismatch = Some("sign.prepared_mismatch");

    let of_another = prepare(&data("streams.pdf"), &wanted, &font()).unwrap();
    assert_eq!(refused(&of_another), mismatch, "another paper");
    let by_another = prepare(&paper, &request(&other, on_page("First", 0, 10.0)), &font()).unwrap();
    assert_eq!(refused(&by_another), mismatch, "another signer");
    let mut swapped = prepared.clone();
    swapped.attributes_to_sign = of_another.attributes_to_sign;
    assert_eq!(refused(&swapped), mismatch, "another paper's attributes");
}
