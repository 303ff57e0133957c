//! Times as they are typed.

use ecabinet_protocol::Zone;
use time::format_description::well_known::Iso8601;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// `YYYY-MM-DD HH:MM` on the body's clock, or RFC 3339 with an offset of its own, in ms since 1970; none if it is no time.
pub fn read_time(text: &str, zone: Zone) -> Option<u64> {
    let text = text.trim().replacen(' ', "T", 1);
    let with_offset = OffsetDateTime::parse(&text, &Iso8601::PARSING).ok();
    let local = || {
        let offset = UtcOffset::from_whole_seconds(i32::from(zone.minutes()) * 60).ok()?;
        Some(PrimitiveDateTime::parse(&text, &Iso8601::PARSING).ok()?.assume_offset(offset))
    };
    let time = with_offset.or_else(local)?;
    u64::try_from(time.unix_timestamp()).ok()?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_on_the_bodys_clock_unless_they_name_an_offset() {
        let at = |text| read_time(text, Zone::default());
        assert_eq!(at("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(at("2026-11-24 08:00"), at("2026-11-24T01:00:00Z"));
        assert_eq!(at("2026-11-24 08:00:00"), at("2026-11-24T01:00Z"));
        assert_eq!(at("2026-11-24T08:00:00+07:00"), Some(1_795_482_000_000));
        assert_eq!(at("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        let tokyo = "+09:00".parse().expect("a zone");
        assert_eq!(read_time("2026-11-24 10:00", tokyo), at("2026-11-24 08:00"));
        assert_eq!(read_time("2026-11-24 10:00+07:00", tokyo), at("2026-11-24 10:00"));
        for no_time in ["24/11/2026", "2026-02-30 08:00", "2026-11-24 24:30", "2026-11-24", "8", ""] {
            assert_eq!(at(no_time), None, "{no_time}");
        }
    }
}
