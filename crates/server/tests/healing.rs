//! A server whose data is an earlier copy: what it believes of its loss, and what it orders meanwhile.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::sync::*;
use ecabinet_record::{Checkpoint, KeyPair, Replica, Trust};
use ecabinet_server::clock::Clock;
use ecabinet_server::store::{Hold, SqliteStore, Store};
use kit::*;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// A body whose server has been restored, and its record as it was.
struct Restored {
    /// The server as it is now.
    now: Cabinet,
    desk: Actor,
    /// All leaves that were recorded, and the tree over them.
    leaves: Vec<Vec<u8>>,
    whole: Replica,
    /// Entries that the backup has.
    kept: u64,
    _dir: TempDir,
}

impl Restored {
    /// `lost` entries came after the backup.
    async fn with_lost(lost: usize) -> Restored {
        Self::made(|_, _| (), lost, None).await
    }

    /// `before` changes the store of the backup; the clock is the restored server's.
    async fn made(
        before: impl FnOnce(&SqliteStore, BodyId),
        lost: usize,
        clock: Option<Arc<SetClock>>,
    ) -> Restored {
        let dir = tempfile::tempdir().unwrap();
        let cabinet = first(dir.path()).await;
        let desk = cabinet.member(&[Member::SECRETARIAT]).await;
        Self::of(cabinet, desk, dir, before, lost, clock).await
    }

    async fn of(
        cabinet: Cabinet,
        desk: Actor,
        dir: TempDir,
        before: impl FnOnce(&SqliteStore, BodyId),
        lost: usize,
        clock: Option<Arc<SetClock>>,
    ) -> Restored {
        let kept = cabinet.end().await.size;
        let copy = copy(dir.path(), "backup");
        before(&SqliteStore::open(&copy.join("record.db")).unwrap(), cabinet.body);
        for _ in 0..lost {
            cabinet.say(&desk, item()).await;
        }
        let leaves: Vec<Vec<u8>> =
            cabinet.entries(&desk).await.leaves.into_iter().map(|leaf| leaf.into_vec()).collect();
        let whole = replay(&leaves);
        let app = match clock {
            Some(clock) => open_with(&copy, clock),
            None => open(&copy),
        };
        Restored { now: Cabinet { app, ..cabinet }, desk, leaves, whole, kept, _dir: dir }
    }

    /// The checkpoint of a size that was recorded, by whichever key.
    fn signed(&self, size: u64, key: &KeyPair) -> Checkpoint {
        Checkpoint::sign(self.now.body, size, self.whole.tree().root_at(size).unwrap(), key)
    }

    /// A device's word that this much was recorded, with its proof.
    fn ahead(&self, checkpoint: &Checkpoint) -> Ahead {
        let proof = self.whole.tree().consistency(self.kept, checkpoint.size).unwrap();
        Ahead { checkpoint: checkpoint.note.clone(), size: self.kept, proof }
    }

    async fn tell(&self, ahead: Ahead) -> Result<u64, String> {
        self.now.as_(&self.desk).await.ahead(ahead).await.map_err(|error| error.code)
    }

    async fn hand_back(&self, size: u64) -> Result<(), String> {
        let leaves = self.leaves[self.kept as usize..size as usize].iter().cloned().map(Into::into);
        let checkpoint = self.signed(size, &log_key()).note;
        let back = HandBack { checkpoint, from: self.kept, leaves: leaves.collect() };
        self.now.as_(&self.desk).await.hand_back(back).await.map_err(|error| error.code)
    }

    async fn page(&self) -> EntriesPage {
        self.now.entries(&self.desk).await
    }

    /// The size up to which the server awaits entries.
    async fn awaited(&self) -> Option<u64> {
        self.page().await.awaited.map(|note| Checkpoint::parse(&note).unwrap().size)
    }

    /// What becomes of statements.
    async fn say(&self, by: &Actor, said: Vec<Say>) -> String {
        let together = said.len() > 1;
        let offers = said.into_iter().map(|say| self.now.offer(by, say)).collect();
        self.offer(by, offers, together).await
    }

    async fn offer(&self, by: &Actor, offers: Vec<Offer>, together: bool) -> String {
        match self.now.as_(by).await.submit(Submit { offers, together }).await {
            Ok(mut answer) => match answer.outcomes.pop().unwrap() {
                Submitted::Recorded { .. } => "recorded".into(),
                Submitted::Refused { refusal, .. } => refusal.code,
            },
            Err(error) => error.code,
        }
    }

    async fn works(&self) -> String {
        self.say(&self.desk, vec![item()]).await
    }
}

/// The server as it was.
async fn first(dir: &Path) -> Cabinet {
    std::fs::create_dir(dir.join("first")).unwrap();
    Cabinet::create(&dir.join("first")).await
}

