// Generated from the list of commands in `crates/protocol`. Do not edit.
import type { AcceptInvitation } from "./AcceptInvitation";
import type { ActRef } from "./ActRef";
import type { AddMark } from "./AddMark";
import type { AgendaView } from "./AgendaView";
import type { AnswerForm } from "./AnswerForm";
import type { AnswerView } from "./AnswerView";
import type { AppView } from "./AppView";
import type { ApproveFormDraft } from "./ApproveFormDraft";
import type { ApproveReplies } from "./ApproveReplies";
import type { AskSubstitute } from "./AskSubstitute";
import type { BallotView } from "./BallotView";
import type { CastBallot } from "./CastBallot";
import type { ChairView } from "./ChairView";
import type { ClaimAttendance } from "./ClaimAttendance";
import type { Conclude } from "./Conclude";
import type { ConclusionRef } from "./ConclusionRef";
import type { ConfirmDevice } from "./ConfirmDevice";
import type { Connection } from "./Connection";
import type { DevicesView } from "./DevicesView";
import type { DraftAnswer } from "./DraftAnswer";
import type { DraftPaper } from "./DraftPaper";
import type { Draw } from "./Draw";
import type { EnterHands } from "./EnterHands";
import type { ExtendForm } from "./ExtendForm";
import type { FindHit } from "./FindHit";
import type { FindInPaper } from "./FindInPaper";
import type { FolderRef } from "./FolderRef";
import type { FolderView } from "./FolderView";
import type { FormDraftRef } from "./FormDraftRef";
import type { FormDraftView } from "./FormDraftView";
import type { FormDrafts } from "./FormDrafts";
import type { FormRef } from "./FormRef";
import type { FormResultView } from "./FormResultView";
import type { FormRow } from "./FormRow";
import type { FormView } from "./FormView";
import type { FullScreen } from "./FullScreen";
import type { GiveReminder } from "./GiveReminder";
import type { HandsRef } from "./HandsRef";
import type { HomeView } from "./HomeView";
import type { InBody } from "./InBody";
import type { InvitationPreview } from "./InvitationPreview";
import type { ItemRef } from "./ItemRef";
import type { ItemView } from "./ItemView";
import type { Joined } from "./Joined";
import type { KeepAnswer } from "./KeepAnswer";
import type { KeepFormDraft } from "./KeepFormDraft";
import type { KeyringView } from "./KeyringView";
import type { LinkView } from "./LinkView";
import type { LookAtInvitation } from "./LookAtInvitation";
import type { LossView } from "./LossView";
import type { MarkRef } from "./MarkRef";
import type { MarkView } from "./MarkView";
import type { MeetingRef } from "./MeetingRef";
import type { MeetingRow } from "./MeetingRow";
import type { MoveMark } from "./MoveMark";
import type { NotedPaper } from "./NotedPaper";
import type { OrderFloor } from "./OrderFloor";
import type { OutboxView } from "./OutboxView";
import type { OutlineRow } from "./OutlineRow";
import type { PageRef } from "./PageRef";
import type { PageText } from "./PageText";
import type { PaperNotes } from "./PaperNotes";
import type { PaperRef } from "./PaperRef";
import type { Pause } from "./Pause";
import type { PickFile } from "./PickFile";
import type { PickedFile } from "./PickedFile";
import type { PollRef } from "./PollRef";
import type { PollView } from "./PollView";
import type { PublishFolder } from "./PublishFolder";
import type { PullItem } from "./PullItem";
import type { ReaderView } from "./ReaderView";
import type { RecallForm } from "./RecallForm";
import type { RecallPoll } from "./RecallPoll";
import type { ReceiptView } from "./ReceiptView";
import type { ReceivedView } from "./ReceivedView";
import type { Recolour } from "./Recolour";
import type { Recover } from "./Recover";
import type { Reminder } from "./Reminder";
import type { ResultView } from "./ResultView";
import type { ReturnFormDraft } from "./ReturnFormDraft";
import type { RevokeDevice } from "./RevokeDevice";
import type { SaveTable } from "./SaveTable";
import type { SearchAll } from "./SearchAll";
import type { SearchView } from "./SearchView";
import type { SendBack } from "./SendBack";
import type { SetAttendance } from "./SetAttendance";
import type { SetBrief } from "./SetBrief";
import type { SetNote } from "./SetNote";
import type { SetReadingPosition } from "./SetReadingPosition";
import type { Settings } from "./Settings";
import type { ShareMark } from "./ShareMark";
import type { SignPaper } from "./SignPaper";
import type { SignView } from "./SignView";
import type { StartBlock } from "./StartBlock";
import type { StartPoll } from "./StartPoll";
import type { StatePositions } from "./StatePositions";
import type { SubstituteRef } from "./SubstituteRef";
import type { SyncView } from "./SyncView";
import type { TextChanges } from "./TextChanges";
import type { Unlock } from "./Unlock";
import type { UseRecoveryCode } from "./UseRecoveryCode";
import type { WithMarks } from "./WithMarks";
import type { WriteReply } from "./WriteReply";
import { call } from "../call";

