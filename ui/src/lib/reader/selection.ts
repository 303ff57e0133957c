// Selecting words on a page: pure geometry. Coordinates are page points.
import type { MarkView, PageText, WordBox } from "../bindings";
import { touches, unflat } from "./ink";

/** Words `from` to `to`, both included. */
export type Range = { from: number; to: number };
export type Quad = MarkView["quads"][number];

const CONTEXT = 64;

/** The word at a point, else the nearest one on its line; none far from any text. */
export function wordAt(words: WordBox[], x: number, y: number): number | null {
  let best: number | null = null;
  let least = Infinity;
  words.forEach((word, i) => {
    const dx = Math.max(word.x0 - x, 0, x - word.x1);
    const dy = Math.max(word.y0 - y, 0, y - word.y1);
    const far = dx + dy * 6;
    if (far < least) [best, least] = [i, far];
  });
  return least < 120 ? best : null;
}

/** Every word of the line that a word stands in. */
export function lineOf(text: PageText, word: number): Range {
  const lines = linesOf(text);
  const line = lines[word];
  let [from, to] = [word, word];
  while (from > 0 && lines[from - 1] === line) from -= 1;
  while (to < lines.length - 1 && lines[to + 1] === line) to += 1;
  return { from, to };
}

/** A box for each line that the range touches. */
export function quadsOf(text: PageText, range: Range): Quad[] {
  const lines = linesOf(text);
  const boxes = new Map<number, WordBox>();
  for (let i = range.from; i <= range.to; i += 1) {
    const word = text.words[i];
    const line = lines[i];
    if (!word || line === undefined) continue;
    const box = boxes.get(line);
    boxes.set(line, box ? join(box, word) : word);
  }
  return [...boxes.values()].map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y0, x0, y1, x1, y1]);
}

/** The words and what stands around them; line ends are blanks. */
export function anchorOf(text: PageText, range: Range): { exact: string; prefix: string; suffix: string } {
  const chars = Array.from(text.text, (c) => (c === "\n" ? " " : c));
  const start = text.words[range.from]?.start ?? 0;
  const end = text.words[range.to]?.end ?? start;
  return {
    exact: chars.slice(start, end).join(""),
    prefix: chars.slice(Math.max(0, start - CONTEXT), start).join(""),
    suffix: chars.slice(end, end + CONTEXT).join(""),
  };
}

export function covers(quads: Quad[], x: number, y: number): boolean {
  return quads.some((q) => x >= q[0] && x <= q[2] && y >= q[1] && y <= q[5]);
}

/** The mark at a place, the topmost first: on its words, on its strokes, at its pin. */
export function markAt(marks: MarkView[], x: number, y: number, slack: number): MarkView | undefined {
  return marks.findLast((mark) => {
    if (mark.state === "needsEye") return false;
    if (mark.kind === "ink") {
      return mark.strokes.some((stroke) => touches(unflat(stroke.points), stroke.width, x, y, slack));
    }
    const [pin] = mark.quads;
    if (mark.exact === "" && pin) return Math.hypot(x - pin[0], y - pin[1]) <= 3 * slack;
    return covers(mark.quads, x, y);
  });
}

/** For each word the number of its line. */
function linesOf(text: PageText): number[] {
  const chars = Array.from(text.text);
  let line = 0;
  let at = 0;
  return text.words.map((word) => {
    for (; at < word.start; at += 1) if (chars[at] === "\n") line += 1;
    return line;
  });
}

function join(a: WordBox, b: WordBox): WordBox {
  return {
    ...a,
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
