//! `ecabinet-pdf-worker`: has one paper open and answers its parent over the socket on standard input.
//!
//! It finds pdfium, fonts and the memory to draw into, shuts itself in, and from then on knows only that socket.

mod blocks;
mod damage;
mod document;
mod draw;
mod fonts;
mod glyphs;
mod library;
mod links;
mod outline;

use blocks::Link;
use document::Document;
use draw::Canvas;
use ecabinet_pdf::wire::{self, Reply, Request};
use ecabinet_pdf::{PdfError, Query, Wall};
use ecabinet_wall::{keep_apart, worker as wall};
use pdfium_render::prelude::Pdfium;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    keep_apart();
    wall::let_go();
    let Ok(stream) = socket() else {
        eprintln!("ecabinet-pdf-worker is started by eCabinet with a socket as its standard input");
        return ExitCode::from(2);
    };
    let pdfium = library::bind();
    let canvas = Canvas::found();
    let wall = wall::raise();
    // The parent closing its end is how a worker is dismissed.
    serve(&Arc::new(Link(stream)), pdfium, canvas, wall);
    ExitCode::SUCCESS
}

fn socket() -> io::Result<UnixStream> {
    let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    stream.peer_addr()?;
    Ok(stream)
}

/// For one request, in seconds of the processor: longer than anybody waits.
const GRANTED: u64 = 120;

fn serve(link: &Arc<Link>, pdfium: Result<&'static Pdfium, String>, mut canvas: Canvas, wall: Wall) {
    let mut document = None;
    while let Ok(request) = wire::receive(&mut &link.0) {
        wall::grant(GRANTED);
        let reply = match &pdfium {
            Ok(pdfium) => {
                answer(link, pdfium, wall, &mut document, &mut canvas, request).unwrap_or_else(Reply::Failed)
            }
            Err(why) => Reply::Failed(PdfError::Library(why.clone())),
        };
        if wire::send(&mut &link.0, &reply).is_err() {
            return;
        }
    }
}

fn answer(
    link: &Arc<Link>,
    pdfium: &'static Pdfium,
    wall: Wall,
    document: &mut Option<Document>,
    canvas: &mut Canvas,
    request: Request,
) -> Result<Reply, PdfError> {
    if let Request::Open { len } = request {
        let opened = document.insert(Document::open(pdfium, link.clone(), len)?);
        return opened.info(wall).map(Reply::Info);
    }
    let document = document.as_mut().ok_or_else(|| PdfError::Read("no paper is open".into()))?;
    match request {
        Request::Open { .. } => unreachable!("answered above"),
        Request::Render(render) => document.render(render, canvas),
        Request::Text { page } => document.text(page).map(Reply::Text),
        Request::Search { query, way, first, count } => {
            document.search(&Query::read(&query), way, first, count).map(Reply::Hits)
        }
        Request::Outline => document.outline().map(Reply::Outline),
        Request::Links { page } => document.links(page).map(Reply::Links),
    }
}
