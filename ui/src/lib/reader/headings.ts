// Which heading one reads under.
import type { OutlineRow } from "../bindings";
import type { Spot } from "./reading.svelte";

/** The last heading that stands at or above what is read; null before the first. `height` is that of a page in points. */
export function headingAt(rows: OutlineRow[], spot: Spot, height: (page: number) => number): number | null {
  let found: number | null = null;
  rows.forEach((row, i) => {
    if (row.page === null) return;
    const down = row.y === null || height(row.page) === 0 ? 0 : row.y / height(row.page);
    // What is read is a little below the heading that was just gone to.
    if (row.page < spot.page || (row.page === spot.page && down <= spot.within + 0.02)) found = i;
  });
  return found;
}
