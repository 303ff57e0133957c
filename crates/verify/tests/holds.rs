//! What a true export gives.

mod kit;

use ecabinet_record::export::Export;
use ecabinet_verify::{Lang, Outcomes, Question, people, verify};
use kit::{Story, acts::*, ask::*, keys, witness};

#[test]
fn a_true_export_holds_and_everything_is_recomputed() {
    let story = Story::tell();
    let report = verify(&story.export(), &of_body(&story));
    assert_eq!(report.failures, []);
    assert_eq!(report.exit_code(), 0);
    assert_eq!((report.entries, report.root), (story.log.size(), Some(story.log.tree.root())));
    assert_eq!((report.erased, report.withheld), (1, 0));
    let outcomes = report.outcomes;
    let ok = report.entries - 5;
    assert_eq!(outcomes, Outcomes { ok, late: 1, superseded: 2, stale: 1, ineligible: 1 });
    assert_eq!(report.void.iter().map(|void| void.index).collect::<Vec<_>>(), [story.at["void"]]);
    let [closed, open] = &report.polls[..] else { panic!("two polls") };
    assert_eq!((closed.poll, closed.counts().result, closed.agrees), (story.poll, "passed", Some(true)));
    assert_eq!(
        (closed.counts().yes, closed.counts().silent, closed.counts().pass_needed),
        (Some(3), Some(2), Some(3))
    );
    assert_eq!(
        (open.poll, open.counts().result, open.counts().yes, open.agrees),
        (story.open, "open", None, None)
    );
}

#[test]
fn without_the_bodys_id_it_is_only_self_consistent() {
    let report = verify(&Story::tell().export(), &Question::default());
    assert!(report.holds && !report.identity_checked);
    assert_eq!(report.exit_code(), 2);
}

#[test]
fn a_result_that_needs_a_withheld_ballot_is_unverifiable_never_wrong() {
    let story = Story::tell();
    let mut export = story.export();
    export.payloads.remove(&story.at["yes"]);
    let report = verify(&export, &of_body(&story));
    let poll = &report.polls[0];
    assert_eq!((report.exit_code(), report.withheld), (0, 1));
    assert_eq!(
        (poll.counts().result, poll.counts().yes, poll.counts().n, poll.agrees),
        ("unverifiable", None, Some(5), None)
    );
    assert_eq!(poll.needs, [story.at["yes"]]);
    // Ballots that do not count are not needed.
    let mut export = story.export();
    for name in ["late", "stale", "replaced", "ineligible"] {
        export.payloads.remove(&story.at[name]);
    }
    let report = verify(&export, &of_body(&story));
    assert_eq!((report.withheld, report.polls[0].agrees), (4, Some(true)));
}

#[test]
fn checkpoints_and_receipts_kept_elsewhere_are_found_again() {
    let story = Story::tell();
    let log = &story.log;
    // The new key signs from the checkpoint that holds the entry after `log.key`, which is entry 19.
    let anchors =
        [log.checkpoint(0, &keys(LOG)), log.checkpoint(20, &keys(LOG)), log.checkpoint(21, &keys(NEXT_LOG))];
    let mut anchors: Vec<String> = anchors.into_iter().map(|checkpoint| checkpoint.note).collect();
    anchors.push(log.receipt(story.at["yes"], log.size() - 1, &keys(NEXT_LOG)).to_text());
    let report = verify(&story.export(), &Question { anchors, ..of_body(&story) });
    assert_eq!((report.failures.len(), report.exit_code()), (0, 0));
    assert_eq!(
        report.anchors.iter().map(|anchor| anchor.kind).collect::<Vec<_>>(),
        ["checkpoint", "checkpoint", "checkpoint", "receipt"]
    );
    assert!(report.anchors.iter().all(|anchor| anchor.holds));
}

#[test]
fn witnesses_are_counted_by_key() {
    let story = Story::tell();
    let mut export = story.export();
    let checkpoint = story.log.checkpoint(story.log.size(), &keys(NEXT_LOG));
    let (one, line) = witness(40, "witness.example/one", &checkpoint, 1_764_000_100);
    export.checkpoint.push_str(&line);
    let (again, line) = witness(40, "witness.example/again", &checkpoint, 1_764_000_200);
    export.checkpoint.push_str(&line);
    let (absent, _) = witness(41, "witness.example/two", &checkpoint, 0);
    let witnesses = [&one, &again, &absent].map(|vkey| vkey.parse().unwrap()).to_vec();
    let mut question = Question { witnesses, require_witnesses: 1, ..of_body(&story) };
    let report = verify(&export, &question);
    assert_eq!(report.witnesses.iter().map(|w| w.holds).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!((report.exit_code(), report.witnesses[0].time), (0, Some(1_764_000_100)));
    question.require_witnesses = 2;
    let report = verify(&export, &question);
    assert_eq!((report.holds, report.witnesses_met, report.exit_code()), (true, false, 2));
}

#[test]
fn the_report_for_people_shows_counts_both_bases_and_the_law() {
    let story = Story::tell();
    let report = verify(&story.export(), &of_body(&story));
    let vi = people::write(&report, Lang::Vi);
    for part in [
        "ĐÚNG",
        "Phiên họp tháng 11",
        "Đê điều",
        "Thông qua dự thảo?",
        "Luật 72/2025/QH15",
        "Đồng ý: 3",
        "3/5 (60,0 %)",
        "3/3 (100,0 %)",
        "THÔNG QUA",
        "quá 1/2 tổng số thành viên, tức 3 phiếu",
    ] {
        assert!(vi.contains(part), "{part} is not in\n{vi}");
    }
    let en = people::write(&report, Lang::En);
    for part in [
        "IT HOLDS",
        "In favour: 3",
        "3/5 (60.0 %)",
        "PASSED",
        "more than 1/2 of all members, that is 3",
        "as computed",
    ] {
        assert!(en.contains(part), "{part} is not in\n{en}");
    }
    assert_eq!(vi, people::write(&verify(&story.export(), &of_body(&story)), Lang::Vi));
}

#[test]
fn times_are_told_on_the_clock_that_the_body_has_chosen() {
    let story = Story::tell();
    let told = |export: &Export| people::write(&verify(export, &of_body(&story)), Lang::Vi);
    let mut export = story.export();
    let own = told(&export);
    assert!(own.contains("Giờ trong báo cáo: UTC+09:00 (múi giờ của cơ quan)"), "{own}");
    let closed = |text: &str| {
        let line = text.lines().find(|line| line.contains("Kết thúc: ")).expect("a closed poll").to_owned();
        line.trim().to_owned()
    };
    assert!(closed(&own).ends_with("ngày 25/11/2025 (UTC+09:00)"), "{own}");

    export.payloads.remove(&0);
    let unknown = told(&export);
    assert!(
        unknown.contains("Giờ trong báo cáo: UTC+07:00 (bản xuất không nêu múi giờ của cơ quan)"),
        "{unknown}"
    );
    assert!(closed(&unknown).ends_with("ngày 24/11/2025 (UTC+07:00)"), "{unknown}");
}
