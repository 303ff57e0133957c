//! Chunks that are damaged or lost on somebody's disk.

use ecabinet_domain::Rev;
use ecabinet_tests::{Cabinet, Person, code};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Chunk files of a home, in the order of their names.
fn chunks(home: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(home.join("chunks")).expect("chunks").flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).expect("files").flatten());
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files
}

fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("written");
}

/// The only paper of his only meeting.
fn paper(person: &Person) -> (Rev, u64) {
    let meeting = person.client().meetings(person.body()).expect("meetings")[0].id;
    let paper = &person.client().meeting(person.body(), meeting).expect("here").items[0].papers[0];
    (paper.rev, paper.missing_bytes)
}

fn check(person: &Person) -> String {
    code(person.client().check_paper(person.body(), paper(person).0))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_on_the_disk_is_told_and_fetched_again() {
    let mut cabinet = Cabinet::open().await;
    cabinet.publish(None, "Điều 1").await;
    let mut minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    assert_eq!(check(&minister), "ok");
    let files = chunks(&minister.home);
    assert!(files.len() >= 3, "{files:?}");

    flip(&files[0]);
    std::fs::remove_file(&files[1]).expect("removed");
    std::fs::write(&files[2], b"").expect("emptied");
    cabinet.server.kill();
    assert_eq!(check(&minister), "paper.damaged");
    let lacking = paper(&minister).1;
    assert!(lacking > 0, "the desk shows that it is not all here");
    assert_eq!(check(&minister), "paper.not_here");
    minister.restart();
    assert_eq!((check(&minister), paper(&minister).1), ("paper.not_here".into(), lacking));
    cabinet.server.resume();
    let rest = minister.sync().await;
    assert_eq!((rest.papers.ready, rest.papers.total), (1, 1));
    assert_eq!((check(&minister), paper(&minister).1), ("ok".into(), 0));
    assert_eq!(chunks(&minister.home).len(), files.len(), "what was damaged is gone from the disk");

    // Nobody has read it yet: what is lost is found when the program starts anew, what is damaged when it is read.
    std::fs::remove_file(&chunks(&minister.home)[0]).expect("removed");
    minister.restart();
    minister.sync().await;
    assert_eq!(check(&minister), "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_stays_in_touch_fetches_what_is_damaged_at_once() {
    let cabinet = Cabinet::open().await;
    cabinet.publish(None, "Điều 1").await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    flip(&chunks(&minister.home)[0]);
    let follow = minister.client().follow(cabinet.body, |round| {
        round.expect("a round");
    });
    let reads = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(check(&minister), "paper.damaged");
        while check(&minister) != "ok" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        ended = follow => panic!("{ended:?}"),
        // The server's own hint comes after half a minute.
        fetched = tokio::time::timeout(Duration::from_secs(10), reads) => fetched.expect("fetched"),
    }
}
