//! A paper that is edited in known ways: each mark must be found again, or it must be said that it is not.

mod areas;
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
            // Its full stop went with the paragraph after it.
            "Moved = Điều 2. Nghị quyết này có hiệu lực kể từ ngày ký ban hành - . = .",
        ]
    );
}

#[test]
fn words_cut_at_a_paragraphs_end_are_told_and_so_is_what_changed_in_one_that_moved() {
    let old = [
        "1|Bộ Cầu đường báo cáo tiến độ hằng tháng, trừ trường hợp thiên tai do Thủ tướng quyết định.",
        "2|Mực nước tích của các hồ đang sửa chữa không vượt quá 70% dung tích hữu ích trong cả mùa mưa bão.",
        "3|Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp kể từ năm sau.",
        "4|Các trạm y tế xã được sửa chữa trước mùa mưa năm nay theo danh sách kèm theo.",
        "5|Trường học vùng cao có đường truyền và điện trước khi khai giảng năm học mới.",
    ];
    let new = [
        "1|Bộ Cầu đường báo cáo tiến độ hằng tháng.",
        "2|Kinh phí do ngân sách trung ương bảo đảm trong ba năm liên tiếp kể từ năm sau.",
        "3|Các trạm y tế xã được sửa chữa trước mùa mưa năm nay theo danh sách kèm theo.",
        "4|Trường học vùng cao có đường truyền và điện trước khi khai giảng năm học mới.",
        "5|Mực nước tích của các hồ đang sửa chữa không vượt quá 60% dung tích hữu ích trong cả mùa mưa bão.",
    ];
    let set = |paragraphs: &[&str]| Set::of(&Paper::written(paragraphs), &mut Dice(7));
    let told = told(&set(&old), &set(&new));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("- , trừ trường hợp thiên tai do Thủ tướng quyết định"), "{}", told[0]);
    assert!(told[1].starts_with("Moved") && told[1].contains("- 70 + 60"), "{}", told[1]);
}

#[test]
fn every_word_that_is_in_one_version_only_is_in_some_change() {
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let before = Paper::compiled(&mut dice);
        let after = before.edited(&mut dice);
        let (old, new) = (Set::of(&before, &mut dice), Set::of(&after, &mut dice));
        let comparison = Comparison::new(&old.pages, &new.pages);
        let changes = comparison.changes();
        let mut told = (Vec::new(), Vec::new());
        for change in &changes {
            match change.kind {
                Kind::Added => told.1.extend(&change.new),
                Kind::Removed => told.0.extend(&change.old),
                Kind::Reworded | Kind::Moved => {}
            }
            for piece in &change.pieces {
                match piece {
                    Piece::Added(spans) => told.1.extend(spans),
                    Piece::Removed(spans) => told.0.extend(spans),
                    // What stays is never struck out.
                    Piece::Kept(_) => {}
                }
            }
        }
        let covers = |spans: &[Span], token: &flow::Token| {
            spans.iter().any(|span| {
                (span.page, true) == (token.page, span.start <= token.start && token.end <= span.end)
            })
        };
        for (at, token) in comparison.old.tokens.iter().enumerate() {
            let gone = comparison.now(at).is_none() && !comparison.old.is_label(at);
            assert!(!gone || covers(&told.0, token), "seed {seed}: a word that went is not told");
        }
        for (at, token) in comparison.new.tokens.iter().enumerate() {
            let added = comparison.added[at] && !comparison.new.is_label(at);
            assert!(!added || covers(&told.1, token), "seed {seed}: a word that came is not told");
        }
    }
}

#[test]
fn papers_without_words_and_marks_anywhere_stop_nothing() {
    let blank = [PageText::default(), PageText::default()];
    let words = Set::of(&Paper::written(&["1|Một câu ngắn."]), &mut Dice(7));
    for (old, new) in
        [(&blank[..], &blank[..]), (&blank[..], &words.pages[..]), (&words.pages[..], &blank[..])]
    {
        let comparison = Comparison::new(old, new);
        assert!(comparison.is_blind());
        assert!(comparison.changes().len() <= 2);
        assert!(matches!(comparison.place(0, 0..u32::MAX), Placed::Gone(_)));
    }
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let before = Paper::compiled(&mut dice);
        let after = before.edited(&mut dice).edited(&mut dice);
        let (old, new) = (Set::of(&before, &mut dice), Set::of(&after, &mut dice));
        let comparison = Comparison::new(&old.pages, &new.pages);
        for page in 0..old.pages.len() as u32 + 1 {
            for chars in [0..0, 0..1, 0..u32::MAX, 900..100_000, 5..4] {
                comparison.place(page, chars);
            }
        }
    }
}

#[test]
fn runs_that_overlap_when_they_are_grown_stay_in_order() {
    let letters = |text: &str| -> Vec<u32> {
        text.split(' ').map(|word| word.bytes().fold(1, |sum, byte| sum * 131 + u32::from(byte))).collect()
    };
    let old = letters("p q r s t a b c d e X1 X2 X3 m b c d e f g h i z");
    let new = letters("p q r s t a b c d Y1 Y2 a b c d e f g h i z");
    let runs = align::align(&old, &new);
    let kept: Vec<&Run> = runs.iter().filter(|run| run.order == Order::Kept).collect();
    assert!(kept.windows(2).all(|pair| pair[0].new + pair[0].len <= pair[1].new), "{kept:?}");
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
            Kind::Reworded | Kind::Moved => change.pieces.iter().map(piece).collect(),
            Kind::Removed => format!(" - {}", old.text(&change.old)),
            Kind::Added => format!(" + {}", new.text(&change.new)),
        };
        format!("{:?}{words}", change.kind)
    };
    comparison.changes().into_iter().map(told).collect()
}
