// Where the pages of a paper lie on the screen: scale, places, which are near enough to be drawn.
import type { PageSize } from "../bindings";

export type Zoom = "width" | "page" | number;
/** All pages under each other; one at a time; two beside each other at a time. */
export type Mode = "scroll" | "single" | "two";
/** Quarter turns clockwise. */
export type Turn = 0 | 1 | 2 | 3;
/** What is being read: a page, and how far down it as a part of its height. */
export type Spot = { page: number; within: number };
/** A point of the window, and what of a page lies under it, in px at scale 1 from the page's corner. */
export type Grip = { x: number; y: number; page: number; u: number; v: number };

/** Between pages, and around them, in px. */
const GAP = 16;
const AROUND = 24;
/** Beside pages in a narrow window. */
const NARROW = { window: 640, around: 8 };
/** A page wider than this is no easier to read. */
const WIDEST = 1040;
/** Where on the window's height one reads. */
const LOOKED_AT = 0.35;
/** CSS px per point at 100 %. */
const NATURAL = 96 / 72;
export const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const [LEAST, MOST] = [STEPS[0]!, STEPS[STEPS.length - 1]!];

export class Reading {
  width = $state(0);
  height = $state(0);
  scrollTop = $state(0);
  scrollLeft = $state(0);
  zoom = $state<Zoom>("width");
  turn = $state<Turn>(0);
  #mode = $state<Mode>("scroll");
  /** The page gone to last: where pages are not scrolled, the one that is read. */
  #gone = $state(0);
  #pages: () => PageSize[];

  constructor(pages: () => PageSize[]) {
    this.#pages = pages;
  }

