import type { LossView, LostAct, LostKind } from "../bindings";
import { someActs } from "../outbox/words";
import { m } from "../paraglide/messages";

/** How much of the lost part this device had. */
export function lossCount({ kinds, from }: Pick<LossView, "kinds" | "from">): string {
  const count = kinds.reduce((sum, kind) => sum + kind.count, 0);
  return count === 0 ? m.loss_none_here() : m.loss_count({ from, count });
}

/** How much of it was the reader's, and what of that can be done again. */
export function ownCount(own: LostAct[]): string {
  if (own.length === 0) return m.loss_own_none();
  const now = own.filter(({ redo }) => redo.kind === "now").length;
  return now === 0 ? m.loss_own_later({ own: own.length }) : m.loss_own_now({ own: own.length, now });
}

/** Entries of a kind, and how many of them are the reader's. */
export function kindWords(kind: LostKind): string {
  const what = someActs(kind);
  return kind.own === 0 ? what : m.loss_kinds_own({ what, count: kind.own });
}
