use ecabinet_record::code::{groups, ungroup};
use ecabinet_record::invitation::Ticket;

/// A link, a file's content or what somebody typed: an invitation or a recovery code. What is read is read again from
/// what is written of it, and nobody's typing error makes another one.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(ticket) = Ticket::parse(text) {
        assert!(!ticket.server.is_empty() && ticket.server.len() <= 255);
        for written in [ticket.typed(), ticket.link(), ticket.typed().to_lowercase().replace('-', "")] {
            assert!(Ticket::parse(&written).is_ok_and(|again| again == ticket), "{written} is another one");
        }
        assert!(mistyped(&ticket.typed()).all(|typed| Ticket::parse(&typed).is_err()));
    }
    let Ok(code) = ungroup(text) else { return };
    assert!(code.len() <= text.len(), "five bits a letter");
    let again = ungroup(&groups(&code)).expect("our own groups");
    let (same, rest) = again.split_at(code.len());
    assert!(same == code && rest.len() < 3 && rest.iter().all(|byte| *byte == 0));
}

/// The text with one letter wrong, at a few places.
fn mistyped(typed: &str) -> impl Iterator<Item = String> {
    (0..typed.len()).step_by(7).filter(|at| typed.as_bytes()[*at] != b'-').map(|at| {
        let other = if typed.as_bytes()[at] == b'Q' { "R" } else { "Q" };
        format!("{}{other}{}", &typed[..at], &typed[at + 1..])
    })
}
