//! Level 3 (12, 14): forms, blocks, hands, positions, substitutes, conclusions, replies.

use crate::Maker;
use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::act::*;
use ecabinet_domain::*;

/// A body of level 3 with two items before it, and a deputy, who has no vote.
struct Scene {
    log: Log,
    deputy: Actor,
}

pub(crate) fn make(maker: &mut Maker) {
    let mut log = Log::of(&maker.story.before("first poll").leaves);
    early(maker, &log);
    for level in [2, 3] {
        log.put(&registrar(), BodyLevel { level: int(level) });
    }
    log.put(&registrar(), add("deputy", &["deputy", "agency"], 9));
    let invitation = log.put(&registrar(), issue("deputy", "deputy"));
    let deputy = device("deputy");
    let enrolment = enrol(log.state().body, invitation, "deputy", &deputy.keys);
    log.put(&deputy, enrolment);
    let scene = Scene { log, deputy };
    forms(maker, &scene);
    blocks(maker, &scene);
    hands(maker, &scene);
    people(maker, &scene);
    debate(maker, &scene);
    replies(maker, &scene);
}

/// What level 3 brings, in a body of level 1.
fn early(maker: &mut Maker, log: &Log) {
    let staff = StaffSet { member: member("b"), staff: vec![] };
    let rule = Rule { silent: true, ..usual_rule() };
    let poll = PollOpen { item: item("budget"), rule };
    for (name, description, by, act) in [
        ("level-3-kind", "A kind of level 3 in a body of level 1.", registrar(), Act::from(staff)),
        ("level-3-rule", "A rule's key of level 3 in a body of level 1.", secretary(), poll.into()),
    ] {
        let leaf = log.leaf(&log.header(&by, act), &by.keys);
        maker.replay("13", name, description, log, vec![leaf], "header.malformed");
    }
}

impl Scene {
    fn refuse(
        &self,
        maker: &mut Maker,
        code: &str,
        name: &str,
        description: &str,
        by: &Actor,
        act: impl Into<Act>,
    ) {
        refuse(maker, &self.log, code, name, description, by, act);
    }
}

fn refuse(
    maker: &mut Maker,
    log: &Log,
    code: &str,
    name: &str,
    description: &str,
    by: &Actor,
    act: impl Into<Act>,
) {
    let leaf = log.leaf(&log.header(by, act), &by.keys);
    maker.replay("12", name, description, log, vec![leaf], code);
}

fn form(questions: Vec<Rule>) -> FormSend {
    let agency = Some("agency".to_owned());
    FormSend { item: item("budget"), asked: Vec::new(), questions, agency, approver: None }
}

fn chair() -> Actor {
    device("chair").acting_as("chair")
}

