//! How much of the cabinet a story is about. Most are small: they find most in an hour of the processor. Some are of
//! everybody and long, for what only comes of many at once.

use crate::cast;
use crate::dice::Dice;
use crate::world::{Machine, Role};

/// Where a story plays. Machines that are not on it stay in their cupboard.
pub struct Stage {
    /// Machines that things happen to.
    pub machines: Vec<usize>,
    pub events: usize,
    /// The member whom the story is about.
    pub hero: usize,
    /// Whether all machines meet in the end, also those that did nothing.
    pub all: bool,
}

impl Stage {
    /// Before anything is drawn.
    pub fn empty() -> Stage {
        Stage { machines: Vec::new(), events: 0, hero: 0, all: false }
    }

    pub fn drawn(dice: &mut Dice, machines: &[Machine]) -> Stage {
        let hero = dice.below(cast::MEMBERS + 1);
        let all = 0..machines.len();
        match dice.below(10) {
            0 => Stage { machines: all.collect(), events: 25 + dice.below(50), hero, all: true },
            1..4 => Stage { machines: all.collect(), events: 10 + dice.below(30), hero, all: false },
            _ => Stage { machines: few(dice, machines, hero), events: 8 + dice.below(20), hero, all: false },
        }
    }
}

/// The hero's machines, those without which nothing is decided, and one or two more.
fn few(dice: &mut Dice, machines: &[Machine], hero: usize) -> Vec<usize> {
    let of = |is: &dyn Fn(Role) -> bool| -> Vec<usize> {
        (0..machines.len()).filter(|at| is(machines[*at].role)).collect()
    };
    let mut on = of(&|role| matches!(role, Role::Registrar | Role::Staff) || role == Role::Member(hero));
    let others = of(&|role| matches!(role, Role::Member(member) if member != hero));
    on.extend(dice.pick(&others));
    let spares = of(&|role| role == Role::Spare);
    on.extend(spares.into_iter().take(dice.below(3)));
    on.sort_unstable();
    on
}
