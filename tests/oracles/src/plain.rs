//! JSON as the record allows it (rule 1), read by a few lines that share nothing with the programs' reader.

/// Whether the text is JSON without repeated keys, escapes, floats, signs, leading zeros, or integers of 2^53 or more.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    let mut reader = Reader { text, at: 0 };
    reader.value() && {
        reader.space();
        reader.at == text.len()
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let is = self.text[self.at..].starts_with(word);
        self.at += if is { word.len() } else { 0 };
        is
    }

    fn value(&mut self) -> bool {
        self.space();
        match self.peek() {
            b'{' => self.object(),
            b'[' => self.list(b']', |reader| reader.value()),
            b'"' => self.text().is_some(),
            b'0'..=b'9' => self.integer(),
            _ => self.take(b"true") || self.take(b"false") || self.take(b"null"),
        }
    }

    fn object(&mut self) -> bool {
        let mut keys: Vec<&[u8]> = Vec::new();
        self.list(b'}', |reader| {
            reader.space();
            let Some(key) = reader.text().filter(|key| !keys.contains(key)) else { return false };
            keys.push(key);
            reader.space();
            reader.take(b":") && reader.value()
        })
    }

    fn list(&mut self, end: u8, mut part: impl FnMut(&mut Self) -> bool) -> bool {
        self.at += 1;
        self.space();
        if self.take(&[end]) {
            return true;
        }
        loop {
            if !part(self) {
                return false;
            }
            self.space();
            if self.take(&[end]) {
                return true;
            }
            if !self.take(b",") {
                return false;
            }
        }
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let whole = self.text;
        let rest = whole[self.at..].strip_prefix(b"\"")?;
        let len = rest.iter().position(|byte| *byte == b'"')?;
        self.at += len + 2;
        let ok = |byte: &u8| (0x20..=0x7e).contains(byte) && *byte != b'\\';
        rest[..len].iter().all(ok).then_some(&rest[..len])
    }

    fn integer(&mut self) -> bool {
        let digits: Vec<u8> = self.text[self.at..].iter().copied().take_while(u8::is_ascii_digit).collect();
        self.at += digits.len();
        let shortest = digits.len() == 1 || digits[0] != b'0';
        let number = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse::<u64>().ok());
        shortest && number.is_some_and(|number| number < 1 << 53) && !b".eE".contains(&self.peek())
    }
}
