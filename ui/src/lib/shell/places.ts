// Everything that has a title and can be opened, for the search: meetings, items, papers.
import { agenda, meetings } from "../bindings";
import { date, fold } from "../format";
import { m } from "../paraglide/messages";
import type { Route } from "./nav.svelte";

export type Place = { key: string; title: string; where: string; folded: string; route: Route };

/** Past meetings further back are not searched. */
const MEETINGS = 12;

export async function places(body: string): Promise<Place[]> {
  const rows = (await meetings({ body })).slice(0, MEETINGS);
  const agendas = await Promise.all(rows.map(({ meeting }) => agenda({ body, meeting })));
  return agendas.flatMap(({ meeting, items }) => {
    const on = `${meeting.title} · ${date(meeting.starts)}`;
    return [
      place(meeting.meeting, meeting.title, date(meeting.starts), { at: "meeting", meeting: meeting.meeting }),
      ...items.flatMap((row) => [
        place(row.item, row.title, `${m.item_number({ number: row.number })} · ${on}`, { at: "item", item: row.item }),
        ...row.papers
          .filter((paper) => paper.state !== "withdrawn")
          .map(({ paper, rev, title }, i) =>
            place(paper, title, `${row.number}.${i + 1} · ${row.title}`, { at: "reader", paper, rev }),
          ),
      ]),
    ];
  });
}

/** Places that have every word, in any order, with or without diacritics. */
export function matching(all: Place[], query: string, most: number): Place[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hit = (where: string) => words.every((word) => where.includes(word));
  const inTitle = (found: Place) => Number(hit(fold(found.title)));
  const found = all.filter((known) => hit(known.folded));
  return found.toSorted((a, b) => inTitle(b) - inTitle(a)).slice(0, most);
}

function place(key: string, title: string, where: string, route: Route): Place {
  return { key, title, where, folded: fold(`${title} ${where}`), route };
}
