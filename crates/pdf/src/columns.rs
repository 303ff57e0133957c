//! The order of reading where a paper draws its columns, or the cells of a table, line by line across the page: each column,
//! and each cell of a row, is read to its end before the next. Rows of single lines stay rows.

use crate::Glyph;
use crate::layout::Rect;
use std::ops::Range;

/// A stretch of a line without a wide gap.
#[derive(Debug, Clone)]
struct Stretch {
    glyphs: Range<usize>,
    rect: Rect,
    words: usize,
}

/// A line as it was drawn: the stretches in it.
#[derive(Debug)]
struct Drawn {
    stretches: Vec<Stretch>,
    top: f32,
    bottom: f32,
}

/// Between columns there is at least so much, in points.
const GUTTER: f32 = 7.0;
/// A gap within a line is wide from this part of the line's height on.
const WIDE: f32 = 0.8;
/// Lines of a column follow each other this closely, in heights of a line; what is further apart is another row.
const CLOSE: f32 = 1.45;
/// Lines of running text have so many words, and but for the last ones of paragraphs fill so much of their column.
const WORDS: f32 = 2.5;
const FILLED: f32 = 0.62;
const MOSTLY: f32 = 0.6;

/// The glyphs in the order of reading; none if that is the order that they have.
pub(crate) fn in_order(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let lines = drawn(glyphs);
    let mut order: Vec<Range<usize>> = Vec::new();
    let (mut at, mut other) = (0, false);
    while at < lines.len() {
        let (end, gutters) = block(&lines[at..]);
        if gutters.is_empty() {
            order.extend(whole(&lines[at]));
            at += 1;
            continue;
        }
        let block = &lines[at..at + end];
        let columns = columns(block, &gutters);
        for row in rows(block) {
            match by_column(&block[row.clone()], &columns) {
                Some(read) => {
                    other = true;
                    order.extend(read);
                }
                None => order.extend(block[row].iter().filter_map(whole)),
            }
        }
        at += end;
    }
    other.then(|| {
        let end = Glyph { c: '\n', rect: Rect::default() };
        order.into_iter().flat_map(|part| glyphs[part].iter().copied().chain([end])).collect()
    })
}

fn whole(line: &Drawn) -> Option<Range<usize>> {
    Some(line.stretches.first()?.glyphs.start..line.stretches.last()?.glyphs.end)
}

fn drawn(glyphs: &[Glyph]) -> Vec<Drawn> {
    let mut lines = Vec::new();
    let mut start = 0;
    for part in glyphs.split_inclusive(|glyph| glyph.c == '\n') {
        let end = start + part.len();
        let stretches = stretches(glyphs, start..end);
        let boxes = || stretches.iter().map(|stretch| stretch.rect);
        if !stretches.is_empty() {
            let top = boxes().map(|rect| rect.y0).fold(f32::MAX, f32::min);
            let bottom = boxes().map(|rect| rect.y1).fold(f32::MIN, f32::max);
            lines.push(Drawn { stretches, top, bottom });
        }
        start = end;
    }
    lines
}

fn stretches(glyphs: &[Glyph], line: Range<usize>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut blank = true;
    for at in line {
        let Glyph { c, rect } = glyphs[at];
        if c.is_whitespace() || c.is_control() || rect.is_empty() {
            blank = true;
            // What has no place goes with what stands before.
            if let Some(last) = stretches.last_mut()
                && c != '\n'
            {
                last.glyphs.end = at + 1;
            }
            continue;
        }
        let near = |last: &Stretch| {
            let gap = rect.x0 - last.rect.x1;
            gap < WIDE * (rect.y1 - rect.y0).max(GUTTER) && rect.x1 > last.rect.x0
        };
        match stretches.last_mut().filter(|last| near(last)) {
            Some(last) => {
                last.glyphs.end = at + 1;
                last.rect = last.rect.join(rect);
                last.words += usize::from(blank);
            }
            None => stretches.push(Stretch { glyphs: at..at + 1, rect, words: 1 }),
        }
        blank = false;
    }
    stretches
}

/// Lines from the first on that leave the same gutters free, and these; no gutters unless several lines lie on both sides.
fn block(lines: &[Drawn]) -> (usize, Vec<(f32, f32)>) {
    let mut free = gaps(&lines[0]);
    let mut end = 1;
    while let Some(line) = lines.get(end).filter(|_| !free.is_empty()) {
        let former = &lines[end - 1];
        let height = (former.bottom - former.top).max(line.bottom - line.top);
        // Upwards, or far away: something else begins.
        if line.top <= former.top || line.top - former.bottom > 3.0 * height {
            break;
        }
        let taken = |range: (f32, f32)| cut(range, line);
        let left: Vec<(f32, f32)> = free.iter().copied().flat_map(taken).collect();
        if left.is_empty() {
            break;
        }
        free = left;
        end += 1;
    }
    // A line that has nothing on the far side of all gutters at the end is not of the block.
    while end > 1 && lines[end - 1].stretches.len() == 1 && is_beside(&lines[end - 1], &free).is_none() {
        end -= 1;
    }
    let shared = lines[..end].iter().filter(|line| line.stretches.len() > 1).count();
    if shared < 2 { (1, Vec::new()) } else { (end, free) }
}

