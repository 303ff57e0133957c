import { m } from "../paraglide/messages";

export const COLOURS = ["yellow", "green", "blue", "rose"] as const;

/** What a colour's button does, in words. */
export function colourWords(colour: (typeof COLOURS)[number]): string {
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
