//! What a new device is called unless its person says otherwise.

use ecabinet_protocol::ui::Language;
use std::fs;

/// Names that many machines have: of images, installers and makers.
const COMMON: [&str; 20] = [
    "localhost",
    "vm",
    "host",
    "pc",
    "computer",
    "laptop",
    "notebook",
    "desktop",
    "workstation",
    "server",
    "linux",
    "debian",
    "ubuntu",
    "fedora",
    "archlinux",
    "mint",
    "windows",
    "mac",
    "macbook",
    "raspberrypi",
];
/// Beginnings of names that an installer has made up.
const MADE_UP: [&str; 6] = ["desktop-", "laptop-", "win-", "ip-", "vm-", "localhost-"];

/// This machine's own name; empty if it has none.
pub(super) fn host() -> String {
    let named = fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    named.unwrap_or_default().trim().to_owned()
}

/// "Computer", and the machine's own name where it says which one.
pub(super) fn device_name(host: &str, language: Language) -> String {
    let word = match language {
        Language::Vi => "Máy tính",
        Language::En => "Computer",
    };
    let name = host.split('.').next().unwrap_or_default();
    if says_which(name) { format!("{word} {name}") } else { word.to_owned() }
}

fn says_which(name: &str) -> bool {
    let name = name.to_lowercase();
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    // A container's or an installer's random number.
    let random = name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    letters.len() > 1
        && !COMMON.contains(&letters)
        && !MADE_UP.iter().any(|beginning| name.starts_with(beginning))
        && !random
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_called_by_its_name_only_where_that_says_which_one() {
        for common in [
            "vm",
            "VM",
            "",
            "localhost.localdomain",
            "debian12",
            "DESKTOP-4F7A2K9",
            "3f2b9c0d11aa",
            "ip-10-0-0-7",
        ] {
            assert_eq!(device_name(common, Language::Vi), "Máy tính", "{common}");
        }
        assert_eq!(device_name("btc-07.noibo", Language::Vi), "Máy tính btc-07");
        assert_eq!(device_name("reading-room", Language::En), "Computer reading-room");
    }
}
