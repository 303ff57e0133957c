//! The same on the command line, in words.

use crate::{two, write};
use ecabinet_domain::Choice;
use ecabinet_tests::{Cabinet, Cli, program, run};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_says_who_revoked_it_what_was_lost_and_what_to_do() {
    let cabinet = Cabinet::open().await;
    let (mut laptop, tablet) = two(&cabinet).await;
    let meeting = laptop.client().next_meeting(cabinet.body).expect("a list").expect("a meeting");
    let poll = cabinet.open_poll(meeting).await;
    laptop.sync().await;
    laptop.vote(poll, Choice::Yes);
    write(&laptop, "chưa gửi");
    let device = laptop.device();
    let cli = Cli::of(&mut laptop);
    tablet.client().revoke_device(cabinet.body, device, None).expect("revoked");
    tablet.sync().await;

    assert_eq!(cli.fails(4, &["sync"]), "device.wiped");
    let mut plain = Command::new(program("ecabinet"));
    let ran = run(plain.args(["sync", "--home"]).arg(&cli.home).arg("--secret-file").arg(&cli.secret));
    assert_eq!(ran.exit, 4);
    for words in [
        "từ một thiết bị khác của chính mình",
        "Chưa kịp gửi nên đã mất: 1 phiếu biểu quyết, 1 ghi chú.",
        "xin lời mời mới",
        "mã khôi phục đã in",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert_eq!(cli.fails(4, &["vault", "info"]), "device.wiped", "each time");
    let checks = cli.run(&["doctor"]).json["checks"].clone();
    let vault = checks.as_array().expect("checks").iter().find(|row| row["check"] == "vault");
    assert_eq!(vault.expect("looked at")["code"], "device.wiped");
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let joined =
        cli.done("join", &["join", &ticket.link(), "--device-name", "Máy", "--vault-key", "passphrase"]);
    assert_eq!(joined["pending"], true, "the same home, a new device");
}
