// Keys of the reader, and the list that tells of them. Nothing happens while a letter is being composed or a field has
// the focus.
import { m } from "../paraglide/messages";
import { composing, typing, withControl } from "../shell/keys";
import type { Side } from "./side.svelte";

export type Reader = {
  side: Side;
  leave: () => void;
  find: () => void;
  notes: () => void;
  contents: () => void;
  keys: () => void;
  /** To the field where a page is typed. */
  field: () => void;
  fullScreen: () => void;
  /** To the other side, if there are two. */
  other: () => void;
};

/** Does what a key asks for; false when it asks for nothing here. */
export function shortcut(event: KeyboardEvent, reader: Reader): boolean {
  if (composing(event) || event.defaultPrevented) return false;
  const over = event.target instanceof Element && event.target.closest("[role='dialog'], [role='menu']") !== null;
  if (over && event.key !== "Escape") return false;
  if (withControl(event)) return control(event, reader);
  if (event.altKey) return alt(event.key, reader);
  if (typing(event)) return false;
  return plain(event, reader);
}

function plain(event: KeyboardEvent, reader: Reader): boolean {
  const { side } = reader;
  const { reading, pages } = side;
  switch (event.key) {
    case "Escape":
      reader.leave();
      return true;
    case "PageDown":
      pages?.turn(1);
      return true;
    case "PageUp":
      pages?.turn(-1);
      return true;
    case " ":
      // A button that has the focus is pressed by it.
      if (event.target instanceof Element && event.target.closest("button, a, [role='tab']")) return false;
      pages?.turn(event.shiftKey ? -1 : 1);
      return true;
    case "ArrowRight":
    case "ArrowLeft":
      // Between tabs they go from one to the other.
      if (event.target instanceof Element && event.target.closest("[role='tablist'], [role='toolbar']")) return false;
      pages?.go(reading.beside(event.key === "ArrowRight" ? 1 : -1));
      return true;
    case "Home":
      side.jump(0);
      return true;
    case "End":
      side.jump(Math.max(0, reading.pages.length - 1));
      return true;
    case "F6":
      reader.other();
      return true;
    case "F11":
    case "f":
    case "F":
      reader.fullScreen();
      return true;
    case "r":
      pages?.rotate(1);
      return true;
    case "R":
      pages?.rotate(-1);
      return true;
    case "t":
    case "T":
      reader.contents();
      return true;
    case "1":
      side.setMode("scroll");
      return true;
    case "2":
      side.setMode("single");
      return true;
    case "3":
      side.setMode("two");
      return true;
    case "?":
      reader.keys();
      return true;
    default:
      return false;
  }
}

function alt(key: string, reader: Reader): boolean {
  switch (key) {
    case "ArrowLeft":
      if (!reader.side.back()) reader.leave();
      return true;
    case "ArrowRight":
      reader.side.forward();
      return true;
    default:
      return false;
  }
}

function control(event: KeyboardEvent, reader: Reader): boolean {
  const { side } = reader;
  switch (event.key.toLowerCase()) {
    case "f":
      reader.find();
      return true;
    case "g":
      reader.field();
      return true;
    case "m":
      reader.notes();
      return true;
    case "p":
      side.print();
      return true;
    case "+":
    case "=":
      side.setZoom(side.reading.step(1));
      return true;
    case "-":
      side.setZoom(side.reading.step(-1));
      return true;
    case "0":
      side.setZoom("width");
      return true;
    case "9":
      side.setZoom("page");
      return true;
    case "pagedown":
      side.beside(1);
      return true;
    case "pageup":
      side.beside(-1);
      return true;
    default:
      return false;
  }
}

export type Keys = { keys: string[][]; what: () => string };

/** What the sheet of shortcuts tells, in groups. Keys of one press stand together. */
export const KEYS: { title: () => string; rows: Keys[] }[] = [
  {
    title: m.keys_move,
    rows: [
      { keys: [["PageDown"], ["PageUp"]], what: m.key_window },
      { keys: [["→"], ["←"]], what: m.key_page },
      { keys: [["Home"], ["End"]], what: m.key_ends },
      { keys: [["Ctrl", "G"]], what: m.key_go },
      { keys: [["Alt", "←"], ["Alt", "→"]], what: m.key_back },
    ],
  },
  {
    title: m.keys_view,
    rows: [
      { keys: [["Ctrl", "+"], ["Ctrl", "−"]], what: m.key_zoom },
      { keys: [["Ctrl", "0"], ["Ctrl", "9"]], what: m.key_fit },
      { keys: [["1"], ["2"], ["3"]], what: m.key_mode },
      { keys: [["R"], ["Shift", "R"]], what: m.key_turn },
      { keys: [["F"], ["F11"]], what: m.full_screen },
    ],
  },
  {
    title: m.keys_papers,
    rows: [
      { keys: [["Ctrl", "PageDown"], ["Ctrl", "PageUp"]], what: m.key_paper },
      { keys: [["F6"]], what: m.key_side },
      { keys: [["T"]], what: m.contents },
    ],
  },
  {
    title: m.keys_mark,
    rows: [
      { keys: [["H"], ["U"], ["S"]], what: m.key_mark },
      { keys: [["N"]], what: m.key_note },
      { keys: [["Ctrl", "Z"], ["Ctrl", "Y"]], what: m.key_undo },
    ],
  },
  {
    title: m.keys_work,
    rows: [
      { keys: [["Ctrl", "F"]], what: m.find },
      { keys: [["Ctrl", "M"]], what: m.notes },
      { keys: [["Ctrl", "P"]], what: m.print_paper },
      { keys: [["?"]], what: m.key_keys },
      { keys: [["Esc"]], what: m.key_leave },
    ],
  },
];
