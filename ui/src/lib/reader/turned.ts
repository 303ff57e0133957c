// Pages may be turned on the screen; words and marks stay where they are on the page.
import type { Box } from "./ink";
import type { Turn } from "./reading.svelte";

/** Where on a page a pointer is, in page points. `element` covers the page and may lie in a turned one. */
export function pagePoint(event: { clientX: number; clientY: number }, element: Element, scale: number): [number, number] {
  const box = element.getBoundingClientRect();
  const turned = element.closest<HTMLElement>("[data-turn]")?.dataset.turn;
  const [x, y] = upright(event.clientX - box.left, event.clientY - box.top, box, Number(turned ?? 0) as Turn);
  return [x / scale, y / scale];
}

/** From a point on a turned page to the same point on the page as it was. */
export function upright(x: number, y: number, shown: { width: number; height: number }, turn: Turn): [number, number] {
  switch (turn) {
    case 0:
      return [x, y];
    case 1:
      return [y, shown.width - x];
    case 2:
      return [shown.width - x, shown.height - y];
    case 3:
      return [shown.height - y, x];
  }
}

/** Turns an upright page of this size, so that its corner is where the turned one's is. */
export function turning(turn: Turn, width: number, height: number): string | undefined {
  switch (turn) {
    case 0:
      return undefined;
    case 1:
      return `translate(${height}px, 0) rotate(90deg)`;
    case 2:
      return `translate(${width}px, ${height}px) rotate(180deg)`;
    case 3:
      return `translate(0, ${width}px) rotate(270deg)`;
  }
}

type Size = { width: number; height: number };
/** Between selected words and what is said about them, in px. */
const BESIDE = 8;

/** Where a box of the upright page lies on the page as it is shown. */
export function shownBox({ x0, y0, x1, y1 }: Box, { width, height }: Size, turn: Turn): Box {
  switch (turn) {
    case 0:
      return { x0, y0, x1, y1 };
    case 1:
      return { x0: height - y1, y0: x0, x1: height - y0, y1: x1 };
    case 2:
      return { x0: width - x1, y0: height - y1, x1: width - x0, y1: height - y0 };
    case 3:
      return { x0: y0, y0: width - x1, x1: y1, y1: width - x0 };
  }
}

/**
 * Where a bar lies below some boxes of a page, above them where there is no room, as far left as the last one. It is
 * turned back around its middle so that it can be read, and what is given is its corner on the upright page.
 */
export function barPlace(boxes: Box[], bar: Size, page: Size, turn: Turn): { left: number; top: number } {
  const shown = boxes.map((box) => shownBox(box, page, turn));
  const [width, height] = turn % 2 === 0 ? [page.width, page.height] : [page.height, page.width];
  const below = Math.max(...shown.map(({ y1 }) => y1)) + BESIDE;
  const above = Math.min(...shown.map(({ y0 }) => y0)) - BESIDE - bar.height;
  const top = below + bar.height > height ? above : below;
  const left = Math.max(0, Math.min(shown[shown.length - 1]?.x0 ?? 0, width - bar.width));
  const [x, y] = upright(left + bar.width / 2, top + bar.height / 2, { width, height }, turn);
  return { left: x - bar.width / 2, top: y - bar.height / 2 };
}
