// "14" is a page of this paper; "3.2/14" is page 14 of paper 2 of item 3; "3.2" is where one stopped in it.
import type { AgendaRow, PaperRow } from "../bindings";

/** Pages from 0. */
export type Address = { paper: { item: number; number: number } | null; page: number | null };

/** What was typed; null if it is neither. */
export function read(text: string): Address | null {
  const found = /^\s*(?:(\d{1,4})\s*[.,]\s*(\d{1,4}))?\s*(?:(\/)?\s*(\d{1,6}))?\s*$/.exec(text);
  if (!found) return null;
  const [, item, number, slash, page] = found;
  // A slash parts the paper from the page, and is never without both.
  if ((item === undefined) !== (slash === undefined) && page !== undefined) return null;
  if (item === undefined && page === undefined) return null;
  if (page !== undefined && Number(page) === 0) return null;
  return {
    paper: item === undefined ? null : { item: Number(item), number: Number(number) },
    page: page === undefined ? null : Number(page) - 1,
  };
}

/** A paper of the meeting with its number, such as 3.2. */
export type Numbered = { number: string; row: PaperRow };

/** All papers of a meeting that can be opened, in the order of its agenda. */
export function papersOf(items: AgendaRow[]): Numbered[] {
  return items
    .flatMap((item) => item.papers.map((row, i) => ({ number: `${item.number}.${i + 1}`, row })))
    .filter(({ row }) => row.state !== "withdrawn");
}

export function paperAt(items: AgendaRow[], { item, number }: { item: number; number: number }): PaperRow | null {
  return papersOf(items).find((known) => known.number === `${item}.${number}`)?.row ?? null;
}
