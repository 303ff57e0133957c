//! A small cabinet: actors with their devices, and the statements they make.

#![allow(dead_code)]

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content::{self, BodyContent, ChunkRef, Manifest, MemberContent, PaperContent, Text};
use ecabinet_protocol::sync::*;
use ecabinet_record::{Checkpoint, Envelope, KeyPair, Payload, hash, invitation};
use ecabinet_server::chunks::ChunkFolder;
use ecabinet_server::clock::{Clock, SystemClock};
use ecabinet_server::store::{SqliteStore, Store};
use ecabinet_server::{App, ServerKeys, Session};
use std::path::Path;
use std::sync::Arc;

pub const TOKEN: &str = "token";

pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

pub fn open_with(dir: &Path, clock: Arc<dyn Clock>) -> App {
    let store = SqliteStore::open(&dir.join("record.db")).unwrap();
    store.add_token(hash::sha256(TOKEN.as_bytes()), 1).unwrap();
    let chunks = ChunkFolder::open(&dir.join("chunks")).unwrap();
    let mut keys = ServerKeys::new(vec![next_log_key(), log_key()], Hash([9; 32]), [5; 32]);
    keys.next_ca = Some(NEXT_CA);
    App::open(Arc::new(store), Arc::new(chunks), keys, clock).unwrap()
}

/// A server over a directory; the same directory again is the same server after a restart, or a second one beside it.
pub fn open(dir: &Path) -> App {
    open_with(dir, Arc::new(SystemClock))
}

pub fn log_key() -> KeyPair {
    KeyPair::from_seed(&[3; 64])
}

/// What the server may go on with.
pub fn next_log_key() -> KeyPair {
    KeyPair::from_seed(&[4; 64])
}

/// The body's, on paper.
pub fn printed_key() -> KeyPair {
    KeyPair::from_seed(&[6; 64])
}

/// The CA that the server has prepared.
pub const NEXT_CA: Hash = Hash([8; 32]);

/// A device and whose it is.
#[derive(Clone)]
pub struct Actor {
    pub keys: KeyPair,
    pub member: MemberId,
}

impl Actor {
    pub fn new(member: MemberId) -> Actor {
        Actor { keys: KeyPair::from_seed(&random()), member }
    }

    pub fn who(&self) -> Who {
        Who::Device(self.keys.id())
    }
}

#[derive(Clone)]
pub struct Cabinet {
    pub app: App,
    pub body: BodyId,
    pub registrar: Actor,
    pub chunk_key: Hash,
}

/// An act with what goes around it.
pub struct Say {
    act: Act,
    capacity: String,
    payload: Option<Vec<u8>>,
    audience: Vec<Audience>,
    seen: Seen,
    level: u64,
}

pub fn say(act: impl Into<Act>, capacity: &str) -> Say {
    let seen = Seen { size: Int::from(0), root: hash::sha256(b"") };
    Say { act: act.into(), capacity: capacity.into(), payload: None, audience: vec![], seen, level: 1 }
}

impl Say {
    pub fn with(mut self, payload: impl Into<Vec<u8>>, audience: &[Audience]) -> Say {
        self.payload = Some(payload.into());
        self.audience = audience.to_vec();
        self
    }

    /// On top of a checkpoint; else of nothing.
    pub fn on(mut self, end: &Checkpoint) -> Say {
        self.seen = Seen { size: Int::new(end.size).unwrap(), root: end.root };
        self
    }

    pub fn at_level(mut self, level: u64) -> Say {
        self.level = level;
        self
    }
}

pub const ALL: &[Audience] = &[Audience::All];

fn sign(keys: &KeyPair, body: Option<BodyId>, say: Say) -> Offer {
    let payload = say.payload.map(|bytes| Payload { salt: random(), bytes });
    let header = Header {
        body,
        level: say.level,
        device: keys.id(),
        nonce: Nonce(random()),
        claimed: Int::from(1),
        seen: say.seen,
        capacity: As(say.capacity),
        act: say.act,
        payload: payload.as_ref().map(|payload| payload.commitment()),
        audience: say.audience,
    };
    Offer::new(Envelope::sign(&header, keys), payload)
}

