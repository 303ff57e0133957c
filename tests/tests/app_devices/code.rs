use crate::{PIN, join, printed, shots, unlock};
use ecabinet_tests::{App, Cabinet, program};

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_shown_again_after_the_app_was_killed_until_its_person_has_kept_it() {
    let cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("new"), shots("code"));
    let start = async || {
        let app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
        unlock(&app, PIN).await;
        app
    };
    let app = join(&home, &cabinet.invite(Cabinet::id(1)).await, &shots).await;
    app.read("Cất giữ mã khôi phục").await;
    let code = printed(&app).await;
    app.kill();

    let mut app = start().await;
    app.read("Cất giữ mã khôi phục").await;
    assert_eq!(printed(&app).await, code);
    app.look("again").await;
    app.press("English").await;
    app.read("Keep the recovery code").await;
    assert_eq!(printed(&app).await, code);
    app.press("Tiếng Việt").await;
    app.read("Cất giữ mã khôi phục").await;
    app.click("input[type=checkbox]").await;
    app.press("Vào eCabinet").await;
    app.read("Việc cần xử lý").await;
    app.kill();

    let app = start().await;
    app.read("Việc cần xử lý").await;
    app.close().await;
}
