//! Failures: a code, parameters, a text, an exit code.

use ecabinet_server::data::DataError;
use ecabinet_server::serve::ServeError;
use ecabinet_server::store::StoreError;
use serde_json::json;
use std::fmt::Display;

pub(crate) struct Failure {
    code: &'static str,
    detail: String,
    pub(crate) exit: u8,
}

impl Failure {
    pub(crate) fn new(code: &'static str, detail: impl Display) -> Failure {
        let exit = match code {
            "record.damaged" | "ca.none" | "ca.not_named" => 1,
            "init.name" => 2,
            "serve.listen" => 3,
            "data.io" | "data.damaged" | "data.not_initialised" | "data.unfinished" | "store.newer" => 5,
            "data.exists" | "data.busy" => 6,
            _ => 70,
        };
        Failure { code, detail: detail.to_string(), exit }
    }

    pub(crate) fn bug(error: impl Display) -> Failure {
        Failure::new("bug", error)
    }

    pub(crate) fn print(&self, json: bool, lang: &str) {
        let text = self.text(lang);
        if json {
            let error = json!({ "code": self.code, "params": { "detail": self.detail }, "text": text });
            println!("{}", json!({ "error": error }));
        }
        eprintln!("{}: {text} ({})", self.code, self.detail);
    }

    fn text(&self, lang: &str) -> &'static str {
        let [vi, en] = match self.code {
            "data.not_initialised" => [
                "Thư mục này chưa được khởi tạo: hãy chạy `ecabinet-server init`.",
                "This directory has not been initialised: run `ecabinet-server init`.",
            ],
            "data.io" => ["Không đọc hoặc ghi được tệp.", "A file cannot be read or written."],
            "data.damaged" => ["Tệp bị hỏng.", "A file is damaged."],
            "data.exists" => {
                ["Đích đã có sẵn: không ghi đè.", "The target is there already: nothing is overwritten."]
            }
            "data.unfinished" => [
                "Việc sao chép vào thư mục này bị dừng giữa chừng, chưa dùng được: hãy chạy lại đúng lệnh `restore` hoặc `backup` đó.",
                "A copy into this directory was cut off, and it cannot be used: run the same `restore` or `backup` again.",
            ],
            "data.busy" => [
                "Một chương trình khác đang sao chép vào thư mục này.",
                "Another program is copying into this directory.",
            ],
            "ca.none" => [
                "Chưa chuẩn bị CA mới: hãy chạy `ecabinet-server ca new`.",
                "No new CA is prepared: run `ecabinet-server ca new`.",
            ],
            "ca.not_named" => [
                "Cán bộ đăng ký chưa công bố CA mới (`ecabinet ca rotate`): các máy sẽ không nhận ra máy chủ.",
                "A registrar has not named the new CA yet (`ecabinet ca rotate`): devices would not know the server.",
            ],
            "init.name" => ["Không phải tên máy hay địa chỉ.", "Not a host name or address."],
            "serve.listen" => {
                ["Không mở được địa chỉ để phục vụ.", "The address to serve on cannot be opened."]
            }
            "serve.failed" => [
                "Máy chủ dừng vì lỗi mạng: hãy xem nhật ký rồi khởi động lại.",
                "Serving ended with an error: look at the log and start it again.",
            ],
            "record.damaged" => ["Sổ lưu không toàn vẹn.", "The stored record does not hold."],
            "store.newer" => [
                "Dữ liệu do phiên bản mới hơn ghi: hãy cập nhật chương trình.",
                "The data was written by a newer version: update the program.",
            ],
            _ => ["Máy chủ gặp lỗi.", "The server failed."],
        };
        if lang == "en" { en } else { vi }
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Failure::new(error.code(), &error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::new(error.code(), &error)
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Failure::new(error.code(), &error)
    }
}
