import { afterEach, describe, expect, it } from "vitest";
import type { ChairBlock, ChairItem, ChairView, ConclusionView, HandsView, MemberPosition, PositionsView, Stance } from "../src/lib/bindings";
import { byDebate, forBlock, isOrdered, nextStep } from "../src/lib/chair/order";
import { moved } from "../src/lib/floor/order";
import { handsWords } from "../src/lib/hands/words";
import { setLocale } from "../src/lib/paraglide/runtime";
import { groups, needOf } from "../src/lib/positions/order";
import { countsWords, positionShort } from "../src/lib/positions/words";

afterEach(() => void setLocale("vi", { reload: false }));

const member = (stance: Stance | null, more: Partial<MemberPosition> = {}): MemberPosition => ({
  member: "m",
  name: "",
  title: "",
  stance,
  text: null,
  statedAt: stance === null ? null : 1,
  stale: false,
  ...more,
});

function positions(...stances: (Stance | null)[]): PositionsView {
  const of = (stance: Stance | null) => stances.filter((each) => each === stance).length;
  return {
    object: of("object"),
    speak: of("speak"),
    agree: of("agree"),
    silent: of(null),
    unseen: 0,
    members: stances.map((stance) => member(stance)),
  };
}

const item = (number: number, more: Partial<ChairItem> = {}): ChairItem => ({
  item: `i${number}`,
  number,
  title: "",
  agency: null,
  minutes: null,
  kind: null,
  poll: null,
  counts: null,
  question: "",
  ballotsIn: 0,
  openedAt: null,
  pulled: null,
  conclusion: null,
  positions: positions(null, null),
  speakers: [],
  voted: [],
  handChoices: [],
  hands: [],
  waiting: false,
  ...more,
});

const poll = (more: Partial<NonNullable<ChairItem["poll"]>>) => ({
  poll: "p",
  open: false,
  recalled: false,
  block: false,
  outcome: null,
  ...more,
});

const concluded = (more: Partial<ConclusionView> = {}): ConclusionView => ({
  statement: "c",
  conclusion: "adopted",
  by: null,
  text: "",
  author: "",
  capacity: "chair",
  writtenAt: 1,
  confirmedAt: 1,
  confirming: false,
  ...more,
});

const desk = (items: ChairItem[], more: Partial<ChairView> = {}): ChairView =>
  ({
    items,
    blocks: [],
    attendance: [],
    n: 5,
    present: 5,
    quorumNeeded: 4,
    cannotConclude: null,
    cannotPoll: null,
    presides: true,
    ...more,
  }) as unknown as ChairView;

const OBJECTED = item(1, { positions: positions("object", "agree") });
const SPOKEN = item(2, { positions: positions("speak", "agree") });
const AGREED = item(3, { positions: positions("agree", "agree") });
const UNSAID = item(4, { positions: positions("agree", null) });

describe("what needs a debate", () => {
  it("comes first: objections, wishes to speak, what not all have said something of, what all agree on", () => {
    const decided = item(5, { poll: poll({ outcome: "passed" }) });
    const open = item(6, { poll: poll({ open: true }) });
    const order = byDebate([decided, AGREED, UNSAID, SPOKEN, OBJECTED, open]).map(({ group }) => group);
    expect(order).toEqual(["open", "object", "speak", "silent", "agree", "done"]);
  });

  it("is what a member has taken out of a block, and what was said of former papers only", () => {
    const pulled = item(1, { positions: AGREED.positions, pulled: { name: "A", why: null, at: 1 } });
    expect(byDebate([OBJECTED, pulled])[0]?.group).toBe("pulled");
    const stale = { ...AGREED.positions, members: [member("agree", { stale: true })] };
    expect(needOf(stale)).toBe("silent");
    expect(isOrdered([item(1)])).toBe(false);
  });

  it("is told with the names of those who say it, in protocol order", () => {
    const said = [member("agree", { member: "a" }), member("object", { member: "b" }), member(null, { member: "c", statedAt: 1 })];
    expect(groups(said).map(({ key, members }) => [key, ...members.map(({ member }) => member)])).toEqual([
      ["object", "b"],
      ["unseen", "c"],
      ["agree", "a"],
    ]);
    expect(countsWords(positions("object", "agree", null)).join(" · ")).toBe("1 không nhất trí · 1 nhất trí · 1 chưa nêu ý kiến");
  });
});

