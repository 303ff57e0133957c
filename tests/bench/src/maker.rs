//! Records of any size, from a seed: real statements, signed by devices whose keys come from their names.

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content::{
    self, BodyContent, DeviceContent, ItemContent, MeetingContent, MemberContent, PollContent, Text,
};
use ecabinet_record::invitation::{Ticket, enrolment_proof};
use ecabinet_record::{Envelope, KeyPair, Leaf, Payload, Replica, Trust, hash};
use ecabinet_server::store::NewEntry;

/// Of the first entry, in ms since 1970.
const START: u64 = 1_767_000_000_000;
/// Invitations do not run out.
const EXPIRES: u64 = 4_000_000_000_000;

/// A device with its keys.
#[derive(Clone)]
pub struct Device {
    /// Its keys come from it when they are needed: as a key is kept here, on a page of its own, so many fill the machine.
    name: String,
    pub id: DeviceId,
    pub member: MemberId,
}

/// A poll with what its ballots must say.
#[derive(Clone)]
pub struct OpenPoll {
    pub id: StatementId,
    pub basis: Basis,
    pub papers: Vec<PaperHash>,
}

/// A body's record in the making.
pub struct Maker {
    /// Stands before the name of everybody: another body has other people.
    realm: String,
    pub replica: Replica,
    pub entries: Vec<NewEntry>,
    /// The log's own, where no server has one.
    pub log: KeyPair,
    pub ca: Hash,
    registrar: Device,
    pub secretary: Device,
    /// In protocol order.
    pub members: Vec<Device>,
}

impl Maker {
    /// A body of so many members with a vote, each with an active device, and a secretary. `server`: the keys that the
    /// genesis names.
    pub fn new(members: usize, server: Option<(PublicKey, Hash)>) -> Maker {
        Maker::of("", members, server)
    }

    /// The same in one of many bodies.
    pub fn of(realm: &str, members: usize, server: Option<(PublicKey, Hash)>) -> Maker {
        let named = |name: &str, member| device(&format!("{realm}{name}"), member);
        let log = keys("log");
        let (log_key, ca) = server.unwrap_or((log.public().sign, hash::sha256(b"ca")));
        let mut maker = Maker {
            realm: realm.to_owned(),
            replica: Replica::default(),
            entries: Vec::new(),
            log,
            ca,
            registrar: named("registrar", MemberId([0; 16])),
            secretary: named("secretary", MemberId(id16("secretary"))),
            members: Vec::new(),
        };
        maker.genesis(log_key);
        let secretary = maker.secretary.clone();
        maker.admit("secretary", &["secretariat"], &secretary, members as u64 + 1);
        for at in 0..members {
            let name = format!("member {at}");
            let new = named(&name, MemberId(id16(&name)));
            maker.admit(&name, &[Member::VOTE], &new, at as u64 + 1);
            maker.members.push(new);
        }
        maker
    }

    fn genesis(&mut self, log_key: PublicKey) {
        let act = BodyGenesis {
            registrars: vec![self.registrar.keys().public()],
            recovery: keys(&format!("{}body recovery", self.realm)).public(),
            log_key,
            ca: self.ca,
            level: Int::from(1),
        };
        let says = BodyContent {
            name: Text::vi("Ủy ban mẫu"),
            chunk_key: hash::sha256(b"chunk key"),
            rules: Vec::new(),
            timezone: None,
            paper_export: false,
            head: None,
            deadlines: Default::default(),
        };
        let registrar = self.registrar.clone();
        self.say(&registrar, As::REGISTRAR, act, Some(content::write(&says)));
    }

    /// Puts a member in office with an active device.
    fn admit(&mut self, name: &str, offices: &[&str], new: &Device, order: u64) {
        self.put_in_office(new.member, name, offices, order);
        let secret = secret(name);
        let invitation = self.invite(new.member, secret);
        let invited = KeyPair::from_invitation(&secret);
        let body = self.replica.body().expect("a genesis");
        let DeviceKeys { sign, enc } = new.keys().public();
        let proof = enrolment_proof(&invited, body, invitation, &new.keys().public());
        let act = DeviceEnrol { invitation, sign, enc, proof, recovery: None };
        self.say(new, Member::VOTE, act, Some(content::write(&DeviceContent { name: "Máy".into() })));
    }

