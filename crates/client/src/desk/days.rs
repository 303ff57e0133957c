//! Days on a body's wall: pure.

use ecabinet_protocol::Zone;

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The year of a moment in ms since 1970.
pub(super) fn year(at: u64, zone: Zone) -> i64 {
    // Counted in eras of 400 years that begin on 1 March, so that a leap day is a year's last.
    let days = day(at, zone) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    year + era * 400 + i64::from(of_year >= 306)
}

/// The hour of the day so many working days after a moment, in ms since 1970; Saturdays and Sundays are none, holidays are not
/// known.
pub(super) fn working_days_after(at: u64, days: u32, hour: u32, zone: Zone) -> u64 {
    let mut on = day(at, zone);
    let mut left = days;
    while left > 0 {
        on += 1;
        // The first day of 1970 was a Thursday.
        left -= u32::from((on + 3).rem_euclid(7) < 5);
    }
    let local = on * DAY + i64::from(hour) * HOUR;
    u64::try_from(local - i64::from(zone.minutes()) * MINUTE).unwrap_or_default()
}

fn day(at: u64, zone: Zone) -> i64 {
    (i64::try_from(at).unwrap_or(i64::MAX / 2) + i64::from(zone.minutes()) * MINUTE).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday, 24 November 2026, 08:00 in Vietnam.
    const TUESDAY: u64 = 1_795_482_000_000;

    #[test]
    fn a_year_begins_at_midnight_on_the_wall() {
        let zone = Zone::default();
        assert_eq!((year(TUESDAY, zone), year(0, zone)), (2026, 1970));
        // 1 January 2027, 00:00 there.
        let turn = 1_798_736_400_000;
        assert_eq!((year(turn - 1, zone), year(turn, zone)), (2026, 2027));
        let leap = 1_709_139_600_000; // 29 February 2024
        assert_eq!(year(leap, zone), 2024);
    }

    #[test]
    fn a_weekend_is_no_working_day() {
        let zone = Zone::default();
        let hours = |at: u64| (at as i64 - TUESDAY as i64) / HOUR;
        assert_eq!(hours(working_days_after(TUESDAY, 0, 17, zone)), 9);
        assert_eq!(hours(working_days_after(TUESDAY, 3, 17, zone)), 3 * 24 + 9, "Friday");
        assert_eq!(hours(working_days_after(TUESDAY, 4, 17, zone)), 6 * 24 + 9, "Monday");
        assert_eq!(hours(working_days_after(TUESDAY, 7, 8, zone)), 9 * 24, "Thursday of the next week");
    }
}
