//! How much of the cabinet a story is about. Most are small: they find most in an hour of the processor. Some are of
//! everybody and long, for what only comes of many at once.

use crate::cast;
use crate::dice::Dice;
use crate::world::{Machine, Role};

/// What most happens in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Polls, papers, private notes, devices.
    Usual,
    /// Forms, blocks, hands, positions, substitutes, conclusions.
    Deciding,
    /// What people share with their staff and with all members.
    Sharing,
    /// All of it.
    All,
}

/// Where a story plays. Machines that are not on it stay in their cupboard.
pub struct Stage {
    pub theme: Theme,
    /// Machines that things happen to.
    pub machines: Vec<usize>,
    pub events: usize,
    /// The member whom the story is about.
    pub hero: usize,
    /// Whether all machines meet in the end, also those that did nothing.
    pub all: bool,
    /// How often a kind of event happens, to be drawn for each: nothing, the usual, or this many times as often. In little
    /// time much must come together, so that a small story dwells on less.
    pub dwells: [usize; 5],
}

impl Stage {
    /// Before anything is drawn.
    pub fn empty() -> Stage {
        let (theme, machines) = (Theme::All, Vec::new());
        Stage { theme, machines, events: 0, hero: 0, all: false, dwells: [1; 5] }
    }

    pub fn drawn(dice: &mut Dice, machines: &[Machine]) -> Stage {
        let hero = dice.below(cast::PEOPLE);
        let theme =
            [Theme::Usual, Theme::Usual, Theme::Deciding, Theme::Deciding, Theme::Sharing][dice.below(5)];
        let everybody = Stage {
            theme,
            machines: (0..machines.len()).collect(),
            events: 10 + dice.below(30),
            hero,
            all: false,
            dwells: [0, 1, 1, 1, 4],
        };
        match dice.below(16) {
            0 => Stage { theme: Theme::All, events: 25 + dice.below(50), all: true, ..everybody },
            1..4 => everybody,
            _ => Stage {
                machines: few(dice, machines, hero, theme),
                events: 8 + dice.below(20),
                dwells: [0, 0, 1, 1, 6],
                ..everybody
            },
        }
    }
}

/// The office's machine, most of the hero's, and perhaps a few more.
fn few(dice: &mut Dice, machines: &[Machine], hero: usize, theme: Theme) -> Vec<usize> {
    let mut on = Vec::new();
    for (at, machine) in machines.iter().enumerate() {
        let chance = match (machine.role, theme) {
            (Role::Office, _) => 100,
            (Role::Registrar, _) => 75,
            (Role::Person(person), _) if person == hero => 90,
            (Role::Person(cast::AIDE), Theme::Sharing) => 90,
            (Role::Person(0), Theme::Sharing) => 60,
            (Role::Person(0 | cast::AIDE), Theme::Deciding) => 40,
            (Role::Person(_), _) => 15,
            (Role::Spare, _) => 40,
        };
        on.extend(dice.percent(chance).then_some(at));
    }
    on
}
