// What needs a debate first.
import type { MemberPosition, PositionsView, Stance } from "../bindings";

export type GroupKey = Stance | "unseen" | "silent";
const KEYS: GroupKey[] = ["object", "speak", "unseen", "silent", "agree"];

function keyOf({ stance, statedAt }: MemberPosition): GroupKey {
  return stance ?? (statedAt === null ? "silent" : "unseen");
}

/** Members by what they say: objections, wishes to speak, those who have not said, those who agree; each in protocol order. */
export function groups(members: MemberPosition[]): { key: GroupKey; members: MemberPosition[] }[] {
  const all = KEYS.map((key) => ({ key, members: members.filter((member) => keyOf(member) === key) }));
  return all.filter((group) => group.members.length > 0);
}

export type Need = "object" | "speak" | "silent" | "agree";

/** How much an item asks for a debate. What was said of former papers is not known to hold. */
export function needOf({ object, speak, silent, unseen, members }: PositionsView): Need {
  if (object > 0) return "object";
  if (speak > 0) return "speak";
  const stale = members.some((member) => member.stale);
  return silent > 0 || unseen > 0 || stale ? "silent" : "agree";
}
