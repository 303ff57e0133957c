import type { DraftRow } from "../bindings";
import { m } from "../paraglide/messages";
import type { Said } from "../poll/words";

/** Where the draft of a member's answer stands, for who prepares it. */
export function draftWords({ stage, name: whose, why }: DraftRow): Said {
  const name = whose ?? "";
  switch (stage) {
    case "none":
      return { tone: "wait", text: m.draft_none() };
    case "writing":
      return { tone: "wait", text: m.draft_begun() };
    case "waiting":
      return { tone: "plain", text: m.draft_waiting({ name }) };
    case "sentBack":
      return { tone: "stop", text: m.draft_returned({ why: why ?? "" }) };
    case "answered":
      return { tone: "ok", text: m.draft_answered({ name }) };
  }
}

/** The same in a list of forms. */
export function draftShort(row: DraftRow): Said | null {
  if (row.name === null) return row.stage === "waiting" ? { tone: "ok", text: m.draft_waiting_mine() } : null;
  const { name } = row;
  const { tone } = draftWords(row);
  switch (row.stage) {
    case "none":
      return { tone, text: m.forms_draft_none({ name }) };
    case "writing":
      return { tone, text: m.forms_draft_writing({ name }) };
    case "waiting":
      return { tone, text: m.forms_draft_waiting({ name }) };
    case "sentBack":
      return { tone, text: m.forms_draft_back({ name }) };
    case "answered":
      return { tone, text: m.forms_draft_answered({ name }) };
  }
}

/** Somebody's draft that this person has still to write or mend. */
export function toDraft(rows: DraftRow[]): boolean {
  return rows.some(({ name, stage }) => name !== null && stage !== "waiting" && stage !== "answered");
}
