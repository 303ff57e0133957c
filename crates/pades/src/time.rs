use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Error;

/// An instant and the offset of the clock on the signer's wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningTime {
    /// Milliseconds since 1 Jan 1970 UTC.
    pub unix_ms: i64,
    /// Minutes east of UTC; Vietnam is 420.
    pub offset_minutes: i16,
}

impl SigningTime {
    /// [`Error::Time`] unless the year has four digits and the offset is below a day.
    pub(crate) fn check(self) -> Result<(), Error> {
        let (year, ..) = self.civil();
        let in_range = (1970..=9999).contains(&year) && self.offset_minutes.unsigned_abs() < 24 * 60;
        in_range.then_some(()).ok_or(Error::Time)
    }

    pub(crate) fn unix_seconds(self) -> i64 {
        self.unix_ms.div_euclid(1000)
    }

    /// A PDF date: `D:20261124170612+07'00'`.
    pub(crate) fn pdf_date(self) -> String {
        let (year, month, day, hour, minute, second) = self.civil();
        let (sign, hours, minutes) = self.offset();
        format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{sign}{hours:02}'{minutes:02}'")
    }

    fn offset(self) -> (char, u16, u16) {
        let minutes = self.offset_minutes.unsigned_abs();
        (if self.offset_minutes < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    }

    /// Year, month, day, hour, minute, second on that clock.
    fn civil(self) -> (i64, i64, i64, i64, i64, i64) {
        let local = self.unix_seconds().saturating_add(i64::from(self.offset_minutes) * 60);
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        // Days from 1 Mar 0000, so that the leap day ends a year; 146 097 days are 400 years.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day, second / 3600, second / 60 % 60, second % 60)
    }
}

/// `dd/mm/yyyy hh:mm:ss +07:00`, the form that official papers show.
impl fmt::Display for SigningTime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (year, month, day, hour, minute, second) = self.civil();
        let (sign, hours, minutes) = self.offset();
        write!(
            f,
            "{day:02}/{month:02}/{year:04} {hour:02}:{minute:02}:{second:02} {sign}{hours:02}:{minutes:02}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_clock_on_the_wall() {
        for (unix_ms, offset_minutes, shown, pdf) in [
            (0, 0, "01/01/1970 00:00:00 +00:00", "D:19700101000000+00'00'"),
            (1_709_139_600_999, 420, "29/02/2024 00:00:00 +07:00", "D:20240229000000+07'00'"),
            (1_798_736_399_000, 420, "31/12/2026 23:59:59 +07:00", "D:20261231235959+07'00'"),
            (1_772_323_200_000, -210, "28/02/2026 20:30:00 -03:30", "D:20260228203000-03'30'"),
        ] {
            let time = SigningTime { unix_ms, offset_minutes };
            assert_eq!((time.to_string().as_str(), time.pdf_date().as_str()), (shown, pdf));
            assert!(time.check().is_ok());
        }
    }

    #[test]
    fn refuses_what_a_pdf_date_cannot_hold() {
        for (unix_ms, offset_minutes) in [(i64::MAX, 0), (-1, 0), (0, 1440), (i64::MIN, i16::MIN)] {
            assert!(SigningTime { unix_ms, offset_minutes }.check().is_err());
        }
    }
}
