//! The table of `docs/security.md`, walked: every command by everybody, allowed or refused by the server as it says.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content;
use ecabinet_protocol::sync::*;
use ecabinet_record::KeyPair;
use kit::*;
use std::collections::BTreeMap;

/// In the order of the table's columns.
const CAPACITIES: [&str; 4] = [As::REGISTRAR, Member::SECRETARIAT, Member::CHAIR, Member::VOTE];

/// What a cell says: for nobody, for whoever holds the capacity, for the one whom it concerns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum May {
    No,
    Yes,
    Own,
}

/// Somebody, the capacity he acts in, and whether the act concerns him.
struct Somebody {
    name: &'static str,
    actor: Actor,
    capacity: &'static str,
    own: bool,
}

#[tokio::test]
async fn every_command_is_for_those_whom_the_table_of_the_security_page_names() {
    let table = table();
    let named: Vec<&str> = table.keys().map(String::as_str).collect();
    let mut kinds: Vec<&str> =
        Act::KINDS.iter().copied().filter(|kind| !["body.genesis", "device.enrol"].contains(kind)).collect();
    kinds.sort_unstable();
    assert_eq!(named, kinds, "the table has a row for every command");
    // What is refused changes nothing: one stage of each level for all of that.
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut stages = Vec::new();
    for (dir, level) in dirs.iter().zip(1..) {
        stages.push(Stage::set(dir.path(), level).await);
    }
    for (kind, row) in &table {
        let level = level(kind);
        let untouched = &stages[level as usize - 1];
        for by in &untouched.people {
            let allowed = by.is_in()
                && match row[by.column()] {
                    May::No => false,
                    May::Yes => true,
                    May::Own => by.own,
                };
            let outcome = match allowed {
                false => untouched.attempt(kind, by).await,
                true => {
                    let dir = tempfile::tempdir().unwrap();
                    let stage = Stage::set(dir.path(), level).await;
                    let by = stage.people.iter().find(|known| known.name == by.name).expect("the same");
                    stage.attempt(kind, by).await
                }
            };
            assert_eq!(outcome == "recorded", allowed, "{kind} by {}: {outcome}", by.name);
            assert!(
                !outcome.starts_with("level."),
                "{kind} by {} is refused for who he is: {outcome}",
                by.name
            );
        }
    }
}

/// The level that a kind is of.
fn level(kind: &str) -> u64 {
    const OF_3: [&str; 20] = [
        "staff.set",
        "form.send",
        "block.open",
        "poll.extend",
        "poll.recall",
        "poll.pull",
        "hands.enter",
        "hands.confirm",
        "position.state",
        "attendance.claim",
        "substitute.ask",
        "substitute.approve",
        "substitute.end",
        "floor.ask",
        "floor.leave",
        "floor.order",
        "conclusion.write",
        "conclusion.confirm",
        "reply.write",
        "reply.approve",
    ];
    match kind {
        "ca.set" => 2,
        kind if OF_3.contains(&kind) => 3,
        _ => 1,
    }
}

impl Somebody {
    fn column(&self) -> usize {
        CAPACITIES.iter().position(|known| *known == self.capacity).expect("a column")
    }

    /// Whether his device may act at all.
    fn is_in(&self) -> bool {
        !["a retired member", "a revoked device", "a device that waits", "a stranger"].contains(&self.name)
    }
}

/// A body with everybody in it, a published paper, an open poll, an invitation that is out.
struct Stage {
    cabinet: Cabinet,
    people: Vec<Somebody>,
    waiting: DeviceId,
    invitation: StatementId,
    published: Published,
    poll: StatementId,
    debate: Option<Debate>,
}

/// What a body of level 3 has besides.
struct Debate {
    /// A second item of the meeting, without papers.
    other: ItemId,
    form: StatementId,
    block: StatementId,
    hands: StatementId,
    /// The owner asks for the secretary as his substitute.
    request: StatementId,
    /// On the other item, by the secretary.
    conclusion: StatementId,
}

