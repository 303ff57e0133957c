//! `ecabinet-bench`: the product's speed, each figure beside a named peer's in the same run. A goal that is missed is told,
//! and is no failure.

mod ballots;
mod cast;
mod cold;
mod maker;
mod measure;
mod monday;
mod open;
mod pack;
mod page;
mod proxy;
mod reader;
mod record;
mod render;
mod search;
mod stage;
mod voters;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use ecabinet_domain::BodyId;
use measure::{HEAD, Row, Size, load, machine};
use std::path::{Path, PathBuf};

#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: What,
}

#[derive(Subcommand)]
enum What {
    /// Measures all, or those named.
    Run {
        measures: Vec<String>,
        /// Where figures.json goes, and what is made on the way.
        #[arg(long, default_value = "target/bench")]
        out: PathBuf,
        /// One round of the smallest sizes: shows that the measures still run, and measures nothing.
        #[arg(long)]
        smoke: bool,
    },
    /// Names of the measures.
    List,
    /// A headless client that syncs once: what `first-sync` watches.
    AsClient {
        #[arg(long)]
        home: PathBuf,
        #[arg(long)]
        body: BodyId,
    },
    /// Members who vote, as a process of their own: what `monday` is made of.
    AsVoters {
        /// A plan of `monday`; what comes of it is written beside it.
        #[arg(long)]
        plan: PathBuf,
    },
}

type Measure = fn(&Path, Size) -> Result<Vec<Row>>;

const MEASURES: &[(&str, Measure)] = &[
    ("ballots", ballots::run),
    ("cast", cast::run),
    ("monday", monday::run),
    ("record", record::run),
    ("first-sync", pack::first_sync),
    ("change", pack::change),
    ("page", page::run),
    ("render", render::run),
    ("reader", reader::run),
    ("open", open::run),
    ("search", search::run),
    ("cold-start", cold::run),
];

fn main() -> Result<()> {
    match Args::parse().command {
        What::Run { measures, out, smoke } => {
            run(&measures, &out, if smoke { Size::Smoke } else { Size::Full })
        }
        What::List => {
            MEASURES.iter().for_each(|(name, _)| println!("{name}"));
            Ok(())
        }
        What::AsClient { home, body } => pack::client(&home, body),
        What::AsVoters { plan } => voters::run(&plan),
    }
}

fn run(names: &[String], out: &Path, size: Size) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| !MEASURES.iter().any(|(known, _)| known == name)) {
        bail!("no measure is called {unknown}; `ecabinet-bench list` tells which there are");
    }
    std::fs::create_dir_all(out)?;
    println!("{}\n\n{HEAD}", machine());
    let mut rows = Vec::new();
    for (name, measure) in MEASURES {
        let wanted = if names.is_empty() {
            // What they need is there only where somebody measures.
            size == Size::Full || !["cold-start", "reader"].contains(name)
        } else {
            names.iter().any(|wanted| wanted == name)
        };
        if !wanted {
            continue;
        }
        // On the disk that the peers use too.
        let dir = tempfile::Builder::new().prefix("run-").tempdir_in(out)?;
        let begun = load();
        let mut new = measure(dir.path(), size).with_context(|| (*name).to_owned())?;
        for row in &mut new {
            row.note += &format!("; load {begun} to {}", load());
            println!("{}", row.line());
        }
        rows.append(&mut new);
    }
    println!();
    rows.iter().for_each(|row| println!("{}: {}", row.measure, row.note));
    if size == Size::Full {
        let figures = serde_json::json!({ "machine": machine(), "rows": rows });
        std::fs::write(out.join("figures.json"), serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}
