import { afterEach, describe, expect, it } from "vitest";
import type { AnswerView, FormRow, QuestionResult, QuestionView } from "../src/lib/bindings";
import { begin, choose, missing, opinions, toggle, type Said } from "../src/lib/forms/draft";
import { countRows, memberRows, neededWords } from "../src/lib/forms/result";
import { groupOf, inGroups } from "../src/lib/forms/list";
import { askedWords, dueWords, missingWords, opinionWords } from "../src/lib/forms/words";
import { instant } from "../src/lib/format";
import { setLocale } from "../src/lib/paraglide/runtime";
import { actShort, actWords } from "../src/lib/poll/words";

afterEach(() => void setLocale("vi", { reload: false }));

/** Tuesday, 24 November 2026, 09:00 in Hà Nội. */
const NOW = Date.UTC(2026, 10, 24, 2, 0);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const row = (more: Partial<FormRow>): FormRow => ({
  form: "f",
  number: "12/PLYK/2026",
  subject: "",
  agency: null,
  sentAt: NOW - 3 * DAY,
  due: NOW + 3 * DAY,
  hard: false,
  stage: "open",
  asksMe: true,
  own: null,
  asked: 27,
  answered: 4,
  outcome: null,
  drafts: [],
  ...more,
});

/** What most rules do not have. */
const more = {
  options: 0,
  most: 0,
  favour: [],
  silent: false,
  objection: false,
  hard: false,
  substitutes: false,
  room: false,
  positions: false,
  running: false,
  see: [],
};

const rule = { members: 27, quorumNeeded: 0, base: "members", passNeeded: 14, num: 1, den: 2, strict: true, tieHolder: null, ...more } as const;
const plain: QuestionView = {
  text: "",
  choices: [
    { choice: "yes", label: null },
    { choice: "no", label: null },
    { choice: "other", label: null },
  ],
  options: [],
  most: 0,
  rule,
};
const several: QuestionView = {
  ...plain,
  choices: [
    { choice: "option", label: null },
    { choice: "alternative", label: null },
  ],
  options: ["A", "B", "C"],
  most: 2,
};

describe("an answer being made", () => {
  const empty = () => begin([plain, several], null);

  it("lacks every question at first, and is not sent so", () => {
    expect(missing(empty()).map((lack) => missingWords(lack, 2))).toEqual(["Câu 1: chưa chọn trả lời", "Câu 2: chưa chọn trả lời"]);
    expect(opinions(empty())).toBeNull();
    expect(missingWords({ question: 0, lacks: "text" }, 1)).toBe("Chưa ghi nội dung ý kiến.");
  });

  it("needs words with another opinion and with an option of one's own: not only spaces", () => {
    const [first, second] = empty().said as [Said, Said];
    const said = [{ ...choose(first, "other"), text: "  \n" }, choose(second, "alternative")];
    expect(missing({ said, advice: "" })).toEqual([
      { question: 0, lacks: "text" },
      { question: 1, lacks: "text" },
    ]);
    const whole = said.map((each) => ({ ...each, text: " Bo\u0302\u0309 sung " }));
    expect(opinions({ said: whole, advice: "" })).toEqual([
      { choice: "other", options: [], text: "B\u1ed5 sung" },
      { choice: "alternative", options: [], text: "B\u1ed5 sung" },
    ]);
  });

  it("takes at most so many options, in order, and gives them up for another choice", () => {
    const start = empty().said[1]!;
    const two = toggle(toggle(start, 3, 2), 1, 2);
    expect(two).toMatchObject({ choice: "option", options: [1, 3] });
    expect(toggle(two, 2, 2)).toBe(two);
    expect(toggle(toggle(two, 1, 2), 3, 2)).toMatchObject({ choice: null, options: [] });
    expect(choose(two, "no")).toMatchObject({ choice: "no", options: [] });
    expect(toggle(toggle(start, 3, 1), 1, 1).options).toEqual([1]);
  });

  it("sends no remark that was hidden again", () => {
    const said = [{ ...choose(empty().said[0]!, "yes"), text: "x" }];
    expect(opinions({ said, advice: "" })![0]!.text).toBeNull();
    expect(opinions({ said: [{ ...said[0]!, remark: true }], advice: "" })![0]!.text).toBe("x");
  });

  it("begins from the answer that is there", () => {
    const before = { opinions: [{ choice: "other", options: [], text: "x" }], advice: "y" } as unknown as AnswerView;
    expect(begin([plain], before)).toEqual({ said: [{ choice: "other", options: [], text: "x", remark: true }], advice: "y" });
    expect(begin([plain], { ...before, opinions: null }).said[0]!.choice).toBeNull();
  });
});

