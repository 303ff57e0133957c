//! Walls around the real app: it locks when nobody uses it, when the machine sleeps and when the screen is locked; a
//! locked app has no key in its memory, and no crash leaves its memory on the disk.

use super::{PIN, enrol, shots, unlock};
use ecabinet_tests::{App, Cabinet, Logind, Memory, lock_screen, program, vault_key, vault_secrets};
use std::path::Path;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_the_app_open_and_a_locked_one_has_no_key_in_its_memory() {
    let cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("walls"));
    let logind = Logind::start();
    let bus = [("DBUS_SYSTEM_BUS_ADDRESS", logind.address.clone().into())];
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::open_with(&program("ecabinet-desktop"), &[], &home, &shots, &bus, None).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let memory = Memory::of(app.process());
    assert_eq!(memory.core_limit(), ("0".into(), "0".into()));

    // Open, its keys are in memory, on pages that are kept out of swap.
    let key = vault_key(&home, PIN);
    let mut secrets = vec![key.to_vec(), hex(&key).into_bytes()];
    secrets.extend(vault_secrets(&home, &key));
    assert!(secrets.len() >= 5, "the vault's key in two forms, the device's two, and that of the notes");
    let open = memory.holds(&secrets).expect("read as root");
    assert!(
        open.contains(&0) && open.contains(&2) && open.contains(&3),
        "what is searched for can be found: {open:?}"
    );
    let locked_pages = memory.status("VmLck");
    assert!(locked_pages >= 8, "{locked_pages} kB");

    // He sets it to lock soon, in the screen and then, sooner than the screen offers, in its file; and goes away.
    app.press("Thiết bị và cài đặt").await;
    app.read("Tự khóa khi không sử dụng").await;
    let pick = "const five = [...document.querySelectorAll('fieldset label')].find(label => label.innerText.trim() === '5 phút');
        five.querySelector('input').click();";
    app.run(pick, Vec::new()).await;
    app.look("settings").await;
    wait_for_setting(&home, 5).await;
    set_minutes(&home, 1);
    app.key("Tab").await;
    let left = Instant::now();
    tokio::time::sleep(Duration::from_secs(50)).await;
    app.read("Tự khóa khi không sử dụng").await;
    app.read("Mở eCabinet").await;
    assert!(left.elapsed() > Duration::from_secs(57), "{:?}", left.elapsed());
    app.look("locked").await;
    no_key_left(&memory, &secrets, "when idle").await;
    assert!(memory.status("VmLck") < locked_pages);

    // The machine sleeps, and waits until the app is locked.
    unlock(&app).await;
    set_minutes(&home, 10);
    logind.sleep();
    app.read("Mở eCabinet").await;
    no_key_left(&memory, &secrets, "before the machine slept").await;
    logind.wake();
    unlock(&app).await;
    let begun = Instant::now();
    while !logind.is_held() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it asks to be waited for the next time, too");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    // The screen is locked.
    lock_screen();
    app.read("Mở eCabinet").await;

    // A wrong PIN opens nothing.
    app.type_into("input[inputmode=numeric]", "135791").await;
    app.click("button[type=submit]").await;
    app.read("không đúng").await;
    app.shoot("wrong-pin").await;
    no_key_left(&memory, &secrets, "after a wrong PIN").await;
    app.close().await;
}

/// What is being answered at that moment may hold the vault a little longer.
async fn no_key_left(memory: &Memory, secrets: &[Vec<u8>], when: &str) {
    let begun = Instant::now();
    loop {
        let left = memory.holds(secrets).expect("read as root");
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{when}: keys {left:?} are still in memory");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn set_minutes(home: &Path, minutes: u16) {
    let file = home.join("settings.json");
    let mut settings: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    settings["lockAfterMinutes"] = minutes.into();
    std::fs::write(file, settings.to_string()).unwrap();
}

async fn wait_for_setting(home: &Path, minutes: u16) {
    let wanted = format!("\"lockAfterMinutes\": {minutes}");
    let begun = Instant::now();
    while !std::fs::read_to_string(home.join("settings.json")).unwrap_or_default().contains(&wanted) {
        assert!(begun.elapsed() < Duration::from_secs(5), "the setting is kept on this device");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
