// Words found in a paper, and which of them is shown.
import type { FindHit } from "../bindings";

export class Found {
  hits = $state.raw<FindHit[]>([]);
  at = $state(0);

  get hit(): FindHit | null {
    return this.hits[this.at] ?? null;
  }

  show(hits: FindHit[], from: number) {
    this.hits = hits;
    const next = hits.findIndex((hit) => hit.page >= from);
    this.at = Math.max(0, next);
  }

  step(by: 1 | -1) {
    const { length } = this.hits;
    if (length > 0) this.at = (this.at + by + length) % length;
  }

  clear() {
    this.hits = [];
    this.at = 0;
  }
}
