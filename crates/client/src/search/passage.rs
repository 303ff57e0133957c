use std::ops::Range;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// It is what was sought.
    pub found: bool,
}

/// Characters before what was found, and of all of it.
const BEFORE: usize = 70;
const ALL: usize = 220;

/// The sentence in which the first of some places stands, in one line. A long one is cut between words and says so by `…`.
pub fn passage(text: &str, places: &[Range<u32>]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let Some(first) = places.first().map(|place| place.start as usize).filter(|at| *at < chars.len()) else {
        return Vec::new();
    };
    let mut start = (1..=first).rev().find(|at| ends_sentence(&chars, at - 1)).unwrap_or(0);
    let cut_before = first - start > BEFORE;
    if cut_before {
        start = (first - BEFORE..first).find(|at| chars[*at] == ' ').unwrap_or(first);
    }
    let mut end = (first..chars.len()).find(|at| ends_sentence(&chars, *at)).map_or(chars.len(), |at| at + 1);
    let most = start + ALL;
    let whole = end;
    if end > most {
        // What was found is shown whole, however long.
        let least = places[0].end as usize;
        end = (least..most.max(least))
            .rev()
            .find(|at| chars[*at] == ' ')
            .unwrap_or(most.max(least))
            .min(chars.len());
    }
    while start < first && chars[start] == ' ' {
        start += 1;
    }
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, found: bool| {
        if !range.is_empty() {
            pieces.push(Piece { text: chars[range].iter().collect(), found });
        }
    };
    let mut at = start;
    for place in places {
        let (from, to) = ((place.start as usize).max(at), (place.end as usize).min(end));
        if from < to {
            push(at..from, false);
            push(from..to, true);
            at = to;
        }
    }
    push(at..end, false);
    if cut_before {
        pieces.insert(0, Piece { text: "… ".into(), found: false });
    }
    if end < whole {
        pieces.push(Piece { text: " …".into(), found: false });
    }
    pieces
}

/// A full stop before a capital, a number or the end; not the one in `1.340` or `Điều 3. `.
fn ends_sentence(chars: &[char], at: usize) -> bool {
    let stop = matches!(chars[at], '.' | '!' | '?' | ';');
    let blank = chars.get(at + 1).is_none_or(|c| *c == ' ');
    let numbered = chars[at] == '.' && at > 0 && chars[at - 1].is_numeric();
    stop && blank && !numbered
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecabinet_pdf::{Query, Way, words};

    fn told(text: &str, query: &str) -> String {
        let query = Query::read(query);
        let places = query.places(&words(text), Way::Whole);
        let piece =
            |piece: &Piece| if piece.found { format!("[{}]", piece.text) } else { piece.text.clone() };
        passage(text, &places).iter().map(piece).collect()
    }

    #[test]
    fn the_sentence_is_shown_with_all_that_was_found_in_it() {
        let text = "Điều 3. Nguồn vốn.\nNgân sách trung ương bố trí 1.340 tỷ quan; ngân\nsách địa phương bố trí phần còn lại.";
        assert_eq!(told(text, "ngan sach"), "[Ngân sách] trung ương bố trí 1.340 tỷ quan;");
        assert_eq!(told(text, "dia phuong"), "ngân sách [địa phương] bố trí phần còn lại.");
        assert_eq!(told(text, "nguon von"), "Điều 3. [Nguồn vốn].");
        assert_eq!(told("đê, kè, đê", "de"), "[đê], kè, [đê]");
        assert!(passage("", &[]).is_empty());
    }

    #[test]
    fn a_long_sentence_is_cut_between_words() {
        let text = format!("{}đê điều {}", "từ trước ".repeat(40), "và sau ".repeat(60));
        let told = told(&text, "de dieu");
        assert!(told.starts_with("… ") && told.ends_with(" …") && told.contains("[đê điều]"), "{told}");
        assert!(told.chars().count() < 240, "{told}");
        let word = "x".repeat(500);
        let all = passage(&word, std::slice::from_ref(&(0..500)));
        assert_eq!(all.iter().map(|piece| piece.text.len()).sum::<usize>(), 500);
    }
}
