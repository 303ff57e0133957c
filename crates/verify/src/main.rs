//! `ecabinet-verify`: the program around [`ecabinet_verify::verify`].

use clap::{Parser, ValueEnum};
use ecabinet_domain::BodyId;
use ecabinet_record::export::{Export, Unreadable};
use ecabinet_verify::{Lang, Question, Report, WitnessKey, malformed, people, verify};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Recomputes everything from an export: no network, no clock, nothing believed.
#[derive(Parser)]
#[command(name = "ecabinet-verify", version)]
struct Args {
    /// The exported folder, or its stored ZIP.
    export: PathBuf,
    /// Id of the body that the record must be of.
    #[arg(long)]
    body: Option<BodyId>,
    /// A checkpoint or receipt kept elsewhere.
    #[arg(long, value_name = "FILE")]
    anchor: Vec<PathBuf>,
    /// A witness's vkey.
    #[arg(long, value_name = "VKEY")]
    witness: Vec<WitnessKey>,
    /// How many different witnesses must have cosigned.
    #[arg(long, value_name = "N", default_value_t = 0)]
    require_witnesses: u64,
    /// Writes the report for people.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Language::Vi)]
    lang: Language,
    /// Prints the verdict as one JSON object.
    #[arg(long)]
    json: bool,
    /// Prints nothing but errors.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Vi,
    En,
}

/// Input or output that the program cannot use.
struct Bad {
    code: &'static str,
    file: String,
    error: String,
}

const BAD_INPUT: u8 = 5;

fn main() -> ExitCode {
    let args = Args::parse();
    ExitCode::from(run(&args).unwrap_or_else(|bad| complain(&args, &bad)))
}

fn run(args: &Args) -> Result<u8, Bad> {
    let mut question = Question {
        body: args.body,
        anchors: Vec::new(),
        witnesses: args.witness.clone(),
        require_witnesses: args.require_witnesses,
    };
    for path in &args.anchor {
        question.anchors.push(std::fs::read_to_string(path).map_err(|error| bad("anchor.io", path, error))?);
    }
    let report = match Export::read(&args.export) {
        Ok(export) => verify(&export, &question),
        Err(error) if is_ours(&args.export, &error) => return Err(bad(error.code(), &args.export, error)),
        Err(error) => malformed(&error, &question),
    };
    show(args, &report)?;
    Ok(report.exit_code())
}

/// Whether this machine is at fault, not the export: nothing is there, or a file that is there cannot be read.
fn is_ours(export: &Path, error: &Unreadable) -> bool {
    match error {
        Unreadable::Io(_, error) => !export.exists() || error.kind() != std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn show(args: &Args, report: &Report) -> Result<(), Bad> {
    let lang = match args.lang {
        Language::Vi => Lang::Vi,
        Language::En => Lang::En,
    };
    if let Some(path) = &args.report {
        std::fs::write(path, people::write(report, lang)).map_err(|error| bad("report.io", path, error))?;
    }
    let text = match (args.json, args.quiet) {
        (true, _) => serde_json::to_string(report).expect("plain data") + "\n",
        (false, true) => return Ok(()),
        (false, false) => people::write(report, lang),
    };
    // Whoever reads may have stopped reading; the exit code still tells.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}

fn bad(code: &'static str, path: &Path, error: impl std::fmt::Display) -> Bad {
    Bad { code, file: path.display().to_string(), error: error.to_string() }
}

fn complain(args: &Args, Bad { code, file, error }: &Bad) -> u8 {
    if args.json {
        let error = serde_json::json!({ "code": code, "params": { "file": file }, "text": error });
        println!("{}", serde_json::json!({ "schema": "ecabinet-verify/1", "error": error }));
    }
    eprintln!("{file}: {} ({error}) [{code}]", words(code, args.lang));
    BAD_INPUT
}

/// What the person can do.
fn words(code: &str, lang: Language) -> &'static str {
    let (vi, en) = match code {
        "anchor.io" => (
            "không đọc được tệp dùng để đối chiếu; đề nghị kiểm tra đường dẫn",
            "the file to compare with cannot be read; please check the path",
        ),
        "report.io" => (
            "không ghi được báo cáo; đề nghị chọn nơi khác",
            "the report cannot be written; please choose another place",
        ),
        _ => (
            "không đọc được bản xuất; đề nghị kiểm tra đường dẫn",
            "the export cannot be read; please check the path",
        ),
    };
    match lang {
        Language::Vi => vi,
        Language::En => en,
    }
}
