//! Pages to bitmaps through the workers, against the very same pdfium called from one thread without any wall.

use crate::measure::*;
use crate::page::pdf;
use anyhow::{Context, Result, ensure};
use ecabinet_pdf::{FileSource, Format, Pool, Program, Render, Worker};
use image_webp::{ColorType, WebPEncoder};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// As wide as a reader's window on a large screen.
const WIDTH: u32 = 1500;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let long = dir.join("long.pdf");
    std::fs::write(&long, pdf(size.pick(300, 6)))?;
    let mut rows = vec![of_sample(size)?];
    rows.push(cpu("generated pages to bitmaps", &[long.clone()], size.pick(60, 2), size)?);
    rows.push(wall(&long, size)?);
    Ok(rows)
}

/// The sample's papers: real typesetting, tables, scans.
fn of_sample(size: Size) -> Result<Row> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/sample/papers");
    let mut papers = Vec::new();
    for item in std::fs::read_dir(root).context("make sample")?.flatten() {
        let files = std::fs::read_dir(item.path()).into_iter().flatten().flatten();
        papers.extend(files.map(|file| file.path()).filter(|path| path.extension() == Some("pdf".as_ref())));
    }
    papers.sort();
    papers.truncate(size.pick(papers.len(), 1));
    cpu("the sample's pages to bitmaps", &papers, 4, size)
}

/// CPU of drawing up to `most` pages of each paper. Pixels are asked for and no pictures: an encoder costs more than drawing,
/// and what is taken off for it swings by more than what is sought.
fn cpu(name: &str, papers: &[PathBuf], most: u32, size: Size) -> Result<Row> {
    let program = Program::find()?;
    let mut pages = 0;
    let mut starts = Samples::default();
    let ours = |_| {
        let mut all = Spent::default();
        for paper in papers {
            let one = through_worker(&program, paper, most)?;
            all.total += one.total;
            all.start += one.start;
            all.pages += one.pages;
        }
        pages = all.pages;
        starts.0.push(all.start * 1e3 / papers.len() as f64);
        Ok::<_, anyhow::Error>(all.total * 1e3 / f64::from(all.pages))
    };
    let peer = |_| {
        let (mut total, mut drawn) = (0.0, 0);
        for paper in papers {
            let count = Worker::open(&program, Arc::new(FileSource::open(paper)?))?.info().pages.len() as u32;
            total += bare(paper, WIDTH, most.min(count))?.0;
            drawn += most.min(count);
        }
        Ok::<_, anyhow::Error>(total * 1e3 / f64::from(drawn))
    };
    let samples = interleaved(size, ours, peer)?;
    let note = format!(
        "CPU a page of worker and parent until the pixels are here, {WIDTH} wide, {pages} pages of {} papers; starting a worker and opening ({:.1} ms of CPU a paper) is in it; peer: pdfium's C interface, opening but not loading the library",
        papers.len(),
        starts.median()
    );
    Ok(Row::new(name, Unit::Millis, samples, Goal::RatioAtMost(1.15)).note(note))
}

/// Seconds of CPU.
#[derive(Default)]
struct Spent {
    total: f64,
    /// Of it, until the paper is open.
    start: f64,
    pages: u32,
}

/// What the worker and this thread spend until the first pages of a paper are pixels here.
fn through_worker(program: &Program, paper: &Path, most: u32) -> Result<Spent> {
    let begun = cpu_here();
    let mut worker = Worker::open(program, Arc::new(FileSource::open(paper)?))?;
    let start = cpu_here() - begun + cpu_of(worker.id())?;
    let pages = most.min(worker.info().pages.len() as u32);
    for page in 0..pages {
        ensure!(worker.render(render(page, Format::Rgba))?.width == WIDTH, "a picture");
    }
    Ok(Spent { total: cpu_here() - begun + cpu_of(worker.id())?, start, pages })
}

