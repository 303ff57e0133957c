// A view of the shell's data: loaded, loaded again when one of its topics changes, with what there was still shown.
import { onChanged } from "../call";
import type { Topic } from "../bindings";
import { Fault } from "../errors/fault";

/** Only after this is a skeleton shown, in ms: what is faster needs none. */
const SLOW = 200;

export class View<T> {
  data = $state.raw<T | null>(null);
  failure = $state.raw<Fault | null>(null);
  slow = $state(false);
  #again = $state(0);

  constructor(topics: Topic[], load: () => Promise<T>) {
    $effect(() => {
      void this.#again;
      return this.#run(load());
    });
    $effect(() =>
      onChanged((changed) => {
        if (changed.some((topic) => topics.includes(topic))) this.reload();
      }),
    );
  }

  reload = () => {
    this.#again += 1;
  };

  #run(loading: Promise<T>): () => void {
    let current = true;
    const timer = setTimeout(() => (this.slow = true), SLOW);
    const settle = (data: T | null, failure: Fault | null) => {
      clearTimeout(timer);
      if (!current) return;
      this.slow = false;
      this.failure = failure;
      if (data !== null || failure === null) this.data = data;
    };
    loading.then(
      (data) => settle(data, null),
      (error) => settle(null, Fault.from(error)),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }
}

/** Call while a component is being made: what `load` reads before its first await is watched. */
export function view<T>(topics: Topic[], load: () => Promise<T>): View<T> {
  return new View(topics, load);
}

/** Something the person has asked for: running, and what it failed with. */
export class Doing {
  running = $state(false);
  failure = $state.raw<Fault | null>(null);

  /** The person is trying anew. */
  clear = () => (this.failure = null);

  /** Runs one thing at a time; true when it succeeded. */
  run = async (act: () => Promise<unknown>): Promise<boolean> => {
    if (this.running) return false;
    this.running = true;
    this.failure = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.failure = Fault.from(error);
      return false;
    } finally {
      this.running = false;
    }
  };
}
