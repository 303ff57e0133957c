import type { ClaimView, MyAttendance, SubstituteStage } from "../bindings";
import { presenceWords } from "../chair/words";
import { m } from "../paraglide/messages";
import type { Said } from "../poll/words";

/** What the person has said of his attendance and what the office has set; none before either. */
export function attendanceWords({ presence, claim }: MyAttendance): Said | null {
  if (claim && claim.presence !== presence) {
    const said = { presence: presenceWords(claim.presence) };
    return { tone: "wait", text: claim.at === null ? m.claim_saved(said) : m.claim_waits(said) };
  }
  if (presence === null) return null;
  const tone = presence === "present" || presence === "remote" ? "ok" : "plain";
  return { tone, text: m.claim_set({ presence: presenceWords(presence) }) };
}

/** A claim that the office has still to set. */
export function openClaim(claim: ClaimView | null, presence: MyAttendance["presence"]): ClaimView | null {
  return claim && claim.at !== null && claim.presence !== presence ? claim : null;
}

export function stageWords(stage: SubstituteStage): Said {
  switch (stage) {
    case "saved":
      return { tone: "wait", text: m.substitute_saved() };
    case "asked":
      return { tone: "wait", text: m.substitute_asked() };
    case "approved":
      return { tone: "ok", text: m.substitute_approved() };
    case "ended":
      return { tone: "plain", text: m.substitute_ended() };
  }
}
