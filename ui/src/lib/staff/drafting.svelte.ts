// Drafts that staff are at and have not kept yet: leaving the screen, or reading a paper, loses nothing.
import { SvelteMap } from "svelte/reactivity";
import type { AnswerDraft } from "../bindings";

export const drafting = new SvelteMap<string, AnswerDraft>();
