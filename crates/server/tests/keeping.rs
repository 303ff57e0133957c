//! Check, backup, restore: what lies on the disk.

mod kit;

use ecabinet_disk::{Disk, OsDisk};
use ecabinet_domain::{BodyId, Member};
use ecabinet_protocol::content;
use ecabinet_protocol::sync::*;
use ecabinet_server::chunks::ChunkStore;
use ecabinet_server::clock::SystemClock;
use ecabinet_server::store::Store;
use ecabinet_server::{App, Config, DataDir, backup, check};
use kit::*;
use std::path::Path;
use std::sync::Arc;

/// A data directory with a body in it, under the keys of the kit.
async fn cabinet(root: &Path) -> (DataDir, Cabinet, Actor, Published) {
    let config = Config { names: vec!["localhost".into()], listen: "127.0.0.1:0".into() };
    DataDir::init(root, &config).unwrap();
    let data = DataDir::open(root).unwrap();
    let cabinet = Cabinet::create(root).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let pack = cabinet.publish(&desk, ALL, vec![]).await;
    (data, cabinet, desk, pack)
}

#[tokio::test]
async fn a_check_tells_what_is_missing_and_what_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let (data, cabinet, desk, _) = cabinet(dir.path()).await;
    cabinet.upload(&desk, "never published", &[b"orphan"]).await;
    let checked = check::check(&data, true).unwrap();
    let page = cabinet.entries(&desk).await;
    assert!(checked.holds);
    assert_eq!((checked.entries, checked.chunks, checked.missing), (page.leaves.len() as u64, 3, 0));
    assert_eq!(checked.orphaned, 1);

    let file = |bytes: &[u8]| {
        let name = content::chunk_name(&cabinet.chunk_key, bytes).to_string();
        dir.path().join("chunks").join(cabinet.body.to_string()).join(&name[..2]).join(&name)
    };
    std::fs::write(file(b"first part"), b"first pant").unwrap();
    assert!(check::check(&data, false).unwrap().holds);
    let deep = check::check(&data, true).unwrap();
    assert!(!deep.holds);
    assert_eq!(deep.failures[0].code, "chunk.damaged");
    std::fs::remove_file(file(b"second part")).unwrap();
    let checked = check::check(&data, false).unwrap();
    assert_eq!((checked.holds, checked.missing), (false, 1));
}

#[tokio::test]
async fn a_check_finds_an_entry_that_was_changed_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let (data, cabinet, ..) = cabinet(dir.path()).await;
    drop(cabinet);
    let rows = rusqlite::Connection::open(dir.path().join("record.db")).unwrap();
    let mut leaf: Vec<u8> =
        rows.query_row("SELECT leaf FROM entry WHERE position = 3", [], |row| row.get(0)).unwrap();
    *leaf.last_mut().unwrap() ^= 1;
    rows.execute("UPDATE entry SET leaf = ? WHERE position = 3", [leaf]).unwrap();
    let checked = check::check(&data, false).unwrap();
    assert_eq!((checked.holds, checked.failures[0].entry), (false, Some(3)));
    assert_eq!(checked.failures[0].code, "signature.invalid");
    // Nor does it serve: the root is another.
    let (store, chunks) = (data.store().unwrap(), data.chunks().unwrap());
    let opened = App::open(Arc::new(store), Arc::new(chunks), data.keys().unwrap(), Arc::new(SystemClock));
    assert_eq!(opened.err().unwrap().code(), "record.damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_statements_come_restores_to_a_whole_server() {
    let dir = tempfile::tempdir().unwrap();
    let (data, cabinet, desk, pack) = cabinet(&dir.path().join("data")).await;
    let cabinet = Arc::new(cabinet);
    let writing = tokio::spawn({
        let (cabinet, desk) = (cabinet.clone(), desk.clone());
        async move {
            for _ in 0..30 {
                cabinet.open_poll(&desk, pack.item).await;
            }
        }
    });
    let (copy, restored) = (dir.path().join("backup"), dir.path().join("restored"));
    let made = tokio::task::spawn_blocking({
        let copy = copy.clone();
        move || backup::copy(&data, &copy).unwrap()
    });
    let made = made.await.unwrap();
    writing.await.unwrap();
    assert_eq!(made.chunks, 2);
    backup::copy(&DataDir::open(&copy).unwrap(), &restored).unwrap();
    let again = backup::copy(&DataDir::open(&copy).unwrap(), &restored);
    assert_eq!(again.unwrap_err().code(), "data.exists");

    let restored_data = DataDir::open(&restored).unwrap();
    let checked = check::check(&restored_data, true).unwrap();
    assert!(checked.holds);
    assert_eq!(checked.entries, made.entries);
    let served = open(&restored).connect(cabinet.body, desk.who()).await.unwrap();
    let (page, whole) = (served.entries(0).await.unwrap(), cabinet.entries(&desk).await);
    assert_eq!(page.leaves[..], whole.leaves[..page.leaves.len()]);
    assert_eq!(page.leaves.len() as u64, made.entries);
    let body: BodyId = cabinet.body;
    assert_eq!(restored_data.chunks().unwrap().names(body).unwrap().len(), 2);
    assert_eq!(
        restored_data.keys().unwrap().log_key(),
        DataDir::open(&copy).unwrap().keys().unwrap().log_key()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_cut_off_is_no_data_directory_and_the_same_command_makes_it_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (data, cabinet, ..) = cabinet(&dir.path().join("data")).await;
    let (kept, restored) = (dir.path().join("backup"), dir.path().join("restored"));
    backup::copy(&data, &kept).unwrap();
    let name = content::chunk_name(&cabinet.chunk_key, b"second part").to_string();
    let chunk = kept.join("chunks").join(cabinet.body.to_string()).join(&name[..2]).join(&name);
    let (from, aside) = (DataDir::open(&kept).unwrap(), dir.path().join("aside"));
    std::fs::rename(&chunk, &aside).unwrap();
    assert_eq!(backup::restore(&from, &restored, None).unwrap_err().code(), "data.io");

    assert!(restored.join("record.db").exists(), "it had come so far");
    assert_eq!(DataDir::open(&restored).unwrap_err().code(), "data.unfinished");
    let config = Config { names: vec!["localhost".into()], listen: "127.0.0.1:0".into() };
    assert_eq!(
        DataDir::init(&restored, &config).unwrap_err().code(),
        "data.unfinished",
        "nor is it made one"
    );
    let before = std::fs::read_dir(&kept).unwrap().count();
    assert_eq!(backup::copy(&data, &kept).unwrap_err().code(), "data.exists", "what is whole is left alone");
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), before);

    let other = OsDisk.hold(&restored.join("server.toml.unfinished")).unwrap();
    assert_eq!(backup::restore(&from, &restored, None).unwrap_err().code(), "data.busy", "one at a time");
    drop(other);

    std::fs::rename(&aside, &chunk).unwrap();
    std::fs::write(restored.join("chunks/stray"), b"of the first attempt").unwrap();
    assert!(backup::restore(&from, &restored, None).unwrap().held);
    assert!(!restored.join("chunks/stray").exists() && !restored.join("server.toml.unfinished").exists());
    let whole = DataDir::open(&restored).unwrap();
    assert!(check::check(&whole, true).unwrap().holds);
    assert!(whole.store().unwrap().waits(cabinet.body).unwrap().hold.is_some());
    assert_eq!(backup::restore(&from, &restored, None).unwrap_err().code(), "data.exists");
}
