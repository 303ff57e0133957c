//! Notices of the desktop, over D-Bus: `org.freedesktop.Notifications`.

use ecabinet_client::Error;
use std::collections::HashMap;
use zbus::blocking::Connection;
use zbus::zvariant::Value;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// As long as the desktop shows them.
const USUAL: i32 = -1;

/// # Errors
/// `desktop.silent` where nothing shows notices.
pub fn show(title: &str, text: &str) -> Result<(), Error> {
    let hints = HashMap::from([("urgency", Value::from(1u8))]);
    let nothing: [&str; 0] = [];
    // Their text may be read as markup.
    let plain = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let notice = ("eCabinet", 0u32, "", title, plain, nothing.as_slice(), hints, USUAL);
    let shown = Connection::session()
        .and_then(|bus| bus.call_method(Some(NAME), PATH, Some(NAME), "Notify", &notice));
    shown.map(|_| ()).map_err(|error| Error::new("desktop.silent").with("detail", error))
}
