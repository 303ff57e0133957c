//! One poll: what was asked, by which rule, the counts, and the result on both bases.

use super::{Lang, plain};
use crate::poll::QuestionWords;
use crate::{About, ByQuestion, Counts, PollReport};
use ecabinet_domain::{Base, Choice, Rule};
use ecabinet_record::Zone;
use std::fmt::Write;

pub(super) fn write(out: &mut String, number: usize, poll: &PollReport, zone: Zone, lang: Lang) {
    let words = &poll.words;
    let of_form = matches!(poll.answers, ByQuestion::Form { .. });
    let (vi, en) = match (&poll.about, of_form) {
        (_, true) => ("Phiếu lấy ý kiến", "Opinion form"),
        (About::Block { .. }, _) => ("Biểu quyết gộp", "Block vote"),
        _ => ("Biểu quyết", "Poll"),
    };
    let _ = writeln!(out, "{} {number}", lang.say(vi, en));
    let mut lines = Lines { out, lang, indent: "  " };
    let text = |text: &Option<String>| text.as_deref().map(plain::clean);
    lines.put("Số", "Number", text(&words.number));
    lines.put("Về việc", "Subject", text(&words.subject));
    lines.put("Phiên họp", "Meeting", text(&words.meeting).filter(|_| !of_form));
    lines.put("Nội dung", "Item", text(&words.item));
    if let About::Block { items, pulled } = &poll.about {
        let decided = (items.len() - pulled.len()).to_string();
        lines.put("Số nội dung được biểu quyết", "Items decided", Some(decided));
        let pulled = (!pulled.is_empty()).then(|| pulled.len().to_string());
        lines.put("Số nội dung được tách ra", "Items pulled out", pulled);
    }
    if !of_form {
        lines.put("Câu hỏi", "Question", text(&words.questions[0].text));
    }
    lines.put("Căn cứ pháp lý", "Legal basis", text(&words.basis));
    lines.put("Mã biểu quyết", "Poll id", Some(poll.poll.to_string()));
    lines.put("Kết thúc", "Closed", words.closed_at.map(|at| plain::time(at, zone, lang)));
    for (at, (counts, question)) in poll.answers.all().iter().zip(&words.questions).enumerate() {
        if of_form {
            let asked = text(&question.text).unwrap_or_default();
            let _ = writeln!(lines.out, "  {} {}: {asked}", lang.say("Câu hỏi", "Question"), at + 1);
            lines.indent = "    ";
        }
        lines.question(counts, question, poll, of_form);
    }
    lines.indent = "  ";
    lines.put("Kết quả công bố", "Claimed result", Some(claim(poll, lang).to_owned()));
    out.push('\n');
}

struct Lines<'a> {
    out: &'a mut String,
    lang: Lang,
    indent: &'static str,
}

impl Lines<'_> {
    fn put(&mut self, vi: &str, en: &str, value: Option<String>) {
        if let Some(value) = value {
            let _ = writeln!(self.out, "{}{}: {value}", self.indent, self.lang.say(vi, en));
        }
    }

    fn number(&mut self, vi: &str, en: &str, value: Option<u64>) {
        self.put(vi, en, value.map(|value| value.to_string()));
    }

    fn question(&mut self, counts: &Counts, words: &QuestionWords, poll: &PollReport, of_form: bool) {
        let (lang, rule) = (self.lang, &words.rule);
        self.number("Thành viên có quyền biểu quyết", "Members with a vote", counts.n);
        let (vi, en) = if of_form { ("Đã trả lời", "Answered") } else { ("Có mặt", "Present") };
        self.put(vi, en, present(counts, lang));
        self.put("Tỷ lệ thông qua", "To pass", Some(pass(counts, rule, lang)));
        for choice in rule.choices.iter().filter(|choice| **choice != Choice::Option) {
            if let Some(count) = count(counts, *choice) {
                let label = words.label(*choice, lang).map(|label| plain::clean(&label));
                let label = label.unwrap_or_else(|| usual(*choice, lang).to_owned());
                self.put(&label, &label, Some(count.to_string()));
            }
        }
        for (at, count) in counts.options.iter().flatten().enumerate() {
            let option = format!("{} {}", lang.say("Phương án", "Option"), at + 1);
            let label = words.options.get(at).map(|text| format!("{option} ({})", plain::clean(text)));
            let label = label.unwrap_or(option);
            self.put(&label, &label, Some(count.to_string()));
        }
        self.number("Không gửi phiếu hợp lệ", "No valid ballot", counts.silent);
        self.number("Trong đó đếm bằng giơ tay", "Of these counted by a show of hands", counts.hands);
        self.number(
            "Trong đó theo ý kiến trước phiên họp",
            "Of these by position stated before",
            counts.positions,
        );
        let favour = counts.favour.or(counts.yes).filter(|_| rule.options.is_none());
        if let (Some(n), Some(favour), Some(silent)) = (counts.n, favour, counts.silent) {
            let share = |of| Some(plain::share(favour, of, lang));
            self.put("Tán thành trên tổng số thành viên", "In favour, of all members", share(n));
            // Silence in favour is no ballot.
            if !rule.silent {
                self.put("Tán thành trên số đã bỏ phiếu", "In favour, of ballots cast", share(n - silent));
            }
        }
        let tie = counts.tie_by.as_ref().map(|office| match (lang, office.as_str()) {
            (Lang::Vi, "chair") => "Chủ trì".to_owned(),
            _ => office.clone(),
        });
        self.put("Số phiếu ngang nhau, theo phiếu của", "On equal votes, decided by the ballot of", tie);
        let adopted = counts.adopted.as_ref().filter(|adopted| !adopted.is_empty());
        let adopted = adopted
            .map(|adopted| adopted.iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", "));
        self.put("Phương án được thông qua", "Options that pass", adopted);
        self.put("Kết quả", "Result", Some(result(counts, poll, lang)));
    }
}

