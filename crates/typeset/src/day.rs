//! Days as documents write them.

/// Year, month and day of a time in ms since 1970, in a zone of so many minutes east.
pub fn of(ms: u64, zone: i16) -> (i64, u32, u32) {
    let minutes = (ms / 60_000) as i64 + i64::from(zone);
    // Days from 0000-03-01, so that a leap day ends its year (Hinnant's civil_from_days).
    let days = minutes.div_euclid(24 * 60) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month as u32, day as u32)
}

/// `05/12/2026` or `5 December 2026`.
pub fn written(ms: u64, zone: i16, language: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = of(ms, zone);
    match language {
        "en" => format!("{day} {} {year}", MONTHS[month as usize - 1]),
        _ => format!("{day:02}/{month:02}/{year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone() {
        assert_eq!(of(0, 0), (1970, 1, 1));
        assert_eq!(of(951_782_400_000, 0), (2000, 2, 29));
        assert_eq!(of(1_798_761_599_000, 0), (2026, 12, 31));
        assert_eq!(of(1_798_761_599_000, 420), (2027, 1, 1));
        assert_eq!(of(1_000, -60), (1969, 12, 31));
        assert_eq!(written(1_795_737_600_000, 420, "vi"), "27/11/2026");
        assert_eq!(written(1_795_737_600_000, 420, "en"), "27 November 2026");
    }
}