/// The side of the first gutter on which all of a line lies.
fn is_beside(line: &Drawn, gutters: &[(f32, f32)]) -> Option<bool> {
    let (from, to) = *gutters.first()?;
    let left = line.stretches.iter().all(|stretch| stretch.rect.x1 <= from + 0.5);
    let right = line.stretches.iter().all(|stretch| stretch.rect.x0 >= to - 0.5);
    (left || right).then_some(right)
}

fn gaps(line: &Drawn) -> Vec<(f32, f32)> {
    let pairs = line.stretches.windows(2).map(|two| (two[0].rect.x1, two[1].rect.x0));
    pairs.filter(|(from, to)| to - from >= GUTTER).collect()
}

/// What a line leaves of a range.
fn cut(range: (f32, f32), line: &Drawn) -> Vec<(f32, f32)> {
    let mut left = vec![range];
    for Stretch { rect, .. } in &line.stretches {
        left = left
            .into_iter()
            .flat_map(|(from, to)| [(from, to.min(rect.x0)), (from.max(rect.x1), to)])
            .filter(|(from, to)| to - from >= GUTTER)
            .collect();
        // Both parts of a range that the stretch does not touch are the range.
        left.dedup();
    }
    left
}

/// From where to where each column goes.
fn columns(block: &[Drawn], gutters: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let boxes = || block.iter().flat_map(|line| &line.stretches).map(|stretch| stretch.rect);
    let mut gutters = gutters.to_vec();
    gutters.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut from = boxes().map(|rect| rect.x0).fold(f32::MAX, f32::min);
    let mut columns = Vec::new();
    for (start, end) in gutters {
        columns.push((from, start));
        from = end;
    }
    columns.push((from, boxes().map(|rect| rect.x1).fold(f32::MIN, f32::max)));
    columns
}

/// Lines of a block that follow each other closely.
fn rows(block: &[Drawn]) -> Vec<Range<usize>> {
    // The closest lines are those within a cell; what is closer still is not a line of its own.
    let steps = block.windows(2).map(|two| (two[1].top - two[0].top, two[0].bottom - two[0].top));
    let usual =
        steps.filter(|(step, height)| *step > height / 2.0).map(|(step, _)| step).fold(f32::MAX, f32::min);
    let mut rows: Vec<Range<usize>> = Vec::new();
    for at in 0..block.len() {
        let close = at > 0 && block[at].top - block[at - 1].top <= CLOSE * usual;
        match rows.last_mut().filter(|_| close) {
            Some(row) => row.end = at + 1,
            None => rows.push(at..at + 1),
        }
    }
    rows
}

/// The stretches of a row column by column, if what stands there is running text.
fn by_column(row: &[Drawn], columns: &[(f32, f32)]) -> Option<Vec<Range<usize>>> {
    if row.len() < 2 {
        return None;
    }
    let mut cells: Vec<Vec<&Stretch>> = vec![Vec::new(); columns.len()];
    for stretch in row.iter().flat_map(|line| &line.stretches) {
        let middle = (stretch.rect.x0 + stretch.rect.x1) / 2.0;
        let of = columns.iter().position(|(_, to)| middle <= *to).unwrap_or(columns.len() - 1);
        cells[of].push(stretch);
    }
    let runs = |(cell, (from, to)): (&Vec<&Stretch>, &(f32, f32))| {
        if cell.len() < 2 {
            return true;
        }
        let words: usize = cell.iter().map(|stretch| stretch.words).sum();
        let filled =
            cell[..cell.len() - 1].iter().filter(|s| s.rect.x1 - from.min(s.rect.x0) >= FILLED * (to - from));
        let most = (cell.len() - 1) as f32 * MOSTLY;
        words as f32 >= WORDS * cell.len() as f32 && filled.count() as f32 >= most
    };
    let text =
        cells.iter().zip(columns).all(runs) && cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
    text.then(|| cells.into_iter().flatten().map(|stretch| stretch.glyphs.clone()).collect())
}

#[cfg(test)]
mod tests {
    use crate::{Glyph, PageText, Rect};