pub fn genesis(registrar: &KeyPair, chunk_key: Hash) -> Offer {
    let act = BodyGenesis {
        registrars: vec![registrar.public()],
        recovery: printed_key().public(),
        log_key: log_key().public().sign,
        ca: Hash([9; 32]),
        level: Int::from(1),
    };
    let content = BodyContent {
        name: Text::vi("UBND xã"),
        chunk_key,
        rules: vec![],
        timezone: None,
        paper_export: false,
        head: None,
        deadlines: Default::default(),
    };
    sign(registrar, None, say(act, As::REGISTRAR).with(content::write(&content), ALL))
}

impl Cabinet {
    pub async fn create(dir: &Path) -> Cabinet {
        Self::create_in(open(dir)).await
    }

    pub async fn create_in(app: App) -> Cabinet {
        let registrar = Actor::new(MemberId([0; 16]));
        let chunk_key = Hash(random());
        let genesis = genesis(&registrar.keys, chunk_key);
        let body = BodyId::from(genesis.envelope().id());
        app.create_body(CreateBody { token: TOKEN.into(), genesis }).await.unwrap();
        Cabinet { app, body, registrar, chunk_key }
    }

    pub async fn as_(&self, actor: &Actor) -> Session {
        self.app.connect(self.body, actor.who()).await.unwrap()
    }

    pub fn offer(&self, by: &Actor, say: Say) -> Offer {
        sign(&by.keys, Some(self.body), say)
    }

    pub async fn submit(&self, by: &Actor, offers: Vec<Offer>, together: bool) -> SubmitAnswer {
        self.as_(by).await.submit(Submit { offers, together }).await.unwrap()
    }

    pub async fn try_say(&self, by: &Actor, say: Say) -> Submitted {
        let offer = self.offer(by, say);
        self.submit(by, vec![offer], false).await.outcomes.remove(0)
    }

    /// The position; panics with the refusal's code.
    pub async fn say(&self, by: &Actor, say: Say) -> (StatementId, u64) {
        match self.try_say(by, say).await {
            Submitted::Recorded { statement, index } => (statement, index),
            Submitted::Refused { refusal, params } => panic!("{} {params:?}", refusal.code),
        }
    }

    /// The code of the refusal, which the log's key must have signed.
    pub fn refused(&self, outcome: &Submitted) -> String {
        let Submitted::Refused { refusal, .. } = outcome else { panic!("not refused: {outcome:?}") };
        assert!(refusal.verify(self.body, &log_key().public().sign));
        refusal.code.clone()
    }

    /// A member who holds the offices, not enrolled yet.
    pub async fn add_member(&self, offices: &[&str]) -> MemberId {
        let member = MemberId(random());
        let offices = offices.iter().map(|office| office.to_string()).collect();
        let act = MemberAdd { member, offices, order: Int::from(1) };
        let content = MemberContent { name: "Nguyễn Văn A".into(), title: "Ủy viên".into() };
        self.say(&self.registrar, say(act, As::REGISTRAR).with(content::write(&content), ALL)).await;
        member
    }

    /// An invitation of the member: its statement and its secret's key pair.
    pub async fn invite(&self, member: MemberId) -> (StatementId, KeyPair) {
        let keys = KeyPair::from_invitation(&random());
        let expires = Int::new(4_000_000_000_000).unwrap();
        let act = InvitationIssue { member, key: keys.public().sign, expires };
        let (invitation, _) = self.say(&self.registrar, say(act, As::REGISTRAR)).await;
        (invitation, keys)
    }

    pub fn enrolment(&self, actor: &Actor, (invitation, keys): &(StatementId, KeyPair)) -> Offer {
        let device = actor.keys.public();
        let proof = invitation::enrolment_proof(keys, self.body, *invitation, &device);
        let act = DeviceEnrol {
            invitation: *invitation,
            sign: device.sign,
            enc: device.enc,
            proof,
            recovery: None,
        };
        self.offer(actor, say(act, Member::VOTE))
    }

    /// Brings a new device of the member in through an invitation's session.
    pub async fn enrol(&self, member: MemberId) -> Actor {
        let actor = Actor::new(member);
        let invitation = self.invite(member).await;
        let session = self.app.connect(self.body, Who::Invitation(invitation.1.public().sign)).await.unwrap();
        let offers = vec![self.enrolment(&actor, &invitation)];
        let answer = session.submit(Submit { offers, together: false }).await.unwrap();
        assert!(matches!(answer.outcomes[0], Submitted::Recorded { .. }), "{:?}", answer.outcomes);
        actor
    }

