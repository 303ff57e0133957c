//! What is confidential is nowhere in the clear where it must not be: 10,000 known words in papers, notes, names, titles,
//! ballots, in what is shared with staff and members, and in replies to opinions; a long use by real programs that log all they can, and then a search of every byte left behind.
//!
//! `ECABINET_CANARY_ROUNDS` says how long the use is: `make soak` gives more than `make test`.

mod shared;

use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Env, Mark, MarkKind, NewMember, Vote};
use ecabinet_domain::*;
use ecabinet_protocol::content::{ItemContent, MeetingContent, MemberContent};
use ecabinet_tests::{Cabinet, Canaries, Canary, Cli, Found, Person, text_pdf as pdf, told};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// 10,000 in all.
const COUNTS: [(Canary, usize); 8] = [
    (Canary::Paper, 6300),
    (Canary::Note, 1800),
    (Canary::Shared, 600),
    (Canary::Reply, 100),
    (Canary::Name, 400),
    (Canary::Title, 400),
    (Canary::Restricted, 300),
    (Canary::Ballot, 100),
];
const SEED: u64 = 20_261_126;
/// Where the use takes place, and that this process is the one that does it.
const PLACE: &str = "ECABINET_CANARY_PLACE";
const INSIDERS: GroupId = GroupId([7; 16]);
/// As the storytellers open their vaults.
const PASSPHRASE: &str = "mật khẩu của người kể chuyện";

#[test]
fn ten_thousand_known_words_are_nowhere_that_they_must_not_be() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path();
    let log = use_it(place);
    let mut canaries = Canaries::new(SEED, &COUNTS);
    assert_eq!(canaries.len(), 10_000);
    let told_secrets = std::fs::read_to_string(place.join("keep/secrets")).unwrap();
    told_secrets.lines().for_each(|secret| canaries.add(Canary::Secret, secret));
    assert!(told_secrets.lines().count() > 5);

    let search = canaries.search();
    let found = search.folder(&place.join("all"));
    // The words were really there: the server has them where it may, in the clear.
    for (kind, part) in [
        (Canary::Paper, "server/chunks/"),
        (Canary::Title, "server/record.db"),
        (Canary::Restricted, "server/record.db"),
        (Canary::Name, "server/record.db"),
        (Canary::Ballot, "server/record.db"),
        (Canary::Reply, "server/record.db"),
    ] {
        let there: BTreeSet<&str> =
            found.iter().filter(|one| one.kind == kind && is_in(one, part)).map(|one| &*one.word).collect();
        let (there, all) = (there.len(), canaries.of(kind).count());
        // A word may lie across the end of a chunk or of a database's page.
        assert!(there * 100 >= all * 97, "{kind:?}: {there} of {all} on the server");
    }
    assert!(std::fs::metadata(&log).unwrap().len() > 1 << 20, "the programs logged all they can");
    let leaked = leaks(found);
    assert!(leaked.is_empty(), "{}", told(&leaked));

    // The search finds what is put there on purpose, in one file of the disk and in one line of the log.
    let note = canaries.of(Canary::Note).next().unwrap();
    let utf16: Vec<u8> = note.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(place.join("all/tmp/planted"), utf16).unwrap();
    let title = canaries.of(Canary::Restricted).last().unwrap();
    let mut log = std::fs::File::options().append(true).open(log).unwrap();
    writeln!(log, "TRACE planted {title}").unwrap();
    let leaked = leaks(search.folder(&place.join("all")));
    let words: BTreeSet<_> = leaked.iter().map(|one| (one.word.as_str(), one.form)).collect();
    assert_eq!(words, BTreeSet::from([(note, "utf-16"), (title, "utf-8")]), "{}", told(&leaked));
}

