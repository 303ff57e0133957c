//! The real desktop app, driven through the web view's own driver.

use crate::display::on_screen;
use crate::driver::Driver;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A running app. The driver ends it when it is dropped.
pub struct App {
    driver: Driver,
    /// The app's own process. Its environment cannot be read by others, so it is known by whose child it is.
    process: u32,
    pub page: Client,
    shots: PathBuf,
    taken: usize,
}

/// As the kernel cuts it.
const NAME: &str = "ecabinet-deskto";
/// In CSS pixels.
pub const SIZES: [(u32, u32); 3] = [(1093, 614), (1280, 800), (1920, 1080)];
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Starts the app in a home; screenshots go to `shots`.
    pub async fn start(program: &Path, home: &Path, shots: &Path) -> App {
        App::open(program, &[], home, shots).await
    }

    /// The same with what the desktop opens it with, such as a link.
    pub async fn open(program: &Path, args: &[&str], home: &Path, shots: &Path) -> App {
        App::open_with(program, args, home, shots, &[], None).await
    }

    /// The same in an environment, all that it says kept in a log.
    pub async fn open_with(
        program: &Path,
        args: &[&str],
        home: &Path,
        shots: &Path,
        environment: &[(&str, PathBuf)],
        log: Option<&Path>,
    ) -> App {
        let said = || match log {
            Some(log) => {
                Stdio::from(std::fs::File::options().create(true).append(true).open(log).expect("a log"))
            }
            None => Stdio::null(),
        };
        let driver = Driver::start(
            on_screen(&mut Command::new("WebKitWebDriver"))
                .arg("--host=127.0.0.1")
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
                .env("ECABINET_HOME", home)
                .envs(environment.iter().map(|(name, value)| (name, value)))
                .stdout(said())
                .stderr(said()),
        );
        let options = json!({ "binary": program, "args": args });
        let page = driver.open(("webkitgtk:browserOptions", options)).await;
        std::fs::create_dir_all(shots).expect("a folder");
        let taken = std::fs::read_dir(shots).map_or(0, |files| files.count());
        let process = child(driver.process()).expect("the app is the driver's child");
        App { driver, process, page, shots: shots.to_owned(), taken }
    }

    /// Number of the app's own process.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Waits for an element that a person can see.
    pub async fn see(&self, css: &str) -> Element {
        let begun = Instant::now();
        loop {
            if let Ok(element) = self.page.find(Locator::Css(css)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return element;
            }
            assert!(begun.elapsed() < PATIENCE, "not on the screen: {css}\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the screen says this.
    pub async fn read(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the screen does not say «{words}» but:\n{text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the screen no longer says this.
    pub async fn read_not(&self, words: &str) {
        let begun = Instant::now();
        while self.text().await.contains(words) {
            assert!(begun.elapsed() < PATIENCE, "the screen still says «{words}»:\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn click(&self, css: &str) {
        let begun = Instant::now();
        loop {
            let clicked = self.see(css).await.click().await;
            match clicked {
                Ok(()) => return,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "cannot click {css}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks the button or link that says this; while a sheet is open, only in the sheet.
    pub async fn press(&self, words: &str) {
        let begun = Instant::now();
        let script = "const want = arguments[0]; const sheet = [...document.querySelectorAll('[role=dialog]')].at(-1);
            const all = [...(sheet ?? document).querySelectorAll('button, a, label:has(input[type=radio]), [role=button], [role=radio], [role=tab]')];
            const seen = all.filter(e => e.offsetParent !== null && !e.disabled && (e.innerText + ' ' + (e.getAttribute('aria-label') ?? '')).includes(want));
            seen.sort((a, b) => a.innerText.length - b.innerText.length);
            if (!seen.length) return false; seen[0].click(); return true;";
        while self.run(script, vec![json!(words)]).await != Value::Bool(true) {
            assert!(begun.elapsed() < PATIENCE, "nothing to press says «{words}»:\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.see(css).await;
        element.send_keys(text).await.expect("typed");
    }

    /// Presses the mouse at one place of an element, moves to another, and lets go. From its top left, in CSS pixels.
    pub async fn drag(&self, css: &str, from: (f64, f64), to: (f64, f64)) {
        let script = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.left, box.top]";
        let place = self.run(script, vec![json!(css)]).await;
        let (left, top) = (place[0].as_f64().unwrap_or(0.0), place[1].as_f64().unwrap_or(0.0));
        let at = |(x, y): (f64, f64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(50)),
            x: left + x,
            y: top + y,
        };
        let mouse = MouseActions::new("mouse".to_owned())
            .then(at(from))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(at(to))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.page.perform_actions(mouse).await.expect("the mouse moves");
    }

    pub async fn run(&self, script: &str, args: Vec<Value>) -> Value {
        self.page.execute(script, args).await.expect("a script runs")
    }

    pub async fn text(&self) -> String {
        let text = self.page.execute("return document.body.innerText", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// A screenshot named by its place in the story.
    pub async fn shoot(&mut self, name: &str) -> PathBuf {
        // The driver's screenshot waits for the next frame, and a still page under Xvfb has none.
        let stir = "let n = 0; const timer = setInterval(() => {
            document.body.style.opacity = n++ % 2 ? '' : '0.9999'; if (n > 39) { clearInterval(timer); document.body.style.opacity = ''; }
        }, 50);";
        let _ = self.page.execute(stir, Vec::new()).await;
        tokio::time::sleep(Duration::from_millis(350)).await;
        self.taken += 1;
        let path = self.shots.join(format!("{:02}-{name}.png", self.taken));
        let image = self.page.screenshot().await.expect("a screenshot");
        std::fs::write(&path, image).expect("written");
        path
    }

    /// Screenshots at the sizes that people have: a laptop at 125 %, a usual window, a large screen.
    pub async fn look(&mut self, name: &str) {
        for (width, height) in SIZES {
            self.resize(width, height).await;
            self.settle().await;
            self.shoot(&format!("{name}-{width}x{height}")).await;
        }
        self.resize(1280, 800).await;
    }

    /// Waits until every image near the screen is drawn.
    pub async fn settle(&self) {
        let begun = Instant::now();
        let drawn = "return [...document.images].every(image => image.complete && image.naturalWidth > 0)";
        while self.run(drawn, Vec::new()).await != Value::Bool(true) {
            assert!(begun.elapsed() < PATIENCE, "pages are not drawn");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses a key of the whole window, such as `Escape`.
    pub async fn key(&self, name: &str) {
        let script = "const target = document.activeElement ?? document.body;
            target.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }));";
        self.run(script, vec![json!(name)]).await;
    }

    /// The same with other keys held down: `ctrl`, `alt`, `shift`.
    pub async fn chord(&self, held: &[&str], name: &str) {
        let script = "const [held, key] = arguments; const target = document.activeElement ?? document.body;
            const [ctrlKey, altKey, shiftKey] = ['ctrl', 'alt', 'shift'].map(name => held.includes(name));
            target.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, altKey, shiftKey, bubbles: true, cancelable: true }));";
        self.run(script, vec![json!(held), json!(name)]).await;
    }

    pub async fn resize(&self, width: u32, height: u32) {
        let _ = self.page.set_window_size(width, height).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Closes the window as its person would.
    pub async fn close(mut self) {
        let _ = self.page.clone().close().await;
        self.driver.end();
        self.gone();
    }

    /// SIGKILL to the app and its driver.
    pub fn kill(mut self) {
        self.signal("-KILL");
        self.driver.end();
        self.gone();
    }

    /// Waits until the app's process has ended and let go of its home.
    fn gone(&self) {
        let begun = Instant::now();
        while is_running(self.process) {
            if begun.elapsed() > Duration::from_secs(5) {
                self.signal("-TERM");
            }
            assert!(begun.elapsed() < PATIENCE, "the app does not end");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn signal(&self, signal: &str) {
        let _ = Command::new("kill").args([signal, &self.process.to_string()]).status();
    }
}

/// The app that this driver has started.
fn child(driver: u32) -> Option<u32> {
    let all = std::fs::read_dir("/proc").ok()?.flatten();
    let mut numbers = all.filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok());
    numbers.find(|number| stat(*number).is_some_and(|(name, _, parent)| name == NAME && parent == driver))
}

fn is_running(process: u32) -> bool {
    stat(process).is_some_and(|(name, state, _)| name == NAME && state != "Z")
}

/// Name, state and parent of a process; none if there is none.
fn stat(process: u32) -> Option<(String, String, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (before, after) = text.rsplit_once(')')?;
    let mut fields = after.split_whitespace();
    let name = before.split_once('(')?.1.to_owned();
    Some((name, fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
