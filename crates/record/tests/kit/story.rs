//! The worked example: a small body from its genesis to a signed paper and an erased payload.

pub use super::cast::*;
use super::*;
use ecabinet_domain::act::*;
use std::collections::HashMap;

pub struct Story {
    pub log: Log,
    /// Entries before which something is the case, by name.
    pub at: HashMap<&'static str, u64>,
    pub polls: Vec<StatementId>,
    /// Keys of the log, in their order.
    pub log_keys: [KeyPair; 2],
}

impl Story {
    pub fn new() -> Story {
        let log_keys = [keys("log"), keys("second log")];
        let mut story = Story { log: Log::default(), at: HashMap::new(), polls: Vec::new(), log_keys };
        story.people();
        story.pack();
        story.republished_while_open();
        story.tie();
        story.erased_ballot();
        story.afterwards();
        story
    }

    /// The log before a named entry.
    pub fn before(&self, name: &str) -> Log {
        Log::of(&self.log.leaves[..self.at[name] as usize])
    }

    fn mark(&mut self, name: &'static str) {
        self.at.insert(name, self.log.size());
    }

    fn invite(&mut self, member_name: &str, secret_name: &str) -> StatementId {
        self.log.put(&registrar(), issue(member_name, secret_name))
    }

    fn join(&mut self, invitation: StatementId, device_name: &str, recovery: Option<DeviceKeys>) {
        let device = device(device_name);
        let body = self.log.state().body;
        let act = DeviceEnrol { recovery, ..enrol(body, invitation, device_name, &device.keys) };
        self.log.say(&device, act, r#"{"name":"laptop"}"#);
    }

    fn people(&mut self) {
        self.log.say(&registrar(), genesis(), r#"{"name":{"vi":"Ủy ban thử","en":"Test Committee"}}"#);
        self.mark("members");
        for (order, (name, offices)) in [
            ("chair", &["member", "chair"][..]),
            ("b", &["member"]),
            ("c", &["member"]),
            ("d", &["member"]),
            ("secretary", &["secretariat"]),
        ]
        .iter()
        .enumerate()
        {
            let content = format!(r#"{{"name":"Thành viên {name}","title":""}}"#);
            self.log.say(&registrar(), add(name, offices, order as u64 + 1), &content);
        }
        self.mark("invitations");
        let names = ["chair", "b", "c", "d", "secretary"];
        let invitations: Vec<_> = names.iter().map(|name| self.invite(name, name)).collect();
        let spare = self.invite("d", "spare");
        self.mark("spare");
        self.log.put(&registrar(), InvitationRevoke { invitation: spare });
        self.mark("enrolment");
        for (name, invitation) in names.iter().zip(invitations) {
            let recovery = (*name == "chair").then(|| chair_code().keys.public());
            self.join(invitation, name, recovery);
        }
        self.mark("second devices");
        for (owner, device) in [("b", "b2"), ("chair", "chair2"), ("d", "d2")] {
            let invitation = self.invite(owner, device);
            self.join(invitation, device, None);
        }
        self.mark("pending");
        let confirm = |name: &str| DeviceConfirm { device: keys(name).id() };
        self.log.put(&device("b"), confirm("b2"));
        self.log.put(&chair_code(), confirm("chair2"));
        self.log.put(&second_registrar(), confirm("d2"));
        self.mark("confirmed");
        self.log.put(&device("d"), DeviceRevoke { device: keys("d2").id() });
        let members = vec![member("b"), member("c")];
        self.log.say(
            &registrar(),
            GroupSet { group: GroupId(id16("group")), members },
            r#"{"name":"Tổ giúp việc"}"#,
        );
    }

    fn pack(&mut self) {
        self.mark("pack");
        for name in ["budget", "roads"] {
            let act = ItemSet { meeting: meeting(), item: item(name) };
            self.log.say(&secretary(), act, &format!(r#"{{"title":"{name}","path":"{name}"}}"#));
        }
        for (name, signers) in [("budget", &["chair"][..]), ("roads", &[])] {
            self.log.say(&secretary(), publish(name, rev(name, 1), signers), r#"{"title":"Tờ trình"}"#);
        }
        self.mark("agenda");
        let places: [(&str, &[Rev]); 2] = [("budget", &[rev("budget", 1)]), ("roads", &[rev("roads", 1)])];
        self.log.say(&secretary(), convene(1, &places), r#"{"title":"Phiên họp","starts":1767100000000}"#);
        self.mark("attendance");
        for (name, state) in [("chair", Presence::Present), ("b", Presence::Remote), ("c", Presence::Present)]
        {
            self.log.put(&secretary(), AttendanceSet { meeting: meeting(), member: member(name), state });
        }
        let absent = AttendanceSet { meeting: meeting(), member: member("d"), state: Presence::Substitute };
        self.log.say(&secretary(), absent, r#"{"why":"công tác"}"#);
    }

    fn open(&mut self, item_name: &str, rule: Rule) -> StatementId {
        let act = PollOpen { item: item(item_name), rule };
        let poll = self.log.say(&secretary(), act, r#"{"question":"Đồng ý?","basis":"Quy chế"}"#);
        self.polls.push(poll);
        poll
    }

    fn vote(
        &mut self,
        by: &str,
        poll: StatementId,
        replaces: Option<StatementId>,
        basis: &[Rev],
        choice: &str,
    ) -> StatementId {
        let papers: Vec<String> = basis.iter().map(|r| paper_hash(r.rev)).collect();
        let payload = format!(r#"{{"choice":"{choice}","papers":[{}]}}"#, papers.join(","));
        self.log.say(&device(by), ballot(poll, replaces, basis), &payload)
    }

    /// Ballots of every fate: the budget is republished while the poll is open.
    fn republished_while_open(&mut self) {
        self.mark("first poll");
        let poll = self.open("budget", usual_rule());
        let (old, new) = ([rev("budget", 1)], [rev("budget", 2)]);
        self.vote("c", poll, None, &old, "no");
        self.mark("republished");
        self.log.say(
            &secretary(),
            publish("budget", rev("budget", 2), &["chair"]),
            r#"{"title":"Tờ trình (2)"}"#,
        );
        let places: [(&str, &[Rev]); 2] = [("budget", &new), ("roads", &[rev("roads", 1)])];
        self.log.say(&secretary(), convene(2, &places), r#"{"title":"Phiên họp","starts":1767100000000}"#);
        let first = self.vote("b", poll, None, &new, "no");
        self.vote("b2", poll, Some(first), &new, "yes");
        self.vote("d", poll, None, &new, "yes");
        // Made before the first one was seen: it names no current ballot.
        self.vote("d", poll, None, &new, "no");
        self.vote("chair", poll, None, &new, "yes");
        self.vote("secretary", poll, None, &new, "yes");
        self.vote("b", StatementId([7; 32]), None, &new, "yes");
        self.mark("first close");
        self.log.put(&Actor::new("chair", Member::CHAIR), PollClose { poll });
        self.mark("first closed");
        let stale = self.log.state().polls[&poll].current_of(member("c")).unwrap().statement;
        self.vote("c", poll, Some(stale), &new, "no");
    }

    /// Two of four say yes, the chair among them; one payload is void.
    fn tie(&mut self) {
        self.mark("second poll");
        let poll = self.open("roads", usual_rule());
        let basis = [rev("roads", 1)];
        for (by, choice) in [("chair2", "yes"), ("b", "yes"), ("c", "abstain"), ("d", "maybe")] {
            self.vote(by, poll, None, &basis, choice);
        }
        self.log.put(&secretary(), PollClose { poll });
    }

    /// A poll among those present, of which one ballot's payload is erased later.
    fn erased_ballot(&mut self) {
        self.mark("third poll");
        let pass = PassRule { base: Base::Present, num: 2, den: 3, strict: false };
        let rule = Rule { closes: Some(int(START)), ..Rule::plain(vec![Choice::Yes, Choice::No], pass) };
        let poll = self.open("roads", rule);
        for by in ["chair", "b"] {
            self.vote(by, poll, None, &[rev("roads", 1)], "yes");
        }
        self.log.put(&secretary(), PollClose { poll });
        self.mark("erase");
        let entry = int(self.log.size() - 2);
        self.log.say(&secretary(), PayloadErase { entry }, r#"{"why":"bảo mật"}"#);
        self.mark("erased");
    }

    fn afterwards(&mut self) {
        self.mark("sign");
        let signed = PaperSign {
            paper: rev("budget", 2).paper,
            rev: rev("budget", 2).rev,
            new_rev: rev("budget", 3).rev,
        };
        self.log.say(&device("chair"), signed, r#"{"title":"Tờ trình, đã ký"}"#);
        self.mark("signed");
        self.log.put(&registrar(), MemberRetire { member: member("d") });
        self.mark("retired");
        let add = vec![keys("third registrar").public()];
        self.log.put(&body_recovery(), RegistrarChange { add, remove: vec![second_registrar().keys.id()] });
        let root = hash::sha256(b"lost");
        self.log.put(&registrar(), Epoch { number: int(1), size: int(999), root });
        self.mark("log key");
        self.log.put(&registrar(), LogKey { key: self.log_keys[1].public().sign });
        self.mark("new log key");
        // From this entry on checkpoints are signed by the second key.
        self.log.put(&registrar(), LogKey { key: keys("third log").public().sign });
        self.mark("end");
    }
}

/// What a ballot says of one revision.
pub fn paper_hash(rev: RevId) -> String {
    format!(r#"{{"rev":"{rev}","sha256":"{}"}}"#, hash::sha256(&rev.0))
}
