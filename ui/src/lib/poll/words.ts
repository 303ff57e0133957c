// States and choices in words.
import type { ActState, BallotView, Choice, ChoiceView, Counts, Failure, Outcome, Redo, ResultView } from "../bindings";
import type { Tone } from "../design/tone";
import { words } from "../errors/words";
import { label, when } from "../format";
import { m } from "../paraglide/messages";

type Act = { state: ActState; recordedAt: number | null; otherAt: number | null; failure: Failure | null; redo?: Redo | null };
export type Said = { tone: Tone; text: string };

/** The full sentence, as it stays under a ballot or an answer to an opinion form. */
export function actWords(act: Act, kind = "ballot.cast", form = false): Said {
  const ballot = kind === "ballot.cast";
  const at = act.recordedAt === null ? "" : when(act.recordedAt);
  const other = act.otherAt === null ? "" : when(act.otherAt);
  switch (act.state) {
    case "saved":
      return { tone: "wait", text: ballot ? m.act_saved() : m.act_saved_plain() };
    case "received":
      return { tone: "wait", text: m.act_received() };
    case "recorded":
      return { tone: "ok", text: ballot ? m.act_recorded({ at }) : m.act_recorded_plain({ at }) };
    case "counted":
      return { tone: "ok", text: m.act_counted() };
    case "late":
      if (form) return { tone: "stop", text: other ? m.act_late_form_at({ at: other }) : m.act_late_form() };
      return { tone: "stop", text: other ? m.act_late_at({ at: other }) : m.act_late() };
    case "superseded":
      if (form) return { tone: "plain", text: other ? m.act_superseded_form_at({ at: other }) : m.act_superseded_form() };
      return { tone: "plain", text: other ? m.act_superseded_at({ at: other }) : m.act_superseded() };
    case "stale":
      if (other) return { tone: "stop", text: m.act_stale_closed() };
      return { tone: "wait", text: form ? m.act_stale_form() : m.act_stale() };
    case "ineligible":
      return { tone: "stop", text: form ? m.act_ineligible_form() : m.act_ineligible() };
    case "refused":
      return { tone: "stop", text: m.act_refused({ why: act.failure ? words(act.failure).what : "" }) };
    case "lost":
      return { tone: lostTone(act), text: m.act_lost() };
  }
}

/** What is lost asks for something only where it can be done again. */
function lostTone({ redo }: Act): Tone {
  return redo && redo.kind !== "now" ? "plain" : "wait";
}

/** A few words, for rows. */
export function actShort(act: Act, form = false): Said {
  const at = act.recordedAt === null ? "" : when(act.recordedAt);
  switch (act.state) {
    case "saved":
      return { tone: "wait", text: m.short_saved() };
    case "received":
      return { tone: "wait", text: m.short_received() };
    case "recorded":
      return { tone: "ok", text: m.short_recorded({ at }) };
    case "counted":
      return { tone: "ok", text: m.act_counted() };
    case "late":
      return { tone: "stop", text: m.short_late() };
    case "superseded":
      return { tone: "plain", text: form ? m.act_superseded_form() : m.short_superseded() };
    case "stale":
      return act.otherAt === null ? { tone: "wait", text: form ? m.act_stale_form() : m.short_stale() } : { tone: "stop", text: m.act_stale_closed() };
    case "ineligible":
      return { tone: "stop", text: form ? m.act_ineligible_form() : m.act_ineligible() };
    case "refused":
      return { tone: "stop", text: m.short_refused() };
    case "lost":
      return { tone: lostTone(act), text: m.short_lost() };
  }
}

/** A choice by the poll's own label, else by the interface's own word: of a meeting, or of an opinion form. */
export function choiceWords(choice: Choice, choices: ChoiceView[] = [], form = false): string {
  const own = choices.find((known) => known.choice === choice)?.label;
  if (own) return label(own);
  switch (choice) {
    case "yes":
      return form ? m.choice_agree() : m.choice_yes();
    case "no":
      return form ? m.choice_disagree() : m.choice_no();
    case "abstain":
      return m.choice_abstain();
    case "other":
      return m.choice_other();
    case "option":
      return m.choice_option();
    case "alternative":
      return m.choice_alternative();
  }
}

/** "Phương án 2: ...", or its number alone where its words are not known or stand elsewhere. */
export function optionWords(option: number, texts: string[] = []): string {
  const text = texts[option - 1];
  return text ? `${m.option_number({ number: option })}: ${text}` : m.option_number({ number: option });
}

/** What a ballot says: the choice by its label, or the options. */
export function ballotWords(ballot: Pick<BallotView, "choice" | "options">, choices: ChoiceView[] = [], texts: string[] = []): string {
  if (ballot.choice === null) return "";
  if (ballot.choice !== "option") return choiceWords(ballot.choice, choices);
  return ballot.options.map((option) => optionWords(option, texts)).join("; ");
}

/** The lines of a closed poll's table: each choice, each option having its own, and who is not counted. */
export function countRows(result: ResultView) {
  const { yes, no, abstain, other, alternative, silent } = result;
  const counts: Partial<Record<Choice, number>> = { yes, no, abstain, other, alternative };
  const rows = result.choices.flatMap(({ choice }) => {
    const look = choice as Choice | "silent";
    if (choice !== "option") return [{ look, text: choiceWords(choice, result.choices), count: counts[choice] ?? 0 }];
    return result.options.map((_, i) => ({ look, text: optionWords(i + 1, result.options), count: result.chosen[i] ?? 0 }));
  });
  return [...rows, { look: "silent" as const, text: m.result_silent(), count: silent }];
}

/** The answers of a closed poll with their numbers, in one line. */
export function countWords(counts: Counts): string {
  const all = counts.answers.map(({ answer }) => answer);
  const said = counts.answers.flatMap(({ answer, count }) => {
    if (answer.choice !== "option") return [m.count_of({ answer: choiceWords(answer.choice, all), count })];
    return counts.options.map((chosen, i) => m.count_of({ answer: m.option_number({ number: i + 1 }), count: chosen }));
  });
  return [...said, m.count_of({ answer: m.result_silent(), count: counts.silent })].join(" · ");
}

export function outcomeWords(outcome: Outcome, form = false): Said {
  switch (outcome) {
    case "passed":
      return { tone: "ok", text: m.outcome_passed() };
    case "failed":
      return { tone: "plain", text: m.outcome_failed() };
    case "inquorate":
      return { tone: "wait", text: form ? m.outcome_few_answers() : m.outcome_inquorate() };
  }
}

/** The ballot's own answer is the only text in capitals. */
export function ballotCaps(text: string): string {
  return text.toLocaleUpperCase("vi");
}
