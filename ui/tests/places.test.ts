import { describe, expect, it } from "vitest";
import type { AgendaRow } from "../src/lib/bindings";
import { paperAt, papersOf, read } from "../src/lib/reader/address";
import { headingAt } from "../src/lib/reader/headings";
import { pinching, wheelFactor } from "../src/lib/reader/pinch";
import { Trail } from "../src/lib/reader/trail.svelte";
import { barPlace, pagePoint, shownBox, turning, upright } from "../src/lib/reader/turned";

describe("a place that is typed", () => {
  it("is a page, a paper, or both", () => {
    expect(read("14")).toEqual({ paper: null, page: 13 });
    expect(read(" 3.2/14 ")).toEqual({ paper: { item: 3, number: 2 }, page: 13 });
    expect(read("3,2 / 14")).toEqual({ paper: { item: 3, number: 2 }, page: 13 });
    expect(read("3.2")).toEqual({ paper: { item: 3, number: 2 }, page: null });
  });

  it("is nothing else", () => {
    for (const text of ["", " ", "0", "-1", "3.2/0", "/4", "3.2 14", "3.", "a", "3.2/x", "1.2.3"]) expect(read(text)).toBeNull();
  });

  it("finds papers by their numbers on the agenda; withdrawn ones keep theirs and are not opened", () => {
    const paper = (name: string, state = "ready") => ({ paper: name, rev: name, state });
    const items = [
      { number: 1, papers: [paper("a")] },
      { number: 3, papers: [paper("b", "withdrawn"), paper("c")] },
    ] as unknown as AgendaRow[];
    expect(papersOf(items).map(({ number, row }) => `${number} ${row.paper}`)).toEqual(["1.1 a", "3.2 c"]);
    expect(paperAt(items, { item: 3, number: 2 })?.paper).toBe("c");
    expect(paperAt(items, { item: 3, number: 1 })).toBeNull();
    expect(paperAt(items, { item: 2, number: 1 })).toBeNull();
  });
});

describe("the way back", () => {
  const at = (page: number, paper = "a") => ({ paper, rev: paper, page, within: 0.2 });

  it("goes back and forward as in a browser", () => {
    const trail = new Trail();
    expect([trail.canBack, trail.back(at(0)), trail.forward(at(0))]).toEqual([false, null, null]);
    trail.leave(at(0));
    trail.leave(at(7));
    expect(trail.back(at(2, "b"))).toEqual(at(7));
    expect(trail.back(at(7))).toEqual(at(0));
    expect([trail.canBack, trail.canForward]).toEqual([false, true]);
    expect(trail.forward(at(0))).toEqual(at(7));
    trail.leave(at(7));
    expect(trail.canForward).toBe(false);
  });

  it("keeps one place once, and not for ever", () => {
    const trail = new Trail();
    trail.leave(at(3));
    trail.leave({ ...at(3), within: 0.25 });
    expect(trail.steps.back).toHaveLength(1);
    for (let page = 0; page < 300; page += 1) trail.leave(at(page));
    expect(trail.steps.back).toHaveLength(100);
    expect(new Trail(trail.steps).back(at(0))).toEqual(at(299));
  });
});

describe("the heading one reads under", () => {
  const rows = [
    { title: "I", level: 0, page: 0, y: 400 },
    { title: "1", level: 1, page: 1, y: 100 },
    { title: "out", level: 1, page: null, y: null },
    { title: "2", level: 1, page: 1, y: 600 },
    { title: "II", level: 0, page: 4, y: null },
  ];
  const under = (page: number, within: number) => headingAt(rows, { page, within }, () => 800);

  it("is the last one above", () => {
    expect([under(0, 0.1), under(0, 0.6), under(1, 0.1), under(1, 0.4), under(3, 0.9), under(4, 0)]).toEqual([null, 0, 0, 1, 3, 4]);
  });
});

