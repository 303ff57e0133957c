//! Screens that a member uses every day, against WCAG 2.2 AA: light and dark, each panel of the reader open.

use super::{enrol, shots};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, INVESTMENT, program};
use serde_json::json;

pub(super) const LOOKS: &str = "const [theme, language, textSize] = arguments; const { invoke } = window.__TAURI_INTERNALS__;
    return invoke('app').then(({ settings }) => invoke('set_settings', { args: { ...settings, theme, language, textSize } }))";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_the_screens_of_every_day() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("accessible"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    let mut breaches = app.breaches("the invitation").await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES, INVESTMENT]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.open_poll_on(meeting, 1, "Thông qua dự thảo nghị quyết?").await;
    cabinet.all_present(meeting).await;
    app.read("Thông qua dự thảo nghị quyết?").await;

    for (theme, language) in [("light", "vi"), ("dark", "vi"), ("light", "en")] {
        app.run(LOOKS, vec![json!(theme), json!(language), json!(100)]).await;
        let vietnamese = language == "vi";
        let word = |vi: &'static str, en: &'static str| if vietnamese { vi } else { en };
        let named = |screen: &str| format!("{screen}, {theme}, {language}");
        app.press(word("Việc cần xử lý", "To do")).await;
        app.read(word("Việc cần xử lý", "To do")).await;
        app.read("Thông qua dự thảo nghị quyết?").await;
        breaches.extend(app.breaches(&named("home")).await);
        app.press(word("Phiên họp", "Meetings")).await;
        app.press("Phiên họp mẫu").await;
        app.read(word("đọc được khi không có mạng", "available offline")).await;
        breaches.extend(app.breaches(&named("the agenda")).await);
        app.press("Củng cố đê điều").await;
        app.read("Dự thảo nghị quyết").await;
        breaches.extend(app.breaches(&named("an item")).await);
        app.press(word("Biểu quyết", "Vote")).await;
        app.read(word("Không biểu quyết", "Abstain")).await;
        breaches.extend(app.breaches(&named("the vote sheet")).await);
        app.key("Escape").await;

        app.press("Tờ trình").await;
        app.see("section.sheet .words.text").await;
        app.settle().await;
        breaches.extend(app.breaches(&named("the reader")).await);
        app.key("t").await;
        app.click("aside [role=tab]:first-child").await;
        app.see("aside ol button[aria-current]").await;
        app.settle().await;
        breaches.extend(app.breaches(&named("the reader with its pages")).await);
        app.press(word("Mục lục", "Outline")).await;
        breaches.extend(app.breaches(&named("the reader with its outline")).await);
        app.key("t").await;
        app.chord(&["ctrl"], "m").await;
        app.read(word("Ghi chú riêng", "Private notes")).await;
        breaches.extend(app.breaches(&named("the reader with notes")).await);
        app.chord(&["ctrl"], "m").await;
        app.chord(&["ctrl"], "f").await;
        app.see("[role=search] input[type=search]").await;
        breaches.extend(app.breaches(&named("the reader with its search")).await);
        app.key("Escape").await;
        app.press(word("Thêm", "More")).await;
        app.see("[role=menu]").await;
        breaches.extend(app.breaches(&named("the reader's menu")).await);
        if theme == "dark" || !vietnamese {
            app.shoot(&format!("menu-{theme}-{language}")).await;
        }
        app.key("Escape").await;
        app.key("?").await;
        app.read(word("Bảng phím tắt này", "These shortcuts")).await;
        breaches.extend(app.breaches(&named("the keys")).await);
        if theme == "dark" || !vietnamese {
            app.shoot(&format!("keys-{theme}-{language}")).await;
        }
        app.key("Escape").await;
        app.press(word("Chương trình", "Agenda")).await;
        app.see("[role=dialog] ol button").await;
        breaches.extend(app.breaches(&named("the reader's agenda")).await);
        app.press(word(
            "Mở bên cạnh: Báo cáo thuyết minh Kế hoạch",
            "Open beside: Báo cáo thuyết minh Kế hoạch",
        ))
        .await;
        app.see("section.pane:nth-of-type(2) .words.text").await;
        app.settle().await;
        breaches.extend(app.breaches(&named("two papers side by side")).await);
        app.look(&format!("split-{theme}-{language}")).await;
        app.key("Escape").await;
        app.read("Dự thảo nghị quyết").await;
    }

    // Text of twice the size, in the smallest window: what is left on the bar is what is needed.
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(200)]).await;
    app.press("Dự thảo nghị quyết").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    app.look("large-text").await;
    breaches.extend(app.breaches("the reader, large text").await);
    app.close().await;
    assert!(breaches.is_empty(), "{} breaches:\n{}", breaches.len(), breaches.join("\n"));
}