impl Stage {
    async fn set(dir: &std::path::Path, level: u64) -> Stage {
        let cabinet = Cabinet::create(dir).await;
        let second = Actor::new(MemberId([0; 16]));
        let add = RegistrarChange { add: vec![second.keys.public()], remove: vec![] };
        cabinet.say(&cabinet.registrar, say(add, As::REGISTRAR)).await;
        let desk = cabinet.member(&["secretariat"]).await;
        let chair = cabinet.member(&["chair"]).await;
        let owner = cabinet.member(&["member"]).await;
        let other = cabinet.member(&["member"]).await;
        let retired = cabinet.member(&["member"]).await;
        let revoked = cabinet.member(&["member"]).await;
        let waiting = cabinet.enrol(owner.member).await;
        let retire = MemberRetire { member: retired.member };
        cabinet.say(&cabinet.registrar, say(retire, As::REGISTRAR)).await;
        let revoke = DeviceRevoke { device: revoked.keys.id() };
        cabinet.say(&cabinet.registrar, say(revoke, As::REGISTRAR)).await;
        let (invitation, _) = cabinet.invite(other.member).await;
        let published = cabinet.publish(&desk, ALL, vec![owner.member]).await;
        let poll = cabinet.open_poll(&desk, published.item).await;
        for raised in 2..=level as u32 {
            let raise = BodyLevel { level: Int::from(raised) };
            cabinet.say(&cabinet.registrar, say(raise, As::REGISTRAR)).await;
        }
        let debate = match level {
            3 => Some(Debate::begin(&cabinet, &desk, &owner, &published, poll).await),
            _ => None,
        };
        let somebody =
            |name, actor: &Actor, capacity, own| Somebody { name, actor: actor.clone(), capacity, own };
        let people = vec![
            // Not the one who has invited: confirming takes a second registrar.
            somebody("a registrar", &second, As::REGISTRAR, false),
            somebody("the secretary", &desk, Member::SECRETARIAT, false),
            somebody("the chair", &chair, Member::CHAIR, false),
            somebody("the member concerned", &owner, Member::VOTE, true),
            somebody("another member", &other, Member::VOTE, false),
            somebody("a retired member", &retired, Member::VOTE, false),
            somebody("a revoked device", &revoked, Member::VOTE, false),
            somebody("a device that waits", &waiting, Member::VOTE, true),
            somebody("a stranger", &Actor::new(owner.member), Member::VOTE, true),
        ];
        Stage { cabinet, people, waiting: waiting.keys.id(), invitation, published, poll, debate }
    }

    /// What the server answers: `recorded`, or the code of what it refuses with.
    async fn attempt(&self, kind: &str, by: &Somebody) -> String {
        let session = match self.cabinet.app.connect(self.cabinet.body, by.actor.who()).await {
            Ok(session) => session,
            Err(error) => return error.code,
        };
        let offer = self.cabinet.offer(&by.actor, self.act(kind, by).await.at_level(level(kind)));
        match session.submit(Submit { offers: vec![offer], together: false }).await {
            Ok(mut answer) => match answer.outcomes.remove(0) {
                Submitted::Recorded { .. } => "recorded".into(),
                Submitted::Refused { refusal, .. } => refusal.code,
            },
            Err(error) => error.code,
        }
    }

