// An answer while it is being made.
import type { AnswerView, Choice, Opinion, QuestionView } from "../bindings";
import { nfc } from "../format";

/** What is said so far to one question. The text stays while he changes his mind. */
export type Said = { choice: Choice | null; options: number[]; text: string; remark: boolean };
export type Draft = { said: Said[]; advice: string };
/** A question, from 0, and what it lacks. */
export type Missing = { question: number; lacks: "choice" | "text" };

/** These say nothing without words. */
export function needsText(choice: Choice | null): boolean {
  return choice === "other" || choice === "alternative";
}

/** From the answer that is there, if its content is. */
export function begin(questions: QuestionView[], answer: AnswerView | null): Draft {
  const said = questions.map((_, i): Said => {
    const before = answer?.opinions?.[i];
    if (!before) return { choice: null, options: [], text: "", remark: false };
    return { choice: before.choice, options: [...before.options], text: before.text ?? "", remark: before.text !== null };
  });
  return { said, advice: answer?.advice ?? "" };
}

/** An option is chosen, or no longer: at most so many, and where it is one, the other one gives way. */
export function toggle(said: Said, option: number, most: number): Said {
  const others = said.options.filter((each) => each !== option);
  if (others.length < said.options.length && most > 1) {
    return { ...said, choice: others.length > 0 ? "option" : null, options: others };
  }
  if (most > 1 && others.length >= most) return said;
  const options = most > 1 ? [...others, option].sort((one, next) => one - next) : [option];
  return { ...said, choice: "option", options };
}

/** Any other choice than an option: the options give way. */
export function choose(said: Said, choice: Choice): Said {
  return { ...said, choice, options: [] };
}

/** What has to be said before it can be sent, in the order of the questions. */
export function missing(draft: Draft): Missing[] {
  return draft.said.flatMap((said, question): Missing[] => {
    if (said.choice === null) return [{ question, lacks: "choice" }];
    return needsText(said.choice) && said.text.trim() === "" ? [{ question, lacks: "text" }] : [];
  });
}

/** As it is sent; nothing that was hidden again goes with it. None where something is missing. */
export function opinions(draft: Draft): Opinion[] | null {
  if (missing(draft).length > 0) return null;
  return draft.said.flatMap(({ choice, options, text, remark }) => {
    if (choice === null) return [];
    const said = remark || needsText(choice) ? nfc(text.trim()) : "";
    return [{ choice, options, text: said === "" ? null : said }];
  });
}

export function advice(draft: Draft): string | null {
  const said = nfc(draft.advice.trim());
  return said === "" ? null : said;
}
