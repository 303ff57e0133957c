//! What to fetch, and in which order: pure.

use ecabinet_domain::{MeetingId, Rev};
use ecabinet_protocol::content::ChunkRef;

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

/// The paper that he opens first, then the next meeting, then later ones, then past ones from the newest; in agenda
/// order within a meeting. A chunk that two papers share is asked for once.
pub fn order(papers: &[Paper], now: u64, first: Option<ecabinet_domain::PaperId>) -> Vec<Need> {
    // A meeting is not past while it may still be running.
    const DAY: u64 = 24 * 60 * 60 * 1000;
    let rank = |paper: &Paper| {
        let past = paper.starts + DAY < now;
        let distance = if past { u64::MAX - paper.starts } else { paper.starts };
        (first != Some(paper.rev.paper), past, distance)
    };
    let mut sorted: Vec<&Paper> = papers.iter().filter(|paper| !paper.missing.is_empty()).collect();
    sorted.sort_by_key(|paper| rank(paper));
    let mut asked = std::collections::HashSet::new();
    let needs = sorted.into_iter().map(|paper| Need {
        rev: paper.rev,
        chunks: paper.missing.iter().filter(|chunk| asked.insert(chunk.name)).copied().collect(),
    });
    needs.filter(|need| !need.chunks.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecabinet_domain::{Hash, PaperId, RevId};

    fn paper(id: u8, starts: u64, chunks: &[u8]) -> Paper {
        let missing: Vec<_> = chunks.iter().map(|n| ChunkRef { name: Hash([*n; 32]), size: 10 }).collect();
        let rev = Rev { paper: PaperId([id; 16]), rev: RevId([id; 16]) };
        Paper { meeting: MeetingId([id; 16]), starts, rev, size: 10 * missing.len() as u64, missing }
    }

    #[test]
    fn the_opened_paper_jumps_the_queue_and_the_next_meeting_comes_first() {
        let day = 24 * 60 * 60 * 1000;
        let now = 100 * day;
        let papers = [
            paper(1, 90 * day, &[1]),
            paper(2, 120 * day, &[2]),
            paper(3, 101 * day, &[3, 4]),
            paper(4, 95 * day, &[5]),
            paper(5, 101 * day, &[4, 6]),
            paper(6, 101 * day, &[]),
        ];
        let ids = |first| -> Vec<u8> {
            order(&papers, now, first).iter().map(|need| need.rev.paper.0[0]).collect()
        };
        assert_eq!(ids(None), [3, 5, 2, 4, 1]);
        assert_eq!(ids(Some(PaperId([1; 16]))), [1, 3, 5, 2, 4]);
        let shared = &order(&papers, now, None)[1];
        assert_eq!(shared.chunks.iter().map(|c| c.name.0[0]).collect::<Vec<_>>(), [6], "shared chunk once");
    }
}