    pub async fn member(&self, offices: &[&str]) -> Actor {
        let member = self.add_member(offices).await;
        self.enrol(member).await
    }

    /// Puts chunks and gives the payload of a paper made of them.
    pub async fn upload(&self, by: &Actor, title: &str, parts: &[&[u8]]) -> PaperContent {
        let chunks =
            parts.iter().map(|part| (content::chunk_name(&self.chunk_key, part), part.to_vec().into()));
        self.as_(by).await.put_chunks(chunks.collect()).await.unwrap();
        self.paper(title, parts)
    }

    pub fn paper(&self, title: &str, parts: &[&[u8]]) -> PaperContent {
        let chunks = parts.iter().map(|part| ChunkRef {
            name: content::chunk_name(&self.chunk_key, part),
            size: part.len() as u32,
        });
        let whole = parts.concat();
        let manifest = Manifest {
            sha256: hash::sha256(&whole),
            size: whole.len() as u64,
            pages: 1,
            chunks: chunks.collect(),
        };
        PaperContent { title: title.into(), path: title.into(), manifest, watermark: false }
    }

    pub async fn entries(&self, by: &Actor) -> EntriesPage {
        self.as_(by).await.entries(0).await.unwrap()
    }

    /// Where the record ends.
    pub async fn end(&self) -> Checkpoint {
        Checkpoint::parse(&self.entries(&self.registrar).await.checkpoint).unwrap()
    }

    /// Positions of the payloads that the actor is given.
    pub async fn sees(&self, by: &Actor) -> Vec<u64> {
        self.entries(by).await.payloads.iter().map(|at| at.index).collect()
    }
}

/// A meeting with one item and one paper, published.
pub struct Published {
    pub item: ItemId,
    pub rev: Rev,
    pub paper_at: u64,
    pub meeting: MeetingId,
}

impl Cabinet {
    pub async fn publish(&self, desk: &Actor, audience: &[Audience], signers: Vec<MemberId>) -> Published {
        const DESK: &str = Member::SECRETARIAT;
        let (meeting, item) = (MeetingId(random()), ItemId(random()));
        let rev = Rev { paper: PaperId(random()), rev: RevId(random()) };
        let paper = self.upload(desk, "Tờ trình", &[b"first part", b"second part"]).await;
        let agenda = Agenda(vec![Placement { item, papers: vec![rev] }]);
        let offers = vec![
            self.offer(desk, say(ItemSet { meeting, item }, DESK).with("{}", ALL)),
            self.offer(
                desk,
                say(PaperPublish { item, paper: rev.paper, rev: rev.rev, signers }, DESK)
                    .with(content::write(&paper), audience),
            ),
            self.offer(
                desk,
                say(MeetingPublish { meeting, version: Int::from(1), agenda }, DESK).with("{}", ALL),
            ),
        ];
        let answer = self.submit(desk, offers, true).await;
        let Submitted::Recorded { index: paper_at, .. } = answer.outcomes[1] else {
            panic!("{:?}", answer.outcomes)
        };
        assert!(answer.outcomes.iter().all(|outcome| matches!(outcome, Submitted::Recorded { .. })));
        Published { item, rev, paper_at, meeting }
    }

    pub async fn open_poll(&self, by: &Actor, item: ItemId) -> StatementId {
        self.say(by, say(PollOpen { item, rule: usual_rule() }, Member::SECRETARIAT).with("{}", ALL)).await.0
    }

    pub fn ballot(&self, by: &Actor, poll: StatementId, rev: Rev, payload: &str) -> Offer {
        let act = BallotCast { poll, replaces: None, basis: Basis::of(&[rev]), in_place_of: None };
        self.offer(by, say(act, Member::VOTE).with(payload, ALL))
    }
}

/// More than half of all members.
pub fn usual_rule() -> Rule {
    Rule::plain(
        vec![Choice::Yes, Choice::No, Choice::Abstain],
        PassRule { base: Base::Members, num: 1, den: 2, strict: true },
    )
}

pub const YES: &str = r#"{"choice":"yes","papers":[]}"#;
