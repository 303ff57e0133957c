// The way back, as in a browser: where the person was before each jump.

export type Place = { paper: string; rev: string; page: number; within: number };
export type Steps = { back: Place[]; ahead: Place[] };

const MOST = 100;
/** Parts of a page's height: nearer is the same place. */
const NEAR = 0.1;

export class Trail {
  #back = $state.raw<Place[]>([]);
  #ahead = $state.raw<Place[]>([]);

  constructor(steps?: Steps) {
    if (steps) [this.#back, this.#ahead] = [steps.back, steps.ahead];
  }

  get canBack(): boolean {
    return this.#back.length > 0;
  }

  get canForward(): boolean {
    return this.#ahead.length > 0;
  }

  get steps(): Steps {
    return { back: this.#back, ahead: this.#ahead };
  }

  /** The person jumps away from here: what lay ahead is given up. */
  leave(here: Place) {
    const last = this.#back[this.#back.length - 1];
    if (!last || !same(last, here)) this.#back = [...this.#back, here].slice(-MOST);
    this.#ahead = [];
  }

  back(here: Place): Place | null {
    const to = this.#back[this.#back.length - 1];
    if (!to) return null;
    this.#back = this.#back.slice(0, -1);
    this.#ahead = [...this.#ahead, here];
    return to;
  }

  forward(here: Place): Place | null {
    const to = this.#ahead[this.#ahead.length - 1];
    if (!to) return null;
    this.#ahead = this.#ahead.slice(0, -1);
    this.#back = [...this.#back, here];
    return to;
  }
}

function same(a: Place, b: Place): boolean {
  return a.paper === b.paper && a.rev === b.rev && a.page === b.page && Math.abs(a.within - b.within) < NEAR;
}