/** Answers at any time. */
export const app = (): Promise<AppView> => call("app");

/** How the person wants it. */
export const setSettings = (args: Settings): Promise<void> => call("set_settings", args);

/** The window takes the whole screen, or no longer. */
export const fullScreen = (args: FullScreen): Promise<void> => call("full_screen", args);

/** Opens a dialog; none if the person gave up. */
export const pickFile = (args: PickFile): Promise<PickedFile | null> => call("pick_file", args);

/** Looks at an invitation without accepting it. Needs the network. */
export const lookAtInvitation = (args: LookAtInvitation): Promise<InvitationPreview> => call("look_at_invitation", args);

/** Makes the vault if there is none, and enrols this device. Needs the network. */
export const acceptInvitation = (args: AcceptInvitation): Promise<Joined> => call("accept_invitation", args);

/** The person has kept the recovery code: it is not shown again. */
export const recoveryCodeTold = (args: InBody): Promise<void> => call("recovery_code_told", args);

/** Opens the vault. */
export const unlock = (args: Unlock): Promise<void> => call("unlock", args);

/** Opens the vault by the recovery code and sets a new PIN or passphrase. */
export const recover = (args: Recover): Promise<void> => call("recover", args);

/** Whether the keyring keeps a secret now. Looked at before a new PIN is set. */
export const keyring = (): Promise<KeyringView> => call("keyring");

/** What a revoked device said has been read. */
export const forgetFarewells = (): Promise<void> => call("forget_farewells");

/** What is to be reminded of now; answers also while the vault is closed. */
export const reminders = (): Promise<Array<Reminder>> => call("reminders");

/** Shows a reminder by the desktop; once on this device. */
export const giveReminder = (args: GiveReminder): Promise<void> => call("give_reminder", args);

/** Closes the vault; nothing is lost. */
export const lock = (): Promise<void> => call("lock");

/** The person is using the program: locking is put off. */
export const inUse = (): Promise<void> => call("in_use");

/** The connection in words. */
export const connection = (args: InBody): Promise<Connection> => call("connection", args);

/** Fetches and sends now; comes back at once. */
export const syncNow = (args: InBody): Promise<void> => call("sync_now", args);

/** How far downloads are. */
export const syncProgress = (args: InBody): Promise<SyncView> => call("sync_progress", args);

/** Holds downloads, or lets them go on. */
export const pauseDownloads = (args: Pause): Promise<void> => call("pause_downloads", args);

/** Home. */
export const home = (args: InBody): Promise<HomeView> => call("home", args);

/** Meetings: those to come first by time, then past ones, newest first. */
export const meetings = (args: InBody): Promise<Array<MeetingRow>> => call("meetings", args);

