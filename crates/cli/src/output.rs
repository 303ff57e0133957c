//! What a command prints: one JSON object, or the same fields as lines for people.

use crate::args::Common;
use crate::failure::Failure;
use crate::text;
use serde_json::{Value, json};

/// Prints the answer of a command; `schema` is its name and version. False: nobody wants to see it.
pub fn answer(common: &Common, schema: &str, mut value: Value) -> bool {
    if common.json {
        if let Value::Object(fields) = &mut value {
            fields.insert("schema".into(), json!(schema));
        }
        println!("{value}");
    } else if !common.quiet {
        print!("{}", lines(&value, 0));
    }
    common.json || !common.quiet
}

pub fn failure(common: &Common, failure: &Failure) {
    let error = &failure.0;
    let text = text::error(&error.code, &error.params, common.lang);
    if common.json {
        println!("{}", json!({ "error": { "code": error.code, "params": error.params, "text": text } }));
    } else {
        eprintln!("{text}");
    }
}

/// Arguments that are none.
pub fn usage(error: &clap::Error) {
    let failure = Failure::new("usage.arguments").with("kind", error.kind());
    let text = error.to_string();
    println!(
        "{}",
        json!({ "error": { "code": failure.0.code, "params": failure.0.params, "text": text.trim_end() } })
    );
}

/// A failure beside an answer that was printed already.
pub fn failure_line(common: &Common, failure: &Failure) {
    eprintln!("{}", text::error(&failure.0.code, &failure.0.params, common.lang));
}

fn lines(value: &Value, depth: usize) -> String {
    let pad = "  ".repeat(depth);
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::Object(_) | Value::Array(_) => format!("{pad}{name}:\n{}", lines(value, depth + 1)),
                _ => format!("{pad}{name}: {}\n", plain(value)),
            })
            .collect(),
        Value::Array(rows) if rows.iter().all(|row| !row.is_object() && !row.is_array()) => {
            rows.iter().map(|row| format!("{pad}{}\n", plain(row))).collect()
        }
        Value::Array(rows) => rows.iter().map(|row| lines(row, depth) + "\n").collect(),
        _ => format!("{pad}{}\n", plain(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".into(),
        other => other.to_string(),
    }
}