fn forms(maker: &mut Maker, scene: &Scene) {
    let usual = usual_rule;
    let asks = |asked: &[&str]| FormSend {
        asked: asked.iter().map(|who| member(who)).collect(),
        ..form(vec![usual()])
    };
    let of = |rule: Rule| form(vec![rule]);
    let options = Rule {
        choices: vec![Choice::Option, Choice::Abstain],
        options: Some(Options { count: 2, most: 3 }),
        ..usual()
    };
    let cases: Vec<(&str, &str, &str, FormSend)> = vec![
        ("form.questions", "form-nothing", "A form that asks nothing.", form(vec![])),
        ("form.asked", "form-asked-twice", "A member asked twice.", asks(&["b", "b"])),
        ("member.no_vote", "form-asks-secretary", "Someone without a vote is asked.", asks(&["secretary"])),
        (
            "form.agency",
            "form-agency-member",
            "An agency that everybody is.",
            FormSend { agency: Some("member".into()), ..form(vec![usual()]) },
        ),
        ("rule.form", "form-positions", "Positions on a form.", of(Rule { positions: true, ..usual() })),
        ("rule.form", "form-room", "A form in a room.", of(Rule { room: true, ..usual() })),
        (
            "rule.form",
            "form-two-deadlines",
            "Questions with different deadlines.",
            form(vec![usual(), Rule { closes: Some(int(START)), ..usual() }]),
        ),
        ("rule.choices", "rule-most-above-count", "Three of two options.", of(options)),
        (
            "rule.choices",
            "rule-no-counts-as-yes",
            "A no that counts in favour.",
            of(Rule { yes: Some(vec![Choice::Yes, Choice::No]), ..usual() }),
        ),
        (
            "rule.silent",
            "rule-objection-without-no",
            "Objections where nobody may object.",
            of(Rule { choices: vec![Choice::Yes, Choice::Abstain], objection: true, ..usual() }),
        ),
        (
            "rule.silent",
            "rule-silence-of-those-who-vote",
            "Silence counted among those who are not silent.",
            of(Rule { silent: true, pass: PassRule { base: Base::Cast, ..usual().pass }, ..usual() }),
        ),
        (
            "rule.hard",
            "rule-hard-without-time",
            "A hard deadline at no time.",
            of(Rule { hard: true, ..usual() }),
        ),
        ("rule.see", "rule-seen-by-nobody", "Ballots for nobody.", of(Rule { see: Some(vec![]), ..usual() })),
    ];
    for (code, name, description, form) in cases {
        scene.refuse(maker, code, name, description, &secretary(), form);
    }
    let orphan = FormSend { agency: None, approver: Some("agency".into()), ..form(vec![usual()]) };
    scene.refuse(
        maker,
        "header.malformed",
        "form-approver-alone",
        "An approver of nothing.",
        &secretary(),
        orphan,
    );
    let mut log = Log::of(&scene.log.leaves);
    log.put(&registrar(), add("head", &[Member::HEAD], 10));
    let description = "A form sent past the head of office.";
    refuse(
        maker,
        &log,
        "form.not_approved",
        "form-not-approved",
        description,
        &secretary(),
        form(vec![usual()]),
    );
    let mut log = Log::of(&scene.log.leaves);
    let poll = log.put(&secretary(), form(vec![usual()]));
    log.put(&secretary(), PollRecall { poll });
    let description = "A deadline that has passed already.";
    let past = PollExtend { poll: log.put(&secretary(), form(vec![usual()])), closes: int(START) };
    refuse(maker, &log, "poll.closes", "extend-into-the-past", description, &secretary(), past);
    let description = "What was recalled is closed.";
    refuse(maker, &log, "poll.closed", "recalled-closed", description, &secretary(), PollClose { poll });
}

fn blocks(maker: &mut Maker, scene: &Scene) {
    let of = |items: &[&str]| BlockOpen {
        items: items.iter().map(|name| item(name)).collect(),
        rule: usual_rule(),
    };
    let both = ["budget", "roads"];
    let with_positions = BlockOpen { rule: Rule { positions: true, ..usual_rule() }, ..of(&both) };
    for (code, name, description, block) in [
        ("block.items", "block-of-one", "A block of one item.", of(&both[..1])),
        ("block.item_again", "block-item-twice", "An item twice in a block.", of(&["budget", "budget"])),
        ("item.unknown", "block-item-unknown", "An item that nobody knows.", of(&["budget", "none"])),
        ("rule.block", "block-positions", "Positions in a block.", with_positions),
    ] {
        scene.refuse(maker, code, name, description, &chair(), block);
    }
    let mut log = Log::of(&scene.log.leaves);
    let poll = log.put(&chair(), of(&both));
    let pull = PollPull { poll, item: item("roads") };
    let by_deputy = "Someone without a vote pulls an item.";
    refuse(maker, &log, "member.no_vote", "pull-without-vote", by_deputy, &scene.deputy, pull.clone());
    let other = PollPull { poll, item: item("none") };
    refuse(
        maker,
        &log,
        "block.item_unknown",
        "pull-unknown",
        "An item not of the block.",
        &device("b"),
        other,
    );
    log.put(&device("b"), pull.clone());
    refuse(maker, &log, "block.pulled", "pull-again", "An item pulled twice.", &device("c"), pull);
}

