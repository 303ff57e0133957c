// With whom marks are shared, in words, and whose are shown.
import type { GroupView, MarkView } from "../bindings";
import { m } from "../paraglide/messages";

export function groupName(group: GroupView): string {
  if (group.kind === "all") return m.group_all();
  return group.kind === "myStaff" ? m.group_my_staff() : m.group_staff_of({ name: group.name ?? "" });
}

/** Names of groups by their ids, in the order of the groups. */
export function namesOf(ids: string[], groups: GroupView[]): string {
  return groups
    .filter(({ id }) => ids.includes(id))
    .map(groupName)
    .join(", ");
}

/** Who is in a group, beside the person himself. */
export function peopleWords({ people }: GroupView): string {
  const [first, second, third, ...rest] = people;
  if (rest.length === 0) return m.group_people({ names: people.join(", ") });
  return m.group_people_more({ names: [first, second, third].join(", "), count: rest.length });
}

/** One's own, and those of groups that are not hidden. */
export function shownOf(marks: MarkView[], hidden: string[]): MarkView[] {
  return marks.filter(({ by }) => by === null || !hidden.includes(by.group));
}

/** Groups whose members have marks here, with how many. */
export function layersOf(marks: MarkView[], groups: GroupView[]): { group: GroupView; count: number }[] {
  return groups
    .map((group) => ({ group, count: marks.filter(({ by }) => by?.group === group.id).length }))
    .filter(({ count }) => count > 0);
}
