//! Invitations, devices, offices: who may act, and who no longer may.

use ecabinet_client::{CaPin, Env, Vote, packs::Publication};
use ecabinet_domain::{Choice, Hash};
use ecabinet_protocol::content::MeetingContent;
use ecabinet_tests::{Cabinet, Person, code};

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_for_one_device_once_and_in_time() {
    let cabinet = Cabinet::open().await;
    let stranger = |name: &str| Person::new(cabinet.path(name), Env::real());

    let ticket = cabinet.invite(Cabinet::id(1)).await;
    stranger("first").join(&ticket).await.expect("the invited one joins");
    assert_eq!(code(stranger("second").join(&ticket).await), "invitation.used");

    let mut wrong = cabinet.invite(Cabinet::id(2)).await;
    wrong.secret = [9; 16];
    assert_eq!(code(stranger("guesser").join(&wrong).await), "invitation.unknown");

    let revoked =
        cabinet.registrar.client().invite(cabinet.body, Cabinet::id(2), 3_600_000).expect("invited");
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_invitation(cabinet.body, revoked.invitation).expect("revoked");
    cabinet.registrar.sync().await;
    assert_eq!(code(stranger("revoked").join(&revoked.ticket).await), "invitation.revoked");

    let brief = cabinet.registrar.client().invite(cabinet.body, Cabinet::id(2), 1).expect("invited");
    cabinet.registrar.sync().await;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(code(stranger("late").join(&brief.ticket).await), "invitation.expired");

    let mut elsewhere = cabinet.invite(Cabinet::id(3)).await;
    elsewhere.ca = [1; 16];
    assert_eq!(code(stranger("elsewhere").join(&elsewhere).await), "tls.untrusted");
    elsewhere = cabinet.invite(Cabinet::id(3)).await;
    elsewhere.body = [1; 16];
    assert_ne!(code(stranger("other body").join(&elsewhere).await), "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_certificate_is_sent_nothing() {
    let cabinet = Cabinet::open().await;
    let dial = Env::real().dial;
    let wrong = dial.gate(&cabinet.server.address, &CaPin::whole(Hash([5; 32]))).await.expect("a client");
    let refused = wrong.info().await.expect_err("refused");
    assert_eq!(refused.code, "tls.untrusted", "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_revoked_and_retired_devices_do_not_act() {
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    tablet.sync().await;
    let vote = || Vote { poll, choice: Choice::Yes, text: None, replace: true };
    assert_ne!(code(tablet.client().vote(cabinet.body, vote())), "ok", "a device that waits sees no papers");
    assert!(tablet.client().meetings(cabinet.body).expect("a list").is_empty());

    laptop.sync().await;
    let own = laptop.client().device_of(cabinet.body).expect("a device");
    cabinet.registrar.client().revoke_device(cabinet.body, own, Some("Mất máy".into())).expect("revoked");
    let ballot = laptop.vote(poll, Choice::Yes);
    cabinet.registrar.sync().await;
    assert_eq!(laptop.state(ballot), "saved");
    assert_eq!(code(laptop.client().sync(cabinet.body, false).await), "device.wiped", "it ends, and says so");
    cabinet.secretary.sync().await;
    let state = cabinet.secretary.client().state(cabinet.body).expect("a state");
    assert!(state.polls[&poll].ballot(ballot).is_none(), "not recorded");

    let other = cabinet.join(2, "other").await;
    other.sync().await;
    cabinet.registrar.client().retire_member(cabinet.body, Cabinet::id(2)).expect("retired");
    cabinet.registrar.sync().await;
    other.vote(poll, Choice::Yes);
    assert_eq!(code(other.client().sync(cabinet.body, false).await), "member.retired");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_is_not_held_gives_no_right() {
    let cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    let client = minister.client();
    assert_eq!(code(client.close_poll(cabinet.body, poll)), "capacity.not_held");
    assert_eq!(code(client.retire_member(cabinet.body, Cabinet::id(2))), "capacity.not_held");
    assert_eq!(code(client.invite(cabinet.body, Cabinet::id(1), 1000).map(|_| ())), "capacity.not_held");
    let content =
        MeetingContent { title: "Họp riêng".into(), starts: 0, place: None, reason: None, dossier: false };
    let publication = Publication { meeting: None, content, items: Vec::new() };
    assert_eq!(code(client.publish(cabinet.body, publication)), "capacity.not_held");
    assert_eq!(
        code(
            cabinet
                .secretary
                .client()
                .vote(cabinet.body, Vote { poll, choice: Choice::Yes, text: None, replace: false })
        ),
        "member.no_vote"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recovery_code_opens_the_vault_and_nothing_else_does() {
    use ecabinet_client::{Client, Lock};
    use ecabinet_record::{KeyPair, code::ungroup};
    let cabinet = Cabinet::open().await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), Env::real());
    let printed =
        minister.join(&ticket).await.expect("joins").recovery_code.expect("a first device gets a code");
    minister.close();
    let key =
        |text: &str| KeyPair::from_code(&ungroup(text).expect("groups")[..16].try_into().expect("16 bytes"));
    let lock = || Lock::Passphrase("mật khẩu mới".to_owned().into());
    let wrong = KeyPair::from_code(&[1; 16]);
    assert_eq!(
        code(Client::recover(&minister.home, Env::real(), &wrong, &lock()).map(|_| ())),
        "vault.wrong_code"
    );
    assert_eq!(code(Client::open(&minister.home, Env::real(), "đoán").map(|_| ())), "vault.wrong_secret");
    drop(Client::recover(&minister.home, Env::real(), &key(&printed), &lock()).expect("opens"));
    let reopened = Client::open(&minister.home, Env::real(), "mật khẩu mới").expect("the new lock opens");
    assert_eq!(reopened.bodies(), [cabinet.body]);
}
