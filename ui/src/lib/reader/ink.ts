// Ink: pure geometry, in page points.
import { getStroke } from "perfect-freehand";

/** x, y, pressure from 0 to 1. */
export type InkPoint = [number, number, number];
export type Box = { x0: number; y0: number; x1: number; y1: number };

/** A longer line of the pen is kept as several strokes. */
export const MOST_POINTS = 2000;
/** Points nearer than this tell nothing. */
const NEAREST = 0.4;
/** A mouse has no pressure: browsers say so many. */
const NO_PRESSURE = 0.5;

/** A new stroke's id. */
export function strokeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The outline of a stroke as an SVG path. */
export function outline(points: InkPoint[], width: number): string {
  const even = points.every((point) => point[2] === NO_PRESSURE);
  const shape = getStroke(points, {
    size: width,
    thinning: even ? 0 : 0.6,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  });
  const [first] = shape;
  if (!first) return "";
  // Through the middles between corners: smooth however few there are.
  let path = `M${at(first)}Q`;
  shape.forEach((corner, i) => {
    const next = shape[(i + 1) % shape.length]!;
    path += `${at(corner)} ${at([(corner[0]! + next[0]!) / 2, (corner[1]! + next[1]!) / 2])} `;
  });
  return `${path.trimEnd()}Z`;
}

/** Whether a further point of the pen tells anything. */
export function isFar(from: InkPoint | undefined, to: InkPoint): boolean {
  return !from || Math.hypot(to[0] - from[0], to[1] - from[1]) >= NEAREST;
}

/** Points as they are sent: one after the other. */
export function flat(points: InkPoint[]): number[] {
  return points.flatMap(([x, y, pressure]) => [short(x), short(y), short(pressure)]);
}

export function unflat(points: number[]): InkPoint[] {
  const found: InkPoint[] = [];
  for (let i = 0; i + 2 < points.length; i += 3) found.push([points[i]!, points[i + 1]!, points[i + 2]!]);
  return found;
}

export function boxOf(points: InkPoint[]): Box {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const [x, y] of points) {
    box.x0 = Math.min(box.x0, x);
    box.y0 = Math.min(box.y0, y);
    box.x1 = Math.max(box.x1, x);
    box.y1 = Math.max(box.y1, y);
  }
  return box;
}

export function joined(a: Box, b: Box): Box {
  return { x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) };
}

/** How far apart two boxes are; 0 if they meet. */
export function gapOf(a: Box, b: Box): number {
  const gap = (from: number, to: number, first: number, last: number) => Math.max(0, first - to, from - last);
  return Math.hypot(gap(a.x0, a.x1, b.x0, b.x1), gap(a.y0, a.y1, b.y0, b.y1));
}

/** Whether something round, so large, at a place touches a stroke. */
export function touches(points: InkPoint[], width: number, x: number, y: number, radius: number): boolean {
  const far = radius + width / 2;
  return points.some((point, i) => distance(x, y, points[i - 1] ?? point, point) <= far);
}

function distance(x: number, y: number, a: InkPoint, b: InkPoint): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const long = dx * dx + dy * dy;
  const part = long === 0 ? 0 : Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / long));
  return Math.hypot(x - a[0] - part * dx, y - a[1] - part * dy);
}

const short = (n: number) => Math.round(n * 100) / 100;
const at = (corner: number[]) => `${short(corner[0]!)} ${short(corner[1]!)}`;
