//! How the parsing half is asked for across a process: bytes in, bytes out.

use ecabinet_wall::worker::Wall;
use serde::{Deserialize, Serialize};

use crate::{Annotations, Prepared, SignRequest};

/// What is to be done to a PDF.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Task {
    Sign(SignRequest),
    Annotate(Annotations),
}

/// What became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Made {
    /// To be signed.
    Prepared(Prepared),
    /// Bytes to be appended.
    Update(#[serde(with = "serde_bytes")] Vec<u8>),
}

#[derive(Serialize, Deserialize)]
struct Input {
    #[serde(with = "serde_bytes")]
    pdf: Vec<u8>,
    task: Task,
}

/// What `ecabinet-sign-worker` reads on standard input.
pub fn input(pdf: &[u8], task: &Task) -> Vec<u8> {
    rmp_serde::to_vec_named(&Input { pdf: pdf.to_vec(), task: task.clone() }).expect("plain data")
}

/// None unless it is a whole input.
pub fn read_input(bytes: &[u8]) -> Option<(Vec<u8>, Task)> {
    let Input { pdf, task } = rmp_serde::from_slice(bytes).ok()?;
    Some((pdf, task))
}

/// What the worker writes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Output {
    /// What kept it apart from the machine while it parsed.
    pub wall: Wall,
    /// Or an error's code.
    pub made: Result<Made, String>,
}

pub fn write_output(output: &Output) -> Vec<u8> {
    rmp_serde::to_vec_named(output).expect("plain data")
}

/// None unless the worker gave a whole answer.
pub fn output(bytes: &[u8]) -> Option<Output> {
    rmp_serde::from_slice(bytes).ok()
}
