use ecabinet_client::{Error, PrintJob, Shell};
use ecabinet_protocol::ui::{Changed, FilePurpose, Topic};
use std::path::PathBuf;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_dialog::DialogExt;

/// What only a window can do, done by the one window.
pub struct Window {
    app: AppHandle,
}

impl Window {
    pub fn new(app: AppHandle) -> Window {
        Window { app }
    }
}

impl Shell for Window {
    fn opened_with(&self) -> Option<String> {
        std::env::args().skip(1).find(|argument| argument.starts_with("ecabinet://"))
    }

    fn changed(&self, topics: &[Topic]) {
        // A window that is closing hears nothing more: nothing is lost.
        let _ = self.app.emit("changed", Changed { topics: topics.to_vec() });
    }

    fn full_screen(&self, on: bool) {
        if let Some(window) = self.app.get_webview_window("main") {
            // A desktop without a window manager cannot: the window stays as it is.
            let _ = window.set_fullscreen(on);
        }
    }

    fn notify(&self, title: &str, text: &str) -> Result<(), Error> {
        #[cfg(target_os = "linux")]
        return crate::notices::show(title, text);
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (title, text);
            Err(Error::new("desktop.silent"))
        }
    }

    fn pick_file(&self, purpose: FilePurpose) -> Option<PathBuf> {
        let dialog = self.app.dialog().file();
        let dialog = match purpose {
            FilePurpose::Invitation => dialog.add_filter("eCabinet", &["txt", "ecabinet"]),
            FilePurpose::Paper => dialog.add_filter("PDF", &["pdf"]),
            FilePurpose::SigningKey => dialog.add_filter("PKCS#12", &["p12", "pfx"]),
        };
        dialog.blocking_pick_file()?.into_path().ok()
    }

    fn pick_folder(&self) -> Option<PathBuf> {
        self.app.dialog().file().blocking_pick_folder()?.into_path().ok()
    }

    fn pick_place(&self, name: &str) -> Option<PathBuf> {
        self.app.dialog().file().set_file_name(name).blocking_save_file()?.into_path().ok()
    }

    #[cfg(target_os = "linux")]
    fn print(&self, job: PrintJob) -> Result<bool, Error> {
        crate::print::print(&self.app, job)
    }

    #[cfg(not(target_os = "linux"))]
    fn print(&self, _: PrintJob) -> Result<bool, Error> {
        Err(Error::new("print.unavailable"))
    }
}

pub fn open(app: &tauri::App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("eCabinet")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 560.0)
        // Nothing of a paper stays in the web view's own store. A driver can only hold a window that has one.
        .incognito(!automated());
    let window = window.build()?;
    #[cfg(target_os = "linux")]
    window.with_webview(|view| {
        use webkit2gtk::{CacheModel, WebContextExt, WebViewExt};
        // Pages are drawn anew when they are wanted: none is kept in memory after it was seen.
        if let Some(context) = view.inner().context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
    })?;
    Ok(())
}

/// Whether a test drives the web view.
fn automated() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}
