//! The desktop's own dialogs, which no web driver reaches: keys are sent to their window.

use crate::App;
use crate::display::on_screen;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Chooses a file or folder in the dialog that has just been opened, by typing its path.
    pub async fn choose_file(&self, path: &Path) {
        let path = path.to_str().expect("a path in letters");
        let dialog = self.dialog().await;
        let begun = Instant::now();
        // A dialog that is still being drawn loses keys: then once more.
        while self.dialogs().contains(&dialog) {
            assert!(begun.elapsed() < PATIENCE, "the dialog stays");
            tokio::time::sleep(Duration::from_millis(500)).await;
            xdotool(&["windowfocus", &dialog]);
            // A slash opens the dialog's field for a path.
            xdotool(&["key", "slash"]);
            xdotool(&["key", "ctrl+a"]);
            xdotool(&["type", "--delay", "15", path]);
            tokio::time::sleep(Duration::from_millis(500)).await;
            // What the field has completed of itself is not meant.
            xdotool(&["key", "Delete"]);
            xdotool(&["key", "Return"]);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// In the dialog that asks for a printer: prints into a file of a folder that the desktop has for documents. Gives it.
    pub async fn print_to_file(&self, documents: &Path) -> PathBuf {
        // Into a file is the first of the list where there is no printer.
        self.in_dialog(|dialog| {
            xdotool(&["mousemove", "--window", dialog, "60", "86", "click", "1"]);
            xdotool(&["key", "Return"]);
        })
        .await;
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "nothing is printed");
            let files = std::fs::read_dir(documents).expect("a folder").flatten().map(|file| file.path());
            let mut papers = files.filter(|path| path.extension().is_some_and(|ending| ending == "pdf"));
            if let Some(printed) = papers.next() {
                return printed;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Closes the dialog that has just been opened, and nothing is done.
    pub async fn give_up_dialog(&self) {
        self.in_dialog(|_| xdotool(&["key", "Escape"])).await;
    }

    /// Does something in the dialog that has just been opened, until it closes. One that is still being drawn loses keys: then
    /// once more; but what comes when it has closed would go to the app.
    async fn in_dialog(&self, act: impl Fn(&str)) {
        let dialog = self.dialog().await;
        let begun = Instant::now();
        while self.dialogs().contains(&dialog) {
            assert!(begun.elapsed() < PATIENCE, "the dialog stays");
            tokio::time::sleep(Duration::from_millis(500)).await;
            xdotool(&["windowfocus", &dialog]);
            act(&dialog);
            let acted = Instant::now();
            while acted.elapsed() < Duration::from_secs(2) && self.dialogs().contains(&dialog) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    async fn dialog(&self) -> String {
        let begun = Instant::now();
        loop {
            if let Some(dialog) = self.dialogs().into_iter().next() {
                return dialog;
            }
            assert!(begun.elapsed() < PATIENCE, "no dialog opens");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Windows that are seen and are not the app's own.
    fn dialogs(&self) -> Vec<String> {
        let found = |name: &str| -> Vec<String> {
            let out = on_screen(&mut Command::new("xdotool"))
                .args(["search", "--onlyvisible", "--name", name])
                .output();
            let out = out.expect("xdotool");
            String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect()
        };
        let own = found("^eCabinet$");
        found(".+").into_iter().filter(|window| !own.contains(window)).collect()
    }
}

fn xdotool(args: &[&str]) {
    // A dialog that has just been closed is no window any more.
    let _ =
        on_screen(&mut Command::new("xdotool")).args(args).stderr(Stdio::null()).status().expect("xdotool");
}
