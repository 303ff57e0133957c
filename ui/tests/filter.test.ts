import { describe, expect, it } from "vitest";
import type { MarkView } from "../src/lib/bindings";
import { byPlace, NOTHING, passes } from "../src/lib/reader/filter";

const mark = (more: Partial<MarkView>) => ({ kind: "highlight", colour: "yellow", notes: [], state: "placed", page: 0, quads: [], by: null, ...more }) as unknown as MarkView;

describe("asking for some of the marks", () => {
  it("shows all when nothing is asked for", () => {
    expect(passes(mark({}), NOTHING)).toBe(true);
  });

  it("finds notes also where they hang on other marks", () => {
    expect(passes(mark({ notes: ["a"] }), { ...NOTHING, kind: "note" })).toBe(true);
    expect(passes(mark({}), { ...NOTHING, kind: "note" })).toBe(false);
    expect(passes(mark({ kind: "ink" }), { ...NOTHING, kind: "ink" })).toBe(true);
  });

  it("goes by colour, paper and need of an eye together", () => {
    const filter = { ...NOTHING, colour: "blue", paper: "p", eye: true };
    expect(passes(mark({ colour: "blue", state: "needsEye" }), filter, "p")).toBe(true);
    expect(passes(mark({ colour: "blue", state: "needsEye" }), filter, "q")).toBe(false);
    expect(passes(mark({ colour: "blue" }), filter, "p")).toBe(false);
    expect(passes(mark({ state: "needsEye" }), filter, "p")).toBe(false);
  });

  it("tells one's own from those of a group", () => {
    const [own, staff] = [mark({}), mark({ by: { name: "A", group: "staff:1" } })];
    const asked = (who: string | null) => [own, staff].filter((each) => passes(each, { ...NOTHING, who }));
    expect(asked(null)).toEqual([own, staff]);
    expect(asked("mine")).toEqual([own]);
    expect(asked("staff:1")).toEqual([staff]);
    expect(asked("all")).toEqual([]);
  });

  it("puts those that need an eye first, then goes down the pages", () => {
    const at = (page: number, y: number, state = "placed") => mark({ page, state: state as MarkView["state"], quads: [[0, y, 0, y, 0, y, 0, y]] });
    const [a, b, c, d] = [at(1, 5), at(0, 9), at(0, 2), at(4, 0, "needsEye")];
    expect([a!, b!, c!, d!].toSorted(byPlace)).toEqual([d, c, b, a]);
  });
});
