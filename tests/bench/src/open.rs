//! From the locked vault to an agenda, with a thousand past meetings against with one.

use crate::maker::Maker;
use crate::measure::*;
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use ecabinet_client::{Client, Env, Error, Keyring, Lock};
use ecabinet_domain::{BodyId, Member};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

const PIN: &str = "246810";
const ITEMS: usize = 4;
const VOTERS: usize = 5;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let past = size.pick(1000, 3);
    let keyring = Arc::new(Ring::default());
    let env = Env { keyring: keyring.clone(), ..Env::real() };
    let (one, _) = home(&dir.join("one"), 1, &env)?;
    let (many, entries) = home(&dir.join("many"), past, &env)?;
    let times = size.pick(5, 1);
    let samples = interleaved(size, |_| many.open(&env, times), |_| one.open(&env, times))?;
    let cost = seconds(|| (0..times).try_for_each(|_| many.unlock(&env))).0 / times as f64 * 1e3;
    let what =
        format!("{past} past meetings of {ITEMS} items, a poll and {VOTERS} ballots: {entries} entries");
    let alone = samples.0.clone();
    Ok(vec![
        Row::new(
            &format!("open to the agenda, {past} past meetings"),
            Unit::Millis,
            samples,
            Goal::RatioAtMost(1.5),
        )
        .note(format!("{what}; peer: one past meeting")),
        Row::alone("open to the agenda, at all", Unit::Millis, alone, 50.0)
            .note(format!("of which {cost:.1} ms make trying a PIN dear (Argon2id)")),
    ])
}

struct Home {
    path: std::path::PathBuf,
    body: BodyId,
}

/// A reader's home with the whole record.
fn home(dir: &Path, past: usize, env: &Env) -> Result<(Home, u64)> {
    std::fs::create_dir_all(dir)?;
    let mut ticket = None;
    let (stage, maker) = Stage::open(dir, |keys| {
        let mut maker = Maker::new(VOTERS, Some((keys.log, keys.ca)));
        for number in 0..past {
            let items = maker.meeting(number, ITEMS, 1_700_000_000_000 + number as u64 * 86_400_000);
            let poll = maker.open_poll(items[0]);
            for voter in 0..VOTERS {
                maker.ballot(voter, &poll);
            }
            maker.close_poll(poll.id);
        }
        maker.meeting(past, ITEMS, 4_000_000_000_000);
        ticket = Some(maker.invite_real("real reader", &[Member::VOTE], &keys.address));
        maker
    })?;
    let path = dir.join("reader");
    let lock = Lock::Keyring { pin: Zeroizing::new(PIN.to_owned()) };
    let client = Client::create(&path, env.clone(), &lock)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        client.join(&ticket.context("a ticket")?, "Máy").await?;
        client.sync(stage.body, true).await.map_err(anyhow::Error::from)
    })?;
    Ok((Home { path, body: stage.body }, maker.replica.size()))
}

impl Home {
    /// Milliseconds.
    fn open(&self, env: &Env, times: usize) -> Result<f64> {
        let mut total = 0.0;
        for _ in 0..times {
            let (time, items) = seconds(|| {
                let client = Client::open(&self.path, env.clone(), PIN)?;
                let next = client.next_meeting(self.body)?.ok_or(Error::new("meeting.unknown"))?;
                Ok::<_, Error>(client.meeting(self.body, next)?.items.len())
            });
            ensure!(items? == ITEMS, "the agenda");
            total += time;
        }
        Ok(total / times as f64 * 1e3)
    }

    /// Finding the vault's key alone.
    fn unlock(&self, env: &Env) -> Result<()> {
        // A wrong PIN costs what the right one does.
        ensure!(Client::open(&self.path, env.clone(), "000000").is_err(), "a wrong PIN");
        Ok(())
    }
}

/// A keyring in memory: the desktop's own is no part of what is measured.
#[derive(Default)]
struct Ring(Mutex<BTreeMap<String, Vec<u8>>>);

impl Keyring for Ring {
    fn get(&self, account: &str) -> ecabinet_client::Result<Vec<u8>> {
        self.0.lock().expect("whole").get(account).cloned().ok_or(Error::new("keyring.no_entry"))
    }

    fn set(&self, account: &str, secret: &[u8]) -> ecabinet_client::Result<()> {
        self.0.lock().expect("whole").insert(account.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, account: &str) -> ecabinet_client::Result<()> {
        self.0.lock().expect("whole").remove(account);
        Ok(())
    }
}
