// What a form lacks before it can be handed in or sent.
import type { FormDraft } from "../bindings";

export type Lack = {
  of: "number" | "subject" | "basis" | "dossier" | "title" | "question" | "options" | "asked" | "due";
  /** From 0. */
  question?: number;
};

const blank = (text: string) => text.trim() === "";

/** In the order of the screen; `some`: it asks those who are named only. */
export function lacks(form: FormDraft, now: number, some: boolean): Lack[] {
  const found: Lack[] = [];
  if (blank(form.number)) found.push({ of: "number" });
  if (blank(form.subject)) found.push({ of: "subject" });
  form.questions.forEach(({ text, options }, question) => {
    if (blank(text)) found.push({ of: "question", question });
    const said = new Set(options.map((option) => option.trim()));
    if (options.length > 0 && (said.size < options.length || options.length < 2 || said.has(""))) {
      found.push({ of: "options", question });
    }
  });
  if (blank(form.basis)) found.push({ of: "basis" });
  if (form.item === null && form.papers.length === 0) found.push({ of: "dossier" });
  if (form.item === null && form.papers.some(({ title }) => blank(title))) found.push({ of: "title" });
  if (some && form.asked.length === 0) found.push({ of: "asked" });
  if (form.due !== null && form.due <= now) found.push({ of: "due" });
  return found;
}
