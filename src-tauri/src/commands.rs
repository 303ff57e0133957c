//! One command for each of `protocol::ui::Commands`, by the same name.

use ecabinet_client::DeskCommands;
use ecabinet_protocol::ui::*;
use tauri::ipc::Invoke;
use tauri::{State, Wry};

type Desk<'a> = State<'a, DeskCommands>;
type Out<T> = Result<T, Failure>;

macro_rules! commands {
    ($($name:ident($($args:ident: $type:ty)?) -> $out:ty;)+) => {
        $(
            #[tauri::command]
            async fn $name(desk: Desk<'_> $(, $args: $type)?) -> Out<$out> {
                desk.inner().$name($($args)?).await
            }
        )+

        pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }
    };
}

commands! {
    app() -> AppView;
    set_settings(args: Settings) -> ();
    full_screen(args: FullScreen) -> ();
    pick_file(args: PickFile) -> Option<PickedFile>;
    look_at_invitation(args: LookAtInvitation) -> InvitationPreview;
    accept_invitation(args: AcceptInvitation) -> Joined;
    recovery_code_told(args: InBody) -> ();
    unlock(args: Unlock) -> ();
    recover(args: Recover) -> ();
    keyring() -> KeyringView;
    forget_farewells() -> ();
    reminders() -> Vec<Reminder>;
    give_reminder(args: GiveReminder) -> ();
    lock() -> ();
    in_use() -> ();
    connection(args: InBody) -> Connection;
    sync_now(args: InBody) -> ();
    sync_progress(args: InBody) -> SyncView;
    pause_downloads(args: Pause) -> ();
    home(args: InBody) -> HomeView;
    meetings(args: InBody) -> Vec<MeetingRow>;
    agenda(args: MeetingRef) -> AgendaView;
    pick_folder(args: InBody) -> Option<String>;
    read_folder(args: FolderRef) -> FolderView;
    publish_folder(args: PublishFolder) -> String;
    received(args: MeetingRef) -> ReceivedView;
    item(args: ItemRef) -> ItemView;
    open_paper(args: PaperRef) -> ReaderView;
    page_text(args: PageRef) -> PageText;
    outline(args: PaperRef) -> Vec<OutlineRow>;
    page_links(args: PageRef) -> Vec<LinkView>;
    find_in_paper(args: FindInPaper) -> Vec<FindHit>;
    search(args: SearchAll) -> SearchView;
    set_reading_position(args: SetReadingPosition) -> ();
    marks(args: PaperRef) -> Vec<MarkView>;
    changes(args: PaperRef) -> Option<TextChanges>;
    add_mark(args: AddMark) -> String;
    set_note(args: SetNote) -> ();
    move_mark(args: MoveMark) -> ();
    recolour_mark(args: Recolour) -> ();
    draw(args: Draw) -> ();
    remove_mark(args: MarkRef) -> ();
    save_with_marks(args: WithMarks) -> Option<String>;
    print_with_marks(args: WithMarks) -> bool;
    share_mark(args: ShareMark) -> ();
    restore_mark(args: MarkRef) -> ();
    meeting_notes(args: MeetingRef) -> Vec<PaperNotes>;
    noted_papers(args: InBody) -> Vec<NotedPaper>;
    poll(args: PollRef) -> PollView;
    cast_ballot(args: CastBallot) -> BallotView;
    pull_item(args: PullItem) -> ();
    result(args: PollRef) -> ResultView;
    state_positions(args: StatePositions) -> ();
    forms(args: InBody) -> Vec<FormRow>;
    form(args: FormRef) -> FormView;
    answer_form(args: AnswerForm) -> AnswerView;
    keep_answer(args: KeepAnswer) -> ();
    draft_answer(args: DraftAnswer) -> ();
    send_back(args: SendBack) -> ();
    set_brief(args: SetBrief) -> ();
    form_drafts(args: InBody) -> FormDrafts;
    form_draft(args: FormDraftRef) -> FormDraftView;
    begin_form_draft(args: InBody) -> String;
    keep_form_draft(args: KeepFormDraft) -> ();
    take_back_form_draft(args: FormDraftRef) -> ();
    drop_form_draft(args: FormDraftRef) -> ();
    add_draft_paper(args: FormDraftRef) -> Option<DraftPaper>;
    return_form_draft(args: ReturnFormDraft) -> ();
    approve_form_draft(args: ApproveFormDraft) -> ();
    form_result(args: FormRef) -> FormResultView;
    extend_form(args: ExtendForm) -> ();
    recall_form(args: RecallForm) -> ();
    close_form(args: FormRef) -> ();
    reply_to_opinion(args: WriteReply) -> ();
    approve_replies(args: ApproveReplies) -> ();
    save_table(args: SaveTable) -> Option<String>;
    receipt(args: ActRef) -> ReceiptView;
    save_receipt(args: ActRef) -> Option<String>;
    outbox(args: InBody) -> OutboxView;
    retry_acts(args: InBody) -> ();
    drop_act(args: ActRef) -> ();
    losses(args: InBody) -> Vec<LossView>;
    acknowledge_losses(args: InBody) -> ();
    sign_view(args: PaperRef) -> SignView;
    sign_paper(args: SignPaper) -> ();
    chair(args: MeetingRef) -> ChairView;
    ask_floor(args: ItemRef) -> ();
    leave_floor(args: ItemRef) -> ();
    order_floor(args: OrderFloor) -> ();
    enter_hands(args: EnterHands) -> ();
    confirm_hands(args: HandsRef) -> ();
    claim_attendance(args: ClaimAttendance) -> ();
    ask_substitute(args: AskSubstitute) -> ();
    approve_substitute(args: SubstituteRef) -> ();
    end_substitute(args: SubstituteRef) -> ();
    set_attendance(args: SetAttendance) -> ();
    open_poll(args: StartPoll) -> ();
    open_block(args: StartBlock) -> ();
    close_poll(args: PollRef) -> ();
    recall_poll(args: RecallPoll) -> ();
    conclude(args: Conclude) -> ();
    confirm_conclusion(args: ConclusionRef) -> ();
    devices(args: InBody) -> DevicesView;
    confirm_device(args: ConfirmDevice) -> ();
    revoke_device(args: RevokeDevice) -> ();
    restart_pairing(args: InBody) -> ();
    use_recovery_code(args: UseRecoveryCode) -> ();
}
