//! The commands of the user interface, each handed to its place.

use super::{Desk, body_id};
use crate::error::Error;
use async_trait::async_trait;
use ecabinet_protocol::ui::*;
use std::sync::Arc;

/// The desk as the shell holds it.
#[derive(Clone)]
pub struct DeskCommands(pub Arc<Desk>);

type Out<T> = Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        error.0.into()
    }
}

#[async_trait]
impl Commands for DeskCommands {
    async fn app(&self) -> Out<AppView> {
        Ok(self.0.app_view()?)
    }

    async fn set_settings(&self, args: Settings) -> Out<()> {
        self.0.keep_settings(&args)?;
        self.0.shell.changed(&[Topic::App]);
        Ok(())
    }

    async fn full_screen(&self, args: FullScreen) -> Out<()> {
        self.0.shell.full_screen(args.on);
        Ok(())
    }

    async fn pick_file(&self, args: PickFile) -> Out<Option<PickedFile>> {
        let desk = self.0.clone();
        let picked = super::reader::blocking(move || Ok(desk.shell.pick_file(args.purpose))).await?;
        Ok(picked.map(|path| PickedFile {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.display().to_string(),
        }))
    }

    async fn look_at_invitation(&self, args: LookAtInvitation) -> Out<InvitationPreview> {
        Ok(self.0.look(&args.source).await?)
    }

    async fn accept_invitation(&self, args: AcceptInvitation) -> Out<Joined> {
        Ok(self.0.accept(args).await?)
    }

    async fn recovery_code_told(&self, args: InBody) -> Out<()> {
        Ok(self.0.code_told(&args.body)?)
    }

    async fn unlock(&self, args: Unlock) -> Out<()> {
        Ok(self.0.open_with(&args.pin)?)
    }

    async fn recover(&self, args: Recover) -> Out<()> {
        Ok(self.0.recover_with(&args)?)
    }

    async fn keyring(&self) -> Out<KeyringView> {
        let desk = self.0.clone();
        Ok(super::reader::blocking(move || Ok(desk.keyring_view())).await?)
    }

    async fn forget_farewells(&self) -> Out<()> {
        Ok(self.0.farewells_read()?)
    }

    async fn reminders(&self) -> Out<Vec<Reminder>> {
        Ok(self.0.due_reminders()?)
    }

    async fn give_reminder(&self, args: GiveReminder) -> Out<()> {
        let desk = self.0.clone();
        Ok(super::reader::blocking(move || desk.give(&args)).await?)
    }

    async fn lock(&self) -> Out<()> {
        self.0.lock();
        Ok(())
    }

    async fn in_use(&self) -> Out<()> {
        self.0.idle.used(&self.0.env);
        Ok(())
    }

    async fn connection(&self, args: InBody) -> Out<Connection> {
        Ok(self.0.connection_view(body_id(&args.body)?)?)
    }

    async fn sync_now(&self, _: InBody) -> Out<()> {
        self.0.session()?.sync_now();
        Ok(())
    }

    async fn sync_progress(&self, args: InBody) -> Out<SyncView> {
        Ok(self.0.sync_view(body_id(&args.body)?)?)
    }

    async fn pause_downloads(&self, args: Pause) -> Out<()> {
        let session = self.0.session()?;
        session.client.pause_downloads(args.paused);
        if !args.paused {
            session.sync_now();
        }
        self.0.shell.changed(&[Topic::Papers]);
        Ok(())
    }

    async fn home(&self, args: InBody) -> Out<HomeView> {
        Ok(self.0.home_view(&args.body)?)
    }

    async fn meetings(&self, args: InBody) -> Out<Vec<MeetingRow>> {
        Ok(self.0.meeting_rows(&args.body)?)
    }

    async fn agenda(&self, args: MeetingRef) -> Out<AgendaView> {
        Ok(self.0.agenda_view(&args)?)
    }

    async fn pick_folder(&self, args: InBody) -> Out<Option<String>> {
        Ok(self.0.pick_a_folder(args).await?)
    }

