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
