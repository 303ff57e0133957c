import type { PollView } from "../bindings";
import { words } from "../errors/words";
import { m } from "../paraglide/messages";
import { session } from "../shell/session.svelte";

/** Why nobody, or not this person, votes here now; none if he can. */
export function cannotVote(poll: Pick<PollView, "cannotVote" | "rule" | "closes">, now: number): string | null {
  if (session.held) return m.voting_held();
  if (poll.cannotVote) return words(poll.cannotVote).what;
  return poll.rule.hard && poll.closes !== null && now >= poll.closes ? m.err_poll_closed() : null;
}
