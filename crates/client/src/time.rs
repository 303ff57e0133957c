//! Times as documents write them.

/// `dd/mm/yyyy hh:mm:ss +07:00`, from ms since 1970 (NĐ 30/2020, Phụ lục I).
pub(crate) fn local(ms: u64) -> String {
    let seconds = (ms / 1000) as i64 + 7 * 3600;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Gregorian date of a day counted from 1970, by years that begin in March.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{day:02}/{month:02}/{year:04} {hour:02}:{minute:02}:{second:02} +07:00")
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_written_as_on_a_signature() {
        assert_eq!(super::local(1_795_482_000_000), "24/11/2026 08:00:00 +07:00");
        assert_eq!(super::local(0), "01/01/1970 07:00:00 +07:00");
        assert_eq!(super::local(1_709_139_600_000), "29/02/2024 00:00:00 +07:00");
    }
}
