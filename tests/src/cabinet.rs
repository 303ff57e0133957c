//! A small body: a registrar, a secretary, and members of whom the first is the chair.

use crate::{Person, Server};
use ecabinet_client::packs::{NewItem, NewPaper, Publication, Published};
use ecabinet_client::{Env, NewBody, NewMember, ca_hash};
use ecabinet_domain::*;
use ecabinet_protocol::content::{
    ItemContent, MeetingContent, MemberContent, PollContent, RuleContent, Text,
};
use ecabinet_record::invitation::Ticket;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// Members with a vote.
pub const MEMBERS: usize = 5;

pub struct Cabinet {
    pub dir: TempDir,
    pub server: Server,
    pub registrar: Person,
    pub secretary: Person,
    pub body: BodyId,
    /// The body's printed recovery key.
    pub printed: String,
    /// What devices of it take from the world.
    pub env: Env,
}

impl Cabinet {
    /// Server running, body created, members in office, the secretary at the desk.
    pub async fn open() -> Cabinet {
        Cabinet::open_in(TempDir::new().expect("a folder"), Env::real()).await
    }

    /// The same in a folder that is there, and in another world.
    pub async fn open_in(dir: TempDir, env: Env) -> Cabinet {
        Cabinet::open_by(dir, env, Vec::new()).await
    }

    /// The same with rules that polls are opened with.
    pub async fn open_by(dir: TempDir, env: Env, rules: Vec<RuleContent>) -> Cabinet {
        rustls::crypto::ring::default_provider().install_default().ok();
        let server = Server::start(dir.path());
        let mut registrar = Person::new(dir.path().join("registrar"), env.clone());
        let new = NewBody {
            server: server.address.clone(),
            ca: ca_hash(&std::fs::read(&server.ca_file).expect("a certificate")).expect("a certificate"),
            token: server.token.clone(),
            name: Text::vi("Ủy ban mẫu"),
            rules,
            timezone: Default::default(),
            paper_export: true,
            head: None,
            deadlines: Default::default(),
        };
        let created = registrar.client().create_body(new).await.expect("a body");
        let (body, printed) = (created.body, created.recovery_code);
        registrar.client().recovery_code_told(body).expect("printed");
        registrar.body = Some(body);
        let mut members: Vec<NewMember> = (0..MEMBERS).map(member).collect();
        members.push(NewMember {
            id: MemberId([99; 16]),
            offices: vec!["secretariat".into()],
            order: 99,
            content: MemberContent { name: "Thư ký Mẫu".into(), title: "Văn phòng".into() },
        });
        registrar.client().add_members(body, members).expect("members");
        registrar.sync().await;
        let secretary = Person::new(dir.path().join("secretary"), env.clone());
        let mut cabinet = Cabinet { dir, server, registrar, secretary, body, printed, env };
        let ticket = cabinet.invite(MemberId([99; 16])).await;
        cabinet.secretary.join(&ticket).await.expect("the secretary joins");
        cabinet
    }

    /// Brings in somebody without a vote, who prepares for others.
    pub async fn add_staff(&self, id: MemberId, name: &str) {
        self.add_person(id, name, "Chuyên viên", "staff").await;
    }

    /// Brings in somebody without a vote, in an office.
    pub async fn add_person(&self, id: MemberId, name: &str, title: &str, office: &str) {
        let content = MemberContent { name: name.into(), title: title.into() };
        let new = NewMember { id, offices: vec![office.into()], order: 200, content };
        self.registrar.client().add_members(self.body, vec![new]).expect("added");
        self.registrar.sync().await;
    }

    /// Says who prepares for a member.
    pub async fn prepares(&self, member: usize, staff: &[MemberId]) {
        let client = self.registrar.client();
        client.set_staff(self.body, Self::id(member), staff.to_vec()).expect("set");
        self.registrar.sync().await;
    }

