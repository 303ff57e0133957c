// A form while somebody writes it: kept a moment after the last letter, so that a crash loses nothing and the desk sees it.
import { keepFormDraft, type FormDraft } from "../bindings";
import { Fault } from "../errors/fault";

/** Kept so long after the last letter, in ms. */
const SOON = 1000;

type Place = { body: string; draft: string };

export class Editing {
  form = $state<FormDraft>()!;
  /** When it was last kept here, in ms since 1970. */
  keptAt = $state<number | null>(null);
  failure = $state.raw<Fault | null>(null);
  #place: Place;
  #known: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: Place, form: FormDraft) {
    this.#place = place;
    this.#known = JSON.stringify(form);
    this.form = structuredClone(form);
  }

  get dirty(): boolean {
    return JSON.stringify(this.form) !== this.#known;
  }

  /** What the desk has now: it is shown unless something was typed here since. */
  take(form: FormDraft) {
    const text = JSON.stringify(form);
    if (text === this.#known || this.dirty) return;
    this.#known = text;
    this.form = structuredClone(form);
  }

  /** Another text instead of what is here. */
  use(form: FormDraft) {
    this.form = structuredClone(form);
    this.changed();
  }

  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), SOON);
  }

  /** False if it could not be kept: it stays on the screen. */
  async keep(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (!this.dirty) return true;
    const form = $state.snapshot(this.form);
    try {
      await keepFormDraft({ ...this.#place, form, submit: false });
    } catch (error) {
      this.failure = Fault.from(error);
      return false;
    }
    [this.#known, this.keptAt, this.failure] = [JSON.stringify(form), Date.now(), null];
    return true;
  }
}
