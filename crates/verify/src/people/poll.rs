//! One poll: what was asked, by which rule, the counts, and the result on both bases.

use super::{Lang, plain};
use crate::PollReport;
use ecabinet_domain::{Base, Choice};
use ecabinet_record::Zone;
use std::fmt::Write;

pub(super) fn write(out: &mut String, number: usize, poll: &PollReport, zone: Zone, lang: Lang) {
    let words = &poll.words;
    let _ = writeln!(out, "{} {number}", lang.say("Biểu quyết", "Poll"));
    let mut line = |vi: &str, en: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {}: {value}", lang.say(vi, en));
        }
    };
    let text = |text: &Option<String>| text.as_deref().map(plain::clean);
    line("Phiên họp", "Meeting", text(&words.meeting));
    line("Nội dung", "Item", text(&words.item));
    line("Câu hỏi", "Question", text(&words.question));
    line("Căn cứ pháp lý", "Legal basis", text(&words.basis));
    line("Mã biểu quyết", "Poll id", Some(poll.poll.to_string()));
    line("Kết thúc", "Closed", words.closed_at.map(|at| plain::time(at, zone, lang)));
    line("Thành viên có quyền biểu quyết", "Members with a vote", poll.n.map(|n| n.to_string()));
    line("Có mặt", "Present", present(poll, lang));
    line("Tỷ lệ thông qua", "To pass", Some(pass(poll, lang)));
    for choice in &words.choices {
        if let Some(count) = count(poll, *choice) {
            let label = words.label(*choice, lang).map(|label| plain::clean(&label));
            let label = label.unwrap_or_else(|| usual(*choice, lang).to_owned());
            line(&label, &label, Some(count.to_string()));
        }
    }
    line("Không gửi phiếu hợp lệ", "No valid ballot", poll.silent.map(|silent| silent.to_string()));
    if let (Some(n), Some(yes), Some(silent)) = (poll.n, poll.yes, poll.silent) {
        line(
            "Tán thành trên tổng số thành viên",
            "In favour, of all members",
            Some(plain::share(yes, n, lang)),
        );
        line(
            "Tán thành trên số đã bỏ phiếu",
            "In favour, of ballots cast",
            Some(plain::share(yes, n - silent, lang)),
        );
    }
    let tie = poll.tie_by.as_ref().map(|office| match (lang, office.as_str()) {
        (Lang::Vi, "chair") => "Chủ trì".to_owned(),
        _ => office.clone(),
    });
    line("Số phiếu ngang nhau, theo phiếu của", "On equal votes, decided by the ballot of", tie);
    line("Kết quả", "Result", Some(result(poll, lang)));
    line("Kết quả công bố", "Claimed result", Some(claim(poll, lang).to_owned()));
    out.push('\n');
}

fn present(poll: &PollReport, lang: Lang) -> Option<String> {
    let (present, needed) = (poll.present?, poll.quorum_needed?);
    Some(match needed {
        0 => format!("{present} ({})", lang.say("không quy định số tối thiểu", "no quorum asked for")),
        _ => format!("{present} ({} {needed})", lang.say("cần ít nhất", "quorum")),
    })
}

fn pass(poll: &PollReport, lang: Lang) -> String {
    let pass = poll.words.pass;
    let base = match pass.base {
        Base::Members => lang.say("tổng số thành viên", "all members"),
        Base::Present => lang.say("số thành viên có mặt", "the members present"),
        Base::Cast => lang.say("số phiếu đã bỏ", "the ballots cast"),
    };
    let share = if pass.num == pass.den { String::new() } else { format!("{}/{} ", pass.num, pass.den) };
    let more = if pass.strict { lang.say("quá", "more than") } else { lang.say("ít nhất", "at least") };
    let needed = poll.pass_needed.map(|needed| match lang {
        Lang::Vi => format!(", tức {needed} phiếu"),
        Lang::En => format!(", that is {needed}"),
    });
    let needed = needed.unwrap_or_default();
    match lang {
        Lang::Vi => format!("{more} {share}{base}{needed}"),
        Lang::En if share.is_empty() => format!("{more} {base}{needed}"),
        Lang::En => format!("{more} {share}of {base}{needed}"),
    }
}

fn count(poll: &PollReport, choice: Choice) -> Option<u64> {
    match choice {
        Choice::Yes => poll.yes,
        Choice::No => poll.no,
        Choice::Abstain => poll.abstain,
        Choice::Other => poll.other,
    }
}

/// Where the poll's own labels are not known.
fn usual(choice: Choice, lang: Lang) -> &'static str {
    match choice {
        Choice::Yes => lang.say("Tán thành", "In favour"),
        Choice::No => lang.say("Không tán thành", "Against"),
        Choice::Abstain => lang.say("Không biểu quyết", "Abstained"),
        Choice::Other => lang.say("Ý kiến khác", "Other opinion"),
    }
}

fn result(poll: &PollReport, lang: Lang) -> String {
    let (vi, en) = match poll.result {
        "passed" => ("THÔNG QUA", "PASSED"),
        "failed" => ("KHÔNG THÔNG QUA", "NOT PASSED"),
        "inquorate" => ("KHÔNG ĐỦ SỐ NGƯỜI DỰ, chưa quyết định", "NO QUORUM, nothing decided"),
        "open" => ("chưa kết thúc", "still open"),
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
