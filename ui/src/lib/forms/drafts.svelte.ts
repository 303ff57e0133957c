// Answers that were begun, for as long as the program runs: leaving the screen, or reading a paper, loses nothing.
import { SvelteMap } from "svelte/reactivity";
import type { Draft } from "./draft";

const begun = new SvelteMap<string, Draft>();
const key = (body: string, form: string) => `${body}/${form}`;

export const drafts = {
  get: (body: string, form: string): Draft | null => begun.get(key(body, form)) ?? null,
  keep: (body: string, form: string, draft: Draft) => void begun.set(key(body, form), draft),
  drop: (body: string, form: string) => void begun.delete(key(body, form)),
};