    fn put_in_office(&mut self, member: MemberId, name: &str, offices: &[&str], order: u64) {
        let offices = offices.iter().map(|office| (*office).to_owned()).collect();
        let act = MemberAdd { member, offices, order: int(order) };
        let says = MemberContent { name: name.to_owned(), title: "Ủy viên".into() };
        let registrar = self.registrar.clone();
        self.say(&registrar, As::REGISTRAR, act, Some(content::write(&says)));
    }

    fn invite(&mut self, member: MemberId, secret: [u8; 16]) -> StatementId {
        let key = KeyPair::from_invitation(&secret).public().sign;
        let registrar = self.registrar.clone();
        self.say(&registrar, As::REGISTRAR, InvitationIssue { member, key, expires: int(EXPIRES) }, None)
    }

    /// A member without a device yet, invited to enrol a real one at the server of this address.
    pub fn invite_real(&mut self, name: &str, offices: &[&str], server: &str) -> Ticket {
        let member = MemberId(id16(name));
        self.put_in_office(member, name, offices, 900_000 + self.replica.size());
        let secret = secret(name);
        self.invite(member, secret);
        Ticket::new(server, self.replica.body().expect("a genesis"), self.ca, secret)
    }

    /// Publishes a meeting with so many items of one small paper each.
    pub fn meeting(&mut self, number: usize, items: usize, starts: u64) -> Vec<ItemId> {
        let meeting = MeetingId(id16(&format!("meeting {number}")));
        let secretary = self.secretary.clone();
        let (mut agenda, mut ids) = (Vec::new(), Vec::new());
        for at in 0..items {
            let name = format!("item {number} {at}");
            let item = ItemId(id16(&name));
            let says = ItemContent {
                title: format!("Nội dung {at}"),
                path: format!("{at:02}"),
                ..Default::default()
            };
            self.say(&secretary, Member::SECRETARIAT, ItemSet { meeting, item }, Some(content::write(&says)));
            let rev = Rev {
                paper: PaperId(id16(&format!("paper {name}"))),
                rev: RevId(id16(&format!("rev {name}"))),
            };
            let act = PaperPublish { item, paper: rev.paper, rev: rev.rev, signers: Vec::new() };
            let manifest = content::Manifest {
                sha256: hash::sha256(name.as_bytes()),
                size: 40_000,
                pages: 3,
                chunks: vec![content::ChunkRef {
                    name: hash::sha256(format!("chunk {name}").as_bytes()),
                    size: 40_000,
                }],
            };
            let says = content::PaperContent {
                title: "Dự thảo".into(),
                path: format!("{at:02}/Dự thảo.pdf"),
                manifest,
                watermark: false,
            };
            self.say(&secretary, Member::SECRETARIAT, act, Some(content::write(&says)));
            agenda.push(Placement { item, papers: vec![rev] });
            ids.push(item);
        }
        let says = MeetingContent {
            title: format!("Phiên họp {number}"),
            starts,
            place: None,
            reason: None,
            dossier: false,
        };
        let act = MeetingPublish { meeting, version: Int::from(1), agenda: Agenda(agenda) };
        self.say(&secretary, Member::SECRETARIAT, act, Some(content::write(&says)));
        ids
    }

    pub fn open_poll(&mut self, item: ItemId) -> OpenPoll {
        let rule = Rule::plain(
            vec![Choice::Yes, Choice::No, Choice::Abstain],
            PassRule { base: Base::Members, num: 1, den: 2, strict: true },
        );
        let says = PollContent {
            question: "Thông qua dự thảo nghị quyết?".into(),
            basis: "Quy chế".into(),
            labels: Default::default(),
            options: Vec::new(),
        };
        let secretary = self.secretary.clone();
        let id =
            self.say(&secretary, Member::SECRETARIAT, PollOpen { item, rule }, Some(content::write(&says)));
        let revs = self.replica.state().expect("a genesis").current_revs(item);
        let papers =
            revs.iter().map(|rev| PaperHash { rev: rev.rev, sha256: hash::sha256(&rev.rev.0) }).collect();
        OpenPoll { id, basis: Basis::of(revs), papers }
    }

    pub fn close_poll(&mut self, poll: StatementId) -> StatementId {
        let secretary = self.secretary.clone();
        self.say(&secretary, Member::SECRETARIAT, PollClose { poll }, None)
    }

    /// A member's ballot on a poll, recorded.
    pub fn ballot(&mut self, member: usize, poll: &OpenPoll) -> StatementId {
        let voter = self.members[member].clone();
        let (envelope, payload) = self.make_ballot(&voter, poll, None, member as u64);
        self.push(envelope, Some(payload))
    }

