//! Exporting the record with what this member may see, for anyone to verify.

use crate::acts::results;
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::{Act, BodyId, Header, ItemId, MeetingId, State, StatementId};
use ecabinet_record::Leaf;
use ecabinet_record::export::Export;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What an export holds.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    pub entries: u64,
    pub root: String,
    /// Payloads that are not in it, and that were not erased.
    pub withheld: u64,
    pub erased: u64,
    #[serde(skip)]
    export: Export,
}

impl Client {
    /// All headers, and the payloads that this device holds: all, or those of one meeting with what tells the names of
    /// body and members.
    pub fn export(&self, body: BodyId, meeting: Option<MeetingId>) -> Result<Exported> {
        self.with(body, |vault, body| {
            let state = body.state()?;
            if meeting.is_some_and(|meeting| !state.meetings.contains_key(&meeting)) {
                return Err(Error::new("meeting.unknown"));
            }
            let checkpoint = body.checkpoint.as_ref().ok_or(Error::new("body.not_here"))?;
            let mut export = Export { checkpoint: checkpoint.note.clone(), ..Export::default() };
            let mut carry = BTreeSet::new();
            let mut scope = Scope { meeting, state, inside: BTreeSet::new() };
            vault.each_leaf(body.row.id, |leaf| {
                let index = export.entries.len() as u64;
                export.entries.push(leaf.to_vec());
                if let Some(header) = header(leaf).filter(|header| header.payload.is_some()) {
                    carry.insert(index);
                    scope.note(index, &header.act);
                }
                Ok(())
            })?;
            for index in vault.payload_indexes(body.row.id)?.intersection(&scope.inside) {
                if let Some(payload) = vault.payload(body.row.id, *index)? {
                    export.payloads.insert(*index, payload);
                }
            }
            export.results = claims(vault, body, &scope);
            let lacks = |index: &&u64| !export.payloads.contains_key(index);
            let (erased, withheld): (Vec<u64>, Vec<u64>) =
                carry.iter().filter(lacks).partition(|index| state.erased.contains_key(index));
            Ok(Exported {
                entries: checkpoint.size,
                root: checkpoint.root.to_string(),
                withheld: withheld.len() as u64,
                erased: erased.len() as u64,
                export,
            })
        })
    }
}

impl Exported {
    /// Writes the folder, which must not exist.
    pub fn write_folder(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(Error::new("export.exists"));
        }
        Ok(self.export.write(to)?)
    }

    /// The folder as a ZIP: nothing is compressed, no times but 1980.
    pub fn zip(&self) -> Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, content) in self.export.files() {
            zip.start_file(name, stored).map_err(std::io::Error::from)?;
            zip.write_all(&content)?;
        }
        Ok(zip.finish().map_err(std::io::Error::from)?.into_inner())
    }
}

/// Which payloads go with a meeting; without one, all.
struct Scope<'a> {
    meeting: Option<MeetingId>,
    state: &'a State,
    /// Positions.
    inside: BTreeSet<u64>,
}

impl Scope<'_> {
    fn note(&mut self, index: u64, act: &Act) {
        if self.takes(act) {
            self.inside.insert(index);
        }
    }

    fn takes(&self, act: &Act) -> bool {
        let Some(meeting) = self.meeting else { return true };
        match act {
            Act::BodyGenesis(_) | Act::MemberAdd(_) => true,
            Act::MeetingPublish(publish) => publish.meeting == meeting,
            Act::AttendanceSet(set) => set.meeting == meeting,
            Act::ItemSet(set) => self.holds_item(set.item),
            Act::PaperPublish(publish) => self.holds_item(publish.item),
            Act::PaperSign(sign) => {
                self.state.papers.get(&sign.paper).is_some_and(|paper| self.holds_item(paper.item))
            }
            Act::PollOpen(open) => self.holds_item(open.item),
            Act::FormSend(form) => self.holds_item(form.item),
            Act::BlockOpen(block) => block.items.iter().any(|item| self.holds_item(*item)),
            Act::PollPull(pull) => self.holds_poll(pull.poll),
            Act::PollExtend(extend) => self.holds_poll(extend.poll),
            Act::PollRecall(recall) => self.holds_poll(recall.poll),
            Act::HandsEnter(hands) => self.holds_poll(hands.poll),
            Act::PositionState(position) => self.holds_item(position.item),
            Act::AttendanceClaim(claim) => claim.meeting == meeting,
            Act::SubstituteAsk(ask) => ask.meeting.is_none_or(|of| of == meeting),
            Act::ConclusionWrite(conclusion) => self.holds_item(conclusion.item),
            Act::ReplyWrite(reply) => self.holds_poll(reply.form),
            Act::BallotCast(ballot) => self.holds_poll(ballot.poll),
            Act::PayloadErase(erase) => self.inside.contains(&erase.entry.get()),
            _ => false,
        }
    }

    fn holds_poll(&self, poll: StatementId) -> bool {
        self.state.polls.get(&poll).is_some_and(|poll| self.holds_item(poll.item()))
    }

    fn holds_item(&self, item: ItemId) -> bool {
        let of = self.state.items.get(&item).map(|item| item.meeting);
        self.meeting.is_none_or(|meeting| of == Some(meeting))
    }
}

/// None above our level.
fn header(leaf: &[u8]) -> Option<Header> {
    Header::parse(&Leaf::parse(leaf)?.envelope.header)
}

/// Results of the closed polls that can be counted here.
fn claims(vault: &Vault, body: &Body, scope: &Scope) -> Vec<u8> {
    let mut polls = Vec::new();
    for id in scope.state.polls.keys().filter(|id| scope.holds_poll(**id)) {
        let Ok(mut tallies) = results(vault, body, *id) else { continue };
        polls.push(match scope.state.polls[id].form() {
            Some(_) => json!({ "poll": id, "tallies": tallies }),
            None => json!({ "poll": id, "tally": tallies.remove(0) }),
        });
    }
    serde_json::to_vec(&json!({ "polls": polls })).expect("plain data")
}
