//! A body without cryptography: a device's id is its signing key, a statement's its position.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part")]

use ecabinet_domain::act::*;
use ecabinet_domain::*;

pub const HOUR: u64 = 3_600_000;

/// Who signs, and as what.
#[derive(Clone, Copy)]
pub struct Who(pub u8, pub &'static str);

pub const REGISTRAR: Who = Who(101, "registrar");
pub const SECOND_REGISTRAR: Who = Who(102, "registrar");
pub const BODY_KEY: Who = Who(103, "recovery");
/// The chair's printed code.
pub const CODE: Who = Who(104, "recovery");
pub const CHAIR: Who = Who(1, "chair");
pub const A: Who = Who(1, "member");
pub const B: Who = Who(2, "member");
pub const C: Who = Who(3, "member");
pub const D: Who = Who(4, "member");
pub const SECRETARY: Who = Who(5, "secretariat");

/// The office that replies to opinions; nobody holds it at first.
pub const AGENCY: Who = Who(6, "agency");

pub const ITEM: ItemId = ItemId([1; 16]);
pub const MEETING: MeetingId = MeetingId([1; 16]);
pub const OLD: Rev = Rev { paper: PaperId([1; 16]), rev: RevId([1; 16]) };
pub const NEW: Rev = Rev { paper: PaperId([1; 16]), rev: RevId([2; 16]) };

/// The state and the next position.
#[derive(Clone)]
pub struct Body {
    pub state: State,
    pub index: u64,
}

impl Body {
    /// Registrars, chair (1) with a code, members 2 to 4, secretary (5), each with a device of the same number; an
    /// item with a paper on a published agenda; all but member 4 present.
    pub fn new() -> Body {
        let genesis = BodyGenesis {
            registrars: vec![keys(REGISTRAR.0), keys(SECOND_REGISTRAR.0)],
            recovery: keys(BODY_KEY.0),
            log_key: PublicKey([200; 32]),
            ca: Hash([201; 32]),
            level: int(1),
        };
        let first = statement(0, REGISTRAR, genesis.into(), None);
        let mut body = Body { state: State::genesis(&first, device_id).expect("a genesis"), index: 1 };
        for (number, offices) in [
            (1, &["member", "chair"][..]),
            (2, &["member"]),
            (3, &["member"]),
            (4, &["member"]),
            (5, &["secretariat"]),
        ] {
            body.put(REGISTRAR, add(number, offices));
            let invitation = body.put(REGISTRAR, invite(number, number));
            let recovery = (number == 1).then(|| keys(CODE.0));
            body.put(Who(number, "member"), DeviceEnrol { recovery, ..enrol(invitation, number) });
        }
        body.put(SECRETARY, ItemSet { meeting: MEETING, item: ITEM });
        body.put(SECRETARY, publish(OLD));
        body.put(SECRETARY, convene(1, &[OLD]));
        for number in 1..=3 {
            body.put(SECRETARY, attend(number, Presence::Present));
        }
        body
    }

    pub fn decide(&self, by: Who, act: impl Into<Act>) -> Result<(), &'static str> {
        let act = act.into();
        let statement = statement(self.index, by, act, Some(self.state.body));
        let author = self.author(&statement);
        self.state.decide(&statement, &author, self.at()).map_err(|refusal| refusal.code)
    }

    /// Appends what must be accepted.
    pub fn put(&mut self, by: Who, act: impl Into<Act>) -> StatementId {
        let act = act.into();
        assert_eq!(self.decide(by, act.clone()), Ok(()), "{act:?}");
        let statement = statement(self.index, by, act, Some(self.state.body));
        let author = self.author(&statement);
        self.state.apply(&statement, &author, self.at(), device_id);
        self.index += 1;
        statement.id
    }

    pub fn vote(
        &mut self,
        by: Who,
        poll: StatementId,
        replaces: Option<StatementId>,
        basis: &[Rev],
    ) -> StatementId {
        self.put(by, BallotCast { poll, replaces, basis: Basis::of(basis), in_place_of: None })
    }

    pub fn open(&mut self) -> StatementId {
        self.put(SECRETARY, PollOpen { item: ITEM, rule: usual_rule() })
    }

    pub fn fate(&self, ballot: StatementId) -> Fate {
        let poll = self.state.polls.values().find(|poll| poll.ballot(ballot).is_some()).expect("a poll");
        poll.fate(poll.ballot(ballot).expect("a ballot"), &self.state)
    }

    fn author(&self, statement: &Statement) -> Author {
        let device = statement.header.device;
        if let Act::DeviceEnrol(act) = &statement.header.act {
            let member = self.state.invitations.get(&act.invitation).map_or(MemberId([0; 16]), |i| i.member);
            return Author { device, holder: Holder::Member(member) };
        }
        self.state.author(device).expect("an active device").0
    }

    fn at(&self) -> Fold {
        Fold { index: self.index, time: self.index * 1000 }
    }
}