fn present(counts: &Counts, lang: Lang) -> Option<String> {
    let (present, needed) = (counts.present?, counts.quorum_needed?);
    Some(match needed {
        0 => format!("{present} ({})", lang.say("không quy định số tối thiểu", "no quorum asked for")),
        _ => format!("{present} ({} {needed})", lang.say("cần ít nhất", "quorum")),
    })
}

fn pass(counts: &Counts, rule: &Rule, lang: Lang) -> String {
    let pass = rule.pass;
    let base = match pass.base {
        Base::Members => lang.say("tổng số thành viên", "all members"),
        Base::Present => lang.say("số thành viên có mặt", "the members present"),
        Base::Cast => lang.say("số phiếu đã bỏ", "the ballots cast"),
    };
    let share = if pass.num == pass.den { String::new() } else { format!("{}/{} ", pass.num, pass.den) };
    let more = if pass.strict { lang.say("quá", "more than") } else { lang.say("ít nhất", "at least") };
    let needed = counts.pass_needed.map(|needed| match lang {
        Lang::Vi => format!(", tức {needed} phiếu"),
        Lang::En => format!(", that is {needed}"),
    });
    let needed = needed.unwrap_or_default();
    let mut said = match lang {
        Lang::Vi => format!("{more} {share}{base}{needed}"),
        Lang::En if share.is_empty() => format!("{more} {base}{needed}"),
        Lang::En => format!("{more} {share}of {base}{needed}"),
    };
    if rule.silent {
        said += lang.say("; không trả lời được tính là tán thành", "; silence counts in favour");
    }
    if rule.objection {
        said +=
            lang.say("; một phiếu không tán thành là không thông qua", "; a single vote against fails it");
    }
    said
}

fn count(counts: &Counts, choice: Choice) -> Option<u64> {
    match choice {
        Choice::Yes => counts.yes,
        Choice::No => counts.no,
        Choice::Abstain => counts.abstain,
        Choice::Other => counts.other,
        Choice::Option => None,
        Choice::Alternative => counts.alternative,
    }
}

/// Where the poll's own labels are not known.
fn usual(choice: Choice, lang: Lang) -> &'static str {
    match choice {
        Choice::Yes => lang.say("Tán thành", "In favour"),
        Choice::No => lang.say("Không tán thành", "Against"),
        Choice::Abstain => lang.say("Không biểu quyết", "Abstained"),
        Choice::Other => lang.say("Ý kiến khác", "Other opinion"),
        Choice::Option => lang.say("Phương án", "Option"),
        Choice::Alternative => lang.say("Phương án khác", "Another option"),
    }
}

fn result(counts: &Counts, poll: &PollReport, lang: Lang) -> String {
    let (vi, en) = match counts.result {
        "passed" => ("THÔNG QUA", "PASSED"),
        "failed" => ("KHÔNG THÔNG QUA", "NOT PASSED"),
        "inquorate" => ("KHÔNG ĐỦ SỐ NGƯỜI DỰ, chưa quyết định", "NO QUORUM, nothing decided"),
        "open" => ("chưa kết thúc", "still open"),
        "recalled" => ("đã thu hồi, không có kết quả", "recalled, no result"),
        _ => {
            let (count, entries) =
                (poll.needs.len(), lang.say("phiếu không có trong bản xuất", "ballots not in the export"));
            return format!(
                "{} ({count} {entries})",
                lang.say("không kiểm chứng được ở đây", "unverifiable here")
            );
        }
    };
    lang.say(vi, en).to_owned()
}

fn claim(poll: &PollReport, lang: Lang) -> &'static str {
    match (&poll.claimed, poll.agrees) {
        (None, _) => lang.say("không có", "none"),
        (Some(_), Some(true)) => lang.say("đúng như tính lại", "as computed"),
        (Some(_), Some(false)) => lang.say("KHÁC với kết quả tính lại", "DIFFERS from what was computed"),
        (Some(_), None) => lang.say("không đối chiếu được", "cannot be held against anything"),
    }
}
