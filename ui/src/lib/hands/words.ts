import type { HandsView } from "../bindings";
import { m } from "../paraglide/messages";
import { choiceWords } from "../poll/words";

/** How many hands for what; how many in all where that is not here. */
export function handsWords({ counts, total }: HandsView): string {
  if (counts.length === 0) return m.hands_total({ count: total });
  const choices = counts.map(({ answer }) => answer);
  const raised = counts.filter(({ count }) => count > 0);
  return raised.map(({ answer, count }) => m.count_of({ answer: choiceWords(answer.choice, choices), count })).join(" · ");
}

/** Whose hands, in protocol order. */
export function namesWords({ members, counts }: HandsView): string {
  const choices = counts.map(({ answer }) => answer);
  const said = members.map(({ name, choice }) => (choice === null ? name : `${name}: ${choiceWords(choice, choices)}`));
  return said.join(" · ");
}
