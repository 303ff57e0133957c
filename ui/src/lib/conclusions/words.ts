// Conclusions in words.
import type { Conclusion, ConclusionView } from "../bindings";
import type { Tone } from "../design/tone";
import { when } from "../format";
import { m } from "../paraglide/messages";

export const CONCLUSIONS: Conclusion[] = ["adopted", "changes", "deferred", "rejected"];
type Said = { tone: Tone; text: string };

export function conclusionWords(conclusion: Conclusion): string {
  switch (conclusion) {
    case "adopted":
      return m.conclusion_adopted();
    case "changes":
      return m.conclusion_changes();
    case "deferred":
      return m.conclusion_deferred();
    case "rejected":
      return m.conclusion_rejected();
  }
}

/** Whose word it is, and since when. */
export function standWords(view: ConclusionView): Said {
  if (view.writtenAt === null) return { tone: "wait", text: m.act_saved_plain() };
  if (view.confirmedAt !== null) return { tone: "ok", text: m.conclusion_confirmed({ at: when(view.confirmedAt) }) };
  if (view.confirming) return { tone: "wait", text: m.conclusion_confirming() };
  return { tone: "wait", text: m.conclusion_proposed() };
}

/** For a row: what was concluded, and that it waits if it does. */
export function conclusionState(view: ConclusionView): Said {
  const text = conclusionWords(view.conclusion);
  if (view.confirmedAt === null) return { tone: "wait", text: `${text} · ${standWords(view).text}` };
  return { tone: view.conclusion === "adopted" || view.conclusion === "changes" ? "ok" : "plain", text };
}
