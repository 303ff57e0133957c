// A paper leaves with what was written on it, as a file for other programs.
import { saveWithMarks, type ReaderView } from "../bindings";
import { Doing } from "../data/view.svelte";
import { m } from "../paraglide/messages";

/** What no file system has in a name. */
const NOT_IN_NAMES = /[\\/:*?"<>|]/g;

export class Copying {
  readonly doing = new Doing();
  /** Where the last one was saved. */
  path = $state<string | null>(null);
  #body: string;

  constructor(body: string) {
    this.#body = body;
  }

  async save({ paper, rev, title }: ReaderView) {
    this.path = null;
    const words = {
      name: m.copy_name({ title }).replace(NOT_IN_NAMES, "-"),
      notice: m.copy_notice(),
      unplaced: m.copy_unplaced(),
      bookmark: m.kind_bookmark(),
    };
    await this.doing.run(async () => (this.path = await saveWithMarks({ body: this.#body, paper, rev, words })));
  }
}