  get pages(): PageSize[] {
    return this.#pages();
  }

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#gone = this.current;
    this.#mode = mode;
  }

  /** Only what is read is on the screen. */
  paged = $derived(this.#mode !== "scroll");
  #columns = $derived(this.#mode === "two" ? 2 : 1);

  /** As they are shown, turned. */
  sizes = $derived.by(() => {
    const aside = this.turn % 2 === 1;
    return this.#pages().map(({ width, height }) => (aside ? { width: height, height: width } : { width, height }));
  });

  #around = $derived(this.width < NARROW.window ? NARROW.around : AROUND);

  /** CSS px per point of each page: fitted, a page that lies across makes the others no smaller. */
  scales = $derived.by(() => {
    const { zoom, sizes } = this;
    if (typeof zoom === "number") return sizes.map(() => zoom * NATURAL);
    const columns = this.#columns;
    const room = Math.min(this.width - 2 * this.#around - (columns - 1) * GAP, WIDEST * columns);
    return sizes.map((_, page) => {
      const row = this.#row(page);
      const beside = sizes.slice(row, row + columns);
      // One alone in its row has as much room as two.
      const width = beside.reduce((sum, { width }) => sum + width, 0) * (columns / beside.length);
      const tallest = Math.max(1, ...beside.map(({ height }) => height));
      const fit = room / Math.max(1, width);
      return Math.max(0.1, zoom === "width" ? fit : Math.min(fit, (this.height - 2 * AROUND) / tallest));
    });
  });

  /** CSS px per point of the page that is read. */
  scale = $derived.by(() => this.scaleOf(this.current));

  percent = $derived(Math.round((this.scale / NATURAL) * 100));

  tops = $derived.by(() => {
    if (this.paged) {
      return this.sizes.map((_, page) => Math.max(AROUND, (this.height - this.#tall(this.#row(page))) / 2));
    }
    let at = AROUND;
    return this.sizes.map((page, i) => {
      const top = at;
      at += page.height * this.scaleOf(i) + GAP;
      return top;
    });
  });

  total = $derived.by(() => {
    const last = this.sizes.length - 1;
    if (last < 0) return 0;
    if (this.paged) return this.#tall(this.#row(this.current)) + 2 * AROUND;
    return this.tops[last]! + this.sizes[last]!.height * this.scaleOf(last) + AROUND;
  });

  /** Width of the paper, wider than the window when zoomed in. */
  across = $derived.by(() => {
    const widest = Math.max(0, ...this.sizes.map(({ width }, page) => width * this.scaleOf(page)));
    const pages = widest * this.#columns + (this.#columns - 1) * GAP;
    return Math.max(this.width, pages + 2 * this.#around);
  });

  /** The page being read: the one under the upper third of the window. */
  current = $derived.by(() => {
    if (!this.paged) return this.#at(this.scrollTop + this.height * LOOKED_AT);
    return Math.min(this.#gone, Math.max(0, this.sizes.length - 1));
  });

  /** First and last page to be drawn: a window's height before and after, or the neighbours. */
  first = $derived.by(() => {
    if (!this.paged) return this.#at(this.scrollTop - this.height);
    return Math.max(0, this.#row(this.current) - this.#columns);
  });
  last = $derived.by(() => {
    if (!this.paged) return this.#at(this.scrollTop + 2 * this.height);
    return Math.max(0, Math.min(this.#row(this.current) + 2 * this.#columns, this.sizes.length) - 1);
  });

  /** Whether a page is on the screen, or would be when scrolled to. */
  isShown(page: number): boolean {
    return !this.paged || this.#row(page) === this.#row(this.current);
  }

  scaleOf(page: number): number {
    return this.scales[page] ?? NATURAL;
  }

  left(page: number): number {
    const width = (this.sizes[page]?.width ?? 0) * this.scaleOf(page);
    const middle = this.across / 2;
    if (this.#columns === 1) return middle - width / 2;
    return page % 2 === 0 ? middle - GAP / 2 - width : middle + GAP / 2;
  }

  /** The page before or after; with two beside each other, the next two. */
  beside(by: 1 | -1): number {
    const page = this.paged ? this.#row(this.current) + by * this.#columns : this.current + by;
    return Math.min(Math.max(page, 0), Math.max(0, this.sizes.length - 1));
  }

  /** Nothing of the paper comes before, or after. */
  get atStart(): boolean {
    return (this.paged ? this.#row(this.current) : this.current) === 0;
  }

  get atEnd(): boolean {
    const behind = this.paged ? this.#row(this.current) + this.#columns : this.current + 1;
    return behind >= this.sizes.length;
  }

  /** Where pages are not scrolled, this one is read from now on. */
  show(page: number) {
    this.#gone = page;
  }

  /** The top of a page, so that it stands a little below the bar; or of a place on it, in the upper part of the window. */
  topOf(page: number, y = 0): number {
    const height = this.sizes[page]?.height ?? 0;
    const down = this.turn === 0 ? y : this.turn === 2 && y > 0 ? height - y : 0;
    const place = down * this.scaleOf(page);
    const above = place > this.height / 4 ? this.height / 4 : AROUND / 2;
    if (this.paged && place <= this.height / 4) return 0;
    return Math.max(0, (this.tops[page] ?? 0) + place - above);
  }

  spot(): Spot {
    const page = this.current;
    const size = this.sizes[page];
    const y = this.scrollTop + this.height * LOOKED_AT;
    return { page, within: size ? (y - this.tops[page]!) / (size.height * this.scaleOf(page)) : 0 };
  }

  /** Where to scroll so that a spot is read. */
  topFor(spot: Spot): number {
    const size = this.sizes[spot.page];
    if (!size) return 0;
    return Math.max(0, this.tops[spot.page]! + spot.within * size.height * this.scaleOf(spot.page) - this.height * LOOKED_AT);
  }

  /** What lies under a point of the window. */
  under(x: number, y: number): Grip {
    const [across, down] = [this.scrollLeft + x, this.scrollTop + y];
    let page = this.paged ? this.#row(this.current) : this.#at(down);
    if (this.#columns === 2 && across > this.across / 2 && page + 1 < this.sizes.length) page += 1;
    const scale = this.scaleOf(page);
    return { x, y, page, u: (across - this.left(page)) / scale, v: (down - (this.tops[page] ?? 0)) / scale };
  }

  /** Where to scroll so that it lies there still. */
  hold({ x, y, page, u, v }: Grip): { left: number; top: number } {
    const scale = this.scaleOf(page);
    return { left: Math.max(0, this.left(page) + u * scale - x), top: Math.max(0, (this.tops[page] ?? 0) + v * scale - y) };
  }

  /** The next step in or out. */
  step(by: 1 | -1): number {
    const now = this.scale / NATURAL;
    const steps = by === 1 ? STEPS.filter((s) => s > now + 0.01) : STEPS.filter((s) => s < now - 0.01).reverse();
    return steps[0] ?? Math.min(Math.max(now, LEAST), MOST);
  }

  /** So many times as large as now, as far as it goes. */
  times(factor: number): number {
    return Math.min(Math.max((this.scale / NATURAL) * factor, LEAST), MOST);
  }

  /** The first page of those that stand beside this one. */
  #row(page: number): number {
    return page - (page % this.#columns);
  }

  #tall(row: number): number {
    const heights = this.sizes.slice(row, row + this.#columns).map((page, i) => page.height * this.scaleOf(row + i));
    return Math.max(0, ...heights);
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
