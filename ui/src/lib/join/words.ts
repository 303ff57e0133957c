// What a revoked device says.
import type { FarewellView, LostActs, RevokedBy } from "../bindings";
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
  const lost = farewell.acts.map(actsWords);
  if (farewell.notes > 0) lost.push(m.lost_notes({ count: farewell.notes }));
  return lost;
}

function actsWords({ kind, count }: LostActs): string {
  switch (kind) {
    case "ballot.cast":
      return m.lost_ballots({ count });
    case "paper.sign":
      return m.lost_signatures({ count });
    case "attendance.set":
      return m.lost_attendances({ count });
    case "poll.open":
      return m.lost_opens({ count });
    case "poll.close":
      return m.lost_closes({ count });
    case "device.confirm":
      return m.lost_confirms({ count });
    case "device.revoke":
      return m.lost_revokes({ count });
    default:
      return m.lost_others({ count });
  }
}
