//! Entries that the rules of their kind refuse (12): capacity, registrars, members.

use crate::Maker;
use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::act::*;
use ecabinet_domain::*;

pub(crate) fn make(maker: &mut Maker) {
    capacity(maker);
    registrars(maker);
    members(maker);
}

impl Maker {
    pub(crate) fn refuse(
        &mut self,
        code: &str,
        name: &str,
        description: &str,
        at: &str,
        by: &Actor,
        act: impl Into<Act>,
    ) {
        let log = self.story.before(at);
        let act = act.into();
        let rule = match act {
            Act::DeviceEnrol(_) => "11",
            Act::PollOpen(_) | Act::PollClose(_) => "14",
            _ => "12",
        };
        let leaf = log.leaf(&log.header(by, act), &by.keys);
        self.replay(rule, name, description, &log, vec![leaf], code);
    }
}

fn capacity(maker: &mut Maker) {
    let not_held = "capacity.not_held";
    let may_not = "capacity.may_not";
    let poll = maker.story.polls[0];
    let close = PollClose { poll };
    let as_chair = device("b").acting_as("chair");
    maker.refuse(
        not_held,
        "capacity-office",
        "A member closes a poll as chair, which he is not.",
        "first close",
        &as_chair,
        close,
    );
    let as_registrar = device("chair").acting_as("registrar");
    maker.refuse(
        not_held,
        "capacity-registrar",
        "A member acts as registrar.",
        "pack",
        &as_registrar,
        add("e", &["member"], 9),
    );
    let as_member = registrar().acting_as("member");
    let cast = ballot(poll, None, &[rev("budget", 2)]);
    maker.refuse(
        not_held,
        "capacity-registrar-votes",
        "A registrar's device casts a ballot.",
        "first close",
        &as_member,
        cast.clone(),
    );
    let revoke = DeviceRevoke { device: keys("chair2").id() };
    maker.refuse(
        may_not,
        "capacity-code-revokes",
        "A recovery code revokes a device.",
        "pack",
        &chair_code(),
        revoke,
    );
    maker.refuse(
        may_not,
        "capacity-member-publishes",
        "A member sets an item.",
        "pack",
        &device("b"),
        ItemSet { meeting: meeting(), item: item("new") },
    );
    maker.refuse(
        may_not,
        "capacity-office-votes",
        "A ballot in an office, not as a member.",
        "first close",
        &Actor::new("chair", "chair"),
        cast,
    );
}

fn registrars(maker: &mut Maker) {
    let third = keys("third registrar").public();
    let change = |add: Vec<DeviceKeys>, remove: Vec<DeviceId>| RegistrarChange { add, remove };
    let (r1, r2) = (keys("registrar").id(), keys("second registrar").id());
    maker.refuse(
        "registrar.may_not",
        "registrar-by-member-code",
        "A member's recovery code changes registrars.",
        "pack",
        &chair_code(),
        change(vec![third], vec![]),
    );
    maker.refuse(
        "registrar.nothing",
        "registrar-nothing",
        "Nobody added, nobody removed.",
        "pack",
        &registrar(),
        change(vec![], vec![]),
    );
    maker.refuse(
        "registrar.unknown",
        "registrar-unknown",
        "A member's device removed as a registrar.",
        "pack",
        &registrar(),
        change(vec![third], vec![keys("b").id()]),
    );
    maker.refuse(
        "registrar.unknown",
        "registrar-removed-twice",
        "The same registrar removed twice.",
        "pack",
        &registrar(),
        change(vec![third], vec![r2, r2]),
    );
    maker.refuse(
        "device.known",
        "registrar-known",
        "A member's device becomes a registrar.",
        "pack",
        &registrar(),
        change(vec![keys("b").public()], vec![]),
    );
    maker.refuse(
        "device.known",
        "registrar-added-twice",
        "The same keys added twice.",
        "pack",
        &registrar(),
        change(vec![third, third], vec![r2]),
    );
    maker.refuse(
        "device.known",
        "registrar-back",
        "A removed registrar's device comes back.",
        "log key",
        &registrar(),
        change(vec![keys("second registrar").public()], vec![]),
    );
    maker.refuse(
        "registrar.count",
        "registrar-none-left",
        "The last registrars removed.",
        "pack",
        &registrar(),
        change(vec![], vec![r1, r2]),
    );
    let many = (0..15).map(|n| keys(&format!("registrar {n}")).public()).collect();
    maker.refuse(
        "registrar.count",
        "registrar-17",
        "A seventeenth registrar.",
        "pack",
        &registrar(),
        change(many, vec![]),
    );
    let log_key = |name: &str| LogKey { key: keys(name).public().sign };
    maker.refuse(
        "log_key.again",
        "log-key-again",
        "A former log key comes back.",
        "new log key",
        &registrar(),
        log_key("log"),
    );
    let root = Hash([1; 32]);
    maker.refuse(
        "epoch.not_next",
        "epoch-again",
        "The same epoch again.",
        "log key",
        &registrar(),
        Epoch { number: int(1), size: int(5), root },
    );
    let log = maker.story.before("pack");
    let mut raised = Log::of(&log.leaves);
    raised.put(&registrar(), BodyLevel { level: int(2) });
    let ca = |log: &Log, ca| log.leaf(&log.header(&registrar(), CaSet { ca }), &registrar().keys);
    let other = Hash([0x77; 32]);
    let early = vec![ca(&log, other)];
    maker.replay(
        "13",
        "ca-set-level-1",
        "A kind of level 2 in a body of level 1.",
        &log,
        early,
        "header.malformed",
    );
    let again = vec![ca(&raised, raised.state().ca)];
    maker.replay("12", "ca-again", "The CA that is the body's already.", &raised, again, "ca.again");
    let set = vec![ca(&raised, other)];
    maker.holds("12", "ca-set", "At level 2 the CA is replaced.", &raised, set);
    maker.refuse(
        "level.not_next",
        "level-skipped",
        "A level left out.",
        "pack",
        &registrar(),
        BodyLevel { level: int(3) },
    );
}

