import { describe, expect, it, vi } from "vitest";

vi.mock("../src/lib/call", () => ({ call: async () => undefined, onChanged: () => () => undefined }));

const { Side } = await import("../src/lib/reader/side.svelte");

/** A side with a paper of three pages, and what its pages were asked for. */
function made(query: string | null) {
  const side = Object.assign(new Side({ paper: "p", rev: "r" }), { query, finding: query !== null });
  const pages = [1, 2, 3].map(() => ({ width: 595, height: 842 }));
  side.opened = { data: { data: { pages } } } as never;
  const focus = vi.fn();
  const none = () => undefined;
  side.pages = { go: none, restore: none, turn: none, zoom: none, rotate: none, focus };
  return { side, focus };
}

describe("finding in a paper", () => {
  it("leads back to where the search began", () => {
    const { side } = made(null);
    side.find(true);
    side.show(2);
    side.show(1);
    expect(side.back()).toBe(true);
    expect(side.back()).toBe(false);
  });

  it("has nothing to go back to in the search that the paper was opened with, and forgets its words", () => {
    const { side } = made("đê điều");
    side.show(2);
    side.show(1);
    expect(side.back()).toBe(false);
    side.find(false);
    expect(side.query).toBeNull();
    side.find(true);
    side.show(2);
    expect(side.back()).toBe(true);
  });

  it("has the focus in the field when asked for again, and on the pages when it ends", () => {
    const { side, focus } = made(null);
    side.find(true);
    side.bar = { focus: vi.fn() };
    side.find(true);
    expect(side.bar.focus).toHaveBeenCalledOnce();
    expect(focus).not.toHaveBeenCalled();
    side.find(false);
    expect(focus).toHaveBeenCalledOnce();
  });
});
