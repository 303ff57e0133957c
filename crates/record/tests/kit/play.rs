//! Random statements over the worked example's people: most make sense, many do not.

use super::story::*;
use super::*;
use ecabinet_domain::act::*;
use proptest::prelude::*;

const SECRETS: [&str; 4] = ["e", "f", "g", "b"];

/// Dice for one statement.
#[derive(Debug, Clone)]
pub struct Throw {
    pub who: usize,
    pub what: usize,
    /// Picks among members, papers, polls, and so on.
    pub pick: [usize; 4],
    /// What is wrong beside the act; mostly nothing.
    pub flaw: usize,
}

pub fn throw() -> impl Strategy<Value = Throw> {
    let flaw = prop_oneof![8 => Just(0usize), 2 => 1..8usize];
    // Ballots and closes are half of it: that is where most can go wrong.
    let what = prop_oneof![3 => 0..18usize, 2 => Just(100usize)];
    (0..14usize, what, prop::array::uniform4(0..64usize), flaw).prop_map(|(who, what, pick, flaw)| Throw {
        who,
        what,
        pick,
        flaw,
    })
}

impl Throw {
    /// The leaf that this throw makes behind the log.
    pub fn leaf(&self, log: &Log) -> Vec<u8> {
        let act = self.act(log);
        let by = self.author(&act);
        let mut header = log.header(&by, act);
        // Twice the same act by the same device shall be two statements, unless the flaw is repetition.
        header.nonce.0[0] = self.pick[3] as u8;
        match self.flaw {
            1 => header.level = (self.pick[0] % 3) as u64,
            2 => header.seen.size = int(self.pick[1] as u64),
            3 => header.seen.root = Hash([3; 32]),
            4 => header.body = Some(BodyId([3; 32])),
            5 => header.capacity = As(["member", "chair", "registrar", ""][self.pick[0] % 4].to_owned()),
            6 => return log.leaf(&header, &keys("stranger")),
            7 => return log.leaves[self.pick[0] % log.leaves.len()].clone(),
            _ => {}
        }
        log.leaf(&header, &by.keys)
    }

    fn author(&self, act: &Act) -> Actor {
        let member = device(["chair", "b", "b2", "c", "d", "chair2", "new", "secretary"][self.pick[2] % 8]);
        match act {
            // Whom it fits, six times out of seven.
            _ if self.who % 7 == 6 => {
                [registrar(), second_registrar(), chair_code(), body_recovery(), member][self.pick[2] % 5]
                    .clone()
            }
            Act::DeviceEnrol(_) => device(self.new_device()),
            Act::DeviceConfirm(_) if self.pick[3].is_multiple_of(2) => second_registrar(),
            Act::BallotCast(_) | Act::DeviceConfirm(_) | Act::PaperSign(_) => member,
            Act::ItemSet(_) | Act::PaperPublish(_) | Act::MeetingPublish(_) | Act::AttendanceSet(_) => {
                secretary()
            }
            Act::PayloadErase(_) | Act::PollOpen(_) | Act::PollClose(_) => secretary(),
            _ => registrar(),
        }
    }

