//! Papers, agendas and polls that are refused: rules 12 and 14.

use crate::Maker;
use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::act::*;
use ecabinet_domain::*;

pub(crate) fn make(maker: &mut Maker) {
    papers(maker);
    agendas(maker);
    polls(maker);
}

fn papers(maker: &mut Maker) {
    let item_set =
        |meeting: &str, name: &str| ItemSet { meeting: MeetingId(id16(meeting)), item: item(name) };
    maker.refuse(
        "item.elsewhere",
        "item-moved",
        "An item moves to another meeting.",
        "agenda",
        &secretary(),
        item_set("other", "roads"),
    );
    maker.refuse(
        "item.unknown",
        "paper-item-unknown",
        "A paper of no item.",
        "agenda",
        &secretary(),
        publish("x", rev("new", 1), &[]),
    );
    maker.refuse(
        "paper.signers",
        "paper-signers",
        "A stranger may sign.",
        "agenda",
        &secretary(),
        publish("roads", rev("new", 1), &["e"]),
    );
    maker.refuse(
        "rev.again",
        "paper-rev-again",
        "A revision published twice.",
        "agenda",
        &secretary(),
        publish("budget", rev("budget", 1), &[]),
    );
    let moved = Rev { paper: rev("budget", 1).paper, rev: RevId([5; 16]) };
    maker.refuse(
        "paper.elsewhere",
        "paper-moved",
        "A paper moves to another item.",
        "agenda",
        &secretary(),
        publish("roads", moved, &[]),
    );
    let sign = |from: Rev, to: Rev| PaperSign { paper: from.paper, rev: from.rev, new_rev: to.rev };
    maker.refuse(
        "paper.unknown",
        "sign-unknown",
        "No such paper.",
        "sign",
        &device("chair"),
        sign(rev("x", 1), rev("x", 2)),
    );
    maker.refuse(
        "paper.not_signer",
        "sign-not-signer",
        "Signed by one who is not named.",
        "sign",
        &device("b"),
        sign(rev("budget", 2), rev("budget", 3)),
    );
    maker.refuse(
        "rev.not_current",
        "sign-old",
        "An old revision signed.",
        "sign",
        &device("chair"),
        sign(rev("budget", 1), rev("budget", 3)),
    );
    maker.refuse(
        "rev.again",
        "sign-rev-again",
        "The signed revision has an old one's id.",
        "sign",
        &device("chair"),
        sign(rev("budget", 2), rev("roads", 1)),
    );
    let erase = |entry: u64| PayloadErase { entry: int(entry) };
    let closed = maker.story.at["first close"];
    maker.refuse(
        "payload.none",
        "erase-none",
        "An entry without payload.",
        "erase",
        &secretary(),
        erase(closed),
    );
    let own = maker.story.at["erase"];
    maker.refuse(
        "payload.none",
        "erase-itself",
        "The erasing entry itself.",
        "erase",
        &secretary(),
        erase(own),
    );
    maker.refuse(
        "payload.erased",
        "erase-again",
        "A payload erased twice.",
        "erased",
        &secretary(),
        erase(own - 2),
    );
}

