import type { FolderProblem } from "../bindings";
import { words } from "../errors/words";
import { m } from "../paraglide/messages";

/** What is wrong with a file of a folder, and what can be done. */
export function problemWords({ failure }: FolderProblem): string {
  switch (failure.code) {
    case "pdf.encrypted":
      return m.problem_encrypted();
    case "pdf.not_pdf":
      return m.problem_not_pdf();
    case "pdf.truncated":
      return m.problem_truncated();
    default:
      return words(failure).what;
  }
}