    async fn read_folder(&self, args: FolderRef) -> Out<FolderView> {
        Ok(self.0.folder_view(args).await?)
    }

    async fn publish_folder(&self, args: PublishFolder) -> Out<String> {
        Ok(self.0.publish_read(args).await?)
    }

    async fn received(&self, args: MeetingRef) -> Out<ReceivedView> {
        Ok(self.0.received_view(&args).await?)
    }

    async fn item(&self, args: ItemRef) -> Out<ItemView> {
        Ok(self.0.item_view(&args)?)
    }

    async fn open_paper(&self, args: PaperRef) -> Out<ReaderView> {
        Ok(self.0.reader_view(args).await?)
    }

    async fn page_text(&self, args: PageRef) -> Out<PageText> {
        Ok(self.0.text_of_page(args).await?)
    }

    async fn outline(&self, args: PaperRef) -> Out<Vec<OutlineRow>> {
        Ok(self.0.outline_of(args).await?)
    }

    async fn page_links(&self, args: PageRef) -> Out<Vec<LinkView>> {
        Ok(self.0.links_of(args).await?)
    }

    async fn find_in_paper(&self, args: FindInPaper) -> Out<Vec<FindHit>> {
        Ok(self.0.find_words(args).await?)
    }

    async fn search(&self, args: SearchAll) -> Out<SearchView> {
        let desk = self.0.clone();
        Ok(super::reader::blocking(move || desk.search_view(&args)).await?)
    }

    async fn set_reading_position(&self, args: SetReadingPosition) -> Out<()> {
        Ok(self.0.keep_position(&args)?)
    }

    async fn marks(&self, args: PaperRef) -> Out<Vec<MarkView>> {
        Ok(self.0.marks_on(args).await?)
    }

    async fn changes(&self, args: PaperRef) -> Out<Option<TextChanges>> {
        Ok(self.0.changes_in(args).await?)
    }

    async fn add_mark(&self, args: AddMark) -> Out<String> {
        Ok(self.0.keep_mark(args).await?)
    }

    async fn set_note(&self, args: SetNote) -> Out<()> {
        Ok(self.0.client()?.set_note(body_id(&args.body)?, &args.id, &args.text)?)
    }

    async fn move_mark(&self, args: MoveMark) -> Out<()> {
        Ok(self.0.place_mark(args)?)
    }

    async fn recolour_mark(&self, args: Recolour) -> Out<()> {
        Ok(self.0.client()?.recolour_mark(body_id(&args.body)?, &args.id, &args.colour)?)
    }

    async fn remove_mark(&self, args: MarkRef) -> Out<()> {
        Ok(self.0.client()?.remove_mark(body_id(&args.body)?, &args.id)?)
    }

    async fn save_with_marks(&self, args: WithMarks) -> Out<Option<String>> {
        Ok(self.0.write_with_marks(args).await?)
    }

    async fn print_with_marks(&self, args: WithMarks) -> Out<bool> {
        Ok(self.0.print_with_marks(args).await?)
    }

    async fn draw(&self, args: Draw) -> Out<()> {
        Ok(self.0.draw_strokes(args)?)
    }

    async fn restore_mark(&self, args: MarkRef) -> Out<()> {
        Ok(self.0.client()?.restore_mark(body_id(&args.body)?, &args.id)?)
    }

    async fn share_mark(&self, args: ShareMark) -> Out<()> {
        Ok(self.0.share(&args)?)
    }

    async fn meeting_notes(&self, args: MeetingRef) -> Out<Vec<PaperNotes>> {
        Ok(self.0.notes_of_meeting(args).await?)
    }

    async fn noted_papers(&self, args: InBody) -> Out<Vec<NotedPaper>> {
        Ok(self.0.papers_with_notes(&args.body)?)
    }

    async fn poll(&self, args: PollRef) -> Out<PollView> {
        Ok(self.0.poll_view(&args)?)
    }

    async fn cast_ballot(&self, args: CastBallot) -> Out<BallotView> {
        Ok(self.0.cast(args)?)
    }