/// What must not be where it was found.
fn leaks(found: BTreeSet<Found>) -> BTreeSet<Found> {
    let may = |one: &Found| match one.kind {
        // The server holds payloads and papers in plain, and releases them by audience and time.
        Canary::Title | Canary::Restricted | Canary::Name | Canary::Ballot | Canary::Reply => {
            is_in(one, "server/record.db")
        }
        Canary::Paper => is_in(one, "server/chunks/"),
        Canary::Note | Canary::Shared => false,
        // The storytellers' own, beside the homes that it opens; and the token that `init` leaves for the administrator.
        Canary::Secret => {
            one.file.extension().is_some_and(|ext| ext == "secret") || is_in(one, "server/admission-token")
        }
    };
    found.into_iter().filter(|one| !may(one)).collect()
}

fn is_in(one: &Found, part: &str) -> bool {
    one.file.to_string_lossy().contains(part)
}

/// Has the use done by a process of its own, whose temporary folder, home and log are searched too. Gives the log.
fn use_it(place: &Path) -> PathBuf {
    for folder in ["all/tmp", "all/user", "keep"] {
        std::fs::create_dir_all(place.join(folder)).unwrap();
    }
    let log = place.join("all/log");
    let to_log = || Stdio::from(std::fs::File::options().create(true).append(true).open(&log).unwrap());
    let mut story = Command::new(std::env::current_exe().unwrap());
    story.args(["a_long_use", "--exact", "--nocapture"]).env(PLACE, place);
    story.env("TMPDIR", place.join("all/tmp")).env("HOME", place.join("all/user"));
    for xdg in ["XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        story.env(xdg, place.join("all/user").join(xdg));
    }
    story.env("RUST_LOG", "trace").env("ECABINET_LOG", "trace").env("RUST_BACKTRACE", "full");
    let status = story.stdout(to_log()).stderr(to_log()).status().unwrap();
    let end = || {
        let text = std::fs::read(&log).unwrap();
        String::from_utf8_lossy(&text[text.len().saturating_sub(4000)..]).into_owned()
    };
    assert!(status.success(), "the use broke off: {}", end());
    log
}

/// Not a test by itself: what the one above has done by a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_use() {
    let Some(place) = std::env::var_os(PLACE).map(PathBuf::from) else { return };
    tracing_subscriber::fmt().with_env_filter("trace").with_writer(std::io::stderr).with_ansi(false).init();
    let rounds = std::env::var("ECABINET_CANARY_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut story = Story::begin(place).await;
    for round in 0..rounds {
        story.round(round).await;
    }
    story.end();
}

/// A story whose every name, title and text is a canary.
struct Story {
    place: PathBuf,
    cabinet: Cabinet,
    members: Vec<Person>,
    /// Who prepares for the first.
    aide: Person,
    canaries: Canaries,
    secrets: Vec<String>,
}

impl Story {
    async fn begin(place: PathBuf) -> Story {
        let canaries = Canaries::new(SEED, &COUNTS);
        let dir = tempfile::Builder::new().disable_cleanup(true).tempdir_in(place.join("all")).unwrap();
        let cabinet = Cabinet::open_in(dir, Env::real()).await;
        let mut names = canaries.of(Canary::Name);
        let registrar = cabinet.registrar.client();
        let group = names.next().unwrap();
        registrar.set_group(cabinet.body, INSIDERS, group, vec![Cabinet::id(0), Cabinet::id(1)]).unwrap();
        let devices: Vec<&str> = names.by_ref().take(5).collect();
        let aide = names.next().unwrap();
        let rest: Vec<&str> = names.collect();
        let more = rest.chunks(2).enumerate().map(|(at, pair)| NewMember {
            id: MemberId((1000 + at as u128).to_be_bytes()),
            offices: vec!["observer".into()],
            order: 1000 + at as u64,
            content: MemberContent { name: pair[0].into(), title: pair.last().unwrap().to_string() },
        });
        registrar.add_members(cabinet.body, more.collect()).unwrap();
        cabinet.registrar.sync().await;
        cabinet.raise().await;
        cabinet.add_staff(shared::AIDE, aide).await;
        cabinet.prepares(0, &[shared::AIDE]).await;
        let mut secrets = vec![PASSPHRASE.to_owned(), cabinet.server.token.clone()];
        let mut members = Vec::new();
        for (member, device) in devices[..4].iter().enumerate() {
            let ticket = cabinet.invite(Cabinet::id(member)).await;
            let mut person =
                Person::new(cabinet.path(&format!("member {member}")), ecabinet_client::Env::real());
            let joined = person.join_as(&ticket, device).await.unwrap();
            secrets.extend(joined.recovery_code);
            members.push(person);
        }
        let ticket = cabinet.invite(shared::AIDE).await;
        let mut aide = Person::new(cabinet.path("aide"), ecabinet_client::Env::real());
        secrets.extend(aide.join_as(&ticket, devices[4]).await.unwrap().recovery_code);
        Story { place, cabinet, members, aide, canaries, secrets }
    }

