//! Figures: medians of interleaved rounds, and the table that they are told in.

use serde::Serialize;
use std::time::Instant;

/// How much is measured: all of it, or just enough to see that the measures still run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Full,
    Smoke,
}

impl Size {
    pub fn pick<T>(self, full: T, smoke: T) -> T {
        match self {
            Size::Full => full,
            Size::Smoke => smoke,
        }
    }

    pub fn rounds(self) -> usize {
        self.pick(5, 1)
    }
}

/// What one side came to in each round.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Samples(pub Vec<f64>);

impl Samples {
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
    }

    fn spread(&self) -> (f64, f64) {
        (self.0.iter().copied().fold(f64::MAX, f64::min), self.0.iter().copied().fold(f64::MIN, f64::max))
    }
}

/// What a figure is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Seconds,
    Millis,
    Micros,
    PerSecond,
    Bytes,
}

impl Unit {
    fn write(self, value: f64) -> String {
        match self {
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Millis => format!("{value:.1} ms"),
            Unit::Micros => format!("{value:.1} µs"),
            Unit::PerSecond => format!("{value:.0} /s"),
            Unit::Bytes => format!("{:.1} MB", value / 1e6),
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    RatioAtMost(f64),
    RatioAtLeast(f64),
    /// Ours alone, in its unit.
    AtMost(f64),
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub measure: String,
    pub unit: Unit,
    pub ours: Samples,
    /// None where the goal is one of ours alone.
    pub peer: Option<Samples>,
    pub goal: Goal,
    pub note: String,
}

impl Row {
    pub fn new(measure: &str, unit: Unit, (ours, peer): (Samples, Samples), goal: Goal) -> Row {
        Row { measure: measure.into(), unit, ours, peer: Some(peer), goal, note: String::new() }
    }

    pub fn alone(measure: &str, unit: Unit, ours: Samples, at_most: f64) -> Row {
        Row {
            measure: measure.into(),
            unit,
            ours,
            peer: None,
            goal: Goal::AtMost(at_most),
            note: String::new(),
        }
    }

    pub fn note(mut self, note: impl Into<String>) -> Row {
        self.note = note.into();
        self
    }

    /// Of the medians.
    pub fn ratio(&self) -> Option<f64> {
        self.peer.as_ref().map(|peer| self.ours.median() / peer.median())
    }

    pub fn holds(&self) -> bool {
        match self.goal {
            Goal::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio <= most),
            Goal::RatioAtLeast(least) => self.ratio().is_some_and(|ratio| ratio >= least),
            Goal::AtMost(most) => self.ours.median() <= most,
        }
    }

    /// measure | ours | peer | ratio | goal | ok
    pub fn line(&self) -> String {
        let side = |samples: &Samples| {
            let (low, high) = samples.spread();
            format!(
                "{} ({} to {})",
                self.unit.write(samples.median()),
                self.unit.write(low),
                self.unit.write(high)
            )
        };
        let goal = match self.goal {
            Goal::RatioAtMost(most) => format!("≤ {most}"),
            Goal::RatioAtLeast(least) => format!("≥ {least}"),
            Goal::AtMost(most) => format!("≤ {}", self.unit.write(most)),
        };
        let peer = self.peer.as_ref().map(side).unwrap_or_default();
        let ratio = self.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let ok = if self.holds() { "yes" } else { "NO" };
        format!("| {} | {} | {peer} | {ratio} | {goal} | {ok} |", self.measure, side(&self.ours))
    }
}

pub const HEAD: &str = "| measure | ours | peer | ratio | goal | ok |\n|---|---|---|---|---|---|";

/// Both sides by turns, so that what else the machine does falls on both.
pub fn interleaved<E>(
    size: Size,
    mut ours: impl FnMut(usize) -> Result<f64, E>,
    mut peer: impl FnMut(usize) -> Result<f64, E>,
) -> Result<(Samples, Samples), E> {
    let (mut a, mut b) = (Samples::default(), Samples::default());
    for round in 0..size.rounds() {
        a.0.push(ours(round)?);
        b.0.push(peer(round)?);
    }
    Ok((a, b))
}

/// Seconds that something takes.
pub fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed().as_secs_f64(), done)
}

/// What the figures were taken on.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let cpu = read("/proc/cpuinfo");
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let mounts = read("/proc/mounts");
    let disk = mounts.lines().find(|line| line.split(' ').nth(1) == Some("/")).unwrap_or_default();
    let disk: Vec<&str> = disk.split(' ').take(3).collect();
    let cpu = cpu.trim_start_matches([' ', '\t', ':']);
    format!("{cores} cores ({cpu}), disk {}, load {}", disk.join(" "), load())
}

/// The machine's load averages now.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
