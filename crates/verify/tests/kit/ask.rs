//! The story's export as most tests ask about it.

use super::Story;
use ecabinet_record::export::Export;
use ecabinet_verify::{Failure, Question, Report};
use std::sync::OnceLock;

pub(crate) fn of_body(story: &Story) -> Question {
    Question { body: story.log.body, ..Question::default() }
}

pub(crate) fn codes(report: &Report) -> Vec<(Option<u64>, &'static str)> {
    report.failures.iter().map(|Failure { index, code, .. }| (*index, *code)).collect()
}

pub(crate) fn told() -> &'static (Story, Export) {
    static TOLD: OnceLock<(Story, Export)> = OnceLock::new();
    TOLD.get_or_init(|| {
        let story = Story::tell();
        let export = story.export();
        (story, export)
    })
}
