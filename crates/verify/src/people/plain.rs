//! Texts, times and shares as people read them.

use super::Lang;
use ecabinet_record::Zone;

/// A text from the record on one line: no control or direction characters that could disguise it.
pub(super) fn clean(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let visible: String = text.chars().filter(|c| !hidden(*c)).collect();
    visible
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Of ms since 1970, on that clock.
pub(super) fn time(ms: u64, zone: Zone, lang: Lang) -> String {
    let seconds = (ms / 1000).saturating_add_signed(i64::from(zone.minutes()) * 60);
    let (year, month, day) = date(seconds / 86400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    match lang {
        Lang::Vi => format!("{clock} ngày {day:02}/{month:02}/{year} (UTC{zone})"),
        Lang::En => format!("{year}-{month:02}-{day:02} {clock} (UTC{zone})"),
    }
}

/// Year, month, day of the Gregorian calendar from days since 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    let mut days = days;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    // Whole cycles of 400 years first, so that any time is found in a few steps.
    let mut year = 1970 + days / 146_097 * 400;
    days %= 146_097;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, days + 1)
}

/// `15/27 (55,6 %)`
pub(super) fn share(some: u64, all: u64, lang: Lang) -> String {
    if all == 0 {
        return format!("{some}/{all}");
    }
    let tenths = (some * 1000 + all / 2) / all;
    format!("{some}/{all} ({}{}{} %)", tenths / 10, lang.say(",", "."), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_on_the_clock_of_the_body() {
        let at = |ms, zone: &str, lang| time(ms, zone.parse().expect("a zone"), lang);
        assert_eq!(time(0, Zone::default(), Lang::En), "1970-01-01 07:00:00 (UTC+07:00)");
        assert_eq!(at(951_782_400_000, "+05:45", Lang::En), "2000-02-29 05:45:00 (UTC+05:45)");
        assert_eq!(at(1_764_000_000_000, "+07:00", Lang::Vi), "23:00:00 ngày 24/11/2025 (UTC+07:00)");
        assert_eq!(at(1_764_000_000_000, "-03:30", Lang::Vi), "12:30:00 ngày 24/11/2025 (UTC-03:30)");
        assert_eq!(at(16_725_225_600_000, "+00:00", Lang::En), "2500-01-01 00:00:00 (UTC+00:00)");
    }

    #[test]
    fn a_text_cannot_break_the_line_or_turn_it_round() {
        assert_eq!(clean("Dự\u{202e} thảo\n\n  Kết luận: \u{1b}[2JĐÚNG"), "Dự thảo Kết luận: [2JĐÚNG");
    }
}
