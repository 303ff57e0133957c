//! What happens in a story, and how often.

use super::stage::Theme;

#[derive(Debug, Clone, Copy)]
pub enum Event {
    Sync,
    Vote,
    Note,
    Publish,
    Poll,
    Answer,
    Form,
    Block,
    Hands,
    Position,
    Conclusion,
    Substitute,
    Attendance,
    Floor,
    Share,
    Team,
    Staff,
    Peep,
    People,
    Confirm,
    ForgottenPin,
    Crash,
    ServerCrash,
    DiskFull,
    Clocks,
    Cut,
    Restart,
}

/// In every story.
const ALWAYS: &[(Event, usize)] = &[
    (Event::Sync, 26),
    (Event::Crash, 8),
    (Event::ServerCrash, 4),
    (Event::DiskFull, 4),
    (Event::Clocks, 3),
    (Event::Cut, 3),
    (Event::Restart, 2),
];

const USUAL: &[(Event, usize)] = &[
    (Event::Vote, 14),
    (Event::Note, 12),
    (Event::Publish, 6),
    (Event::Poll, 5),
    (Event::Attendance, 2),
    (Event::People, 6),
    (Event::Confirm, 3),
    (Event::ForgottenPin, 2),
];

const DECIDING: &[(Event, usize)] = &[
    (Event::Vote, 8),
    (Event::Answer, 10),
    (Event::Publish, 4),
    (Event::Poll, 8),
    (Event::Form, 6),
    (Event::Block, 6),
    (Event::Hands, 5),
    (Event::Position, 8),
    (Event::Conclusion, 4),
    (Event::Substitute, 6),
    (Event::Attendance, 4),
    (Event::Floor, 3),
    (Event::People, 4),
];

const SHARING: &[(Event, usize)] = &[
    (Event::Note, 6),
    (Event::Share, 10),
    (Event::Team, 14),
    (Event::Staff, 5),
    (Event::Peep, 3),
    (Event::Publish, 1),
    (Event::People, 6),
    (Event::Confirm, 3),
];

/// How often things happen in most stories of a theme.
pub fn of(theme: Theme) -> Vec<(Event, usize)> {
    let its: &[&[(Event, usize)]] = match theme {
        Theme::Usual => &[ALWAYS, USUAL],
        Theme::Deciding => &[ALWAYS, DECIDING],
        Theme::Sharing => &[ALWAYS, SHARING],
        Theme::All => &[ALWAYS, USUAL, DECIDING, SHARING],
    };
    its.concat()
}
