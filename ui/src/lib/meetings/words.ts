import type { ItemKind, PaperRow, Readiness } from "../bindings";
import type { Said } from "../poll/words";
import { bytes } from "../format";
import { m } from "../paraglide/messages";

/** "Đã tải đủ" or "Đã tải 18/25 tài liệu". */
export function readinessWords(readiness: Readiness): Said {
  const { ready, total } = readiness;
  if (total === 0) return { tone: "plain", text: m.papers_none() };
  if (ready >= total) return { tone: "ok", text: m.papers_all({ total }) };
  return { tone: "wait", text: m.papers_some({ ready, total }) };
}

export function paperWords(paper: PaperRow): Said {
  switch (paper.state) {
    case "ready":
      return { tone: "ok", text: m.paper_ready() };
    case "loading":
      return { tone: "wait", text: m.paper_loading({ ready: bytes(paper.bytesReady), total: bytes(paper.bytes) }) };
    case "missing":
      return { tone: "wait", text: m.paper_missing() };
    case "withdrawn":
      return { tone: "plain", text: m.paper_withdrawn() };
  }
}

/** What is new in papers since the member read them; none if nothing is. */
export function changedWords(papers: PaperRow[]): string | null {
  const changed = papers.filter((paper) => paper.changed);
  if (changed.length === 0) return null;
  const counts = changed.map((paper) => paper.changedParagraphs);
  if (counts.includes(null)) return m.paper_changed();
  const count = counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return count > 0 ? m.paper_changed_count({ count }) : m.paper_changed_words();
}

export function kindWords(kind: ItemKind): string {
  switch (kind) {
    case "discuss":
      return m.kind_discuss();
    case "vote":
      return m.kind_vote();
    case "report":
      return m.kind_report();
  }
}
