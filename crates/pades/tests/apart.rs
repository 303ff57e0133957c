//! The parser runs in another process, which is not trusted.

mod common;

use common::*;
use ecabinet_pades::{Prepared, finish, finish_update, prepare};

#[test]
fn what_is_prepared_can_be_sent() {
    let signer = Authority::new().signer(Kind::Rsa(2048)).1;
    let paper = data("streams.pdf");
    let prepared = prepare(&paper, &request(&signer, on_page("First", 0, 10.0)), &font()).unwrap();
    let sent = rmp_serde::to_vec(&prepared).unwrap();
    let received: Prepared = rmp_serde::from_slice(&sent).unwrap();
    let signature = signer.sign_attributes(&received.attributes_to_sign).unwrap();
    let update = finish_update(received, &signature).unwrap();
    assert_eq!([paper, update].concat(), finish(prepared, &signature).unwrap());
}

#[test]
fn what_is_prepared_is_about_this_paper_and_signer() {
    let authority = Authority::new();
    let (signer, other) = (authority.signer(Kind::P256).1, authority.signer(Kind::P256).1);
    let paper = data("classic.pdf");
    let wanted = request(&signer, on_page("First", 0, 10.0));
    let prepared = prepare(&paper, &wanted, &font()).unwrap();
    prepared.check(&paper, &wanted).unwrap();
    let refused = |prepared: &Prepared| prepared.check(&paper, &wanted).err().map(|error| error.code());
    let mismatch = Some("sign.prepared_mismatch");

    let of_another = prepare(&data("streams.pdf"), &wanted, &font()).unwrap();
    assert_eq!(refused(&of_another), mismatch, "another paper");
    let by_another = prepare(&paper, &request(&other, on_page("First", 0, 10.0)), &font()).unwrap();
    assert_eq!(refused(&by_another), mismatch, "another signer");
    let mut swapped = prepared.clone();
    swapped.attributes_to_sign = of_another.attributes_to_sign;
    assert_eq!(refused(&swapped), mismatch, "another paper's attributes");
}
