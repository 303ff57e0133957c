//! The words that every table of opinions has, in its language.

use crate::table::{Opinion, Question, Reply, Said};

pub struct Words {
    pub title: &'static str,
    pub about: &'static str,
    pub form: &'static str,
    pub agency: &'static str,
    pub submission: &'static str,
    pub sent: &'static str,
    pub due: &'static str,
    pub closed: &'static str,
    pub answered: &'static str,
    pub of: &'static str,
    pub basis: &'static str,
    pub question: &'static str,
    pub result: &'static str,
    pub silent: &'static str,
    pub favour: &'static str,
    pub needed: &'static str,
    pub adopted: &'static str,
    pub option: &'static str,
    pub number: &'static str,
    pub member: &'static str,
    pub opinion: &'static str,
    pub text: &'static str,
    pub reply: &'static str,
    pub unapproved: &'static str,
    pub overdue: &'static str,
    pub no_answer: &'static str,
    pub not_replied: &'static str,
    pub head: &'static str,
    pub proof: &'static str,
    choices: [(&'static str, &'static str); 6],
    outcomes: [(&'static str, &'static str); 3],
    taken: [(&'static str, &'static str); 3],
}

impl Words {
    pub fn of(language: &str) -> &'static Words {
        if language == "en" { &EN } else { &VI }
    }

    /// What was chosen, with its options.
    pub fn said(&self, said: &Said) -> String {
        if said.options.is_empty() {
            return said.label.clone().unwrap_or_else(|| find(&self.choices, &said.code));
        }
        let option = |(number, text): &(u32, String)| match text.as_str() {
            "" => format!("{} {number}", self.option),
            text => format!("{} {number}: {text}", self.option),
        };
        said.options.iter().map(option).collect::<Vec<_>>().join("; ")
    }

    pub fn outcome(&self, question: &Question) -> String {
        find(&self.outcomes, &question.outcome)
    }

    /// What a member said, or that he said nothing.
    pub fn opinion(&self, opinion: &Opinion) -> String {
        let said = opinion.said.as_ref().map_or(self.no_answer.to_owned(), |said| self.said(said));
        if opinion.overdue && opinion.said.is_some() { format!("{said} ({})", self.overdue) } else { said }
    }

    /// What the agency makes of it; nothing where there was nothing to reply to.
    pub fn reply(&self, opinion: &Opinion) -> String {
        match &opinion.reply {
            Some(Reply { taken, text, approved }) => {
                let taken = find(&self.taken, taken);
                let said = if text.is_empty() { taken } else { format!("{taken}: {text}") };
                if *approved { said } else { format!("{said} ({})", self.unapproved) }
            }
            None if opinion.text.is_some() => self.not_replied.to_owned(),
            None => String::new(),
        }
    }
}

fn find(words: &[(&str, &str)], code: &str) -> String {
    words.iter().find(|(known, _)| *known == code).map_or(code, |(_, word)| word).to_owned()
}

const VI: Words = Words {
    title: "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN",
    about: "Về",
    form: "Phiếu lấy ý kiến số",
    agency: "Cơ quan trình",
    submission: "Tờ trình số",
    sent: "Ngày gửi",
    due: "Hạn trả lời",
    closed: "Ngày kết thúc",
    answered: "Đã trả lời",
    of: "trên tổng số",
    basis: "Căn cứ",
    question: "Vấn đề",
    result: "Kết quả",
    silent: "Không trả lời",
    favour: "Số ý kiến được tính là đồng ý",
    needed: "cần",
    adopted: "Phương án được thông qua",
    option: "Phương án",
    number: "STT",
    member: "Thành viên",
    opinion: "Lựa chọn",
    text: "Nội dung ý kiến",
    reply: "Tiếp thu, giải trình của cơ quan trình",
    unapproved: "chưa phê duyệt",
    overdue: "trả lời sau hạn",
    no_answer: "Không có trả lời được tính",
    not_replied: "Chưa có giải trình",
    head: "THỦ TRƯỞNG CƠ QUAN TRÌNH",
    proof: "Bảng lập từ sổ ghi nhận; phiếu mang mã",
    choices: [
        ("yes", "Đồng ý"),
        ("no", "Không đồng ý"),
        ("abstain", "Không có ý kiến"),
        ("other", "Ý kiến khác"),
        ("alternative", "Phương án khác"),
        ("option", "Phương án"),
    ],
    outcomes: [
        ("passed", "Thông qua"),
        ("failed", "Không thông qua"),
        ("inquorate", "Không đủ số người trả lời"),
    ],
    taken: [("yes", "Tiếp thu"), ("part", "Tiếp thu một phần"), ("explained", "Giải trình")],
};

const EN: Words = Words {
    title: "TABLE OF OPINIONS AND REPLIES",
    about: "On",
    form: "Opinion form No.",
    agency: "Submitted by",
    submission: "Submission No.",
    sent: "Sent",
    due: "Answers due",
    closed: "Closed",
    answered: "Answered",
    of: "of",
    basis: "Basis",
    question: "Question",
    result: "Result",
    silent: "No answer",
    favour: "Counted in favour",
    needed: "needed",
    adopted: "Option adopted",
    option: "Option",
    number: "No.",
    member: "Member",
    opinion: "Choice",
    text: "Opinion",
    reply: "Reply of the submitting agency",
    unapproved: "not approved yet",
    overdue: "answered after the deadline",
    no_answer: "No answer that counts",
    not_replied: "No reply yet",
    head: "HEAD OF THE SUBMITTING AGENCY",
    proof: "Made from the record; the form has the id",
    choices: [
        ("yes", "Agree"),
        ("no", "Do not agree"),
        ("abstain", "No opinion"),
        ("other", "Other opinion"),
        ("alternative", "Another option"),
        ("option", "Option"),
    ],
    outcomes: [("passed", "Adopted"), ("failed", "Not adopted"), ("inquorate", "Too few answered")],
    taken: [("yes", "Taken in"), ("part", "Taken in in part"), ("explained", "Explained")],
};
