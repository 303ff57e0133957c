//! Chunks that are damaged or lost on somebody's disk.

use ecabinet_domain::Rev;
use ecabinet_tests::{Cabinet, Person, code, sealed_files};
use std::path::Path;
use std::time::Duration;

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
    let files = sealed_files(&minister.home);
    assert_eq!(files.len(), 1, "what came together lies together");
    let whole = minister.client().progress(cabinet.body).expect("papers").bytes_total;

    flip(&files[0]);
    cabinet.server.kill();
    assert_eq!(check(&minister), "paper.damaged");
    let lacking = paper(&minister).1;
    assert!(lacking > 0 && lacking < whole, "the desk shows that one part is not here");
    assert_eq!(check(&minister), "paper.not_here");
    minister.restart();
    assert_eq!((check(&minister), paper(&minister).1), ("paper.not_here".into(), lacking));
    cabinet.server.resume();
    let rest = minister.sync().await;
    assert_eq!((rest.papers.ready, rest.papers.total, rest.fetched_bytes), (1, 1, lacking));
    assert_eq!((check(&minister), paper(&minister).1), ("ok".into(), 0));
    assert_eq!(sealed_files(&minister.home).len(), 2);

    // Nobody has read it yet: what is lost is found when the program starts anew, what is damaged when it is read.
    let short = std::fs::File::options().write(true).open(&files[0]).expect("opens");
    short.set_len(short.metadata().expect("its length").len() - 1).expect("cut short");
    minister.restart();
    let last = minister.sync().await.fetched_bytes;
    assert!(last > 0 && last < whole, "{last}: what lies before the cut is still of use");
    assert_eq!(check(&minister), "ok");
    sealed_files(&minister.home).iter().for_each(|file| std::fs::remove_file(file).expect("removed"));
    minister.restart();
    assert_eq!(minister.sync().await.fetched_bytes, whole);
    assert_eq!((check(&minister), sealed_files(&minister.home).len()), ("ok".into(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_written_when_the_program_was_cut_off_and_holds_nothing_is_removed() {
    let cabinet = Cabinet::open().await;
    cabinet.publish(None, "Điều 1").await;
    let mut minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let kept = sealed_files(&minister.home);
    let folder = minister.home.join("chunks/ab");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("ab".repeat(16)), b"sealed, but its keys were never kept").expect("written");
    minister.sync().await;
    assert_eq!(sealed_files(&minister.home).len(), 2, "it is looked for once in a process");
    minister.restart();
    minister.sync().await;
    assert_eq!((sealed_files(&minister.home), check(&minister)), (kept, "ok".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_stays_in_touch_fetches_what_is_damaged_at_once() {
    let cabinet = Cabinet::open().await;
    cabinet.publish(None, "Điều 1").await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    flip(&sealed_files(&minister.home)[0]);
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
