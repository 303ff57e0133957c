//! The cabinet with which every story begins: founded once, then copied.

use crate::disk::{Image, Stop};
use crate::model::Model;
use crate::world::{Done, Founded, Role, SimKeyring, Task, World};
use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Client, Mark, NewBody, NewMember, Pair};
use ecabinet_domain::*;
use ecabinet_protocol::content::{ItemContent, MeetingContent, MemberContent, PollContent, Text};
use ecabinet_record::{KeyPair, Trust, hash};
use ecabinet_server::ServerKeys;
use ecabinet_server::store::{SqliteStore, Store};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Members who have devices; the first is the chair. One more has none yet.
pub const MEMBERS: usize = 3;
/// What each of them has written before the story.
pub const FIRST_NOTE: &str = "ghi chú";
/// Computers in their boxes, for further devices.
const SPARES: usize = 2;
const BEGUN: u64 = 1_795_482_000_000;
const TOKEN: &str = "leave to create a body";

/// A founded cabinet, switched off.
pub struct Cast {
    server: Image,
    keys: ServerKeys,
    machines: Vec<Kept>,
    body: BodyId,
    time: u64,
    /// What is true of it.
    model: Model,
    founded: Arc<Founded>,
}

struct Kept {
    name: String,
    role: Role,
    image: Image,
    keyring: BTreeMap<String, Vec<u8>>,
    device: Option<String>,
    code: Option<String>,
}

pub fn member(at: usize) -> MemberId {
    MemberId([at as u8 + 1; 16])
}

const STAFF: MemberId = MemberId([99; 16]);

pub fn new_member(at: usize) -> NewMember {
    let mut offices = vec![Member::VOTE.to_owned()];
    if at == 0 {
        offices.push(Member::CHAIR.into());
    }
    let content =
        MemberContent { name: format!("Thành viên Mẫu {}", at + 1), title: "Ủy viên".into() };
    NewMember { id: member(at), offices, order: at as u64 + 1, content }
}

/// A meeting of two items with a paper each. A text makes a paper; the same text makes the same one.
pub fn publication(meeting: Option<MeetingId>, papers: [&str; 2]) -> Publication {
    let items = papers.iter().enumerate().map(|(at, text)| {
        let path = format!("{at}");
        let paper = NewPaper {
            title: "Tờ trình".into(),
            path: format!("{path}/Tờ trình.pdf"),
            bytes: paper(text),
            pages: 1,
            audience: vec![Audience::All],
            signers: Vec::new(),
            watermark: false,
        };
        let content = ItemContent { title: format!("Nội dung {at}"), path, ..Default::default() };
        NewItem { content, audience: vec![Audience::All], papers: vec![paper] }
    });
    let content = MeetingContent {
        title: "Phiên họp".into(),
        starts: BEGUN,
        place: None,
        reason: None,
        dossier: false,
    };
    Publication { meeting, content, items: items.collect() }
}

