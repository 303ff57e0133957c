// A paper leaves with what was written on it: as a file for other programs, or on paper.
import { printWithMarks, saveWithMarks, type ReaderView, type WithMarks } from "../bindings";
import { Doing } from "../data/view.svelte";
import { m } from "../paraglide/messages";

/** What no file system has in a name. */
const NOT_IN_NAMES = /[\\/:*?"<>|]/g;

export class Copying {
  readonly doing = new Doing();
  /** What was done last, in words. */
  done = $state<string | null>(null);
  #body: string;

  constructor(body: string) {
    this.#body = body;
  }

  save(paper: ReaderView) {
    return this.#leave(async () => {
      const path = await saveWithMarks(this.#copy(paper));
      return path === null ? null : m.copy_saved({ path });
    });
  }

  print(paper: ReaderView) {
    return this.#leave(async () => ((await printWithMarks(this.#copy(paper))) ? m.print_done() : null));
  }

  /** One at a time: a printer's or a file's dialog is open meanwhile. */
  async #leave(way: () => Promise<string | null>) {
    if (this.doing.running) return;
    this.done = null;
    await this.doing.run(async () => (this.done = await way()));
  }

  #copy({ paper, rev, title }: ReaderView): WithMarks {
    const words = {
      name: m.copy_name({ title }).replace(NOT_IN_NAMES, "-"),
      notice: m.copy_notice(),
      unplaced: m.copy_unplaced(),
      bookmark: m.kind_bookmark(),
    };
    return { body: this.#body, paper, rev, words };
  }
}