fn members(maker: &mut Maker) {
    let offices = "member.offices";
    for (name, description, list) in [
        ("offices-none", "No office.", &[][..]),
        ("offices-nine", "Nine offices.", &["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
        ("offices-twice", "An office twice.", &["member", "member"]),
        ("offices-word", "An office named like a capacity.", &["registrar"]),
        ("offices-letters", "An office with a capital letter.", &["Chair"]),
    ] {
        maker.refuse(offices, name, description, "pack", &registrar(), add("e", list, 9));
    }
    maker.refuse(
        "member.order",
        "order-zero",
        "A place before the first.",
        "pack",
        &registrar(),
        add("e", &["member"], 0),
    );
    maker.refuse(
        "member.unknown",
        "retire-unknown",
        "Somebody unknown retires.",
        "pack",
        &registrar(),
        MemberRetire { member: member("e") },
    );
    maker.refuse(
        "member.retired",
        "retire-again",
        "A member retires twice.",
        "retired",
        &registrar(),
        MemberRetire { member: member("d") },
    );
    let group = |members: &[&str]| GroupSet {
        group: GroupId(id16("group")),
        members: members.iter().map(|m| member(m)).collect(),
    };
    maker.refuse(
        "group.members",
        "group-unknown",
        "A stranger in a group.",
        "pack",
        &registrar(),
        group(&["b", "e"]),
    );
    maker.refuse(
        "group.members",
        "group-twice",
        "A member twice in a group.",
        "pack",
        &registrar(),
        group(&["b", "b"]),
    );
    maker.refuse(
        "invitation.key_again",
        "invitation-key-again",
        "An invitation by the key of another.",
        "pack",
        &registrar(),
        issue("c", "b"),
    );
    maker.refuse(
        "member.unknown",
        "invitation-unknown-member",
        "An invitation for nobody.",
        "pack",
        &registrar(),
        issue("e", "e"),
    );
    let first = maker
        .story
        .log
        .state()
        .invitations
        .iter()
        .find(|(_, i)| i.member == member("b"))
        .map(|(id, _)| *id)
        .unwrap();
    let revoke = |invitation| InvitationRevoke { invitation };
    maker.refuse(
        "invitation.used",
        "invitation-revoke-used",
        "A used invitation revoked.",
        "pack",
        &registrar(),
        revoke(first),
    );
    maker.refuse(
        "invitation.unknown",
        "invitation-revoke-unknown",
        "No such invitation.",
        "pack",
        &registrar(),
        revoke(StatementId([1; 32])),
    );
    let spare = maker
        .story
        .log
        .replica
        .state()
        .unwrap()
        .invitations
        .iter()
        .find(|(_, i)| i.status == InvitationStatus::Revoked);
    let spare = *spare.unwrap().0;
    maker.refuse(
        "invitation.revoked",
        "invitation-revoke-again",
        "An invitation revoked twice.",
        "pack",
        &registrar(),
        revoke(spare),
    );
}
