//! The chair's own story: closes the poll, signs the adopted resolution, and everybody has it.

use super::{PIN, enrol, shots};
use ecabinet_domain::Choice;
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, PASSWORD, certificate, program, run};
use std::process::Command;
use std::time::Duration;

const SIGNERS: &str = "[signers]\n\"*Dự thảo nghị quyết*\" = [\"office:chair\"]\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_chair_closes_the_poll_and_signs_the_adopted_resolution() {
    let mut cabinet = Cabinet::open().await;
    let shots = shots("chair");
    let ticket = cabinet.invite(Cabinet::id(0)).await;
    let (home, link) = (cabinet.path("chair"), ticket.link());
    // The desktop opens the app with the link that he has clicked.
    let mut app = App::open(&program("ecabinet-desktop"), &[&link], &home, &shots).await;
    app.see("textarea").await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 1").await;

    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, SIGNERS);
    cabinet.all_present(meeting).await;
    let poll = cabinet.open_poll(meeting).await;
    let minister = cabinet.join(1, "minister").await;
    for member in 2..5 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        person.vote(poll, Choice::Yes);
        person.sync().await;
    }

    // He sees who has voted, but not what, and closes.
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Điều hành").await;
    app.read("3/5").await;
    app.look("chair-open").await;
    app.press("Kết thúc biểu quyết").await;
    app.read("Không thể mở lại").await;
    app.shoot("chair-close").await;
    app.click(".sheet .foot button").await;
    app.read("Được thông qua").await;
    app.shoot("chair-closed").await;

    // Home asks for the signature; he chooses his key file in the desktop's own dialog.
    app.press("Việc cần xử lý").await;
    app.read("Xem và ký").await;
    app.shoot("home-sign").await;
    app.press("Xem và ký").await;
    app.read("Vị trí chữ ký").await;
    app.settle().await;
    app.look("sign-due").await;
    let p12 = cabinet.path("chair.p12");
    certificate(&p12);
    app.press("Chọn tệp").await;
    app.choose_file(&p12).await;
    app.read("chair.p12").await;
    app.type_into("input[type=password][autocomplete=off]", "sai").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Ký văn bản").await;
    app.read("sign.p12_password").await;
    app.shoot("sign-wrong-password").await;
    app.run("document.querySelector('input[type=password][autocomplete=off]').select()", Vec::new()).await;
    app.type_into("input[type=password][autocomplete=off]", PASSWORD).await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.shoot("sign-ready").await;
    app.press("Ký văn bản").await;
    app.read("Đã ký và đã ghi nhận").await;
    app.look("signed").await;
    app.read("Văn bản đã ký").await;
    app.press("Đọc văn bản").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    let text = app.text().await;
    assert!(!text.contains("bản mới hơn") && text.contains("bản 2"), "it opens the signed one: {text}");
    app.shoot("signed-read").await;
    app.close().await;

    // Every client has it, and a tool that is not ours calls it valid.
    let original = folder.read(DYKES, DRAFT);
    let signed = loop {
        minister.sync().await;
        let papers = &minister.client().meeting(cabinet.body, meeting).expect("the meeting").items[0].papers;
        let draft = papers.iter().find(|paper| paper.title == "Dự thảo nghị quyết").expect("the draft");
        if draft.missing_bytes == 0 && draft.earlier > 0 {
            break draft.rev;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let file = cabinet.path("signed.pdf");
    let (bytes, _) = minister.client().export_paper(cabinet.body, signed).expect("exported");
    std::fs::write(&file, bytes).expect("written");
    assert!(std::fs::read(&file).expect("a file").starts_with(&original), "the original is an exact prefix");
    let judged = run(Command::new("pdfsig").arg("-nocert").arg(&file));
    assert!(judged.stdout.contains("Signature is Valid"), "{}{}", judged.stdout, judged.stderr);
    assert!(!cabinet.holds(&home, PASSWORD.as_bytes()));
}