fn agendas(maker: &mut Maker) {
    let (budget, roads) = (rev("budget", 1), rev("roads", 1));
    let mut case = |code: &str, name: &str, description: &str, version, places: &[(&str, &[Rev])]| {
        maker.refuse(code, name, description, "attendance", &secretary(), convene(version, places));
    };
    case("meeting.version", "agenda-version-again", "The same version again.", 1, &[]);
    case("meeting.version", "agenda-version-skipped", "A version left out.", 3, &[]);
    case("agenda.item_again", "agenda-item-again", "An item twice.", 2, &[("roads", &[]), ("roads", &[])]);
    case("item.unknown", "agenda-item-unknown", "No such item.", 2, &[("x", &[])]);
    case(
        "agenda.paper_again",
        "agenda-paper-again",
        "A paper twice in one place.",
        2,
        &[("budget", &[budget, budget])],
    );
    case("paper.unknown", "agenda-paper-unknown", "No such paper.", 2, &[("roads", &[rev("x", 1)])]);
    case("paper.elsewhere", "agenda-paper-elsewhere", "Another item's paper.", 2, &[("roads", &[budget])]);
    let mixed = Rev { paper: budget.paper, rev: roads.rev };
    case("rev.unknown", "agenda-rev-unknown", "Another paper's revision.", 2, &[("budget", &[mixed])]);
    let other = MeetingPublish {
        meeting: MeetingId(id16("other")),
        version: int(1),
        agenda: agenda(&[("roads", &[])]),
    };
    maker.refuse(
        "item.elsewhere",
        "agenda-item-elsewhere",
        "Another meeting's item.",
        "attendance",
        &secretary(),
        other,
    );
    let attendance = |meeting: &str, name: &str| AttendanceSet {
        meeting: MeetingId(id16(meeting)),
        member: member(name),
        state: Presence::Present,
    };
    maker.refuse(
        "meeting.unknown",
        "attendance-meeting",
        "No such meeting.",
        "first poll",
        &secretary(),
        attendance("x", "b"),
    );
    maker.refuse(
        "member.no_vote",
        "attendance-no-vote",
        "Attendance of one without a vote.",
        "first poll",
        &secretary(),
        attendance("meeting", "secretary"),
    );
}

fn polls(maker: &mut Maker) {
    let open = |rule: Rule| PollOpen { item: item("roads"), rule };
    let unknown = PollOpen { item: item("x"), rule: usual_rule() };
    maker.refuse(
        "item.unknown",
        "poll-item-unknown",
        "A poll about nothing.",
        "first poll",
        &secretary(),
        unknown,
    );
    maker.refuse(
        "item.not_published",
        "poll-not-published",
        "A poll before the agenda is published.",
        "agenda",
        &secretary(),
        open(usual_rule()),
    );
    type Change = fn(&mut Rule);
    let changes: &[(&str, &str, &str, Change)] = &[
        ("rule.choices", "rule-one-choice", "Only one choice.", |r| r.choices = vec![Choice::Yes]),
        ("rule.choices", "rule-no-yes", "Nobody may say yes.", |r| {
            r.choices = vec![Choice::No, Choice::Other]
        }),
        ("rule.choices", "rule-choice-twice", "A choice twice.", |r| {
            r.choices = vec![Choice::Yes, Choice::Yes]
        }),
        ("rule.share", "rule-zero", "A share of zero.", |r| r.pass.num = 0),
        ("rule.share", "rule-above-one", "A quorum of more than all.", |r| {
            r.quorum = Some(Fraction { num: 3, den: 2 })
        }),
        ("rule.share", "rule-den-1001", "A denominator above 1,000.", |r| {
            (r.pass.num, r.pass.den) = (501, 1001)
        }),
        ("rule.share", "rule-more-than-all", "More than all of them.", |r| r.pass.num = 2),
        ("rule.tie", "rule-tie-office", "An office that no one can hold.", |r| {
            r.tie = Some(Tie { office: "all".into() })
        }),
        ("rule.tie", "rule-tie-two-thirds", "A tie-breaker where half is not the mark.", |r| {
            (r.pass.num, r.pass.den) = (2, 3)
        }),
    ];
    for (code, name, description, change) in changes {
        let mut rule = usual_rule();
        change(&mut rule);
        maker.refuse(code, name, description, "first poll", &secretary(), open(rule));
    }
    let close = |poll| PollClose { poll };
    maker.refuse(
        "poll.unknown",
        "close-unknown",
        "No such poll.",
        "first close",
        &secretary(),
        close(StatementId([1; 32])),
    );
    let first = maker.story.polls[0];
    maker.refuse(
        "poll.closed",
        "close-again",
        "A poll closed twice.",
        "first closed",
        &secretary(),
        close(first),
    );
}
