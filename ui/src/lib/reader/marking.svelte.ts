// Marking a paper: the tool in hand, every act with its way back, and ink that is on the page before it is kept.
import {
  addMark,
  draw,
  moveMark,
  recolourMark,
  removeMark,
  restoreMark,
  setNote,
  type AddMark,
  type MarkView,
  type MoveMark,
  type Stroke,
} from "../bindings";
import { Fault } from "../errors/fault";
import { chosen } from "../shell/tools.svelte";
import { COLOURS, type Colour } from "./colours";
import { History } from "./history.svelte";
import { boxOf, flat, gapOf, joined, outline, strokeId, unflat, type Box, type InkPoint } from "./ink";

export type Tool = "read" | "pen" | "eraser" | "note";
export const WIDTHS = [1, 1.8, 3.2] as const;
/** A stroke on its way to be kept. */
export type Wet = { page: number; id: string; points: InkPoint[]; width: number; colour: Colour };
type Place = Pick<MoveMark, "rev" | "page" | "quads" | "words">;

/** Strokes that follow within so many ms and points are one mark: a word is many strokes. */
const SOON = 4000;
const NEAR = 40;
/** No mark has more: it is read and placed as a whole. */
const MOST_STROKES = 80;

function known(colour: string, or: Colour): Colour {
  return COLOURS.find((one) => one === colour) ?? or;
}

/** What could not be kept, and the stroke that it draws, if it draws one. */
type Unkept = { marking: Marking; act: () => Promise<void>; stroke: Wet | null };

/** Of every paper: leaving one must not lose what was written on it. */
class Unkepts {
  all = $state.raw<Unkept[]>([]);
  failure = $state.raw<Fault | null>(null);
}
const unkept = new Unkepts();

export class Marking {
  #tool = $state<Tool>("read");
  /** The pen's colours and widths are shown: until it draws. */
  picking = $state(false);
  history = new History();
  /** A mark that is looking for a new place. */
  placing = $state.raw<MarkView | null>(null);
  wet = $state.raw<Wet[]>([]);
  /** Strokes that are rubbed out, before that is kept. */
  rubbed = $state.raw<ReadonlySet<string>>(new Set());
  /** What failed and is not to be tried again here. */
  #failure = $state.raw<Fault | null>(null);
  #of: () => { body: string; paper: string; rev: string };
  #reload: () => void;
  #busy: Promise<unknown> = Promise.resolve();
  /** Wet strokes that are kept and not yet shown. */
  #kept = new Set<string>();
  /** The mark that the next stroke may belong to; its id once it is kept. */
  #last: { ink: { id: string | null }; page: number; colour: Colour; box: Box; at: number; count: number } | null = null;
  #outlines = new Map<string, string>();

  constructor(of: () => { body: string; paper: string; rev: string }, reload: () => void) {
    this.#of = of;
    this.#reload = reload;
    const { body, rev } = of();
    this.wet = unkept.all.flatMap(({ marking, stroke }) => {
      const there = marking.#of();
      return stroke && there.body === body && there.rev === rev ? [stroke] : [];
    });
  }

  /** What must be told: something of any paper that is not kept, or what failed last. */
  get failure(): Fault | null {
    return this.#failure ?? unkept.failure;
  }

  /** There is something that can be tried again. */
  get hasUnkept(): boolean {
    return unkept.all.length > 0;
  }

  get tool(): Tool {
    return this.#tool;
  }

  /** Takes a tool in hand; the pen once more to choose another colour or width. */
  set tool(tool: Tool) {
    this.picking = tool === "pen" && !(this.#tool === "pen" && this.picking);
    this.#tool = tool;
  }

  get colour(): Colour {
    return known(chosen.tools.colour, "yellow");
  }

  set colour(colour: Colour) {
    chosen.choose({ colour });
  }

  get ink(): Colour {
    return known(chosen.tools.ink, "blue");
  }

  set ink(colour: Colour) {
    chosen.choose({ ink: colour });
  }

  get width(): number {
    return WIDTHS.find((one) => Math.round(one * 10) === chosen.tools.width) ?? WIDTHS[1];
  }

  set width(width: number) {
    chosen.choose({ width: Math.round(width * 10) });
  }

  async add(mark: Omit<AddMark, "body" | "paper" | "rev">): Promise<string> {
    const { body } = this.#of();
    const id = await addMark({ ...this.#of(), ...mark });
    this.#did(
      () => removeMark({ body, id }),
      () => restoreMark({ body, id }),
    );
    return id;
  }

  async remove({ id }: MarkView) {
    const { body } = this.#of();
    await removeMark({ body, id });
    this.#did(
      () => restoreMark({ body, id }),
      () => removeMark({ body, id }),
    );
  }

  async recolour({ id, colour: from }: MarkView, colour: Colour) {
    const { body } = this.#of();
    await recolourMark({ body, id, colour });
    this.#did(
      () => recolourMark({ body, id, colour: from }),
      () => recolourMark({ body, id, colour }),
    );
  }

