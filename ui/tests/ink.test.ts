import { describe, expect, it } from "vitest";
import { boxOf, flat, gapOf, isFar, outline, strokeId, touches, unflat, type InkPoint } from "../src/lib/reader/ink";

const line: InkPoint[] = [
  [10, 10, 0.5],
  [20, 10, 0.5],
  [40, 10, 0.5],
];

describe("ink", () => {
  it("has a closed outline, as wide as the pen, whether one point or many", () => {
    const ys = (path: string) => [...path.matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map((pair) => Number(pair[1]));
    for (const points of [line, line.slice(0, 1), line.slice(0, 2)]) {
      const path = outline(points, 4);
      expect(path).toMatch(/^M.*Z$/);
      const high = Math.max(...ys(path)) - Math.min(...ys(path));
      expect(high).toBeGreaterThan(3);
      expect(high).toBeLessThan(6);
    }
    expect(outline([], 4)).toBe("");
  });

  it("is wider where the pen is pressed", () => {
    const high = (pressure: number) => {
      const points = Array.from({ length: 30 }, (_, i): InkPoint => [i * 3, 50, pressure + (i % 2) * 0.001]);
      const ys = [...outline(points, 4).matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map((pair) => Number(pair[1]));
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(high(0.9)).toBeGreaterThan(high(0.5) + 0.5);
    expect(high(0.5)).toBeGreaterThan(high(0.1) + 0.5);
  });

  it("is sent as numbers and read again", () => {
    expect(flat([[1.23456, 2, 0.5]])).toEqual([1.23, 2, 0.5]);
    expect(unflat(flat(line))).toEqual(line);
    expect(unflat([1, 2])).toEqual([]);
  });

  it("is touched by an eraser on its line, not beside it", () => {
    expect(touches(line, 2, 30, 14, 4)).toBe(true);
    expect(touches(line, 2, 30, 16, 4)).toBe(false);
    expect(touches(line, 2, 46, 10, 4)).toBe(false);
    expect(touches(line.slice(0, 1), 2, 12, 10, 2)).toBe(true);
    expect(touches([], 2, 0, 0, 9)).toBe(false);
  });

  it("knows how far apart strokes are", () => {
    expect(gapOf(boxOf(line), boxOf([[43, 14, 0.5]]))).toBe(5);
    expect(gapOf(boxOf(line), boxOf([[25, 10, 0.5]]))).toBe(0);
    expect(isFar(undefined, line[0]!)).toBe(true);
    expect(isFar([10, 10, 0.5], [10.1, 10.1, 0.9])).toBe(false);
  });

  it("gives each stroke an id of its own", () => {
    expect(strokeId()).toMatch(/^[0-9a-f]{16}$/);
    expect(strokeId()).not.toBe(strokeId());
  });
});
