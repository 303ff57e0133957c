//! The report for people: plain text, in Vietnamese or English.

mod plain;
mod poll;

use crate::{Failure, Report};
use std::fmt::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Vi,
    En,
}

impl Lang {
    pub(crate) fn say<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

/// Writes the report. Texts from the record are cleaned of control characters.
pub fn write(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let title = lang.say("KẾT QUẢ KIỂM CHỨNG SỔ GHI NHẬN", "VERIFICATION OF A RECORD");
    let _ = writeln!(out, "{title}\n{}\n", "=".repeat(title.chars().count()));
    let _ = writeln!(out, "{}\n", verdict(report, lang));
    failures(&mut out, report, lang);
    checked(&mut out, report, lang);
    ballots(&mut out, report, lang);
    for (number, one) in (1..).zip(&report.polls) {
        poll::write(&mut out, number, one, report.zone.unwrap_or_default(), lang);
    }
    payloads(&mut out, report, lang);
    out
}

fn verdict(report: &Report, lang: Lang) -> &'static str {
    match (report.exit_code(), report.identity_checked, lang) {
        (0, _, Lang::Vi) => {
            "Kết luận: ĐÚNG. Sổ ghi nhận nguyên vẹn, đúng chữ ký và thứ tự; mọi kết quả đã được tính lại."
        }
        (0, _, Lang::En) => {
            "Verdict: IT HOLDS. The record is whole, signed and in order; every result was computed anew."
        }
        (1, _, Lang::Vi) => {
            "Kết luận: KHÔNG ĐÚNG. Không nên dựa vào bản xuất này; các lý do được nêu dưới đây."
        }
        (1, _, Lang::En) => "Verdict: IT DOES NOT HOLD. Do not rely on this export; the reasons are below.",
        (_, false, Lang::Vi) => {
            "Kết luận: NHẤT QUÁN, CHƯA XÁC ĐỊNH CƠ QUAN. Nội dung tự khớp với nhau, nhưng chưa đối chiếu với mã của cơ quan."
        }
        (_, false, Lang::En) => {
            "Verdict: SELF-CONSISTENT, IDENTITY NOT CHECKED. The parts agree, but were not held against the body's id."
        }
        (_, true, Lang::Vi) => {
            "Kết luận: CHƯA ĐỦ NHÂN CHỨNG. Sổ ghi nhận nguyên vẹn, nhưng thiếu chữ ký của nhân chứng theo yêu cầu."
        }
        (_, true, Lang::En) => {
            "Verdict: TOO FEW WITNESSES. The record is whole, but witnesses' signatures asked for are missing."
        }
    }
}

fn failures(out: &mut String, report: &Report, lang: Lang) {
    if report.failures.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", lang.say("Những điều không đúng", "What does not hold"));
    for failure in &report.failures {
        let place = match failure.index {
            Some(index) => format!("{} {index}: ", lang.say("mục", "entry")),
            None => String::new(),
        };
        let detail = plain::clean(&failure.detail);
        let _ = writeln!(out, "  - {place}{} [{}: {detail}]", reason(failure, lang), failure.code);
    }
    out.push('\n');
}

/// A failure in a sentence; what replay refuses shares one.
fn reason(failure: &Failure, lang: Lang) -> &'static str {
    let (vi, en) = match failure.code {
        "export.io" | "export.malformed" | "export.unknown_file" => {
            ("bản xuất không đúng khuôn dạng", "the export has not the right form")
        }
        "body.other" if failure.index.is_none() => {
            ("sổ ghi nhận là của cơ quan khác", "the record is of another body")
        }
        "checkpoint.size" | "checkpoint.root" => {
            ("số mục hoặc mã kiểm chứng khác với bản đã ký", "entries or root differ from what was signed")
        }
        "checkpoint.malformed" | "checkpoint.other_body" | "checkpoint.not_signed" => {
            ("chữ ký khoá sổ không đúng", "the signature that closes the record is not right")
        }
        "payload.mismatch" | "payload.unexpected" => {
            ("nội dung kèm theo không khớp với mục đã ký", "a content does not match the signed entry")
        }
        "results.malformed" => {
            ("tệp kết quả không đúng khuôn dạng", "the file of results has not the right form")
        }
        "result.claim" => {
            ("kết quả công bố khác với kết quả tính lại", "the claimed result is not the computed one")
        }
        "anchor.conflict" | "anchor.leaf" | "anchor.path" => {
            ("trái với bản xác nhận giữ ở nơi khác", "it contradicts a proof kept elsewhere")
        }
        "anchor.lost" => (
            "bản xác nhận giữ ở nơi khác thuộc phần sổ đã được công bố là mất",
            "a proof kept elsewhere is of entries that were declared lost",
        ),
        "anchor.beyond" => {
            ("bản xuất thiếu những mục đã từng được ghi nhận", "entries once recorded are missing here")
        }
        "anchor.malformed" | "anchor.other_body" | "anchor.not_signed" => {
            ("bản xác nhận dùng để đối chiếu không hợp lệ", "the proof to compare with is not valid")
        }
        "witness.invalid" => ("chữ ký của nhân chứng không đúng", "a witness's signature is not right"),
        "level.beyond" => {
            ("cần bản phần mềm mới hơn để kiểm chứng tiếp", "a newer program is needed to go on")
        }
        _ => (
            "mục không hợp lệ, máy chủ không được phép ghi nhận",
            "not a valid entry: no server may record it",
        ),
    };
    lang.say(vi, en)
}

