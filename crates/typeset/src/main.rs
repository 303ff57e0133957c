//! `ecabinet-typeset opinions pdf|xlsx < table.json > document`: sets what is told in JSON as a document.
//!
//! A program of its own: the typesetter is larger than all the rest, and only who makes documents needs it. It reads no
//! network, and no files but the typeface.

mod day;
mod opinions;
#[path = "../../protocol/src/table.rs"]
mod table;
mod typeface;
mod words;

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).context("the table is UTF-8")?;
    let document = match arguments[..] {
        ["opinions", "pdf"] => opinions::pdf(&serde_json::from_str(&input)?)?,
        ["opinions", "xlsx"] => opinions::xlsx(&serde_json::from_str(&input)?)?,
        _ => bail!("ecabinet-typeset opinions pdf|xlsx < table.json > document"),
    };
    std::io::stdout().write_all(&document)?;
    Ok(())
}
