import { describe, expect, it } from "vitest";
import { History } from "../src/lib/reader/history.svelte";

/** A history over one value, which each act sets. */
function over(start: string) {
  const history = new History();
  const state = { value: start };
  const set = (to: string, name?: string) => {
    const from = state.value;
    state.value = to;
    const act = { undo: async () => (state.value = from), redo: async () => (state.value = to) };
    history.did(name === undefined ? act : { ...act, name });
  };
  return { history, state, set };
}

describe("undo and redo", () => {
  it("goes back and forth, and forgets what was undone when something else is done", async () => {
    const { history, state, set } = over("a");
    set("b");
    set("c");
    await history.undo();
    expect(state.value).toBe("b");
    await history.undo();
    await history.undo();
    expect([state.value, history.canUndo, history.canRedo]).toEqual(["a", false, true]);
    await history.redo();
    expect(state.value).toBe("b");
    set("d");
    expect(history.canRedo).toBe(false);
    await history.redo();
    expect(state.value).toBe("d");
    await history.undo();
    expect(state.value).toBe("b");
  });

  it("takes what is typed into one note as one, until he is done with it", async () => {
    const { history, state, set } = over("");
    set("m", "text 1");
    set("mộ", "text 1");
    set("một", "text 1");
    history.close();
    set("một hai", "text 1");
    await history.undo();
    expect(state.value).toBe("một");
    await history.undo();
    expect(state.value).toBe("");
    await history.redo();
    expect(state.value).toBe("một");
  });

  it("does one after the other, however fast the keys come, and keeps what failed", async () => {
    const history = new History();
    const said: string[] = [];
    const slow = (what: string, ms: number) => async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      said.push(what);
    };
    history.did({ undo: slow("first", 1), redo: slow("again", 1) });
    history.did({ undo: slow("second", 20), redo: slow("again", 1) });
    await Promise.all([history.undo(), history.undo()]);
    expect(said).toEqual(["second", "first"]);
    let broken = true;
    history.did({ undo: async () => (broken ? Promise.reject(new Error("full")) : said.push("third")), redo: slow("x", 1) });
    await expect(history.undo()).rejects.toThrow("full");
    expect(history.canUndo).toBe(true);
    broken = false;
    await history.undo();
    expect(said[2]).toBe("third");
  });
});
