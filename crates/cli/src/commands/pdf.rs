use crate::args::{Common, PdfCommand};
use crate::failure::Failure;
use crate::output;
use ecabinet_pdf::{FileSource, Format, Image, Program, Query, Render, Rotation, Way, Worker, find};
use serde_json::json;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

pub fn run(common: &Common, command: PdfCommand) -> Result<u8, Failure> {
    match command {
        PdfCommand::Info { file } => {
            let worker = open(&file)?;
            output::answer(common, "pdf info/1", serde_json::to_value(worker.info()).expect("plain data"));
        }
        PdfCommand::Render { file, page, dpi, out, all, out_dir } => {
            let mut worker = open(&file)?;
            let count = worker.info().pages.len() as u32;
            let pages = match (page, all) {
                (Some(page), false) if page >= 1 => page - 1..page,
                (None, true) => 0..count,
                _ => return Err(Failure::new("usage.page")),
            };
            for page in pages {
                let size = worker.info().pages.get(page as usize).ok_or(Failure::new("pdf.page_missing"))?;
                let width = (size.width * dpi as f32 / 72.0).round() as u32;
                let image =
                    worker.render(Render { page, width, rotation: Rotation::None, format: Format::Rgba })?;
                let path = match (&out, &out_dir) {
                    (Some(out), None) if !all => out.clone(),
                    (None, Some(dir)) => dir.join(format!("page-{:04}.png", page + 1)),
                    _ => return Err(Failure::new("usage.out")),
                };
                write_png(&path, &image)?;
            }
            output::answer(common, "pdf render/1", json!({ "pages": count }));
        }
        PdfCommand::Text { file } => {
            let mut worker = open(&file)?;
            let mut pages = Vec::new();
            for page in 0..worker.info().pages.len() as u32 {
                pages.push(worker.text(page)?.text);
            }
            if common.json {
                output::answer(common, "pdf text/1", json!({ "pages": pages }));
            } else {
                print!("{}", pages.join("\n\u{c}"));
            }
        }
        PdfCommand::Search { file, query } => {
            let (mut worker, query) = (open(&file)?, Query::read(&query));
            let mut hits = Vec::new();
            for page in 0..worker.info().pages.len() as u32 {
                let text = worker.text(page)?;
                hits.extend(find(page, &text, &query, Way::Whole));
            }
            output::answer(common, "pdf search/1", json!({ "hits": hits }));
        }
    }
    Ok(0)
}

fn open(file: &Path) -> Result<Worker, Failure> {
    let source = FileSource::open(file).map_err(|error| {
        Failure::new("file.unreadable").with("path", file.display()).with("detail", error)
    })?;
    Ok(Worker::open(&Program::find()?, Arc::new(source))?)
}

fn write_png(path: &Path, image: &Image) -> Result<(), Failure> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), image.width, image.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let failed = |error: png::EncodingError| Failure::new("file.io").with("detail", error);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&image.bytes).map_err(failed)?;
    writer.finish().map_err(failed)
}
