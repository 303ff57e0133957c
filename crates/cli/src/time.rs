//! Times as they are typed.

use crate::failure::Failure;

/// RFC 3339, or `YYYY-MM-DD HH:MM` in Vietnam's time, in ms since 1970.
pub fn read(text: &str) -> Result<u64, Failure> {
    parse(text).ok_or(Failure::new("usage.time").with("value", text))
}

/// As `read`; none if it is no time.
pub fn parse(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    let rest = text.get(16..)?;
    let (second, zone) = match rest.strip_prefix(':') {
        Some(_) => (number(17, 19)?, text.get(19..)?),
        None => (0, rest),
    };
    let offset = match zone {
        "" => 7 * 60,
        "Z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            sign * (zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?)
        }
    };
    let valid =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    // Days since 1970 of a Gregorian date, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day
        - 1
        - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    (valid && seconds >= 0).then_some(seconds as u64 * 1000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_read_in_vietnams_zone_unless_they_name_another() {
        let at = |text| super::parse(text);
        assert_eq!(at("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(at("2026-11-24 08:00"), at("2026-11-24T01:00:00Z"));
        assert_eq!(at("2026-11-24T08:00:00+07:00"), Some(1_795_482_000_000));
        assert_eq!(at("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        assert_eq!(at("24/11/2026"), None);
    }
}
