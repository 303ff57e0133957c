// Lines of the table of what each member said.
import type { ActState, ChoiceView, MemberBallot } from "../bindings";
import { m } from "../paraglide/messages";
import { actShort, choiceWords, type Said } from "./words";

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

export function ballotRows(ballots: MemberBallot[], choices: ChoiceView[]): MemberRow[] {
  return ballots.map(({ member, name, title, choice, state, text }) => ({
    member,
    name,
    title,
    answer: choice ? choiceWords(choice, choices) : state === null ? m.choice_silent() : m.ballot_unseen(),
    known: choice !== null,
    text,
    note: notCounted(state),
  }));
}
