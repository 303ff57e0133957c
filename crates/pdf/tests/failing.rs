//! What happens when the file, the source or the worker is bad.

mod common;

use common::{Failing, bytes, endless, program, source};
use ecabinet_pdf::{Damage, FileSource, Format, PdfError, Pool, Program, Render, Rotation, Worker, check};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const PAGE: Render = Render { page: 0, width: 600, rotation: Rotation::None, format: Format::Rgba };

fn kill(process: u32) {
    let status = Command::new("kill").args(["-KILL", &process.to_string()]).status().unwrap();
    assert!(status.success());
}

fn alive(process: u32) -> bool {
    std::path::Path::new(&format!("/proc/{process}/stat")).exists()
}

#[test]
fn bad_files_are_refused_with_their_reason() {
    let refused = |name| check(&program(), source(name)).map_err(|e| (e.code(), e));
    assert_eq!(refused("text.pdf"), Err(("pdf.not_pdf", PdfError::NotPdf)));
    assert_eq!(refused("encrypted.pdf"), Err(("pdf.encrypted", PdfError::Encrypted)));
    assert_eq!(refused("truncated.pdf"), Err(("pdf.truncated", PdfError::Truncated(Damage::NoEnd))));
    assert_eq!(check(&program(), Arc::new(Vec::new())), Err(PdfError::NotPdf));
    for good in ["paper.pdf", "scan.pdf", "rotated.pdf", "signed.pdf", "owner-locked.pdf", "not-embedded.pdf"]
    {
        let file = FileSource::open(common::path(good)).unwrap();
        assert_eq!(check(&program(), Arc::new(file)).map(|i| i.damage), Ok(None), "{good}");
    }
}

#[test]
fn a_paper_cut_anywhere_is_never_taken_for_whole() {
    let whole = bytes("paper.pdf");
    for part in 1..8 {
        let cut = whole[..whole.len() * part / 8].to_vec();
        let result = check(&program(), Arc::new(cut));
        assert!(matches!(result, Err(PdfError::Truncated(_))), "{part}/8: {result:?}");
    }
    // A lost chunk in the middle moves everything after it.
    let mut gap = whole.clone();
    gap.drain(whole.len() / 3..whole.len() / 2);
    let result = check(&program(), Arc::new(gap));
    assert!(matches!(result, Err(PdfError::Truncated(_))), "{result:?}");
}

#[test]
fn pages_that_are_not_there() {
    let mut worker = Worker::open(&program(), source("paper.pdf")).unwrap();
    let missing = PdfError::PageMissing { page: 3, pages: 3 };
    assert_eq!(worker.text(3), Err(missing.clone()));
    assert_eq!(worker.render(Render { page: 3, ..PAGE }), Err(missing));
    assert_eq!(worker.text(u32::MAX).unwrap_err().code(), "pdf.page_missing");
    for width in [0, 60_000] {
        assert_eq!(worker.render(Render { width, ..PAGE }).unwrap_err().code(), "pdf.size");
    }
    // None of that harms the worker.
    assert!(worker.render(PAGE).is_ok());
}

#[test]
fn bytes_that_cannot_be_read_are_an_error_and_no_white_page() {
    // The second page is a large picture that nobody reads before it is drawn.
    let picture = "0".repeat(1 << 20);
    let image = "/Type/XObject/Subtype/Image/Width 1024/Height 1024/BitsPerComponent 8/ColorSpace/DeviceGray";
    let objects = [
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        format!("<<{image}/Length {}>>stream\n{picture}\nendstream", picture.len()),
    ];
    let text = ("/Font<</F 7 0 R>>", "BT /F 40 Tf 50 400 Td (A page) Tj ET");
    let scan = ("/XObject<</X 8 0 R>>", "q 600 0 0 800 0 0 cm /X Do Q");
    let file = common::pages(&[text, scan], &objects);
    let picture = Render { page: 1, ..PAGE };
    let whole = file.len() as u64;
    let source = Failing::new(file);
    let pool = Pool::new(program(), 2);
    let paper = pool.open("scan", source.clone()).unwrap();
    let before = paper.process().unwrap();
    assert!(paper.render(PAGE).is_ok());
    source.bad.store(whole / 2, Ordering::Relaxed);
    let error = paper.render(picture).unwrap_err();
    assert_eq!(error, PdfError::Read("the chunk is not what its name says".into()));
    // The process that believed in white is gone; once the bytes are back, so is the page.
    assert!(!alive(before));
    source.bad.store(u64::MAX, Ordering::Relaxed);
    let image = paper.render(picture).unwrap();
    assert_eq!(image.bytes[image.bytes.len() / 2], b'0');

    let failing = Failing::new(bytes("paper.pdf"));
    failing.bad.store(9, Ordering::Relaxed);
    assert_eq!(Worker::open(&program(), failing).map(drop).unwrap_err().code(), "pdf.read");
}

#[test]
fn a_killed_worker_is_replaced() {
    let pool = Pool::new(program(), 2);
    let paper = pool.open("paper", source("paper.pdf")).unwrap();
    let expected = paper.render(PAGE).unwrap();
    let first = paper.process().unwrap();
    kill(first);
    assert_eq!(paper.render(PAGE), Ok(expected));
    assert_ne!(paper.process().unwrap(), first);

    // Alone, a worker says that it crashed, and goes on saying so.
    let mut worker = Worker::open(&program(), source("paper.pdf")).unwrap();
    kill(worker.id());
    assert_eq!(worker.render(PAGE).unwrap_err().code(), "pdf.crashed");
    assert_eq!(worker.text(0).unwrap_err().code(), "pdf.crashed");
    assert!(worker.is_over());
}

#[test]
fn a_page_without_end_is_given_up_at_the_deadline() {
    let slow = Program { deadline: Duration::from_millis(700), ..program() };
    let pool = Pool::new(slow, 2);
    let started = Instant::now();
    let error = match pool.open("endless", Arc::new(endless())) {
        Ok(paper) => {
            let process = paper.process().unwrap();
            let error = paper.render(PAGE).unwrap_err();
            assert!(!alive(process));
            error
        }
        Err(error) => error,
    };
    assert_eq!(error.code(), "pdf.timeout");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    // Another paper of the pool is not touched.
    assert!(pool.open("paper", source("paper.pdf")).unwrap().render(PAGE).is_ok());
}

#[test]
fn a_missing_library_or_program_is_named() {
    let without = Program { pdfium: Some("/nonexistent/libpdfium.so".into()), ..program() };
    assert_eq!(check(&without, source("paper.pdf")).unwrap_err().code(), "pdf.library");
    let nothing = Program::at("/nonexistent/ecabinet-pdf-worker");
    assert_eq!(check(&nothing, source("paper.pdf")).unwrap_err().code(), "pdf.library");
    let other = Program::at("/bin/true");
    assert_eq!(check(&other, source("paper.pdf")).unwrap_err().code(), "pdf.crashed");
}
