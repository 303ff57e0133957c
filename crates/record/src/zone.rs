//! The clock on a body's wall.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;

/// Minutes east of UTC of the place where a body meets; written `+07:00`. There is no summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(i16);

/// What bodies without one keep to: Vietnam's.
impl Default for Zone {
    fn default() -> Zone {
        Zone(7 * 60)
    }
}

impl Zone {
    pub fn minutes(self) -> i16 {
        self.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (sign, minutes) = (if self.0 < 0 { '-' } else { '+' }, self.0.unsigned_abs());
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an offset from -12:00 to +14:00 is expected, such as +07:00")]
pub struct NotZone;

impl FromStr for Zone {
    type Err = NotZone;

    fn from_str(text: &str) -> Result<Zone, NotZone> {
        let sign = match text.get(..1) {
            Some("+") => 1,
            Some("-") => -1,
            _ => return Err(NotZone),
        };
        let (hours, minutes) = text[1..].split_once(':').ok_or(NotZone)?;
        let number = |digits: &str| {
            let whole = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
            whole.then(|| digits.parse::<i16>().ok()).flatten().ok_or(NotZone)
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let offset = sign * (hours * 60 + minutes);
        if minutes < 60 && (-12 * 60..=14 * 60).contains(&offset) { Ok(Zone(offset)) } else { Err(NotZone) }
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Zone, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_written_as_it_is_read() {
        for (text, minutes) in
            [("+07:00", 420), ("+05:45", 345), ("-03:30", -210), ("+00:00", 0), ("+14:00", 840)]
        {
            let zone: Zone = text.parse().expect("a zone");
            assert_eq!((zone.minutes(), zone.to_string().as_str()), (minutes, text));
        }
        assert_eq!(Zone::default().to_string(), "+07:00");
        for wrong in
            ["", "7", "07:00", "+7:00", "+07", "+07:60", "+14:01", "-12:01", "++7:00", "+07:00 ", "é07:00"]
        {
            assert_eq!(wrong.parse::<Zone>(), Err(NotZone), "{wrong}");
        }
    }
}
