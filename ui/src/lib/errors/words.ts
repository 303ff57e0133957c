// What a code means in words: what happened, what is safe, what to do. An unknown code still says something true.
import type { Failure } from "../bindings";
import { errors } from "../bindings/errors";
import { dayTime } from "../format";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";

export type Words = { what: string; safe?: string; todo?: string };

const kept = () => m.safe_kept();
/** As much of a root as two people compare on the telephone. */
const start = (root: string | undefined) => (root ?? "").slice(0, 16);

const known: Record<string, (params: Record<string, string>) => Words> = {
  "net.unreachable": () => ({ what: m.err_net(), safe: kept(), todo: m.todo_net() }),
  "net.cut": () => ({ what: m.err_net_cut(), safe: kept(), todo: m.todo_net() }),
  "tls.failed": () => ({ what: m.err_tls(), safe: m.safe_nothing_sent(), todo: m.todo_office() }),
  "tls.untrusted": () => ({ what: m.err_tls(), safe: m.safe_nothing_sent(), todo: m.todo_office() }),
  "server.answer": () => ({ what: m.err_server_failed(), safe: kept(), todo: m.todo_later() }),
  "server.failed": () => ({ what: m.err_server_failed(), safe: kept(), todo: m.todo_later() }),
  "server.other_body": () => ({ what: m.err_server_other(), safe: m.safe_nothing_sent(), todo: m.todo_office() }),

  "server.rewritten": ({ entry, here, here_root, there, there_root }) => ({
    what: m.err_rewritten({
      entry: entry ?? "",
      here: here ?? "",
      hereRoot: start(here_root),
      there: there ?? "",
      thereRoot: start(there_root),
    }),
    safe: m.safe_history(),
    todo: m.todo_history(),
  }),
  "server.healing": () => ({ what: m.bar_healing(), safe: kept(), todo: m.todo_later() }),
  "epoch.lost": () => ({ what: m.err_epoch_lost(), todo: m.todo_do_again() }),

  "vault.wrong_secret": () => ({ what: m.err_pin() }),
  "vault.wrong_code": () => ({ what: m.err_recovery_code(), todo: m.todo_recovery_code() }),
  "vault.damaged": () => ({ what: m.err_vault_damaged(), safe: m.safe_recorded(), todo: m.todo_office() }),
  "vault.newer": () => ({ what: m.err_newer(), safe: kept(), todo: m.todo_update() }),
  "vault.failed": () => ({ what: m.err_vault_failed(), safe: m.safe_earlier(), todo: m.todo_restart() }),
  "home.busy": () => ({ what: m.err_home_busy(), todo: m.todo_other_window() }),
  "disk.full": () => ({ what: m.err_disk_full(), safe: m.safe_earlier(), todo: m.todo_disk_full() }),
  "disk.failed": () => ({ what: m.err_disk(), safe: m.safe_earlier(), todo: m.todo_restart() }),
  "keyring.unavailable": () => ({ what: m.err_keyring(), safe: m.safe_sealed(), todo: m.todo_keyring() }),
  "keyring.no_entry": () => ({ what: m.err_keyring_entry(), safe: m.safe_sealed(), todo: m.todo_keyring_entry() }),
  "keyring.other_secret": () => ({ what: m.err_keyring_other(), safe: m.safe_sealed(), todo: m.todo_keyring_entry() }),

  "pin.too_short": ({ least }) => ({ what: m.err_pin_short({ least: least ?? "6" }) }),
  "passphrase.too_short": ({ least }) => ({ what: m.err_passphrase_short({ least: least ?? "12" }) }),
  "vault.locked": () => ({ what: m.err_locked(), safe: kept() }),

  "invitation.mistyped": ({ group }) => ({
    what: m.err_invitation_group({ group: group ?? "" }),
    todo: m.todo_invitation_text(),
  }),
  "invitation.unreadable": () => ({ what: m.err_invitation_text(), todo: m.todo_invitation_text() }),
  "invitation.unknown": () => ({ what: m.err_invitation_unknown(), todo: m.todo_new_invitation() }),
  "invitation.used": () => ({ what: m.err_invitation_used(), todo: m.todo_new_invitation() }),
  "invitation.revoked": () => ({ what: m.err_invitation_revoked(), todo: m.todo_new_invitation() }),
  "invitation.expired": ({ expires }) => ({
    what: expires ? m.err_invitation_expired_at({ at: dayTime(Number(expires)) }) : m.err_invitation_expired(),
    todo: m.todo_new_invitation(),
  }),
  "body.already_joined": () => ({ what: m.err_already_joined() }),
  "body.not_here": () => ({ what: m.err_body_not_here(), todo: m.todo_net() }),

  "ink.invalid": () => ({ what: m.err_ink(), safe: m.safe_notes() }),
  "ink.too_long": () => ({ what: m.err_ink_long(), safe: m.safe_notes() }),
  "note.unknown": () => ({ what: m.err_note_unknown() }),
  "share.paper": () => ({ what: m.err_share_paper(), safe: m.safe_notes() }),
  "space.owner": () => ({ what: m.err_group(), safe: m.safe_notes(), todo: m.todo_sync() }),
  "draft.why": () => ({ what: m.err_draft_why() }),

  "poll.closed": () => ({ what: m.err_poll_closed(), safe: m.safe_not_sent() }),
  "poll.recalled": () => ({ what: m.err_form_recalled(), safe: m.safe_answer_not_sent() }),
  "form.unknown": () => ({ what: m.err_form_unknown(), todo: m.todo_sync() }),
  "form.not_asked": () => ({ what: m.err_form_not_asked() }),
  "form.unanswered": () => ({ what: m.err_form_unanswered(), safe: m.safe_answer_not_sent() }),
  "form.opinion": ({ question }) => ({
    what: m.err_form_opinion({ question: question ?? "" }),
    safe: m.safe_answer_not_sent(),
  }),
  "poll.open": () => ({ what: m.err_poll_open() }),
  "receipt.none": () => ({ what: m.err_receipt_none(), safe: kept() }),
  "act.cannot_drop": () => ({ what: m.err_cannot_drop() }),
  "poll.not_shown": () => ({ what: m.err_poll_not_shown(), todo: m.todo_conclusion() }),
  "poll.unverifiable": () => ({ what: m.err_poll_unverifiable(), safe: kept(), todo: m.todo_sync() }),
  "ballot.paper_not_seen": () => ({ what: m.err_ballot_paper(), todo: m.todo_download() }),
  "ballot.stands": () => ({ what: m.err_ballot_stands() }),
  "member.no_vote": () => ({ what: m.err_no_vote() }),
  "member.none": () => ({ what: m.err_no_member() }),
  "member.retired": () => ({ what: m.err_retired(), safe: kept(), todo: m.todo_office() }),
  "capacity.not_held": () => ({ what: m.err_capacity() }),
  "capacity.may_not": () => ({ what: m.err_capacity() }),
  "device.pending": () => ({ what: m.err_device_pending(), safe: kept(), todo: m.todo_confirm_device() }),
  "pairing.digits": () => ({ what: m.err_pairing_digits(), safe: m.safe_recorded(), todo: m.todo_compare_again() }),
  "pairing.waiting": () => ({ what: m.err_pairing_waiting(), todo: m.pair_waiting() }),
  "pairing.broken": () => ({ what: m.pair_broken() }),
  "pairing.spent": () => ({ what: m.pair_spent() }),
  "recovery.wrong_code": () => ({ what: m.err_code_other(), todo: m.todo_recovery_code() }),
  "device.revoked": () => ({ what: m.err_device_revoked(), safe: kept(), todo: m.todo_office() }),
  "device.wiped": () => ({ what: m.err_device_wiped(), safe: m.safe_recorded(), todo: m.todo_new_invitation() }),
  "level.beyond": () => ({ what: m.err_newer(), safe: kept(), todo: m.todo_update() }),

  "paper.not_here": () => ({ what: m.err_paper_not_here(), todo: m.todo_download() }),
  "paper.chunk_size": () => ({ what: m.err_paper_sizes(), safe: kept(), todo: m.todo_office_code() }),
  "paper.damaged": () => ({ what: m.err_paper_damaged(), safe: m.safe_notes(), todo: m.todo_download() }),
  "paper.not_signer": () => ({ what: m.err_not_signer() }),
  "paper.signed_already": () => ({ what: m.sign_recorded() }),
  "search.damaged": () => ({ what: m.err_search_damaged(), safe: m.safe_notes() }),
  "chunk.wrong": () => ({ what: m.err_paper_damaged(), safe: m.safe_notes(), todo: m.todo_download() }),
  "rev.not_current": () => ({ what: m.err_rev(), safe: m.safe_notes(), todo: m.todo_open_new() }),
  "pdf.encrypted": () => ({ what: m.err_pdf_encrypted(), todo: m.todo_office() }),
  "pdf.not_pdf": () => ({ what: m.err_pdf_bad(), todo: m.todo_office() }),
  "pdf.crashed": () => ({ what: m.err_pdf_page(), safe: m.safe_notes(), todo: m.todo_again() }),
  "pdf.timeout": () => ({ what: m.err_pdf_page(), safe: m.safe_notes(), todo: m.todo_again() }),
  "notes.no_key": () => ({ what: m.err_notes_key(), safe: m.safe_notes(), todo: m.todo_confirm_device() }),
  "notes.key_lacking": () => ({ what: m.err_notes_lacking(), safe: m.safe_notes(), todo: m.todo_code() }),
  "copy.paper": () => ({ what: m.err_copy(), safe: m.safe_notes() }),
  "print.failed": () => ({ what: m.err_print(), safe: m.safe_notes(), todo: m.todo_print() }),
  "print.unavailable": () => ({ what: m.err_print_none(), todo: m.todo_print_copy() }),
  "policy.paper_export": () => ({ what: m.err_copy_forbidden(), todo: m.todo_office() }),
  "file.not_written": () => ({ what: m.err_file_write(), safe: m.safe_notes(), todo: m.todo_file_write() }),
  "file.unreadable": () => ({ what: m.err_file(), todo: m.todo_again() }),
  "sign.p12_password": () => ({ what: m.err_key_password(), safe: m.safe_not_signed(), todo: m.todo_key_password() }),
  "sign.p12_legacy": () => ({ what: m.err_key_legacy(), todo: m.todo_key_legacy() }),
  "sign.p12_damaged": () => ({ what: m.err_key_file(), todo: m.todo_key_file() }),
  "sign.p12_no_key": () => ({ what: m.err_key_none(), todo: m.todo_key_file() }),
  "sign.key_unsupported": () => ({ what: m.err_key_kind(), todo: m.todo_office() }),
  "sign.certificate_time": () => ({ what: m.err_key_expired(), todo: m.todo_office() }),
  "sign.certificate_usage": () => ({ what: m.err_key_usage(), todo: m.todo_office() }),
  "sign.place": () => ({ what: m.err_sign_place(), safe: m.safe_not_signed(), todo: m.todo_sign_place() }),
};

/** The server's history does not agree with what this device has verified: voting is held. */
const HISTORY = /^(server\.(rewritten|other_root|checkpoint|bad_entry|behind)|seen\.|checkpoint\.|leaf\.|signature\.)/;

/** The text with the values of its parameters. */
function filled(text: string, params: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}

export function words(failure: Failure): Words {
  const say = known[failure.code];
  if (say) return say(failure.params);
  if (HISTORY.test(failure.code)) return { what: m.err_history(), safe: m.safe_history(), todo: m.todo_history() };
  const told = errors[failure.code];
  if (told) return { what: filled(told[getLocale()], failure.params) };
  if (failure.code.startsWith("pdf.")) return { what: m.err_pdf_bad(), safe: m.safe_notes(), todo: m.todo_office() };
  if (failure.code.startsWith("sign."))
    return { what: m.err_sign(), safe: m.safe_not_signed(), todo: m.todo_office_code() };
  if (failure.code.startsWith("invitation."))
    return { what: m.err_invitation_text(), todo: m.todo_new_invitation() };
  if (failure.code.endsWith(".unknown")) return { what: m.err_unknown(), safe: kept(), todo: m.todo_back() };
  return { what: m.err_other(), safe: kept(), todo: m.todo_office_code() };
}
