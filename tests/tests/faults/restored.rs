//! `ecabinet-server restore`, cut off in the middle.

use crate::killed::{HERE, KILLS};
use crate::{Dice, publication, quick, times};
use ecabinet_tests::{Cabinet, Server, program, run};
use std::process::{Command, Stdio};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_killed_at_random_moments_leaves_nothing_that_serves_and_is_run_again() {
    let mut cabinet = Cabinet::open_in(TempDir::new().expect("a folder"), quick()).await;
    let minister = cabinet.join(1, "minister").await;
    cabinet.secretary.client().publish(cabinet.body, publication("Phiên họp", 6 << 20)).expect("published");
    cabinet.secretary.sync().await;
    minister.sync().await;
    let server = &mut cabinet.server;
    let backup = server.backup("backup");
    server.kill();
    std::fs::remove_dir_all(&server.data).expect("the machine is lost");

    let (kills, mut dice) = (times(KILLS, HERE), Dice::throw());
    // A blow that falls on one that has ended is none: the next falls sooner, in ms.
    let (mut killed, mut within) = (0, 1000);
    for round in 0.. {
        if killed == kills {
            break;
        }
        assert!(round < 20 * kills, "most had ended before the blow fell: {killed} of {round}");
        let mut restoring = server.restoring(&backup);
        let mut restoring = restoring.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        tokio::time::sleep(dice.ms(within)).await;
        let _ = restoring.kill();
        restoring.wait().expect("ended");
        if server.data.join("server.toml").exists() {
            assert_eq!(server.check()["holds"], true, "what can be served is whole");
            std::fs::remove_dir_all(&server.data).expect("once more from the beginning");
            within = (within * 4 / 5).max(10);
            continue;
        }
        let refused = serve(server);
        assert!(["data.unfinished", "data.not_initialised"].contains(&refused.as_str()), "{refused}");
        killed += usize::from(refused == "data.unfinished");
        within = (within * 5 / 4).min(1000);
    }

    let ran = run(&mut server.restoring(&backup));
    assert_eq!((ran.exit, &ran.json["held"]), (0, &true.into()), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(server.check()["holds"], true);
    server.resume();
    assert!(minister.sync().await.held, "it waits for devices that have more");
}

/// Code of the failure with which it does not serve.
fn serve(server: &Server) -> String {
    let mut serve = Command::new(program("ecabinet-server"));
    let ran = run(serve.args(["serve", "--json", "--data"]).arg(&server.data));
    assert_eq!(ran.exit, 5, "{}{}", ran.stdout, ran.stderr);
    ran.code()
}