    pub fn id(member: usize) -> MemberId {
        MemberId([member as u8 + 1; 16])
    }

    /// Raises the body to the third level, in which there are positions, blocks, conclusions.
    pub async fn raise(&self) {
        for level in [2, 3] {
            assert_eq!(self.registrar.client().raise_level(self.body).expect("raised").1, level);
            self.registrar.sync().await;
        }
        self.secretary.sync().await;
    }

    pub async fn invite(&self, member: MemberId) -> Ticket {
        let made = self.registrar.client().invite(self.body, member, 3_600_000).expect("an invitation");
        self.registrar.sync().await;
        made.ticket
    }

    /// A member's first device, or a further one by another name.
    pub async fn join(&self, member: usize, device: &str) -> Person {
        let ticket = self.invite(Self::id(member)).await;
        let mut person = Person::new(self.path(device), self.env.clone());
        person.join(&ticket).await.expect("joins");
        person
    }

    /// The six digits that each of two devices shows for the other, once they have talked.
    pub async fn digits(&self, old: &Person, new: &Person) -> (Option<String>, Option<String>) {
        for person in [new, old, new, old] {
            person.sync().await;
        }
        (old.digits_with(new), new.digits_with(old))
    }

    /// The person compares the digits and confirms on the device in use.
    pub async fn confirm(&self, old: &Person, new: &Person) {
        let (here, there) = self.digits(old, new).await;
        assert_eq!(here, there, "the same on both screens");
        old.client().confirm_device(self.body, new.device(), here.as_deref()).expect("confirmed");
        old.sync().await;
        new.sync().await;
        old.sync().await;
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// Publishes one item with one paper and waits until it is recorded.
    pub async fn publish(&self, meeting: Option<MeetingId>, text: &str) -> Published {
        self.publish_for(meeting, &[("Nội dung một", text, vec![Audience::All])]).await
    }

    /// Publishes items, each with one paper: title, the paper's text, who may see both.
    pub async fn publish_for(
        &self,
        meeting: Option<MeetingId>,
        items: &[(&str, &str, Vec<Audience>)],
    ) -> Published {
        let items = items.iter().map(|(title, text, audience)| NewItem {
            content: ItemContent { title: (*title).into(), path: (*title).into(), ..Default::default() },
            audience: audience.clone(),
            papers: vec![NewPaper {
                title: "Dự thảo nghị quyết".into(),
                path: format!("{title}/Dự thảo nghị quyết.pdf"),
                bytes: paper(text),
                pages: 1,
                audience: audience.clone(),
                signers: vec![Self::id(0)],
                watermark: false,
            }],
        });
        let publication = Publication {
            meeting,
            content: MeetingContent {
                title: "Phiên họp mẫu".into(),
                starts: 1_795_482_000_000,
                place: None,
                reason: None,
                dossier: false,
            },
            items: items.collect(),
        };
        let published = self.secretary.client().publish(self.body, publication).expect("published");
        self.secretary.sync().await;
        published
    }

    /// Publishes one item with one real paper, which the chair may sign once it is adopted.
    pub async fn publish_pdf(&self, bytes: Vec<u8>) -> Published {
        let published = self.queue_pdf(bytes);
        self.secretary.sync().await;
        published
    }

    /// The same, left in the outbox.
    pub fn queue_pdf(&self, bytes: Vec<u8>) -> Published {
        let paper = NewPaper {
            title: "Dự thảo nghị quyết".into(),
            path: "1/Dự thảo nghị quyết.pdf".into(),
            bytes,
            pages: 3,
            audience: vec![Audience::All],
            signers: vec![Self::id(0)],
            watermark: false,
        };
        self.queue_papers(None, vec![paper])
    }

    /// Publishes one item with these papers.
    pub async fn publish_papers(&self, papers: Vec<NewPaper>) -> Published {
        let published = self.queue_papers(None, papers);
        self.secretary.sync().await;
        published
    }

    /// The same meeting again with other papers.
    pub async fn republish_papers(&self, meeting: MeetingId, papers: Vec<NewPaper>) {
        self.secretary.sync().await;
        self.queue_papers(Some(meeting), papers);
        self.secretary.sync().await;
    }

    fn queue_papers(&self, meeting: Option<MeetingId>, papers: Vec<NewPaper>) -> Published {
        let content =
            ItemContent { title: "Nội dung một".into(), path: "1".into(), ..Default::default() };
        let item = NewItem { content, audience: vec![Audience::All], papers };
        let content = MeetingContent {
            title: "Phiên họp mẫu".into(),
            starts: 1_795_482_000_000,
            place: None,
            reason: None,
            dossier: false,
        };
        let publication = Publication { meeting, content, items: vec![item] };
        self.secretary.client().publish(self.body, publication).expect("published")
    }

    pub fn item(&self, meeting: MeetingId, number: usize) -> ItemId {
        self.secretary.client().meeting(self.body, meeting).expect("a meeting").items[number - 1].id
    }

    /// Opens a poll on the first item by majority of all members.
    pub async fn open_poll(&self, meeting: MeetingId) -> StatementId {
        self.open_poll_on(meeting, 1, "Thông qua dự thảo nghị quyết?").await
    }

    /// The same on another item, by its number.
    pub async fn open_poll_on(&self, meeting: MeetingId, number: usize, question: &str) -> StatementId {
        self.open_poll_by(&self.secretary, meeting, number, question).await
    }

    /// The same by somebody else who may.
    pub async fn open_poll_by(
        &self,
        person: &Person,
        meeting: MeetingId,
        number: usize,
        question: &str,
    ) -> StatementId {
        let rule = Rule {
            quorum: Some(Fraction { num: 2, den: 3 }),
            tie: Some(Tie { office: "chair".into() }),
            ..Rule::plain(
                vec![Choice::Yes, Choice::No, Choice::Abstain],
                PassRule { base: Base::Members, num: 1, den: 2, strict: true },
            )
        };
        let content = PollContent {
            question: question.into(),
            basis: "Quy chế mẫu".into(),
            labels: BTreeMap::new(),
            options: Vec::new(),
        };
        let item = self.item(meeting, number);
        let poll = person.client().open_poll(self.body, item, rule, &content).expect("a poll");
        person.sync().await;
        poll
    }

    pub async fn close_poll(&self, poll: StatementId) {
        self.secretary.client().close_poll(self.body, poll).expect("closed");
        self.secretary.sync().await;
    }

    pub async fn all_present(&self, meeting: MeetingId) {
        for member in 0..MEMBERS {
            let client = self.secretary.client();
            client.set_attendance(self.body, meeting, Self::id(member), Presence::Present).expect("noted");
        }
        self.secretary.sync().await;
    }

    /// Whether any file under the folder holds these bytes.
    pub fn holds(&self, folder: &Path, needle: &[u8]) -> bool {
        let Ok(entries) = std::fs::read_dir(folder) else { return false };
        entries.flatten().any(|entry| {
            let path = entry.path();
            match path.is_dir() {
                true => self.holds(&path, needle),
                false => {
                    std::fs::read(&path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|at| at == needle))
                }
            }
        })
    }
}

fn member(at: usize) -> NewMember {
    let mut offices = vec!["member".to_owned()];
    if at == 0 {
        offices.push("chair".into());
    }
    NewMember {
        id: Cabinet::id(at),
        offices,
        order: at as u64 + 1,
        content: MemberContent { name: format!("Thành viên Mẫu {}", at + 1), title: "Ủy viên".into() },
    }
}

/// A paper's bytes, long enough for several chunks. Nothing parses it in these stories.
fn paper(text: &str) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.4\n{text}\n").into_bytes();
    let mut state = 1u32;
    for _ in 0..300_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((state >> 24) as u8);
    }
    bytes
}
