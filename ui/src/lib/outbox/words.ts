import type { ActView } from "../bindings";
import { m } from "../paraglide/messages";
import { choiceWords } from "../poll/words";

/** What was done, in a few words. */
export function actName(act: Pick<ActView, "kind" | "choice">): string {
  switch (act.kind) {
    case "ballot.cast":
      return act.choice ? m.did_ballot_choice({ choice: choiceWords(act.choice) }) : m.did_ballot();
    case "paper.sign":
      return m.did_sign();
    case "poll.open":
      return m.did_open();
    case "poll.close":
      return m.did_close();
    case "attendance.set":
      return m.did_attendance();
    case "device.enrol":
      return m.did_enrol();
    case "device.confirm":
      return m.did_confirm();
    case "device.revoke":
      return m.did_revoke();
    default:
      return m.did_other({ kind: act.kind });
  }
}

export function capacityWords(capacity: string): string {
  switch (capacity) {
    case "member":
      return m.as_member();
    case "chair":
      return m.as_chair();
    case "secretariat":
      return m.as_secretariat();
    case "registrar":
      return m.as_registrar();
    default:
      return capacity;
  }
}