/** A meeting's agenda. */
export const agenda = (args: MeetingRef): Promise<AgendaView> => call("agenda", args);

/** For the secretariat: opens a dialog; the folder that the person picks, none if he gave up. */
export const pickFolder = (args: InBody): Promise<string | null> => call("pick_folder", args);

/** Reads a folder as it would be published: nothing is kept or sent. */
export const readFolder = (args: FolderRef): Promise<FolderView> => call("read_folder", args);

/** Publishes a folder as it was read; gives the meeting. */
export const publishFolder = (args: PublishFolder): Promise<string> => call("publish_folder", args);

/** For secretariat and chair: who has received a meeting's papers. Needs the network. */
export const received = (args: MeetingRef): Promise<ReceivedView> => call("received", args);

/** An item. */
export const item = (args: ItemRef): Promise<ItemView> => call("item", args);

/** Opens a paper for reading and fetches it before all others. */
export const openPaper = (args: PaperRef): Promise<ReaderView> => call("open_paper", args);

/** The words of a page. */
export const pageText = (args: PageRef): Promise<PageText> => call("page_text", args);

/** A paper's own outline; empty if it has none. */
export const outline = (args: PaperRef): Promise<Array<OutlineRow>> => call("outline", args);

/** The links of a page. */
export const pageLinks = (args: PageRef): Promise<Array<LinkView>> => call("page_links", args);

/** Finds words in a paper. */
export const findInPaper = (args: FindInPaper): Promise<Array<FindHit>> => call("find_in_paper", args);

/** Finds words in all that the person has. */
export const search = (args: SearchAll): Promise<SearchView> => call("search", args);

/** Where the member reads. */
export const setReadingPosition = (args: SetReadingPosition): Promise<void> => call("set_reading_position", args);

/** The member's marks on a paper and those that others share with him, those of earlier revisions placed on this one. */
export const marks = (args: PaperRef): Promise<Array<MarkView>> => call("marks", args);

/** What changed since the revision that the member read before; none if he read none. */
export const changes = (args: PaperRef): Promise<TextChanges | null> => call("changes", args);

/** Keeps a mark; gives its id. */
export const addMark = (args: AddMark): Promise<string> => call("add_mark", args);

/** Writes a note's text. */
export const setNote = (args: SetNote): Promise<void> => call("set_note", args);

/** Puts a mark on other words. */
export const moveMark = (args: MoveMark): Promise<void> => call("move_mark", args);

/** Gives a mark another colour. */
export const recolourMark = (args: Recolour): Promise<void> => call("recolour_mark", args);

/** Draws strokes to a mark of ink, and erases others. */
export const draw = (args: Draw): Promise<void> => call("draw", args);

/** Takes a mark away. */
export const removeMark = (args: MarkRef): Promise<void> => call("remove_mark", args);

/** Lets groups see a mark, or no longer. */
export const shareMark = (args: ShareMark): Promise<void> => call("share_mark", args);

/** Brings a mark back that was taken away. */
export const restoreMark = (args: MarkRef): Promise<void> => call("restore_mark", args);

/** The member's marks on the papers of a meeting, in the order of the agenda. */
export const meetingNotes = (args: MeetingRef): Promise<Array<PaperNotes>> => call("meeting_notes", args);

/** Papers that the member has marks on, those marked last first. */
export const notedPapers = (args: InBody): Promise<Array<NotedPaper>> => call("noted_papers", args);

/** Writes a paper with the member's marks where he says; gives the path, none if he gave up. */
export const saveWithMarks = (args: WithMarks): Promise<string | null> => call("save_with_marks", args);

/** Prints a paper with the member's marks; false if he gave up. */
export const printWithMarks = (args: WithMarks): Promise<boolean> => call("print_with_marks", args);

/** A poll. */
export const poll = (args: PollRef): Promise<PollView> => call("poll", args);

