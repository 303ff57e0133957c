import type { MarkKind } from "../bindings";
import { m } from "../paraglide/messages";

export const COLOURS = ["yellow", "green", "blue", "rose"] as const;
export type Colour = (typeof COLOURS)[number];

/** What a colour's button does to selected words. */
export function colourWords(colour: Colour): string {
  switch (colour) {
    case "yellow":
      return m.mark_yellow();
    case "green":
      return m.mark_green();
    case "blue":
      return m.mark_blue();
    case "rose":
      return m.mark_rose();
  }
}

/** A colour's name. */
export function colourName(colour: Colour): string {
  switch (colour) {
    case "yellow":
      return m.colour_yellow();
    case "green":
      return m.colour_green();
    case "blue":
      return m.colour_blue();
    case "rose":
      return m.colour_rose();
  }
}

/** What a mark is made with: a light colour lies under words, a deep one is a line. */
export function paint(kind: MarkKind, colour: string): string {
  return kind === "highlight" ? `var(--mark-${colour})` : `var(--ink-${colour})`;
}

export function kindName(kind: MarkKind): string {
  switch (kind) {
    case "highlight":
      return m.kind_highlight();
    case "underline":
      return m.kind_underline();
    case "strike":
      return m.kind_strike();
    case "note":
      return m.kind_note();
    case "ink":
      return m.kind_ink();
    case "bookmark":
      return m.kind_bookmark();
  }
}