describe("the list", () => {
  it("has what waits first, by due; then what was answered; then what has ended", () => {
    const rows = [
      row({ form: "closed", stage: "closed", own: "counted", sentAt: NOW - 9 * DAY }),
      row({ form: "recalled", stage: "recalled", sentAt: NOW - 8 * DAY }),
      row({ form: "answered", own: "recorded" }),
      row({ form: "whenever", due: null }),
      row({ form: "later" }),
      row({ form: "overdue", due: NOW - 2 * DAY }),
      row({ form: "changed", own: "stale", due: NOW + DAY }),
      row({ form: "replaced", own: "superseded", due: NOW + 2 * DAY }),
      row({ form: "others", asksMe: false }),
      row({ form: "over", due: NOW - 1, hard: true }),
    ];
    const groups = inGroups(rows, NOW);
    const names = Object.values(groups).map((group) => group.map(({ form }) => form));
    expect(names).toEqual([
      ["overdue", "changed", "replaced", "later", "whenever"],
      [],
      ["answered"],
      ["over", "others"],
      ["recalled", "closed"],
    ]);
    expect(groupOf(row({ own: "saved" }), NOW)).toBe("answered");
  });
});

describe("due", () => {
  it("is told in words, overdue in days, and what is over as over", () => {
    const said = (due: number | null, hard = false) => dueWords(row({ due, hard }), NOW);
    expect(said(NOW + 3 * DAY)).toEqual({ tone: "plain", text: "Hạn trả lời: Thứ Sáu, 27/11/2026, 09:00" });
    expect(said(NOW + 8 * HOUR)).toEqual({ tone: "wait", text: "Hạn trả lời: hôm nay, 17:00" });
    expect(said(NOW + 16 * HOUR)).toEqual({ tone: "wait", text: "Hạn trả lời: ngày mai, 01:00" });
    expect(said(NOW - 60_000)).toEqual({ tone: "stop", text: "Vừa quá hạn – vẫn nhận trả lời" });
    expect(said(NOW - 5 * HOUR).text).toBe("Quá hạn 5 giờ – vẫn nhận trả lời");
    expect(said(NOW - 2 * DAY - HOUR).text).toBe("Quá hạn 2 ngày – vẫn nhận trả lời");
    expect(said(NOW - 60_000, true)).toMatchObject({ tone: "plain", text: expect.stringContaining("không nhận trả lời nữa") });
    expect(said(null).text).toBe("Không có hạn trả lời");
    const answered = dueWords(row({ due: NOW - 2 * DAY }), NOW, false);
    expect(answered).toEqual({ tone: "plain", text: "Hạn trả lời: Chủ Nhật, 22/11/2026, 09:00" });
    void setLocale("en", { reload: false });
    expect(said(NOW - DAY).text).toBe("1 day overdue – answers still accepted");
  });

  it("is read from what is typed, on the body's clock; no such day is none", () => {
    expect(instant("24/11/2026", "17:00")).toBe(Date.UTC(2026, 10, 24, 10, 0));
    expect(instant(" 1.2.2026 ", "8h30")).toBe(Date.UTC(2026, 1, 1, 1, 30));
    expect(instant("31/04/2026", "17:00")).toBeNull();
    expect(instant("24/11/2026", "25:00")).toBeNull();
    expect(instant("24/11/26", "17:00")).toBeNull();
    expect(instant("", "")).toBeNull();
  });
});

