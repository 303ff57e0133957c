//! A paper that is edited in known ways: each mark must be found again, or it must be said that it is not.

mod edited;

use super::*;
use crate::{Glyph, Rect};
use edited::{Dice, Paper, Set};
use std::fmt::Write;

/// Marks in all, two hundred a paper.
const MARKS: usize = 20_000;

#[test]
fn marks_are_found_in_the_next_version_or_said_to_be_lost() {
    let (mut survived, mut right, mut wrong) = (0, 0, String::new());
    for seed in 1..=MARKS as u64 / 200 {
        let mut dice = Dice(seed);
        let before = Paper::compiled(&mut dice);
        let after = before.edited(&mut dice);
        let (old, new) = (Set::of(&before, &mut dice), Set::of(&after, &mut dice));
        let comparison = Comparison::new(&old.pages, &new.pages);
        for _ in 0..200 {
            let mark = old.some_words(&mut dice);
            let truth = new.find(&mark.ids);
            survived += usize::from(truth.is_some());
            let Placed::Same(spans) = comparison.place(mark.page, mark.chars.clone()) else { continue };
            if truth.as_ref() == Some(&spans) {
                right += 1;
                continue;
            }
            // A paragraph that was copied and then taken out where it stood has moved, for all that anybody sees.
            let (was, is) = (old.paragraphs(&[mark.span()]), new.paragraphs(&spans));
            if was != is || was.iter().any(|(_, once)| !once) {
                let (was, is) = (old.text(&[mark.span()]), new.text(&spans));
                let _ = writeln!(wrong, "seed {seed}: «{was}» is not «{is}» ({truth:?})");
            }
        }
    }
    println!("{MARKS} marks, the words of {survived} survived, {right} were found");
    assert!(wrong.is_empty(), "{} wrong\n{wrong}", wrong.lines().count());
    assert!(100 * right >= 99 * survived, "{right} of {survived} were found");
}

#[test]
fn a_paper_set_anew_has_not_changed() {
    for seed in 0..50 {
        let mut dice = Dice(seed);
        let paper = Paper::compiled(&mut dice);
        let (old, new) = (Set::of(&paper, &mut dice), Set::of(&paper, &mut dice));
        let told = told(&old, &new);
        assert!(told.is_empty(), "seed {seed}: {told:#?}");
    }
}

#[test]
fn what_changed_is_told_by_paragraph_and_renumbering_is_no_change() {
    let old = [
        "Điều|Đường vành đai thứ hai được khởi công trong quý một năm sau.",
        "1|Bộ Cầu đường chủ trì, báo cáo tiến độ hằng tháng cho Thủ tướng.",
        "2|Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp.",
        "Điều|Các trạm y tế xã được sửa chữa trước mùa mưa năm nay.",
        "1|Danh sách các trạm nêu tại Phụ lục kèm theo Nghị quyết này.",
        "Điều|Nghị quyết này có hiệu lực kể từ ngày ký ban hành.",
    ];
    let new = [
        "Điều|Đường vành đai thứ hai được khởi công trong quý một năm sau.",
        "1|Bộ Ngân khố thẩm định tổng mức đầu tư trước khi khởi công.",
        "2|Bộ Cầu đường chủ trì, báo cáo tiến độ hằng quý cho Chính phủ.",
        "Điều|Nghị quyết này có hiệu lực kể từ ngày ký ban hành.",
        "Điều|Các trạm y tế xã được sửa chữa trước mùa mưa năm nay.",
        "1|Danh sách các trạm nêu tại Phụ lục kèm theo Nghị quyết này.",
    ];
    let set = |paragraphs: &[&str]| Set::of(&Paper::written(paragraphs), &mut Dice(7));
    let (old, new) = (set(&old), set(&new));
    assert_eq!(
        told(&old, &new),
        [
            "Added + 1. Bộ Ngân khố thẩm định tổng mức đầu tư trước khi khởi công.",
            "Reworded = 2. Bộ Cầu đường chủ trì, báo cáo tiến độ hằng - tháng + quý = cho - Thủ tướng + Chính phủ = .",
            "Removed - 2. Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp.",
            "Moved + Điều 2. Nghị quyết này có hiệu lực kể từ ngày ký ban hành.",
        ]
    );
}

fn told(old: &Set, new: &Set) -> Vec<String> {
    let comparison = Comparison::new(&old.pages, &new.pages);
    let piece = |piece: &Piece| match piece {
        Piece::Kept(spans) => format!(" = {}", new.text(spans)),
        Piece::Added(spans) => format!(" + {}", new.text(spans)),
        Piece::Removed(spans) => format!(" - {}", old.text(spans)),
    };
    let told = |change: Change| {
        let words = match change.kind {
            Kind::Reworded => change.pieces.iter().map(piece).collect(),
            Kind::Removed => format!(" - {}", old.text(&change.old)),
            Kind::Added | Kind::Moved => format!(" + {}", new.text(&change.new)),
        };
        format!("{:?}{words}", change.kind)
    };
    comparison.changes().into_iter().map(told).collect()
}
