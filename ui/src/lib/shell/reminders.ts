// Reminders that the desktop shows: worded here, given once by the program.
import { giveReminder, reminders, type Reminder } from "../bindings";
import { onChanged } from "../call";
import { dayTime } from "../format";
import { m } from "../paraglide/messages";

/** What a notice says. It never names a subject, and on a locked program not even the form. */
export function noticeWords({ what, overdue }: Pick<Reminder, "what" | "overdue">): { title: string; text: string } {
  const text = m.notice_open();
  if (!what) return { title: overdue ? m.notice_overdue() : m.notice_due(), text };
  const { number, whom } = what;
  const said = { number, at: dayTime(what.due), name: whom ?? "" };
  if (overdue) {
    return { title: m.notice_form_overdue(said), text: whom === null ? m.notice_still(said) : m.notice_still_of(said) };
  }
  return { title: m.notice_form_due(said), text: whom === null ? m.notice_answer(said) : m.notice_answer_of(said) };
}

/** Gives what is due, one after the other; what cannot be shown stays on the first screen. */
async function give() {
  for (const reminder of await reminders().catch(() => [])) {
    const { key, what } = reminder;
    await giveReminder({ key, named: what !== null, ...noticeWords(reminder) }).catch(() => undefined);
  }
}

/** Listens until the returned function is called. */
export function remind(): () => void {
  void give();
  return onChanged((topics) => topics.includes("reminders") && void give());
}
