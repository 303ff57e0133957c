// Which of many marks are asked for, and in what order.
import type { MarkKind, MarkView } from "../bindings";

export type Filter = {
  kind: MarkKind | null;
  colour: string | null;
  /** Only of this paper. */
  paper: string | null;
  /** Only those that have lost their place. */
  eye: boolean;
  /** Only one's own, or those of a group by its id. */
  who: "mine" | string | null;
};

export const NOTHING: Filter = { kind: null, colour: null, paper: null, eye: false, who: null };

export const KINDS: MarkKind[] = ["highlight", "underline", "strike", "note", "ink", "bookmark"];

export function passes(mark: MarkView, filter: Filter, paper: string | null = null): boolean {
  return (
    // A highlight with a note is asked for among notes as well.
    (filter.kind === null || mark.kind === filter.kind || (filter.kind === "note" && mark.notes.length > 0)) &&
    (filter.colour === null || mark.colour === filter.colour) &&
    (filter.paper === null || paper === filter.paper) &&
    (!filter.eye || mark.state === "needsEye") &&
    (filter.who === null || (filter.who === "mine" ? mark.by === null : mark.by?.group === filter.who))
  );
}

/** Those that need an eye first, then as they lie in the paper. */
export function byPlace(a: MarkView, b: MarkView): number {
  return (
    Number(b.state === "needsEye") - Number(a.state === "needsEye") ||
    a.page - b.page ||
    (a.quads[0]?.[1] ?? 0) - (b.quads[0]?.[1] ?? 0)
  );
}