fn hands(maker: &mut Maker, scene: &Scene) {
    let mut log = Log::of(&scene.log.leaves);
    let poll = log.put(&secretary(), PollOpen { item: item("budget"), rule: usual_rule() });
    let sent = log.put(&secretary(), form(vec![usual_rule()]));
    let totals = |yes: u64| Some(Totals { yes: int(yes), no: int(0), abstain: int(0), other: int(0) });
    let entered = |poll, yes| HandsEnter { poll, totals: totals(yes), members: None };
    let neither = HandsEnter { poll, totals: None, members: None };
    let by = secretary();
    refuse(maker, &log, "header.malformed", "hands-nothing", "Neither totals nor names.", &by, neither);
    refuse(maker, &log, "hands.form", "hands-on-form", "Hands on a form.", &by, entered(sent, 1));
    let description = "More hands than members.";
    refuse(maker, &log, "hands.too_many", "hands-too-many", description, &by, entered(poll, 5));
    let yes_or_no = Rule { choices: vec![Choice::Yes, Choice::No], ..usual_rule() };
    let two = log.put(&secretary(), PollOpen { item: item("budget"), rule: yes_or_no });
    let [one, none] = [1, 0].map(int);
    let abstains = Some(Totals { yes: none, no: none, abstain: one, other: none });
    let unknown = HandsEnter { poll: two, totals: abstains, members: None };
    refuse(
        maker,
        &log,
        "hands.choice",
        "hands-choice",
        "Hands for a choice that is not asked.",
        &by,
        unknown,
    );
    let twice = HandsEnter { poll, totals: None, members: Some(vec![member("b"); 2]) };
    let header = with_payload(log.header(&by, twice), b"{}");
    let leaf = log.leaf(&header, &by.keys);
    maker.replay("12", "hands-twice", "A member's hand seen twice.", &log, vec![leaf], "hands.again");
    let early = log.put(&by, entered(poll, 3));
    log.put(&device("b"), ballot(poll, None, &[rev("budget", 1)]));
    let description = "A ballot came after the hands were counted.";
    refuse(
        maker,
        &log,
        "hands.overtaken",
        "hands-overtaken",
        description,
        &chair(),
        HandsConfirm { hands: early },
    );
    let four = log.put(&by, entered(poll, 4));
    log.put(&chair(), HandsConfirm { hands: four });
    let confirm = HandsConfirm { hands: four };
    refuse(maker, &log, "hands.confirmed", "hands-confirmed", "Confirmed twice.", &chair(), confirm);
    let unknown = HandsConfirm { hands: poll };
    refuse(maker, &log, "hands.unknown", "hands-unknown", "Hands that nobody entered.", &chair(), unknown);
    let description = "Four hands and one ballot of four members.";
    refuse(maker, &log, "hands.too_many", "hands-beside-ballots", description, &by, PollClose { poll });
}

fn people(maker: &mut Maker, scene: &Scene) {
    let staff = |staff: &[&str]| StaffSet {
        member: member("b"),
        staff: staff.iter().map(|who| member(who)).collect(),
    };
    let himself = staff(&["b"]);
    scene.refuse(maker, "staff.members", "staff-himself", "His own staff.", &registrar(), himself);
    let ask = |substitute, until| SubstituteAsk {
        meeting: None,
        substitute: member(substitute),
        from: int(START),
        until: int(until),
    };
    let b = device("b");
    let later = START + 86_400_000;
    let colleague = "A member with a vote of his own as substitute.";
    scene.refuse(maker, "substitute.person", "substitute-votes", colleague, &b, ask("c", later));
    scene.refuse(maker, "substitute.time", "substitute-no-time", "For no time.", &b, ask("deputy", START));
    let by_deputy = ask("deputy", later);
    let description = "Someone without a vote asks for a substitute.";
    scene.refuse(maker, "member.no_vote", "substitute-of-none", description, &scene.deputy, by_deputy);
    let nobody = SubstituteApprove { request: StatementId([9; 32]) };
    let description = "A substitution that nobody asked for.";
    scene.refuse(maker, "substitute.unknown", "substitute-unknown", description, &chair(), nobody);
    let mut log = Log::of(&scene.log.leaves);
    let request = log.put(&b, ask("deputy", later));
    let end = SubstituteEnd { request };
    let again = "The same substitute asked for twice.";
    refuse(maker, &log, "substitute.again", "substitute-again", again, &b, ask("deputy", later));
    let other = "Someone else ends a substitution.";
    refuse(maker, &log, "substitute.may_not", "substitute-ended-by-other", other, &device("c"), end.clone());
    log.put(&chair(), SubstituteApprove { request });
    let twice = "Approved twice.";
    refuse(
        maker,
        &log,
        "substitute.approved",
        "substitute-approved",
        twice,
        &chair(),
        SubstituteApprove { request },
    );
    log.put(&b, end);
    let ended = "What has ended is approved.";
    refuse(
        maker,
        &log,
        "substitute.ended",
        "substitute-ended",
        ended,
        &chair(),
        SubstituteApprove { request },
    );
}

