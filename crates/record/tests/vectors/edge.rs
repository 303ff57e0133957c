//! What must hold although it looks odd, and the table of results.

use crate::Maker;
use crate::form::text;
use crate::kit::story::*;
use crate::kit::*;
use curve25519_dalek::Scalar;
use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_record::{KeyPair, hash};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn make(maker: &mut Maker) {
    let log = maker.story.before("second poll");
    let header = text(&log, &registrar(), add("e", &["member"], 9));
    let signed = |header: &str| log.raw(header.as_bytes(), &registrar().keys);
    let spaces = format!("  {}  ", header.replace(':', " : ").replace(',', " , "));
    maker.holds("1", "spaces", "Spaces between tokens.", &log, vec![signed(&spaces)]);
    let last = header.replacen("{\"v\":1,", "{", 1);
    let last = format!("{},\"v\":1}}", &last[..last.len() - 1]);
    maker.holds("1", "key-order", "Keys in another order.", &log, vec![signed(&last)]);
    let leaf = log.sealed(header.as_bytes(), identity_r(&registrar().keys, header.as_bytes()));
    maker.holds(
        "4",
        "signature-r-identity",
        "R is the identity: the equation holds, so does the signature.",
        &log,
        vec![leaf],
    );
    let mut same = log.leaf(&log.header(&registrar(), add("e", &["member"], 9)), &registrar().keys);
    same[1..9].copy_from_slice(&log.replica.last_time().to_be_bytes());
    maker.holds("7", "time-equal", "The same time as the entry before.", &log, vec![same]);
    let mut old = log.header(&registrar(), add("e", &["member"], 9));
    old.seen = Seen { size: int(5), root: log.replica.tree().root_at(5).unwrap() };
    maker.holds(
        "13",
        "seen-old",
        "It has seen an old checkpoint only.",
        &log,
        vec![log.leaf(&old, &registrar().keys)],
    );
    let mut audience = log.header(&registrar(), add("e", &["member"], 9));
    audience.audience =
        vec![Audience::Group(GroupId([9; 16])), Audience::Office("nobody".into()), Audience::All];
    let leaf = log.leaf(&with_payload(audience, b"x"), &registrar().keys);
    maker.holds("2", "audience-unknown", "A group that does not exist.", &log, vec![leaf]);
    let cast = text(&log, &device("d"), ballot(maker.story.polls[0], None, &[]));
    let cast = format!("{cast}{}", " ".repeat(MAX_BALLOT_HEADER - cast.len()));
    let leaf = log.raw(cast.as_bytes(), &device("d").keys);
    maker.holds("2", "ballot-1024", "A ballot's header of 1,024 bytes, late.", &log, vec![leaf]);
    returned(maker);
    beyond(maker);
}

/// A retired member comes back with his devices.
fn returned(maker: &mut Maker) {
    let log = maker.story.before("log key");
    let mut next = Log::of(&log.leaves);
    next.put(&registrar(), add("d", &["member"], 4));
    next.put(&device("d"), DeviceRevoke { device: keys("d").id() });
    let leaves = next.leaves[log.leaves.len()..].to_vec();
    maker.holds(
        "12",
        "returned",
        "A retired member takes office again and signs with his old device.",
        &log,
        leaves,
    );
}

fn beyond(maker: &mut Maker) {
    let log = maker.story.before("log key");
    let mut log = Log::of(&log.leaves);
    for level in [2, 3] {
        log.put(&registrar(), BodyLevel { level: int(level) });
    }
    let raise = log.leaf(&log.header(&registrar(), BodyLevel { level: int(4) }), &registrar().keys);
    let mut next = Log::of(&log.leaves);
    next.push(raise.clone()).unwrap();
    let unknown = next.raw(b"{\"v\":2,\"kind\":\"opinion.ask\"}", &registrar().keys);
    let leaves = vec![raise, unknown];
    maker.holds("13", "level-beyond", "Above our level: hashed and not looked at.", &log, leaves.clone());
    let again = vec![leaves[0].clone(), leaves[1].clone(), leaves[1].clone()];
    let code = "statement.again";
    maker.replay_at(
        "4",
        "statement-again-beyond",
        "Above our level too no statement stands twice.",
        &log,
        again,
        2,
        code,
    );
}

/// A signature with R = (0, 1), which only the key's owner can make: S = k·a.
fn identity_r(keys: &KeyPair, header: &[u8]) -> Signature {
    let seed = Sha512::digest(&keys.seed()[..32]);
    let mut scalar: [u8; 32] = seed[..32].try_into().expect("32 bytes");
    (scalar[0], scalar[31]) = (scalar[0] & 248, scalar[31] & 127 | 64);
    let mut signature = [0; 64];
    signature[0] = 1;
    let message = [&signature[..32], &keys.public().sign.0, b"ecabinet/v1/statement\n", header].concat();
    let k = Scalar::from_bytes_mod_order_wide(&Sha512::digest(&message).into());
    signature[32..].copy_from_slice((k * Scalar::from_bytes_mod_order(scalar)).as_bytes());
    Signature(signature)
}

