//! Parses a PDF and prepares its signature, or the marks to be appended to it, apart from whoever holds the key: standard input to standard output.
//!
//! It finds its font, shuts itself in, and only then reads the paper.

use ecabinet_pades::worker::{Made, Output, Task};
use ecabinet_pades::{Font, annotate, prepare, worker};
use ecabinet_wall::worker as wall;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    ecabinet_wall::keep_apart();
    wall::let_go();
    let font = font();
    let wall = wall::raise();
    let mut bytes = Vec::new();
    if std::io::stdin().read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let output = worker::write_output(&Output { wall, made: run(&bytes, font) });
    match std::io::stdout().write_all(&output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run(bytes: &[u8], font: Option<Font>) -> Result<Made, String> {
    let (pdf, task) = worker::read_input(bytes).ok_or("sign.request")?;
    let font = font.ok_or("sign.font_missing")?;
    let made = match task {
        Task::Sign(request) => prepare(&pdf, &request, &font).map(Made::Prepared),
        Task::Annotate(marks) => annotate(&pdf, &marks, &font).map(Made::Update),
    };
    made.map_err(|error| error.code().to_owned())
}

/// Liberation Serif: named by ECABINET_FONTS, beside the program, or the system's.
fn font() -> Option<Font> {
    let beside = std::env::current_exe().ok()?.parent()?.join("fonts");
    let named = std::env::var_os("ECABINET_FONTS").map(PathBuf::from);
    let system = PathBuf::from("/usr/share/fonts/truetype/liberation2");
    let mut folders = named.into_iter().chain([beside, system]);
    let bytes = folders.find_map(|folder| std::fs::read(folder.join("LiberationSerif-Regular.ttf")).ok())?;
    Font::new(bytes).ok()
}