    async fn pull_item(&self, args: PullItem) -> Out<()> {
        Ok(self.0.pull(&args)?)
    }

    async fn result(&self, args: PollRef) -> Out<ResultView> {
        Ok(self.0.result_view(&args)?)
    }

    async fn state_positions(&self, args: StatePositions) -> Out<()> {
        Ok(self.0.state_all(args)?)
    }

    async fn forms(&self, args: InBody) -> Out<Vec<FormRow>> {
        Ok(self.0.form_rows(&args.body)?)
    }

    async fn form(&self, args: FormRef) -> Out<FormView> {
        Ok(self.0.form_view(&args)?)
    }

    async fn answer_form(&self, args: AnswerForm) -> Out<AnswerView> {
        Ok(self.0.answer(args)?)
    }

    async fn keep_answer(&self, args: KeepAnswer) -> Out<()> {
        Ok(self.0.keep_begun(&args)?)
    }

    async fn draft_answer(&self, args: DraftAnswer) -> Out<()> {
        Ok(self.0.write_draft(&args)?)
    }

    async fn send_back(&self, args: SendBack) -> Out<()> {
        Ok(self.0.send_draft_back(&args)?)
    }

    async fn set_brief(&self, args: SetBrief) -> Out<()> {
        Ok(self.0.write_brief(&args)?)
    }

    async fn form_drafts(&self, args: InBody) -> Out<FormDrafts> {
        Ok(self.0.form_drafts_view(&args.body)?)
    }

    async fn form_draft(&self, args: FormDraftRef) -> Out<FormDraftView> {
        Ok(self.0.form_draft_view(&args)?)
    }

    async fn begin_form_draft(&self, args: InBody) -> Out<String> {
        Ok(self.0.begin_form(&args.body)?)
    }

    async fn keep_form_draft(&self, args: KeepFormDraft) -> Out<()> {
        Ok(self.0.keep_form(args).await?)
    }

    async fn take_back_form_draft(&self, args: FormDraftRef) -> Out<()> {
        Ok(self.0.take_form_back(&args)?)
    }

    async fn drop_form_draft(&self, args: FormDraftRef) -> Out<()> {
        Ok(self.0.drop_form(&args)?)
    }

    async fn add_draft_paper(&self, args: FormDraftRef) -> Out<Option<DraftPaper>> {
        Ok(self.0.add_paper(args).await?)
    }

    async fn return_form_draft(&self, args: ReturnFormDraft) -> Out<()> {
        Ok(self.0.return_form(&args)?)
    }

    async fn approve_form_draft(&self, args: ApproveFormDraft) -> Out<()> {
        Ok(self.0.approve_form(args).await?)
    }

    async fn form_result(&self, args: FormRef) -> Out<FormResultView> {
        Ok(self.0.form_result_view(&args)?)
    }

    async fn reply_to_opinion(&self, args: WriteReply) -> Out<()> {
        Ok(self.0.write_a_reply(args)?)
    }

    async fn approve_replies(&self, args: ApproveReplies) -> Out<()> {
        Ok(self.0.approve_those(&args)?)
    }

    async fn save_table(&self, args: SaveTable) -> Out<Option<String>> {
        Ok(self.0.write_table(args).await?)
    }

    async fn extend_form(&self, args: ExtendForm) -> Out<()> {
        Ok(self.0.extend(&args)?)
    }

    async fn recall_form(&self, args: RecallForm) -> Out<()> {
        Ok(self.0.recall(&args)?)
    }

    async fn close_form(&self, args: FormRef) -> Out<()> {
        Ok(self.0.close_form(&args)?)
    }

    async fn receipt(&self, args: ActRef) -> Out<ReceiptView> {
        Ok(self.0.receipt_view(&args)?)
    }

    async fn save_receipt(&self, args: ActRef) -> Out<Option<String>> {
        let desk = self.0.clone();
        Ok(super::reader::blocking(move || desk.write_receipt(&args)).await?)
    }

    async fn outbox(&self, args: InBody) -> Out<OutboxView> {
        Ok(self.0.outbox_view(&args.body)?)
    }

