//! A member confirms a further device, and the power of the confirming one is cut before the key of his notes is handed
//! over: at one step towards the disk after another.

use crate::cast::{self, Cast};
use crate::world::{Done, Role, World};
use ecabinet_client::Mark;
use ecabinet_domain::{DeviceId, DeviceStatus, Rev};
use std::collections::BTreeSet;

const NOTE: &str = "Hỏi nguồn vốn";

/// The last member's laptop, and his tablet, which waits: the digits are on both screens.
struct Pair {
    world: World,
    laptop: usize,
    tablet: usize,
}

impl Pair {
    fn of(cast: &Cast) -> Pair {
        let mut world = cast.world(1);
        world.start_server().expect("whole");
        let role = Role::Person(cast::MEMBERS - 1);
        let his: Vec<usize> =
            (0..world.machines.len()).filter(|at| world.machines[*at].role == role).collect();
        let [laptop, tablet] = his[..] else { panic!("two devices") };
        let mut pair = Pair { world, laptop, tablet };
        let (body, client) = (pair.world.body(), pair.world.client(laptop).expect("whole").expect("open"));
        let state = client.state(body).expect("a record");
        let (paper, known) = state.papers.iter().next().expect("a paper");
        let rev = Rev { paper: *paper, rev: known.revs[0].0 };
        client.add_mark(body, &Mark::note(rev, 0), Some(NOTE)).expect("a note");
        drop(client);
        assert!(pair.sync(laptop) && pair.sync(tablet));
        pair
    }

    /// A round on a quiet line; false if the machine went off in the middle.
    fn sync(&mut self, at: usize) -> bool {
        let body = self.world.body();
        let Some(client) = self.world.client(at).expect("whole") else { return false };
        let mut done = self.world.start(at, cast::sync(&client, body)).expect("whole");
        drop(client);
        while done.is_empty() {
            let Some((_, ended)) = self.world.deliver().expect("whole") else { return false };
            done = ended;
        }
        match done.remove(0) {
            Done::Synced(round) => round.is_ok(),
            _ => unreachable!("a synchronisation"),
        }
    }

    fn device(&self) -> DeviceId {
        self.world.machines[self.tablet].device.as_ref().expect("joined").parse().expect("an id")
    }

    /// The person compares the digits and confirms on his laptop; true if he was told that it is done.
    fn confirm(&mut self) -> bool {
        let (body, tablet) = (self.world.body(), self.device());
        let Some(client) = self.world.client(self.laptop).expect("whole") else { return false };
        let digits = cast::digits(&client, body, tablet);
        let confirmed = client.confirm_device(body, tablet, digits.as_deref()).is_ok();
        drop(client);
        self.world.notice();
        confirmed
    }

    /// How the tablet stands on the laptop, as its person sees it.
    fn standing(&mut self) -> DeviceStatus {
        let (body, tablet) = (self.world.body(), self.device());
        let client = self.world.client(self.laptop).expect("whole").expect("open");
        client.state(body).expect("a record").devices[&tablet].status
    }

    fn notes_on_the_tablet(&mut self) -> Vec<String> {
        let body = self.world.body();
        let client = self.world.client(self.tablet).expect("whole").expect("open");
        let notes = client.notes(body, None).expect("notes").into_iter().flat_map(|note| note.texts);
        notes.filter(|text| text != cast::FIRST_NOTE).collect()
    }
}

#[test]
fn a_device_that_was_confirmed_gets_the_notes_wherever_the_power_of_the_confirming_one_was_cut() {
    let cast = Cast::found();
    let (mut cut, mut told) = (0, BTreeSet::new());
    for steps in 1.. {
        let mut pair = Pair::of(&cast);
        let laptop = pair.laptop;
        pair.world.machines[laptop].disk.cut_after(steps);
        let confirmed = pair.confirm();
        let whole = pair.world.machines[laptop].client.is_some() && pair.sync(laptop);
        assert!(confirmed || !whole, "{steps}: nothing but the power keeps him from confirming");
        assert!(whole || pair.world.machines[laptop].client.is_none(), "{steps}: nor from handing over");
        told.insert(confirmed);
        pair.world.machines[laptop].disk.cut_never();

        assert!(pair.sync(laptop), "{steps}: it goes on");
        if pair.standing() == DeviceStatus::Pending {
            assert!(!confirmed, "{steps}: what he was told stands");
            assert!(pair.confirm() && pair.sync(laptop), "{steps}: he confirms again");
        }
        assert!(pair.sync(pair.tablet));
        assert_eq!(pair.notes_on_the_tablet(), [NOTE], "{steps}");
        if whole {
            break;
        }
        cut += 1;
    }
    assert!(cut > 20 && told.len() == 2, "the power was cut {cut} times, before and after he was told");
}