/** Signs a ballot and keeps it to be sent: works without network. */
export const castBallot = (args: CastBallot): Promise<BallotView> => call("cast_ballot", args);

/** Takes an item out of a block: it is decided apart. */
export const pullItem = (args: PullItem): Promise<void> => call("pull_item", args);

/** The result of a closed poll. */
export const result = (args: PollRef): Promise<ResultView> => call("result", args);

/** Signs positions before a meeting and keeps them to be sent: works without network. */
export const statePositions = (args: StatePositions): Promise<void> => call("state_positions", args);

/** Opinion forms: those that wait for an answer first, by when they are due. */
export const forms = (args: InBody): Promise<Array<FormRow>> => call("forms", args);

/** One form. */
export const form = (args: FormRef): Promise<FormView> => call("form", args);

/** Signs an answer and keeps it to be sent: works without network. */
export const answerForm = (args: AnswerForm): Promise<AnswerView> => call("answer_form", args);

/** Keeps the answer that the member has begun. */
export const keepAnswer = (args: KeepAnswer): Promise<void> => call("keep_answer", args);

/** For a member's staff: writes the draft of his answer. */
export const draftAnswer = (args: DraftAnswer): Promise<void> => call("draft_answer", args);

/** Sends the draft of the member's answer back to his staff. */
export const sendBack = (args: SendBack): Promise<void> => call("send_back", args);

/** For a member's staff: writes a part of his brief on an item or form. */
export const setBrief = (args: SetBrief): Promise<void> => call("set_brief", args);

/** Forms that the office prepares. */
export const formDrafts = (args: InBody): Promise<FormDrafts> => call("form_drafts", args);

/** One of them. */
export const formDraft = (args: FormDraftRef): Promise<FormDraftView> => call("form_draft", args);

/** Begins one; gives its id. */
export const beginFormDraft = (args: InBody): Promise<string> => call("begin_form_draft", args);

/** Keeps one as it is, or hands it in. */
export const keepFormDraft = (args: KeepFormDraft): Promise<void> => call("keep_form_draft", args);

/** Takes back what was handed in, to write on. */
export const takeBackFormDraft = (args: FormDraftRef): Promise<void> => call("take_back_form_draft", args);

/** Takes one away that was not sent. */
export const dropFormDraft = (args: FormDraftRef): Promise<void> => call("drop_form_draft", args);

/** Opens a dialog, checks the paper that the person picks and keeps it for the dossier; none if he gave up. */
export const addDraftPaper = (args: FormDraftRef): Promise<DraftPaper | null> => call("add_draft_paper", args);

/** Sends one back to who prepares it. */
export const returnFormDraft = (args: ReturnFormDraft): Promise<void> => call("return_form_draft", args);

/** Approves one: signs it and sends it. */
export const approveFormDraft = (args: ApproveFormDraft): Promise<void> => call("approve_form_draft", args);

/** What a closed form gave. */
export const formResult = (args: FormRef): Promise<FormResultView> => call("form_result", args);

/** Answers are due at another time. */
export const extendForm = (args: ExtendForm): Promise<void> => call("extend_form", args);

/** Takes a form back, without a result. */
export const recallForm = (args: RecallForm): Promise<void> => call("recall_form", args);

/** Closes a form: its answers are counted. */
export const closeForm = (args: FormRef): Promise<void> => call("close_form", args);

/** Replies to an opinion on a closed form. */
export const replyToOpinion = (args: WriteReply): Promise<void> => call("reply_to_opinion", args);

/** Approves replies as they stand. */
export const approveReplies = (args: ApproveReplies): Promise<void> => call("approve_replies", args);

/** Writes the table of opinions where the person says; gives the path, none if he gave up. */
export const saveTable = (args: SaveTable): Promise<string | null> => call("save_table", args);

/** The proof that an own statement is in the record. */
export const receipt = (args: ActRef): Promise<ReceiptView> => call("receipt", args);

