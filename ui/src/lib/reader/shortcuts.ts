// Keys of the reader. Nothing happens while a letter is being composed or a field has the focus.
import { composing, typing, withControl } from "../shell/keys";
import type { Reading, Zoom } from "./reading.svelte";

type Pages = { go: (page: number) => void; zoom: (zoom: Zoom) => void; turn: (by: 1 | -1) => void };
type Reader = {
  leave: () => void;
  find: () => void;
  notes: () => void;
  pages: () => Pages | undefined;
  reading: Reading;
};

/** Does what a key asks for; false when it asks for nothing here. */
export function shortcut(event: KeyboardEvent, reader: Reader): boolean {
  if (composing(event) || event.defaultPrevented) return false;
  if (withControl(event)) return control(event.key, reader);
  if (typing(event)) return false;
  const pages = reader.pages();
  const { reading } = reader;
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
    case "ArrowRight":
      pages?.go(Math.min(reading.current + 1, reading.pages.length - 1));
      return true;
    case "ArrowLeft":
      if (event.altKey) reader.leave();
      else pages?.go(Math.max(reading.current - 1, 0));
      return true;
    case "Home":
      pages?.go(0);
      return true;
    case "End":
      pages?.go(reading.pages.length - 1);
      return true;
    default:
      return false;
  }
}

function control(key: string, reader: Reader): boolean {
  const pages = reader.pages();
  switch (key.toLowerCase()) {
    case "f":
      reader.find();
      return true;
    case "m":
      reader.notes();
      return true;
    case "+":
    case "=":
      pages?.zoom(reader.reading.step(1));
      return true;
    case "-":
      pages?.zoom(reader.reading.step(-1));
      return true;
    case "0":
      pages?.zoom("width");
      return true;
    default:
      return false;
  }
}
