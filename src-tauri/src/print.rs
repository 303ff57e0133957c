//! Printing by the system's own dialog. Pages are drawn when the printer wants them, in a worker, while the window goes on; no
//! file is made here. What the printer's queue keeps is the system's.

use ecabinet_client::{Error, PrintJob};
use ecabinet_pdf::{Image, PageSize};
use gtk::prelude::*;
use gtk::{
    PrintContext, PrintOperation, PrintOperationAction, PrintOperationResult, PrintSettings, cairo, gio, glib,
};
use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use tauri::{AppHandle, Manager};

/// Dots to an inch.
const FINE: f64 = 300.0;
/// A poster is not drawn finer than this, in dots.
const WIDEST: f64 = 4000.0;

/// Waits until the printer has the pages; false if the person gave up, or the window was closed.
pub fn print(app: &AppHandle, job: PrintJob) -> Result<bool, Error> {
    let (tell, told) = channel();
    let handle = app.clone();
    app.run_on_main_thread(move || begin(&handle, &Arc::new(job), &tell)).map_err(failed)?;
    told.recv().unwrap_or(Ok(false))
}

fn begin(app: &AppHandle, job: &Arc<PrintJob>, tell: &Sender<Result<bool, Error>>) {
    let operation = PrintOperation::builder()
        .job_name(&job.name)
        .n_pages(job.pages().len() as i32)
        .unit(gtk::Unit::Points)
        .use_full_page(true)
        .allow_async(true)
        .build();
    // What the printer into a file calls it.
    let settings = PrintSettings::new();
    settings.set("output-basename", Some(&job.name));
    operation.set_print_settings(Some(&settings));
    let wrong: Rc<RefCell<Option<Error>>> = Rc::default();
    let sizes = job.clone();
    operation.connect_request_page_setup(move |_, _, page, setup| {
        setup.set_orientation(match sizes.pages().get(page as usize) {
            Some(size) if size.width > size.height => gtk::PageOrientation::Landscape,
            _ => gtk::PageOrientation::Portrait,
        });
    });
    let (drawn, noted) = (job.clone(), wrong.clone());
    operation.connect_draw_page(move |operation, context, page| {
        operation.set_defer_drawing();
        let page = draw(drawn.clone(), operation.clone(), context.clone(), page as u32, noted.clone());
        glib::MainContext::default().spawn_local(page);
    });
    let ended = tell.clone();
    operation.connect_done(move |operation, result| {
        let end = match (wrong.take(), result) {
            (Some(error), _) => Err(error),
            (None, PrintOperationResult::Apply) => Ok(true),
            (None, PrintOperationResult::Cancel) => Ok(false),
            (None, _) => Err(operation.error().map_or_else(|| failed("?"), failed)),
        };
        let _ = ended.send(end);
    });
    let window = app.get_webview_window("main").and_then(|window| window.gtk_window().ok());
    if let Err(error) = operation.run(PrintOperationAction::PrintDialog, window.as_ref()) {
        let _ = tell.send(Err(failed(error)));
    }
    without_preview();
}

/// Another program would show it, from a plain file. The dialog offers it whatever it is told, so its button is taken away.
fn without_preview() {
    let dialogs =
        gtk::Window::list_toplevels().into_iter().filter_map(|window| window.downcast::<gtk::Dialog>().ok());
    let previews = dialogs
        .filter(|dialog| ObjectExt::type_(dialog).name() == "GtkPrintUnixDialog")
        .filter_map(|dialog| dialog.widget_for_response(gtk::ResponseType::Apply));
    previews.for_each(|button| {
        button.set_visible(false);
        // It is shown again for each printer that is chosen.
        button.connect_show(|button| button.set_visible(false));
    });
}

async fn draw(
    job: Arc<PrintJob>,
    operation: PrintOperation,
    context: PrintContext,
    page: u32,
    wrong: Rc<RefCell<Option<Error>>>,
) {
    let size = job.pages()[page as usize];
    let scale = (context.width() / f64::from(size.width)).min(context.height() / f64::from(size.height));
    let wide = (f64::from(size.width) * scale / 72.0 * FINE).round().clamp(1.0, WIDEST) as u32;
    let image = gio::spawn_blocking(move || job.draw(page, wide)).await;
    let painted = match image {
        Ok(Ok(image)) => paint(&context, image, size, scale).map_err(failed),
        // The session may have ended: its papers are closed.
        Ok(Err(error)) => Err(Error::new(error.code()).with("detail", error)),
        Err(_) => Err(failed("?")),
    };
    if let Err(error) = painted {
        wrong.replace(Some(error));
        operation.cancel();
    }
    operation.draw_page_finish();
}

/// In the middle of the sheet, as large as it can be.
fn paint(context: &PrintContext, mut image: Image, size: PageSize, scale: f64) -> Result<(), cairo::Error> {
    let Some(cairo) = context.cairo_context() else { return Ok(()) };
    // A pixel is a number here, with red above green above blue.
    for pixel in image.bytes.chunks_exact_mut(4) {
        let [red, green, blue] = [pixel[0], pixel[1], pixel[2]];
        pixel.copy_from_slice(&u32::from_be_bytes([0, red, green, blue]).to_ne_bytes());
    }
    let (columns, rows) = (image.width as i32, image.height as i32);
    let picture =
        cairo::ImageSurface::create_for_data(image.bytes, cairo::Format::Rgb24, columns, rows, columns * 4)?;
    let (width, height) = (f64::from(size.width) * scale, f64::from(size.height) * scale);
    cairo.translate((context.width() - width) / 2.0, (context.height() - height) / 2.0);
    cairo.scale(width / f64::from(columns), height / f64::from(rows));
    cairo.set_source_surface(&picture, 0.0, 0.0)?;
    cairo.paint()
}

fn failed(error: impl Display) -> Error {
    Error::new("print.failed").with("detail", error)
}