/// A copy of the server's data, as a backup makes it.
fn copy(dir: &Path, name: &str) -> std::path::PathBuf {
    let to = dir.join(name);
    std::fs::create_dir(&to).unwrap();
    SqliteStore::open(&dir.join("first/record.db")).unwrap().backup(&to.join("record.db")).unwrap();
    to
}

fn replay(leaves: &[Vec<u8>]) -> Replica {
    let mut replica = Replica::default();
    leaves.iter().for_each(|leaf| drop(replica.replay(leaf, Trust::Verify).unwrap()));
    replica
}

fn item() -> Say {
    say(ItemSet { meeting: MeetingId(random()), item: ItemId(random()) }, Member::SECRETARIAT).with("{}", ALL)
}

fn epoch(lost: &Checkpoint, on: &Checkpoint) -> Say {
    let act = Epoch { number: Int::from(1), size: Int::new(lost.size).unwrap(), root: lost.root };
    say(act, As::REGISTRAR).on(on)
}

#[tokio::test]
async fn who_says_that_entries_are_lost_proves_it() {
    let restored = Restored::with_lost(6).await;
    let kept = restored.kept;
    let newest = restored.signed(kept + 5, &log_key());
    let true_word = restored.ahead(&newest);

    let old = restored.signed(kept - 1, &log_key());
    let word = Ahead { checkpoint: old.note, size: kept, proof: Vec::new() };
    assert_eq!(restored.tell(word).await, Ok(kept), "nothing is lost by that");
    let mut forged = true_word.clone();
    forged.checkpoint = Checkpoint::sign(restored.now.body, kept + 5, Hash([7; 32]), &log_key()).note;
    assert_eq!(restored.tell(forged).await, Err("healing.proof".into()), "it is of another record");
    for proof in [Vec::new(), vec![Hash([7; 32])], true_word.proof[1..].to_vec()] {
        let word = Ahead { proof, ..true_word.clone() };
        assert_eq!(restored.tell(word).await, Err("healing.proof".into()));
    }
    let word = Ahead { size: kept - 1, ..true_word.clone() };
    assert_eq!(restored.tell(word).await, Err("healing.moved".into()));
    assert_eq!(restored.awaited().await, None);

    assert_eq!(restored.tell(true_word).await, Ok(kept));
    assert_eq!(restored.awaited().await, Some(kept + 5));
    assert_eq!(restored.works().await, "server.healing");
    let less = restored.ahead(&restored.signed(kept + 2, &log_key()));
    assert_eq!(restored.tell(less).await, Ok(kept));
    let more = restored.ahead(&restored.signed(kept + 6, &log_key()));
    assert_eq!((restored.awaited().await, restored.tell(more).await), (Some(kept + 5), Ok(kept)));
    assert_eq!(restored.awaited().await, Some(kept + 6), "the most that anybody proves");
    restored.hand_back(kept + 6).await.unwrap();
    assert_eq!((restored.awaited().await, restored.works().await), (None, "recorded".into()));
}

#[tokio::test]
async fn a_record_that_went_on_another_way_waits_for_nobody() {
    let restored = Restored::with_lost(3).await;
    let word = restored.ahead(&restored.signed(restored.kept + 3, &log_key()));
    assert_eq!(restored.works().await, "recorded");
    assert_eq!(restored.tell(word.clone()).await, Err("healing.moved".into()));
    let word = Ahead { size: restored.kept + 1, ..word };
    assert_eq!(restored.tell(word).await, Err("healing.proof".into()));
    assert_eq!((restored.awaited().await, restored.works().await), (None, "recorded".into()));
}

#[tokio::test]
async fn a_key_that_was_replaced_announces_no_loss() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = first(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let rotate = LogKey { key: next_log_key().public().sign };
    cabinet.say(&cabinet.registrar, say(rotate, As::REGISTRAR)).await;
    cabinet.say(&desk, item()).await;
    let restored = Restored::of(cabinet, desk, dir, |_, _| (), 3, None).await;
    let by = |key: &KeyPair| restored.ahead(&restored.signed(restored.kept + 3, key));
    assert_eq!(restored.tell(by(&log_key())).await, Err("healing.checkpoint".into()), "a thief may have it");
    assert_eq!((restored.awaited().await, restored.works().await), (None, "recorded".into()));

    // What was lost may have brought the new key: then the record does not know it yet, and the server does.
    let restored = Restored::with_lost(3).await;
    let by = |key: &KeyPair| restored.ahead(&restored.signed(restored.kept + 3, key));
    assert_eq!(restored.tell(by(&next_log_key())).await, Ok(restored.kept));
    assert_eq!(restored.awaited().await, Some(restored.kept + 3));
}

