// The picture of the page where reading begins: asked for while the paper is still being opened.
import { pageUrl } from "../call";

type Ahead = { rev: string; page: number | null; pixels: number; image: HTMLImageElement };

let begun: Ahead | null = null;
/** As wide as pages are drawn in this window; unknown before the first one. */
let usual = 0;

/** Asks for a picture; whoever shows it decodes it. */
export function picture(body: string, rev: string, page: number | "start", pixels: number, again = 0): HTMLImageElement {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = pageUrl(body, rev, page, pixels) + (again > 0 ? `&again=${again}` : "");
  return image;
}

/** A paper is being opened at a page, or where its reader stopped. */
export function begin(body: string, rev: string, page: number | null) {
  drop();
  begun = usual === 0 ? null : { rev, page, pixels: usual, image: picture(body, rev, page ?? "start", usual) };
}

/** The page where the reader stopped is known now. */
export function startsAt(rev: string, page: number) {
  if (begun?.rev === rev) begun.page ??= page;
}

/** What was begun and is shown nowhere is let go: also when the reader is left or locked. */
export function drop() {
  begun?.image.removeAttribute("src");
  begun = null;
}

/** The picture, if it is the one that was begun. */
export function take(rev: string, page: number, pixels: number): HTMLImageElement | null {
  usual = pixels;
  if (begun?.rev !== rev || begun.page !== page) return null;
  if (begun.pixels !== pixels) {
    drop();
    return null;
  }
  const { image } = begun;
  begun = null;
  return image;
}
