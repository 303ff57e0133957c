// What a closed form gave, in lines and words.
import type { Choice, Opinion, QuestionResult, QuestionView } from "../bindings";
import { m } from "../paraglide/messages";
import { notCounted, type MemberRow } from "../poll/members";
import { choiceWords } from "../poll/words";
import { optionWords } from "./words";

/** What the question needed and had. */
export function neededWords(result: QuestionResult): string[] {
  const { question, asked, answered, favour, passNeeded, quorumNeeded, adopted } = result;
  // Of a form those are present who have answered.
  const base = question.rule.base === "members" ? m.base_sent({ count: asked }) : m.base_answered({ count: answered });
  const said =
    favour === null
      ? [m.form_needed_option({ needed: passNeeded, base })]
      : [m.form_needed({ needed: passNeeded, base, yes: favour })];
  if (adopted.length > 0) said.push(m.form_adopted({ options: adopted.map((option) => m.option_number({ number: option })).join(", ") }));
  if (quorumNeeded > 0) said.push(m.form_quorum({ answered, needed: quorumNeeded }));
  return said;
}

/** A line for each choice, each option having its own, and one for those of whom no answer counts. */
export function countRows(result: QuestionResult) {
  const { question } = result;
  const rows = question.choices.flatMap(({ choice }) => {
    const look = choice as Choice | "silent";
    const count = result.choices.find(({ answer }) => answer.choice === choice)?.count ?? 0;
    if (choice !== "option") return [{ look, text: choiceWords(choice, question.choices, true), count }];
    return question.options.map((_, i) => ({ look, text: optionWords(i + 1, question), count: result.options[i] ?? 0 }));
  });
  return [...rows, { look: "silent" as const, text: m.result_no_reply(), count: result.silent }];
}

/** The options by their numbers: their words stand with the counts. */
function shortWords(opinion: Opinion, question: QuestionView): string {
  if (opinion.choice !== "option") return choiceWords(opinion.choice, question.choices, true);
  return opinion.options.map((option) => m.option_number({ number: option })).join(", ");
}

/** Everyone's opinion, in protocol order. */
export function memberRows({ members, question }: QuestionResult): MemberRow[] {
  return members.map(({ member, name, title, opinion, state, overdue }) => {
    const none = state === null ? m.opinion_none() : state === "counted" ? m.ballot_unseen() : m.result_no_reply();
    const late = overdue ? { tone: "plain" as const, text: m.answer_overdue() } : null;
    return {
      member,
      name,
      title,
      answer: opinion ? shortWords(opinion, question) : none,
      known: opinion !== null,
      text: opinion?.text ?? null,
      note: notCounted(state, true) ?? late,
    };
  });
}