    /// Words at their places: x, y, text; 5 points a letter.
    fn page(drawn: &[&[(f32, f32, &str)]]) -> String {
        let mut glyphs = Vec::new();
        for line in drawn {
            for (x, y, text) in *line {
                for (at, c) in text.chars().enumerate() {
                    let x0 = x + 5.0 * at as f32;
                    glyphs.push(Glyph { c, rect: Rect { x0, y0: *y, x1: x0 + 5.0, y1: y + 10.0 } });
                }
                glyphs.push(Glyph { c: ' ', rect: Rect::default() });
            }
            glyphs.push(Glyph { c: '\r', rect: Rect::default() });
            glyphs.push(Glyph { c: '\n', rect: Rect::default() });
        }
        PageText::new(&glyphs, 0).text
    }

    #[test]
    fn two_columns_that_were_drawn_across_are_read_one_after_the_other() {
        let text = page(&[
            &[(100.0, 10.0, "Báo cáo chung của hai bên về đê điều")],
            &[(20.0, 30.0, "một hai ba bốn năm sáu"), (160.0, 30.0, "mười một mười hai mười")],
            &[(20.0, 42.0, "bảy tám chín mười, rồi"), (160.0, 42.0, "ba mười bốn mười lăm")],
            &[(20.0, 54.0, "lại một hai ba nữa."), (160.0, 54.0, "mười sáu và mười bảy.")],
            &[(160.0, 66.0, "Hết cột thứ hai ở đây.")],
            &[(20.0, 90.0, "Một dòng dài ngang qua cả hai cột của trang này.")],
        ]);
        assert_eq!(
            text,
            "Báo cáo chung của hai bên về đê điều\n\
             một hai ba bốn năm sáu\nbảy tám chín mười, rồi\nlại một hai ba nữa.\n\
             mười một mười hai mười\nba mười bốn mười lăm\nmười sáu và mười bảy.\nHết cột thứ hai ở đây.\n\
             Một dòng dài ngang qua cả hai cột của trang này."
        );
    }

    #[test]
    fn rows_of_a_table_stay_rows_and_cells_of_several_lines_are_read_to_their_end() {
        let text = page(&[
            &[(20.0, 10.0, "Công trình"), (160.0, 10.0, "Địa bàn"), (300.0, 10.0, "Tỷ quan")],
            &[
                (20.0, 30.0, "Đê hữu sông Lam Thủy"),
                (160.0, 30.0, "Bến Sậy"),
                (300.0, 30.0, "120 trong hai năm"),
            ],
            &[(20.0, 41.0, "đoạn qua ba xã"), (300.0, 41.0, "đầu kế hoạch này")],
            &[(20.0, 61.0, "Cống Đồng Bưởi"), (160.0, 61.0, "Cồn Ngọc"), (300.0, 61.0, "35")],
            &[(20.0, 81.0, "Trạm bơm"), (160.0, 81.0, "Minh Giang"), (300.0, 81.0, "7")],
        ]);
        assert_eq!(
            text,
            "Công trình Địa bàn Tỷ quan\n\
             Đê hữu sông Lam Thủy\nđoạn qua ba xã\nBến Sậy\n120 trong hai năm\nđầu kế hoạch này\n\
             Cống Đồng Bưởi Cồn Ngọc 35\nTrạm bơm Minh Giang 7"
        );
    }

    #[test]
    fn a_letterhead_has_two_sides_and_what_is_drawn_in_order_is_left_alone() {
        let letterhead: &[&[(f32, f32, &str)]] = &[
            &[(40.0, 10.0, "BỘ THỦY NÔNG"), (250.0, 10.0, "CỘNG HÒA MẪU SƠN HÀ")],
            &[(50.0, 22.0, "Số: 41/TTr"), (240.0, 22.0, "Cần mẫn - Minh bạch - Hài hòa")],
            &[(240.0, 34.0, "Minh Giang, ngày 13 tháng 11")],
        ];
        assert_eq!(
            page(letterhead),
            "BỘ THỦY NÔNG\nSố: 41/TTr\nCỘNG HÒA MẪU SƠN HÀ\nCần mẫn - Minh bạch - Hài hòa\nMinh Giang, ngày 13 tháng 11",
            "its two sides are cells"
        );
        let columns: &[&[(f32, f32, &str)]] = &[
            &[(20.0, 10.0, "một hai ba bốn năm sáu")],
            &[(20.0, 22.0, "bảy tám chín mười, rồi")],
            &[(160.0, 10.0, "mười một mười hai mười")],
            &[(160.0, 22.0, "ba mười bốn mười lăm")],
        ];
        assert!(page(columns).starts_with("một hai ba bốn năm sáu\nbảy tám chín mười, rồi\nmười một"));
        let numbers: Vec<Vec<(f32, f32, &str)>> =
            (0..6).map(|at| vec![(20.0, 12.0 * at as f32, "Xã"), (160.0, 12.0 * at as f32, "120")]).collect();
        let numbers: Vec<&[(f32, f32, &str)]> = numbers.iter().map(Vec::as_slice).collect();
        assert_eq!(page(&numbers), ["Xã 120"; 6].join("\n"));
    }
}
