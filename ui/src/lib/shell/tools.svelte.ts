// What the person marked with last: for every paper, and kept with the settings of this device.
import type { Tools } from "../bindings";

class Chosen {
  tools = $state.raw<Tools>({ colour: "yellow", ink: "blue", width: 18 });
  /** Whoever keeps the settings; nobody before they are read. */
  #keep: (tools: Tools) => void = () => {};

  /** As they were kept. */
  adopt(tools: Tools, keep: (tools: Tools) => void) {
    this.tools = tools;
    this.#keep = keep;
  }

  choose(change: Partial<Tools>) {
    this.tools = { ...this.tools, ...change };
    this.#keep(this.tools);
  }
}

export const chosen = new Chosen();
