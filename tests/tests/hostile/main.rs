//! A server, or somebody on the line, that lies: found out, named, and nothing of it is kept.

mod content;
mod epochs;
mod history;
mod pairing;
mod statements;

use ecabinet_client::Error;
use ecabinet_tests::{Cabinet, Line, Person};

/// A member who sits at a line that is not his alone.
async fn tapped(cabinet: &Cabinet, member: usize, name: &str) -> (Person, Line) {
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(member)).await;
    let mut person = Person::new(cabinet.path(name), line.env());
    person.join(&ticket).await.expect("joins");
    person.sync().await;
    (person, line)
}

async fn refused(person: &Person) -> Error {
    person.client().sync(person.body(), false).await.expect_err("refused")
}

/// The entry that an error names.
fn entry(error: &Error) -> Option<u64> {
    error.0.params.get("entry").map(|entry| entry.parse().expect("a position"))
}

/// Position and root of what a person holds.
fn held(person: &Person) -> (u64, String) {
    let summary = person.client().summary(person.body(), Default::default()).expect("a summary");
    (summary.position, summary.root)
}
