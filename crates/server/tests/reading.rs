//! The second table of `docs/security.md`, walked: every request by everybody, and what it gives.

mod kit;

use bytes::Bytes;
use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content::{self, ChunkName};
use ecabinet_protocol::pairing::{PairSays, PairStep};
use ecabinet_protocol::space::{SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_server::Session;
use kit::*;

/// In the order of the table's columns.
const COLUMNS: usize = 6;

/// What a cell says, and what somebody gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum May {
    No,
    /// What concerns himself.
    Own,
    /// What concerns others, too.
    Yes,
}

/// Somebody who asks, with what is his own.
struct Somebody {
    name: &'static str,
    column: usize,
    actor: Actor,
    session: Session,
    /// His entry as a member, if he is one.
    entry: Option<u64>,
    /// A paper that only he and its author may see.
    paper: Option<Published>,
    ballot: Option<u64>,
    space: SpaceId,
    /// Another device of his, at the other side of a pairing.
    peer: Option<DeviceId>,
    /// Whether he is named as a signer, and so concerned by chunks.
    signs: bool,
}

#[tokio::test]
async fn every_request_gives_to_everybody_what_the_table_of_the_security_page_says() {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::set(dir.path()).await;
    let table = table();
    assert_eq!(table.len(), 23, "a row is no longer read");
    for (request, row) in &table {
        for by in &stage.people {
            let got = stage.ask(request, by).await;
            let fits = match row[by.column] {
                // A member whom nothing concerns has nothing of his own.
                May::Own => got == May::Own || (got == May::No && !by.signs && request.contains("chunks`")),
                cell => got == cell,
            };
            assert!(fits, "{request} by {}: {got:?} instead of {:?}", by.name, row[by.column]);
        }
    }
}

#[tokio::test]
async fn a_retired_member_and_a_stranger_get_no_session_and_a_revoked_device_its_revocation() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let [retired, revoked] = [cabinet.member(&["member"]).await, cabinet.member(&["member"]).await];
    let retire = MemberRetire { member: retired.member };
    cabinet.say(&cabinet.registrar, say(retire, As::REGISTRAR)).await;
    let revoke = DeviceRevoke { device: revoked.keys.id() };
    cabinet.say(&cabinet.registrar, say(revoke, As::REGISTRAR)).await;
    for out in [&retired, &Actor::new(revoked.member)] {
        assert!(cabinet.app.connect(cabinet.body, out.who()).await.is_err());
    }
    let session = cabinet.app.connect(cabinet.body, revoked.who()).await.unwrap();
    let page = session.entries(0).await.unwrap();
    let last = ecabinet_record::Leaf::parse(page.leaves.last().unwrap()).unwrap();
    let last = Header::parse(&last.envelope.header).unwrap();
    assert!(matches!(last.act, Act::DeviceRevoke(_)) && page.payloads.is_empty());
    assert_eq!(session.payloads(vec![0]).await.unwrap_err().code, "device.revoked");
}

struct Stage {
    cabinet: Cabinet,
    people: Vec<Somebody>,
    open: Published,
    /// Somebody's ballots, of an open and of a closed poll, who is nobody of these.
    ballot: u64,
    counted: u64,
    erased: u64,
    restricted: Published,
    /// A device of another's that waits.
    elsewhere: DeviceId,
}