describe("the next step", () => {
  it("is the quorum, then a block of what nobody objects to, then the item that needs a debate most", () => {
    expect(nextStep(desk([OBJECTED, AGREED, UNSAID], { present: 3 }))?.kind).toBe("quorum");
    const block = nextStep(desk([OBJECTED, SPOKEN, AGREED, UNSAID]));
    expect(block?.kind === "block" && block.items.map(({ number }) => number)).toEqual([3, 4]);
    const next = nextStep(desk([SPOKEN, OBJECTED, AGREED]));
    expect(next?.kind === "open" && next.item.number).toBe(1);
    expect(nextStep(desk([item(1), item(2)]))?.kind, "nothing is known of them").toBe("open");
  });

  it("is to close what is open, and to confirm the hands in it before", () => {
    const open = item(1, { poll: poll({ open: true }) });
    expect(nextStep(desk([open, OBJECTED]))?.kind).toBe("close");
    const hands: HandsView = {
      statement: "h",
      counts: [{ answer: { choice: "yes", label: null }, count: 3 }, { answer: { choice: "no", label: null }, count: 0 }],
      members: [],
      total: 3,
      enteredAt: 1,
      confirmedAt: null,
      confirming: false,
      overtaken: false,
    };
    expect(handsWords(hands)).toBe("Tán thành 3");
    const counted = { ...open, hands: [hands] };
    expect(nextStep(desk([counted]))?.kind).toBe("hands");
    expect(nextStep(desk([counted], { presides: false }))?.kind, "the chair is waited for").toBe("hands");
    expect(nextStep(desk([{ ...open, hands: [{ ...hands, overtaken: true }] }]))?.kind).toBe("close");
    expect(nextStep(desk([{ ...open, waiting: true }])), "what was done last waits").toBe(null);
    const block = { poll: poll({ open: true, block: true }), items: [], hands: [], waiting: false } as unknown as ChairBlock;
    expect(nextStep(desk([AGREED], { blocks: [block] }))?.kind).toBe("closeBlock");
  });

  it("is to conclude on what was voted on, and to confirm what the office has written", () => {
    const voted = item(1, { poll: poll({ outcome: "passed" }) });
    expect(nextStep(desk([voted]))?.kind).toBe("conclude");
    const proposed = { ...voted, conclusion: concluded({ capacity: "secretariat", confirmedAt: null }) };
    expect(nextStep(desk([proposed]))?.kind).toBe("confirm");
    expect(nextStep(desk([proposed], { presides: false }))?.kind).toBe("done");
    expect(nextStep(desk([{ ...voted, conclusion: concluded() }]))?.kind).toBe("done");
    const recalled = item(2, { poll: poll({ recalled: true }) });
    expect(nextStep(desk([recalled]))?.kind, "what was taken back is asked again").toBe("open");
  });

  it("leaves reports alone", () => {
    const report = item(1, { kind: "report", positions: AGREED.positions });
    expect(nextStep(desk([report]))?.kind).toBe("done");
    expect(forBlock([report])).toEqual([]);
  });
});

it("speakers change places, and nobody is lost", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a"], 3, 1)).toEqual(["a"]);
});

it("an own position is told with how far it has come", () => {
  const own = { stance: "object" as const, recordedAt: 1, failure: null };
  expect(positionShort({ ...own, state: "recorded" })).toEqual({ tone: "ok", text: "Ý kiến: Không nhất trí" });
  expect(positionShort({ ...own, state: "stale" }).text).toBe("Ý kiến: Không nhất trí · Tài liệu đã thay đổi");
  expect(positionShort({ ...own, state: "saved" }).text).toBe("Ý kiến: Không nhất trí · Đã lưu – chưa gửi");
});