/// Seconds of CPU that encoding the first page takes, and its picture.
pub fn encoding_of_first(paper: &Path, width: u32) -> Result<(f64, Vec<u8>)> {
    let mut worker = Worker::open(&Program::find()?, Arc::new(FileSource::open(paper)?))?;
    let picture = worker.render(Render { width, ..render(0, Format::Rgba) })?;
    let begun = cpu_here();
    let bytes = encoded(&picture.bytes, picture.width, picture.height)?;
    Ok((cpu_here() - begun, bytes))
}

/// As the worker encodes.
fn encoded(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>> {
    let pixels = rgba.chunks_exact(4);
    let grey = pixels.clone().all(|p| p[0] == p[1] && p[1] == p[2]);
    let (data, color): (Vec<u8>, _) = if grey {
        (pixels.map(|p| p[0]).collect(), ColorType::L8)
    } else {
        (pixels.flat_map(|p| [p[0], p[1], p[2]]).collect(), ColorType::Rgb8)
    };
    let mut bytes = Vec::new();
    WebPEncoder::new(&mut bytes).encode(&data, width, height, color)?;
    Ok(bytes)
}

/// Wall time of a whole paper with a worker on each core, against one thread.
fn wall(paper: &Path, size: Size) -> Result<Row> {
    let program = Program::find()?;
    let pages = size.pick(300, 6);
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let ours = |_| {
        let pool = Pool::new(program.clone(), 1);
        let (time, drawn) = seconds(|| {
            let open = pool.open("long", Arc::new(FileSource::open(paper)?))?;
            let next = AtomicU32::new(0);
            std::thread::scope(|scope| {
                let hands: Vec<_> =
                    (0..cores).map(|_| scope.spawn(|| draw_next(&open, &next, pages))).collect();
                hands.into_iter().try_for_each(|hand| hand.join().expect("no panic"))
            })
        });
        drawn?;
        Ok::<_, anyhow::Error>(time)
    };
    let peer = |_| Ok::<_, anyhow::Error>(bare(paper, WIDTH, pages)?.1);
    let samples = interleaved(size, ours, peer)?;
    let note =
        format!("{pages} pages {WIDTH} wide as pixels in this process, {cores} workers; peer: one thread");
    Ok(Row::new("all pages of a long paper", Unit::Seconds, samples, Goal::RatioAtMost(0.625)).note(note))
}

fn draw_next(paper: &ecabinet_pdf::Paper, next: &AtomicU32, pages: u32) -> Result<()> {
    loop {
        let page = next.fetch_add(1, Ordering::Relaxed);
        if page >= pages {
            return Ok(());
        }
        ensure!(paper.render(render(page, Format::Rgba))?.width == WIDTH, "a picture");
    }
}

fn render(page: u32, format: Format) -> Render {
    Render { page, width: WIDTH, rotation: Default::default(), format }
}

/// CPU and wall seconds of the first pages by pdfium alone.
pub fn bare(paper: &Path, width: u32, count: u32) -> Result<(f64, f64)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/render.py");
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pdfium/libpdfium.so");
    let output = Command::new("python3")
        .arg(script)
        .arg(library)
        .arg(paper)
        .args([width.to_string(), "0".into(), count.to_string()])
        .output()?;
    ensure!(output.status.success(), "render.py: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    let mut numbers = said.split_whitespace().map(str::parse);
    let mut number = || numbers.next().context("two numbers")?.map_err(anyhow::Error::from);
    Ok((number()?, number()?))
}

/// Seconds of CPU that this thread has had.
fn cpu_here() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The same of a worker that has answered. The system counts up when it goes to sleep, a moment after its answer.
fn cpu_of(worker: u32) -> Result<f64> {
    std::thread::sleep(Duration::from_millis(5));
    let told = std::fs::read_to_string(format!("/proc/{worker}/schedstat"))?;
    let nanos: u64 = told.split(' ').next().context("schedstat")?.parse()?;
    Ok(nanos as f64 / 1e9)
}
