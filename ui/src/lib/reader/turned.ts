// Pages may be turned on the screen; words and marks stay where they are on the page.
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