    async fn round(&mut self, round: usize) {
        let body = self.cabinet.body;
        let meeting = self.publish(round).await;
        let by_program = self.publish_by_program();
        self.notes(meeting).await;
        self.ballots(meeting).await;
        self.share(meeting).await;
        self.reply(meeting).await;
        // The server is lost at once and comes back; everybody goes on.
        self.cabinet.server.kill();
        self.cabinet.server.resume();
        for person in self.members.iter_mut().chain([&mut self.aide]) {
            person.restart();
            person.sync().await;
        }
        // Whoever is not of the group is not told of what is restricted, by nothing that his screen asks for.
        let outsider = self.members[3].client();
        let seen =
            format!("{:?}{:?}", outsider.meeting(body, meeting), outsider.acts(body).map(|acts| acts.len()));
        assert!(self.canaries.of(Canary::Restricted).all(|word| !seen.contains(word)));
        self.command_line(meeting, &by_program);
    }

    /// Items and papers, some for a group only.
    async fn publish(&mut self, round: usize) -> MeetingId {
        let mut titles = self.canaries.of(Canary::Title).map(str::to_owned);
        let mut restricted = self.canaries.of(Canary::Restricted).map(str::to_owned);
        let all: Vec<&str> = self.canaries.of(Canary::Paper).collect();
        let mut texts = all.chunks(all.len().div_ceil(60));
        let content = MeetingContent {
            title: titles.next().unwrap(),
            starts: 1_795_482_000_000 + round as u64,
            place: titles.next(),
            reason: titles.next(),
            dossier: false,
        };
        let mut item = |words: &mut dyn Iterator<Item = String>, audience: Vec<Audience>, papers: usize| {
            let mut word = || words.next().unwrap_or("het".into());
            let content =
                ItemContent { title: word(), path: word(), agency: Some(word()), ..Default::default() };
            let papers = (0..papers).map(|_| NewPaper {
                title: word(),
                path: format!("{}/{}.pdf", content.path, word()),
                bytes: pdf(texts.next().unwrap_or_default()),
                pages: 1,
                audience: audience.clone(),
                signers: vec![],
                watermark: false,
            });
            let papers = papers.collect();
            NewItem { content, audience: audience.clone(), papers }
        };
        let mut items: Vec<NewItem> = (0..20).map(|_| item(&mut titles, vec![Audience::All], 2)).collect();
        let insiders = vec![Audience::Group(INSIDERS), Audience::Office("secretariat".into())];
        items.extend((0..20).map(|_| item(&mut restricted, insiders.clone(), 1)));
        // What is left of the words: items without papers.
        for (words, audience) in [
            (&mut titles as &mut dyn Iterator<Item = String>, vec![Audience::All]),
            (&mut restricted, insiders),
        ] {
            let mut words = words.peekable();
            while words.peek().is_some() {
                items.push(item(&mut words, audience.clone(), 0));
            }
        }
        let publication = Publication { meeting: None, content, items };
        let secretary = &self.cabinet.secretary;
        let published = secretary.client().publish(self.cabinet.body, publication).unwrap();
        secretary.sync().await;
        published.meeting
    }

