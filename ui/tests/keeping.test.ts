import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Keeping } from "../src/lib/reader/keeping.svelte";

describe("a note that is written", () => {
  /** What was asked to be kept, and how each of it ends. */
  let saved: string[];
  let ends: ((error?: unknown) => void)[];
  const save = (text: string) =>
    new Promise<void>((resolve, reject) => {
      saved.push(text);
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  const turn = () => vi.advanceTimersByTimeAsync(0);
  const end = async (error?: unknown) => {
    ends.shift()?.(error);
    await turn();
  };
  const open = (stored = "cũ", id = "m") => new Keeping(id, stored, save);
  const type = (note: Keeping, text: string) => {
    note.text = text;
    note.typed();
  };

  beforeEach(() => {
    [saved, ends] = [[], []];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it("begins with what is kept, and keeps nothing that has not changed", async () => {
    const note = open();
    expect(note.text).toBe("cũ");
    expect(await note.keep()).toBe(true);
    expect(saved).toEqual([]);
  });

  it("is kept a moment after the last letter, composed", async () => {
    const note = open();
    type(note, "m");
    await vi.advanceTimersByTimeAsync(600);
    type(note, "mo\u031b\u0301i");
    await vi.advanceTimersByTimeAsync(600);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(saved).toEqual(["mới"]);
  });

  it("is left only when the letters that came while it was being kept are kept too", async () => {
    const note = open();
    type(note, "mới");
    void note.keep();
    type(note, "mới hơn");
    let left: boolean | null = null;
    void note.keep().then((kept) => (left = kept));
    await end();
    expect([saved, left]).toEqual([["mới", "mới hơn"], null]);
    await end();
    expect(left).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(saved.length).toBe(2);
  });

  it("is not overwritten by what a view tells meanwhile, nor by a late one", async () => {
    const note = open();
    type(note, "mới");
    note.told("nơi khác");
    expect(note.text).toBe("mới");
    void note.keep();
    note.told("cũ");
    await end();
    note.told("cũ");
    expect(note.text).toBe("mới");
    note.told("mới");
    // Undone.
    note.told("cũ");
    expect(note.text).toBe("cũ");
  });

  it("keeps the letters in the field when it could not be kept, even of a field that went away", async () => {
    const note = open("cũ", "n");
    type(note, "mới");
    const left = note.keep();
    await end({ code: "disk.full", params: {} });
    expect([await left, note.failure?.code, note.text]).toEqual([false, "disk.full", "mới"]);
    note.told("nơi khác");
    expect(note.text).toBe("mới");

    const again = open("cũ", "n");
    expect(again.text).toBe("mới");
    const kept = again.keep();
    await end();
    expect([await kept, again.failure]).toEqual([true, null]);
    expect(open("mới", "n").text).toBe("mới");
    expect(open("nơi khác", "n").text).toBe("nơi khác");
  });

  it("is not kept any more when its mark is taken away", async () => {
    const note = open("cũ", "r");
    type(note, "mới");
    void note.keep();
    await end({ code: "disk.full", params: {} });
    note.typed();
    note.drop();
    await vi.advanceTimersByTimeAsync(2000);
    expect([await note.keep(), saved.length, open("cũ", "r").text]).toEqual([true, 1, "cũ"]);
  });
});
