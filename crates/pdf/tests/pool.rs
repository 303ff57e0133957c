//! Many papers at once.

mod common;

use common::{endless, program, source};
use ecabinet_pdf::{Format, Pool, Render, Rotation};
use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

fn page(page: u32) -> Render {
    Render { page, width: 500, rotation: Rotation::None, format: Format::Webp }
}

#[test]
fn two_papers_are_drawn_at_once_by_two_processes() {
    let pool = Pool::new(program(), 4);
    let papers = ["a", "b"].map(|key| pool.open(key, source("paper.pdf")).unwrap());
    assert_ne!(papers[0].process(), papers[1].process());
    let expected: Vec<_> = (0..3).map(|n| papers[0].render(page(n)).unwrap()).collect();
    thread::scope(|scope| {
        for paper in papers.iter().chain(&papers) {
            scope.spawn(|| {
                for n in (0..3).cycle().take(12) {
                    assert_eq!(paper.render(page(n)).unwrap(), expected[n as usize]);
                }
            });
        }
    });
    assert_eq!(pool.len(), 2);
}

#[test]
fn a_paper_that_much_is_asked_of_has_helpers_until_others_are_turned_to() {
    let pool = Pool::new(program(), 4);
    let paper = pool.open("a", source("paper.pdf")).unwrap();
    let expected: Vec<_> = (0..3).map(|n| paper.render(page(n)).unwrap()).collect();
    let before = children();
    // So many at once that one cannot have done with all before the next begins.
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for n in (0..3).cycle().take(12) {
                    assert_eq!(paper.render(page(n)).unwrap(), expected[n as usize]);
                }
            });
        }
    });
    let cores = thread::available_parallelism().unwrap().get();
    let helpers = children() - before;
    assert!(helpers < cores, "one for each core at most: {helpers} more");
    assert!(cores == 1 || helpers > 0, "somebody helped");
    pool.open("b", source("paper.pdf")).unwrap();
    assert_eq!(children(), before + helpers + 1, "both may lie side by side");
    pool.open("c", source("paper.pdf")).unwrap();
    assert_eq!(children(), before + 2, "one for each paper");
}

#[test]
fn helpers_with_nothing_to_do_go_after_a_while_and_come_again() {
    let pool = Pool::new(program(), 4);
    let paper = pool.open("a", source("paper.pdf")).unwrap();
    let busy = || {
        thread::scope(|scope| {
            for n in 0..8 {
                let paper = &paper;
                scope.spawn(move || (0..12).for_each(|_| drop(paper.render(page(n % 3)).unwrap())));
            }
        });
    };
    busy();
    let until = Instant::now() + Duration::from_secs(30);
    while children() > 1 {
        assert!(Instant::now() < until, "{} are still here", children());
        thread::sleep(Duration::from_millis(100));
    }
    assert!(paper.process().is_some(), "the paper stays open");
    busy();
    assert_eq!(children() > 1, thread::available_parallelism().unwrap().get() > 1);
}

#[test]
fn a_process_that_waits_for_a_paper_is_given_the_next_one() {
    let pool = Pool::new(program(), 4);
    pool.get_ready();
    let until = Instant::now() + Duration::from_secs(30);
    while children() == 0 {
        assert!(Instant::now() < until);
        thread::sleep(Duration::from_millis(10));
    }
    let paper = pool.open("a", source("paper.pdf")).unwrap();
    assert_eq!(children(), 1, "no other was started");
    assert!(paper.render(page(0)).is_ok());
    pool.get_ready();
    pool.clear();
    // One that ended while it waited is not used.
    pool.get_ready();
    thread::sleep(Duration::from_secs(1));
    let list = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    for id in list.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok()) {
        for id in id.split_whitespace() {
            std::process::Command::new("kill").args(["-9", id]).status().unwrap();
        }
    }
    thread::sleep(Duration::from_millis(200));
    assert!(pool.open("b", source("paper.pdf")).unwrap().render(page(0)).is_ok());
}

#[test]
fn whoever_waits_for_a_paper_without_end_is_told_at_once_when_all_are_ended() {
    let pool = Pool::new(program(), 4);
    let begun = Instant::now();
    thread::scope(|scope| {
        // It looks for words on the first page, and has not found any when it is ended.
        let waiting = scope.spawn(|| pool.open("endless", Arc::new(endless())).map(|_| ()));
        thread::sleep(Duration::from_millis(500));
        assert!(!waiting.is_finished());
        pool.clear();
        assert_eq!(waiting.join().unwrap().unwrap_err().code(), "pdf.crashed");
    });
    assert!(begun.elapsed() < program().deadline / 2, "not at the deadline, and not tried again");
    assert!(pool.is_empty());
    // The next one finds a place of its own.
    assert!(pool.open("a", source("paper.pdf")).unwrap().render(page(0)).is_ok());
}

/// Processes that this one has started and that have not ended.
fn children() -> usize {
    let own = format!("/proc/self/task/{}/children", std::process::id());
    let all = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let lists = all.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    assert!(std::path::Path::new(&own).exists(), "the kernel tells them");
    lists.map(|list| list.split_whitespace().count()).sum()
}

#[test]
fn keeps_the_papers_used_last() {
    let pool = Pool::new(program(), 2);
    let papers = ["a", "b", "c"].map(|key| pool.open(key, source("paper.pdf")).unwrap());
    assert_eq!(pool.len(), 2);
    let processes: HashSet<_> = papers[1..].iter().map(|p| p.process().unwrap()).collect();
    assert_eq!(processes.len(), 2);
    // The first one was given up; it opens again when it is wanted, and the oldest makes room.
    assert_eq!(papers[0].process(), None);
    assert!(papers[0].render(page(0)).is_ok());
    assert!(papers[0].process().is_some());
    assert_eq!((pool.len(), papers[1].process()), (2, None));
    let again = pool.open("a", source("paper.pdf")).unwrap();
    assert_eq!(again.process(), papers[0].process());
}

#[test]
fn closing_ends_the_process() {
    let pool = Pool::new(program(), 2);
    let paper = pool.open("a", source("paper.pdf")).unwrap();
    let process = paper.process().unwrap();
    pool.close("a");
    assert!(!std::path::Path::new(&format!("/proc/{process}/stat")).exists());
    assert!(pool.is_empty());
}

#[test]
fn searches_a_whole_paper() {
    let pool = Pool::new(program(), 2);
    let paper = pool.open("a", source("paper.pdf")).unwrap();
    assert_eq!(paper.search("nghi quyet", 100).unwrap().len(), 3);
    assert_eq!(paper.search("nghi quyet", 2).unwrap().len(), 2);
}
