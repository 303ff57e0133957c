//! The power is cut at one step of a change to the vault's locks after another.

use super::*;
use crate::dying::Dying;
use crate::env::Costs;
use std::sync::Arc;

fn lock(passphrase: &str) -> Lock {
    Lock::Passphrase(Zeroizing::new(passphrase.to_owned()))
}

#[test]
fn the_printed_code_opens_the_vault_wherever_a_new_lock_was_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path();
    let least = Cost { kib: 8, passes: 1 };
    let env = || Env { costs: Costs { pin: least, passphrase: least }, ..Env::real() };
    let (code, key) = (KeyPair::from_code(&[7; 16]), [9; 32]);
    create(home, &env(), &lock("cũ"), &key).unwrap();
    add_recovery(home, &env(), &code.public(), &key).unwrap();
    let mut cut = 0;
    for steps in 0.. {
        let dying = Env { disk: Arc::new(Dying::after(steps)), ..env() };
        let relocked = relock(home, &dying, &lock("mới"), &key).is_ok();
        assert_eq!(*recover(home, &env(), &code).expect("the code opens"), key);
        assert!(
            ["cũ", "mới"].iter().any(|secret| unlock(home, &env(), secret).is_ok_and(|held| *held == key))
        );
        if relocked {
            break;
        }
        cut += 1;
    }
    assert!(cut > 3, "each step was cut off once: {cut}");
}
