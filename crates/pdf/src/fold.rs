use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text as it is compared in a search: lower case, without diacritics, đ as d, any run of blanks as one space.
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// Folded text that remembers where each of its characters came from.
pub struct Folded {
    pub text: String,
    /// For each character of `text`, the index of the character in the original.
    pub origin: Vec<u32>,
}

impl Folded {
    pub fn new(original: &str) -> Self {
        let mut folded = Self { text: String::new(), origin: Vec::new() };
        let mut blank = true;
        for (i, c) in (0u32..).zip(original.chars()) {
            if c.is_whitespace() {
                if !blank {
                    folded.push(' ', i);
                }
                blank = true;
                continue;
            }
            // U+2010 to U+2015 are the dashes that word processors put for a hyphen.
            for c in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c) && !invisible(*c)) {
                let c = match c {
                    'đ' | 'Đ' => 'd',
                    '\u{2010}'..='\u{2015}' => '-',
                    c => c,
                };
                for c in c.to_lowercase().filter(|c| !is_combining_mark(*c)) {
                    folded.push(c, i);
                    blank = false;
                }
            }
        }
        if folded.text.ends_with(' ') {
            folded.text.pop();
            folded.origin.pop();
        }
        folded
    }

    fn push(&mut self, c: char, origin: u32) {
        self.text.push(c);
        self.origin.push(origin);
    }
}

/// Soft hyphens and joiners: in the text, not on the page. pdfium marks a hyphen at a line's end by U+0002.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_vietnamese() {
        for (original, folded) in [
            ("Nghị quyết", "nghi quyet"),
            ("ĐƯỜNG  liên\r\nxã ", "duong lien xa"),
            ("Ủy ban nhân dân", "uy ban nhan dan"),
            ("Nghi\u{323} quye\u{302}\u{301}t", "nghi quyet"),
            ("12/NQ–HĐND", "12/nq-hdnd"),
            ("công\u{ad}chức", "congchuc"),
            ("", ""),
        ] {
            assert_eq!(fold(original), folded);
        }
    }

    #[test]
    fn remembers_the_origin() {
        let folded = Folded::new("a  Đô\u{301}i");
        assert_eq!(folded.text, "a doi");
        assert_eq!(folded.origin, [0, 1, 3, 4, 6]);
    }
}
