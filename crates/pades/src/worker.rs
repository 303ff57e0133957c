//! How the parsing half is asked for across a process: bytes in, bytes out.

use ecabinet_wall::worker::Wall;
use serde::{Deserialize, Serialize};

use crate::{Prepared, SignRequest};

#[derive(Serialize, Deserialize)]
struct Input {
    #[serde(with = "serde_bytes")]
    pdf: Vec<u8>,
    request: SignRequest,
}

/// What `ecabinet-sign-worker` reads on standard input.
pub fn input(pdf: &[u8], request: &SignRequest) -> Vec<u8> {
    rmp_serde::to_vec_named(&Input { pdf: pdf.to_vec(), request: request.clone() }).expect("plain data")
}

/// None unless it is a whole input.
pub fn read_input(bytes: &[u8]) -> Option<(Vec<u8>, SignRequest)> {
    let Input { pdf, request } = rmp_serde::from_slice(bytes).ok()?;
    Some((pdf, request))
}

/// What the worker writes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Output {
    /// What kept it apart from the machine while it parsed.
    pub wall: Wall,
    /// The prepared file, or an error's code.
    pub prepared: Result<Prepared, String>,
}

pub fn write_output(output: &Output) -> Vec<u8> {
    rmp_serde::to_vec_named(output).expect("plain data")
}

/// None unless the worker gave a whole answer.
pub fn output(bytes: &[u8]) -> Option<Output> {
    rmp_serde::from_slice(bytes).ok()
}