pub fn statement(index: u64, by: Who, act: Act, body: Option<BodyId>) -> Statement {
    let mut id = [0; 32];
    id[24..].copy_from_slice(&(index + 1).to_be_bytes());
    let payload = (act.carries() == Carries::Must).then_some(Hash([7; 32]));
    let audience = payload.map(|_| Audience::All).into_iter().collect();
    let header = Header {
        body,
        level: 1,
        device: DeviceId([by.0; 32]),
        nonce: Nonce([0; 16]),
        claimed: int(0),
        seen: Seen { size: int(0), root: Hash([0; 32]) },
        capacity: As(by.1.to_owned()),
        act,
        payload,
        audience,
    };
    Statement { id: StatementId(id), header }
}

pub fn device_id(keys: &DeviceKeys) -> DeviceId {
    DeviceId(keys.sign.0)
}

pub fn keys(number: u8) -> DeviceKeys {
    DeviceKeys { sign: PublicKey([number; 32]), enc: PublicKey([number; 32]) }
}

pub fn int(value: u64) -> Int {
    Int::new(value).expect("below 2^53")
}

pub fn member(number: u8) -> MemberId {
    MemberId([number; 16])
}

pub fn add(number: u8, offices: &[&str]) -> MemberAdd {
    let offices = offices.iter().map(|office| office.to_string()).collect();
    MemberAdd { member: member(number), offices, order: int(number.into()) }
}

/// An invitation of a member by the key of this number.
pub fn invite(number: u8, key: u8) -> InvitationIssue {
    InvitationIssue { member: member(number), key: PublicKey([key; 32]), expires: int(HOUR) }
}

pub fn enrol(invitation: StatementId, device: u8) -> DeviceEnrol {
    let DeviceKeys { sign, enc } = keys(device);
    DeviceEnrol { invitation, sign, enc, proof: Signature([0; 64]), recovery: None }
}

pub fn publish(rev: Rev) -> PaperPublish {
    PaperPublish { item: ITEM, paper: rev.paper, rev: rev.rev, signers: vec![member(1)] }
}

pub fn convene(version: u64, papers: &[Rev]) -> MeetingPublish {
    let agenda = Agenda(vec![Placement { item: ITEM, papers: papers.to_vec() }]);
    MeetingPublish { meeting: MEETING, version: int(version), agenda }
}

pub fn attend(number: u8, state: Presence) -> AttendanceSet {
    AttendanceSet { meeting: MEETING, member: member(number), state }
}

pub const OTHER_ITEM: ItemId = ItemId([2; 16]);

/// A second item of the meeting, without papers.
pub fn another_item() -> ItemSet {
    ItemSet { meeting: MEETING, item: OTHER_ITEM }
}

pub fn convene_both() -> MeetingPublish {
    let other = Placement { item: OTHER_ITEM, papers: Vec::new() };
    let MeetingPublish { meeting, agenda, .. } = convene(2, &[OLD]);
    MeetingPublish { meeting, version: int(2), agenda: Agenda([agenda.0, vec![other]].concat()) }
}

/// A form about the item, asked of all.
pub fn form(questions: &[Rule]) -> FormSend {
    FormSend {
        item: ITEM,
        asked: Vec::new(),
        questions: questions.to_vec(),
        agency: Some(AGENCY.1.to_owned()),
        approver: None,
    }
}

/// Someone acts for the author at this meeting, from the first second on.
pub fn substitute(number: u8) -> SubstituteAsk {
    SubstituteAsk { meeting: Some(MEETING), substitute: member(number), from: int(0), until: int(HOUR) }
}

/// The payload of a ballot.
pub fn says(choice: Choice) -> Vec<u8> {
    let payload = BallotPayload { choice, options: None, text: None, papers: Vec::new() };
    serde_json::to_vec(&payload).expect("plain data")
}

/// More than half of all members, two thirds present, the chair's own ballot in a tie.
pub fn usual_rule() -> Rule {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    Rule {
        quorum: Some(Fraction { num: 2, den: 3 }),
        tie: Some(Tie { office: Member::CHAIR.to_owned() }),
        ..Rule::plain(vec![Choice::Yes, Choice::No, Choice::Abstain, Choice::Other], pass)
    }
}
