//! The reference model: what is true, told from the record's headers as plain JSON and from what was answered to
//! people. It shares no code with the rules that it holds to account.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An entry of the record as the model reads it.
pub struct Line {
    pub id: String,
    pub kind: String,
    device: String,
    data: Value,
}

impl Line {
    /// From a leaf: 0x01, time, length, header, signature.
    pub fn read(leaf: &[u8]) -> Line {
        let len = u32::from_be_bytes(leaf[9..13].try_into().expect("4 bytes")) as usize;
        let header = &leaf[13..13 + len];
        let json: Value = serde_json::from_slice(header).expect("a header");
        Line {
            id: ecabinet_record::hash::statement_id(header).to_string(),
            kind: text(&json["kind"]),
            device: text(&json["device"]),
            data: json["data"].clone(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What a ballot says of the papers' revisions that its author had before him.
fn basis(revs: &Value) -> String {
    let mut bytes = b"ecabinet/v1/basis\n".to_vec();
    for rev in revs.as_array().into_iter().flatten() {
        for id in [&rev["paper"], &rev["rev"]] {
            let id: [u8; 16] = ecabinet_domain::from_hex(&text(id)).expect("an id");
            bytes.extend(id);
        }
    }
    ecabinet_record::hash::sha256(&bytes).to_string()
}

/// The id of a pair of keys.
fn device_id(keys: &Value) -> String {
    let key = |name: &str| ecabinet_domain::from_hex::<32>(&text(&keys[name])).expect("a key");
    let bytes = [&b"ecabinet/v1/device\n"[..], &key("sign"), &key("enc")].concat();
    ecabinet_record::hash::sha256(&bytes).to_string()
}

/// The body after some entries.
#[derive(Clone, Default)]
pub struct Truth {
    members: BTreeMap<String, Office>,
    /// Device → member (none: a registrar) and whether it may act.
    pub devices: BTreeMap<String, (Option<String>, Standing)>,
    invitations: BTreeMap<String, String>,
    items: BTreeMap<String, String>,
    agendas: BTreeMap<String, Vec<(String, Value)>>,
    versions: BTreeMap<String, u64>,
    pub polls: BTreeMap<String, Poll>,
    /// First device of a member → the one that his printed code stands for.
    pub printed: BTreeMap<String, String>,
}

#[derive(Clone)]
struct Office {
    order: u64,
    votes: bool,
    in_office: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Active,
    Pending,
    Revoked,
}

#[derive(Clone, Default)]
pub struct Poll {
    item: String,
    ballots: Vec<Ballot>,
    /// Members with a vote and the papers' revisions, when it was closed.
    close: Option<(Vec<String>, Value)>,
}

#[derive(Clone)]
struct Ballot {
    id: String,
    member: String,
    basis: String,
    came: Came,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    InPlace,
    Late,
    Superseded,
    Ineligible,
}

impl Truth {
    /// Takes the next entry; an error if it should not stand here.
    pub fn take(&mut self, line: &Line) -> Result<(), String> {
        let data = &line.data;
        if !matches!(line.kind.as_str(), "body.genesis" | "device.enrol") && !self.acts(&line.device) {
            return Err(format!("{} by {:.8}, who may not act, is in the record", line.kind, line.device));
        }
        let member = text(&data["member"]);
        match line.kind.as_str() {
            "body.genesis" => {
                self.devices.insert(line.device.clone(), (None, Standing::Active));
            }
            "member.add" => {
                let votes = data["offices"].as_array().is_some_and(|all| all.contains(&"member".into()));
                let order = data["order"].as_u64().unwrap_or_default();
                self.members.insert(member, Office { order, votes, in_office: true });
            }
            "member.retire" => {
                self.members.get_mut(&member).ok_or("a stranger is retired")?.in_office = false;
            }
            "invitation.issue" => {
                self.invitations.insert(line.id.clone(), member);
            }
            "device.enrol" => {
                let used = self.invitations.remove(&text(&data["invitation"]));
                let member = used.ok_or("an invitation is used twice")?;
                let first = !self.devices.values().any(|(of, _)| of.as_ref() == Some(&member));
                let standing = if first { Standing::Active } else { Standing::Pending };
                self.devices.insert(line.device.clone(), (Some(member.clone()), standing));
                if !data["recovery"].is_null() {
                    // The printed code acts for its member too.
                    let code = device_id(&data["recovery"]);
                    self.printed.insert(line.device.clone(), code.clone());
                    self.devices.insert(code, (Some(member), Standing::Active));
                }
            }
            "device.confirm" => self.stand(data, Standing::Active)?,
            "device.revoke" => self.stand(data, Standing::Revoked)?,
            "item.set" => {
                self.items.insert(text(&data["item"]), text(&data["meeting"]));
            }
            "meeting.publish" => {
                let meeting = text(&data["meeting"]);
                let version = self.versions.entry(meeting.clone()).or_default();
                *version += 1;
                if data["version"].as_u64() != Some(*version) {
                    return Err("a version of a meeting is left out or comes twice".into());
                }
                let places = data["agenda"].as_array().cloned().unwrap_or_default();
                let places = places.iter().map(|place| (text(&place["item"]), place["papers"].clone()));
                self.agendas.insert(meeting, places.collect());
            }
            "poll.open" => {
                let poll = Poll { item: text(&data["item"]), ..Poll::default() };
                self.polls.insert(line.id.clone(), poll);
            }
            "poll.close" => {
                let members = self.voters();
                let id = text(&data["poll"]);
                let revs = self.revs(&self.polls.get(&id).ok_or("no such poll")?.item);
                let poll = self.polls.get_mut(&id).expect("just found");
                if poll.close.replace((members, revs)).is_some() {
                    return Err("a poll is closed twice".into());
                }
            }
            "ballot.cast" => self.ballot(line)?,
            _ => {}
        }
        Ok(())
    }

    pub fn acts(&self, device: &str) -> bool {
        self.devices.get(device).is_some_and(|(member, standing)| {
            let in_office = |id: &String| self.members.get(id).is_some_and(|member| member.in_office);
            *standing == Standing::Active && member.as_ref().is_none_or(in_office)
        })
    }

    fn stand(&mut self, data: &Value, standing: Standing) -> Result<(), String> {
        self.devices.get_mut(&text(&data["device"])).ok_or("no such device")?.1 = standing;
        Ok(())
    }

    fn voters(&self) -> Vec<String> {
        let mut voters: Vec<_> = self.members.iter().filter(|(_, m)| m.votes && m.in_office).collect();
        voters.sort_by_key(|(id, member)| (member.order, id.to_string()));
        voters.into_iter().map(|(id, _)| id.clone()).collect()
    }

    fn revs(&self, item: &str) -> Value {
        let agenda = self.items.get(item).and_then(|meeting| self.agendas.get(meeting));
        let place = agenda.and_then(|places| places.iter().find(|(id, _)| id == item));
        place.map_or(Value::Array(Vec::new()), |(_, revs)| revs.clone())
    }

    fn ballot(&mut self, line: &Line) -> Result<(), String> {
        let member = self.devices[&line.device].0.clone().ok_or("a registrar votes")?;
        let votes = self.members.get(&member).is_some_and(|member| member.votes);
        let poll = self.polls.get_mut(&text(&line.data["poll"])).ok_or("a ballot of no poll")?;
        let standing = poll.standing(&member).map(|ballot| ballot.id.clone());
        let came = match () {
            () if !votes => Came::Ineligible,
            () if poll.close.is_some() => Came::Late,
            () if standing.as_deref() != line.data["replaces"].as_str() => Came::Superseded,
            () => Came::InPlace,
        };
        let basis = text(&line.data["basis"]);
        poll.ballots.push(Ballot { id: line.id.clone(), member, basis, came });
        Ok(())
    }

    /// What becomes of a ballot in this poll, in the words of the screen.
    pub fn fate(&self, poll: &str, ballot: &str) -> Option<&'static str> {
        let poll = self.polls.get(poll)?;
        let ballot = poll.ballots.iter().find(|known| known.id == ballot)?;
        let stands = poll.standing(&ballot.member).is_some_and(|standing| standing.id == ballot.id);
        let (voters, revs) = poll.close.clone().unwrap_or_else(|| (self.voters(), self.revs(&poll.item)));
        Some(match ballot.came {
            Came::Late => "late",
            Came::Ineligible => "ineligible",
            Came::Superseded => "superseded",
            Came::InPlace if !stands => "superseded",
            Came::InPlace if !voters.contains(&ballot.member) => "ineligible",
            Came::InPlace if ballot.basis != basis(&revs) => "stale",
            Came::InPlace if poll.close.is_none() => "recorded",
            Came::InPlace => "counted",
        })
    }

    /// Ballots that count in a closed poll, and how many members might have voted.
    pub fn counted(&self, id: &str) -> Option<(Vec<String>, usize)> {
        let poll = self.polls.get(id)?;
        let (voters, _) = poll.close.as_ref()?;
        let ids = poll.ballots.iter().map(|ballot| &ballot.id);
        Some((ids.filter(|ballot| self.fate(id, ballot) == Some("counted")).cloned().collect(), voters.len()))
    }

    /// Whose ballot it is, while its poll is open.
    pub fn secret_of(&self, ballot: &str) -> Option<&str> {
        let open = self.polls.values().filter(|poll| poll.close.is_none());
        open.flat_map(|poll| &poll.ballots).find(|known| known.id == ballot).map(|b| b.member.as_str())
    }
}

impl Poll {
    pub fn is_open(&self) -> bool {
        self.close.is_none()
    }

    fn standing(&self, member: &str) -> Option<&Ballot> {
        self.ballots.iter().rev().find(|ballot| ballot.member == member && ballot.came == Came::InPlace)
    }
}

/// A text written to a note, or its removal.
#[derive(Clone)]
pub struct NoteWrite {
    pub machine: usize,
    pub object: String,
    pub text: Option<String>,
    /// Texts that the writer had before him.
    pub over: Vec<String>,
    /// Whether he was told that it is kept.
    pub sure: bool,
}

/// What was promised to people, and what is in the record.
#[derive(Clone, Default)]
pub struct Model {
    pub lines: Vec<Arc<Line>>,
    pub leaves: Vec<Arc<Vec<u8>>>,
    pub truth: Arc<Truth>,
    /// After each entry.
    truths: Vec<Arc<Truth>>,
    pub notes: Vec<NoteWrite>,
    /// Acts that a machine said are kept.
    pub acts: BTreeMap<usize, BTreeSet<String>>,
    /// How far each act was shown to have come: by machine and statement.
    shown: BTreeMap<(usize, String), u8>,
    /// Positions of statements.
    pub places: BTreeMap<String, usize>,
    roots: BTreeMap<u64, String>,
    tree: ecabinet_record::Tree,
    /// What each ballot says.
    pub choices: BTreeMap<String, String>,
}

impl Model {
    /// The record grows, and only that.
    pub fn grow(&mut self, leaf: Vec<u8>) -> Result<(), String> {
        let line = Line::read(&leaf);
        Arc::make_mut(&mut self.truth).take(&line)?;
        if self.places.insert(line.id.clone(), self.lines.len()).is_some() {
            return Err(format!("statement {:.8} is in the record twice", line.id));
        }
        self.lines.push(Arc::new(line));
        self.truths.push(self.truth.clone());
        self.tree.push(ecabinet_record::leaf::hash(&leaf));
        self.leaves.push(Arc::new(leaf));
        Ok(())
    }

    /// The root of the first entries, in hex; none if there are not so many.
    pub fn root(&self, size: usize) -> Option<String> {
        self.tree.root_at(size as u64).map(|root| root.to_string())
    }

    /// The device that confirmed another.
    pub fn confirmed_by(&self, device: &str) -> Option<&str> {
        let confirms = |line: &&Arc<Line>| line.kind == "device.confirm" && line.data["device"] == device;
        self.lines.iter().find(confirms).map(|line| line.device.as_str())
    }

    /// The truth after so many entries.
    pub fn at(&self, size: usize) -> Arc<Truth> {
        size.checked_sub(1).map(|last| self.truths[last].clone()).unwrap_or_default()
    }

    /// A checkpoint that the server signed: one root for one size, and nothing beyond the durable record.
    pub fn note_checkpoint(&mut self, note: &str) -> Result<(), String> {
        let mut lines = note.lines().skip(1);
        let (Some(size), Some(root)) = (lines.next(), lines.next()) else {
            return Err("no checkpoint".into());
        };
        let size: u64 = size.parse().map_err(|_| "no size")?;
        if size as usize > self.lines.len() {
            return Err(format!("a checkpoint of {size} for a durable record of {}", self.lines.len()));
        }
        match self.roots.insert(size, root.to_owned()) {
            Some(former) if former != root => Err(format!("two roots for size {size}")),
            _ => Ok(()),
        }
    }

    /// An act as a screen shows it, on a device that has the record up to `size`.
    pub fn check_act(
        &mut self,
        machine: usize,
        act: &Shown,
        size: usize,
        truth: &Truth,
    ) -> Result<(), String> {
        let id = &act.id;
        let place = self.places.get(id).copied();
        let rank = match act.state.as_str() {
            "saved" | "refused" => 0,
            "received" => 1,
            _ => 2,
        };
        let before = self.shown.insert((machine, id.clone()), rank).unwrap_or(0);
        if before == 2 && rank < 2 {
            return Err(format!("{} {id:.8} was recorded and is shown as {}", act.kind, act.state));
        }
        match (rank, place) {
            (0, _) => return Ok(()),
            (_, None) => {
                return Err(format!(
                    "{} {id:.8} is shown as {} and is not in the record",
                    act.kind, act.state
                ));
            }
            (2, Some(place)) if place >= size => {
                return Err(format!(
                    "{} {id:.8} is shown as {} before its entry is here",
                    act.kind, act.state
                ));
            }
            _ => {}
        }
        let fate = act.poll.as_ref().and_then(|poll| truth.fate(poll, id)).unwrap_or("recorded");
        if rank == 2 && act.state != fate {
            return Err(format!("ballot {id:.8} is shown as {} and is {fate}", act.state));
        }
        Ok(())
    }

    /// Texts that a member's devices must show, and those that they may not, once all of these machines have met.
    pub fn texts(&self, machines: &[usize]) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let his = |write: &&NoteWrite| machines.contains(&write.machine);
        let over = |text: &str| self.notes.iter().any(|write| write.over.iter().any(|over| over == text));
        let must = self.notes.iter().filter(his).filter(|write| write.sure).filter_map(|w| w.text.as_deref());
        let rewritten = self.notes.iter().filter(his).filter(|write| write.sure && write.text.is_some());
        (
            must.filter(|text| !over(text)).collect(),
            rewritten.flat_map(|w| &w.over).map(String::as_str).collect(),
        )
    }
}

/// An act as a screen shows it.
pub struct Shown {
    pub id: String,
    pub kind: &'static str,
    pub state: String,
    /// Of a ballot.
    pub poll: Option<String>,
}
