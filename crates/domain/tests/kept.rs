//! What is kept is read as it was; what is not of its form is not read at all.

use ecabinet_domain::kept::Kept;
use std::collections::{BTreeMap, BTreeSet};

fn bytes(value: &impl Kept) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.put(&mut bytes);
    bytes
}

fn read<T: Kept>(mut bytes: &[u8]) -> Option<T> {
    let value = T::get(&mut bytes)?;
    bytes.is_empty().then_some(value)
}

#[test]
fn numbers_are_as_short_as_they_can_be_and_have_one_form() {
    for (number, length) in [(0, 1), (127, 1), (128, 2), (1 << 53, 8), (u64::MAX, 10)] {
        assert_eq!((bytes(&number).len(), read(&bytes(&number))), (length, Some(number)));
    }
    assert_eq!(read::<u64>(&[0xff; 9]), None, "no end");
    assert_eq!(
        read::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]),
        None,
        "above 64 bits"
    );
    assert_eq!(read::<u32>(&bytes(&(1u64 << 32))), None);
}

#[test]
fn counts_are_not_believed() {
    let (many, three) = (bytes(&u64::MAX), [3, 1, 2]);
    assert_eq!(read::<Vec<u64>>(&many), None);
    assert_eq!(read::<Vec<u64>>(&three), None);
    assert_eq!(read::<String>(&many), None);
    assert_eq!(read::<String>(&[2, 0xc3, 0x28]), None, "no UTF-8");
    assert_eq!(read::<Option<bool>>(&[1, 2]), None);
}

#[test]
fn keys_stand_once_and_in_their_order() {
    let map = BTreeMap::from([(1u64, "một".to_owned()), (2, "hai".to_owned())]);
    assert_eq!(read(&bytes(&map)), Some(map));
    assert_eq!(read::<BTreeSet<u64>>(&[2, 1, 2]), Some(BTreeSet::from([1, 2])));
    assert_eq!(read::<BTreeSet<u64>>(&[2, 2, 1]), None);
    assert_eq!(read::<BTreeMap<u64, bool>>(&[2, 1, 0, 1, 0]), None);
}
