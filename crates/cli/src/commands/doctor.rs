//! Whether this device has what it needs: each thing on its own, so that one failure does not hide another.

use crate::args::Common;
use crate::failure::Failure;
use crate::{home, output, text};
use ecabinet_client::{Env, check_keyring, sign_worker, uses_keyring};
use ecabinet_pdf::{Program, check};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A PDF of one empty page: what the worker is tried with.
const PAGE: &[u8] = include_bytes!("doctor.pdf");
/// What the papers of a session take.
const ENOUGH: usize = 16 << 20;

pub async fn run(common: &Common) -> Result<u8, Failure> {
    let mut checks = Checks { lang: common.lang, rows: Vec::new(), failed: 0 };
    let keyring = common.home.as_deref().is_none_or(|home| uses_keyring(home).unwrap_or(true));
    if keyring {
        checks.add("keyring", check_keyring(&Env::real()).map_err(Failure::from));
    }
    if let Some(home) = &common.home {
        checks.add("disk", disk(home));
    }
    checks.add("sandbox", sandbox());
    checks.add("sign_worker", sign_worker().map(|_| ()).map_err(Failure::from));
    // Also of a device that has ended: it says so.
    let begun = |home: &Path| uses_keyring(home).is_ok() || home.join("farewell.json").exists();
    if common.home.as_deref().is_some_and(begun) {
        match home::open(common) {
            Err(failure) => checks.add("vault", Err(failure)),
            Ok(client) => {
                checks.add("vault", Ok(()));
                if let Some(search) = client.check_index().transpose() {
                    checks.add("search", search.map_err(Failure::from));
                }
                for body in client.bodies() {
                    let found = client.check_server(body).await?;
                    checks.add("ca", found.trusted.map_err(Failure::from));
                    if let Some(clock) = found.clock {
                        checks.add("clock", clock.map_err(Failure::from));
                    }
                }
            }
        }
    }
    output::answer(common, "doctor/1", json!({ "checks": checks.rows }));
    Ok(u8::from(checks.failed > 0))
}

struct Checks {
    lang: crate::args::Lang,
    rows: Vec<Value>,
    failed: usize,
}

impl Checks {
    fn add(&mut self, check: &str, result: Result<(), Failure>) {
        let failure = result.err();
        self.failed += usize::from(failure.is_some());
        let hint = failure.as_ref().map(|Failure(error)| text::error(&error.code, &error.params, self.lang));
        let code = failure.map(|Failure(error)| error.code);
        self.rows.push(json!({ "check": check, "ok": code.is_none(), "code": code, "hint": hint }));
    }
}

/// Whether the home's disk takes the papers of a session: it is written, and taken away again.
fn disk(home: &Path) -> Result<(), Failure> {
    let full = |error: std::io::Error| Failure::new("disk.full").with("detail", error);
    let folder = if home.is_dir() { home } else { home.parent().unwrap_or(Path::new(".")) };
    let path = folder.join(".doctor");
    let written = std::fs::File::create(&path).and_then(|mut file| {
        let some = vec![0xa5; 1 << 20];
        (0..ENOUGH / some.len()).try_for_each(|_| file.write_all(&some))?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed).map_err(full)
}

/// Whether the worker reads a page, behind its whole wall.
fn sandbox() -> Result<(), Failure> {
    let wall = check(&Program::find()?, Arc::new(PAGE.to_vec()))?.wall;
    if wall.is_whole() {
        Ok(())
    } else {
        Err(Failure::new("sandbox.weak").with("detail", format!("{wall:?}")))
    }
}
