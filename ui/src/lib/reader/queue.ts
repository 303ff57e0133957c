// One thing after the other.

let last: Promise<unknown> = Promise.resolve();

/** Does this once all that was asked for before is done. */
export function one(act: () => Promise<unknown>): Promise<unknown> {
  last = last.then(act, act);
  return last;
}