/** Writes the receipt's file where the person says; gives the path, none if he gave up. */
export const saveReceipt = (args: ActRef): Promise<string | null> => call("save_receipt", args);

/** All that was done here. */
export const outbox = (args: InBody): Promise<OutboxView> => call("outbox", args);

/** Offers refused acts again. */
export const retryActs = (args: InBody): Promise<void> => call("retry_acts", args);

/** Gives up an act that never came into the record. */
export const dropAct = (args: ActRef): Promise<void> => call("drop_act", args);

/** What restored servers have lost for good, newest first. */
export const losses = (args: InBody): Promise<Array<LossView>> => call("losses", args);

/** The person has read of all losses so far. */
export const acknowledgeLosses = (args: InBody): Promise<void> => call("acknowledge_losses", args);

/** A paper to be signed. */
export const signView = (args: PaperRef): Promise<SignView> => call("sign_view", args);

/** Signs with a key file: works without network. */
export const signPaper = (args: SignPaper): Promise<void> => call("sign_paper", args);

/** The chair's screen. */
export const chair = (args: MeetingRef): Promise<ChairView> => call("chair", args);

/** Asks for the floor on an item. */
export const askFloor = (args: ItemRef): Promise<void> => call("ask_floor", args);

/** No longer asks for it. */
export const leaveFloor = (args: ItemRef): Promise<void> => call("leave_floor", args);

/** Who speaks on an item, in order. */
export const orderFloor = (args: OrderFloor): Promise<void> => call("order_floor", args);

/** What was counted by hand. */
export const enterHands = (args: EnterHands): Promise<void> => call("enter_hands", args);

/** The chair saw the same. */
export const confirmHands = (args: HandsRef): Promise<void> => call("confirm_hands", args);

/** What the person says of his attendance. */
export const claimAttendance = (args: ClaimAttendance): Promise<void> => call("claim_attendance", args);

/** Asks that somebody act in his place. */
export const askSubstitute = (args: AskSubstitute): Promise<void> => call("ask_substitute", args);

/** Lets somebody act in a member's place. */
export const approveSubstitute = (args: SubstituteRef): Promise<void> => call("approve_substitute", args);

/** Ends it, or refuses it. */
export const endSubstitute = (args: SubstituteRef): Promise<void> => call("end_substitute", args);

/** Notes a member's attendance. */
export const setAttendance = (args: SetAttendance): Promise<void> => call("set_attendance", args);

/** Opens a poll. */
export const openPoll = (args: StartPoll): Promise<void> => call("open_poll", args);

/** Opens one vote over several items. */
export const openBlock = (args: StartBlock): Promise<void> => call("open_block", args);

/** Closes a poll. */
export const closePoll = (args: PollRef): Promise<void> => call("close_poll", args);

/** Takes a poll back, without a result. */
export const recallPoll = (args: RecallPoll): Promise<void> => call("recall_poll", args);

/** Concludes on an item, or corrects what was concluded. */
export const conclude = (args: Conclude): Promise<void> => call("conclude", args);

/** The chair makes the secretariat's conclusion his own. */
export const confirmConclusion = (args: ConclusionRef): Promise<void> => call("confirm_conclusion", args);

/** The member's devices. */
export const devices = (args: InBody): Promise<DevicesView> => call("devices", args);

/** Confirms a further device of the member, after comparing digits. */
export const confirmDevice = (args: ConfirmDevice): Promise<void> => call("confirm_device", args);

/** Revokes a device: it can no longer act. */
export const revokeDevice = (args: RevokeDevice): Promise<void> => call("revoke_device", args);

/** On a waiting device: makes new digits. */
export const restartPairing = (args: InBody): Promise<void> => call("restart_pairing", args);

/** Confirms this device by the printed recovery code if it waits, and opens the notes with it. Needs the network. */
export const useRecoveryCode = (args: UseRecoveryCode): Promise<void> => call("use_recovery_code", args);
