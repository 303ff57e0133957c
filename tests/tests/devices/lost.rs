//! A minister's laptop is lost: revoked at once, ended at its next contact, its notes closed to it from then on.

use crate::{epoch, mark, notes, printed, status, two, write};
use ecabinet_client::{Client, Env, Error};
use ecabinet_domain::act::DeviceRevoke;
use ecabinet_domain::{As, Choice, Header, Int, Member, Nonce, Seen};
use ecabinet_protocol::ApiError;
use ecabinet_record::{Checkpoint, Envelope, KeyPair, Leaf};
use ecabinet_tests::{Cabinet, Line, Person, code, sealed_files};
use std::path::Path;

async fn wiped(person: &Person) -> Error {
    let error = person.client().sync(person.body(), false).await.expect_err("it ends");
    assert_eq!(error.code(), "device.wiped", "{error}");
    error
}

fn said<'a>(error: &'a Error, name: &str) -> &'a str {
    error.0.params.get(name).map(String::as_str).unwrap_or_default()
}

/// What lies in a home.
fn left(home: &Path) -> Vec<String> {
    let names = std::fs::read_dir(home).expect("a home").flatten();
    let mut names: Vec<String> = names.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_revoked_on_the_other_device_ends_and_says_what_was_lost_with_it() {
    let cabinet = Cabinet::open().await;
    let (mut laptop, tablet) = two(&cabinet).await;
    let meeting = laptop.client().next_meeting(cabinet.body).expect("a list").expect("a meeting");
    let poll = cabinet.open_poll(meeting).await;
    write(&laptop, "đã gửi");
    laptop.sync().await;
    tablet.sync().await;
    // The train has no network, and then the laptop stays in it.
    laptop.vote(poll, Choice::Yes);
    write(&laptop, "chưa gửi 1");
    write(&laptop, "chưa gửi 2");
    laptop.client().set_reading_position(cabinet.body, mark(&laptop).paper, 3, None).expect("kept");
    tablet.client().revoke_device(cabinet.body, laptop.device(), Some("Mất máy".into())).expect("revoked");
    tablet.sync().await;
    assert_eq!(status(&tablet, &laptop), "revoked");

    let error = wiped(&laptop).await;
    assert_eq!((said(&error, "by"), said(&error, "acts")), ("own_device", "ballot.cast=1"));
    assert_eq!(said(&error, "notes"), "2", "where he read is no note");
    let revoked = tablet.client().state(cabinet.body).expect("a state").devices
        [&cabinet_device(&tablet, "revoked")]
        .revoked
        .expect("in the record");
    assert_eq!(
        (said(&error, "entry"), said(&error, "at")),
        (&*revoked.at.to_string(), &*revoked.time.to_string())
    );
    assert_eq!(left(&laptop.home), ["farewell.json", "lock"]);
    assert_eq!(code(laptop.client().notes(cabinet.body, None)), "device.wiped", "nothing more is answered");
    laptop.close();
    let again = Client::open(&laptop.home, laptop.env.clone(), "000000").err();
    assert_eq!(again.as_ref(), Some(&error), "the same at each start, whatever is typed");
    let plain = std::fs::read_to_string(laptop.home.join("farewell.json")).expect("a file");
    for name in ["Thành viên Mẫu", "Ủy ban mẫu", "Máy thử", "đã gửi", "chưa gửi"] {
        assert!(!plain.contains(name), "{name} is told in plain");
    }

    // He is told, takes an invitation to the same machine when it is found, and compares six digits.
    let mut found = Person::new(laptop.home.clone(), Env::real());
    found.join(&cabinet.invite(Cabinet::id(1)).await).await.expect("joins");
    cabinet.confirm(&tablet, &found).await;
    found.sync().await;
    assert_eq!(notes(&found), ["đã gửi"], "what was sent is there again, and only that");
    let ballot = tablet.vote(poll, Choice::No);
    tablet.sync().await;
    assert_eq!(tablet.state(ballot), "recorded", "the ballot that was never sent stands in no one's way");
}

/// The member's device with this status.
fn cabinet_device(person: &Person, status: &str) -> ecabinet_domain::DeviceId {
    let rows = person.client().devices(person.body()).expect("devices");
    rows.into_iter().find(|row| row.status == status).expect("a device").device
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_laptop_is_revoked_by_the_registrar_and_the_printed_code_brings_the_notes_back() {
    let cabinet = Cabinet::open().await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut laptop = Person::new(cabinet.path("laptop"), Env::real());
    let on_paper = laptop.join(&ticket).await.expect("joins").recovery_code.expect("a code");
    cabinet.publish(None, "Điều 1").await;
    laptop.sync().await;
    write(&laptop, "Hỏi nguồn vốn");
    laptop.sync().await;
    let lost = laptop.device();
    laptop.close();
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, lost, Some("Mất máy".into())).expect("revoked");
    cabinet.registrar.sync().await;

    let mut tablet = cabinet.join(1, "tablet").await;
    assert_eq!(status(&tablet, &tablet), "pending", "also where no other is left");
    let strangers = KeyPair::from_code(&[1; 16]);
    let client = tablet.client();
    assert_eq!(code(client.use_recovery_code(cabinet.body, &strangers).await), "recovery.wrong_code");
    client.use_recovery_code(cabinet.body, &printed(&on_paper)).await.expect("confirmed");
    assert_eq!(status(&tablet, &tablet), "active");
    tablet.sync().await;
    assert_eq!(notes(&tablet), ["Hỏi nguồn vốn"]);
    assert_eq!(tablet.client().progress(cabinet.body).expect("papers").ready, 1, "and his papers");
    assert_eq!(epoch(&tablet), 2, "what he writes now is sealed with a key that the lost one never had");
    write(&tablet, "sau khi mất máy");
    tablet.sync().await;
    tablet.restart();
    assert_eq!(notes(&tablet), ["Hỏi nguồn vốn", "sau khi mất máy"]);

    laptop.open();
    let error = wiped(&laptop).await;
    assert_eq!((said(&error, "by"), said(&error, "acts"), said(&error, "notes")), ("registrar", "", "0"));
    assert_eq!(left(&laptop.home), ["farewell.json", "lock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_typed_twice_without_a_network_confirms_once() {
    let mut cabinet = Cabinet::open().await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut laptop = Person::new(cabinet.path("laptop"), Env::real());
    let on_paper = laptop.join(&ticket).await.expect("joins").recovery_code.expect("a code");
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.server.kill();
    for _ in 0..2 {
        let typed = tablet.client().use_recovery_code(cabinet.body, &printed(&on_paper)).await;
        assert_eq!(code(typed), "net.unreachable");
    }
    let waiting = |tablet: &Person| {
        let acts = tablet.client().acts(cabinet.body).expect("acts");
        acts.iter().filter(|act| act.kind == "device.confirm").count()
    };
    assert_eq!(waiting(&tablet), 1);
    cabinet.server.resume();
    tablet.sync().await;
    assert_eq!((status(&tablet, &tablet), waiting(&tablet)), ("active", 1));
    let refused = tablet.client().acts(cabinet.body).expect("acts").into_iter().find_map(|act| act.error);
    assert_eq!(refused, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_revocation_on_notes_are_sealed_with_a_key_that_the_lost_device_never_had() {
    let mut cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let line = Line::default();
    let mut tablet = Person::new(cabinet.path("tablet"), line.env());
    tablet.join(&cabinet.invite(Cabinet::id(1)).await).await.expect("joins");
    cabinet.confirm(&laptop, &tablet).await;
    cabinet.publish(None, "Điều 1").await;
    let mut desktop = cabinet.join(1, "desktop").await;
    cabinet.confirm(&tablet, &desktop).await;
    laptop.sync().await;
    write(&laptop, "trước");
    for person in [&laptop, &tablet, &desktop] {
        person.sync().await;
    }
    assert_eq!((epoch(&laptop), epoch(&tablet), epoch(&desktop)), (1, 1, 1));
    desktop.close();
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, laptop.device(), None).expect("revoked");
    cabinet.registrar.sync().await;
    tablet.sync().await;
    assert_eq!(epoch(&tablet), 2);
    cabinet.server.kill();
    write(&tablet, "sau, không có mạng");
    cabinet.server.resume();
    tablet.sync().await;

    // Whatever the thief has kept of the laptop, and whoever shows him what lies at the server.
    let space = tablet.client().spaces(cabinet.body).expect("spaces")[0].space;
    let ops = line.session().ops(space, 0).await.expect("operations");
    assert_eq!(ops.iter().map(|op| op.epoch).collect::<Vec<_>>(), [1, 2]);
    let given = |epoch| {
        let sealed: Vec<_> =
            line.passing().sealed.iter().filter(|key| key.epoch == epoch).map(|key| key.to).collect();
        sealed
    };
    assert!(given(1).contains(&laptop.device()) && !given(2).is_empty());
    assert!(!given(2).contains(&laptop.device()), "the new key was never sealed to it");
    let before = epoch(&laptop);
    wiped(&laptop).await;
    assert_eq!(before, 1);

    desktop.open();
    write(&desktop, "ngoại tuyến lâu ngày");
    desktop.sync().await;
    assert_eq!(epoch(&desktop), 2, "a device that was away takes the key that the tablet has left for it");
    tablet.sync().await;
    desktop.sync().await;
    let all = ["ngoại tuyến lâu ngày", "sau, không có mạng", "trước"];
    assert_eq!(
        (notes(&tablet), notes(&desktop)),
        (all.map(str::to_owned).to_vec(), all.map(str::to_owned).to_vec())
    );

    let phone = cabinet.join(1, "phone").await;
    cabinet.confirm(&desktop, &phone).await;
    phone.sync().await;
    assert_eq!(
        (epoch(&phone), notes(&phone)),
        (2, all.map(str::to_owned).to_vec()),
        "a new one gets all keys"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_begin_the_new_key_at_the_same_time_read_each_other() {
    let cabinet = Cabinet::open().await;
    let (laptop, tablet) = two(&cabinet).await;
    let desktop = cabinet.join(1, "desktop").await;
    cabinet.confirm(&tablet, &desktop).await;
    for person in [&tablet, &desktop, &laptop] {
        person.sync().await;
    }
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, laptop.device(), None).expect("revoked");
    cabinet.registrar.sync().await;
    write(&tablet, "máy bảng");
    write(&desktop, "máy bàn");
    let (here, there) = tokio::join!(tablet.sync(), desktop.sync());
    assert_eq!(here.root, there.root);
    for person in [&tablet, &desktop, &tablet, &desktop] {
        person.sync().await;
    }
    assert_eq!((epoch(&tablet), epoch(&desktop)), (2, 2));
    write(&tablet, "máy bảng lại viết");
    write(&desktop, "máy bàn lại viết");
    for person in [&tablet, &desktop, &tablet] {
        person.sync().await;
    }
    let all = ["máy bàn", "máy bàn lại viết", "máy bảng", "máy bảng lại viết"].map(str::to_owned).to_vec();
    assert_eq!((notes(&tablet), notes(&desktop)), (all.clone(), all));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_server_wipes_a_device_that_is_not_revoked_in_the_record() {
    let cabinet = Cabinet::open().await;
    let line = Line::default();
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&cabinet.invite(Cabinet::id(1)).await).await.expect("joins");
    let other = Line::default();
    let mut neighbour = Person::new(cabinet.path("neighbour"), other.env());
    neighbour.join(&cabinet.invite(Cabinet::id(2)).await).await.expect("joins");
    cabinet.publish(None, "Điều 1").await;
    minister.sync().await;
    write(&minister, "còn nguyên");

    line.passing().refuse = Some(ApiError::new("device.revoked"));
    assert_eq!(code(minister.client().sync(cabinet.body, false).await), "device.revoked");
    line.leave();

    // It makes entries of its own, by whom it likes, and signs the root with the log's key if it has it.
    let device = minister.device();
    let checkpoint =
        Checkpoint::parse(&line.session().entries(0).await.expect("a page").checkpoint).expect("one");
    let forged = |keys: &KeyPair, device_of: &KeyPair, capacity: &str| {
        let header = Header {
            body: Some(cabinet.body),
            level: 1,
            device: device_of.id(),
            nonce: Nonce([7; 16]),
            claimed: Int::from(1),
            seen: Seen { size: Int::new(checkpoint.size).expect("a size"), root: checkpoint.root },
            capacity: As(capacity.to_owned()),
            act: DeviceRevoke { device }.into(),
            payload: None,
            audience: Vec::new(),
        };
        Leaf { time: 4_000_000_000_000, envelope: Envelope::sign(&header, keys) }.to_bytes()
    };
    let stranger = KeyPair::from_seed(&[9; 64]);
    let leaves = [
        ("by a stranger", forged(&stranger, &stranger, As::REGISTRAR)),
        ("by another member", forged(&other.keys(), &other.keys(), Member::VOTE)),
        ("in the name of his own device", forged(&stranger, &line.keys(), Member::VOTE)),
    ];
    for (whose, leaf) in leaves {
        line.passing().page = Some(Box::new(move |_, page| page.leaves.push(leaf.clone().into())));
        assert_eq!(code(minister.client().sync(cabinet.body, false).await), "server.bad_entry", "{whose}");
        line.leave();
    }

    // A true revocation, of which the server's key has not signed the root.
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, device, None).expect("revoked");
    cabinet.registrar.sync().await;
    line.passing().page = Some(Box::new(move |_, page| {
        let real = Checkpoint::parse(&page.checkpoint).expect("a checkpoint");
        page.checkpoint = Checkpoint::sign(real.body, real.size, real.root, &stranger).note;
    }));
    assert_eq!(code(minister.client().sync(cabinet.body, false).await), "server.checkpoint");
    line.leave();
    minister.restart();
    assert_eq!(notes(&minister), ["còn nguyên"], "through all of it");

    wiped(&minister).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_revoked_in_one_of_two_bodies_ends_in_that_one_only() {
    let (council, board) = (Cabinet::open().await, Cabinet::open().await);
    let mut laptop = council.join(1, "laptop").await;
    council.publish(None, "Điều của hội đồng").await;
    laptop.sync().await;
    write(&laptop, "ghi chú hội đồng");
    laptop.sync().await;
    let ticket = board.invite(Cabinet::id(2)).await;
    laptop.client().join(&ticket, "Máy thử").await.expect("joins the second");
    board.publish(None, "Điều của ban").await;
    laptop.client().sync(board.body, false).await.expect("sync");
    let device = laptop.client().device_of(board.body).expect("a device");
    board.registrar.sync().await;
    board.registrar.client().revoke_device(board.body, device, None).expect("revoked");
    board.registrar.sync().await;
    let before = sealed_files(&laptop.home).len();
    assert_eq!(code(laptop.client().sync(board.body, false).await), "device.wiped");
    assert!(sealed_files(&laptop.home).len() < before, "that body's sealed files are gone");
    assert_eq!(laptop.client().bodies(), [council.body]);
    laptop.restart();
    assert_eq!(laptop.client().bodies(), [council.body]);
    assert_eq!(notes(&laptop), ["ghi chú hội đồng"]);
    laptop.sync().await;
    assert_eq!(laptop.client().progress(council.body).expect("papers").ready, 1);
    let told = laptop.client().farewells().expect("told");
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].body.as_ref().map(|name| name.vi.as_str()),
        Some("Ủy ban mẫu"),
        "which, here in the vault"
    );
    laptop.client().forget_farewells().expect("read");
    laptop.restart();
    assert!(laptop.client().farewells().expect("none").is_empty());
}