describe("zooming by hand", () => {
  it("a notch of a wheel is one step, a trackpad many small ones, and there and back is the same size", () => {
    expect(wheelFactor({ deltaY: -120, deltaMode: 0 })).toBeCloseTo(1.284, 3);
    expect(wheelFactor({ deltaY: -3, deltaMode: 1 })).toBeCloseTo(1.284, 3);
    expect(wheelFactor({ deltaY: 2, deltaMode: 0 }) * wheelFactor({ deltaY: -2, deltaMode: 0 })).toBeCloseTo(1);
  });

  /** An element at (10, 20), what it heard, and what the browser may still do with it. */
  function heard(events: [string, object][]): { zooms: number[][]; stopped: boolean[] } {
    const element = new EventTarget() as HTMLElement;
    element.getBoundingClientRect = () => ({ left: 10, top: 20 }) as DOMRect;
    const zooms: number[][] = [];
    const stop = pinching(element, (...zoom) => zooms.push(zoom));
    const stopped = events.map(([name, more]) => {
      const event = Object.assign(new Event(name, { cancelable: true }), more);
      element.dispatchEvent(event);
      return event.defaultPrevented;
    });
    stop();
    element.dispatchEvent(Object.assign(new Event("wheel"), { deltaY: 1, deltaMode: 0, ctrlKey: true }));
    return { zooms, stopped };
  }

  it("two fingers zoom around the middle between them, one scrolls", () => {
    const fingers = (...at: number[]) => ({ touches: at.map((x) => ({ clientX: x, clientY: 120 })) });
    const { zooms, stopped } = heard([
      ["touchstart", fingers(100)],
      ["touchmove", fingers(105)],
      ["touchstart", fingers(100, 200)],
      ["touchmove", fingers(100, 300)],
      ["touchmove", fingers(50, 250)],
      ["touchend", fingers(50)],
      ["touchmove", fingers(80)],
      ["touchstart", fingers(80, 180)],
    ]);
    expect(zooms).toEqual([
      [2, 190, 100],
      [1, 140, 100],
    ]);
    expect(stopped).toEqual([false, false, true, true, true, false, false, true]);
  });

  it("hears a trackpad's gesture as WebKit tells it, and the wheel only with Ctrl", () => {
    const at = { clientX: 110, clientY: 70 };
    const { zooms, stopped } = heard([
      ["gesturestart", { scale: 1, ...at }],
      ["gesturechange", { scale: 1.5, ...at }],
      ["gesturechange", { scale: 3, ...at }],
      ["wheel", { deltaY: -10, deltaMode: 0, ctrlKey: false, metaKey: false, ...at }],
      ["wheel", { deltaY: -10, deltaMode: 0, ctrlKey: true, ...at }],
    ]);
    expect(zooms.map(([factor]) => factor)).toEqual([1.5, 2, expect.closeTo(1.105, 3)]);
    expect(zooms.every(([, x, y]) => x === 100 && y === 50)).toBe(true);
    expect(stopped).toEqual([true, true, true, false, true]);
  });
});

describe("a turned page", () => {
  /** Where a point of an upright page of 100 by 200 is seen after CSS has turned it. */
  function seen(turn: 0 | 1 | 2 | 3, x: number, y: number): [number, number] {
    const found = /translate\((\d+)(?:px)?, (\d+)(?:px)?\) rotate\((\d+)deg\)/.exec(turning(turn, 100, 200) ?? "translate(0, 0) rotate(0deg)")!;
    const [dx, dy, angle] = [Number(found[1]), Number(found[2]), (Number(found[3]) * Math.PI) / 180];
    return [dx + x * Math.cos(angle) - y * Math.sin(angle), dy + x * Math.sin(angle) + y * Math.cos(angle)];
  }

  it("gives the point of the page that is under the pointer", () => {
    for (const turn of [0, 1, 2, 3] as const) {
      const shown = turn % 2 === 0 ? { width: 100, height: 200 } : { width: 200, height: 100 };
      const [x, y] = seen(turn, 30, 80);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(shown.width);
      const back = upright(x, y, shown, turn);
      expect(back[0]).toBeCloseTo(30);
      expect(back[1]).toBeCloseTo(80);
    }
  });

  it("shows a box where its corners are seen", () => {
    for (const turn of [0, 1, 2, 3] as const) {
      const [a, b] = [seen(turn, 10, 20), seen(turn, 40, 30)];
      const box = shownBox({ x0: 10, y0: 20, x1: 40, y1: 30 }, { width: 100, height: 200 }, turn);
      expect(box.x0).toBeCloseTo(Math.min(a[0], b[0]));
      expect(box.y0).toBeCloseTo(Math.min(a[1], b[1]));
      expect(box.x1).toBeCloseTo(Math.max(a[0], b[0]));
      expect(box.y1).toBeCloseTo(Math.max(a[1], b[1]));
    }
  });

  it("has what is said of words just below them, or above, however it is turned", () => {
    const [page, bar] = [{ width: 100, height: 200 }, { width: 60, height: 12 }];
    for (const turn of [0, 1, 2, 3] as const) {
      const shown = turn % 2 === 0 ? page : { width: 200, height: 100 };
      for (const words of [{ x0: 10, y0: 20, x1: 40, y1: 30 }, { x0: 60, y0: 180, x1: 90, y1: 190 }]) {
        const { left, top } = barPlace([words], bar, page, turn);
        // It is upright around its middle.
        const [x, y] = seen(turn, left + bar.width / 2, top + bar.height / 2);
        const box = shownBox(words, page, turn);
        const gap = y > box.y1 ? y - bar.height / 2 - box.y1 : box.y0 - y - bar.height / 2;
        expect(gap).toBeCloseTo(8);
        expect(x - bar.width / 2).toBeGreaterThanOrEqual(-0.001);
        expect(x + bar.width / 2).toBeLessThanOrEqual(shown.width + 0.001);
      }
    }
  });

  it("reads the turn from the page on the screen", () => {
    const element = {
      getBoundingClientRect: () => ({ left: 10, top: 20, width: 400, height: 200 }),
      closest: () => ({ dataset: { turn: "1" } }),
    } as unknown as Element;
    expect(pagePoint({ clientX: 10 + 340, clientY: 20 + 50 }, element, 2)).toEqual([25, 30]);
  });
});
