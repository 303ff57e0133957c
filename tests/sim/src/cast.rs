//! The cabinet with which every story begins: founded once, then copied.

use crate::asked;
use crate::disk::{Image, Stop};
use crate::model::Model;
use crate::world::{Done, Founded, HOUR, Role, SimKeyring, Task, World};
use ecabinet_client::{BriefPart, Client, Mark, NewBody, NewMember, NewPosition, Pair, Seen};
use ecabinet_domain::*;
use ecabinet_protocol::content::{MemberContent, Text};
use ecabinet_record::{KeyPair, Trust, hash};
use ecabinet_server::ServerKeys;
use ecabinet_server::store::{SqliteStore, Store};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Members who have devices; the first is the chair. One more has none yet.
pub const MEMBERS: usize = 3;
/// Who has no vote, prepares for the chair, and may act in a member's place.
pub const AIDE: usize = MEMBERS + 1;
pub const PEOPLE: usize = AIDE + 1;
/// What each of them has written before the story.
pub const FIRST_NOTE: &str = "ghi chú";
/// Computers in their boxes, for further devices.
const SPARES: usize = 2;
pub const BEGUN: u64 = 1_795_482_000_000;
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

const OFFICE: MemberId = MemberId([99; 16]);

/// One of the people in these offices: those with which he begins, if there are none.
pub fn person(at: usize, offices: &[&str]) -> NewMember {
    let usual: &[&str] = match at {
        0 => &[Member::VOTE, Member::CHAIR],
        AIDE => &["staff"],
        _ => &[Member::VOTE],
    };
    let offices = if offices.is_empty() { usual } else { offices };
    let content =
        MemberContent { name: format!("Thành viên Mẫu {}", at + 1), title: "Ủy viên".into() };
    let offices = offices.iter().map(ToString::to_string).collect();
    NewMember { id: member(at), offices, order: at as u64 + 1, content }
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
        let office = world.join_new(registrar, "office", Role::Office, OFFICE);
        let mut first = Vec::new();
        for at in 0..MEMBERS {
            first.push(world.join_new(registrar, &format!("member {at}"), Role::Person(at), member(at)));
        }
        // A first synchronisation begins each member's notes.
        first.iter().for_each(|at| world.sync_now(*at));
        for (at, laptop) in first.iter().copied().enumerate() {
            let name = format!("member {at}, second device");
            let second = world.join_new(registrar, &name, Role::Person(at), member(at));
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
        first.push(world.join_new(registrar, "aide", Role::Person(AIDE), member(AIDE)));
        world.sync_now(first[MEMBERS]);
        let client = world.client(registrar).expect("whole").expect("open");
        client.set_staff(world.body(), member(0), vec![member(AIDE)]).expect("set");
        world.sync_now(registrar);
        let client = world.client(office).expect("whole").expect("open");
        let body = world.body();
        let published = client.publish(body, asked::publication(None, ["một", "hai"])).expect("published");
        world.sync_now(office);
        let items = client.meeting(body, published.meeting).expect("here").items;
        let items: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let rule = Rule { positions: true, ..asked::plain() };
        client.open_poll(body, items[0], rule, &asked::question()).expect("a poll");
        client
            .send_form(body, asked::form(items[1], asked::form_until(world.now() + HOUR / 2), Vec::new()))
            .expect("a form");
        let rule = Rule { substitutes: true, ..asked::plain() };
        let block = client.open_block(body, items.clone(), rule, &asked::question()).expect("a block");
        world.sync_now(office);
        // One that is over, out of which an item is taken.
        let over =
            client.open_block(body, items.clone(), asked::plain(), &asked::question()).expect("a block");
        world.sync_now(office);
        world.sync_now(first[1]);
        let member_one = world.client(first[1]).expect("whole").expect("open");
        member_one.pull_item(body, over, items[1], None).expect("taken out");
        drop(member_one);
        world.sync_now(first[1]);
        world.sync_now(office);
        client.close_poll(body, over).expect("closed");
        // What the chair may confirm.
        let [one, none] = [1u32, 0].map(Int::from);
        let seen = Seen::Totals(act::Totals { yes: one, no: none, abstain: none, other: none });
        client.enter_hands(body, block, seen).expect("counted");
        world.sync_now(office);
        // Who prepares for the chair has begun.
        world.sync_now(first[MEMBERS]);
        let aide = world.client(first[MEMBERS]).expect("whole").expect("open");
        aide.set_brief(body, member(0), items[0], BriefPart::Summary, FIRST_NOTE).expect("written");
        drop(aide);
        world.sync_now(first[MEMBERS]);
        // One of the members has a substitute for some days.
        world.sync_now(first[1]);
        let member_one = world.client(first[1]).expect("whole").expect("open");
        let request = member_one.ask_substitute(body, asked::substitute(None, world.now())).expect("asked");
        for choice in [Stance::Object, Stance::Agree] {
            let new = NewPosition { item: items[0], choice, text: Some("Vì sao".into()) };
            member_one.state_position(body, new).expect("stated");
        }
        drop(member_one);
        world.sync_now(first[1]);
        world.sync_now(office);
        client.approve_substitute(body, request).expect("approved");
        world.sync_now(office);
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
        let time = world.now();
        // What was promised meanwhile is nobody's in a story.
        let mut model = Model::default();
        let mut founded = Founded::default();
        for leaf in &world.model.leaves {
            model.grow(leaf.to_vec()).expect("a whole beginning");
            let entry = founded.replica.replay(leaf, Trust::Verify).expect("a whole beginning");
            founded.headers.push(entry.expect("of our level").statement.header);
        }
        model.hear_what(&world.model);
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
        let mut members: Vec<NewMember> = (0..PEOPLE).map(|at| person(at, &[])).collect();
        let content = MemberContent { name: "Thư ký Mẫu".into(), title: "Văn phòng".into() };
        members.push(NewMember { id: OFFICE, offices: vec![Member::SECRETARIAT.into()], order: 99, content });
        client.add_members(body, members).expect("members");
        self.machines[registrar].device = Some(client.device_of(body).expect("known").to_string());
        self.sync_now(registrar);
        for _ in 1..LEVEL {
            client.raise_level(body).expect("raised");
            self.sync_now(registrar);
        }
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