    async fn retry_acts(&self, args: InBody) -> Out<()> {
        let session = self.0.session()?;
        session.client.retry_acts(body_id(&args.body)?)?;
        session.sync_now();
        self.0.shell.changed(&[Topic::Outbox]);
        Ok(())
    }

    async fn drop_act(&self, args: ActRef) -> Out<()> {
        Ok(self.0.drop_from_outbox(&args)?)
    }

    async fn losses(&self, args: InBody) -> Out<Vec<LossView>> {
        Ok(self.0.loss_views(&args.body)?)
    }

    async fn acknowledge_losses(&self, args: InBody) -> Out<()> {
        Ok(self.0.losses_read(&args.body)?)
    }

    async fn sign_view(&self, args: PaperRef) -> Out<SignView> {
        Ok(self.0.signing(args).await?)
    }

    async fn sign_paper(&self, args: SignPaper) -> Out<()> {
        Ok(self.0.sign(args).await?)
    }

    async fn chair(&self, args: MeetingRef) -> Out<ChairView> {
        Ok(self.0.chair_view(&args)?)
    }

    async fn ask_floor(&self, args: ItemRef) -> Out<()> {
        Ok(self.0.wish_to_speak(&args)?)
    }

    async fn leave_floor(&self, args: ItemRef) -> Out<()> {
        Ok(self.0.wish_no_more(&args)?)
    }

    async fn order_floor(&self, args: OrderFloor) -> Out<()> {
        Ok(self.0.set_speakers(&args)?)
    }

    async fn enter_hands(&self, args: EnterHands) -> Out<()> {
        Ok(self.0.seen(&args)?)
    }

    async fn confirm_hands(&self, args: HandsRef) -> Out<()> {
        Ok(self.0.confirm_seen(&args)?)
    }

    async fn claim_attendance(&self, args: ClaimAttendance) -> Out<()> {
        Ok(self.0.claim(&args)?)
    }

    async fn ask_substitute(&self, args: AskSubstitute) -> Out<()> {
        Ok(self.0.ask_for_substitute(&args)?)
    }

    async fn approve_substitute(&self, args: SubstituteRef) -> Out<()> {
        Ok(self.0.approve(&args)?)
    }

    async fn end_substitute(&self, args: SubstituteRef) -> Out<()> {
        Ok(self.0.end_substitution(&args)?)
    }

    async fn set_attendance(&self, args: SetAttendance) -> Out<()> {
        Ok(self.0.note_attendance(&args)?)
    }

    async fn open_poll(&self, args: StartPoll) -> Out<()> {
        Ok(self.0.start_poll(&args)?)
    }

    async fn close_poll(&self, args: PollRef) -> Out<()> {
        Ok(self.0.end_poll(&args)?)
    }

    async fn open_block(&self, args: StartBlock) -> Out<()> {
        Ok(self.0.start_block(&args)?)
    }

    async fn recall_poll(&self, args: RecallPoll) -> Out<()> {
        Ok(self.0.take_back(&args)?)
    }

    async fn conclude(&self, args: Conclude) -> Out<()> {
        Ok(self.0.write_conclusion(&args)?)
    }

    async fn confirm_conclusion(&self, args: ConclusionRef) -> Out<()> {
        Ok(self.0.confirm_written(&args)?)
    }

    async fn devices(&self, args: InBody) -> Out<DevicesView> {
        Ok(self.0.devices_view(&args.body)?)
    }

    async fn confirm_device(&self, args: ConfirmDevice) -> Out<()> {
        Ok(self.0.confirm(&args)?)
    }

    async fn revoke_device(&self, args: RevokeDevice) -> Out<()> {
        Ok(self.0.revoke(&args)?)
    }

    async fn restart_pairing(&self, args: InBody) -> Out<()> {
        Ok(self.0.client()?.restart_pairing(body_id(&args.body)?)?)
    }

    async fn use_recovery_code(&self, args: UseRecoveryCode) -> Out<()> {
        Ok(self.0.use_code(&args).await?)
    }
}
