//! What becomes of ballots, and what a poll gives.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use kit::*;

/// Closes the poll and counts it with these choices.
fn result(body: &mut Body, poll: StatementId, choices: &[(StatementId, Choice)]) -> Tally {
    body.put(CHAIR, PollClose { poll });
    count(body, poll, choices)
}

fn count(body: &Body, poll: StatementId, choices: &[(StatementId, Choice)]) -> Tally {
    let poll = &body.state.polls[&poll];
    let choice = |index| {
        let of = |(statement, choice): &(_, Choice)| {
            (poll.ballot(*statement)?.index == index).then(|| says(*choice))
        };
        // Nothing is said: void.
        Some(choices.iter().find_map(of).unwrap_or_default())
    };
    tally(poll, &body.state, choice).expect("closed").whole().expect("nothing lacks").remove(0)
}

#[test]
fn the_last_ballot_that_names_the_one_before_counts() {
    let mut body = Body::new();
    let poll = body.open();
    let first = body.vote(B, poll, None, &[OLD]);
    assert_eq!(body.fate(first), Fate::Ok);
    let second = body.vote(B, poll, Some(first), &[OLD]);
    let crossed = body.vote(B, poll, Some(first), &[OLD]);
    let again = body.vote(B, poll, None, &[OLD]);
    let of_other = body.vote(C, poll, Some(second), &[OLD]);
    assert_eq!([first, second, crossed, again, of_other].map(|b| body.fate(b)), {
        use Fate::*;
        [Superseded, Ok, Superseded, Superseded, Superseded]
    });
    let tally = result(&mut body, poll, &[(first, Choice::No), (second, Choice::Yes), (again, Choice::No)]);
    assert_eq!((tally.n, tally.yes, tally.no, tally.silent), (4, 1, 0, 3));
}

#[test]
fn position_decides_what_is_late() {
    let mut body = Body::new();
    let poll = body.open();
    let in_time = body.vote(B, poll, None, &[OLD]);
    let before = result(&mut body, poll, &[(in_time, Choice::Yes)]);
    let late = body.vote(B, poll, Some(in_time), &[OLD]);
    let first = body.vote(C, poll, None, &[OLD]);
    assert_eq!([in_time, late, first].map(|b| body.fate(b)), [Fate::Ok, Fate::Late, Fate::Late]);
    assert_eq!(
        count(&body, poll, &[(in_time, Choice::Yes), (late, Choice::No), (first, Choice::Yes)]),
        before
    );
}

#[test]
fn a_ballot_on_other_revisions_is_stale_until_it_is_confirmed() {
    let mut body = Body::new();
    let poll = body.open();
    let stays = body.vote(B, poll, None, &[OLD]);
    let confirms = body.vote(C, poll, None, &[OLD]);
    body.put(SECRETARY, publish(NEW));
    assert_eq!(body.fate(stays), Fate::Ok, "published, not yet on the agenda");
    body.put(SECRETARY, convene(2, &[NEW]));
    assert_eq!([stays, confirms].map(|b| body.fate(b)), [Fate::Stale, Fate::Stale]);
    let confirmed = body.vote(C, poll, Some(confirms), &[NEW]);
    let partly = body.vote(D, poll, None, &[]);
    let all =
        [(stays, Choice::Yes), (confirms, Choice::Yes), (confirmed, Choice::Yes), (partly, Choice::Yes)];
    let closed = result(&mut body, poll, &all);
    assert_eq!([stays, confirms, confirmed, partly].map(|b| body.fate(b)), {
        use Fate::*;
        [Stale, Superseded, Ok, Stale]
    });
    assert_eq!((closed.yes, closed.silent), (1, 3));
    body.put(SECRETARY, convene(3, &[OLD]));
    assert_eq!(count(&body, poll, &all), closed, "the agenda changes after the close");
}

#[test]
fn a_signed_revision_makes_ballots_on_the_unsigned_one_stale() {
    let mut body = Body::new();
    let poll = body.open();
    let ballot = body.vote(B, poll, None, &[OLD]);
    body.put(A, PaperSign { paper: OLD.paper, rev: OLD.rev, new_rev: NEW.rev });
    assert_eq!(body.state.current_revs(ITEM), [NEW]);
    assert_eq!(body.fate(ballot), Fate::Stale);
}