impl Stage {
    async fn set(dir: &std::path::Path) -> Stage {
        let cabinet = Cabinet::create(dir).await;
        let desk = cabinet.member(&["secretariat"]).await;
        let chair = cabinet.member(&["member", "chair"]).await;
        let owner = cabinet.member(&["member"]).await;
        let other = cabinet.member(&["member"]).await;
        let nobody = cabinet.member(&["member"]).await;
        let waiting = cabinet.enrol(owner.member).await;
        let elsewhere = cabinet.enrol(nobody.member).await;
        let open = cabinet.publish(&desk, ALL, vec![owner.member, chair.member]).await;
        let restricted = cabinet.publish(&desk, &[Audience::Member(nobody.member)], vec![]).await;
        let closed = cabinet.open_poll(&desk, open.item).await;
        let counted = cabinet.ballot(&nobody, closed, open.rev, YES);
        let counted = cabinet.submit(&nobody, vec![counted], false).await;
        let counted = index(&counted.outcomes[0]);
        cabinet.say(&desk, say(PollClose { poll: closed }, Member::SECRETARIAT)).await;
        let poll = cabinet.open_poll(&desk, open.item).await;
        let gone = cabinet.publish(&desk, ALL, vec![]).await;
        let erase = PayloadErase { entry: Int::new(gone.paper_at).unwrap() };
        cabinet.say(&desk, say(erase, Member::SECRETARIAT).with("{}", ALL)).await;
        let ballot = cabinet.ballot(&nobody, poll, open.rev, YES);
        let ballot = index(&cabinet.submit(&nobody, vec![ballot], false).await.outcomes[0]);

        let invitation = cabinet.invite(other.member).await;
        let invited = Who::Invitation(invitation.1.public().sign);
        let invited_actor = Actor { keys: invitation.1.clone(), member: other.member };
        let mut people = Vec::new();
        let cast = [
            ("a registrar", 0, &cabinet.registrar, cabinet.registrar.who()),
            ("the secretary", 1, &desk, desk.who()),
            ("the chair", 2, &chair, chair.who()),
            ("the member concerned", 3, &owner, owner.who()),
            ("another member", 3, &other, other.who()),
            ("a device that waits", 4, &waiting, waiting.who()),
            ("the invited", 5, &invited_actor, invited),
        ];
        for (name, column, actor, who) in cast {
            let session = cabinet.app.connect(cabinet.body, who).await.unwrap();
            let votes = matches!(column, 2 | 3);
            let paper = match column {
                2 | 3 => Some(cabinet.publish(&desk, &[Audience::Member(actor.member)], vec![]).await),
                _ => None,
            };
            let own = match votes {
                true => {
                    let offer = cabinet.ballot(actor, poll, open.rev, YES);
                    Some(index(&cabinet.submit(actor, vec![offer], false).await.outcomes[0]))
                }
                false => None,
            };
            let entry = match column {
                0 => None,
                _ => Some(member_entry(&cabinet, actor.member).await),
            };
            let peer = match column {
                1..=3 => Some(cabinet.enrol(actor.member).await.keys.id()),
                4 => Some(owner.keys.id()),
                _ => None,
            };
            people.push(Somebody {
                name,
                column,
                actor: actor.clone(),
                session,
                entry,
                paper,
                ballot: own,
                space: Nonce(random()),
                peer,
                signs: [owner.member, chair.member].contains(&actor.member) && votes,
            });
        }
        for level in [2, 3] {
            let raise = BodyLevel { level: Int::new(level).unwrap() };
            cabinet.say(&cabinet.registrar, say(raise, As::REGISTRAR).at_level(level - 1)).await;
        }
        for member in [chair.member, owner.member, other.member] {
            let set = StaffSet { member, staff: vec![nobody.member] };
            cabinet.say(&cabinet.registrar, say(set, As::REGISTRAR).at_level(3)).await;
        }
        let (erased, elsewhere) = (gone.paper_at, elsewhere.keys.id());
        Stage { cabinet, people, open, ballot, counted, erased, restricted, elsewhere }
    }

