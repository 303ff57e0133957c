// What the chair does next, and the order of the items by what needs a debate.
import type { ChairBlock, ChairItem, ChairView, HandsView } from "../bindings";
import { isStated } from "../positions/words";
import { needOf } from "../positions/order";

export type Group = "open" | "pulled" | "object" | "speak" | "silent" | "agree" | "done";
const GROUPS: Group[] = ["open", "pulled", "object", "speak", "silent", "agree", "done"];

/** It was voted on, and not taken back, or something was concluded. */
export function isDone({ poll, conclusion }: ChairItem): boolean {
  return conclusion !== null || (poll !== null && !poll.open && !poll.recalled);
}

function groupOf(item: ChairItem): Group {
  if (item.poll?.open) return "open";
  if (isDone(item)) return "done";
  // Whoever has taken it out of a block wants a debate.
  return item.pulled ? "pulled" : needOf(item.positions);
}

/** Items by what they ask for, in each group by the agenda. */
export function byDebate(items: ChairItem[]): { group: Group; items: ChairItem[] }[] {
  const all = GROUPS.map((group) => ({ group, items: items.filter((item) => groupOf(item) === group) }));
  return all.filter(({ items }) => items.length > 0);
}

/** Whether there is anything to order by. */
export function isOrdered(items: ChairItem[]): boolean {
  return items.some((item) => isStated(item.positions) || item.pulled !== null);
}

/** Items that may be voted on as a block: nothing was decided on them, and nobody objects to them or has taken them out. */
export function forBlock(items: ChairItem[]): ChairItem[] {
  return items.filter((item) => {
    const group = groupOf(item);
    return !item.waiting && item.kind !== "report" && (group === "silent" || group === "agree");
  });
}

export type Step =
  | { kind: "close"; item: ChairItem }
  | { kind: "closeBlock"; block: ChairBlock }
  | { kind: "hands"; item: ChairItem | null; hands: HandsView }
  | { kind: "confirm"; item: ChairItem }
  | { kind: "conclude"; item: ChairItem }
  | { kind: "quorum" }
  | { kind: "block"; items: ChairItem[] }
  | { kind: "open"; item: ChairItem }
  | { kind: "done" };

/** The one thing to do now; none while what was done last waits to be recorded. */
export function nextStep(desk: ChairView): Step | null {
  const open = desk.items.find((item) => item.poll?.open && !item.poll.block);
  const block = desk.blocks.find(({ poll }) => poll.open);
  const counted = (open ?? block)?.hands.find((hands) => hands.confirmedAt === null && !hands.overtaken && hands.enteredAt !== null);
  // Closed before they are confirmed, they would not count.
  if (counted) return counted.confirming ? null : { kind: "hands", item: open ?? null, hands: counted };
  if (open) return open.waiting ? null : { kind: "close", item: open };
  if (block) return block.waiting ? null : { kind: "closeBlock", block };
  const proposed = desk.items.find(({ conclusion }) => conclusion && conclusion.confirmedAt === null);
  if (proposed && desk.presides && proposed.conclusion?.writtenAt !== null && !proposed.conclusion?.confirming) {
    return { kind: "confirm", item: proposed };
  }
  const voted = desk.items.find((item) => isDone(item) && item.conclusion === null);
  if (voted && desk.cannotConclude === null) return { kind: "conclude", item: voted };
  if (desk.quorumNeeded > 0 && desk.present < desk.quorumNeeded) return { kind: "quorum" };
  const left = byDebate(desk.items.filter((item) => !isDone(item) && !item.waiting && item.kind !== "report"));
  const several = forBlock(desk.items);
  // Nothing is known of items that nobody has said anything of.
  if (desk.cannotConclude === null && several.length > 1 && isOrdered(desk.items)) return { kind: "block", items: several };
  const first = left[0]?.items[0];
  if (first) return { kind: "open", item: first };
  return desk.items.some((item) => item.waiting) ? null : { kind: "done" };
}
