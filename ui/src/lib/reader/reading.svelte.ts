// Where the pages of a paper lie on the screen: scale, tops, which are near enough to be drawn.
import type { PageSize } from "../bindings";

export type Zoom = "width" | "page" | number;

/** Between pages, and around them, in px. */
const GAP = 16;
const AROUND = 24;
/** A page wider than this is no easier to read. */
const WIDEST = 1040;
/** Where on the window's height one reads. */
const LOOKED_AT = 0.35;
/** CSS px per point at 100 %. */
const NATURAL = 96 / 72;
export const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];

export class Reading {
  width = $state(0);
  height = $state(0);
  scrollTop = $state(0);
  zoom = $state<Zoom>("width");
  #pages: () => PageSize[];

  constructor(pages: () => PageSize[]) {
    this.#pages = pages;
  }

  get pages(): PageSize[] {
    return this.#pages();
  }

  #widest = $derived.by(() => Math.max(1, ...this.#pages().map((page) => page.width)));

  /** CSS px per point. */
  scale = $derived.by(() => {
    const fit = Math.min(this.width - 2 * AROUND, WIDEST) / this.#widest;
    if (this.zoom === "width") return Math.max(0.1, fit);
    if (this.zoom === "page") {
      const tallest = Math.max(1, ...this.#pages().map((page) => page.height));
      return Math.max(0.1, Math.min(fit, (this.height - 2 * AROUND) / tallest));
    }
    return this.zoom * NATURAL;
  });

  percent = $derived(Math.round((this.scale / NATURAL) * 100));

  tops = $derived.by(() => {
    let at = AROUND;
    return this.#pages().map((page) => {
      const top = at;
      at += page.height * this.scale + GAP;
      return top;
    });
  });

  total = $derived.by(() => {
    const last = this.#pages().length - 1;
    return last < 0 ? 0 : this.tops[last]! + this.#pages()[last]!.height * this.scale + AROUND;
  });

  /** Width of the paper, wider than the window when zoomed in. */
  across = $derived(Math.max(this.width, this.#widest * this.scale + 2 * AROUND));

  /** The page being read: the one under the upper third of the window. */
  current = $derived.by(() => this.#at(this.scrollTop + this.height * LOOKED_AT));

  /** First and last page to be drawn: a window's height before and after. */
  first = $derived(this.#at(this.scrollTop - this.height));
  last = $derived(this.#at(this.scrollTop + 2 * this.height));

  /** The top of a page, so that it stands a little below the bar; or of a place on it, in the upper part of the window. */
  topOf(page: number, y = 0): number {
    const place = y * this.scale;
    const above = place > this.height / 4 ? this.height / 4 : AROUND / 2;
    return Math.max(0, (this.tops[page] ?? 0) + place - above);
  }

  /** What is being read: a page, and how far down it. */
  spot(): { page: number; within: number } {
    const page = this.current;
    const size = this.#pages()[page];
    const y = this.scrollTop + this.height * LOOKED_AT;
    return { page, within: size ? (y - this.tops[page]!) / (size.height * this.scale) : 0 };
  }

  /** Where to scroll so that a spot is read. */
  topFor(spot: { page: number; within: number }): number {
    const size = this.#pages()[spot.page];
    if (!size) return 0;
    return Math.max(0, this.tops[spot.page]! + spot.within * size.height * this.scale - this.height * LOOKED_AT);
  }

  /** The next step in or out. */
  step(by: 1 | -1): number {
    const now = this.scale / NATURAL;
    const steps = by === 1 ? STEPS.filter((s) => s > now + 0.01) : STEPS.filter((s) => s < now - 0.01).reverse();
    return steps[0] ?? now;
  }

  #at(y: number): number {
    const { tops } = this;
    let low = 0;
    let high = tops.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (tops[middle]! <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}