/// Two chunks or so; nothing parses it here.
fn paper(text: &str) -> Vec<u8> {
    let mut dice = crate::dice::Dice::new(text.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    let mut bytes = format!("%PDF-1.4\n{text}\n").into_bytes();
    bytes.resize(20_000 + bytes.len(), 0);
    let from = bytes.len() - 20_000;
    dice.fill(&mut bytes[from..]);
    bytes
}

pub fn rule() -> Rule {
    Rule::plain(
        vec![Choice::Yes, Choice::No, Choice::Abstain],
        PassRule { base: Base::Members, num: 1, den: 2, strict: true },
    )
}

pub fn question() -> PollContent {
    let (question, basis) = ("Thông qua?".into(), "Quy chế mẫu".into());
    PollContent { question, basis, labels: BTreeMap::new(), options: Vec::new() }
}

impl Cast {
    pub fn found() -> Cast {
        let keys = ServerKeys::new(vec![KeyPair::from_seed(&[7; 64])], Hash([8; 32]), [9; 32]);
        let mut world = World::new(1, &Image::empty(), keys.clone(), BEGUN);
        let disk = world.server.disk.boot();
        let store = SqliteStore::open_on(&disk, &disk.root().join("record.db")).expect("a store");
        store.add_token(hash::sha256(TOKEN.as_bytes()), 1).expect("a token");
        drop(store);
        world.start_server().expect("a server");

        let registrar = world.add_machine("registrar", Role::Registrar, &Image::empty());
        world.found_body(registrar);
        let staff = world.join_new(registrar, "staff", Role::Staff, STAFF);
        let mut first = Vec::new();
        for at in 0..MEMBERS {
            first.push(world.join_new(registrar, &format!("member {at}"), Role::Member(at), member(at)));
        }
        // A first synchronisation begins each member's notes.
        first.iter().for_each(|at| world.sync_now(*at));
        for (at, laptop) in first.iter().copied().enumerate() {
            let name = format!("member {at}, second device");
            let second = world.join_new(registrar, &name, Role::Member(at), member(at));
            for machine in [second, laptop, second, laptop] {
                world.sync_now(machine);
            }
            // The last waits: its digits are there to be compared.
            if at == MEMBERS - 1 {
                continue;
            }
            let device = world.machines[second].device.clone().expect("joined");
            let client = world.client(laptop).expect("whole").expect("open");
            let device = device.parse().expect("an id");
            let digits = digits(&client, world.body(), device);
            client.confirm_device(world.body(), device, digits.as_deref()).expect("confirmed");
            world.sync_now(laptop);
        }
        let client = world.client(staff).expect("whole").expect("open");
        let body = world.body();
        let published = client.publish(body, publication(None, ["một", "hai"])).expect("published");
        world.sync_now(staff);
        let item = client.meeting(body, published.meeting).expect("here").items[0].id;
        client.open_poll(body, item, rule(), &question()).expect("a poll");
        world.sync_now(staff);
        drop(client);
        // Each member has a note already, on all of his devices: the first thing to happen may be that two write over it.
        for laptop in first {
            world.sync_now(laptop);
            let client = world.client(laptop).expect("whole").expect("open");
            let state = client.state(body).expect("a record");
            let (paper, known) = state.papers.iter().next().expect("published");
            let rev = Rev { paper: *paper, rev: known.revs[0].0 };
            client.add_mark(body, &Mark::note(rev, 0), Some(FIRST_NOTE)).expect("written");
        }
        for at in 0..world.machines.len() {
            world.sync_now(at);
        }
        for at in 0..SPARES {
            world.add_machine(&format!("new computer {at}"), Role::Spare, &Image::empty());
        }
        world.catch_up().expect("whole");
        let machines = (0..world.machines.len()).map(|at| world.keep(at)).collect();
        (world.server.app, world.server.store, world.server.chunks) = (None, None, None);
        world.server.disk.stop(Stop::Kill);
        let time = world.time.load(std::sync::atomic::Ordering::Relaxed);
        // What was promised meanwhile is nobody's in a story.
        let mut model = Model::default();
        let mut founded = Founded::default();
        for leaf in &world.model.leaves {
            model.grow(leaf.to_vec()).expect("a whole beginning");
            let entry = founded.replica.replay(leaf, Trust::Verify).expect("a whole beginning");
            founded.headers.push(entry.expect("of our level").statement.header);
        }
        let founded = Arc::new(founded);
        Cast { server: world.server.disk.image(), keys, machines, body, time, model, founded }
    }

    /// The server's data at the beginning of a story.
    pub fn server(&self) -> &Image {
        &self.server
    }

    /// The cabinet, switched off, at the beginning of a story.
    pub fn world(&self, seed: u64) -> World {
        let mut world = World::new(seed, &self.server, self.keys.clone(), self.time);
        world.body = Some(self.body);
        for kept in &self.machines {
            let at = world.add_machine(&kept.name, kept.role, &kept.image);
            let machine = &mut world.machines[at];
            machine.keyring = Arc::new(SimKeyring(Mutex::new(kept.keyring.clone())));
            (machine.device, machine.code) = (kept.device.clone(), kept.code.clone());
        }
        world.model = self.model.clone();
        world.founded = self.founded.clone();
        world
    }
}

impl World {
    /// Runs a task to its end, on a quiet line.
    fn finish(&mut self, at: usize, task: Task) -> Done {
        let mut done = self.start(at, task).expect("whole");
        while done.is_empty() {
            done = self.deliver().expect("whole").expect("something waits").1;
        }
        done.remove(0)
    }

    fn sync_now(&mut self, at: usize) {
        let task = sync(&self.client(at).expect("whole").expect("open"), self.body());
        match self.finish(at, task) {
            Done::Synced(Ok(_)) => {}
            Done::Synced(Err(error)) => panic!("{}: {}", self.machines[at].name, error.0),
            _ => unreachable!("a synchronisation"),
        }
    }

    fn found_body(&mut self, registrar: usize) {
        let client = self.client(registrar).expect("whole").expect("open");
        let new = NewBody {
            server: "sim".into(),
            ca: self.server.keys.ca,
            token: TOKEN.into(),
            name: Text::vi("Ủy ban mẫu"),
            rules: Vec::new(),
            timezone: Default::default(),
            paper_export: Default::default(),
            head: None,
            deadlines: Default::default(),
        };
        let creating = client.clone();
        let task =
            Box::pin(async move { Done::Created(creating.create_body(new).await.map(|made| made.body)) });
        let Done::Created(Ok(body)) = self.finish(registrar, task) else { panic!("no body") };
        client.recovery_code_told(body).expect("printed");
        self.body = Some(body);
        let mut members: Vec<NewMember> = (0..=MEMBERS).map(new_member).collect();
        let content = MemberContent { name: "Thư ký Mẫu".into(), title: "Văn phòng".into() };
        members.push(NewMember { id: STAFF, offices: vec![Member::SECRETARIAT.into()], order: 99, content });
        client.add_members(body, members).expect("members");
        self.machines[registrar].device = Some(client.device_of(body).expect("known").to_string());
        self.sync_now(registrar);
    }

    fn join_new(&mut self, registrar: usize, name: &str, role: Role, member: MemberId) -> usize {
        let inviting = self.client(registrar).expect("whole").expect("open");
        let made = inviting.invite(self.body(), member, 3_600_000).expect("invited");
        self.sync_now(registrar);
        let at = self.add_machine(name, role, &Image::empty());
        let client = self.client(at).expect("whole").expect("open");
        let joining = client.clone();
        let task = Box::pin(async move { Done::Joined(joining.join(&made.ticket, "Máy thử").await) });
        let Done::Joined(joined) = self.finish(at, task) else { unreachable!("a joining") };
        let joined = joined.expect("joined");
        client.recovery_code_told(self.body()).expect("written down");
        let machine = &mut self.machines[at];
        (machine.device, machine.code) = (Some(joined.device.to_string()), joined.recovery_code);
        at
    }

    /// Closes a machine properly and keeps what lies on its disk.
    fn keep(&mut self, at: usize) -> Kept {
        let machine = &mut self.machines[at];
        machine.client = None;
        machine.disk.stop(Stop::Kill);
        Kept {
            name: machine.name.clone(),
            role: machine.role,
            image: machine.disk.image(),
            keyring: machine.keyring.0.lock().expect("whole").clone(),
            device: machine.device.clone(),
            code: machine.code.clone(),
        }
    }
}

/// What a device shows for another of its member.
pub fn digits(client: &Client, body: BodyId, of: DeviceId) -> Option<String> {
    let pairs = client.pairs(body).ok()?;
    pairs.into_iter().find_map(|(device, pair)| match pair {
        Pair::Digits(digits) if device == of => Some(digits),
        _ => None,
    })
}

pub fn sync(client: &Arc<Client>, body: BodyId) -> Task {
    let client = client.clone();
    Box::pin(async move { Done::Synced(client.sync(body, false).await) })
}
