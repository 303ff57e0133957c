// What a revoked device says.
import type { FarewellView, RevokedBy } from "../bindings";
import { someActs } from "../outbox/words";
import { m } from "../paraglide/messages";

export function revokedWords(by: RevokedBy, at: string): string {
  switch (by) {
    case "ownDevice":
      return m.wiped_by_own({ at });
    case "bodyKey":
      return m.wiped_by_key({ at });
    case "registrar":
      return m.wiped_by_registrar({ at });
  }
}

/** What was never sent, one line each; empty if nothing was lost. */
export function lostWords(farewell: Pick<FarewellView, "acts" | "notes">): string[] {
  const lost = farewell.acts.map(someActs);
  if (farewell.notes > 0) lost.push(m.lost_notes({ count: farewell.notes }));
  return lost;
}
