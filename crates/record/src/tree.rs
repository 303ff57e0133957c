//! The Merkle tree of RFC 6962 part 2.1, kept whole so that every former root and any proof can be given.

use crate::hash;
use ecabinet_domain::Hash;

/// `levels[k][i]` is the root of the full subtree over leaves `i << k` to `(i + 1) << k`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree over these leaves' hashes.
    pub fn of(leaves: Vec<Hash>) -> Tree {
        let mut levels = Vec::new();
        let mut nodes = leaves;
        while !nodes.is_empty() {
            let above = nodes.chunks_exact(2).map(|pair| join(pair[0], pair[1])).collect();
            levels.push(std::mem::replace(&mut nodes, above));
        }
        Tree { levels }
    }

    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends a leaf's hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(node);
            let count = self.levels[level].len();
            if count % 2 == 1 {
                return;
            }
            node = join(self.levels[level][count - 2], node);
        }
    }

    /// Forgets leaves from `size` on.
    pub fn truncate(&mut self, size: u64) {
        for (level, nodes) in self.levels.iter_mut().enumerate() {
            nodes.truncate((size >> level) as usize);
        }
    }

    pub fn root(&self) -> Hash {
        self.range(0, self.size())
    }

    /// The root when the log had `size` entries; none if it has fewer.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        (size <= self.size()).then(|| self.range(0, size))
    }

    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.levels.first()?.get(index as usize).copied()
    }

    /// PATH(index, D[size]).
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut lo, mut hi, mut path) = (0, size, Vec::new());
        while hi - lo > 1 {
            let mid = lo + split(hi - lo);
            if index < mid {
                path.push(self.range(mid, hi));
                hi = mid;
            } else {
                path.push(self.range(lo, mid));
                lo = mid;
            }
        }
        path.reverse();
        Some(path)
    }

    /// PROOF(from, D[to]) of RFC 6962: that the log of `to` entries begins with that of `from`.
    pub fn consistency(&self, from: u64, to: u64) -> Option<Vec<Hash>> {
        if from == 0 || from > to || to > self.size() {
            return None;
        }
        let (mut lo, mut hi, mut proof) = (0, to, Vec::new());
        while from < hi {
            let mid = lo + split(hi - lo);
            if from <= mid {
                proof.push(self.range(mid, hi));
                hi = mid;
            } else {
                proof.push(self.range(lo, mid));
                lo = mid;
            }
        }
        // The asker knows the root of a log that is one whole subtree from the first entry on.
        if lo > 0 {
            proof.push(self.range(lo, hi));
        }
        proof.reverse();
        Some(proof)
    }

    /// MTH(D[lo:hi]); `lo` is a multiple of the largest power of two in the range.
    fn range(&self, lo: u64, hi: u64) -> Hash {
        let count = hi - lo;
        if count == 0 {
            return hash::sha256(b"");
        }
        if count.is_power_of_two() {
            let level = count.trailing_zeros();
            return self.levels[level as usize][(lo >> level) as usize];
        }
        let mid = lo + split(count);
        join(self.range(lo, mid), self.range(mid, hi))
    }
}

/// The root that a leaf's hash and its path lead to; none if the path has the wrong length.
pub fn root_from_path(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut node) = (index, size - 1, leaf);
    let mut path = path.iter();
    while last > 0 {
        if at % 2 == 1 {
            node = join(*path.next()?, node);
        } else if at < last {
            node = join(node, *path.next()?);
        }
        at /= 2;
        last /= 2;
    }
    path.next().is_none().then_some(node)
}

/// Whether the proof shows that the log with the second size and root begins with the log with the first, which has
/// entries (RFC 9162, 2.1.4.2).
pub fn begins_with(first: (u64, Hash), second: (u64, Hash), proof: &[Hash]) -> bool {
    let ((from, from_root), (to, to_root)) = (first, second);
    if from == 0 || from >= to {
        return from == to && from > 0 && from_root == to_root && proof.is_empty();
    }
    let whole = from.is_power_of_two().then_some(from_root);
    let mut path = whole.into_iter().chain(proof.iter().copied());
    let Some(start) = path.next() else { return false };
    let shared = (from - 1).trailing_ones();
    let (mut at, mut last) = ((from - 1) >> shared, (to - 1) >> shared);
    let (mut former, mut newer) = (start, start);
    for node in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            (former, newer) = (join(node, former), join(node, newer));
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            newer = join(newer, node);
        }
        (at, last) = (at / 2, last / 2);
    }
    last == 0 && former == from_root && newer == to_root
}

fn join(left: Hash, right: Hash) -> Hash {
    hash::concat(&[&[1], &left.0, &right.0])
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 6962 as written: the definition to hold the kept tree against.
    fn mth(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => hash::sha256(b""),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
                join(mth(left), mth(right))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| crate::leaf::hash(&n.to_be_bytes())).collect()
    }

    proptest! {
        #[test]
        fn every_former_root_and_every_path_is_the_rfcs(count in 1u64..200, at in 0u64..200, cut in 0u64..200) {
            let all = leaves(count);
            let mut tree = Tree::default();
            all.iter().for_each(|leaf| tree.push(*leaf));
            prop_assert_eq!(&Tree::of(all.clone()), &tree);
            let size = cut % count + 1;
            prop_assert_eq!(tree.root_at(size).unwrap(), mth(&all[..size as usize]));
            let index = at % size;
            let path = tree.inclusion(index, size).unwrap();
            let leaf = all[index as usize];
            prop_assert_eq!(root_from_path(leaf, index, size, &path), tree.root_at(size));
            prop_assert_ne!(root_from_path(crate::leaf::hash(b"other"), index, size, &path), tree.root_at(size));
            let mut longer = path.clone();
            longer.push(leaf);
            prop_assert_eq!(root_from_path(leaf, index, size, &longer), None);
            let (first, whole) = ((size, tree.root_at(size).unwrap()), (count, tree.root()));
            let proof = tree.consistency(size, count).unwrap();
            prop_assert!(begins_with(first, whole, &proof));
            for at in 0..proof.len() {
                let mut other = proof.clone();
                other[at] = crate::leaf::hash(b"other");
                prop_assert!(!begins_with(first, whole, &other));
            }
            prop_assert!(!begins_with(first, whole, &[&proof[..], &[leaf]].concat()));
            prop_assert!(proof.is_empty() || !begins_with(first, whole, &proof[1..]));
            prop_assert!(!begins_with((size, leaf), whole, &proof) || (size, leaf) == first);
            prop_assert!(!begins_with(first, (count, leaf), &proof) || (count, leaf) == whole);
            prop_assert!(!begins_with(whole, first, &proof) || first == whole);
            prop_assert_eq!((tree.consistency(0, count), tree.consistency(size, count + 1)), (None, None));
            tree.truncate(size);
            prop_assert_eq!(tree.root(), mth(&all[..size as usize]));
            tree.push(leaf);
            prop_assert_eq!(tree.root(), mth(&[&all[..size as usize], &[leaf]].concat()));
        }
    }
}
