//! Rules of polls: what they ask for, and which of them can stand.

use ecabinet_domain::{Base, Choice, Fraction, PassRule, Rule, Tie};

fn rule(num: u32, den: u32, strict: bool) -> Rule {
    let pass = PassRule { base: Base::Members, num, den, strict };
    Rule::plain(vec![Choice::Yes, Choice::No], pass)
}

#[test]
fn quorum_is_rounded_up() {
    let cases = [
        ((2, 3), 27, 18),
        ((2, 3), 28, 19),
        ((2, 3), 29, 20),
        ((2, 3), 30, 20),
        ((1, 2), 27, 14),
        ((1, 2), 28, 14),
        ((1, 1), 9, 9),
        ((1, 1000), 1, 1),
        ((2, 3), 0, 0),
    ];
    for ((num, den), members, needed) in cases {
        let rule = Rule { quorum: Some(Fraction { num, den }), ..rule(1, 2, true) };
        assert_eq!(rule.quorum_needed(members), needed, "{num}/{den} of {members}");
    }
    assert_eq!(rule(1, 2, true).quorum_needed(27), 0);
}

#[test]
fn a_share_is_more_than_or_at_least() {
    let cases = [
        ((1, 2), true, 27, 14),
        ((1, 2), true, 28, 15),
        ((1, 2), false, 27, 14),
        ((1, 2), false, 28, 14),
        ((2, 3), true, 27, 19),
        ((2, 3), false, 27, 18),
        ((2, 3), true, 28, 19),
        ((2, 3), false, 28, 19),
        ((3, 4), false, 27, 21),
        ((1, 1), false, 27, 27),
        ((1, 1000), false, 1, 1),
        // Nobody votes: nothing passes.
        ((1, 2), true, 0, 1),
        ((1, 2), false, 0, 1),
    ];
    for ((num, den), strict, base, needed) in cases {
        assert_eq!(
            rule(num, den, strict).pass_needed(base),
            needed,
            "{num}/{den} of {base}, strict {strict}"
        );
    }
}

#[test]
fn a_rule_that_cannot_decide_is_refused() {
    type Change = fn(&mut Rule);
    let cases: &[(Option<&str>, Change)] = &[
        (None, |_| {}),
        (None, |r| (r.pass.num, r.pass.den) = (1000, 1000)),
        (None, |r| r.tie = Some(Tie { office: "chair".into() })),
        (None, |r| (r.tie, r.pass.num, r.pass.den) = (Some(Tie { office: "chair".into() }), 5, 10)),
        (Some("rule.choices"), |r| r.choices = vec![]),
        (Some("rule.choices"), |r| r.choices = vec![Choice::Yes]),
        (Some("rule.choices"), |r| r.choices = vec![Choice::No, Choice::Abstain]),
        (Some("rule.choices"), |r| r.choices = vec![Choice::Yes, Choice::No, Choice::No]),
        (Some("rule.share"), |r| r.pass.num = 0),
        (Some("rule.share"), |r| r.pass.den = 0),
        (Some("rule.share"), |r| r.pass.num = 3),
        (Some("rule.share"), |r| (r.pass.num, r.pass.den) = (1, 1001)),
        (Some("rule.share"), |r| (r.pass.num, r.pass.den) = (u32::MAX, u32::MAX)),
        (Some("rule.share"), |r| (r.pass.num, r.pass.strict) = (2, true)),
        (Some("rule.share"), |r| r.quorum = Some(Fraction { num: 0, den: 3 })),
        (Some("rule.share"), |r| r.quorum = Some(Fraction { num: 4, den: 3 })),
        (Some("rule.tie"), |r| r.tie = Some(Tie { office: String::new() })),
        (Some("rule.tie"), |r| r.tie = Some(Tie { office: "recovery".into() })),
        (Some("rule.tie"), |r| r.tie = Some(Tie { office: "x".repeat(33) })),
        (Some("rule.tie"), |r| (r.tie, r.pass.den) = (Some(Tie { office: "chair".into() }), 3)),
    ];
    for (at, (code, change)) in cases.iter().enumerate() {
        let mut rule = rule(1, 2, false);
        change(&mut rule);
        assert_eq!(rule.check().err().map(|refusal| refusal.code), *code, "case {at}: {rule:?}");
    }
}
