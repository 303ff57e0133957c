//! Ink and notes pinned to a place: kept with what lies beside them, drawn on, and found again on the paper's next version or
//! said to be lost.

use super::versions::{GONE, KEPT, REWORDED, draft, lies_on, select};
use super::{desk, join};
use ecabinet_client::DeskCommands;
use ecabinet_protocol::ui::{self, Commands, MarkKind, MarkState};
use ecabinet_tests::{Cabinet, DRAFT, DYKES, Folder};

#[tokio::test(flavor = "multi_thread")]
async fn ink_and_pinned_notes_lie_beside_the_same_words_in_the_next_version_or_need_an_eye() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let his = desk(&cabinet.path("minister"), &keyring, &clock);
    join(&his, &cabinet, 1).await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    let first = draft(&his, &cabinet, None).await;
    let pages = his.open_paper(first.clone()).await.expect("opens").pages.len();
    let mut drawn = Vec::new();
    for words in [KEPT, REWORDED, GONE] {
        let (page, quads, _) = select(&his, &first, pages, words).await;
        let ink = AddInk { page, around: around(&quads) };
        drawn.push((words, his.add_mark(ink.of(&first, MarkKind::Ink)).await.expect("kept")));
        let pin = AddInk {
            page,
            around: [quads[0][0] - 3.0, quads[0][1] + 4.0, quads[0][0] - 3.0, quads[0][1] + 4.0],
        };
        his.add_mark(pin.of(&first, MarkKind::Note)).await.expect("kept");
    }
    let made = his.marks(first.clone()).await.expect("marks");
    assert_eq!(made.len(), 6);
    let nothing =
        ui::AddMark { strokes: Vec::new(), ..AddInk { page: 0, around: [0.0; 4] }.of(&first, MarkKind::Ink) };
    assert_eq!(his.add_mark(nothing).await.expect_err("nothing was drawn").code, "ink.invalid");
    for (words, id) in &drawn {
        let mark = made.iter().find(|mark| mark.id == *id).expect("there");
        assert!(mark.beside.contains(words.split(' ').next().unwrap_or(words)), "{}", mark.beside);
        assert_eq!((mark.strokes.len(), mark.quads.len()), (1, 1));
    }

    // A word is many strokes, and one that was drawn wrongly is rubbed out.
    let (_, kept) = drawn[0].clone();
    let was = made.iter().find(|mark| mark.id == kept).expect("there").clone();
    let more = stroke('b', [was.quads[0][0] + 5.0, was.quads[0][1] + 2.0, was.quads[0][2], was.quads[0][5]]);
    let put = |put: Vec<ui::Stroke>, erase: &[&str]| ui::Draw {
        body: first.body.clone(),
        id: kept.clone(),
        put,
        erase: erase.iter().map(|id| id.to_string()).collect(),
        restore: Vec::new(),
    };
    let back = |id: String| ui::Draw { restore: vec![id], ..put(Vec::new(), &[]) };
    his.draw(put(vec![more.clone(), stroke('c', [0.0, 0.0, 9.0, 9.0])], &[])).await.expect("kept");
    his.draw(put(Vec::new(), &[&"c".repeat(16)])).await.expect("rubbed out");
    his.draw(put(Vec::new(), &[&"b".repeat(16)])).await.expect("rubbed out too much");
    his.draw(back("b".repeat(16))).await.expect("brought back as it was");
    let long = ui::Stroke { points: [10.0, 10.0, 0.5].repeat(5_000), ..more };
    assert_eq!(his.draw(put(vec![long], &[])).await.expect_err("too long").code, "ink.too_long");
    let bad = ui::Stroke { id: "x".into(), ..stroke('d', [0.0, 0.0, 9.0, 9.0]) };
    assert_eq!(his.draw(put(vec![bad], &[])).await.expect_err("no id").code, "ink.invalid");

    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    let second = draft(&his, &cabinet, Some(&first)).await;
    his.open_paper(second.clone()).await.expect("opens");
    let marks = his.marks(second.clone()).await.expect("marks");
    assert_eq!(marks.len(), 6, "none is lost");
    for mark in &marks {
        let was = made.iter().find(|was| was.id == mark.id).expect("there");
        match mark.state {
            MarkState::Placed if mark.kind == MarkKind::Ink => {
                assert_eq!(lies_on(&his, &second, mark).await, lies_on(&his, &first, was).await)
            }
            MarkState::NeedsEye => assert!(mark.quads.is_empty(), "drawn nowhere"),
            _ => assert_eq!(mark.quads.len(), 1),
        }
    }
    let state = |id: &str| marks.iter().find(|mark| mark.id == id).map(|mark| mark.state);
    assert_eq!(state(&drawn[0].1), Some(MarkState::Placed));
    assert_ne!(state(&drawn[1].1), Some(MarkState::Placed), "other words lie under it");
    assert_ne!(state(&drawn[2].1), Some(MarkState::Placed));
    let two = marks.iter().find(|mark| mark.id == kept).expect("there");
    assert_eq!(two.strokes.len(), 2, "both have moved together");

    // He puts one elsewhere; what is drawn to it then lies where he draws it.
    let (gone, to) = (drawn[2].1.clone(), [100.0, 200.0, 160.0, 200.0, 100.0, 220.0, 160.0, 220.0]);
    let place = ui::MoveMark {
        body: second.body.clone(),
        id: gone.clone(),
        rev: second.rev.clone(),
        page: 0,
        quads: vec![to],
        words: ui::MarkWords { exact: String::new(), prefix: String::new(), suffix: String::new() },
    };
    his.move_mark(place).await.expect("kept");
    let beside = stroke('e', [110.0, 205.0, 150.0, 215.0]);
    let drawn_on = ui::Draw {
        body: first.body.clone(),
        id: gone.clone(),
        put: vec![beside.clone()],
        erase: vec![],
        restore: vec![],
    };
    his.draw(drawn_on).await.expect("kept");
    let marks = his.marks(second.clone()).await.expect("marks");
    let moved = marks.iter().find(|mark| mark.id == gone).expect("there");
    assert_eq!((moved.state, moved.version, moved.page), (MarkState::Placed, 2, 0));
    assert!((moved.quads[0][0] - 100.0).abs() < 0.1 && (moved.quads[0][1] - 200.0).abs() < 0.1);
    let there = moved.strokes.iter().find(|stroke| stroke.id == beside.id).expect("drawn");
    assert!(there.points.iter().zip(&beside.points).all(|(a, b)| (a - b).abs() < 0.1), "{there:?}");

    // Taken away and brought back, it is the same mark.
    let it = ui::MarkRef { body: second.body.clone(), id: gone.clone() };
    his.remove_mark(it.clone()).await.expect("gone");
    assert_eq!(his.marks(second.clone()).await.expect("marks").len(), 5);
    his.restore_mark(it).await.expect("back");
    assert_eq!(
        his.marks(second.clone()).await.expect("marks"),
        marks_changed_only(&marks, &his, &second).await
    );

    // All of the meeting's, and the papers that have any.
    let all =
        his.meeting_notes(ui::MeetingRef { body: second.body.clone(), meeting: meeting.to_string() }).await;
    let all = all.expect("notes");
    assert_eq!((all.len(), all[0].marks.len(), all[0].version), (1, 6, 2));
    let noted = his.noted_papers(ui::InBody { body: second.body.clone() }).await.expect("papers");
    assert_eq!((noted.len(), noted[0].marks, noted[0].title.as_str()), (1, 6, "Dự thảo nghị quyết"));
}

