import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MarkView } from "../src/lib/bindings";
import type { InkPoint } from "../src/lib/reader/ink";

/** What the shell was asked for; it fails while `broken`. */
const asked: { name: string; args: Record<string, unknown> }[] = [];
let broken = false;
let next = 0;

vi.mock("../src/lib/call", () => ({
  call: async (name: string, args: Record<string, unknown>) => {
    if (broken) return Promise.reject({ code: "disk.full", params: {} });
    asked.push({ name, args });
    return name === "add_mark" ? `mark ${++next}` : undefined;
  },
}));

const { Marking } = await import("../src/lib/reader/marking.svelte");

const stroke = (x: number): InkPoint[] => [
  [x, 10, 0.5],
  [x + 5, 14, 0.5],
];
const names = () => asked.map(({ name }) => name);
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("marking", () => {
  let marking: InstanceType<typeof Marking>;
  beforeEach(() => {
    asked.length = 0;
    broken = false;
    marking = new Marking(
      () => ({ body: "b", paper: "p", rev: "r" }),
      () => undefined,
    );
  });

  it("takes strokes near each other for one mark, and undoes them one by one", async () => {
    marking.stroke(0, stroke(10));
    marking.stroke(0, stroke(20));
    marking.stroke(0, stroke(400));
    marking.stroke(1, stroke(400));
    expect(marking.wet.length).toBe(4);
    await settle();
    expect(names()).toEqual(["add_mark", "draw", "add_mark", "add_mark"]);
    asked.length = 0;
    for (let i = 0; i < 4; i += 1) await marking.undo();
    expect(names()).toEqual(["remove_mark", "remove_mark", "draw", "remove_mark"]);
    expect(marking.wet).toEqual([]);
    asked.length = 0;
    await marking.redo();
    await marking.redo();
    expect(names()).toEqual(["restore_mark", "draw"]);
    expect(marking.history.canRedo).toBe(true);
  });

  it("loses no stroke that could not be kept", async () => {
    broken = true;
    marking.stroke(0, stroke(10));
    marking.stroke(0, stroke(20));
    await settle();
    expect(marking.failure?.code).toBe("disk.full");
    expect(marking.wet.length).toBe(2);
    broken = false;
    marking.again();
    await settle();
    expect(names()).toEqual(["add_mark", "draw"]);
    expect(marking.failure).toBeNull();
  });

  it("tells of what could not be kept in another paper too, and tries it again from there", async () => {
    broken = true;
    marking.stroke(0, stroke(10));
    await settle();
    const of = (rev: string) => new Marking(() => ({ body: "b", paper: "p", rev }), () => undefined);
    const other = of("other");
    expect([other.failure?.code, other.hasUnkept, other.wet.length]).toEqual(["disk.full", true, 0]);
    expect(of("r").wet).toEqual(marking.wet);
    broken = false;
    other.again();
    await settle();
    expect(asked[0]).toMatchObject({ name: "add_mark", args: { rev: "r" } });
    expect([other.failure, other.hasUnkept]).toEqual([null, false]);
  });

  it("has nothing to try again when only undoing failed", async () => {
    marking.stroke(0, stroke(10));
    await settle();
    broken = true;
    await marking.undo();
    expect([marking.failure?.code, marking.hasUnkept]).toEqual(["disk.full", false]);
    marking.heard();
    expect(marking.failure).toBeNull();
  });

  it("erases the strokes that were touched and no mark, and brings them back as they were kept", async () => {
    const ink = (id: string, ...strokes: string[]) =>
      ({ id, notes: [], strokes: strokes.map((stroke) => ({ id: stroke, width: 1, points: [0, 0, 0.5] })) }) as unknown as MarkView;
    marking.rubbed = new Set(["1", "2", "3"]);
    marking.erase([ink("a", "1", "2"), ink("b", "3", "4"), ink("c", "5")]);
    await settle();
    const erased = [
      { name: "draw", args: { body: "b", id: "a", put: [], erase: ["1", "2"], restore: [] } },
      { name: "draw", args: { body: "b", id: "b", put: [], erase: ["3"], restore: [] } },
    ];
    expect(asked).toEqual(erased);
    asked.length = 0;
    await marking.undo();
    expect(asked).toEqual([
      { name: "draw", args: { body: "b", id: "a", put: [], erase: [], restore: ["1", "2"] } },
      { name: "draw", args: { body: "b", id: "b", put: [], erase: [], restore: ["3"] } },
    ]);
    asked.length = 0;
    await marking.redo();
    expect(asked).toEqual(erased);
  });

  it("lets go of what is on the page as it is kept", async () => {
    marking.stroke(0, stroke(10));
    const [wet] = marking.wet;
    marking.dried([]);
    expect(marking.wet.length).toBe(1);
    marking.dried([{ strokes: [{ id: wet!.id }] } as unknown as MarkView]);
    expect(marking.wet).toEqual([]);
  });
});
