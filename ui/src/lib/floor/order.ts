/** The list with the one at `at` so many places later or, below 0, earlier. */
export function moved<T>(list: T[], at: number, by: number): T[] {
  const rest = list.filter((_, i) => i !== at);
  const one = list[at];
  if (one === undefined) return list;
  const to = Math.max(0, Math.min(rest.length, at + by));
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}