    fn act(&self, log: &Log) -> Act {
        let state = log.state();
        let [a, b, c, _] = self.pick;
        let name = ["chair", "b", "c", "d", "secretary", "e"][a % 6];
        let paper = rev(["budget", "roads"][a % 2], (b % 4) as u32);
        let place = ["budget", "roads"][a % 2];
        let poll =
            state.polls.keys().nth(a % (state.polls.len() + 1)).copied().unwrap_or(StatementId([9; 32]));
        let devices: Vec<DeviceId> = state.devices.keys().copied().collect();
        let invitation = state.invitations.keys().nth(a % state.invitations.len()).copied().expect("some");
        match self.what {
            0 => add(name, [&["member"][..], &["member", "chair"], &["secretariat"], &[]][b % 4], c as u64)
                .into(),
            1 if b % 3 == 0 => MemberRetire { member: member(name) }.into(),
            1 | 2 => AttendanceSet {
                meeting: meeting(),
                member: member(name),
                state: [Presence::Present, Presence::Remote, Presence::Absent, Presence::Substitute][b % 4],
            }
            .into(),
            3 => issue(name, SECRETS[b % SECRETS.len()]).into(),
            4 => InvitationRevoke { invitation }.into(),
            5 => self.enrolment(state, invitation).into(),
            6 => DeviceConfirm { device: self.waiting(state).unwrap_or(devices[a % devices.len()]) }.into(),
            7 if b % 4 == 0 => DeviceRevoke { device: devices[a % devices.len()] }.into(),
            7 | 8 => publish(place, paper, &[name]).into(),
            9 | 10 => {
                let version = state.meetings[&meeting()].version + 1;
                convene(version, &[(place, &[paper][..b % 2]), (["roads", "budget"][c % 2], &[])]).into()
            }
            11 => {
                PaperSign { paper: paper.paper, rev: paper.rev, new_rev: rev("signed", b as u32).rev }.into()
            }
            12 => PayloadErase { entry: int(a as u64) }.into(),
            13 => GroupSet { group: GroupId([1; 16]), members: vec![member(name)] }.into(),
            14 => RegistrarChange {
                add: (b % 2 == 0)
                    .then(|| keys(["third registrar", "b"][c % 2]).public())
                    .into_iter()
                    .collect(),
                remove: (c % 3 == 0).then(|| devices[a % devices.len()]).into_iter().collect(),
            }
            .into(),
            15 => ItemSet { meeting: meeting(), item: item(place) }.into(),
            16 => self.poll(place),
            17 => PollClose { poll }.into(),
            _ => self.ballot(state, poll),
        }
    }

    /// By an open invitation whose secret we have, if there is one.
    fn enrolment(&self, state: &State, any: StatementId) -> DeviceEnrol {
        let [_, b, c, d] = self.pick;
        let key = |name: &str| KeyPair::from_invitation(&secret(name)).public().sign;
        let open = state
            .invitations
            .iter()
            .filter(|(_, known)| known.status == InvitationStatus::Open || b % 4 == 3);
        let ours = open.flat_map(|(id, known)| SECRETS.iter().map(move |name| (*id, known.key, *name)));
        let (invitation, secret) = ours
            .filter(|(_, of, name)| key(name) == *of)
            .map(|(id, _, name)| (id, name))
            .next()
            .unwrap_or((any, "f"));
        let recovery = (c % 2 == 0).then(|| keys(["code", "b"][d % 2]).public());
        DeviceEnrol { recovery, ..enrol(state.body, invitation, secret, &keys(self.new_device())) }
    }

    fn new_device(&self) -> &'static str {
        ["new", "newer", "newest"][self.pick[3] % 3]
    }

    fn waiting(&self, state: &State) -> Option<DeviceId> {
        let waiting = state.devices.values().find(|device| device.status == DeviceStatus::Pending);
        waiting.filter(|_| !self.pick[1].is_multiple_of(4)).map(|device| device.id)
    }

    fn poll(&self, place: &str) -> Act {
        let base = [Base::Members, Base::Present, Base::Cast][self.pick[1] % 3];
        let (num, den) = [(1, 2), (2, 3), (1, 1), (0, 2)][self.pick[2] % 4];
        let pass = PassRule { base, num, den, strict: self.pick[3].is_multiple_of(2) };
        PollOpen { item: item(place), rule: Rule { pass, ..usual_rule() } }.into()
    }

    fn ballot(&self, state: &State, poll: StatementId) -> Act {
        let [_, b, c, _] = self.pick;
        let known = state.polls.get(&poll);
        let voter = member(["chair", "b", "b", "c", "d", "chair", "b", "secretary"][c % 8]);
        let current = known.and_then(|poll| poll.current_of(voter)).map(|ballot| ballot.statement);
        let replaces =
            [current, current, current, None, known.and_then(|p| p.ballots.first()).map(|b| b.statement)];
        let now = known.map_or(vec![], |poll| poll.revs(state));
        let basis = if b % 5 == 4 { vec![rev("budget", 1)] } else { now };
        ballot(poll, replaces[self.pick[1] % 5], &basis).into()
    }
}
