// What is written into a note is kept while it is written: a moment after the last letter, and when the field is left.
import { Fault } from "../errors/fault";
import { nfc } from "../format";

/** After the last letter, in ms. */
const PAUSE = 700;
/** What could not be kept before its field went away, by mark: it is in the field when that is opened again. */
const drafts = new Map<string, string>();

export class Keeping {
  text = $state("");
  failure = $state.raw<Fault | null>(null);
  #id: string;
  #save: (text: string) => Promise<unknown>;
  #stored: string;
  /** Kept texts that newer ones have replaced: a view that still tells of one is only late. */
  #replaced = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<boolean> | null = null;

  constructor(id: string, stored: string, save: (text: string) => Promise<unknown>) {
    this.#id = id;
    this.#stored = stored;
    this.#save = save;
    this.text = drafts.get(id) ?? stored;
  }

  /** What a view tells is kept; never over what is still to be kept. */
  told(stored: string) {
    if (stored === this.#stored) this.#replaced.clear();
    else if (!this.#pending && !this.#replaced.has(stored)) this.text = this.#stored = stored;
  }

  typed = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), PAUSE);
  };

  /** Keeps what is written, and what is written meanwhile; false when it could not. */
  keep = (): Promise<boolean> => {
    clearTimeout(this.#timer);
    this.#running ??= this.#all().finally(() => (this.#running = null));
    return this.#running;
  };

  /** Nothing more of it is to be kept. */
  drop() {
    clearTimeout(this.#timer);
    this.text = this.#stored;
    drafts.delete(this.#id);
  }

  get #pending(): boolean {
    return this.#running !== null || nfc(this.text) !== this.#stored;
  }

  async #all(): Promise<boolean> {
    for (let wanted = nfc(this.text); wanted !== this.#stored; wanted = nfc(this.text)) {
      try {
        await this.#save(wanted);
      } catch (error) {
        this.failure = Fault.from(error);
        drafts.set(this.#id, wanted);
        return false;
      }
      this.#replaced.add(this.#stored);
      this.#replaced.delete(wanted);
      this.#stored = wanted;
    }
    this.failure = null;
    drafts.delete(this.#id);
    return true;
  }
}
