//! What a restored server has lost is told to whom it touches.

use super::{PIN, desk, join, until};
use ecabinet_client::DeskCommands;
use ecabinet_domain::{Choice, Hash};
use ecabinet_protocol::ui::{self, Commands, LostKind, Redo};
use ecabinet_tests::{Cabinet, Person};

/// The person's tablet confirms his desk, as soon as both show the same digits.
async fn confirm(cabinet: &Cabinet, tablet: &Person, desk: &DeskCommands) {
    until("the desk is confirmed", async || {
        tablet.sync().await;
        let rows = tablet.client().devices(cabinet.body).expect("devices");
        if let Some((device, digits)) = rows
            .into_iter()
            .find(|row| row.status == "pending")
            .and_then(|row| Some((row.device, row.digits?)))
        {
            tablet.client().confirm_device(cabinet.body, device, Some(&digits)).expect("confirmed");
            tablet.sync().await;
        }
        desk.app().await.expect("answers").bodies.first().is_some_and(|row| row.pending.is_none())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_told_until_it_is_read_and_a_foreign_one_is_not_believed() {
    let mut cabinet = Cabinet::open().await;
    let tablet = cabinet.join(1, "tablet").await;
    let (keyring, clock) = Default::default();
    let his = desk(&cabinet.path("desk"), &keyring, &clock);
    join(&his, &cabinet, 1).await;
    confirm(&cabinet, &tablet, &his).await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let body = || ui::InBody { body: cabinet.body.to_string() };
    let ask = ui::PollRef { body: cabinet.body.to_string(), poll: poll.to_string() };
    let invited = cabinet.invite(Cabinet::id(3)).await;
    let backup = cabinet.server.backup("backup");
    let kept = tablet.sync().await.position;
    let ballot = tablet.vote(poll, Choice::Yes);
    let lost = tablet.sync().await;
    until("the desk has the tablet's ballot", async || {
        his.poll(ask.clone()).await.is_ok_and(|poll| poll.ballot.is_some())
    })
    .await;
    assert_eq!(his.losses(body()).await.expect("losses"), []);
    his.lock().await.expect("locked");

    // The server goes on without that ballot. An epoch for another record is none for his.
    cabinet.server.restore(&backup);
    cabinet.server.release();
    let mut late = Person::new(cabinet.path("late"), cabinet.env.clone());
    late.join(&invited).await.expect("joins");
    let begin =
        |root| cabinet.registrar.client().begin_epoch(cabinet.body, Some((lost.position, root)), "Mất");
    begin(Hash([1; 32])).await.expect("a statement");
    his.unlock(ui::Unlock { pin: PIN.into() }).await.expect("opens");
    until("the desk does not believe it", async || {
        let connection = his.connection(body()).await.expect("answers");
        connection.held.is_some_and(|held| held.code == "server.rewritten")
    })
    .await;
    assert_eq!(his.losses(body()).await.expect("losses"), []);
    assert_eq!(his.home(body()).await.expect("home").losses, []);

    begin(lost.root.parse().expect("a root")).await.expect("a statement");
    until("he is told", async || his.home(body()).await.is_ok_and(|home| home.losses.len() == 2)).await;
    until("and goes on", async || his.connection(body()).await.is_ok_and(|now| now.held.is_none())).await;
    let told = his.losses(body()).await.expect("losses");
    let (loss, other) = (&told[0], &told[1]);
    assert_eq!((loss.epoch, loss.from, loss.why.as_deref(), loss.read), (2, kept, Some("Mất"), false));
    assert_eq!(loss.kinds, [LostKind { kind: "ballot.cast".into(), count: 1, own: 1 }]);
    assert_eq!((other.kinds.len(), other.own.len()), (0, 0), "of the other he had nothing");
    let own = &loss.own[0];
    assert_eq!(
        (&own.statement, own.subject.as_str()),
        (&ballot.to_string(), "Thông qua dự thảo nghị quyết?")
    );
    let target = ui::Target::Poll { poll: poll.to_string() };
    assert_eq!(own.redo, Redo::Now { target }, "though it was made on his tablet");
    let cast = ui::CastBallot {
        body: cabinet.body.to_string(),
        poll: poll.to_string(),
        choice: ui::Choice::No,
        options: Vec::new(),
        in_place_of: None,
        text: None,
        pin: PIN.into(),
    };
    his.cast_ballot(cast).await.expect("cast");
    assert_eq!(his.losses(body()).await.expect("losses")[0].own[0].redo, Redo::Done);

    // The tablet does not send again what is lost, and shows what stands in its place.
    until("the ballot is recorded", async || {
        his.poll(ask.clone())
            .await
            .unwrap()
            .ballot
            .is_some_and(|ballot| ballot.state == ui::ActState::Recorded)
    })
    .await;
    tablet.sync().await;
    assert_eq!(tablet.state(ballot), "refused");
    assert_eq!(tablet.client().retry_acts(cabinet.body).expect("none"), 0);

    his.acknowledge_losses(body()).await.expect("read");
    assert_eq!(his.home(body()).await.expect("home").losses, []);
    assert!(his.losses(body()).await.expect("losses").iter().all(|loss| loss.read), "and found for good");
    let newcomer = desk(&cabinet.path("newcomer"), &Default::default(), &clock);
    join(&newcomer, &cabinet, 2).await;
    until("a newcomer can look", async || newcomer.losses(body()).await.is_ok_and(|told| told.len() == 2))
        .await;
    assert_eq!(newcomer.home(body()).await.expect("home").losses, [], "it was before his time");
}
