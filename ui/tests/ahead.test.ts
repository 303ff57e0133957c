import { beforeEach, expect, test, vi } from "vitest";

/** As much of a picture as is asked of it here. */
class Picture {
  alt = "";
  draggable = true;
  src = "";
  removeAttribute(name: "src") {
    this[name] = "";
  }
}

vi.stubGlobal("Image", Picture);
vi.mock("../src/lib/call", () => ({ pageUrl: (_: string, rev: string, page: number | "start", pixels: number) => `${rev}/${page}/${pixels}` }));
const { begin, drop, picture, startsAt, take } = await import("../src/lib/reader/ahead");

beforeEach(() => {
  drop();
  // The width is known once a page was drawn.
  take("none", 0, 1024);
});

/** Every picture that was asked for since. */
function watched(): HTMLImageElement[] {
  const all: HTMLImageElement[] = [];
  class Watched extends Picture {
    constructor() {
      super();
      all.push(this as unknown as HTMLImageElement);
    }
  }
  vi.stubGlobal("Image", Watched);
  return all;
}

test("the picture that was begun with the click is the one that is shown, and is shown once", () => {
  const all = watched();
  begin("body", "rev", 4);
  expect(all.map((image) => image.src)).toEqual(["rev/4/1024"]);
  expect(take("rev", 4, 1024)).toBe(all[0]);
  expect(take("rev", 4, 1024)).toBeNull();
});

test("where he stopped reading is learnt while the picture is on its way", () => {
  const all = watched();
  begin("body", "rev", null);
  expect(all[0]?.src).toBe("rev/start/1024");
  startsAt("rev", 7);
  expect(take("rev", 6, 1024)).toBeNull();
  expect(take("rev", 7, 1024)).toBe(all[0]);
});

test("what is shown nowhere is let go: left, another paper begun, or wanted in another width", () => {
  const all = watched();
  begin("body", "rev", 0);
  drop();
  begin("body", "one", 0);
  begin("body", "other", 0);
  expect(take("other", 0, 2048)).toBeNull();
  expect(all.map((image) => image.src)).toEqual(["", "", ""]);
});

test("before any page was drawn nobody knows how wide: nothing is asked for ahead", async () => {
  vi.resetModules();
  const fresh = await import("../src/lib/reader/ahead");
  const all = watched();
  fresh.begin("body", "rev", 0);
  expect(all).toEqual([]);
  expect(picture("body", "rev", 0, 512).src).toBe("rev/0/512");
});