    /// The same, only made: signed on top of what is recorded.
    pub fn make_ballot(
        &self,
        voter: &Device,
        poll: &OpenPoll,
        replaces: Option<StatementId>,
        nonce: u64,
    ) -> (Envelope, Payload) {
        let seen = Seen { size: int(self.replica.size()), root: self.replica.tree().root() };
        ballot(self.replica.body().expect("a genesis"), seen, voter, poll, replaces, nonce)
    }

    /// The same record, to go on with apart; it holds what is said from here on only.
    pub fn continued(&self) -> Maker {
        Maker {
            realm: self.realm.clone(),
            replica: self.replica.clone(),
            entries: Vec::new(),
            log: self.log.clone(),
            registrar: self.registrar.clone(),
            secretary: self.secretary.clone(),
            members: self.members.clone(),
            ..*self
        }
    }

    fn say(
        &mut self,
        by: &Device,
        capacity: &str,
        act: impl Into<Act>,
        says: Option<Vec<u8>>,
    ) -> StatementId {
        let size = self.replica.size();
        let seen = Seen { size: int(size), root: self.replica.tree().root() };
        let payload = says.map(|bytes| payload(size, bytes));
        let header = header(self.replica.body(), seen, by, capacity, act.into(), payload.as_ref(), size);
        self.push(Envelope::sign(&header, &by.keys()), payload)
    }

    fn push(&mut self, envelope: Envelope, payload: Option<Payload>) -> StatementId {
        let (id, time) = (envelope.id(), START + self.replica.size() * 1000);
        let leaf = Leaf { time, envelope }.to_bytes();
        self.replica.replay(&leaf, Trust::Kept).unwrap_or_else(|bad| panic!("{bad}"));
        self.entries.push(NewEntry { leaf, payload });
        id
    }
}

/// A signed ballot.
pub fn ballot(
    body: BodyId,
    seen: Seen,
    voter: &Device,
    poll: &OpenPoll,
    replaces: Option<StatementId>,
    nonce: u64,
) -> (Envelope, Payload) {
    let choice = [Choice::Yes, Choice::Yes, Choice::No, Choice::Abstain][nonce as usize % 4];
    let says = BallotPayload { choice, options: None, text: None, papers: poll.papers.clone() };
    let payload =
        payload(nonce ^ u64::from_be_bytes(voter.id.0[..8].try_into().expect("8")), content::write(&says));
    let act = BallotCast { poll: poll.id, replaces, basis: poll.basis, in_place_of: None };
    let header = header(Some(body), seen, voter, Member::VOTE, act.into(), Some(&payload), nonce);
    (Envelope::sign(&header, &voter.keys()), payload)
}

fn header(
    body: Option<BodyId>,
    seen: Seen,
    by: &Device,
    capacity: &str,
    act: Act,
    payload: Option<&Payload>,
    nonce: u64,
) -> Header {
    let nonce = hash::concat(&[&by.id.0, &nonce.to_be_bytes(), act.kind().as_bytes()]);
    Header {
        body,
        level: 1,
        device: by.id,
        nonce: Nonce(nonce.0[..16].try_into().expect("16 bytes")),
        claimed: int(START + seen.size.get() * 1000),
        seen,
        capacity: As(capacity.to_owned()),
        act,
        payload: payload.map(Payload::commitment),
        audience: payload.map(|_| vec![Audience::All]).unwrap_or_default(),
    }
}

fn payload(salt: u64, bytes: Vec<u8>) -> Payload {
    Payload { salt: hash::concat(&[b"salt", &salt.to_be_bytes()]).0, bytes }
}

/// Keys from a name.
pub fn keys(name: &str) -> KeyPair {
    let half = |which: &str| hash::sha256(format!("{which} {name}").as_bytes()).0;
    KeyPair::from_seed(&[half("sign"), half("enc")].concat().try_into().expect("64 bytes"))
}

fn device(name: &str, member: MemberId) -> Device {
    Device { name: name.to_owned(), id: keys(name).id(), member }
}

impl Device {
    pub fn keys(&self) -> KeyPair {
        keys(&self.name)
    }
}

fn secret(name: &str) -> [u8; 16] {
    id16(&format!("invitation of {name}"))
}

fn id16(name: &str) -> [u8; 16] {
    hash::sha256(name.as_bytes()).0[..16].try_into().expect("16 bytes")
}

fn int(value: u64) -> Int {
    Int::new(value).expect("below 2^53")
}
