//! Publishing as the secretariat does it: a folder, and the command line.

use crate::{Cabinet, Cli};
use ecabinet_domain::MeetingId;
use std::path::{Path, PathBuf};

/// A folder whose sub-folders are agenda items, filled with the sample's papers.
pub struct Folder {
    pub path: PathBuf,
}

/// The sample's items by their numbers.
pub const DYKES: &str = "03 Củng cố đê điều và hồ chứa lưu vực sông Lam Thủy";
pub const SCHOOLS: &str = "04 Trường học vùng cao và nông thôn";
pub const INVESTMENT: &str = "05 Đầu tư công trung hạn 2027 - 2030";
pub const PERSONNEL: &str = "07 Công tác nhân sự";
pub const DRAFT: &str = "02 Dự thảo nghị quyết.pdf";

impl Folder {
    pub fn new(path: PathBuf, items: &[&str]) -> Folder {
        let folder = Folder { path };
        for item in items {
            let to = folder.path.join(item);
            std::fs::create_dir_all(&to).expect("a folder");
            for paper in
                std::fs::read_dir(sample("papers").join(item)).expect("make sample has run").flatten()
            {
                std::fs::copy(paper.path(), to.join(paper.file_name())).expect("copied");
            }
        }
        folder
    }

    /// Replaces one paper by the sample's second version of it.
    pub fn replace(&self, item: &str, paper: &str) {
        let from = sample("papers-v2").join(item).join(paper);
        std::fs::copy(from, self.path.join(item).join(paper)).expect("copied");
    }

    pub fn read(&self, item: &str, paper: &str) -> Vec<u8> {
        std::fs::read(self.path.join(item).join(paper)).expect("a paper")
    }
}

impl Cabinet {
    /// The secretary publishes a folder by the real program: a new meeting, or a new version of one.
    pub fn publish_folder(
        &mut self,
        folder: &Folder,
        meeting: Option<MeetingId>,
        audience: &str,
    ) -> MeetingId {
        let audiences = self.path("audience.toml");
        std::fs::write(&audiences, audience).expect("written");
        let cli = Cli::of(&mut self.secretary);
        let [folder, audiences] = [&folder.path, &audiences].map(|path| path.to_string_lossy().into_owned());
        let mut args = vec!["publish", &folder, "--audience", &audiences];
        let known = meeting.map(|meeting| meeting.to_string());
        match &known {
            Some(meeting) => args.extend(["--meeting", meeting]),
            None => args.extend(["--title", "Phiên họp mẫu", "--starts", "2030-01-15 08:00"]),
        }
        let published = cli.done("publish", &args);
        self.secretary.open();
        published["meeting"].as_str().and_then(|id| id.parse().ok()).expect("a meeting's id")
    }
}

fn sample(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sample").join(version)
}
