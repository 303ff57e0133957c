// Everything that has a title and can be opened, for the search: meetings, items, papers.
import { agenda, meetings } from "../bindings";
import { date, fold } from "../format";
import { m } from "../paraglide/messages";
import type { Route } from "./nav.svelte";

export type Place = { title: string; where: string; route: Route };

/** Past meetings further back are not searched. */
const MEETINGS = 12;

export async function places(body: string): Promise<Place[]> {
  const rows = (await meetings({ body })).slice(0, MEETINGS);
  const agendas = await Promise.all(rows.map(({ meeting }) => agenda({ body, meeting })));
  return agendas.flatMap(({ meeting, items }) => {
    const on = `${meeting.title} · ${date(meeting.starts)}`;
    return [
      place(meeting.title, date(meeting.starts), { at: "meeting", meeting: meeting.meeting }),
      ...items.flatMap((row) => [
        place(row.title, `${m.item_number({ number: row.number })} · ${on}`, { at: "item", item: row.item }),
        ...row.papers
          .filter((paper) => paper.state !== "withdrawn")
          .map(({ paper, rev, title }, i) =>
            place(title, `${row.number}.${i + 1} · ${row.title}`, { at: "reader", paper, rev }),
          ),
      ]),
    ];
  });
}

/** Places that have every word, in any order, with or without diacritics. */
export function matching(all: Place[], query: string, most: number): Place[] {
  const wanted = plain(query);
  const words = wanted.split(" ").filter(Boolean);
  const ranked = all.map((known) => ({ known, rank: rank(known, wanted, words) }));
  const found = ranked.filter(({ rank }) => rank > 0).toSorted((a, b) => b.rank - a.rank);
  return found.slice(0, most).map(({ known }) => known);
}

/** 3 for the very words in the title, 2 for all of them in it, 1 for all of them somewhere, 0 for less. */
function rank(known: Place, wanted: string, words: string[]): number {
  const title = ` ${plain(known.title)}`;
  const all = `${title} ${plain(known.where)}`;
  const has = (text: string) => words.every((word) => text.includes(` ${word}`));
  if (title.includes(` ${wanted}`)) return 3;
  if (has(title)) return 2;
  return has(all) ? 1 : 0;
}

function plain(text: string): string {
  return fold(text)
    .split(/[^\p{L}\p{N}.]+/u)
    .filter(Boolean)
    .join(" ");
}

function place(title: string, where: string, route: Route): Place {
  return { title, where, route };
}
