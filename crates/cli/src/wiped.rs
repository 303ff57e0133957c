//! What a revoked device says, in words: who revoked it and when, what was lost with it, what to do.

use crate::args::Lang;
use std::collections::BTreeMap;
use time::{OffsetDateTime, UtcOffset};

/// Kind, Vietnamese, one and several in English.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("ballot.cast", "phiếu biểu quyết", "ballot", "ballots"),
    ("paper.sign", "chữ ký", "signature", "signatures"),
    ("poll.open", "lần mở biểu quyết", "opening of a poll", "openings of polls"),
    ("poll.close", "lần kết thúc biểu quyết", "close of a poll", "closes of polls"),
    ("attendance.set", "lượt ghi có mặt", "attendance", "attendances"),
    ("meeting.publish", "lần phát hành chương trình", "agenda", "agendas"),
    ("item.set", "nội dung", "item", "items"),
    ("paper.publish", "tài liệu chưa phát hành", "unpublished paper", "unpublished papers"),
    ("device.confirm", "lần xác nhận thiết bị", "confirmation of a device", "confirmations of devices"),
    ("device.revoke", "lần thu hồi thiết bị", "revocation of a device", "revocations of devices"),
];

pub fn text(params: &BTreeMap<String, String>, lang: Lang) -> String {
    let of = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str| of(name).parse::<i64>().unwrap_or_default();
    let (at, entry) = (when(number("at"), number("zone"), lang), of("entry"));
    let vi = lang == Lang::Vi;
    let by = match (of("by"), vi) {
        ("own_device", true) => "từ một thiết bị khác của chính mình",
        ("own_device", false) => "from another device of one's own",
        ("body_key", true) => "bằng khóa in của cơ quan",
        ("body_key", false) => "by the body's printed key",
        (_, true) => "bởi cán bộ đăng ký",
        (_, false) => "by a registrar",
    };
    let lost = lost(of("acts"), number("notes"), vi);
    if vi {
        let lost = match lost.is_empty() {
            true => "Không mất gì: mọi việc và ghi chú ở đây đã được gửi trước đó.".to_owned(),
            false => format!("Chưa kịp gửi nên đã mất: {lost}."),
        };
        format!(
            "Thiết bị này đã bị thu hồi lúc {at}, {by} (mục {entry} của sổ ghi). Toàn bộ dữ liệu trên máy đã được hủy. \
             {lost} Những gì đã gửi vẫn giữ nguyên. Để làm việc tiếp: xin lời mời mới cho máy này hoặc máy khác, rồi xác \
             nhận bằng sáu chữ số trên một thiết bị đang dùng, hoặc bằng mã khôi phục đã in; ghi chú riêng sẽ có lại ở đó."
        )
    } else {
        let lost = match lost.is_empty() {
            true => "Nothing was lost: all acts and notes here had been sent before.".to_owned(),
            false => format!("Lost, because it had not been sent: {lost}."),
        };
        format!(
            "This device was revoked at {at}, {by} (entry {entry} of the record). All data on it was destroyed. {lost} \
             What was sent before stands. To go on: ask for a new invitation for this or another device, then confirm it \
             by six digits on a device in use, or by the printed recovery code; the private notes will be there again."
        )
    }
}

/// "2 phiếu biểu quyết, 1 chữ ký, 3 ghi chú"; empty if nothing was.
fn lost(acts: &str, notes: i64, vi: bool) -> String {
    let mut lost = Vec::new();
    for act in acts.split_whitespace() {
        let Some((kind, count)) = act.split_once('=') else { continue };
        let known = KINDS.iter().find(|(known, ..)| *known == kind);
        lost.push(match known {
            Some((_, word, ..)) if vi => format!("{count} {word}"),
            Some((_, _, one, _)) if count == "1" => format!("1 {one}"),
            Some((.., many)) => format!("{count} {many}"),
            None => format!("{count} {kind}"),
        });
    }
    match notes {
        0 => {}
        _ if vi => lost.push(format!("{notes} ghi chú")),
        1 => lost.push("1 note".to_owned()),
        _ => lost.push(format!("{notes} notes")),
    }
    lost.join(", ")
}

/// On the body's clock.
fn when(ms: i64, zone: i64, lang: Lang) -> String {
    let offset = UtcOffset::from_whole_seconds(zone as i32 * 60).unwrap_or(UtcOffset::UTC);
    let Ok(at) = OffsetDateTime::from_unix_timestamp(ms / 1000) else { return ms.to_string() };
    let at = at.to_offset(offset);
    let (date, hour) = (at.date(), at.time());
    let (day, month, year) = (date.day(), u8::from(date.month()), date.year());
    let clock = format!("{:02}:{:02}", hour.hour(), hour.minute());
    match lang {
        Lang::Vi => format!("{clock} ngày {day:02}/{month:02}/{year}"),
        Lang::En => format!("{clock} on {day:02}/{month:02}/{year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_when_what_was_lost_and_what_to_do() {
        let params = |by: &str, acts: &str, notes: &str| {
            let all = [
                ("by", by),
                ("at", "1795482000000"),
                ("zone", "420"),
                ("entry", "41"),
                ("acts", acts),
                ("notes", notes),
            ];
            all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let said = text(&params("registrar", "ballot.cast=2 paper.sign=1", "3"), Lang::Vi);
        for words in [
            "08:00 ngày 24/11/2026",
            "cán bộ đăng ký",
            "2 phiếu biểu quyết, 1 chữ ký, 3 ghi chú",
            "mã khôi phục",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        let said = text(&params("own_device", "ballot.cast=1", "1"), Lang::En);
        assert!(said.contains("another device of one's own") && said.contains("1 ballot, 1 note."), "{said}");
        assert!(text(&params("own_device", "", "0"), Lang::Vi).contains("Không mất gì"));
    }
}
