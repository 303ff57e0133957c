// One side of the reader: which paper it shows and how, and the way back. There are two when papers lie side by side.
import { agenda, changes, marks, openPaper } from "../bindings";
import type { AgendaView, MarkView, ReaderView, TextChanges } from "../bindings";
import { view, type View } from "../data/view.svelte";
import { papersOf, type Numbered } from "./address";
import { begin, startsAt } from "./ahead";
import { Copying } from "./copying.svelte";
import { layers } from "../shell/layers.svelte";
import { Found } from "./found.svelte";
import { shownOf } from "./groups";
import { Marking } from "./marking.svelte";
import { Reading, type Mode, type Spot, type Zoom } from "./reading.svelte";
import { Trail, type Steps } from "./trail.svelte";

/** What the component with the pages can do. */
export type Pages = {
  go: (page: number, y?: number) => void;
  restore: (spot: Spot) => void;
  turn: (by: 1 | -1) => void;
  zoom: (zoom: Zoom) => void;
  rotate: (by: 1 | -1) => void;
  focus: () => void;
};

/** Where reading begins: a place on a page, or the page's top. */
export type Start = { page: number; within: number | null };

/** Enough to show a side again as it was. */
export type Kept = { paper: string; rev: string; start: Start | null; steps: Steps; mode: Mode; zoom: Zoom };

/** All that is loaded of a paper while it is open. Made while its component is being made. */
export class Opened {
  readonly data: View<ReaderView>;
  readonly notes: View<MarkView[]>;
  readonly changes: View<TextChanges | null>;
  readonly agenda: View<AgendaView | null>;
  readonly marking: Marking;
  readonly copying: Copying;

  constructor(body: string, paper: string, rev: string, start: Start | null) {
    begin(body, rev, start?.page ?? null);
    this.data = view(["papers", "record", "outbox"], async () => {
      const opened = await openPaper({ body, paper, rev });
      startsAt(rev, opened.startPage);
      return opened;
    });
    this.notes = view(["notes", "papers"], () => marks({ body, paper, rev }));
    this.changes = view(["papers"], () => changes({ body, paper, rev }));
    this.copying = new Copying(body);
    this.marking = new Marking(() => ({ body, paper, rev }), this.notes.reload);
    const meeting = $derived(this.data.data?.meeting ?? null);
    this.agenda = view(["record", "papers"], async () => (meeting === null ? null : agenda({ body, meeting })));
  }

  /** One's own and others'. */
  get all(): MarkView[] {
    return this.notes.data ?? this.data.data?.marks ?? [];
  }

  /** Those that are shown. */
  get marks(): MarkView[] {
    return shownOf(this.all, layers.hidden);
  }
}

/** How the person had it last. */
const habit: { mode: Mode; zoom: Zoom } = { mode: "scroll", zoom: "width" };
let made = 0;

export class Side {
  readonly id = (made += 1);
  paper = $state("");
  rev = $state("");
  /** Another paper, or the same one opened anew. */
  key = $state(0);
  start: Start | null;
  readonly trail: Trail;
  readonly reading = new Reading(() => this.opened?.data.data?.pages ?? []);
  readonly found = new Found();
  opened = $state.raw<Opened | null>(null);
  pages: Pages | null = null;
  /** The field with the words that are sought, while it is there. */
  bar: { focus: () => void } | null = null;
  /** Told before another paper takes the place of this one. */
  leaving: (() => void) | null = null;
  /** Takes the focus when its pages are here. */
  wanted = true;
  panel = $state<"notes" | "changes" | null>(null);
  finding = $state(false);
  editing = $state<string | null>(null);
  /** A mark that is to be shown as soon as it is known where it is. */
  sought: string | null = null;
  /** Words that it was opened for. */
  query: string | null = null;
  /** This search has left the place where it began. */
  #searched = false;

  constructor(kept: Partial<Kept> & { paper: string; rev: string }) {
    this.paper = kept.paper;
    this.rev = kept.rev;
    this.start = kept.start ?? null;
    this.trail = new Trail(kept.steps);
    this.reading.mode = kept.mode ?? habit.mode;
    this.reading.zoom = kept.zoom ?? habit.zoom;
  }

