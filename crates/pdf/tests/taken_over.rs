//! A worker that somebody took over: it answers what it likes, and changes what it drew while that is read. What comes out
//! is what was asked for, or a code.
//!
//! The worker is this very program, started by the library in the worker's place; so `main` is its own.

use ecabinet_pdf::wire::{self, CANVAS, Reply, Request};
use ecabinet_pdf::{Format, Image, Info, PageSize, PdfError, Program, Render, Rotation, Worker};
use ecabinet_wall::memory::Mapped;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WIDTH: u32 = 600;
const HEIGHT: u32 = 800;

fn main() -> ExitCode {
    // The library gives its workers a socket as standard input.
    match io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from) {
        Ok(stream) if stream.peer_addr().is_ok() => taken_over(stream),
        _ if std::env::args().any(|argument| argument == "--list") => list(),
        _ => story(),
    }
}

/// What a runner of tests wants to know first.
fn list() -> ExitCode {
    if !std::env::args().any(|argument| argument == "--ignored") {
        println!("a_worker_that_was_taken_over_gives_nothing_but_what_was_asked: test");
    }
    ExitCode::SUCCESS
}

/// What is asked of it says how it lies: the page's number.
fn taken_over(stream: UnixStream) -> ExitCode {
    let mut canvas = Mapped::found(CANVAS);
    while let Ok(request) = wire::receive(&mut &stream) {
        let drawn = |width, height| Reply::Drawn { width, height };
        let image =
            |width, height, format, len| Reply::Image(Image { width, height, format, bytes: vec![7; len] });
        let whole = (WIDTH * HEIGHT * 4) as usize;
        let reply = match request {
            Request::Open { .. } => Reply::Info(info()),
            Request::Render(Render { page, .. }) => match page {
                HONEST | SCRIBBLING => drawn(WIDTH, HEIGHT),
                1 => drawn(WIDTH + 1, HEIGHT),
                2 => drawn(WIDTH, u32::MAX),
                3 => drawn(u32::MAX, u32::MAX),
                4 => drawn(WIDTH, 40_000_000 / WIDTH + 1),
                5 => image(WIDTH, HEIGHT, Format::Rgba, whole - 1),
                6 => image(WIDTH, HEIGHT, Format::Webp, whole),
                7 => image(u32::MAX, u32::MAX, Format::Rgba, 0),
                8 => Reply::Outline(Vec::new()),
                _ => return ExitCode::SUCCESS,
            },
            _ => return ExitCode::SUCCESS,
        };
        let scribbles = matches!(request, Request::Render(Render { page: SCRIBBLING, .. }));
        if let Some(canvas) = &mut canvas {
            canvas[..whole].fill(255);
        }
        if wire::send(&mut &stream, &reply).is_err() {
            return ExitCode::SUCCESS;
        }
        let until = Instant::now() + Duration::from_millis(if scribbles { 300 } else { 0 });
        while let Some(canvas) = canvas.as_mut().filter(|_| Instant::now() < until) {
            let other = !canvas[0];
            canvas[..whole].fill(other);
        }
    }
    ExitCode::SUCCESS
}

/// Pages of the paper, by what the worker does when asked for one.
const HONEST: u32 = 0;
const SCRIBBLING: u32 = 9;
const LYING: std::ops::RangeInclusive<u32> = 1..=8;

fn info() -> Info {
    Info {
        pages: vec![PageSize { width: 600.0, height: 800.0 }; 10],
        title: None,
        encrypted: false,
        signed: false,
        signature_fields: 0,
        has_text: false,
        damage: None,
        wall: Default::default(),
    }
}

fn story() -> ExitCode {
    let program = Program::at(std::env::current_exe().expect("this program"));
    let ask = |page, format| {
        let mut worker = Worker::open(&program, Arc::new(b"%PDF-".to_vec())).expect("it opens anything");
        let result = worker.render(Render { page, width: WIDTH, rotation: Rotation::None, format });
        (result, worker.is_over())
    };
    let (result, over) = ask(HONEST, Format::Rgba);
    assert_eq!(
        result.map(|image| (image.width, image.height)),
        Ok((WIDTH, HEIGHT)),
        "an honest one is believed"
    );
    assert!(!over);
    for page in LYING {
        let (result, over) = ask(page, Format::Rgba);
        assert!(matches!(result, Err(PdfError::Crashed(_))), "lie {page}: {result:?}");
        assert!(over, "lie {page}: it is ended");
    }
    // Pixels are no answer to a question for an encoded picture, wherever they lie.
    assert!(matches!(ask(HONEST, Format::Webp).0, Err(PdfError::Crashed(_))));

    // What was given is a copy: it stays as it is, whatever the worker writes meanwhile and afterwards.
    for _ in 0..5 {
        let mut worker = Worker::open(&program, Arc::new(b"%PDF-".to_vec())).expect("it opens anything");
        let render =
            Render { page: SCRIBBLING, width: WIDTH, rotation: Rotation::None, format: Format::Rgba };
        let image = worker.render(render).expect("the size is right");
        assert_eq!(image.bytes.len(), (WIDTH * HEIGHT * 4) as usize);
        let before = image.bytes.clone();
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(before, image.bytes);
    }
    ExitCode::SUCCESS
}