/// The marks as they were, but for when they were changed last.
async fn marks_changed_only(
    was: &[ui::MarkView],
    his: &DeskCommands,
    paper: &ui::PaperRef,
) -> Vec<ui::MarkView> {
    let now = his.marks(paper.clone()).await.expect("marks");
    let at = |id: &str| now.iter().find(|mark| mark.id == id).map_or(0, |mark| mark.changed_at);
    was.iter().map(|mark| ui::MarkView { changed_at: at(&mark.id), ..mark.clone() }).collect()
}

struct AddInk {
    page: u32,
    /// Left, top, right, bottom.
    around: [f64; 4],
}

impl AddInk {
    fn of(self, paper: &ui::PaperRef, kind: MarkKind) -> ui::AddMark {
        let [x0, y0, x1, y1] = self.around;
        let ink = kind == MarkKind::Ink;
        ui::AddMark {
            body: paper.body.clone(),
            paper: paper.paper.clone(),
            rev: paper.rev.clone(),
            kind,
            page: self.page,
            quads: if ink { Vec::new() } else { vec![[x0, y0, x1, y0, x0, y1, x1, y1]] },
            exact: String::new(),
            prefix: String::new(),
            suffix: String::new(),
            strokes: if ink { vec![stroke('a', self.around)] } else { Vec::new() },
            colour: "blue".into(),
            note: None,
        }
    }
}

/// A box round words.
fn around(quads: &[ui::Quad]) -> [f64; 4] {
    let edge = |at: usize, wider: fn(f64, f64) -> f64| {
        quads.iter().map(|quad| quad[at]).reduce(wider).expect("words")
    };
    [edge(0, f64::min) - 2.0, edge(1, f64::min) - 1.0, edge(2, f64::max) + 2.0, edge(5, f64::max) + 1.0]
}

/// A stroke along the edges of a box, known by its letter.
fn stroke(letter: char, [x0, y0, x1, y1]: [f64; 4]) -> ui::Stroke {
    let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)];
    let points = corners.iter().flat_map(|(x, y)| [*x as f32, *y as f32, 0.5]).collect();
    ui::Stroke { id: letter.to_string().repeat(16), width: 1.5, points }
}