#[tokio::test]
async fn an_epoch_gives_up_what_is_awaited_and_nothing_else() {
    let restored = Restored::with_lost(6).await;
    let (kept, end) = (restored.kept, restored.now.end().await);
    let awaited = restored.signed(kept + 5, &log_key());
    restored.tell(restored.ahead(&awaited)).await.unwrap();
    let registrar = restored.now.registrar.clone();
    let more = Checkpoint::sign(restored.now.body, kept + 9, Hash([7; 32]), &log_key());
    for other in [more, restored.signed(kept + 4, &log_key()), restored.signed(kept + 6, &log_key())] {
        assert_eq!(restored.say(&registrar, vec![epoch(&other, &end)]).await, "server.healing");
    }
    let earlier = restored.signed(kept - 1, &log_key());
    assert_eq!(restored.say(&registrar, vec![epoch(&awaited, &earlier)]).await, "epoch.moved");
    assert_eq!(restored.works().await, "server.healing", "what was refused has ended nothing");
    assert_eq!(restored.say(&registrar, vec![epoch(&awaited, &end)]).await, "recorded");
    assert_eq!((restored.awaited().await, restored.works().await), (None, "recorded".into()));
}

#[tokio::test]
async fn a_server_that_was_restored_lets_those_who_have_more_come_first() {
    let clock = Arc::new(SetClock(AtomicU64::new(4_000_000_000_000)));
    let held = |until| move |store: &SqliteStore, body| store.hold(body, Hold { until }).unwrap();
    let restored = Restored::made(held(None), 4, Some(clock.clone())).await;
    assert!(restored.page().await.held);
    assert_eq!(restored.works().await, "server.healing");
    clock.pass(100 * 24 * 3_600_000);
    assert_eq!(restored.works().await, "server.healing", "not by itself");
    restored.hand_back(restored.kept + 2).await.unwrap();
    assert!(restored.page().await.held, "another may have more");
    assert_eq!(restored.works().await, "server.healing");
    restored.hand_back(restored.kept + 4).await.unwrap();
    clock.pass(119_000);
    assert_eq!(restored.works().await, "server.healing");
    clock.pass(1_000);
    assert!(!restored.page().await.held);
    assert_eq!(restored.works().await, "recorded");

    let restored = Restored::made(held(Some(clock.wall() + 60_000)), 0, Some(clock.clone())).await;
    assert_eq!(restored.works().await, "server.healing");
    clock.pass(60_000);
    assert_eq!(restored.works().await, "recorded");
}

#[tokio::test]
async fn the_printed_key_puts_a_registrar_in_place_who_gives_up_what_is_awaited() {
    let restored = Restored::with_lost(3).await;
    let end = restored.now.end().await;
    let awaited = restored.signed(restored.kept + 3, &log_key());
    restored.tell(restored.ahead(&awaited)).await.unwrap();
    let (printed, other) =
        (Actor { keys: printed_key(), member: MemberId([0; 16]) }, Actor::new(MemberId([0; 16])));
    let place = || {
        let remove = vec![restored.now.registrar.keys.id()];
        let act = RegistrarChange { add: vec![other.keys.public()], remove };
        restored.now.offer(&printed, say(act, As::RECOVERY))
    };
    let by_other = |epoch: Say| restored.now.offer(&other, epoch);
    assert_eq!(
        restored.offer(&printed, vec![place()], false).await,
        "server.healing",
        "that alone would be a fork"
    );
    let apart = vec![place(), by_other(epoch(&awaited, &end))];
    assert_eq!(restored.offer(&printed, apart, false).await, "server.healing");
    let wrong = restored.signed(restored.kept + 2, &log_key());
    let wrong = vec![place(), by_other(epoch(&wrong, &end))];
    assert_eq!(restored.offer(&printed, wrong, true).await, "server.healing");
    // Not for whoever says that he is it.
    let act = RegistrarChange { add: vec![other.keys.public()], remove: vec![] };
    let thief = restored.now.offer(&restored.desk, say(act, As::RECOVERY));
    let stolen = vec![thief, by_other(epoch(&awaited, &end))];
    assert_eq!(restored.offer(&restored.desk, stolen, true).await, "request.together");
    assert_eq!(restored.now.end().await, end);

    let both = vec![place(), by_other(epoch(&awaited, &end))];
    assert_eq!(restored.offer(&printed, both, true).await, "recorded");
    assert_eq!((restored.awaited().await, restored.works().await), (None, "recorded".into()));
    assert_eq!(restored.now.as_(&other).await.entries(0).await.unwrap().leaves.len() as u64, end.size + 3);
}

/// A clock that is set by hand.
struct SetClock(AtomicU64);

impl SetClock {
    fn pass(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn wall(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn monotonic(&self) -> u64 {
        self.wall()
    }
}
