import type { AskedMember, FormRow, Opinion, QuestionView, Taken } from "../bindings";
import { clock, date, dayTime, when } from "../format";
import { m } from "../paraglide/messages";
import { actShort, choiceWords, optionWords as optionText, outcomeWords, type Said } from "../poll/words";
import type { Missing } from "./draft";
import { accepts } from "./list";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** By how much it is overdue, where answers are still taken. */
export function overdueWords(due: number, now: number): string {
  const late = now - due;
  if (late >= DAY) return m.overdue({ days: Math.floor(late / DAY) });
  return late >= HOUR ? m.overdue_hours({ hours: Math.floor(late / HOUR) }) : m.overdue_just();
}

/** When the answer is due. Red is for what is overdue and still `asked` for. */
export function dueWords(row: Pick<FormRow, "stage" | "due" | "hard">, now: number, asked = true): Said {
  const { due } = row;
  if (due === null) return { tone: "plain", text: m.form_no_due() };
  if (row.stage !== "open") return { tone: "plain", text: m.form_due({ at: dayTime(due) }) };
  if (!accepts(row, now)) return { tone: "plain", text: m.form_over({ at: when(due) }) };
  if (due < now && asked) return { tone: "stop", text: overdueWords(due, now) };
  if (due < now) return { tone: "plain", text: m.form_due({ at: dayTime(due) }) };
  const tone = asked && due - now < DAY ? "wait" : "plain";
  if (date(due) === date(now)) return { tone, text: m.form_due_today({ at: clock(due) }) };
  if (date(due) === date(now + DAY)) return { tone, text: m.form_due_tomorrow({ at: clock(due) }) };
  return { tone, text: m.form_due({ at: dayTime(due) }) };
}

/** What became of the form or of the own answer; none where there is nothing to tell. */
export function stateWords(row: FormRow): Said | null {
  if (row.stage === "recalled") return { tone: "plain", text: m.form_recalled() };
  if (row.stage === "closed" && row.outcome) return outcomeWords(row.outcome, true);
  if (row.stage === "closed") return { tone: "plain", text: m.form_closed() };
  if (row.own === "recorded") return { tone: "ok", text: m.short_recorded_plain() };
  return row.own ? actShort({ state: row.own, recordedAt: null, otherAt: null, failure: null }, true) : null;
}

/** "Phương án 1: ..." for each that was chosen, else the choice by its label. */
export function opinionWords(opinion: Opinion, question: QuestionView): string {
  if (opinion.choice !== "option") return choiceWords(opinion.choice, question.choices, true);
  return opinion.options.map((option) => optionWords(option, question)).join("; ");
}

export function optionWords(option: number, question: QuestionView): string {
  return optionText(option, question.options);
}

export function missingWords({ question, lacks }: Missing, of: number): string {
  if (of === 1) return lacks === "choice" ? m.missing_only_choice() : m.missing_only_text();
  const number = question + 1;
  return lacks === "choice" ? m.missing_choice({ number }) : m.missing_text({ number });
}

/** Where one of those asked stands. */
export function askedWords(member: AskedMember, row: Pick<FormRow, "stage" | "due">, now: number): Said {
  if (member.answeredAt === null) {
    const overdue = member.overdue || (row.stage === "open" && row.due !== null && row.due < now);
    return overdue ? { tone: "stop", text: m.asked_overdue() } : { tone: "plain", text: m.asked_silent() };
  }
  if (member.stale) return { tone: "wait", text: m.asked_stale() };
  const at = when(member.answeredAt);
  return { tone: "ok", text: member.overdue ? m.asked_answered_late({ at }) : m.asked_answered({ at }) };
}

/** What the submitting agency makes of an opinion. */
export function takenWords(taken: Taken): string {
  if (taken === "yes") return m.reply_yes();
  return taken === "part" ? m.reply_part() : m.reply_explained();
}