#[test]
fn who_has_no_vote_is_ineligible() {
    let mut body = Body::new();
    let poll = body.open();
    let secretary = body.vote(Who(5, "member"), poll, None, &[OLD]);
    let leaves = body.vote(D, poll, None, &[OLD]);
    let stray = body.vote(B, StatementId([9; 32]), None, &[OLD]);
    assert!(body.state.strays.contains_key(&(body.index - 1)) && stray != leaves);
    body.put(REGISTRAR, MemberRetire { member: member(4) });
    assert_eq!([secretary, leaves].map(|b| body.fate(b)), [Fate::Ineligible, Fate::Ineligible]);
    let closed = result(&mut body, poll, &[(secretary, Choice::Yes), (leaves, Choice::Yes)]);
    assert_eq!((closed.n, closed.yes), (3, 0));
    body.put(REGISTRAR, add(4, &["member"]));
    body.put(REGISTRAR, add(5, &["member"]));
    assert_eq!([secretary, leaves].map(|b| body.fate(b)), [Fate::Ineligible, Fate::Ineligible]);
}

#[test]
fn a_tie_is_broken_by_the_holder_of_the_office_at_the_close() {
    // Chair's choice, then that of B; C says no; D is silent: half of four is two.
    let yes = Some(Choice::Yes);
    let cases = [
        (yes, yes, Some("chair"), Verdict::Passed),
        (yes, Some(Choice::No), None, Verdict::Failed),
        (None, yes, None, Verdict::Failed),
        (Some(Choice::No), yes, None, Verdict::Failed),
    ];
    for (chair, b, tie_by, verdict) in cases {
        let mut body = Body::new();
        let poll = body.open();
        let mut choices = vec![(body.vote(C, poll, None, &[OLD]), Choice::No)];
        for (who, choice) in [(A, chair), (B, b)] {
            choices.extend(choice.map(|choice| (body.vote(who, poll, None, &[OLD]), choice)));
        }
        let tally = result(&mut body, poll, &choices);
        assert_eq!((tally.tie_by.as_deref(), tally.result), (tie_by, verdict), "{chair:?} {b:?}");
    }
}

#[test]
fn a_tie_without_the_chairs_yes_fails() {
    for chair in [None, Some(Choice::No), Some(Choice::Abstain)] {
        let mut body = Body::new();
        let poll = body.open();
        let mut choices: Vec<_> = [B, C].map(|who| (body.vote(who, poll, None, &[OLD]), Choice::Yes)).into();
        choices.extend(chair.map(|choice| (body.vote(A, poll, None, &[OLD]), choice)));
        let tally = result(&mut body, poll, &choices);
        assert_eq!((tally.tie_by.as_deref(), tally.result), (Some("chair"), Verdict::Failed), "{chair:?}");
    }
    // The office is with B at the close, and B said yes.
    let mut body = Body::new();
    let poll = body.open();
    let choices = [B, C].map(|who| (body.vote(who, poll, None, &[OLD]), Choice::Yes));
    body.put(REGISTRAR, add(1, &["member"]));
    body.put(REGISTRAR, add(2, &["member", "chair"]));
    body.put(SECRETARY, PollClose { poll });
    assert_eq!(count(&body, poll, &choices).result, Verdict::Passed);
}

#[test]
fn without_quorum_nothing_is_decided() {
    let mut body = Body::new();
    body.put(SECRETARY, attend(3, Presence::Substitute));
    let poll = body.open();
    let choices = [A, B, C, D].map(|who| (body.vote(who, poll, None, &[OLD]), Choice::Yes));
    let tally = result(&mut body, poll, &choices);
    assert_eq!((tally.present, tally.quorum_needed, tally.yes), (2, 3, 4));
    assert_eq!(tally.result, Verdict::Inquorate);
}

#[test]
fn a_void_ballot_is_silent_and_takes_the_former_ones_place() {
    let mut body = Body::new();
    let poll = body.open();
    let valid = body.vote(B, poll, None, &[OLD]);
    body.vote(B, poll, Some(valid), &[OLD]);
    let tally = result(&mut body, poll, &[(valid, Choice::Yes)]);
    assert_eq!((tally.yes, tally.silent), (0, 4));
}