fn checked(out: &mut String, report: &Report, lang: Lang) {
    let _ = writeln!(out, "{}", lang.say("Đã kiểm chứng", "What was checked"));
    let mut line = |vi: &str, en: &str, value: String| {
        let _ = writeln!(out, "  {}: {value}", lang.say(vi, en));
    };
    let identity = match report.identity_checked {
        true => lang.say("đã đối chiếu", "held against the id given"),
        false => lang.say("chưa đối chiếu", "not checked"),
    };
    let body = report.body.map_or("-".to_owned(), |body| body.to_string());
    line("Mã cơ quan", "Body", format!("{body} ({identity})"));
    line("Số mục", "Entries", report.entries.to_string());
    line("Mã kiểm chứng", "Root", report.root.map_or("-".to_owned(), |root| root.to_string()));
    let kept = report.anchors.iter().filter(|anchor| anchor.holds).count();
    line("Bản xác nhận giữ ở nơi khác", "Proofs kept elsewhere", fraction(kept, report.anchors.len(), lang));
    let signed = report.witnesses.iter().filter(|witness| witness.holds).count();
    line("Nhân chứng đã ký", "Witnesses who signed", fraction(signed, report.witnesses.len(), lang));
    if report.body.is_some() {
        let told = match report.zone {
            Some(_) => lang.say("múi giờ của cơ quan", "the body's clock"),
            None => lang
                .say("bản xuất không nêu múi giờ của cơ quan", "the export does not tell the body's clock"),
        };
        let zone = report.zone.unwrap_or_default();
        line("Giờ trong báo cáo", "Times in this report", format!("UTC{zone} ({told})"));
    }
    for epoch in &report.epochs {
        let lost =
            lang.say("đã công bố mất những mục sau bản sao lưu, đến", "entries were declared lost, up to");
        line("Mục", "Entry", format!("{}: {lost} {} ({})", epoch.index, epoch.size, epoch.root));
    }
    out.push('\n');
}

fn fraction(some: usize, all: usize, lang: Lang) -> String {
    if all == 0 {
        lang.say("không yêu cầu", "none asked for").to_owned()
    } else {
        format!("{some}/{all}")
    }
}

fn ballots(out: &mut String, report: &Report, lang: Lang) {
    let outcomes = report.outcomes;
    let not_counted = outcomes.late + outcomes.superseded + outcomes.stale + outcomes.ineligible;
    if not_counted + report.void.len() as u64 == 0 {
        return;
    }
    let _ = writeln!(out, "{}", lang.say("Phiếu không được tính", "Ballots that do not count"));
    let mut line = |count: u64, vi: &str, en: &str| {
        if count > 0 {
            let _ = writeln!(out, "  {}: {count}", lang.say(vi, en));
        }
    };
    line(outcomes.late, "Đến sau khi kết thúc biểu quyết", "Arrived after the close");
    line(outcomes.superseded, "Đã thay bằng phiếu khác", "Replaced by another ballot");
    line(outcomes.stale, "Dựa trên dự thảo đã thay đổi", "Based on a draft that has changed");
    line(outcomes.ineligible, "Người gửi không có quyền biểu quyết", "The sender had no vote");
    line(report.void.len() as u64, "Không có lựa chọn hợp lệ", "Without a valid choice");
    out.push('\n');
}

fn payloads(out: &mut String, report: &Report, lang: Lang) {
    if report.erased + report.withheld == 0 {
        return;
    }
    let heading = lang.say("Nội dung không có trong bản xuất", "Contents that are not in the export");
    let _ = writeln!(out, "{heading}");
    let mut line = |count: u64, vi: &str, en: &str| {
        if count > 0 {
            let _ = writeln!(out, "  {}: {count}", lang.say(vi, en));
        }
    };
    line(
        report.erased,
        "Đã xoá theo quyết định được ghi trong sổ",
        "Erased by a decision that stands in the record",
    );
    line(
        report.withheld,
        "Không cung cấp cho người nhận bản xuất",
        "Withheld from whoever received the export",
    );
}
