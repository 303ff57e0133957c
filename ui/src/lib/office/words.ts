import type { FormDraftRow } from "../bindings";
import { when } from "../format";
import { m } from "../paraglide/messages";
import type { Said } from "../poll/words";
import type { Lack } from "./lacks";

/** Where a form stands at the desk. */
export function stageWords({ stage, why, work }: Pick<FormDraftRow, "stage" | "why" | "work">): Said {
  switch (stage) {
    case "writing":
      return { tone: "plain", text: m.form_draft_writing() };
    case "waiting":
      return { tone: work === null ? "plain" : "wait", text: m.form_draft_waiting() };
    case "sentBack":
      return { tone: "stop", text: m.form_draft_back({ why: why ?? "" }) };
    case "signed":
      return { tone: "wait", text: m.form_draft_signed() };
    case "sent":
      return { tone: "ok", text: m.form_draft_sent() };
  }
}

/** Who brought it there. */
export function stageBy({ stage, by, at }: Pick<FormDraftRow, "stage" | "by" | "at">): string | null {
  if (by === null || at === null) return null;
  const said = { name: by, at: when(at) };
  switch (stage) {
    case "writing":
      return m.form_draft_written_by(said);
    case "waiting":
      return m.form_draft_handed_by(said);
    case "sentBack":
      return m.form_draft_returned_by(said);
    case "signed":
    case "sent":
      return m.form_draft_signed_by(said);
  }
}

/** What has to be said before it can be handed in. */
export function lackWords({ of, question }: Lack): string {
  const number = (question ?? 0) + 1;
  switch (of) {
    case "number":
      return m.form_draft_number();
    case "subject":
      return m.form_draft_subject();
    case "basis":
      return m.form_basis();
    case "dossier":
      return m.form_draft_lack_dossier();
    case "title":
      return m.form_draft_lack_title();
    case "question":
      return m.form_draft_lack_question({ number });
    case "options":
      return m.form_draft_lack_options({ number });
    case "asked":
      return m.form_draft_lack_asked();
    case "due":
      return m.form_draft_lack_due();
  }
}
