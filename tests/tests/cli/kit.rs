//! The office of the stories, and how an answer is read.

use ecabinet_domain::{MeetingId, StatementId};
use ecabinet_tests::{Cabinet, Cli, Person, Ran, program, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace").to_owned()
}

pub fn sample(name: &str) -> String {
    repository().join("assets/sample").join(name).to_string_lossy().into_owned()
}

pub fn pdf(name: &str) -> PathBuf {
    repository().join("crates/pdf/tests/data").join(name)
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

pub fn rows<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("{name} in {answer}"))
}

/// Asserts that an answer has these fields.
pub fn has(answer: &Value, fields: &[&str]) {
    for field in fields {
        assert!(answer.get(field).is_some(), "no {field} in {answer}");
    }
}

/// Runs one of the other programs.
pub fn other(name: &str, args: &[&str]) -> Ran {
    run(Command::new(program(name)).args(args))
}

/// A cabinet with a published meeting and an open poll; its registrar and secretary sit at the command line.
pub struct Office {
    pub cabinet: Cabinet,
    pub meeting: MeetingId,
    pub poll: StatementId,
    pub registrar: Cli,
    pub secretary: Cli,
    pub people: Vec<Person>,
}

impl Office {
    /// Members 1, 2, … have joined, so many.
    pub async fn open(members: usize) -> Office {
        let mut cabinet = Cabinet::open().await;
        let meeting = cabinet.publish(None, "Điều 1").await.meeting;
        let poll = cabinet.open_poll(meeting).await;
        let mut people = Vec::new();
        for member in 1..=members {
            let person = cabinet.join(member, &format!("member {member}")).await;
            person.sync().await;
            people.push(person);
        }
        let registrar = Cli::of(&mut cabinet.registrar);
        let secretary = Cli::of(&mut cabinet.secretary);
        registrar.done("sync", &["sync"]);
        secretary.done("sync", &["sync"]);
        Office { cabinet, meeting, poll, registrar, secretary, people }
    }

    pub fn member(&mut self, at: usize) -> Cli {
        Cli::of(&mut self.people[at])
    }

    pub fn path(&self, name: &str) -> String {
        self.cabinet.path(name).to_string_lossy().into_owned()
    }

    /// A new home at the command line, not yet made.
    pub fn new_home(&self, name: &str) -> Cli {
        Cli { home: self.cabinet.path(name), secret: self.cabinet.registrar.secret_file() }
    }
}

/// A folder of papers: item/paper and the file that it is.
pub fn folder(office: &Office, name: &str, papers: &[(&str, &str)]) -> String {
    for (path, file) in papers {
        let to = office.cabinet.path(name).join(path);
        std::fs::create_dir_all(to.parent().expect("an item")).expect("a folder");
        std::fs::copy(pdf(file), to).expect("copied");
    }
    office.path(name)
}