  /** The paper with its neighbours on the agenda. */
  #papers = $derived.by(() => papersOf(this.opened?.agenda.data?.items ?? []));
  #at = $derived(this.#papers.findIndex(({ row }) => row.paper === this.paper));
  /** Such as 3.2; empty until the agenda is here. */
  number = $derived(this.#papers[this.#at]?.number ?? "");
  previous = $derived<Numbered | null>(this.#at > 0 ? (this.#papers[this.#at - 1] ?? null) : null);
  next = $derived<Numbered | null>(this.#at >= 0 ? (this.#papers[this.#at + 1] ?? null) : null);

  get kept(): Kept {
    const { paper, rev, reading } = this;
    const start = reading.width > 0 && reading.pages.length > 0 ? reading.spot() : this.start;
    return { paper, rev, start, steps: this.trail.steps, mode: reading.mode, zoom: reading.zoom };
  }

  /** Leads away from where he reads; Back leads here again. */
  jump(page: number, y = 0) {
    this.#leave();
    this.pages?.go(page, y);
  }

  /** Another paper, at its place or where he stopped in it. */
  open(paper: string, rev: string, start: Start | null = null) {
    this.#leave();
    this.#show(paper, rev, start);
  }

  /** To what a search has found: Back leads to where the search began. */
  show(page: number) {
    // What it was opened for is where he wanted to be: there is nothing to go back to.
    if (!this.#searched && this.query === null) this.#leave();
    this.#searched = true;
    const hit = this.found.hit;
    this.pages?.go(page, hit?.page === page ? (hit.rects[0]?.y0 ?? 0) : 0);
  }

  find(on: boolean) {
    if (on === this.finding) {
      if (on) this.bar?.focus();
      return;
    }
    this.finding = on;
    this.#searched = false;
    if (on) return;
    this.query = null;
    this.found.clear();
    this.pages?.focus();
  }

  /** False where there is nothing to go back to. */
  back(): boolean {
    return this.#travel(this.trail.back(this.#here()));
  }

  forward(): boolean {
    return this.#travel(this.trail.forward(this.#here()));
  }

  beside(by: 1 | -1) {
    const to = by === 1 ? this.next : this.previous;
    if (to) this.open(to.row.paper, to.row.rev);
  }

  setMode(mode: Mode) {
    this.reading.mode = habit.mode = mode;
  }

  /** Where a paper may not leave, it is said. */
  print() {
    const paper = this.opened?.data.data;
    if (paper) void this.opened?.copying.print(paper);
  }

  setZoom(zoom: Zoom) {
    this.pages?.zoom(zoom);
    habit.zoom = zoom;
  }

  /** Opens or closes what lies on the right. */
  toggle(which: "notes" | "changes") {
    this.panel = this.panel === which ? null : which;
  }

  /** Closes what lies on the right; who was in it is on the pages again. */
  closePanel() {
    this.panel = null;
    this.pages?.focus();
  }

  #here() {
    return { paper: this.paper, rev: this.rev, ...this.reading.spot() };
  }

  #leave() {
    if (this.reading.pages.length > 0) this.trail.leave(this.#here());
  }

  #travel(to: ReturnType<Trail["back"]>): boolean {
    if (!to) return false;
    if (to.paper === this.paper && to.rev === this.rev) this.pages?.restore(to);
    else this.#show(to.paper, to.rev, to);
    return true;
  }

  #show(paper: string, rev: string, start: Start | null) {
    this.leaving?.();
    this.leaving = null;
    this.find(false);
    [this.query, this.sought, this.editing, this.opened, this.pages] = [null, null, null, null, null];
    [this.paper, this.rev, this.start] = [paper, rev, start];
    this.wanted = true;
    this.reading.turn = 0;
    this.reading.show(start?.page ?? 0);
    this.reading.scrollTop = 0;
    this.key += 1;
  }
}
