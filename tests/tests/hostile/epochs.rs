//! A server and a registrar that lie together.

use crate::{entry, held, refused, tapped};
use ecabinet_client::ca_hash;
use ecabinet_domain::act::Epoch;
use ecabinet_domain::{As, Choice, Hash, Header, Int, Nonce, Seen};
use ecabinet_protocol::sync::EntriesPage;
use ecabinet_record::{Checkpoint, Envelope, KeyPair, Leaf, Tree, leaf};
use ecabinet_tests::{Cabinet, Line, Person};

/// A record as a server tells it that lies and holds the log's key: these leaves, signed.
fn told(cabinet: &Cabinet, leaves: Vec<Vec<u8>>) -> impl FnMut(u64, &mut EntriesPage) + Send + use<> {
    let seed = std::fs::read_to_string(cabinet.server.data.join("log.key")).expect("the key");
    let key = KeyPair::from_seed(&ecabinet_domain::from_hex(seed.trim()).expect("a seed"));
    let tree = tree_of(&leaves);
    let note = Checkpoint::sign(cabinet.body, tree.size(), tree.root(), &key).note;
    move |from, page| {
        let from = leaves.len().min(from as usize);
        page.leaves = leaves[from..].iter().cloned().map(Into::into).collect();
        page.payloads.clear();
        page.checkpoint = note.clone();
    }
}

fn tree_of(leaves: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.push(leaf::hash(leaf)));
    tree
}

/// The same statement at another time.
fn at(leaf: &[u8], time: u64) -> Vec<u8> {
    Leaf { time, ..Leaf::parse(leaf).expect("a leaf") }.to_bytes()
}

async fn leaves(line: &Line) -> Vec<Vec<u8>> {
    let page = line.session().entries(0).await.expect("a page");
    page.leaves.into_iter().map(|leaf| leaf.into_vec()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_that_a_registrar_has_begun_ends_no_other_record() {
    let cabinet = Cabinet::open().await;
    let (mut minister, line) = tapped(&cabinet, 1, "minister").await;
    let away = cabinet.join(2, "away").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    away.sync().await;
    let kept = held(&minister).0 as usize;
    // A loss of which nothing is known here; nobody here has had any of it.
    let lost = Some((kept as u64 + 50, Hash([1; 32])));
    cabinet.registrar.client().begin_epoch(cabinet.body, lost, "Mất ổ đĩa").await.expect("a statement");
    away.vote(poll, Choice::No);
    away.sync().await;
    minister.sync().await;
    minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let before = held(&minister);
    let truth = leaves(&line).await;
    let (epoch, vote) = (&truth[kept], &truth[kept + 1]);
    let time = Leaf::parse(vote).expect("a leaf").time;

    // It is said again, after something else; and where it stood, without what came after it.
    let again = [&truth[..kept], &[vote.clone(), at(epoch, time)]].concat();
    let shorter = [&truth[..kept], &[at(epoch, time)]].concat();
    for lie in [again, shorter] {
        line.passing().page = Some(Box::new(told(&cabinet, lie)));
        let found = refused(&minister).await;
        assert_eq!((found.code(), entry(&found)), ("server.rewritten", Some(kept as u64)));
        assert_eq!(held(&minister), before);
    }
    minister.restart();
    assert_eq!(held(&minister), before);
    line.leave();
    minister.sync().await;
    let fork = minister.client().forks(cabinet.body).expect("evidence").remove(0);
    assert_eq!((fork.entry, fork.here.size), (kept as u64, before.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_who_was_taken_out_cannot_undo_it_with_the_server() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    let ca = ca_hash(&std::fs::read(&cabinet.server.ca_file).expect("a file")).expect("a certificate");
    let mut keys = Vec::new();
    for name in ["second", "third"] {
        let line = Line::default();
        let person = Person::new(cabinet.path(name), line.env());
        let own = person.client().offer_registrar(&cabinet.server.address, ca, cabinet.body).expect("keys");
        cabinet.registrar.client().change_registrars(cabinet.body, vec![own], vec![]).expect("a statement");
        cabinet.registrar.sync().await;
        person.client().sync(cabinet.body, true).await.expect("sync");
        keys.push(line.keys());
    }
    minister.sync().await;
    let kept = held(&minister).0 as usize;
    let out = vec![keys[0].id()];
    cabinet.registrar.client().change_registrars(cabinet.body, vec![], out).expect("a statement");
    cabinet.registrar.sync().await;
    cabinet.invite(Cabinet::id(3)).await;
    minister.sync().await;
    let before = held(&minister);
    let truth = leaves(&line).await;
    let epoch_by = |keys: &KeyPair| {
        let seen = Seen { size: Int::from(kept as u32), root: tree_of(&truth[..kept]).root() };
        let root = before.1.parse().expect("a root");
        let act = Epoch { number: Int::from(1), size: Int::new(before.0).expect("small"), root };
        let header = Header {
            body: Some(cabinet.body),
            level: 1,
            device: keys.id(),
            nonce: Nonce([7; 16]),
            claimed: Int::from(1),
            seen,
            capacity: As(As::REGISTRAR.into()),
            act: act.into(),
            payload: None,
            audience: vec![],
        };
        let time = Leaf::parse(&truth[kept - 1]).expect("a leaf").time;
        let leaf = Leaf { time, envelope: Envelope::sign(&header, keys) }.to_bytes();
        [&truth[..kept], &[leaf]].concat()
    };

    line.passing().page = Some(Box::new(told(&cabinet, epoch_by(&keys[0]))));
    let found = refused(&minister).await;
    assert_eq!((found.code(), entry(&found)), ("server.rewritten", Some(kept as u64)));
    assert_eq!(held(&minister), before);
    // What is left: one who is in office, together with the server. It is seen.
    line.passing().page = Some(Box::new(told(&cabinet, epoch_by(&keys[1]))));
    minister.sync().await;
    assert_eq!(held(&minister).0, kept as u64 + 1);
    let loss = minister.client().losses(cabinet.body).expect("losses").remove(0);
    assert_eq!((loss.size, loss.lost.len() as u64), (before.0, before.0 - kept as u64));
}
