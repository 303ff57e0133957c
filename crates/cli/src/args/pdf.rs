//! Any PDF.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum PdfCommand {
    Info {
        file: PathBuf,
    },
    Render {
        file: PathBuf,
        /// From 1
        #[arg(long)]
        page: Option<u32>,
        #[arg(long, default_value_t = 150)]
        dpi: u32,
        #[arg(long)]
        out: Option<PathBuf>,
        #[arg(long)]
        all: bool,
        #[arg(long)]
        out_dir: Option<PathBuf>,
    },
    Text {
        file: PathBuf,
    },
    Search {
        file: PathBuf,
        query: String,
    },
}
