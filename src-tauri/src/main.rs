//! `ecabinet-desktop`: a window over the client's desk. Commands are one line each; what they do is in the client.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
#[cfg(target_os = "linux")]
mod notices;
mod pages;
#[cfg(target_os = "linux")]
mod print;
#[cfg(target_os = "linux")]
mod sleep;
mod window;

use ecabinet_client::{Desk, DeskCommands, Env};
use ecabinet_pdf::Program;
use std::path::PathBuf;
use std::sync::Arc;
use tauri::Manager;

// What is freed is wiped: keys, PINs, papers and notes leave nothing behind them on the heap.
#[global_allocator]
static WIPING: ecabinet_wall::Wiping = ecabinet_wall::WIPING;

fn main() {
    ecabinet_wall::keep_apart();
    rustls::crypto::ring::default_provider().install_default().ok();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("page", pages::answer)
        .invoke_handler(commands::handler())
        .setup(|app| {
            let shell = Arc::new(window::Window::new(app.handle().clone()));
            let desk = Desk::new(&home(app)?, Env::real(), Program::find()?, shell);
            #[cfg(target_os = "linux")]
            sleep::watch(desk.clone());
            desk.watch_reminders();
            app.manage(DeskCommands(desk));
            window::open(app)?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the desktop gives a window");
}

/// ECABINET_HOME, else the place that the system has for programs' data.
fn home(app: &tauri::App) -> Result<PathBuf, tauri::Error> {
    match std::env::var_os("ECABINET_HOME") {
        Some(home) => Ok(home.into()),
        None => app.path().app_data_dir(),
    }
}
