//! item.toml in an item's folder, meeting.toml beside the items: what the names of folders do not tell.

use super::moment::read_time;
use crate::packs::Problem;
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::ItemKind;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use std::num::NonZeroU32;
use std::path::Path;

pub const ITEM_FILE: &str = "item.toml";
pub const MEETING_FILE: &str = "meeting.toml";
/// Who sees what, where no other file says so.
pub const AUDIENCE_FILE: &str = "audience.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ItemFile {
    /// Instead of its folder's name.
    #[serde(deserialize_with = "line")]
    pub title: Option<String>,
    #[serde(deserialize_with = "line")]
    pub agency: Option<String>,
    pub minutes: Option<NonZeroU32>,
    pub kind: Option<ItemKind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeetingFile {
    #[serde(deserialize_with = "line")]
    pub title: Option<String>,
    #[serde(deserialize_with = "line")]
    pub place: Option<String>,
    starts: Option<toml::Value>,
    /// Names of items' folders: these come first, so ordered; the others follow in the order of their names.
    pub order: Vec<String>,
}

impl MeetingFile {
    /// A start that is no time is a problem.
    pub fn read(folder: &Path, zone: Zone, problems: &mut Vec<Problem>) -> MeetingFile {
        let file: MeetingFile = read(folder, MEETING_FILE, problems);
        if file.starts.is_some() && file.starts(zone).is_none() {
            problems.push(malformed(MEETING_FILE, "starts is no time"));
        }
        file
    }

    /// In ms since 1970: a text as `--starts` takes it, or a date-time of TOML's own.
    pub fn starts(&self, zone: Zone) -> Option<u64> {
        match self.starts.as_ref()? {
            toml::Value::String(text) => read_time(text, zone),
            value => read_time(&value.to_string(), zone),
        }
    }
}

/// What a file in the folder says: nothing, if it is not there. `path` is its path in the published folder.
pub fn read<T: DeserializeOwned + Default>(folder: &Path, path: &str, problems: &mut Vec<Problem>) -> T {
    let text = match std::fs::read_to_string(folder.join(path)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return T::default(),
        text => text,
    };
    let read = text.map_err(|error| error.to_string());
    let read = read.and_then(|text| toml::from_str(&text).map_err(|error| error.to_string()));
    read.unwrap_or_else(|detail| {
        problems.push(malformed(path, detail.trim_end()));
        T::default()
    })
}

fn malformed(path: &str, detail: &str) -> Problem {
    Problem { path: path.into(), code: "config.malformed".into(), detail: Some(detail.into()) }
}

/// A text of one line that is not blank.
fn line<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(value)?;
    match text.trim() {
        "" => Err(D::Error::custom("a blank text")),
        line if line.contains(char::is_control) => Err(D::Error::custom("a text of one line is expected")),
        line => Ok(Some(line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meetings_start_is_a_text_or_a_date_of_toml() {
        let starts = |text: &str| {
            let file: MeetingFile = toml::from_str(&format!("starts = {text}")).expect("toml");
            file.starts(Zone::default())
        };
        assert_eq!(starts("\"2026-11-24 08:00\""), Some(1_795_482_000_000));
        assert_eq!(starts("2026-11-24 08:00:00"), Some(1_795_482_000_000));
        assert_eq!(starts("2026-11-24T01:00:00Z"), Some(1_795_482_000_000));
        assert_eq!(starts("2026-11-24"), None);
        assert_eq!(starts("8"), None);
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        let reads = |text: &str| toml::from_str::<ItemFile>(text).is_ok();
        assert!(reads("title = \"Ngân sách\"\nagency = \"Bộ Ngân khố\"\nminutes = 20\nkind = \"vote\""));
        assert!(reads(""));
        for wrong in
            ["minutes = 0", "minutes = \"20\"", "kind = \"decide\"", "agency = \" \"", "ministry = \"x\""]
        {
            assert!(!reads(wrong), "{wrong}");
        }
        assert!(!reads("title = \"a\\nb\""));
    }
}
