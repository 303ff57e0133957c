import { describe, expect, it } from "vitest";
import type { FormDraft } from "../src/lib/bindings";
import { lacks } from "../src/lib/office/lacks";

const NOW = 1_795_482_000_000;

function form(change: Partial<FormDraft> = {}): FormDraft {
  return {
    number: "1/PLYK/2026",
    subject: "Dự thảo",
    agency: "",
    submission: "",
    officer: "",
    summary: "",
    basis: "Quy chế",
    rule: "",
    questions: [{ text: "Ban hành?", options: [], most: 1, otherOption: false, otherOpinion: true }],
    asked: [],
    due: NOW + 1,
    item: null,
    papers: [{ paper: "a", title: "Tờ trình", bytes: 1, pages: 1 }],
    replies: null,
    ...change,
  };
}

const of = (change: Partial<FormDraft>, some = false) => lacks(form(change), NOW, some).map((lack) => lack.of);

describe("what a form lacks before it is handed in", () => {
  it("is nothing where all is said", () => {
    expect(of({})).toEqual([]);
    expect(of({ due: null, papers: [], item: "b" })).toEqual([]);
  });

  it("is told in the order of the screen", () => {
    const nothing = { number: " ", subject: "", basis: "", papers: [], due: NOW };
    expect(of(nothing)).toEqual(["number", "subject", "basis", "dossier", "due"]);
  });

  it("names the question", () => {
    const options = (...texts: string[]) => ({ text: "Khi nào?", options: texts, most: 1, otherOption: false, otherOpinion: false });
    const asks = (question: FormDraft["questions"][number]) =>
      lacks(form({ questions: [form().questions[0]!, question] }), NOW, false);
    expect(asks(options("một", "hai"))).toEqual([]);
    for (const wrong of [options("một"), options("một", " "), options("một", "một ")]) {
      expect(asks(wrong)).toEqual([{ of: "options", question: 1 }]);
    }
    expect(asks({ ...options("một", "hai"), text: "" })).toEqual([{ of: "question", question: 1 }]);
  });

  it("asks for somebody where only some are asked, and for the title of each paper", () => {
    expect(of({}, true)).toEqual(["asked"]);
    expect(of({ asked: ["x"] }, true)).toEqual([]);
    expect(of({ papers: [{ paper: "a", title: " ", bytes: 1, pages: 1 }] })).toEqual(["title"]);
  });
});