    async fn act(&self, kind: &str, by: &Somebody) -> Say {
        let (item, rev) = (self.published.item, self.published.rev);
        let (meeting, owner) = (self.published.meeting, self.people[3].actor.member);
        let plain = |act: Act| say(act, by.capacity);
        let with = |act: Act| say(act, by.capacity).with("{}", ALL);
        match kind {
            "body.level" => plain(BodyLevel { level: Int::from(2) }.into()),
            "registrar.change" => plain(
                RegistrarChange { add: vec![KeyPair::from_seed(&random()).public()], remove: vec![] }.into(),
            ),
            "ca.set" => plain(CaSet { ca: NEXT_CA }.into()),
            "log.key" => plain(LogKey { key: next_log_key().public().sign }.into()),
            "epoch" => {
                let act = Epoch { number: Int::from(1), size: Int::from(0), root: Hash([0; 32]) };
                plain(act.into()).on(&self.cabinet.end().await)
            }
            "member.add" => with(
                MemberAdd { member: MemberId(random()), offices: vec!["member".into()], order: Int::from(1) }
                    .into(),
            ),
            "member.retire" => plain(MemberRetire { member: owner }.into()),
            "invitation.issue" => {
                let key = KeyPair::from_invitation(&random()).public().sign;
                let expires = Int::new(4_000_000_000_000).unwrap();
                plain(InvitationIssue { member: owner, key, expires }.into())
            }
            "invitation.revoke" => plain(InvitationRevoke { invitation: self.invitation }.into()),
            "device.confirm" => plain(DeviceConfirm { device: self.waiting }.into()),
            "device.revoke" => plain(DeviceRevoke { device: self.waiting }.into()),
            "group.set" => with(GroupSet { group: GroupId(random()), members: vec![owner] }.into()),
            "item.set" => with(ItemSet { meeting, item: ItemId(random()) }.into()),
            "paper.publish" => {
                let paper = content::write(&self.cabinet.paper("Tờ trình", &[]));
                let act =
                    PaperPublish { item, paper: PaperId(random()), rev: RevId(random()), signers: vec![] };
                say(act, by.capacity).with(paper, ALL)
            }
            "meeting.publish" => {
                let agenda = Agenda(vec![Placement { item, papers: vec![rev] }]);
                with(MeetingPublish { meeting, version: Int::from(2), agenda }.into())
            }
            "attendance.set" => {
                plain(AttendanceSet { meeting, member: owner, state: Presence::Present }.into())
            }
            "poll.open" => with(PollOpen { item, rule: usual_rule() }.into()),
            "poll.close" => plain(PollClose { poll: self.poll }.into()),
            "ballot.cast" => {
                let act = BallotCast {
                    poll: self.poll,
                    replaces: None,
                    basis: Basis::of(&[rev]),
                    in_place_of: None,
                };
                say(act, by.capacity).with(YES, ALL)
            }
            "paper.sign" => {
                let paper = self.cabinet.paper("Tờ trình", &[]);
                let (before, after) = (paper.manifest.sha256, paper.manifest.sha256);
                let signed =
                    content::SignContent { title: paper.title, before, after, manifest: paper.manifest };
                let act = PaperSign { paper: rev.paper, rev: rev.rev, new_rev: RevId(random()) };
                say(act, by.capacity).with(content::write(&signed), ALL)
            }
            "payload.erase" => {
                with(PayloadErase { entry: Int::new(self.published.paper_at).unwrap() }.into())
            }
            _ => self.debate.as_ref().expect("level 3").act(self, kind, by),
        }
    }
}

impl Debate {
    async fn begin(
        cabinet: &Cabinet,
        desk: &Actor,
        owner: &Actor,
        published: &Published,
        poll: StatementId,
    ) -> Debate {
        const DESK: &str = Member::SECRETARIAT;
        let (meeting, item, other) = (published.meeting, published.item, ItemId(random()));
        cabinet.say(desk, say(ItemSet { meeting, item: other }, DESK).with("{}", ALL)).await;
        let first = Placement { item, papers: vec![published.rev] };
        let agenda = Agenda(vec![first, Placement { item: other, papers: vec![] }]);
        let publish = MeetingPublish { meeting, version: Int::from(2), agenda };
        cabinet.say(desk, say(publish, DESK).with("{}", ALL)).await;
        let form = cabinet.say(desk, say(form(item), DESK).with("{}", ALL)).await.0;
        let block = cabinet.say(desk, say(block(&[item, other]), DESK).with("{}", ALL)).await.0;
        let hands = cabinet.say(desk, say(one_hand(poll), DESK)).await.0;
        let request = cabinet.say(owner, say(substitute(desk.member), Member::VOTE)).await.0;
        cabinet.say(owner, say(FloorAsk { item }, Member::VOTE)).await;
        let conclusion = cabinet.say(desk, say(conclusion(other), DESK).with("{}", ALL)).await.0;
        Debate { other, form, block, hands, request, conclusion }
    }

