// What was done and can be undone, the last first.

export type Act = {
  undo: () => Promise<unknown>;
  redo: () => Promise<unknown>;
  /** Acts of the same name that follow each other are one: what is typed into one note. */
  name?: string;
};

export class History {
  #done = $state.raw<Act[]>([]);
  #undone = $state.raw<Act[]>([]);
  #busy: Promise<unknown> = Promise.resolve();

  canUndo = $derived(this.#done.length > 0);
  canRedo = $derived(this.#undone.length > 0);

  did(act: Act) {
    const last = this.#done[this.#done.length - 1];
    const same = act.name !== undefined && last?.name === act.name && this.#undone.length === 0;
    const one = same ? { ...act, undo: last.undo } : act;
    this.#done = [...(same ? this.#done.slice(0, -1) : this.#done), one];
    this.#undone = [];
  }

  /** What follows is an act of its own, whatever its name. */
  close() {
    const last = this.#done[this.#done.length - 1];
    if (last?.name !== undefined) this.#done = [...this.#done.slice(0, -1), { undo: last.undo, redo: last.redo }];
  }

  /** One after the other, however fast the keys come. What fails stays to be undone again. */
  undo = (): Promise<void> =>
    this.#next(async () => {
      const act = this.#done[this.#done.length - 1];
      if (!act) return;
      await act.undo();
      this.#done = this.#done.filter((other) => other !== act);
      this.#undone = [...this.#undone, act];
    });

  redo = (): Promise<void> =>
    this.#next(async () => {
      const act = this.#undone[this.#undone.length - 1];
      if (!act) return;
      await act.redo();
      this.#undone = this.#undone.filter((other) => other !== act);
      this.#done = [...this.#done, act];
    });

  #next(act: () => Promise<void>): Promise<void> {
    const next = this.#busy.then(act);
    this.#busy = next.catch(() => undefined);
    return next;
  }
}
