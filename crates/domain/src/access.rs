//! Who may see a payload.

use crate::{GroupId, Holder, MemberId, State, member};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// One group of an audience. In JSON: `all`, `registrars`, `office:<name>`, `group:<id>`, `member:<id>`, `staff:<id>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Every member in office and every registrar.
    All,
    Registrars,
    Office(String),
    Group(GroupId),
    Member(MemberId),
    /// Those who prepare for a member; level 3.
    Staff(MemberId),
}

impl Audience {
    /// The level from which on it is known.
    pub fn level(&self) -> u64 {
        if matches!(self, Audience::Staff(_)) { 3 } else { 1 }
    }
}

/// Who asks to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer(pub Holder);

impl Viewer {
    /// Whether one of the groups holds this viewer now.
    pub fn sees(self, audience: &[Audience], state: &State) -> bool {
        match self.0 {
            Holder::Registrar => audience.iter().any(|a| matches!(a, Audience::All | Audience::Registrars)),
            Holder::Member(id) => {
                let Some(member) = state.members.get(&id).filter(|m| m.in_office()) else { return false };
                audience.iter().any(|group| match group {
                    Audience::All => true,
                    Audience::Registrars => false,
                    Audience::Office(office) => member.holds(office),
                    Audience::Group(group) => {
                        state.groups.get(group).is_some_and(|g| g.members.contains(&id))
                    }
                    Audience::Member(only) => *only == id,
                    Audience::Staff(of) => state.staff_of(*of).contains(&id),
                })
            }
            Holder::BodyRecovery | Holder::Recovery(_) => false,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audience::All => f.write_str("all"),
            Audience::Registrars => f.write_str("registrars"),
            Audience::Office(office) => write!(f, "office:{office}"),
            Audience::Group(group) => write!(f, "group:{group}"),
            Audience::Member(member) => write!(f, "member:{member}"),
            Audience::Staff(member) => write!(f, "staff:{member}"),
        }
    }
}

impl FromStr for Audience {
    type Err = crate::NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(':') {
            None if text == "all" => Audience::All,
            None if text == "registrars" => Audience::Registrars,
            Some(("office", office)) if member::is_office(office) => Audience::Office(office.to_owned()),
            Some(("group", id)) => Audience::Group(id.parse()?),
            Some(("member", id)) => Audience::Member(id.parse()?),
            Some(("staff", id)) => Audience::Staff(id.parse()?),
            _ => return Err(crate::NotAnId),
        })
    }
}

impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(|_| D::Error::custom("not an audience"))
    }
}
