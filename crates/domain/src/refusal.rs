use std::collections::BTreeMap;
use std::fmt;

/// Why a statement does not hold: a stable code with parameters; the user interface makes the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub params: BTreeMap<&'static str, String>,
}

impl Refusal {
    pub fn new(code: &'static str) -> Self {
        Refusal { code, params: BTreeMap::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        self.params.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl std::error::Error for Refusal {}

/// Refuses with a code unless the condition holds.
pub(crate) fn require(holds: bool, code: &'static str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::new(code)) }
}
