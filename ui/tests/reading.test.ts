import { describe, expect, it } from "vitest";
import { Reading } from "../src/lib/reader/reading.svelte";

const A4 = { width: 595, height: 842 };

function open(count: number, width = 1100, height = 700): Reading {
  const pages = Array.from({ length: count }, () => A4);
  const reading = new Reading(() => pages);
  reading.width = width;
  reading.height = height;
  return reading;
}

describe("pages on the screen", () => {
  it("fits the width, but no wider than is good to read", () => {
    expect(open(3, 800).scale * A4.width).toBeCloseTo(752);
    expect(open(3, 2000).scale * A4.width).toBeCloseTo(1040);
  });

  it("fits each page: one that lies across makes the others no smaller", () => {
    const reading = new Reading(() => [A4, { width: A4.height, height: A4.width }, A4]);
    [reading.width, reading.height] = [800, 700];
    expect([0, 1, 2].map((page) => Math.round(reading.sizes[page]!.width * reading.scaleOf(page)))).toEqual([752, 752, 752]);
    expect(reading.tops[1]! - reading.tops[0]!).toBeCloseTo((A4.height * 752) / A4.width + 16);
    expect(reading.across).toBe(800);
    reading.zoom = 1;
    expect(reading.scaleOf(1)).toBe(reading.scaleOf(0));
  });

  it("fits a whole page", () => {
    const reading = open(3);
    reading.zoom = "page";
    expect(reading.scale * A4.height).toBeCloseTo(652);
  });

  it("knows the page that is read, and draws near ones only", () => {
    const reading = open(300);
    reading.scrollTop = reading.topOf(120);
    expect(reading.current).toBe(120);
    expect(reading.first).toBeGreaterThanOrEqual(118);
    expect(reading.last).toBeLessThanOrEqual(122);
  });

  it("stays within the pages at both ends", () => {
    const reading = open(4);
    reading.scrollTop = -500;
    expect([reading.current, reading.first]).toEqual([0, 0]);
    reading.scrollTop = reading.total;
    expect([reading.current, reading.last]).toEqual([3, 3]);
  });

  it("keeps the spot when the zoom changes", () => {
    const reading = open(50);
    reading.scrollTop = reading.topOf(20) + 300;
    const before = reading.spot();
    reading.zoom = 2;
    reading.scrollTop = reading.topFor(before);
    expect(reading.spot().page).toBe(20);
    expect(reading.spot().within).toBeCloseTo(before.within);
  });

  it("steps in and out", () => {
    const reading = open(1);
    reading.zoom = 1;
    expect([reading.step(1), reading.step(-1)]).toEqual([1.25, 0.75]);
    reading.zoom = 4;
    expect(reading.step(1)).toBeCloseTo(4);
    reading.zoom = 0.25;
    expect(reading.step(-1)).toBeCloseTo(0.25);
  });

  it("bears a paper without pages", () => {
    const reading = open(0);
    expect([reading.total, reading.current, reading.last]).toEqual([0, 0, 0]);
  });

  it("zooms around a point of the window, from 25 to 400 %", () => {
    const reading = open(20);
    reading.scrollTop = reading.topOf(7) + 200;
    const grip = reading.under(300, 500);
    for (const factor of [1.3, 1.2, 0.5, 9, 0.01]) {
      reading.zoom = reading.times(factor);
      const to = reading.hold(grip);
      [reading.scrollTop, reading.scrollLeft] = [to.top, to.left];
      const now = reading.under(300, 500);
      expect(now.page).toBe(grip.page);
      expect(now.v).toBeCloseTo(grip.v, 3);
      expect(reading.zoom).toBeGreaterThanOrEqual(0.25);
      expect(reading.zoom).toBeLessThanOrEqual(4);
    }
  });

  it("shows one page at a time, and its neighbours are ready", () => {
    const reading = open(9);
    reading.scrollTop = reading.topOf(4);
    reading.mode = "single";
    reading.zoom = "page";
    expect(reading.current).toBe(4);
    expect([reading.first, reading.last]).toEqual([3, 5]);
    expect([3, 4, 5].map((page) => reading.isShown(page))).toEqual([false, true, false]);
    expect(reading.total).toBeCloseTo(700);
    reading.show(reading.beside(1));
    expect([reading.current, reading.atEnd]).toEqual([5, false]);
    reading.show(8);
    expect([reading.beside(1), reading.atEnd]).toEqual([8, true]);
  });

  it("shows two pages beside each other", () => {
    const reading = open(5);
    reading.mode = "two";
    reading.show(3);
    expect([2, 3, 4].map((page) => reading.isShown(page))).toEqual([true, true, false]);
    expect(reading.left(3) - reading.left(2)).toBeCloseTo(A4.width * reading.scale + 16);
    expect(reading.left(2) + A4.width * reading.scale).toBeLessThan(reading.across / 2);
    expect([reading.beside(1), reading.beside(-1)]).toEqual([4, 0]);
    reading.show(4);
    expect([reading.atEnd, reading.isShown(4)]).toEqual([true, true]);
    expect(reading.under(reading.width - 100, 300).page).toBe(4);
  });

  it("keeps the page when the layout changes, and turned pages lie across", () => {
    const reading = open(30);
    reading.scrollTop = reading.topOf(11);
    reading.mode = "two";
    expect(reading.current).toBe(11);
    reading.turn = 1;
    expect(reading.sizes[0]).toEqual({ width: A4.height, height: A4.width });
    reading.mode = "scroll";
    expect(reading.across).toBeLessThanOrEqual(1100);
  });
});
