//! Errors in words: what happened, and what the person can do.

use crate::args::Lang;
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
    ("vault.none", "Thư mục này chưa có kho dữ liệu.", "There is no vault in this home."),
    ("vault.wrong_secret", "Mã PIN hoặc mật khẩu không đúng.", "The PIN or passphrase is wrong."),
    (
        "vault.wrong_code",
        "Mã khôi phục không đúng với kho dữ liệu này.",
        "The recovery code does not open this vault.",
    ),
    (
        "vault.newer",
        "Dữ liệu được tạo bởi phiên bản mới hơn; đề nghị cập nhật phần mềm.",
        "The vault was written by a newer version; please update.",
    ),
    (
        "home.busy",
        "Thư mục dữ liệu đang được một chương trình khác sử dụng.",
        "Another program is using this home.",
    ),
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
        "net.unreachable",
        "Không kết nối được máy chủ. Những gì đã làm vẫn được lưu trên máy này.",
        "The server cannot be reached. What was done is kept on this device.",
    ),
    (
        "net.cut",
        "Kết nối bị ngắt giữa chừng; sẽ tiếp tục ở lần sau.",
        "The connection broke; it goes on next time.",
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
        "server.behind",
        "Máy chủ chỉ còn {server} trong {here} mục mà máy này giữ và không nhận lại. Tạm dừng; đề nghị báo Văn phòng.",
        "The server has only {server} of the {here} entries that this device holds, and does not take them back. Held; please call the office.",
    ),
    (
        "registrar.wrong_code",
        "Khóa khôi phục không phải của cơ quan này.",
        "The recovery key is not this body's.",
    ),
    ("registrar.already", "Thiết bị này đã là của cán bộ đăng ký.", "This device is a registrar's already."),
    ("registrar.count", "Phải còn ít nhất một cán bộ đăng ký.", "At least one registrar must be left."),
    ("ca.again", "CA này đang được dùng.", "This CA is the present one."),
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
        "log_key.other",
        "Máy chủ đưa ra khóa khác với khóa đã nêu ({server}); không thay đổi gì.",
        "The server shows another key than the one named ({server}); nothing was changed.",
    ),
    (
        "log_key.again",
        "Máy chủ chưa có khóa mới: chạy `ecabinet-server log-key` rồi khởi động lại máy chủ.",
        "The server has no new key: run `ecabinet-server log-key` and restart it.",
    ),
    (
        "level.beyond",
        "Cơ quan dùng quy tắc mới hơn chương trình này: cần cập nhật. Vẫn đọc được, chưa biểu quyết được.",
        "The body uses newer rules than this program: please update. Reading goes on, voting does not.",
    ),
    (
        "level.unknown",
        "Chương trình này chưa có mức quy tắc {level}; cần cập nhật trước.",
        "This program does not know rules of level {level}; update it first.",
    ),
    (
        "server.healing",
        "Máy chủ vừa được khôi phục từ bản sao lưu và chờ các máy giữ phần bị mất; chưa ghi nhận gì. Khi biết chắc không còn máy nào: `ecabinet-server release`; nếu đang chờ một phần đã biết: `ecabinet epoch begin`.",
        "The server was restored from a backup and waits for devices that have what it lost; nothing is recorded. If none is left: `ecabinet-server release`; if it waits for a part that it knows of: `ecabinet epoch begin`.",
    ),
    (
        "epoch.lost",
        "Việc này đã bị mất khi khôi phục máy chủ; đề nghị làm lại.",
        "This was lost when the server was restored; please do it again.",
    ),
    (
        "epoch.nothing_lost",
        "Không có gì bị mất để công bố: máy chủ có mọi mục mà máy này giữ.",
        "There is nothing lost to declare: the server has every entry that this device holds.",
    ),
    (
        "server.bad_entry",
        "Mục {entry} của máy chủ không hợp lệ ({reason}). Tạm dừng.",
        "The server's entry {entry} does not hold ({reason}). Held.",
    ),
    (
        "body.begun",
        "Bằng mã này, máy này đã lập «{name}» nhưng khóa khôi phục của cơ quan đó chưa được ghi ra. Hãy chạy lại lệnh với đúng cấu hình lần trước.",
        "With this token this device has created «{name}», whose recovery key has not been written yet. Run the command again with the configuration of that time.",
    ),
    ("invitation.used", "Giấy mời này đã được dùng.", "This invitation has been used."),
    ("invitation.expired", "Giấy mời này đã hết hạn.", "This invitation has expired."),
    ("invitation.revoked", "Giấy mời này đã bị thu hồi.", "This invitation has been revoked."),
    ("invitation.unknown", "Giấy mời không thuộc cơ quan này.", "The invitation is not of this body."),
    ("invitation.mistyped", "Nhóm ký tự thứ {group} chưa đúng.", "Group {group} is mistyped."),
    ("device.pending", "Thiết bị chưa được xác nhận.", "The device has not been confirmed."),
    (
        "usage.digits",
        "Cần sáu chữ số đã so sánh: dùng --digits.",
        "The six digits that were compared are needed: use --digits.",
    ),
    (
        "pairing.waiting",
        "Hai thiết bị chưa trao đổi xong; đề nghị kết nối cả hai rồi làm lại.",
        "The two devices have not talked yet; please connect both and try again.",
    ),
    (
        "pairing.digits",
        "Sáu chữ số không khớp; chưa xác nhận. Đề nghị thu hồi thiết bị đang chờ.",
        "The six digits differ; nothing was confirmed. Please revoke the waiting device.",
    ),
    (
        "pairing.broken",
        "Có kẻ đứng giữa hai thiết bị; không xác nhận. Đề nghị thu hồi thiết bị đang chờ.",
        "Somebody is between the two devices; not confirmed. Please revoke the waiting device.",
    ),
    (
        "pairing.spent",
        "Thiết bị đang chờ đã làm lại quá nhiều lần; đề nghị thu hồi và mời lại.",
        "The waiting device has begun too often; please revoke it and invite it again.",
    ),
    (
        "recovery.wrong_code",
        "Mã khôi phục không phải của thành viên này.",
        "The recovery code is not this member's.",
    ),
    ("device.revoked", "Thiết bị đã bị thu hồi.", "The device has been revoked."),
    ("member.retired", "Thành viên đã thôi giữ chức vụ.", "The member is no longer in office."),
    ("poll.open", "Biểu quyết chưa kết thúc.", "The poll is still open."),
    ("poll.closed", "Biểu quyết đã kết thúc.", "The poll is closed."),
    ("ballot.stands", "Đã có phiếu; dùng --replace để thay.", "A ballot stands already; use --replace."),
    (
        "publish.problems",
        "Có {count} tệp chưa phát hành được; chưa phát hành gì.",
        "{count} files cannot be published; nothing was published.",
    ),
    ("publish.empty", "Thư mục {path} không có nội dung nào.", "There is no item in the folder {path}."),
    (
        "publish.not_in_item",
        "Tệp này không nằm trong thư mục của một nội dung.",
        "This file is in no item's folder.",
    ),
    (
        "publish.order",
        "“{detail}” trong order không phải tên thư mục của một nội dung, hoặc được nêu hai lần.",
        "“{detail}” in order is not the name of an item's folder, or comes twice.",
    ),
    (
        "config.malformed",
        "Tệp {path} chưa đúng mẫu: {detail}",
        "The file {path} is not of the form asked for: {detail}",
    ),
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
        "publish.waiting",
        "Bản phát hành trước của phiên họp này còn chờ gửi lên máy chủ.",
        "This meeting's former publication is still waiting to be sent.",
    ),
    (
        "file.exists",
        "Tệp {path} đã có; không ghi đè.",
        "The file {path} is there already; it is not overwritten.",
    ),
    (
        "export.exists",
        "Nơi xuất ra đã có; không ghi đè.",
        "The export's folder is there already; it is not overwritten.",
    ),
    ("meeting.unknown", "Không có phiên họp này trên máy này.", "This meeting is not known on this device."),
    ("bug", "Chương trình gặp lỗi; đề nghị báo nhà phát triển.", "The program failed; please report it."),
    ("pdf.encrypted", "Tệp có mật khẩu.", "The file needs a password."),
    ("pdf.not_pdf", "Tệp không phải PDF.", "The file is not a PDF."),
    ("pdf.truncated", "Tệp PDF bị hỏng hoặc thiếu phần cuối.", "The PDF is damaged or cut off."),
    (
        "capacity.not_held",
        "Không giữ chức danh cần cho việc này ({as}).",
        "The office needed for this is not held ({as}).",
    ),
    (
        "capacity.may_not",
        "Chức danh này không được làm việc này ({as}).",
        "This office may not do this ({as}).",
    ),
    (
        "body.which",
        "Có nhiều cơ quan trong thư mục này: dùng --body.",
        "There are several bodies in this home: use --body.",
    ),
    ("body.unknown", "Không có cơ quan này trong thư mục dữ liệu.", "This body is not in the home."),
    (
        "usage.out",
        "Chưa cho biết ghi vào tệp nào, hoặc lệnh này không ghi ra tệp (--out).",
        "Where to write is missing, or this command writes no file (--out).",
    ),
    ("usage.id", "“{value}” không phải là mã số ({what}).", "“{value}” is no id ({what})."),
    ("file.unreadable", "Không đọc được tệp {path}: {detail}", "The file {path} cannot be read: {detail}"),
    ("file.io", "Lỗi đọc hoặc ghi tệp: {detail}", "A file could not be read or written: {detail}"),
    (
        "paper.chunk_size",
        "Kích thước các phần của tài liệu không khớp với dữ liệu trên máy chủ; đề nghị ban hành lại. Phần: {chunk}.",
        "The sizes of the paper's parts are not those on the server; please publish it again. Part: {chunk}.",
    ),
    ("paper.unknown", "Không có tài liệu này.", "There is no such paper."),
    ("paper.not_here", "Tài liệu chưa tải đủ về máy này.", "The paper is not all on this device yet."),
    (
        "search.damaged",
        "Chỉ mục tìm kiếm trên máy này bị hỏng; chương trình tự lập lại từ các tài liệu.",
        "The search index on this device is damaged; it is made again from the papers.",
    ),
    (
        "paper.damaged",
        "Tài liệu trên máy này bị hỏng; đề nghị tải lại.",
        "The paper is damaged on this device; please fetch it again.",
    ),
    (
        "paper.not_signer",
        "Thành viên này không có tên trong những người ký tài liệu.",
        "This member is not named as a signer of the paper.",
    ),
    (
        "paper.watermarked",
        "Tài liệu này phải mang tên người đọc; đề nghị lưu bản có ghi chú từ ứng dụng.",
        "This paper must carry its reader's name; please save a copy with notes from the app.",
    ),
    (
        "policy.paper_export",
        "Quy định của cơ quan không cho ghi tài liệu ra tệp.",
        "This body does not let papers leave as files.",
    ),
    ("sign.p12_password", "Mật khẩu của tệp chứng thư không đúng.", "The password of the key file is wrong."),
    (
        "sign.p12_legacy",
        "Tệp chứng thư dùng cách mã hóa cũ không còn an toàn; đề nghị xuất lại.",
        "The key file uses an old, unsafe encryption; please export it anew.",
    ),
    ("sign.p12_damaged", "Tệp chứng thư bị hỏng: {detail}", "The key file is damaged: {detail}"),
    ("sign.p12_no_key", "Tệp chứng thư không có khóa ký.", "There is no key in the key file."),
    (
        "sign.certificate_time",
        "Chứng thư chưa có hiệu lực hoặc đã hết hạn.",
        "The certificate is not valid yet or has expired.",
    ),
    ("sign.certificate_usage", "Chứng thư không dùng để ký được.", "The certificate is not for signing."),
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
    ("sign.encrypted", "Tệp PDF có mật khẩu, không ký được.", "The PDF is encrypted and cannot be signed."),
    (
        "sign.worker",
        "Không chạy được chương trình chuẩn bị chữ ký: {detail}",
        "The program that prepares signatures cannot be run: {detail}",
    ),
    (
        "clock.wrong",
        "Đồng hồ của máy này lệch {seconds} giây so với máy chủ; đề nghị chỉnh lại giờ.",
        "This device's clock differs from the server's by {seconds} s; please set it.",
    ),
    (
        "sandbox.weak",
        "Chương trình đọc PDF không được ngăn cách đầy đủ trên máy này ({detail}).",
        "The PDF worker is not fully walled off on this machine ({detail}).",
    ),
    (
        "pdf.library",
        "Không tìm thấy chương trình đọc PDF hoặc thư viện của nó; đề nghị cài lại.",
        "The PDF worker or its library is missing; please install it again.",
    ),
    ("disk.full", "Ổ đĩa đã đầy; chưa lưu được.", "The disk is full; nothing was saved."),
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
    let known = TEXTS.iter().find(|(known, ..)| *known == code);
    let Some((_, vi, en)) = known else {
        let params: String = params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        return format!("{code}{params}");
    };
    let text = if lang == Lang::Vi { vi } else { en };
    let filled = params
        .iter()
        .fold((*text).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
    format!("{filled} [{code}]")
}
