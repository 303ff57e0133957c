//! Ink and pinned notes on papers that are edited in known ways: each must lie beside the same words in the next version, or
//! it must be said that it does not.

use super::edited::{Dice, Paper, Set};
use super::*;
use std::fmt::Write;

/// Areas in all, two hundred a paper.
const AREAS: usize = 20_000;
/// What an eye does not see, in points.
const SEEN: f32 = 3.5;

#[test]
fn areas_lie_beside_the_same_words_in_the_next_version_or_are_said_to_be_lost() {
    let (mut survived, mut right, mut changed, mut wrong) = (0, 0, 0, String::new());
    for seed in 1..=AREAS as u64 / 200 {
        let mut dice = Dice(seed);
        let before = Paper::compiled(&mut dice);
        let after = before.edited(&mut dice);
        // One in five is set anew: then lines break elsewhere.
        let set = dice.below(1 << 20) as u64;
        let set_anew = if seed % 5 == 0 { set + 1 } else { set };
        let (old, new) = (Set::of(&before, &mut Dice(set)), Set::of(&after, &mut Dice(set_anew)));
        let comparison = Comparison::new(&old.pages, &new.pages);
        for _ in 0..200 {
            let (page, area) = old.some_area(&mut dice);
            let truth = moved(&old, &new, page, area);
            survived += usize::from(truth.is_some());
            match comparison
                .place_area(page, &old.pages[page as usize], area, |page| &new.pages[page as usize])
            {
                AreaPlaced::Same(shift) if truth.is_some_and(|truth| is_seen_as(truth, shift)) => right += 1,
                AreaPlaced::Same(shift) if !is_as_before(&old, &new, page, area, shift) => {
                    let words = old.pages[page as usize].beside(area);
                    let _ = writeln!(wrong, "seed {seed}: {area:?} at «{words}» by {shift:?}, not {truth:?}");
                }
                AreaPlaced::Same(_) | AreaPlaced::Gone(_) => {}
                AreaPlaced::Changed(_) => changed += 1,
            }
        }
    }
    println!(
        "{AREAS} areas, {survived} kept their surroundings, {right} of them were placed; {changed} changed"
    );
    assert!(wrong.is_empty(), "{} wrong\n{wrong}", wrong.lines().count());
    assert!(100 * right >= 95 * survived, "{right} of {survived} were placed");
}

/// How far the words on and around an area have moved, if all are there and have moved alike.
fn moved(old: &Set, new: &Set, page: u32, area: Rect) -> Option<Shift> {
    let around = old.around(page, area);
    let mut shift = None;
    for (id, was) in &around {
        let (page, is) = new.box_of(*id)?;
        let next = Shift { page, dx: is.x0 - was.x0, dy: is.y0 - was.y0 };
        if shift.is_some_and(|shift| !is_seen_as(shift, next)) {
            return None;
        }
        shift = Some(next);
    }
    shift
}

/// Whether each word around stands, or a like one of a like paragraph, where it would have moved to: a paragraph that was
/// copied and then taken out where it stood has moved, for all that anybody sees.
fn is_as_before(old: &Set, new: &Set, page: u32, area: Rect, shift: Shift) -> bool {
    old.around(page, area).iter().all(|(id, was)| {
        let (x, y) = (was.x0 + shift.dx, was.y0 + shift.dy);
        new.at(shift.page, x, y, SEEN).is_some_and(|there| {
            there == *id || {
                let (was, is) = (old.paragraph_of(*id), new.paragraph_of(there));
                was == is
            }
        })
    })
}

fn is_seen_as(a: Shift, b: Shift) -> bool {
    a.page == b.page && (a.dx - b.dx).abs() <= SEEN && (a.dy - b.dy).abs() <= SEEN
}

#[test]
fn an_area_between_words_that_have_parted_has_no_place_and_one_far_from_words_neither() {
    let paper = Paper::written(&[
        "1|Bộ Cầu đường báo cáo tiến độ hằng tháng cho Thủ tướng.",
        "2|Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp.",
    ]);
    let parted = Paper::written(&[
        "1|Bộ Cầu đường báo cáo tiến độ hằng tháng cho Thủ tướng.",
        "2|Các trạm y tế xã được sửa chữa trước mùa mưa năm nay theo danh sách.",
        "3|Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp.",
    ]);
    let (old, new) = (Set::of(&paper, &mut Dice(7)), Set::of(&parted, &mut Dice(7)));
    let comparison = Comparison::new(&old.pages, &new.pages);
    let place = |area| comparison.place_area(0, &old.pages[0], area, |page| &new.pages[page as usize]);
    let rect = |x0, y0, x1, y1| Rect { x0, y0, x1, y1 };
    let first = old.pages[0].lines[1].rect;
    // In the blank between the two.
    assert_eq!(place(rect(100.0, first.y1 + 1.0, 140.0, first.y1 + 3.0)), AreaPlaced::Gone(Some(0)));
    let far = rect(100.0, 5000.0, 120.0, 5020.0);
    assert_eq!(place(far), AreaPlaced::Gone(None));
    let none = Rect { x0: f32::NAN, y0: f32::NAN, x1: 0.0, y1: 0.0 };
    assert!(matches!(place(none), AreaPlaced::Gone(_)));
}

#[test]
fn what_an_area_lies_beside_is_told_in_words() {
    let set = Set::of(&Paper::written(&["1|Mực nước tích của hồ", "2|Kinh phí do ngân sách"]), &mut Dice(7));
    let page = &set.pages[0];
    let word =
        page.words.iter().find(|word| page.anchor(word.start..word.end).exact == "nước").expect("there");
    assert_eq!(page.beside(word.rect), "nước");
    let line = page.lines[2].rect;
    let margin = Rect { x0: 2.0, x1: 18.0, ..line };
    assert!(page.beside(margin).contains("Kinh"), "{}", page.beside(margin));
    assert_eq!(PageText::default().beside(margin), "");
}
