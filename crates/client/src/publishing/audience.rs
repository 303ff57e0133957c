//! audience.toml: who sees which item or paper, and who signs which papers.

use crate::client::Client;
use crate::error::{Error, Result};
use ecabinet_domain::{Audience, BodyId, GroupId, MemberId};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// audience.toml: who sees which item or paper; what it does not name, all see.
#[derive(Deserialize, Default)]
pub struct AudienceFile {
    #[serde(default)]
    groups: BTreeMap<String, Group>,
    /// Who signs which papers once they are adopted: patterns of paths, in which `*` stands for anything.
    #[serde(default)]
    signers: BTreeMap<String, Vec<String>>,
    /// Papers that are shown with their reader's name over them: patterns of paths.
    #[serde(default)]
    watermark: Vec<String>,
    #[serde(flatten)]
    paths: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    name: String,
    members: Vec<String>,
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::new("config.audience").with("value", text))
}

/// Registrar: sets the groups of an audience file; gives how many were not so already.
pub fn set_groups(client: &Client, body: BodyId, file: &Path) -> Result<usize> {
    let mut set = 0;
    for group in AudienceFile::read(Some(file))?.groups.values() {
        let id: GroupId = id(&group.id)?;
        set += usize::from(client.set_group(body, id, &group.name, group.members()?)?.is_some());
    }
    Ok(set)
}

impl AudienceFile {
    /// Nothing is restricted without a file.
    pub fn read(file: Option<&Path>) -> Result<AudienceFile> {
        let Some(file) = file else { return Ok(AudienceFile::default()) };
        let text = std::fs::read_to_string(file).map_err(|error| super::unreadable(file, &error))?;
        toml::from_str(&text).map_err(|error| {
            Error::new("config.malformed").with("path", file.display()).with("detail", error)
        })
    }

    /// Who sees the item or paper at a path; none if all do.
    pub fn of(&self, path: &str) -> Result<Option<Vec<Audience>>> {
        let Some(named) = self.paths.get(path) else { return Ok(None) };
        let read =
            |text: &String| text.parse().map_err(|_| Error::new("config.audience").with("value", text));
        named.iter().map(read).collect::<Result<_>>().map(Some)
    }

    /// Whether the paper at a path carries its reader's name.
    pub fn has_watermark(&self, path: &str) -> bool {
        self.watermark.iter().any(|pattern| fits(pattern, path))
    }

    /// The groups that the file names must be in the record as it says: a registrar sets them.
    pub fn check_groups(&self, client: &Client, body: BodyId) -> Result<()> {
        for group in self.groups.values() {
            let id: GroupId = id(&group.id)?;
            if client.group_members(body, id)? != Some(group.members()?) {
                return Err(Error::new("config.group").with("group", &group.name));
            }
        }
        Ok(())
    }
}

impl Group {
    fn members(&self) -> Result<Vec<MemberId>> {
        self.members.iter().map(|text| id(text)).collect()
    }
}

/// Patterns of paths and who signs what fits.
pub struct Signers(Vec<(String, Vec<MemberId>)>);

impl Signers {
    pub fn read(client: &Client, body: BodyId, file: &AudienceFile) -> Result<Signers> {
        let members = client.members(body)?;
        let mut read = Vec::new();
        for (pattern, named) in &file.signers {
            let mut ids = Vec::new();
            for text in named {
                match text.parse().map_err(|_| Error::new("config.audience").with("value", text))? {
                    Audience::Member(id) => ids.push(id),
                    Audience::Office(office) => {
                        let holders =
                            members.iter().filter(|m| m.until.is_none() && m.offices.contains(&office));
                        ids.extend(holders.map(|member| member.id));
                    }
                    _ => return Err(Error::new("config.audience").with("value", text)),
                }
            }
            read.push((pattern.clone(), ids));
        }
        Ok(Signers(read))
    }

    pub fn of(&self, path: &str) -> Vec<MemberId> {
        self.0.iter().find(|(pattern, _)| fits(pattern, path)).map(|(_, ids)| ids.clone()).unwrap_or_default()
    }
}

/// Whether a path fits a pattern, in which `*` stands for any text.
fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_star_stands_for_any_text() {
        let fits = super::fits;
        assert!(fits("*Dự thảo nghị quyết*", "03 Đê điều/02 Dự thảo nghị quyết.pdf"));
        assert!(fits("03 *.pdf", "03 Đê điều/02 Tờ trình.pdf"));
        assert!(!fits("03 *.pdf", "04 Trường học/01 Tờ trình.pdf"));
        assert!(fits("a", "a") && !fits("a", "ab"));
    }
}
