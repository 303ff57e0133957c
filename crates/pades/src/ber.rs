/// Turns indefinite lengths into definite ones, as some programs write their signatures in BER; what is primitive
/// stays as it is. Returns the first element only: a signature is followed by filling.
pub(crate) fn definite(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    element(bytes, &mut out, 0)?;
    Some(out)
}

/// Deeper is no signature.
const DEEPEST: usize = 64;

/// Writes the element that begins here and returns what follows it.
fn element<'a>(bytes: &'a [u8], out: &mut Vec<u8>, depth: usize) -> Option<&'a [u8]> {
    let (tag, rest) = tag(bytes)?;
    let (length, rest) = length(rest)?;
    let constructed = tag[0] & 0x20 != 0;
    if depth > DEEPEST {
        return None;
    }
    out.extend(tag);
    let Some(length) = length else {
        // Until two zeros.
        let (mut content, mut rest) = (Vec::new(), constructed.then_some(rest)?);
        while !rest.starts_with(&[0, 0]) {
            rest = element(rest, &mut content, depth + 1)?;
        }
        write(&content, out);
        return Some(&rest[2..]);
    };
    let (content, after) = rest.split_at_checked(length)?;
    if constructed {
        let (mut inner, mut rest) = (Vec::with_capacity(length), content);
        while !rest.is_empty() {
            rest = element(rest, &mut inner, depth + 1)?;
        }
        write(&inner, out);
    } else {
        write(content, out);
    }
    Some(after)
}

/// One byte: what CMS and certificates use.
fn tag(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, rest) = bytes.split_at_checked(1)?;
    (tag[0] & 0x1f != 0x1f).then_some((tag, rest))
}

/// None for an indefinite length.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0x80 => Some((None, rest)),
        0..0x80 => Some((Some(first.into()), rest)),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let mut length = 0usize;
            for digit in digits {
                length = length.checked_mul(256)?.checked_add((*digit).into())?;
            }
            Some((Some(length), rest))
        }
    }
}

fn write(content: &[u8], out: &mut Vec<u8>) {
    let digits = content.len().to_be_bytes();
    let digits = &digits[digits.iter().take_while(|digit| **digit == 0).count()..];
    match content.len() {
        0..0x80 => out.push(content.len() as u8),
        _ => {
            out.push(0x80 | digits.len() as u8);
            out.extend(digits);
        }
    }
    out.extend(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_definite() {
        let inner = [0x04, 0x03, 1, 0, 0];
        let nested = [&[0x30, 0x80, 0xa0, 0x80][..], &inner, &[0, 0, 0x05, 0x00, 0, 0], &[0; 9]].concat();
        assert_eq!(definite(&nested).unwrap(), [&[0x30, 9, 0xa0, 5][..], &inner, &[0x05, 0x00]].concat());
        let long = [&[0x30, 0x82, 0, 200, 0x04, 0x81, 197][..], &[7; 197]].concat();
        assert_eq!(definite(&long).unwrap(), [&[0x30, 0x81, 200, 0x04, 0x81, 197][..], &[7; 197]].concat());
    }

    #[test]
    fn nonsense_is_refused() {
        let deep = [[0x30, 0x80]; 5000].concat();
        for bytes in
            [&b""[..], &[0x30], &[0x30, 0x80, 0x04], &[0x04, 0x80, 0, 0], &[0x30, 0x89], &[0x3f, 1, 0], &deep]
        {
            assert_eq!(definite(bytes), None, "{:?}", &bytes[..bytes.len().min(8)]);
        }
    }
}
