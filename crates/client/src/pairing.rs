//! Pairing of a waiting device with those in use: both come to the same six digits, which their person compares. What is
//! said is kept first, so that either may be closed meanwhile and goes on where it was (`docs/pairing.md`).

use crate::body::Body;
use crate::client::{Changed, Client};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::vault::{self, PairingRow, Vault};
use ecabinet_domain::{BodyId, Device, DeviceId, DeviceStatus, Hash};
use ecabinet_protocol::pairing::{self, PairSays, PairStep, Pairing};
use ecabinet_protocol::sync::Connection;
use std::time::Duration;

/// Commitments of one waiting device that are answered: each is a chance of one in a million for whoever stands between.
const MOST_ROUNDS: u32 = 5;
/// Messages that one exchange may need: commitment and reveal, or one answer.
const MOST_STEPS: usize = 3;
/// While the other device answers, it is looked at so often, and so long; then its person is told that none came.
const PACE: Duration = Duration::from_secs(1);
const LIVELY: u64 = 60_000;

/// How far pairing with another device of the member has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pair {
    /// The other device has not been heard yet.
    Waiting,
    /// What both devices show.
    Digits(String),
    /// What the waiting device revealed is not what it had committed to: somebody is in between.
    Broken,
    /// On a waiting device: the other one has not answered for so long that its person is told.
    Unanswered,
    /// It has begun too often: no answer comes any more.
    Spent,
}

/// In place of a nonce: the device in use answers this waiting one no more.
const NO_MORE: Hash = Hash([0; 32]);

impl Client {
    /// Says what is to be said, and hears what was said.
    pub(crate) async fn pair(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        let idle = self.with(body, |vault, body| {
            Ok(peers(body)?.is_empty() && vault.pairings(body.row.id)?.is_empty())
        })?;
        if idle {
            return Ok(());
        }
        let mut said = connection.pair(Vec::new()).await?;
        for _ in 0..MOST_STEPS {
            let steps = self.hear(body, &said)?;
            if steps.is_empty() {
                break;
            }
            said = match connection.pair(steps).await {
                // One of the two stands otherwise by now than the record here says: the next round knows it.
                Err(error) if error.code == "pairing.may_not" => break,
                said => said?,
            };
        }
        Ok(())
    }

    /// Keeps what was heard, and gives what to say next.
    fn hear(&self, body: BodyId, said: &[Pairing]) -> Result<Vec<PairStep>> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let before = vault.pairings(body.row.id)?;
        let (mut rows, mut steps) = (Vec::new(), Vec::new());
        for peer in peers(body)? {
            let known = before.iter().find(|row| row.peer == peer.id);
            let said = said.iter().find(|said| [said.new, said.old].contains(&peer.id));
            let (row, says) = match peer.status {
                DeviceStatus::Pending => as_old(&self.env, known, said, peer),
                _ => as_new(&self.env, known, said, body, peer),
            };
            if let (Some(row), Some(says)) = (&row, says) {
                steps.push(PairStep { with: peer.id, commitment: row.commitment, says });
            }
            rows.extend(row);
        }
        rows.sort_by_key(|row| row.peer);
        if rows != before {
            let now = self.env.clock.now();
            for row in rows.iter_mut().filter(|row| !before.contains(row)) {
                row.stepped = now;
            }
            let id = body.row.id;
            vault.transact(|tx| vault::keep_pairings(tx, id, &rows))?;
            drop(core);
            self.announce(&[Changed::Record]);
        }
        Ok(steps)
    }

    /// How soon to look again while another device is answering.
    pub(crate) fn pairing_pace(&self, body: BodyId) -> Result<Option<Duration>> {
        let now = self.env.clock.now();
        self.with(body, |vault, body| {
            let rows = vault.pairings(body.row.id)?;
            let lively = |row: &PairingRow| now.abs_diff(row.stepped) < LIVELY;
            let waiting = rows.iter().any(|row| lively(row) && row.pair(body, now) == Pair::Waiting);
            Ok(waiting.then_some(PACE))
        })
    }

    /// On a waiting device: new digits in place of those that are shown, which no longer hold; and where none have come yet,
    /// their person waits anew. A commitment that was not answered stands: the other device may be answering it just now,
    /// and each that it answers is one of its few.
    pub fn restart_pairing(&self, body: BodyId) -> Result<()> {
        let now = self.env.clock.now();
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        if !body.is_pending()? {
            return Err(Error::new("device.not_pending"));
        }
        let row = body.row.id;
        let mut rows = vault.pairings(row)?;
        rows.retain(PairingRow::is_unanswered);
        rows.iter_mut().for_each(|row| row.stepped = now);
        vault.transact(|tx| vault::keep_pairings(tx, row, &rows))?;
        drop(core);
        self.announce(&[Changed::Record, Changed::Outbox]);
        Ok(())
    }

    /// This device's pairings, by the other device: those in use on a device that waits, those that wait on one in use.
    pub fn pairs(&self, body: BodyId) -> Result<Vec<(DeviceId, Pair)>> {
        let now = self.env.clock.now();
        self.with(body, |vault, body| {
            let rows = vault.pairings(body.row.id)?;
            let pair =
                |peer: &Device| rows.iter().find(|row| row.peer == peer.id).map(|row| row.pair(body, now));
            Ok(peers(body)?.into_iter().map(|peer| (peer.id, pair(peer).unwrap_or(Pair::Waiting))).collect())
        })
    }

    /// Whether the digits that the person compared are those of the two devices now.
    pub(crate) fn check_digits(&self, body: BodyId, device: DeviceId, digits: Option<&str>) -> Result<()> {
        let pairs = self.pairs(body)?;
        let pair = pairs.into_iter().find(|(peer, _)| *peer == device).map(|(_, pair)| pair);
        match pair {
            None => Err(Error::new("device.not_pending")),
            Some(Pair::Waiting | Pair::Unanswered) => Err(Error::new("pairing.waiting")),
            Some(Pair::Broken) => Err(Error::new("pairing.broken")),
            Some(Pair::Spent) => Err(Error::new("pairing.spent")),
            Some(Pair::Digits(ours)) => {
                let given = digits.ok_or(Error::new("pairing.compare"))?;
                let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
                if given == ours { Ok(()) } else { Err(Error::new("pairing.digits")) }
            }
        }
    }
}

