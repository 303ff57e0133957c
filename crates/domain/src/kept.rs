//! The state as bytes, for a replica to go on from: compact, quickly read, the same bytes for the same state.
//!
//! No format of the record, and read by the program only that wrote it: whoever keeps such bytes keeps with them of which
//! form they are, and folds the record again where it is not his own. A struct is listed with all its fields: one that is
//! forgotten here does not compile.

mod state;

use std::collections::{BTreeMap, BTreeSet};

/// Written to bytes and read from them.
pub trait Kept: Sized {
    fn put(&self, to: &mut Vec<u8>);

    /// Takes its bytes from the front; none if they are no such value.
    fn get(from: &mut &[u8]) -> Option<Self>;
}

/// Takes so many bytes from the front.
pub fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}

/// Structs, each with all its fields in the order in which they are written.
#[macro_export]
macro_rules! kept {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::kept::Kept for $name {
            fn put(&self, to: &mut Vec<u8>) {
                let $name { $($field),+ } = self;
                $($crate::kept::Kept::put($field, to);)+
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                $(let $field = $crate::kept::Kept::get(from)?;)+
                Some($name { $($field),+ })
            }
        }
    )+};
}

/// Enums, each with all its variants and their tags.
macro_rules! kept_choice {
    ($($name:ident { $($tag:literal $variant:ident $(($value:ident))?),+ $(,)? })+) => {$(
        impl Kept for $name {
            fn put(&self, to: &mut Vec<u8>) {
                match self {
                    $($name::$variant $(($value))? => {
                        to.push($tag);
                        $($value.put(to);)?
                    })+
                }
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                Some(match take(from, 1)?[0] {
                    $($tag => {
                        $(let $value = Kept::get(from)?;)?
                        $name::$variant $(($value))?
                    })+
                    _ => return None,
                })
            }
        }
    )+};
}
use kept_choice;

/// Bytes of a fixed length.
macro_rules! kept_bytes {
    ($($name:ident)+) => {$(
        impl Kept for $name {
            fn put(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.0);
            }

            fn get(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some($name(*bytes))
            }
        }
    )+};
}
use kept_bytes;

/// Seven bits a byte, the lowest first; the last has its highest bit clear.
impl Kept for u64 {
    fn put(&self, to: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            to.push(left as u8 | 0x80);
            left >>= 7;
        }
        to.push(left as u8);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = take(from, 1)?[0];
            let bits = u64::from(byte & 0x7f);
            value |= bits << shift;
            if byte < 0x80 {
                return (value >> shift == bits).then_some(value);
            }
        }
        None
    }
}

impl Kept for u32 {
    fn put(&self, to: &mut Vec<u8>) {
        u64::from(*self).put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        u64::get(from)?.try_into().ok()
    }
}

impl Kept for usize {
    fn put(&self, to: &mut Vec<u8>) {
        (*self as u64).put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        u64::get(from)?.try_into().ok()
    }
}

impl Kept for bool {
    fn put(&self, to: &mut Vec<u8>) {
        to.push((*self).into());
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        match take(from, 1)?[0] {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Kept for String {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        to.extend_from_slice(self.as_bytes());
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let count = usize::get(from)?;
        std::str::from_utf8(take(from, count)?).ok().map(str::to_owned)
    }
}

impl<T: Kept> Kept for Option<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.is_some().put(to);
        self.iter().for_each(|value| value.put(to));
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        if bool::get(from)? { T::get(from).map(Some) } else { Some(None) }
    }
}

impl<A: Kept, B: Kept> Kept for (A, B) {
    fn put(&self, to: &mut Vec<u8>) {
        self.0.put(to);
        self.1.put(to);
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        Some((A::get(from)?, B::get(from)?))
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        self.iter().for_each(|value| value.put(to));
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let count = usize::get(from)?;
        // Each value has a byte at least: a wrong count asks for no memory that is not there.
        if count > from.len() {
            return None;
        }
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(T::get(from)?);
        }
        Some(values)
    }
}

impl<K: Kept + Ord, V: Kept> Kept for BTreeMap<K, V> {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        for (key, value) in self {
            key.put(to);
            value.put(to);
        }
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let entries = Vec::<(K, V)>::get(from)?;
        entries.is_sorted_by(|one, next| one.0 < next.0).then(|| entries.into_iter().collect())
    }
}

impl<T: Kept + Ord> Kept for BTreeSet<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        self.iter().for_each(|value| value.put(to));
    }

    fn get(from: &mut &[u8]) -> Option<Self> {
        let values = Vec::<T>::get(from)?;
        values.is_sorted_by(|one, next| one < next).then(|| values.into_iter().collect())
    }
}