describe("words of forms", () => {
  it("are those of an opinion, not of a meeting", () => {
    expect(opinionWords({ choice: "yes", options: [], text: null }, plain)).toBe("Đồng ý");
    expect(opinionWords({ choice: "option", options: [1, 3], text: null }, several)).toBe("Phương án 1: A; Phương án 3: C");
    const own = { ...plain, choices: [{ choice: "yes" as const, label: { vi: "Nhất trí", en: null } }] };
    expect(opinionWords({ choice: "yes", options: [], text: null }, own)).toBe("Nhất trí");
    const act = { recordedAt: null, otherAt: null, failure: null };
    expect(actWords({ ...act, state: "stale" }, "ballot.cast", true).text).toBe("Dự thảo đã thay đổi – đề nghị xác nhận lại");
    expect(actWords({ ...act, state: "late" }, "ballot.cast", true).text).toContain("lấy ý kiến");
    expect(actShort({ ...act, state: "superseded" }, true).text).toBe("Đã thay bằng trả lời khác");
  });

  it("tell where each of those asked stands", () => {
    const member = { member: "m", name: "", title: "", answeredAt: null, overdue: false, stale: false };
    const [coming, past] = [row({}), row({ due: NOW - DAY })];
    expect(askedWords(member, coming, NOW)).toEqual({ tone: "plain", text: "Chưa trả lời" });
    expect(askedWords(member, past, NOW)).toEqual({ tone: "stop", text: "Chưa trả lời, đã quá hạn" });
    expect(askedWords(member, row({ due: NOW - DAY, stage: "closed" }), NOW).tone).toBe("plain");
    const answered = { ...member, answeredAt: Date.now() };
    expect(askedWords(answered, past, NOW).tone).toBe("ok");
    expect(askedWords({ ...answered, overdue: true }, past, NOW).text).toContain("sau hạn");
    expect(askedWords({ ...answered, stale: true }, coming, NOW).tone).toBe("wait");
  });
});

describe("a result", () => {
  const member = { member: "m", name: "", title: "", state: "counted" as const, overdue: false, ballot: null, reply: null };
  const result: QuestionResult = {
    question: several,
    asked: 5,
    answered: 4,
    silent: 1,
    choices: [{ answer: { choice: "alternative", label: null }, count: 1 }],
    options: [3, 2, 0],
    favour: null,
    quorumNeeded: 0,
    passNeeded: 3,
    adopted: [1],
    tieBy: null,
    outcome: "passed",
    members: [
      { ...member, opinion: { choice: "option", options: [1, 2], text: null } },
      { ...member, opinion: { choice: "alternative", options: [], text: "x" }, overdue: true },
      { ...member, opinion: null, state: "stale" },
      { ...member, opinion: null, state: null },
    ],
  };

  it("counts each option by itself, in the order of the rule", () => {
    const rows = countRows(result).map(({ text, count }) => `${text} ${count}`);
    expect(rows).toEqual([
      "Phương án 1: A 3",
      "Phương án 2: B 2",
      "Phương án 3: C 0",
      "Phương án khác 1",
      "Không có trả lời được tính 1",
    ]);
    expect(neededWords(result)).toEqual(["Phương án cần 3 lượt chọn trên tổng số 5 phiếu gửi.", "Được chọn: Phương án 1."]);
  });

  it("says what it needed of those asked, and of those who answered", () => {
    const plainly = { ...result, question: plain, favour: 3, adopted: [], quorumNeeded: 2 };
    expect(neededWords(plainly)).toEqual([
      "Cần 3 ý kiến đồng ý trên tổng số 5 phiếu gửi; có 3.",
      "Đã trả lời 4, cần 2.",
    ]);
    const cast = { ...plain, rule: { ...rule, base: "cast" as const } };
    expect(neededWords({ ...plainly, question: cast })[0]).toContain("4 phiếu trả lời");
  });

  it("tells everyone's opinion, and why one does not count", () => {
    const rows = memberRows(result).map(({ answer, text, note }) => [answer, text, note?.text ?? null]);
    expect(rows).toEqual([
      ["Phương án 1, Phương án 2", null, null],
      ["Phương án khác", "x", "Trả lời sau hạn"],
      ["Không có trả lời được tính", null, "Dự thảo đã thay đổi – đề nghị xác nhận lại"],
      ["Không trả lời", null, null],
    ]);
  });
});
