//! How bytes are written for people: base64 in notes, base32 in checked groups of four for typing.

pub mod base64 {
    use ::base64::Engine;
    use ::base64::engine::general_purpose::STANDARD;

    pub fn encode(bytes: &[u8]) -> String {
        STANDARD.encode(bytes)
    }

    /// Standard alphabet, padded, no stray bits.
    pub fn decode(text: &str) -> Option<Vec<u8>> {
        STANDARD.decode(text).ok()
    }
}

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is wrong with typed groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistyped {
    /// The group of this number, from 1, does not check.
    #[error("group {0} does not check")]
    Group(usize),
    #[error("not whole")]
    Length,
}

/// Writes bytes as groups `XXXC`: three digits of five bits and one that checks them and their place.
pub fn groups(bytes: &[u8]) -> String {
    let mut digits: Vec<u8> = Vec::new();
    let (mut pending, mut bits) = (0u32, 0);
    for byte in bytes {
        pending = pending << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            digits.push((pending >> bits) as u8 & 31);
        }
    }
    if bits > 0 {
        digits.push((pending << (5 - bits)) as u8 & 31);
    }
    digits.resize(digits.len().next_multiple_of(3), 0);
    let group = |(at, three): (usize, &[u8])| {
        let four = [three[0], three[1], three[2], check(at, three)];
        four.map(|digit| ALPHABET[digit as usize] as char).iter().collect::<String>()
    };
    digits.chunks(3).enumerate().map(group).collect::<Vec<_>>().join("-")
}

/// Reads bytes from typed groups, up to two zero bytes more than were written; case, spaces and hyphens do not matter; O reads as 0, I and L as 1.
pub fn ungroup(text: &str) -> Result<Vec<u8>, Mistyped> {
    let mut digits = Vec::new();
    for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|known| *known as char == letter);
        digits.push(digit.ok_or(Mistyped::Group(digits.len() / 4 + 1))? as u8);
    }
    if digits.is_empty() || digits.len() % 4 != 0 {
        return Err(Mistyped::Length);
    }
    let (mut bytes, mut pending, mut bits) = (Vec::new(), 0u32, 0);
    for (at, four) in digits.chunks(4).enumerate() {
        if check(at, &four[..3]) != four[3] {
            return Err(Mistyped::Group(at + 1));
        }
        for digit in &four[..3] {
            pending = pending << 5 | u32::from(*digit);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((pending >> bits) as u8);
                pending &= (1 << bits) - 1;
            }
        }
    }
    if pending != 0 {
        return Err(Mistyped::Length);
    }
    Ok(bytes)
}

/// Odd weights are invertible modulo 32, so every single wrong digit shows; so do most swaps.
fn check(at: usize, three: &[u8]) -> u8 {
    let sum = [3u32, 7, 11].iter().zip(three).map(|(weight, digit)| weight * u32::from(*digit)).sum::<u32>();
    ((sum + at as u32 * 5 + 1) % 32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn typed_groups_read_back_and_a_wrong_letter_is_named(bytes in proptest::collection::vec(any::<u8>(), 1..80), at: usize, to in 0usize..32) {
            let text = groups(&bytes);
            prop_assert_eq!(&ungroup(&text.to_lowercase().replace('-', " ")).unwrap()[..bytes.len()], &bytes[..]);
            let mut letters: Vec<char> = text.chars().filter(|c| *c != '-').collect();
            let at = at % letters.len();
            let other = ALPHABET[to] as char;
            prop_assume!(letters[at] != other);
            letters[at] = other;
            let typed: String = letters.into_iter().collect();
            prop_assert_eq!(ungroup(&typed), Err(Mistyped::Group(at / 4 + 1)));
        }
    }
}
