//! The story that most tests start from: a body of five with a vote, one poll closed, one open.

use super::*;
use ecabinet_domain::{
    Agenda, Base, Basis, Choice, Fraction, ItemId, MeetingId, PaperId, PassRule, Placement, Presence, Rev,
    RevId, Rule, Tie,
};
use ecabinet_record::invitation::enrolment_proof;

pub(crate) struct Story {
    pub(crate) log: Log,
    pub(crate) poll: StatementId,
    pub(crate) open: StatementId,
    /// Positions of ballots: (what it is, index).
    pub(crate) at: BTreeMap<&'static str, u64>,
}

pub(crate) const REGISTRAR: u8 = 1;
pub(crate) const LOG: u8 = 3;
pub(crate) const NEXT_LOG: u8 = 4;
pub(crate) const CHAIR: u8 = 10;
pub(crate) const SECRETARY: u8 = 15;
const MEETING: MeetingId = MeetingId([0x51; 16]);
const ITEM: ItemId = ItemId([0x52; 16]);
const PAPER: PaperId = PaperId([0x53; 16]);

pub(crate) fn member(number: u8) -> MemberId {
    MemberId([number; 16])
}

fn rev(number: u8) -> Rev {
    Rev { paper: PAPER, rev: RevId([number; 16]) }
}

fn rule() -> Rule {
    Rule {
        quorum: Some(Fraction { num: 2, den: 3 }),
        tie: Some(Tie { office: "chair".into() }),
        ..Rule::plain(
            vec![Choice::Yes, Choice::No, Choice::Abstain],
            PassRule { base: Base::Members, num: 1, den: 2, strict: true },
        )
    }
}

impl Story {
    /// Members 10 to 14 vote (10 presides); 15 is the secretariat. The log's key changes on the way.
    pub(crate) fn tell() -> Story {
        let mut log = Log::new();
        let registrar = keys(REGISTRAR);
        log.genesis();
        for number in 10..=15 {
            let offices: &[&str] = match number {
                10 => &["member", "chair"],
                15 => &["secretariat"],
                _ => &["member"],
            };
            log.take_office(number, offices);
        }
        log.say(&registrar, "registrar", LogKey { key: keys(NEXT_LOG).public().sign }, None);
        let secretary = keys(SECRETARY);
        let title = |text: &str| Some(json!({"title": text}));
        log.say(&secretary, "secretariat", ItemSet { meeting: MEETING, item: ITEM }, title("Đê điều"));
        log.publish(1, rev(0x61));
        let poll = log.open("Thông qua dự thảo?");
        let mut story = Story { log, poll, open: poll, at: BTreeMap::new() };
        story.vote();
        story
    }

    fn vote(&mut self) {
        let secretary = keys(SECRETARY);
        self.ballot("stale", 11, None, 0x61, json!("yes"));
        self.log.publish(2, rev(0x62));
        for number in 10..=13 {
            let act = AttendanceSet { meeting: MEETING, member: member(number), state: Presence::Present };
            self.log.say(&secretary, "secretariat", act, None);
        }
        self.ballot("chair", 10, None, 0x62, json!("yes"));
        let first = self.ballot("replaced", 12, None, 0x62, json!("no"));
        self.ballot("replacing", 12, Some(first), 0x62, json!("yes"));
        self.ballot("superseded", 12, None, 0x62, json!("no"));
        self.ballot("void", 13, None, 0x62, json!("perhaps"));
        self.ballot("yes", 14, None, 0x62, json!("yes"));
        self.ballot("ineligible", SECRETARY, None, 0x62, json!("no"));
        self.log.say(&keys(CHAIR), "chair", PollClose { poll: self.poll }, None);
        self.ballot("late", 13, None, 0x62, json!("no"));
        let erased = int(self.at["superseded"]);
        let why = Some(json!({"why": "nhầm"}));
        self.log.say(&secretary, "secretariat", PayloadErase { entry: erased }, why);
        self.open = self.log.open("Còn ý kiến?");
    }

    pub(crate) fn ballot(
        &mut self,
        name: &'static str,
        number: u8,
        replaces: Option<StatementId>,
        revision: u8,
        choice: Value,
    ) -> StatementId {
        let act =
            BallotCast { poll: self.poll, replaces, basis: Basis::of(&[rev(revision)]), in_place_of: None };
        self.at.insert(name, self.log.size());
        let payload = json!({"choice": choice, "papers": []});
        self.log.say(&keys(number), "member", act, Some(payload))
    }

    /// The result of the closed poll.
    pub(crate) fn claims(&self) -> Value {
        json!({"polls": [{"poll": self.poll, "tally": {
            "n": 5, "present": 4, "yes": 3, "no": 0, "abstain": 0, "other": 0, "silent": 2,
            "quorum_needed": 4, "pass_needed": 3, "tie_by": null, "result": "passed",
        }}]})
    }

    pub(crate) fn export(&self) -> Export {
        let mut export = self.log.export(&keys(NEXT_LOG), self.claims());
        export.payloads.remove(&self.at["superseded"]);
        export
    }
}

impl Log {
    pub(crate) fn genesis(&mut self) {
        let act = BodyGenesis {
            registrars: vec![keys(REGISTRAR).public()],
            recovery: keys(2).public(),
            log_key: keys(LOG).public().sign,
            ca: Hash([7; 32]),
            level: int(1),
        };
        let content = json!({"name": {"vi": "UBND"}, "chunk_key": "00".repeat(32), "timezone": "+09:00"});
        self.say(&keys(REGISTRAR), "registrar", act, Some(content));
    }

    fn take_office(&mut self, number: u8, offices: &[&str]) {
        let offices = offices.iter().map(|office| (*office).to_owned()).collect();
        let act = MemberAdd { member: member(number), offices, order: int(number.into()) };
        let registrar = keys(REGISTRAR);
        self.say(&registrar, "registrar", act, Some(json!({"name": "A", "title": "B"})));
        let secret = KeyPair::from_invitation(&[number; 16]);
        let expires = int(self.time + 1_000_000);
        let act = InvitationIssue { member: member(number), key: secret.public().sign, expires };
        let invitation = self.say(&registrar, "registrar", act, None);
        let device = keys(number);
        let proof = enrolment_proof(&secret, self.body.unwrap(), invitation, &device.public());
        let DeviceKeys { sign, enc } = device.public();
        self.say(&device, "member", DeviceEnrol { invitation, sign, enc, proof, recovery: None }, None);
    }

    fn publish(&mut self, version: u64, rev: Rev) {
        let secretary = keys(SECRETARY);
        let act = PaperPublish { item: ITEM, paper: rev.paper, rev: rev.rev, signers: Vec::new() };
        self.say(&secretary, "secretariat", act, Some(json!({"title": "Dự thảo"})));
        let agenda = Agenda(vec![Placement { item: ITEM, papers: vec![rev] }]);
        let act = MeetingPublish { meeting: MEETING, version: int(version), agenda };
        self.say(&secretary, "secretariat", act, Some(json!({"title": "Phiên họp tháng 11"})));
    }

    fn open(&mut self, question: &str) -> StatementId {
        let content =
            json!({"question": question, "basis": "Luật 72/2025/QH15", "labels": {"yes": {"vi": "Đồng ý"}}});
        self.say(&keys(CHAIR), "chair", PollOpen { item: ITEM, rule: rule() }, Some(content))
    }
}