  /** Writes a note's text over what was there, all of it. */
  async write({ id }: MarkView, was: string, text: string) {
    const { body } = this.#of();
    await setNote({ body, id, text });
    this.#did(
      () => setNote({ body, id, text: was }),
      () => setNote({ body, id, text }),
      `text ${id}`,
    );
  }

  async move(mark: MarkView, to: Place) {
    const { body } = this.#of();
    const { id, rev, madePage: page, madeQuads: quads, exact, prefix, suffix } = mark;
    await moveMark({ body, id, ...to });
    this.#did(
      () => moveMark({ body, id, rev, page, quads, words: { exact, prefix, suffix } }),
      () => moveMark({ body, id, ...to }),
    );
  }

  /** The pen was lifted: the stroke stays on the page while it is being kept. */
  stroke(page: number, points: InkPoint[]) {
    const stroke: Wet = { page, id: strokeId(), points, width: this.width, colour: this.ink };
    this.wet = [...this.wet, stroke];
    const [box, at] = [boxOf(points), Date.now()];
    const last = this.#last;
    const goesOn =
      last !== null &&
      last.page === page &&
      last.colour === stroke.colour &&
      last.count < MOST_STROKES &&
      at - last.at < SOON &&
      gapOf(last.box, box) < NEAR;
    this.#last = goesOn
      ? { ...last, box: joined(last.box, box), at, count: last.count + 1 }
      : { ink: { id: null }, page, colour: stroke.colour, box, at, count: 1 };
    const { ink } = this.#last;
    void this.#keep(async () => {
      if (ink.id === null) ink.id = await this.#begin(stroke);
      else await this.#goOn(ink.id, stroke);
      this.#kept.add(stroke.id);
    }, stroke);
  }

  /** What was rubbed out is gone. A mark stays, even without strokes: some that are not shown yet may belong to it. */
  erase(marks: MarkView[]) {
    const { body } = this.#of();
    const all = marks.flatMap(({ id, strokes }) => {
      const gone = strokes.filter((stroke) => this.rubbed.has(stroke.id)).map((stroke) => stroke.id);
      return gone.length > 0 ? [{ id, gone }] : [];
    });
    if (all.length === 0) return;
    this.#last = null;
    const away = async () => {
      for (const { id, gone } of all) await draw({ body, id, put: [], erase: gone, restore: [] });
    };
    // As they were kept, not as they are shown: on a newer version they may lie elsewhere.
    const back = async () => {
      for (const { id, gone } of all) await draw({ body, id, put: [], erase: [], restore: gone });
    };
    void this.#keep(async () => {
      await away();
      this.#did(back, away);
    }, null);
  }

  /** Something of a mark was changed apart from its history: who sees it. */
  shown = () => this.#reload();

  undo = () => this.#wayBack(this.history.undo);
  redo = () => this.#wayBack(this.history.redo);

  /** Told where there is no better place for it. */
  failed = (error: unknown): undefined => {
    this.#failure = Fault.from(error);
  };

  /** He has read what failed. */
  heard = () => {
    this.#failure = null;
  };

  /** Tries again to keep what could not be kept, of every paper. */
  again = () => {
    const { all } = unkept;
    [unkept.all, unkept.failure, this.#failure] = [[], null, null];
    for (const { marking, act, stroke } of all) void marking.#keep(act, stroke);
  };

  /** What is kept and shown needs no wet copy; told all marks of the paper. */
  dried(marks: MarkView[]) {
    const ids = new Set(marks.flatMap((mark) => mark.strokes.map((stroke) => stroke.id)));
    if (this.wet.some((stroke) => ids.has(stroke.id))) this.wet = this.wet.filter((stroke) => !ids.has(stroke.id));
    const left = [...this.rubbed].filter((id) => ids.has(id));
    if (left.length < this.rubbed.size) this.rubbed = new Set(left);
  }

  /** The outline of a stroke that is kept; made once. */
  shape(stroke: Stroke): string {
    const name = `${stroke.id} ${stroke.points[0]} ${stroke.points[1]}`;
    let shape = this.#outlines.get(name);
    if (shape === undefined) {
      shape = outline(unflat(stroke.points), stroke.width);
      this.#outlines.set(name, shape);
    }
    return shape;
  }

  async #begin(stroke: Wet): Promise<string> {
    const none = { quads: [], exact: "", prefix: "", suffix: "", note: null };
    return this.add({ kind: "ink", page: stroke.page, colour: stroke.colour, strokes: [sent(stroke)], ...none });
  }

  async #goOn(id: string, stroke: Wet) {
    const { body } = this.#of();
    await draw({ body, id, put: [sent(stroke)], erase: [], restore: [] });
    this.#did(
      () => draw({ body, id, put: [], erase: [stroke.id], restore: [] }),
      () => draw({ body, id, put: [], erase: [], restore: [stroke.id] }),
    );
  }

  #did(undo: () => Promise<unknown>, redo: () => Promise<unknown>, name?: string) {
    this.history.did(name === undefined ? { undo, redo } : { undo, redo, name });
    this.#reload();
  }

  /** One thing is kept after the other; what fails is tried again when he says so. */
  #keep(act: () => Promise<void>, stroke: Wet | null): Promise<void> {
    const next = this.#busy.then(act).catch((error: unknown) => {
      unkept.failure = Fault.from(error);
      unkept.all = [...unkept.all, { marking: this, act, stroke }];
    });
    this.#busy = next;
    return next;
  }

  async #wayBack(act: () => Promise<void>) {
    this.#last = null;
    await this.#busy;
    try {
      await act();
      this.rubbed = new Set();
      this.wet = this.wet.filter((stroke) => !this.#kept.has(stroke.id));
      this.#failure = null;
    } catch (error) {
      this.#failure = Fault.from(error);
    }
    this.#reload();
  }
}

function sent({ id, width, points }: Wet): Stroke {
  return { id, width, points: flat(points) };
}
