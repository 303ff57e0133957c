// Answers that were begun: at once in memory, a moment later in the member's own space, so that a crash loses nothing and
// his other devices have them too.
import { SvelteMap } from "svelte/reactivity";
import { keepAnswer } from "../bindings";
import type { Draft } from "./draft";

/** Kept so long after the last letter, in ms. */
const SOON = 700;

type Place = { body: string; form: string };

class Drafts {
  /** As this program has them: none, if it was given up; what is not here is as it was kept. */
  #here = new SvelteMap<string, Draft | null>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** What is begun; `kept` is what the member's space has. */
  get(place: Place, kept: Draft | null): Draft | null {
    const here = this.#here.get(name(place));
    return here === undefined ? kept : here;
  }

  keep(place: Place, draft: Draft) {
    this.#here.set(name(place), draft);
    clearTimeout(this.#timers.get(name(place)));
    this.#timers.set(name(place), setTimeout(() => void this.#save(place), SOON));
  }

  /** It was sent, or given up. */
  drop(place: Place) {
    this.#here.set(name(place), null);
    void this.#save(place);
  }

  /** The screen is left: from now on what was kept counts, from whichever device. */
  async leave(place: Place) {
    const had = this.#here.get(name(place));
    if (had === undefined || !(await this.#save(place))) return;
    if (this.#here.get(name(place)) === had) this.#here.delete(name(place));
  }

  /** False if it could not be kept: it stays in memory. */
  async #save(place: Place): Promise<boolean> {
    clearTimeout(this.#timers.get(name(place)));
    this.#timers.delete(name(place));
    const answer = this.#here.get(name(place)) ?? null;
    return keepAnswer({ ...place, answer }).then(
      () => true,
      () => false,
    );
  }
}

const name = ({ body, form }: Place) => `${body}/${form}`;

export const drafts = new Drafts();
