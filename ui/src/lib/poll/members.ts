// Lines of the table of what each member said.
import type { ActState, ChoiceView, MemberBallot } from "../bindings";
import { m } from "../paraglide/messages";
import { actShort, ballotWords, optionWords, type Said } from "./words";

export type MemberRow = {
  member: string;
  name: string;
  title: string;
  answer: string;
  /** The answer is here and counts; else `answer` says why there is none. */
  known: boolean;
  text: string | null;
  note: Said | null;
};

/** What is to be said of an answer that does not simply count. */
export function notCounted(state: ActState | null, form = false): Said | null {
  if (state === null || state === "counted") return null;
  return actShort({ state, recordedAt: null, otherAt: null, failure: null }, form);
}

/** What is to be said of a choice that came otherwise than by a ballot. */
function means({ means }: MemberBallot): Said | null {
  if (means === "hand") return { tone: "plain", text: m.means_hand() };
  return means === "position" ? { tone: "plain", text: m.means_position() } : null;
}

/** Options by their numbers: their words stand with the counts. */
function answer(ballot: MemberBallot, choices: ChoiceView[]): string {
  if (ballot.choice === "option") return ballot.options.map((option) => optionWords(option)).join(", ");
  if (ballot.choice !== null) return ballotWords(ballot, choices);
  return ballot.state === null ? m.choice_silent() : m.ballot_unseen();
}

export function ballotRows(ballots: MemberBallot[], choices: ChoiceView[]): MemberRow[] {
  return ballots.map((ballot) => {
    const { member, name, title, choice, state, text } = ballot;
    return {
      member,
      name,
      title,
      answer: answer(ballot, choices),
      known: choice !== null,
      text,
      note: means(ballot) ?? notCounted(state),
    };
  });
}