/// The devices to pair with: those in use while this one waits, those that wait while this one is in use.
fn peers(body: &Body) -> Result<Vec<&Device>> {
    let Ok(member) = body.member() else { return Ok(Vec::new()) };
    let devices = body.state()?.devices_of(member);
    let own = devices.iter().find(|device| device.id == body.row.device).map(|device| device.status);
    let wanted = match own {
        Some(DeviceStatus::Pending) => DeviceStatus::Active,
        Some(DeviceStatus::Active) => DeviceStatus::Pending,
        _ => return Ok(Vec::new()),
    };
    Ok(devices.into_iter().filter(|device| device.status == wanted).collect())
}

/// The waiting device commits, and reveals only when it holds the other's nonce; the first that it heard stays.
fn as_new(
    env: &Env,
    known: Option<&PairingRow>,
    said: Option<&Pairing>,
    body: &Body,
    peer: &Device,
) -> (Option<PairingRow>, Option<PairSays>) {
    let begin = || {
        let nonce = Hash(env.random());
        let commitment = pairing::commitment(&nonce, &body.row.keys.public());
        PairingRow::begin(peer.id, commitment, Some(nonce), None)
    };
    let mut row = known.cloned().unwrap_or_else(begin);
    let Some(said) = said.filter(|said| said.commitment == row.commitment) else {
        return (Some(row), Some(PairSays::Commit));
    };
    if said.answer == Some(NO_MORE) {
        row.rounds = MOST_ROUNDS + 1;
        return (Some(row), None);
    }
    row.old_nonce = row.old_nonce.or(said.answer);
    let due = said.answer.is_some() && said.reveal.is_none();
    let reveal = row.new_nonce.filter(|_| due).map(PairSays::Reveal);
    (Some(row), reveal)
}

/// The device in use answers a commitment once, and believes a nonce only if it was committed to.
fn as_old(
    env: &Env,
    known: Option<&PairingRow>,
    said: Option<&Pairing>,
    peer: &Device,
) -> (Option<PairingRow>, Option<PairSays>) {
    let Some(said) = said else { return (known.cloned(), None) };
    let rounds = known.map_or(0, |row| row.rounds);
    let mut row = match known.filter(|row| row.commitment == said.commitment) {
        Some(row) => row.clone(),
        None => PairingRow {
            rounds: (rounds + 1).min(MOST_ROUNDS + 1),
            ..PairingRow::begin(peer.id, said.commitment, None, Some(Hash(env.random())))
        },
    };
    if row.rounds > MOST_ROUNDS {
        let answer = said.answer.is_none().then_some(PairSays::Answer(NO_MORE));
        return (Some(row), answer);
    }
    if let (None, Some(nonce)) = (row.new_nonce, said.reveal) {
        match pairing::commitment(&nonce, &peer.keys) == row.commitment {
            true => row.new_nonce = Some(nonce),
            false => row.broken = true,
        }
    }
    let answer = row.old_nonce.filter(|_| said.answer.is_none()).map(PairSays::Answer);
    (Some(row), answer)
}

impl PairingRow {
    fn begin(
        peer: DeviceId,
        commitment: Hash,
        new_nonce: Option<Hash>,
        old_nonce: Option<Hash>,
    ) -> PairingRow {
        PairingRow { peer, commitment, new_nonce, old_nonce, broken: false, rounds: 0, stepped: 0 }
    }

    /// Of a waiting device: what it has said is still the other's turn.
    fn is_unanswered(&self) -> bool {
        self.old_nonce.is_none() && self.rounds == 0
    }

    fn pair(&self, body: &Body, now: u64) -> Pair {
        if self.broken {
            return Pair::Broken;
        }
        if self.rounds > MOST_ROUNDS {
            return Pair::Spent;
        }
        let peer = body.replica.state().and_then(|state| state.devices.get(&self.peer));
        let (Some(peer), Some(new_nonce), Some(old_nonce)) = (peer, self.new_nonce, self.old_nonce) else {
            let told = self.is_unanswered() && now.abs_diff(self.stepped) >= LIVELY;
            return if told { Pair::Unanswered } else { Pair::Waiting };
        };
        let own = body.row.keys.public();
        let (new, old) = match peer.status {
            DeviceStatus::Pending => (peer.keys, own),
            _ => (own, peer.keys),
        };
        Pair::Digits(pairing::digits(&self.commitment, &new_nonce, &old_nonce, &new, &old))
    }
}

/// Digits shared with another device, or none.
pub(crate) fn digits_with(vault: &Vault, body: &Body, peer: DeviceId) -> Result<Option<String>> {
    let rows = vault.pairings(body.row.id)?;
    let pair = rows.iter().find(|row| row.peer == peer).map(|row| row.pair(body, row.stepped));
    Ok(match pair {
        Some(Pair::Digits(digits)) => Some(digits),
        _ => None,
    })
}