fn debate(maker: &mut Maker, scene: &Scene) {
    let budget = item("budget");
    let position = PositionState { item: budget, basis: Basis::of(&[]) };
    let description = "A position of someone without a vote.";
    scene.refuse(maker, "member.no_vote", "position-without-vote", description, &scene.deputy, position);
    let claim = AttendanceClaim { meeting: meeting(), state: Presence::Substitute };
    let description = "A member says that he is his own substitute.";
    scene.refuse(maker, "header.malformed", "claim-substitute", description, &device("b"), claim);
    let leave = FloorLeave { item: budget };
    scene.refuse(maker, "floor.none", "floor-left", "Leaves a floor not asked for.", &device("b"), leave);
    let mut log = Log::of(&scene.log.leaves);
    let ask = FloorAsk { item: budget };
    log.put(&device("b"), ask.clone());
    refuse(maker, &log, "floor.again", "floor-again", "Asks for the floor twice.", &device("b"), ask);
    let write = |replaces, outcome, by, poll| ConclusionWrite { item: budget, replaces, outcome, by, poll };
    let poll = log.put(&secretary(), PollOpen { item: item("roads"), rule: usual_rule() });
    let of_other = write(None, Outcome::Adopted, None, Some(poll));
    let description = "A conclusion that rests on a poll of another item.";
    refuse(maker, &log, "conclusion.poll", "conclusion-other-poll", description, &chair(), of_other);
    let by_nobody = write(None, Outcome::Adopted, Some(member("b")), None);
    let description = "Changes to make in what was adopted as it is.";
    refuse(maker, &log, "header.malformed", "conclusion-by", description, &chair(), by_nobody);
    let first = log.put(&secretary(), write(None, Outcome::Deferred, None, None));
    let again = write(None, Outcome::Rejected, None, None);
    let description = "A second conclusion beside the first.";
    refuse(maker, &log, "conclusion.replaced", "conclusion-beside", description, &chair(), again);
    let confirm = ConclusionConfirm { conclusion: first };
    log.put(&chair(), confirm.clone());
    refuse(
        maker,
        &log,
        "conclusion.confirmed",
        "conclusion-confirmed",
        "Confirmed twice.",
        &chair(),
        confirm,
    );
}

fn replies(maker: &mut Maker, scene: &Scene) {
    let mut log = Log::of(&scene.log.leaves);
    let sent = log.put(&secretary(), form(vec![usual_rule()]));
    let opinion = log.put(&device("b"), ballot(sent, None, &[rev("budget", 1)]));
    let agency = scene.deputy.acting_as("agency");
    let reply =
        |form, ballot, question| ReplyWrite { form, ballot, question: int(question), taken: Taken::Yes };
    let good = reply(sent, opinion, 0);
    let not_agency = "The chair replies in the agency's place.";
    refuse(maker, &log, "reply.may_not", "reply-by-chair", not_agency, &chair(), good.clone());
    for (code, name, description, act) in [
        ("form.unknown", "reply-no-form", "A reply to no form.", reply(opinion, opinion, 0)),
        ("reply.ballot", "reply-no-ballot", "A reply to no ballot.", reply(sent, sent, 0)),
        ("reply.question", "reply-no-question", "A reply to no question.", reply(sent, opinion, 1)),
    ] {
        refuse(maker, &log, code, name, description, &agency, act);
    }
    let first = log.put(&agency, good.clone());
    log.put(&agency, good);
    let approve = ReplyApprove { form: sent, replies: vec![first] };
    let description = "A reply approved that another has replaced.";
    refuse(maker, &log, "reply.unknown", "reply-replaced", description, &agency, approve);
}
