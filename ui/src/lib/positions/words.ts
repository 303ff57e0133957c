// Positions before a meeting, in words.
import type { PositionsView, PositionView, Stance } from "../bindings";
import { m } from "../paraglide/messages";
import { actShort, actWords, type Said } from "../poll/words";

export const STANCES: Stance[] = ["agree", "speak", "object"];

export function stanceWords(stance: Stance): string {
  switch (stance) {
    case "agree":
      return m.stance_agree();
    case "speak":
      return m.stance_speak();
    case "object":
      return m.stance_object();
  }
}

type Own = Pick<PositionView, "stance" | "state" | "recordedAt" | "failure">;

/** The full sentence under one's own position. */
export function positionWords(own: Own): Said {
  if (own.state === "stale") return { tone: "wait", text: m.position_stale() };
  return actWords({ ...own, otherAt: null }, "position.state");
}

/** The position and how far it has come, for a row of the agenda. */
export function positionShort(own: Own): Said {
  const said = actShort({ ...own, otherAt: null });
  const reached = { ...said, text: own.state === "stale" ? m.position_stale_short() : said.text };
  if (own.stance === null) return reached;
  const word = m.position_word({ stance: stanceWords(own.stance) });
  // What is recorded needs no more words.
  if (own.state === "recorded") return { tone: "ok", text: word };
  return { tone: reached.tone, text: m.position_mine({ stance: word, state: reached.text }) };
}

/** How many say what, those first who want a debate; nothing is said of nobody. */
export function countsWords(all: PositionsView): string[] {
  const said = [
    all.object > 0 && m.positions_object({ count: all.object }),
    all.speak > 0 && m.positions_speak({ count: all.speak }),
    all.agree > 0 && m.positions_agree({ count: all.agree }),
    all.unseen > 0 && m.positions_unseen({ count: all.unseen }),
    all.silent > 0 && m.positions_silent({ count: all.silent }),
  ];
  return said.filter((words) => words !== false);
}

/** Whether anybody has said anything. */
export function isStated(all: PositionsView): boolean {
  return all.object + all.speak + all.agree + all.unseen > 0;
}
