//! The size that the reference promises of a receipt.

mod kit;

use ecabinet_domain::MAX_BALLOT_HEADER;
use ecabinet_record::{Checkpoint, Receipt, Tree, leaf};
use kit::story::Story;

#[test]
fn the_largest_ballots_receipt_fits_at_100_000_entries() {
    let story = Story::new();
    let body = story.log.state().body;
    let ballot = story.log.raw(&[b' '; MAX_BALLOT_HEADER], &kit::keys("b"));
    let mut tree = Tree::default();
    (0..99_999u32).for_each(|at| tree.push(leaf::hash(&at.to_be_bytes())));
    tree.push(leaf::hash(&ballot));
    let checkpoint = Checkpoint::sign(body, tree.size(), tree.root(), &story.log_keys[0]);
    let key = story.log_keys[0].public().sign;
    let receipt = |at: u64, leaf: Vec<u8>| Receipt::new(&tree, at, leaf, checkpoint.clone()).unwrap();
    let last = receipt(99_999, ballot);
    assert_eq!(last.check(body, &key), Ok(()));
    // The longest path there is.
    let longest = Receipt { path: receipt(0, 0u32.to_be_bytes().to_vec()).path, ..last };
    let bytes = longest.to_text().len();
    assert!(bytes <= 4096, "{bytes}");
    assert_eq!(Receipt::parse(&longest.to_text()), Ok(longest));
}
