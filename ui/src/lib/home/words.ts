import type { ActState, ChangeKind, Task, WorkKind } from "../bindings";
import { m } from "../paraglide/messages";
import { session } from "../shell/session.svelte";

/** Why a work cannot be done now: voting, answering and signing are held while the server's history is wrong. */
export function heldWords(kind: WorkKind): string | null {
  const acts = ["vote", "voteAgain", "answer", "answerAgain", "answerDrafted", "approveForm", "sign"] satisfies WorkKind[];
  return session.held && acts.some((act) => act === kind) ? m.voting_held() : null;
}

/** The work in words, and what its button says. */
export function workWords(kind: WorkKind, state: ActState | null): { name: string; action: string; main: string } {
  switch (kind) {
    case "vote":
      return { name: m.work_vote(), action: m.do_vote(), main: m.do_vote() };
    case "voteAgain":
      if (state === "lost") return { name: m.work_vote_lost(), action: m.do_vote_lost(), main: m.do_vote_lost() };
      return { name: m.work_vote_again(), action: m.do_vote_again(), main: m.do_vote_again() };
    case "answer":
      return { name: m.work_answer(), action: m.do_answer(), main: m.do_answer_main() };
    case "answerAgain":
      if (state === "lost") return { name: m.work_answer_lost(), action: m.do_answer_lost(), main: m.do_answer_lost() };
      return { name: m.work_answer_again(), action: m.do_answer_again(), main: m.do_answer_again() };
    case "answerDrafted":
      return { name: m.work_answer_drafted(), action: m.do_see_draft(), main: m.do_see_draft() };
    case "draft":
      return { name: m.work_draft(), action: m.do_draft(), main: m.do_draft_main() };
    case "draftAgain":
      return { name: m.work_draft_again(), action: m.do_draft_again(), main: m.do_draft_again() };
    case "brief":
      return { name: m.work_brief(), action: m.brief_write(), main: m.brief_write() };
    case "writeForm":
      return { name: m.work_write_form(), action: m.do_write_form(), main: m.do_write_form() };
    case "mendForm":
      return { name: m.work_mend_form(), action: m.do_mend_form(), main: m.do_mend_form() };
    case "approveForm":
      return { name: m.work_approve_form(), action: m.do_approve_form(), main: m.do_approve_form() };
    case "sign":
      return { name: m.work_sign(), action: m.do_sign(), main: m.do_sign_main() };
    case "meeting":
      return { name: m.work_meeting(), action: m.do_meeting(), main: m.do_meeting_main() };
    case "read":
      return { name: m.work_read(), action: m.do_read(), main: m.do_read_main() };
  }
}

/** What the office has begun may have no subject yet. */
export function subjectWords({ subject, target }: Pick<Task, "subject" | "target">): string {
  return subject === "" && target.kind === "formDraft" ? m.form_draft_untitled() : subject;
}

export function changeWords(kind: ChangeKind): string {
  switch (kind) {
    case "meetingPublished":
      return m.change_meeting();
    case "agendaChanged":
      return m.change_agenda();
    case "paperReplaced":
      return m.change_paper();
    case "paperSigned":
      return m.change_signed();
    case "pollOpened":
      return m.change_opened();
    case "pollClosed":
      return m.change_closed();
    case "concluded":
      return m.change_concluded();
    case "formSent":
      return m.change_form_sent();
    case "formClosed":
      return m.change_form_closed();
  }
}