    async fn ask(&self, request: &str, by: &Somebody) -> May {
        let of = |others: bool, own: bool| match (others, own) {
            (true, _) => May::Yes,
            (false, true) => May::Own,
            (false, false) => May::No,
        };
        let all = |answered: bool| if answered { May::Yes } else { May::No };
        let session = &by.session;
        match request {
            "`entries`: headers" => {
                all(session.entries(0).await.is_ok_and(|page| page.leaves.len() as u64 > self.ballot))
            }
            "`payloads`: a member's entry" => {
                let others = member_entry(&self.cabinet, self.other_than(by).member).await;
                of(self.payload(by, Some(others)).await, self.payload(by, by.entry).await)
            }
            "`payloads`: a paper for all" => all(self.payload(by, Some(self.open.paper_at)).await),
            "`payloads`: a restricted paper" => {
                let own = by.paper.as_ref().map(|paper| paper.paper_at);
                of(self.payload(by, Some(self.restricted.paper_at)).await, self.payload(by, own).await)
            }
            "`payloads`: a ballot, poll open" => {
                of(self.payload(by, Some(self.ballot)).await, self.payload(by, by.ballot).await)
            }
            "`payloads`: a ballot, poll closed" => all(self.payload(by, Some(self.counted)).await),
            "`payloads`: one erased" => all(self.payload(by, Some(self.erased)).await),
            "`chunks`: a paper for all" => all(self.chunks(by, &self.open).await),
            "`chunks`: a restricted paper" => {
                let own = match &by.paper {
                    Some(paper) => self.chunks(by, paper).await,
                    None => false,
                };
                of(self.chunks(by, &self.restricted).await, own)
            }
            "`missing_chunks`: what the server has" => {
                let told =
                    session.missing_chunks(vec![self.name()]).await.is_ok_and(|missing| missing.is_empty());
                of(told && !by.signs, told)
            }
            "`put_chunks`" => {
                let chunk = Bytes::from(format!("of {}", by.name));
                let name = content::chunk_name(&self.cabinet.chunk_key, &chunk);
                let taken = session.put_chunks(vec![(name, chunk)]).await.is_ok();
                of(taken && !by.signs, taken)
            }
            "`spaces`, `ops`: notes, sealed" => {
                let mut others = false;
                for other in self.people.iter().filter(|other| other.actor.member != by.actor.member) {
                    let _ = other.session.append_ops(vec![op(&other.actor, other.space)]).await;
                    let listed = session.spaces().await.unwrap_or_default();
                    others |= listed.iter().any(|space| space.space == other.space);
                    others |= session.ops(other.space, 0).await.is_ok_and(|ops| !ops.is_empty());
                }
                let _ = session.append_ops(vec![op(&by.actor, by.space)]).await;
                of(others, session.ops(by.space, 0).await.is_ok_and(|ops| !ops.is_empty()))
            }
            "`shared`, `shared_keys`, `ops`: of a member's staff" => {
                let his = self.shares(by, SpaceOwner::Staff(by.actor.member)).await;
                of(self.shares(by, SpaceOwner::Staff(self.other_than(by).member)).await, his)
            }
            "`shared`, `shared_keys`, `ops`: of the office" => all(self.shares(by, SpaceOwner::Desk).await),
            "`shared`, `shared_keys`, `ops`: of all members" => all(self.shares(by, SpaceOwner::All).await),
            "`append_ops`" => {
                let others = session.append_ops(vec![op(self.other_than(by), Nonce(random()))]).await.is_ok();
                of(others, session.append_ops(vec![op(&by.actor, Nonce(random()))]).await.is_ok())
            }
            "`put_space_keys`, `space_keys`" => {
                let key = |to: DeviceId| {
                    let (sealed, signature) = (b"x".to_vec().into(), Signature([0; 64]));
                    let (space, by_id) = (by.space, by.actor.keys.id());
                    SealedKey { space, epoch: 1, to, key: None, sealed, by: by_id, signature }
                        .sign(&by.actor.keys)
                };
                let others = session.put_space_keys(vec![key(self.other_than(by).keys.id())]).await.is_ok();
                let own = session.put_space_keys(vec![key(by.actor.keys.id())]).await.is_ok();
                let got = session.space_keys().await.is_ok_and(|keys| !keys.is_empty());
                of(others, own && got)
            }
            "`pair`" => {
                let says =
                    |waits: bool| if waits { PairSays::Commit } else { PairSays::Answer(Hash([3; 32])) };
                let step = |with| PairStep { with, commitment: Hash([1; 32]), says: says(by.column == 4) };
                let others = session.pair(vec![step(self.elsewhere)]).await.is_ok();
                let own = match by.peer {
                    // Only what the waiting one has begun can be answered.
                    Some(peer) if by.column != 4 => {
                        let begun = PairStep {
                            with: by.actor.keys.id(),
                            commitment: Hash([1; 32]),
                            says: PairSays::Commit,
                        };
                        let device =
                            self.cabinet.app.connect(self.cabinet.body, Who::Device(peer)).await.unwrap();
                        device.pair(vec![begun]).await.unwrap();
                        session.pair(vec![step(peer)]).await.is_ok()
                    }
                    Some(peer) => session.pair(vec![step(peer)]).await.is_ok(),
                    None => false,
                };
                of(others, own)
            }
            "`report`: what a device holds" => {
                let report = Report { meeting: self.open.meeting, ready_version: 1 };
                all(session.report(vec![report]).await.is_ok())
            }
            "`board`: what all devices hold" => all(session.board().await.is_ok()),
            "`ahead`, `hand_back`, `put_payloads`" => {
                let checkpoint = session.entries(0).await.map(|page| page.checkpoint).unwrap_or_default();
                let back = HandBack { from: 0, leaves: Vec::new(), checkpoint: checkpoint.clone() };
                let ahead = Ahead { checkpoint, size: 0, proof: Vec::new() };
                let asked = [
                    session.ahead(ahead).await.map(drop),
                    session.hand_back(back).await,
                    session.put_payloads(Vec::new()).await,
                ];
                let refused = |answer: &Answer<()>| {
                    answer.as_ref().is_err_and(|error| error.code == "device.not_active")
                };
                assert!(asked.iter().all(refused) || !asked.iter().any(refused), "{}: {asked:?}", by.name);
                all(!asked.iter().any(refused))
            }
            "`lacking`" => all(session.lacking().await.is_ok()),
            "`wait`" => all(session.wait(0).await.is_ok()),
            other => panic!("{other} has no example"),
        }
    }

