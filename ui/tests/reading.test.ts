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
    reading.zoom = 3;
    expect(reading.step(1)).toBeCloseTo(3);
  });

  it("bears a paper without pages", () => {
    const reading = open(0);
    expect([reading.total, reading.current, reading.last]).toEqual([0, 0, 0]);
  });
});
