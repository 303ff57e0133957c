//! The machine goes to sleep, or its screen is locked: then the desk is locked too. By logind and the desktop's screen
//! saver over D-Bus, where they are; elsewhere the desk locks soon after waking, when it was idle for long enough.

use ecabinet_client::Desk;
use std::sync::Arc;
use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedFd;

const LOGIN: &str = "org.freedesktop.login1";
/// Of GNOME, of all others.
const SCREEN_SAVERS: [&str; 2] = ["org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver"];

/// Watches for as long as the program runs.
pub fn watch(desk: Arc<Desk>) {
    let here = desk.clone();
    std::thread::spawn(move || watch_login(&here));
    for name in SCREEN_SAVERS {
        let desk = desk.clone();
        std::thread::spawn(move || watch_screen(&desk, name));
    }
}

fn watch_login(desk: &Desk) -> zbus::Result<()> {
    let bus = Connection::system()?;
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(LOGIN)?.build();
    let signals = MessageIterator::for_match_rule(rule, &bus, None)?;
    let mut hold = hold(&bus).ok();
    for signal in signals {
        let signal = signal?;
        match member(&signal).as_deref() {
            Some("PrepareForSleep") if signal.body().deserialize().unwrap_or(true) => {
                desk.lock();
                // The machine may sleep now.
                hold = None;
            }
            Some("PrepareForSleep") => hold = self::hold(&bus).ok(),
            // `loginctl lock-session`, and the desktops that ask it so.
            Some("Lock") => desk.lock(),
            _ => {}
        }
    }
    drop(hold);
    Ok(())
}

/// Lets the machine sleep only once the vault is closed.
fn hold(bus: &Connection) -> zbus::Result<OwnedFd> {
    let asked = ("sleep", "eCabinet", "Khóa trước khi máy ngủ", "delay");
    let manager = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
    let answer = bus.call_method(Some(LOGIN), manager.0, Some(manager.1), "Inhibit", &asked)?;
    answer.body().deserialize()
}

fn watch_screen(desk: &Desk, name: &str) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(name)?.member("ActiveChanged")?.build();
    for signal in MessageIterator::for_match_rule(rule, &bus, None)? {
        if signal?.body().deserialize().unwrap_or(false) {
            desk.lock();
        }
    }
    Ok(())
}

fn member(signal: &Message) -> Option<String> {
    Some(signal.header().member()?.to_string())
}