/// Rules and counts with the results that they give.
pub(crate) fn tallies(state: &State) -> Value {
    let rule = |base, num, den, strict, quorum: Option<(u32, u32)>, tie: bool| Rule {
        quorum: quorum.map(|(num, den)| Fraction { num, den }),
        tie: tie.then(|| Tie { office: "chair".to_owned() }),
        ..Rule::plain(
            vec![Choice::Yes, Choice::No, Choice::Abstain, Choice::Other],
            PassRule { base, num, den, strict },
        )
    };
    let usual = usual_rule();
    let (yes, no) = (Some(Choice::Yes), Some(Choice::No));
    let cases = [
        ("27 members, 14 of them", &usual, 27, 18, [14, 10, 2, 1], no),
        ("27 members, one too few", &usual, 27, 18, [13, 0, 0, 0], yes),
        ("one too few present", &usual, 27, 17, [17, 0, 0, 0], yes),
        ("28 members, half of them and the chair", &usual, 28, 19, [14, 14, 0, 0], yes),
        ("28 members, half of them against the chair", &usual, 28, 19, [14, 14, 0, 0], no),
        ("28 members, half of them without the chair", &usual, 28, 19, [14, 5, 0, 0], None),
        ("28 members, the chair abstains", &usual, 28, 28, [14, 0, 14, 0], Some(Choice::Abstain)),
        ("no tie when more than half", &usual, 28, 28, [15, 13, 0, 0], no),
        ("a tie without quorum", &usual, 28, 18, [14, 0, 0, 0], yes),
        ("half of those present", &rule(Base::Present, 1, 2, true, None, true), 9, 6, [3, 3, 0, 0], yes),
        ("of those present, none", &rule(Base::Present, 1, 2, true, None, true), 9, 0, [0, 0, 0, 0], None),
        (
            "more yes than present: those who voted from afar",
            &rule(Base::Present, 1, 2, true, None, false),
            9,
            4,
            [5, 0, 0, 0],
            None,
        ),
        ("two thirds of the ballots", &rule(Base::Cast, 2, 3, false, None, false), 9, 9, [4, 2, 0, 0], None),
        ("just below two thirds", &rule(Base::Cast, 2, 3, false, None, false), 9, 9, [4, 2, 1, 0], None),
        ("more than two thirds asked", &rule(Base::Cast, 2, 3, true, None, false), 9, 9, [4, 2, 0, 0], None),
        ("no ballot at all", &rule(Base::Cast, 1, 2, false, None, false), 9, 9, [0, 0, 0, 0], None),
        ("at least half is no tie", &rule(Base::Members, 1, 2, false, None, true), 4, 4, [2, 2, 0, 0], no),
        ("all of them", &rule(Base::Members, 1, 1, false, Some((1, 1)), false), 3, 3, [3, 0, 0, 0], None),
        ("a body without members", &usual, 0, 0, [0, 0, 0, 0], None),
    ];
    let row = |(name, rule, n, present, counts, chair): (&str, &Rule, u64, u64, [u64; 4], Option<Choice>)| {
        let [yes, no, abstain, other] = counts;
        let given = json!({"n": n, "present": present, "yes": yes, "no": no, "abstain": abstain, "other": other, "tie_member_choice": chair});
        json!({"description": name, "rule": rule, "given": given, "result": judged(state, rule, n, present, counts, chair)})
    };
    Value::Array(cases.into_iter().map(row).collect())
}

/// The result of a poll with so many members and ballots; the first who chose like the chair is the chair.
pub(crate) fn judged(
    state: &State,
    rule: &Rule,
    n: u64,
    present: u64,
    counts: [u64; 4],
    chair: Option<Choice>,
) -> Tally {
    const CHOICES: [Choice; 4] = [Choice::Yes, Choice::No, Choice::Abstain, Choice::Other];
    let members: Vec<MemberId> = (0..n).map(|at| MemberId(id16(&format!("member {at}")))).collect();
    let chosen: Vec<Choice> =
        CHOICES.iter().zip(counts).flat_map(|(c, count)| vec![*c; count as usize]).collect();
    let ballots = chosen.iter().zip(&members).enumerate().map(|(at, (_, member))| Ballot {
        statement: StatementId(hash::sha256(&member.0).0),
        index: at as u64,
        time: 0,
        member: *member,
        author: *member,
        basis: Basis::of(&[]),
        arrival: Arrival::Current,
    });
    let chair = match chair {
        Some(choice) => chosen.iter().position(|chosen| *chosen == choice),
        None => members.len().checked_sub(1).filter(|last| *last >= chosen.len()),
    };
    let poll = Poll {
        of: PollOf::Item,
        items: vec![item("any")],
        questions: vec![rule.clone()],
        asked: BTreeSet::new(),
        opened_at: 0,
        closes: None,
        pulled: BTreeMap::new(),
        ballots: ballots.collect(),
        current: members
            .iter()
            .take(chosen.len())
            .enumerate()
            .map(|(at, m)| (*m, at))
            .collect::<BTreeMap<_, _>>(),
        by_statement: BTreeMap::new(),
        hands: Vec::new(),
        totalled: false,
        close: Some(Close {
            index: 99,
            time: 0,
            tie_members: vec![chair.map(|at| members[at])],
            voters: members.iter().copied().collect(),
            members,
            present,
            revs: Vec::new(),
            basis: Basis::of(&[]),
            quiet: 0,
            hands: BTreeMap::new(),
            totals: None,
            positions: BTreeMap::new(),
        }),
        recalled: None,
    };
    let said = |index| {
        let payload =
            BallotPayload { choice: chosen[index as usize], options: None, text: None, papers: vec![] };
        Some(serde_json::to_vec(&payload).expect("plain data"))
    };
    tally(&poll, state, said).expect("closed").tallies.remove(0)
}