    /// Two papers that the real program parses in its worker.
    fn publish_by_program(&mut self) -> String {
        let folder = self.place.join("keep/papers/1 Nội dung");
        std::fs::create_dir_all(&folder).unwrap();
        let all: Vec<&str> = self.canaries.of(Canary::Paper).collect();
        for (at, words) in all.chunks(100).take(2).enumerate() {
            std::fs::write(folder.join(format!("{at}.pdf")), pdf(words)).unwrap();
        }
        let cli = Cli::of(&mut self.cabinet.secretary);
        let folder = self.place.join("keep/papers").to_string_lossy().into_owned();
        let answer =
            self.run(&cli, &["publish", &folder, "--title", "Phiên họp mẫu", "--starts", "2030-01-15 08:00"]);
        self.cabinet.secretary.open();
        answer["meeting"].as_str().unwrap().to_owned()
    }

    /// Two members write; one of them has a second device, which reads all of it.
    async fn notes(&mut self, meeting: MeetingId) {
        let body = self.cabinet.body;
        let words: Vec<&str> = self.canaries.of(Canary::Note).collect();
        for (person, words) in self.members.iter().zip(words.chunks(words.len() / 2)) {
            person.sync().await;
            let paper = person.client().meeting(body, meeting).unwrap().items[0].papers[0].rev;
            for pair in words.chunks(4) {
                let mark = Mark {
                    kind: MarkKind::Highlight,
                    paper: paper.paper,
                    rev: paper.rev,
                    page: 0,
                    quads: vec![[72.0, 100.0, 200.0, 100.0, 72.0, 114.0, 200.0, 114.0]],
                    exact: pair[0].into(),
                    prefix: pair[1 % pair.len()].into(),
                    suffix: pair[2 % pair.len()].into(),
                    colour: "yellow".into(),
                    ..Mark::note(paper, 0)
                };
                person.client().add_mark(body, &mark, pair.last().copied()).unwrap();
            }
            person.sync().await;
        }
        let first = self.members[0].client().notes(body, None).unwrap();
        let read = format!("{first:?}");
        assert!(
            words[..words.len() / 2].iter().all(|word| read.contains(word)),
            "the notes are really there"
        );
    }

    /// Each votes on each item, says why, and thinks better of it.
    async fn ballots(&mut self, meeting: MeetingId) {
        let words: Vec<String> = self.canaries.of(Canary::Ballot).map(str::to_owned).collect();
        let mut words = words.chunks(words.len() / 10);
        for number in 1..=5 {
            let poll = self.cabinet.open_poll_on(meeting, number, "Thông qua?").await;
            for choice in [Choice::No, Choice::Yes] {
                for (person, word) in self.members.iter().zip(words.next().unwrap().chunks(3)) {
                    person.sync().await;
                    let vote = Vote { poll, choice, text: Some(word.join(" ")), replace: true };
                    person.client().vote(person.body(), vote).unwrap();
                    person.sync().await;
                }
            }
            if number > 1 {
                self.cabinet.close_poll(poll).await;
            }
        }
    }

    /// A member on the command line, with everything logged.
    fn command_line(&mut self, meeting: MeetingId, by_program: &str) {
        let mut member = self.members.pop().unwrap();
        let cli = Cli::of(&mut member);
        let meeting = meeting.to_string();
        for args in [
            &["sync"][..],
            &["meeting", "list"],
            &["meeting", "show", &meeting],
            &["paper", "list", by_program],
            &["outbox", "list"],
            &["space", "list"],
            &["doctor"],
        ] {
            self.run(&cli, args);
        }
        member.open();
        self.members.push(member);
    }

    /// The answer is for whoever asked; what is logged beside it is searched.
    fn run(&self, cli: &Cli, args: &[&str]) -> serde_json::Value {
        let ran = ecabinet_tests::run(cli.command(args).env("ECABINET_LOG", "trace"));
        eprintln!("{}", ran.stderr);
        assert_eq!(ran.exit, 0, "{args:?} {}", ran.json["error"]["code"]);
        ran.json
    }

    fn end(mut self) {
        self.members.iter_mut().for_each(Person::close);
        self.aide.close();
        self.cabinet.registrar.close();
        self.cabinet.secretary.close();
        std::fs::write(self.place.join("keep/secrets"), self.secrets.join("\n")).unwrap();
    }
}
