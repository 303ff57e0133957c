//! Whatever breaks, and whenever: what was acknowledged stays, what waits arrives, each vote counts once.

mod clocks;
mod copied;
mod cut_off;
mod damaged;
mod devices;
mod homes;
mod killed;
mod load;
mod morning;
mod restored;

use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Client, Cost, Costs, Env};
use ecabinet_domain::{Audience, BodyId};
use ecabinet_protocol::content::{ItemContent, MeetingContent};
use ecabinet_tests::{program, run};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Chance with a seed that a failed story tells.
struct Dice(u64);

impl Dice {
    fn throw() -> Dice {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or(now.as_nanos() as u64) | 1;
        println!("SEED={seed}");
        Dice(seed)
    }

    /// Milliseconds below a bound.
    fn ms(&mut self, below: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % below)
    }
}

/// How often something is done: so often here, and as often as the environment says in `make soak`.
fn times(variable: &str, here: usize) -> usize {
    std::env::var(variable).ok().and_then(|times| times.parse().ok()).unwrap_or(here)
}

/// The real world with locks that cost nothing: a program that is started a thousand times unlocks its vault as often.
fn quick() -> Env {
    let least = Cost { kib: 8, passes: 1 };
    Env { costs: Costs { pin: least, passphrase: least }, ..Env::real() }
}

/// A meeting with one paper of so many bytes that nothing compresses.
fn publication(title: &str, bytes: usize) -> Publication {
    let mut paper = format!("%PDF-1.4\n{title}\n").into_bytes();
    let mut state = 1u32;
    paper.extend((0..bytes).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    let paper = NewPaper {
        title: "Tờ trình".into(),
        path: "01/Tờ trình.pdf".into(),
        bytes: paper,
        pages: 1,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    };
    let content = ItemContent { title: title.into(), path: "01".into(), ..Default::default() };
    Publication {
        meeting: None,
        content: MeetingContent {
            title: title.into(),
            starts: 1_795_482_000_000,
            place: None,
            reason: None,
            dossier: false,
        },
        items: vec![NewItem { content, audience: vec![Audience::All], papers: vec![paper] }],
    }
}

/// Whether this round ended well; the only thing that may go wrong is the line.
async fn tried(client: &Client, body: BodyId) -> bool {
    match client.sync(body, true).await {
        Ok(_) => true,
        Err(error) => {
            assert!(Client::is_offline(&error), "{error}");
            false
        }
    }
}

fn verify(export: &Path, body: BodyId, anchor: &Path) -> Value {
    let mut verify = Command::new(program("ecabinet-verify"));
    verify.arg(export).args(["--json", "--body", &body.to_string(), "--anchor"]).arg(anchor);
    let verified = run(&mut verify);
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    verified.json
}
