//! Errors in words: what happened, and what the person can do. What all programs say is in `ecabinet_protocol::words`; here
//! is what only the command line says, or says with its own commands and options.

use crate::args::Lang;
use ecabinet_protocol::words;
use std::collections::BTreeMap;

/// Code, Vietnamese, English. `{name}` is a parameter.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "usage.home",
        "Chưa cho biết thư mục dữ liệu: dùng --home hoặc ECABINET_HOME.",
        "No home given: use --home or ECABINET_HOME.",
    ),
    (
        "usage.secret_file",
        "Cần mã PIN hoặc mật khẩu: dùng --secret-file.",
        "A PIN or passphrase is needed: use --secret-file.",
    ),
    ("usage.passphrase", "Mật khẩu không được để trống.", "The passphrase must not be empty."),
    (
        "keyring.unavailable",
        "Kho khóa của hệ điều hành không trả lời ({detail}); mã PIN một mình không mở được dữ liệu. Đề nghị đăng nhập lại màn hình làm việc; nếu vẫn vậy: `ecabinet vault recover` với mã khôi phục đã in (thêm `--vault-key passphrase` nếu máy không còn kho khóa).",
        "The system keyring does not answer ({detail}); the PIN alone opens nothing. Please log in to the desktop again; if it stays so: `ecabinet vault recover` with the printed recovery code (with `--vault-key passphrase` if the machine has no keyring any more).",
    ),
    (
        "keyring.no_entry",
        "Kho khóa của hệ điều hành không còn khóa của dữ liệu này: kho khóa đã được đặt lại hoặc thay bằng kho khác. Mã PIN một mình không mở được; đề nghị chạy `ecabinet vault recover` với mã khôi phục đã in.",
        "The system keyring no longer holds this vault's key: it was reset, or another one is in its place. The PIN alone opens nothing; please run `ecabinet vault recover` with the printed recovery code.",
    ),
    (
        "keyring.other_secret",
        "Khóa trong kho khóa của hệ điều hành không phải khóa của dữ liệu này: khóa đã bị thay đổi. Không mã PIN nào mở được; đề nghị chạy `ecabinet vault recover` với mã khôi phục đã in.",
        "The key in the system keyring is not this vault's: it was altered. No PIN opens it; please run `ecabinet vault recover` with the printed recovery code.",
    ),
    (
        "tls.untrusted",
        "Chứng thư của máy chủ không phải của cơ quan này; không gửi gì đi. Nếu Văn phòng đã báo đổi chứng thư: nhận tệp từ Văn phòng rồi chạy `ecabinet ca accept --ca TỆP`.",
        "The server's certificate is not this body's; nothing was sent. If the office has said that it changed: get the file from the office and run `ecabinet ca accept --ca FILE`.",
    ),
    (
        "server.rewritten",
        "Máy chủ đã thay đổi lịch sử từ mục {entry}. Máy này giữ {here} mục, gốc {here_root}; máy chủ có {there} mục, gốc {there_root}. Tạm dừng; đề nghị báo Văn phòng. Bằng chứng: ecabinet fork list.",
        "The server has rewritten history from entry {entry}. This device holds {here} entries, root {here_root}; the server has {there}, root {there_root}. Held; please call the office. Evidence: ecabinet fork list.",
    ),
    (
        "ca.not_held",
        "Máy chủ chưa chuẩn bị CA này: chạy `ecabinet-server ca new` rồi khởi động lại máy chủ.",
        "The server has not prepared this CA: run `ecabinet-server ca new` and restart it.",
    ),
    (
        "level.needed",
        "Cần mức quy tắc {level}: chạy `ecabinet level raise --yes` trước, sau khi mọi máy đã cập nhật chương trình.",
        "Rules of level {level} are needed: run `ecabinet level raise --yes` first, once every device is updated.",
    ),
    (
        "log_key.again",
        "Máy chủ chưa có khóa mới: chạy `ecabinet-server log-key` rồi khởi động lại máy chủ.",
        "The server has no new key: run `ecabinet-server log-key` and restart it.",
    ),
    (
        "server.healing",
        "Máy chủ vừa được khôi phục từ bản sao lưu và chờ các máy giữ phần bị mất; chưa ghi nhận gì. Khi biết chắc không còn máy nào: `ecabinet-server release`; nếu đang chờ một phần đã biết: `ecabinet epoch begin`.",
        "The server was restored from a backup and waits for devices that have what it lost; nothing is recorded. If none is left: `ecabinet-server release`; if it waits for a part that it knows of: `ecabinet epoch begin`.",
    ),
    (
        "usage.digits",
        "Cần sáu chữ số đã so sánh: dùng --digits.",
        "The six digits that were compared are needed: use --digits.",
    ),
    ("ballot.stands", "Đã có phiếu; dùng --replace để thay.", "A ballot stands already; use --replace."),
    (
        "usage.starts",
        "Chưa có thời gian bắt đầu phiên họp: dùng --starts hoặc meeting.toml.",
        "The meeting's start is missing: use --starts or meeting.toml.",
    ),
    (
        "usage.time",
        "“{value}” không phải là thời gian: ví dụ 2026-11-24 08:00.",
        "“{value}” is no time: for example 2026-11-24 08:00.",
    ),
    (
        "file.exists",
        "Tệp {path} đã có; không ghi đè.",
        "The file {path} is there already; it is not overwritten.",
    ),
    ("bug", "Chương trình gặp lỗi; đề nghị báo nhà phát triển.", "The program failed; please report it."),
    (
        "body.which",
        "Có nhiều cơ quan trong thư mục này: dùng --body.",
        "There are several bodies in this home: use --body.",
    ),
    (
        "usage.out",
        "Chưa cho biết ghi vào tệp nào, hoặc lệnh này không ghi ra tệp (--out).",
        "Where to write is missing, or this command writes no file (--out).",
    ),
    ("usage.id", "“{value}” không phải là mã số ({what}).", "“{value}” is no id ({what})."),
    ("file.unreadable", "Không đọc được tệp {path}: {detail}", "The file {path} cannot be read: {detail}"),
    ("file.io", "Lỗi đọc hoặc ghi tệp: {detail}", "A file could not be read or written: {detail}"),
    ("sign.p12_damaged", "Tệp chứng thư bị hỏng: {detail}", "The key file is damaged: {detail}"),
    (
        "sign.field_missing",
        "Tệp không có ô ký tên như vậy: {detail}",
        "There is no such signature field: {detail}",
    ),
    ("sign.field_signed", "Ô ký này đã có chữ ký: {detail}", "This field has been signed already: {detail}"),
    (
        "sign.damaged",
        "Tệp PDF bị hỏng, không ký được: {detail}",
        "The PDF is damaged and cannot be signed: {detail}",
    ),
    (
        "sign.worker",
        "Không chạy được chương trình chuẩn bị chữ ký: {detail}",
        "The program that prepares signatures cannot be run: {detail}",
    ),
    (
        "sandbox.weak",
        "Chương trình đọc PDF không được ngăn cách đầy đủ trên máy này ({detail}).",
        "The PDF worker is not fully walled off on this machine ({detail}).",
    ),
    (
        "usage.arguments",
        "Lệnh không đúng; dùng --help để xem cách dùng.",
        "The command is not right; use --help to see how it is used.",
    ),
    ("usage.body", "Chưa cho biết cơ quan: dùng --body.", "No body given: use --body."),
    (
        "usage.duration",
        "“{value}” không phải là thời hạn: ví dụ 30m, 12h, 7d.",
        "“{value}” is no duration: for example 30m, 12h, 7d.",
    ),
    (
        "usage.page",
        "Không có trang như vậy; trang được đánh số từ 1.",
        "There is no such page; pages are numbered from 1.",
    ),
    (
        "usage.yes",
        "Việc này không làm lại được: thêm --yes nếu đã chắc chắn.",
        "This cannot be undone: add --yes to be sure.",
    ),
    (
        "config.rule",
        "Quy tắc biểu quyết {rule} chưa đúng mẫu: {detail}",
        "The poll rule {rule} is not of the form asked for: {detail}",
    ),
    (
        "file.malformed",
        "Tệp {path} không đúng khuôn dạng; đề nghị nhận lại tệp.",
        "The file {path} is not of the right form; please get it again.",
    ),
    (
        "registrar.second",
        "Nên có thêm cán bộ đăng ký thứ hai: `ecabinet registrar offer` rồi `ecabinet registrar add`.",
        "There should be a second registrar: `ecabinet registrar offer`, then `ecabinet registrar add`.",
    ),
];

/// Asked on a terminal under the six digits.
pub fn compare(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Thiết bị đang chờ có hiện đúng sáu chữ số này không? [c/k]",
        Lang::En => "Does the waiting device show these six digits? [y/n]",
    }
}

pub fn error(code: &str, params: &BTreeMap<String, String>, lang: Lang) -> String {
    if code == "device.wiped" {
        return format!("{} [{code}]", crate::wiped::text(params, lang));
    }
    let own = TEXTS.iter().find(|(known, ..)| *known == code).map(|(_, vi, en)| (*vi, *en));
    let shared = || words::of(code).map(|words| (words.vi, words.en));
    let Some((vi, en)) = own.or_else(shared) else {
        let params: String = params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        return format!("{code}{params}");
    };
    let text = if lang == Lang::Vi { vi } else { en };
    let filled = params
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
    format!("{filled} [{code}]")
}
