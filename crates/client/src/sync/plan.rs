//! What to fetch, and in which order: pure.

use ecabinet_domain::{MeetingId, PaperId, Rev};
use ecabinet_protocol::content::{ChunkName, ChunkRef};
use std::collections::HashSet;

/// Bytes of chunks asked for at a time.
const BYTES: u64 = 4 << 20;
/// Chunks asked for at a time.
const CHUNKS: usize = 4096;

/// A paper of a published meeting, as far as this device has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub meeting: MeetingId,
    /// ms since 1970.
    pub starts: u64,
    pub rev: Rev,
    /// Chunks that are not here.
    pub missing: Vec<ChunkRef>,
    pub size: u64,
}

/// A request to make: chunks of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub rev: Rev,
    pub chunks: Vec<ChunkRef>,
}

/// What is still to be asked for. Nothing is asked for twice: what did not come, a restored server may lack until
/// another device has handed it back.
#[derive(Default)]
pub struct Plan {
    papers: Vec<Paper>,
    asked: HashSet<ChunkName>,
}

impl Plan {
    /// Goes on with what is missing now.
    pub fn renew(&mut self, papers: Vec<Paper>) {
        self.papers = papers;
    }

    /// The next request: for the paper that he opens first, then for the next meeting, then later ones, then past ones from
    /// the newest; in agenda order within a meeting.
    pub fn next(&mut self, now: u64, first: Option<PaperId>) -> Option<Need> {
        loop {
            let left = self.papers.iter_mut().filter(|paper| !paper.missing.is_empty());
            let paper = left.min_by_key(|paper| rank(paper, now, first))?;
            let (mut chunks, mut bytes, mut seen) = (Vec::new(), 0, 0);
            for chunk in &paper.missing {
                let new = !self.asked.contains(&chunk.name);
                bytes += if new { u64::from(chunk.size) } else { 0 };
                if new && !chunks.is_empty() && (bytes > BYTES || chunks.len() == CHUNKS) {
                    break;
                }
                seen += 1;
                if self.asked.insert(chunk.name) {
                    chunks.push(*chunk);
                }
            }
            paper.missing.drain(..seen);
            if !chunks.is_empty() {
                return Some(Need { rev: paper.rev, chunks });
            }
        }
    }
}

/// The least comes first.
fn rank(paper: &Paper, now: u64, first: Option<PaperId>) -> (bool, bool, u64) {
    // A meeting is not past while it may still be running.
    const DAY: u64 = 24 * 60 * 60 * 1000;
    let past = paper.starts.saturating_add(DAY) < now;
    let distance = if past { u64::MAX - paper.starts } else { paper.starts };
    (first != Some(paper.rev.paper), past, distance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecabinet_domain::{Hash, RevId};

    const DAY: u64 = 24 * 60 * 60 * 1000;
    const NOW: u64 = 100 * DAY;

    fn paper(id: u8, starts: u64, chunks: &[u8]) -> Paper {
        let missing: Vec<_> =
            chunks.iter().map(|n| ChunkRef { name: Hash([*n; 32]), size: 1 << 20 }).collect();
        let rev = Rev { paper: PaperId([id; 16]), rev: RevId([id; 16]) };
        Paper { meeting: MeetingId([id; 16]), starts, rev, size: missing.len() as u64 * (1 << 20), missing }
    }

    fn plan(papers: &[Paper]) -> Plan {
        let mut plan = Plan::default();
        plan.renew(papers.to_vec());
        plan
    }

    /// Papers and chunks of the requests to come.
    fn rest(plan: &mut Plan, first: Option<u8>) -> Vec<(u8, Vec<u8>)> {
        let next = || plan.next(NOW, first.map(|id| PaperId([id; 16])));
        let told =
            |need: Need| (need.rev.paper.0[0], need.chunks.iter().map(|chunk| chunk.name.0[0]).collect());
        std::iter::from_fn(next).map(told).collect()
    }

    #[test]
    fn the_opened_paper_jumps_the_queue_and_the_next_meeting_comes_first() {
        let papers = [
            paper(1, 90 * DAY, &[1]),
            paper(2, 120 * DAY, &[2]),
            paper(3, 101 * DAY, &[3, 4]),
            paper(4, 95 * DAY, &[5]),
            paper(5, 101 * DAY, &[4, 6]),
            paper(6, 101 * DAY, &[]),
        ];
        let ids = |first| -> Vec<u8> { rest(&mut plan(&papers), first).iter().map(|(id, _)| *id).collect() };
        assert_eq!(ids(None), [3, 5, 2, 4, 1]);
        assert_eq!(ids(Some(1)), [1, 3, 5, 2, 4]);
        assert_eq!(rest(&mut plan(&papers), None)[1].1, [6], "shared chunk once");
    }

    #[test]
    fn a_long_paper_is_asked_for_in_parts_and_one_that_is_opened_meanwhile_comes_between() {
        let mut plan = plan(&[paper(1, 101 * DAY, &[1, 2, 3, 4, 5, 6, 1]), paper(2, 102 * DAY, &[7])]);
        let first = plan.next(NOW, None).expect("a request");
        assert_eq!(first.chunks.len(), 4, "as much as fits");
        assert_eq!(rest(&mut plan, Some(2)), [(2, vec![7]), (1, vec![5, 6])]);
    }

    #[test]
    fn what_the_record_brings_meanwhile_is_asked_for_and_nothing_twice() {
        let mut plan = plan(&[paper(1, 101 * DAY, &[1, 2])]);
        assert!(plan.next(NOW, None).is_some());
        assert_eq!(plan.next(NOW, None), None);
        plan.renew(vec![paper(1, 101 * DAY, &[1, 2]), paper(2, 101 * DAY, &[2, 3])]);
        assert_eq!(rest(&mut plan, None), [(2, vec![3])]);
    }
}
