import type { ActView, LostActs } from "../bindings";
import { m } from "../paraglide/messages";
import { choiceWords } from "../poll/words";

/** What was done, in a few words. `form`: to an opinion form. */
export function actName(act: Pick<ActView, "kind" | "choice">, form = false): string {
  switch (act.kind) {
    case "ballot.cast":
      if (form) return m.did_answer();
      return act.choice ? m.did_ballot_choice({ choice: choiceWords(act.choice) }) : m.did_ballot();
    case "paper.sign":
      return m.did_sign();
    case "poll.open":
      return m.did_open();
    case "poll.close":
      return form ? m.did_form_close() : m.did_close();
    case "form.send":
      return m.did_form_send();
    case "poll.extend":
      return form ? m.did_form_extend() : m.did_poll_extend();
    case "poll.recall":
      return form ? m.did_form_recall() : m.did_poll_recall();
    case "block.open":
      return m.did_block();
    case "poll.pull":
      return m.did_pull();
    case "position.state":
      return m.did_position();
    case "hands.enter":
      return m.did_hands();
    case "hands.confirm":
      return m.did_hands_confirm();
    case "floor.ask":
      return m.did_floor_ask();
    case "floor.leave":
      return m.did_floor_leave();
    case "floor.order":
      return m.did_floor_order();
    case "attendance.claim":
      return m.did_claim();
    case "substitute.ask":
      return m.did_substitute_ask();
    case "substitute.approve":
      return m.did_substitute_approve();
    case "substitute.end":
      return m.did_substitute_end();
    case "conclusion.write":
      return m.did_conclude();
    case "conclusion.confirm":
      return m.did_conclusion_confirm();
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

/** So many acts of a kind. */
export function someActs({ kind, count }: LostActs): string {
  switch (kind) {
    case "ballot.cast":
      return m.lost_ballots({ count });
    case "paper.sign":
      return m.lost_signatures({ count });
    case "attendance.set":
      return m.lost_attendances({ count });
    case "poll.open":
    case "block.open":
      return m.lost_opens({ count });
    case "position.state":
      return m.lost_positions({ count });
    case "conclusion.write":
      return m.lost_conclusions({ count });
    case "poll.close":
      return m.lost_closes({ count });
    case "device.confirm":
      return m.lost_confirms({ count });
    case "device.revoke":
      return m.lost_revokes({ count });
    case "device.enrol":
      return m.lost_devices({ count });
    case "invitation.issue":
      return m.lost_invitations({ count });
    case "item.set":
      return m.lost_items({ count });
    case "paper.publish":
      return m.lost_papers({ count });
    case "meeting.publish":
      return m.lost_meetings({ count });
    case "payload.erase":
      return m.lost_erasures({ count });
    default:
      return kind.startsWith("member.") ? m.lost_members({ count }) : m.lost_others({ count });
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