    fn act(&self, stage: &Stage, kind: &str, by: &Somebody) -> Say {
        let Debate { other, form: sent, request, .. } = *self;
        let (item, rev, poll) = (stage.published.item, stage.published.rev, stage.poll);
        let (desk, owner) = (stage.people[1].actor.member, stage.people[3].actor.member);
        let plain = |act: Act| say(act, by.capacity);
        let with = |act: Act| say(act, by.capacity).with("{}", ALL);
        match kind {
            "staff.set" => plain(StaffSet { member: owner, staff: vec![desk] }.into()),
            "form.send" => with(form(item).into()),
            "block.open" => with(block(&[item, other]).into()),
            "poll.extend" => plain(PollExtend { poll, closes: Int::new(4_000_000_000_000).unwrap() }.into()),
            "poll.recall" => with(PollRecall { poll }.into()),
            "poll.pull" => plain(PollPull { poll: self.block, item }.into()),
            "hands.enter" => plain(one_hand(poll).into()),
            "hands.confirm" => plain(HandsConfirm { hands: self.hands }.into()),
            "position.state" => {
                let act = PositionState { item, basis: Basis::of(&[rev]) };
                say(act, by.capacity).with(r#"{"choice":"agree"}"#, ALL)
            }
            "attendance.claim" => {
                plain(AttendanceClaim { meeting: stage.published.meeting, state: Presence::Remote }.into())
            }
            "substitute.ask" => plain(substitute(stage.people[2].actor.member).into()),
            "substitute.approve" => plain(SubstituteApprove { request }.into()),
            "substitute.end" => plain(SubstituteEnd { request }.into()),
            "floor.ask" => plain(FloorAsk { item: other }.into()),
            "floor.leave" => plain(FloorLeave { item }.into()),
            "floor.order" => plain(FloorOrder { item, members: vec![owner] }.into()),
            "conclusion.write" => with(conclusion(item).into()),
            "conclusion.confirm" => plain(ConclusionConfirm { conclusion: self.conclusion }.into()),
            "reply.write" => {
                let (ballot, question) = (sent, Int::from(0));
                with(ReplyWrite { form: sent, ballot, question, taken: Taken::Yes }.into())
            }
            "reply.approve" => plain(ReplyApprove { form: sent, replies: vec![sent] }.into()),
            _ => panic!("{kind} has no example"),
        }
    }
}

fn form(item: ItemId) -> FormSend {
    let agency = Some("agency".to_owned());
    FormSend { item, asked: vec![], questions: vec![usual_rule()], agency, approver: None }
}

fn block(items: &[ItemId]) -> BlockOpen {
    BlockOpen { items: items.to_vec(), rule: usual_rule() }
}

fn one_hand(poll: StatementId) -> HandsEnter {
    let [one, none] = [1, 0].map(Int::from);
    HandsEnter {
        poll,
        totals: Some(Totals { yes: one, no: none, abstain: none, other: none }),
        members: None,
    }
}

fn substitute(substitute: MemberId) -> SubstituteAsk {
    SubstituteAsk { meeting: None, substitute, from: Int::from(0), until: Int::from(1) }
}

fn conclusion(item: ItemId) -> ConclusionWrite {
    ConclusionWrite { item, replaces: None, outcome: Outcome::Adopted, by: None, poll: None }
}

/// The rows of the page's table, by command.
fn table() -> BTreeMap<String, [May; CAPACITIES.len()]> {
    let page = include_str!("../../../docs/security.md");
    let (_, section) = page.split_once("## Who may do what\n").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("another section");
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.trim_end_matches('|').split('|').map(str::trim);
        let kind = cells.next()?.trim_end_matches('`').to_owned();
        let may = cells.take(CAPACITIES.len()).map(|cell| match cell {
            "yes" => May::Yes,
            "own" => May::Own,
            "–" => May::No,
            other => panic!("{kind}: {other}"),
        });
        Some((kind.clone(), may.collect::<Vec<_>>().try_into().expect("a cell for each capacity")))
    });
    rows.collect()
}
