import { describe, expect, it } from "vitest";
import type { PageText } from "../src/lib/bindings";
import { anchorOf, covers, lineOf, quadsOf, wordAt } from "../src/lib/reader/selection";

/** Two lines of words, each letter 10 points wide, each line 20 points high. */
function page(...lines: string[]): PageText {
  const words: PageText["words"] = [];
  let start = 0;
  lines.forEach((line, row) => {
    let x = 0;
    for (const word of line.split(" ")) {
      const length = Array.from(word).length;
      words.push({ start, end: start + length, x0: x, x1: x + length * 10, y0: row * 20, y1: row * 20 + 16 });
      start += length + 1;
      x += (length + 1) * 10;
    }
  });
  return { page: 0, text: lines.join("\n"), words };
}

describe("selecting words", () => {
  const text = page("Chương trình đê", "điều và hồ chứa");

  it("finds the word at a point, and the nearest on its line", () => {
    expect(wordAt(text.words, 5, 8)).toBe(0);
    expect(wordAt(text.words, 155, 8)).toBe(2);
    expect(wordAt(text.words, 5, 30)).toBe(3);
    expect(wordAt(text.words, 5, 400)).toBeNull();
    expect(wordAt([], 5, 5)).toBeNull();
  });

  it("makes one box for each line", () => {
    expect(quadsOf(text, { from: 1, to: 4 })).toEqual([
      [70, 0, 150, 0, 70, 16, 150, 16],
      [0, 20, 70, 20, 0, 36, 70, 36],
    ]);
    expect(quadsOf(text, { from: 0, to: 0 })).toHaveLength(1);
  });

  it("knows the line of a word", () => {
    expect(lineOf(text, 1)).toEqual({ from: 0, to: 2 });
    expect(lineOf(text, 4)).toEqual({ from: 3, to: 6 });
  });

  it("keeps the words and what surrounds them, line ends as blanks", () => {
    expect(anchorOf(text, { from: 2, to: 3 })).toEqual({
      exact: "đê điều",
      prefix: "Chương trình ",
      suffix: " và hồ chứa",
    });
  });

  it("counts characters, not code units", () => {
    const astral = page("𝔸𝔹 sau", "cùng");
    expect(anchorOf(astral, { from: 1, to: 2 })).toMatchObject({ exact: "sau cùng", prefix: "𝔸𝔹 " });
  });

  it("keeps at most 64 characters around", () => {
    const long = page("a".repeat(100), "giữa", "b".repeat(100));
    const { prefix, suffix } = anchorOf(long, { from: 1, to: 1 });
    expect([prefix.length, suffix.length]).toEqual([64, 64]);
  });

  it("hits a mark inside its boxes only", () => {
    const quads = quadsOf(text, { from: 1, to: 1 });
    expect(covers(quads, 80, 8)).toBe(true);
    expect(covers(quads, 80, 30)).toBe(false);
  });
});
