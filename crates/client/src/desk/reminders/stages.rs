//! When a form that is due is reminded of: pure.

use ecabinet_protocol::content::Deadlines;
use serde::{Deserialize, Serialize};

const HOUR: u64 = 60 * 60 * 1000;
/// How long the last reminder after a deadline may still be given: it is no news afterwards.
const LAST: u64 = 7 * 24 * HOUR;

/// From when a reminder is given, and until when another takes its place, in ms since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::desk) struct Stage {
    pub from: u64,
    pub until: u64,
    /// The deadline has passed.
    pub overdue: bool,
}

impl Stage {
    pub fn is_on(&self, now: u64) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// In order of time; none overlaps another, so that a device that was off for long gives one and not all. After a hard
/// deadline there is nothing left to remind of.
pub(in crate::desk) fn stages(due: u64, hard: bool, deadlines: &Deadlines) -> Vec<Stage> {
    let before =
        deadlines.form_reminder_hours.iter().map(|hours| due.saturating_sub(u64::from(*hours) * HOUR));
    let after = deadlines.form_overdue_hours.iter().map(|hours| due.saturating_add(u64::from(*hours) * HOUR));
    let mut from: Vec<u64> = before.chain(after.filter(|_| !hard)).collect();
    from.sort_unstable();
    from.dedup();
    let ends = from.iter().skip(1).copied().chain(from.last().map(|last| last.saturating_add(LAST)));
    let stage = |(from, until): (&u64, u64)| Stage {
        from: *from,
        // Before the deadline nothing is overdue; after it nothing is to come.
        until: if *from < due { until.min(due) } else { until },
        overdue: *from >= due,
    };
    from.iter().zip(ends).map(stage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: u64 = 1_000 * HOUR;

    fn at(stages: &[Stage], hours: i64) -> Option<(u64, bool)> {
        let now = DUE.saturating_add_signed(hours * HOUR as i64);
        let mut on = stages.iter().filter(|stage| stage.is_on(now));
        let found = on.next().map(|stage| (stage.from, stage.overdue));
        assert!(on.next().is_none(), "one at a time");
        found
    }

    #[test]
    fn a_form_is_reminded_of_before_and_after_by_the_bodys_hours_one_at_a_time() {
        let stages = stages(DUE, false, &Deadlines::default());
        assert_eq!(at(&stages, -49), None);
        assert_eq!(at(&stages, -48), Some((DUE - 48 * HOUR, false)));
        assert_eq!(at(&stages, -25), Some((DUE - 48 * HOUR, false)));
        assert_eq!(at(&stages, -1), Some((DUE - 24 * HOUR, false)));
        assert_eq!(at(&stages, 0), None, "just due");
        assert_eq!(at(&stages, 1), Some((DUE + HOUR, true)));
        assert_eq!(at(&stages, 24 * 6), Some((DUE + 24 * HOUR, true)));
        assert_eq!(at(&stages, 24 * 9), None, "no news any more");
    }

    #[test]
    fn what_a_body_sets_counts_and_a_hard_deadline_ends_it() {
        let deadlines = Deadlines {
            form_reminder_hours: vec![2, 2, 100_000],
            form_overdue_hours: vec![5],
            ..Deadlines::default()
        };
        let soft = stages(DUE, false, &deadlines);
        assert_eq!(
            (at(&soft, -3), at(&soft, -2), at(&soft, 5)),
            (Some((0, false)), Some((DUE - 2 * HOUR, false)), Some((DUE + 5 * HOUR, true)))
        );
        assert_eq!(at(&stages(DUE, true, &deadlines), 5), None);
        let none =
            Deadlines { form_reminder_hours: vec![], form_overdue_hours: vec![], ..Deadlines::default() };
        assert!(stages(DUE, false, &none).is_empty());
    }
}
