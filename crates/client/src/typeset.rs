//! Documents made of data, by `ecabinet-typeset`: a program of its own, since it is large and few need it.

use crate::error::{Error, Result};
use ecabinet_protocol::table::OpinionTable;
use ecabinet_protocol::ui::TableKind;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(crate) fn ending(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Pdf => "pdf",
        TableKind::Xlsx => "xlsx",
    }
}

/// The table as a document. Error: `typeset.missing` where the program is not installed, `typeset.failed`.
pub fn opinions(table: &OpinionTable, kind: TableKind) -> Result<Vec<u8>> {
    let failed = |detail: &dyn std::fmt::Display| Error::new("typeset.failed").with("detail", detail);
    let input = serde_json::to_vec(table).map_err(|error| failed(&error))?;
    let mut child = Command::new(program()?)
        .args(["opinions", ending(kind)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let mut stdin = child.stdin.take().expect("piped");
    let feed = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let _ = feed.join();
    match output.status.success() && !output.stdout.is_empty() {
        true => Ok(output.stdout),
        false => Err(failed(&String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// By `ECABINET_TYPESET`, else beside this program (or one folder up, where Cargo puts the programs that a test uses).
fn program() -> Result<PathBuf> {
    const NAME: &str = "ecabinet-typeset";
    let here = std::env::current_exe()?;
    let beside = here.ancestors().skip(1).take(2).map(|folder| folder.join(NAME));
    let named = std::env::var_os("ECABINET_TYPESET").map(PathBuf::from);
    named.into_iter().chain(beside).find(|path| path.is_file()).ok_or(Error::new("typeset.missing"))
}
