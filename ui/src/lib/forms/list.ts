// Which forms stand where in the list.
import type { ActState, FormRow } from "../bindings";
import { toDraft } from "../staff/words";

export type Group = "waiting" | "drafting" | "answered" | "running" | "ended";

/** An answer in such a state does not stand: the form waits again. */
export function asksAgain(state: ActState | null): boolean {
  return state === "stale" || state === "superseded" || state === "refused" || state === "lost";
}

/** Answers are accepted: until the close, or only until they are due. */
export function accepts(row: Pick<FormRow, "stage" | "due" | "hard">, now: number): boolean {
  return row.stage === "open" && !(row.hard && row.due !== null && row.due < now);
}

export function groupOf(row: FormRow, now: number): Group {
  if (row.stage !== "open") return "ended";
  if (!row.asksMe) return toDraft(row.drafts) && accepts(row, now) ? "drafting" : "running";
  if (row.own !== null && !asksAgain(row.own)) return "answered";
  return accepts(row, now) ? "waiting" : "running";
}

const due = (row: FormRow) => row.due ?? Number.POSITIVE_INFINITY;

/** What is due first stands first; what has ended, newest first. */
export function inGroups(rows: FormRow[], now: number): Record<Group, FormRow[]> {
  const groups: Record<Group, FormRow[]> = { waiting: [], drafting: [], answered: [], running: [], ended: [] };
  for (const row of rows) groups[groupOf(row, now)].push(row);
  for (const group of ["waiting", "drafting", "answered", "running"] as const) {
    groups[group].sort((one, next) => (due(one) === due(next) ? one.sentAt - next.sentAt : due(one) - due(next)));
  }
  groups.ended.sort((one, next) => next.sentAt - one.sentAt);
  return groups;
}
