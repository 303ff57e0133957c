import fs from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { LostAct, Redo } from "../src/lib/bindings";
import { errors } from "../src/lib/bindings/errors";
import { words } from "../src/lib/errors/words";
import { bytes, clock, dayTime, fold, nfc, setZone } from "../src/lib/format";
import { kindWords, lossCount, ownCount } from "../src/lib/losses/words";
import { setLocale } from "../src/lib/paraglide/runtime";
import { actWords } from "../src/lib/poll/words";
import { ruleWords } from "../src/lib/poll/rule";

const read = (locale: string) => JSON.parse(fs.readFileSync(`messages/${locale}.json`, "utf8")) as Record<string, unknown>;

afterEach(() => void setLocale("vi", { reload: false }));

describe("messages", () => {
  it("are the same in both languages", () => {
    expect(Object.keys(read("en")).sort()).toEqual(Object.keys(read("vi")).sort());
  });

  it("are composed, and have no pronoun for the reader", () => {
    for (const [key, text] of Object.entries(read("vi"))) {
      expect(text, key).toBe(nfc(String(text)));
      expect(` ${String(text).toLowerCase()} `, key).not.toMatch(/[^\p{L}](bạn|token)[^\p{L}]/u);
    }
  });
});

describe("errors", () => {
  it("always say something, and what is safe for an unknown code", () => {
    const said = words({ code: "some.new_code", params: {} });
    expect(said.what).not.toBe("");
    expect(said.safe).toBeDefined();
    expect(said.todo).toBeDefined();
  });

  it("say of each code of the programs what it means, in both languages", () => {
    for (const code of Object.keys(errors)) {
      for (const locale of ["vi", "en"] as const) {
        setLocale(locale, { reload: false });
        expect(words({ code, params: {} }).what, code).not.toBe("");
      }
    }
    expect(words({ code: "clock.wrong", params: { seconds: "7" } }).what).toContain(" 7 ");
  });

  it("hold voting when the server's history is wrong", () => {
    expect(words({ code: "server.other_root", params: {} })).toEqual(words({ code: "seen.other", params: {} }));
  });
});

describe("states of a ballot", () => {
  const act = { recordedAt: new Date(2026, 0, 5, 9, 42).getTime(), otherAt: null, failure: null };

  it("are never more than they are", () => {
    expect(actWords({ ...act, state: "saved" })).toEqual({
      tone: "wait",
      text: "Đã lưu trên máy này – chưa gửi, chưa được tính",
    });
    expect(actWords({ ...act, state: "recorded" }).text).toContain("có hiệu lực nếu không thay đổi trước khi kết thúc");
    expect(actWords({ ...act, state: "late" }).tone).toBe("stop");
  });

  it("follow the language", () => {
    void setLocale("en", { reload: false });
    expect(actWords({ ...act, state: "counted" }).text).toBe("Counted in the result");
  });
});

describe("a loss", () => {
  const kinds = [
    { kind: "ballot.cast", count: 4, own: 3 },
    { kind: "device.enrol", count: 1, own: 0 },
  ];

  it("is counted from the first entry that this device had", () => {
    expect(lossCount({ from: 42, kinds })).toBe("5 mục từ mục số 42 trở đi không còn giá trị.");
    expect(lossCount({ from: 42, kinds: [] })).toBe("Máy này không có mục nào trong phần bị mất.");
  });

  it("tells the reader's own apart", () => {
    expect(kinds.map(kindWords)).toEqual(["4 phiếu biểu quyết (3 của chính mình)", "1 lần đăng ký thiết bị"]);
    void setLocale("en", { reload: false });
    expect(kinds.map(kindWords)).toEqual(["4 ballots (3 own)", "1 device enrolled"]);
  });

  it("says how many of the reader's can be done again", () => {
    const act = (redo: Redo): LostAct => ({ statement: "", kind: "ballot.cast", subject: "", choice: null, at: 0, redo });
    const now = act({ kind: "now", target: { kind: "devices" } });
    expect(ownCount([])).toContain("không phải làm lại gì");
    expect(ownCount([now, act({ kind: "gone" })])).toBe("Trong đó có 2 việc của chính mình, 1 việc làm lại được ngay.");
    expect(ownCount([act({ kind: "done" })])).toContain("hiện không phải làm lại việc nào");
  });

  it("is no refusal: it can be done again", () => {
    const lost = { state: "lost", recordedAt: null, otherAt: null, failure: { code: "epoch.lost", params: {} } } as const;
    expect(actWords(lost)).toEqual({ tone: "wait", text: "Đã mất khi khôi phục máy chủ – không được ghi nhận" });
    expect(actWords({ ...lost, redo: { kind: "done" } }).tone).toBe("plain");
  });
});

it("a rule is told in numbers", () => {
  const more = { options: 0, most: 0, favour: [], silent: false, objection: false, hard: false, substitutes: false };
  const quiet = { ...more, room: false, positions: false, running: false, see: [] };
  const rule = { ...quiet, members: 27, quorumNeeded: 18, base: "members", passNeeded: 14, num: 1, den: 2, strict: true } as const;
  expect(ruleWords({ ...rule, tieHolder: null })).toBe(
    "Cần ít nhất 18 trong số 27 thành viên có mặt. Thông qua khi có ít nhất 14 trong số 27 thành viên tán thành.",
  );
});

describe("format", () => {
  it("writes times and sizes the Vietnamese way", () => {
    expect(dayTime(Date.UTC(2026, 10, 24, 1, 0))).toBe("Thứ Ba, 24/11/2026, 08:00");
    expect(bytes(12.4 * 1024 * 1024)).toBe("12,4 MB");
    expect(bytes(300)).toBe("1 KB");
  });

  it("tells times on the clock of the body in hand", () => {
    const at = Date.UTC(2026, 10, 24, 1, 0);
    setZone(9 * 60 + 30);
    expect(clock(at)).toBe("10:30");
    setZone(7 * 60);
    expect(clock(at)).toBe("08:00");
  });

  it("folds đ too", () => expect(fold("Đường ƯỚC")).toBe("duong uoc"));
});