    /// Whether somebody writes to a shared space and reads it: all of it, or nothing.
    async fn shares(&self, by: &Somebody, owner: SpaceOwner) -> bool {
        let space = owner.shared_id(self.cabinet.body).unwrap();
        let listed = |infos: Vec<SpaceInfo>| infos.iter().any(|info| info.space == space);
        let asked = [
            by.session.append_ops(vec![op(&by.actor, space)]).await.is_ok(),
            by.session.ops(space, 0).await.is_ok(),
            by.session.shared_keys(space).await.is_ok(),
            by.session.shared().await.is_ok_and(listed),
        ];
        assert!(asked.iter().all(|may| *may == asked[0]), "{}: {asked:?}", by.name);
        asked[0]
    }

    /// A member who is not the one who asks.
    fn other_than(&self, by: &Somebody) -> &Actor {
        let members = self.people.iter().filter(|other| other.column == 3);
        members.map(|other| &other.actor).find(|other| other.member != by.actor.member).expect("another")
    }

    async fn payload(&self, by: &Somebody, index: Option<u64>) -> bool {
        let Some(index) = index else { return false };
        let asked = by.session.payloads(vec![index]).await.unwrap().iter().any(|at| at.index == index);
        let page = by.session.entries(0).await.unwrap();
        assert_eq!(page.payloads.iter().any(|at| at.index == index), asked, "both ways: {}", by.name);
        asked
    }

    fn name(&self) -> ChunkName {
        content::chunk_name(&self.cabinet.chunk_key, b"first part")
    }

    async fn chunks(&self, by: &Somebody, of: &Published) -> bool {
        let want = WantChunks { paper: of.rev.paper, rev: of.rev.rev, names: vec![self.name()] };
        let mut got = false;
        let _ = by
            .session
            .chunks(want, &mut |_, bytes| {
                got = bytes == b"first part"[..];
                true
            })
            .await;
        got
    }
}

fn index(outcome: &Submitted) -> u64 {
    match outcome {
        Submitted::Recorded { index, .. } => *index,
        refused => panic!("{refused:?}"),
    }
}

/// The position of a member's entry, found by its header.
async fn member_entry(cabinet: &Cabinet, member: MemberId) -> u64 {
    let page = cabinet.entries(&cabinet.registrar).await;
    let of = |leaf: &[u8]| {
        let leaf = ecabinet_record::Leaf::parse(leaf)?;
        match Header::parse(&leaf.envelope.header)?.act {
            Act::MemberAdd(add) => Some(add.member),
            _ => None,
        }
    };
    page.leaves.iter().position(|leaf| of(leaf) == Some(member)).expect("a member") as u64
}

fn op(by: &Actor, space: SpaceId) -> StoredOp {
    let (device, nonce, prev) = (by.keys.id(), vec![0; 24].into(), Hash([0; 32]));
    let (ciphertext, signature) = (b"sealed".to_vec().into(), Signature([0; 64]));
    StoredOp { space, epoch: 1, device, n: 1, prev, nonce, ciphertext, signature }.sign(&by.keys)
}

/// The rows of the page's table, by request.
fn table() -> Vec<(String, [May; COLUMNS])> {
    let page = include_str!("../../../docs/security.md");
    let (_, section) = page.split_once("## Who may read what\n").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("another section");
    let rows = section.lines().filter(|line| line.starts_with("| `")).map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let request = cells.next().expect("a request").to_owned();
        let may = cells.map(|cell| match cell {
            "yes" => May::Yes,
            "own" => May::Own,
            "–" => May::No,
            other => panic!("{request}: {other}"),
        });
        (request.clone(), may.collect::<Vec<_>>().try_into().expect("a cell for each column"))
    });
    rows.collect()
}
