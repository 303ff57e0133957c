//! The power is cut at one step of the end of a device after another.

use super::*;
use crate::Lock;
use crate::dying::Dying;
use crate::env::{Cost, Costs, Keyring};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// A keyring that answers or does not.
#[derive(Default)]
struct Ring {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    deaf: Mutex<bool>,
}

impl Ring {
    fn hear(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>>> {
        if *self.deaf.lock().unwrap() {
            Err(Error::new("keyring.unavailable"))
        } else {
            Ok(self.kept.lock().unwrap())
        }
    }
}

impl Keyring for Ring {
    fn get(&self, account: &str) -> Result<Vec<u8>> {
        self.hear()?.get(account).cloned().ok_or(Error::new("keyring.no_entry"))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<()> {
        self.hear()?.insert(account.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<()> {
        self.hear()?.remove(account).map(drop).ok_or(Error::new("keyring.no_entry"))
    }
}

fn env(ring: &Arc<Ring>) -> Env {
    let least = Cost { kib: 8, passes: 1 };
    Env { keyring: ring.clone(), costs: Costs { pin: least, passphrase: least }, ..Env::real() }
}

/// A home with a vault and a sealed file, and what its device has to say.
fn home(dir: &Path, env: &Env) -> Farewell {
    let lock = Lock::Keyring { pin: Zeroizing::new("246810".into()) };
    let client = Client::create(dir, env.clone(), &lock).unwrap();
    client.files.write("ab0123456789abcdef0123456789abcd", b"sealed").unwrap();
    Farewell {
        version: 1,
        body: None,
        by: RevokedBy::Registrar,
        at: 1_795_482_000_000,
        entry: 41,
        zone: 420,
        acts: BTreeMap::from([("ballot.cast".to_owned(), 2)]),
        notes: 3,
        keyring: slots::accounts(dir, env),
        done: false,
    }
}

fn left(dir: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_device_ends_whole_wherever_the_power_was_cut_and_says_the_same() {
    let mut cut = 0;
    for steps in 0.. {
        let (dir, ring) = (tempfile::tempdir().unwrap(), Arc::new(Ring::default()));
        let env = env(&ring);
        let mut farewell = home(dir.path(), &env);
        let said = farewell.error();
        let dying = Env { disk: Arc::new(Dying::after(steps)), ..env.clone() };
        let kept = farewell.keep(dir.path(), &dying);
        let begun = kept.is_ok();
        let ended = kept.and_then(|()| farewell.destroy(dir.path(), &dying)).is_ok();
        let opened = Client::open(dir.path(), env.clone(), "246810").err();
        let told = dir.path().join("farewell.json").exists();
        assert!(told || !begun, "{steps}: what has begun is told");
        match told {
            // Cut off before it could say anything: it holds what it held, and comes to it again.
            false => assert!(opened.is_none(), "{steps}: {opened:?}"),
            true => {
                assert_eq!(opened, Some(said), "{steps}: it says so, and opens nothing");
                assert_eq!(left(dir.path()), ["farewell.json", "lock"], "{steps}");
                assert!(ring.kept.lock().unwrap().is_empty(), "{steps}: the keyring's half too");
            }
        }
        if ended {
            break;
        }
        cut += 1;
    }
    assert!(cut > 12, "the power was cut {cut} times");
}

#[test]
fn a_keyring_that_does_not_answer_holds_nothing_up_and_is_asked_again() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), Arc::new(Ring::default()));
    let env = env(&ring);
    let mut farewell = home(dir.path(), &env);
    *ring.deaf.lock().unwrap() = true;
    farewell.keep(dir.path(), &env).unwrap();
    farewell.destroy(dir.path(), &env).unwrap();
    assert_eq!(left(dir.path()), ["farewell.json", "lock"]);
    assert_eq!(ring.kept.lock().unwrap().len(), 1, "it is there yet, and opens nothing");
    *ring.deaf.lock().unwrap() = false;
    assert_eq!(Client::farewell(dir.path(), &env).unwrap().unwrap().error(), farewell.error());
    assert!(ring.kept.lock().unwrap().is_empty());

    Client::forget_farewell(dir.path(), &env).unwrap();
    assert_eq!(left(dir.path()), ["lock"]);
    assert_eq!(Client::open(dir.path(), env, "246810").err(), Some(Error::new("vault.none")));
}

#[test]
fn whoever_begins_anew_in_the_home_finds_nothing_of_it() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), Arc::new(Ring::default()));
    let env = env(&ring);
    let farewell = home(dir.path(), &env);
    farewell.keep(dir.path(), &env).unwrap();
    let lock = Lock::Keyring { pin: Zeroizing::new("135790".into()) };
    let client = Client::create(dir.path(), env.clone(), &lock).unwrap();
    assert!(client.bodies().is_empty() && client.farewells().unwrap().is_empty());
    drop(client);
    assert!(Client::open(dir.path(), env.clone(), "135790").is_ok());
    assert_eq!(Client::farewell(dir.path(), &env).unwrap(), None);
}
