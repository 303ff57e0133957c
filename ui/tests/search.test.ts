import { describe, expect, it } from "vitest";
import type { PageHit, PaperHits, SearchView } from "../src/lib/bindings";
import { groups, nearOf, routeOf } from "../src/lib/search/seeking.svelte";

const page = (at: number): PageHit => ({ page: at, pieces: [{ text: "đê", found: true }], places: 1 });
const paper = (name: string, inMeeting: boolean, pages: PageHit[]): PaperHits => ({
  paper: name,
  rev: `${name}1`,
  title: name,
  itemNumber: 1,
  itemTitle: "Đê điều",
  meetingTitle: "Phiên họp",
  starts: 0,
  inMeeting,
  pages,
});
const view: SearchView = {
  titles: [
    {
      target: { kind: "paper", paper: "a", rev: "a1", page: 0 },
      pieces: [],
      itemNumber: 1,
      itemTitle: "Đê điều",
      meetingTitle: "Phiên họp",
      starts: 0,
    },
  ],
  papers: [paper("a", true, [page(0), page(4)]), paper("b", false, [page(2)])],
  notes: [{ id: "n", paper: "b", rev: "b1", page: 2, pieces: [], paperTitle: "b" }],
  more: false,
  reach: { read: 2, total: 2, wordless: [] },
};

describe("what was found", () => {
  it("is one list for the arrow keys, under headings", () => {
    expect(groups(view).map(({ of, at, hits }) => [of, at, hits.length])).toEqual([
      ["titles", 0, 1],
      ["meeting", 1, 2],
      ["papers", 3, 1],
      ["notes", 4, 1],
    ]);
    expect(groups({ ...view, titles: [], papers: [] })[0]).toMatchObject({ of: "notes", at: 0 });
  });

  it("opens where it was found, with the words that were sought", () => {
    const [titles, meeting, , notes] = groups(view);
    expect(routeOf(meeting!.hits[1]!, "de")).toEqual({ at: "reader", paper: "a", rev: "a1", page: 4, find: "de" });
    expect(routeOf(titles!.hits[0]!, "de")).toEqual({ at: "reader", paper: "a", rev: "a1" });
    expect(routeOf(notes!.hits[0]!, "de")).toEqual({ at: "reader", paper: "b", rev: "b1", page: 2 });
  });

  it("is near where the person is", () => {
    expect(nearOf({ at: "home" })).toBeNull();
    expect(nearOf({ at: "chair", meeting: "m" })).toEqual({ kind: "meeting", meeting: "m" });
    expect(nearOf({ at: "item", item: "i" })).toEqual({ kind: "item", item: "i" });
  });
});
