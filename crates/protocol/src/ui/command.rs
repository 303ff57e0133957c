//! All that the user interface can ask for. The shell has one command of the same name for each, with one argument
//! `args`; the TypeScript wrappers are made from this list.

use super::*;
use async_trait::async_trait;

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident($($args:ident)?) -> $out:ty;)+) => {
        /// What the shell implements; `bindings.rs` writes the same list in TypeScript.
        #[async_trait]
        pub trait Commands: Send + Sync {
            $($(#[doc = $doc])+ async fn $name(&self $(, args: $args)?) -> Result<$out, Failure>;)+
        }

        /// Each command: name, type of its arguments, type of its answer, what it does.
        #[cfg(test)]
        pub(super) fn list(config: &ts_rs::Config) -> Vec<(&'static str, Option<String>, String, String)> {
            use ts_rs::TS;
            vec![$({
                let args: Option<String> = [$(<$args as TS>::name(config))?].into_iter().next();
                (stringify!($name), args, <$out as TS>::name(config), [$($doc.trim()),+].join(" "))
            }),+]
        }

        /// Shows every type that a command needs or gives to `visitor`.
        #[cfg(test)]
        pub(super) fn visit(visitor: &mut impl ts_rs::TypeVisitor) {
            use ts_rs::TS;
            $(
                $(visitor.visit::<$args>();)?
                visitor.visit::<$out>();
                <$out as TS>::visit_generics(visitor);
            )+
        }
    };
}

commands! {
    /// Answers at any time.
    app() -> AppView;
    /// How the person wants it.
    set_settings(Settings) -> ();
    /// The window takes the whole screen, or no longer.
    full_screen(FullScreen) -> ();
    /// Opens a dialog; none if the person gave up.
    pick_file(PickFile) -> Option<PickedFile>;

    /// Looks at an invitation without accepting it. Needs the network.
    look_at_invitation(LookAtInvitation) -> InvitationPreview;
    /// Makes the vault if there is none, and enrols this device. Needs the network.
    accept_invitation(AcceptInvitation) -> Joined;
    /// The person has kept the recovery code: it is not shown again.
    recovery_code_told(InBody) -> ();
    /// Opens the vault.
    unlock(Unlock) -> ();
    /// Opens the vault by the recovery code and sets a new PIN or passphrase.
    recover(Recover) -> ();
    /// Whether the keyring keeps a secret now. Looked at before a new PIN is set.
    keyring() -> KeyringView;
    /// What a revoked device said has been read.
    forget_farewells() -> ();
    /// What is to be reminded of now; answers also while the vault is closed.
    reminders() -> Vec<Reminder>;
    /// Shows a reminder by the desktop; once on this device.
    give_reminder(GiveReminder) -> ();
    /// Closes the vault; nothing is lost.
    lock() -> ();
    /// The person is using the program: locking is put off.
    in_use() -> ();

    /// The connection in words.
    connection(InBody) -> Connection;
    /// Fetches and sends now; comes back at once.
    sync_now(InBody) -> ();
    /// How far downloads are.
    sync_progress(InBody) -> SyncView;
    /// Holds downloads, or lets them go on.
    pause_downloads(Pause) -> ();

    /// Home.
    home(InBody) -> HomeView;
    /// Meetings: those to come first by time, then past ones, newest first.
    meetings(InBody) -> Vec<MeetingRow>;
    /// A meeting's agenda.
    agenda(MeetingRef) -> AgendaView;
    /// For the secretariat: opens a dialog; the folder that the person picks, none if he gave up.
    pick_folder(InBody) -> Option<String>;
    /// Reads a folder as it would be published: nothing is kept or sent.
    read_folder(FolderRef) -> FolderView;
    /// Publishes a folder as it was read; gives the meeting.
    publish_folder(PublishFolder) -> String;
    /// For secretariat and chair: who has received a meeting's papers. Needs the network.
    received(MeetingRef) -> ReceivedView;
    /// An item.
    item(ItemRef) -> ItemView;

    /// Opens a paper for reading and fetches it before all others.
    open_paper(PaperRef) -> ReaderView;
    /// The words of a page.
    page_text(PageRef) -> PageText;
    /// A paper's own outline; empty if it has none.
    outline(PaperRef) -> Vec<OutlineRow>;
    /// The links of a page.
    page_links(PageRef) -> Vec<LinkView>;
    /// Finds words in a paper.
    find_in_paper(FindInPaper) -> Vec<FindHit>;
    /// Finds words in all that the person has.
    search(SearchAll) -> SearchView;
    /// Where the member reads.
    set_reading_position(SetReadingPosition) -> ();
    /// The member's marks on a paper and those that others share with him, those of earlier revisions placed on this one.
    marks(PaperRef) -> Vec<MarkView>;
    /// What changed since the revision that the member read before; none if he read none.
    changes(PaperRef) -> Option<TextChanges>;
    /// Keeps a mark; gives its id.
    add_mark(AddMark) -> String;
    /// Writes a note's text.
    set_note(SetNote) -> ();
    /// Puts a mark on other words.
    move_mark(MoveMark) -> ();
    /// Gives a mark another colour.
    recolour_mark(Recolour) -> ();
    /// Draws strokes to a mark of ink, and erases others.
    draw(Draw) -> ();
    /// Takes a mark away.
    remove_mark(MarkRef) -> ();
    /// Lets groups see a mark, or no longer.
    share_mark(ShareMark) -> ();
    /// Brings a mark back that was taken away.
    restore_mark(MarkRef) -> ();
    /// The member's marks on the papers of a meeting, in the order of the agenda.
    meeting_notes(MeetingRef) -> Vec<PaperNotes>;
    /// Papers that the member has marks on, those marked last first.
    noted_papers(InBody) -> Vec<NotedPaper>;

    /// Writes a paper with the member's marks where he says; gives the path, none if he gave up.
    save_with_marks(WithMarks) -> Option<String>;
    /// Prints a paper with the member's marks; false if he gave up.
    print_with_marks(WithMarks) -> bool;

    /// A poll.
    poll(PollRef) -> PollView;
    /// Signs a ballot and keeps it to be sent: works without network.
    cast_ballot(CastBallot) -> BallotView;
    /// Takes an item out of a block: it is decided apart.
    pull_item(PullItem) -> ();
    /// The result of a closed poll.
    result(PollRef) -> ResultView;
    /// Signs positions before a meeting and keeps them to be sent: works without network.
    state_positions(StatePositions) -> ();
    /// Opinion forms: those that wait for an answer first, by when they are due.
    forms(InBody) -> Vec<FormRow>;
    /// One form.
    form(FormRef) -> FormView;
    /// Signs an answer and keeps it to be sent: works without network.
    answer_form(AnswerForm) -> AnswerView;
    /// Keeps the answer that the member has begun.
    keep_answer(KeepAnswer) -> ();
    /// For a member's staff: writes the draft of his answer.
    draft_answer(DraftAnswer) -> ();
    /// Sends the draft of the member's answer back to his staff.
    send_back(SendBack) -> ();
    /// For a member's staff: writes a part of his brief on an item or form.
    set_brief(SetBrief) -> ();
    /// Forms that the office prepares.
    form_drafts(InBody) -> FormDrafts;
    /// One of them.
    form_draft(FormDraftRef) -> FormDraftView;
    /// Begins one; gives its id.
    begin_form_draft(InBody) -> String;
    /// Keeps one as it is, or hands it in.
    keep_form_draft(KeepFormDraft) -> ();
    /// Takes back what was handed in, to write on.
    take_back_form_draft(FormDraftRef) -> ();
    /// Takes one away that was not sent.
    drop_form_draft(FormDraftRef) -> ();
    /// Opens a dialog, checks the paper that the person picks and keeps it for the dossier; none if he gave up.
    add_draft_paper(FormDraftRef) -> Option<DraftPaper>;
    /// Sends one back to who prepares it.
    return_form_draft(ReturnFormDraft) -> ();
    /// Approves one: signs it and sends it.
    approve_form_draft(ApproveFormDraft) -> ();
    /// What a closed form gave.
    form_result(FormRef) -> FormResultView;
    /// Answers are due at another time.
    extend_form(ExtendForm) -> ();
    /// Takes a form back, without a result.
    recall_form(RecallForm) -> ();
    /// Closes a form: its answers are counted.
    close_form(FormRef) -> ();
    /// Replies to an opinion on a closed form.
    reply_to_opinion(WriteReply) -> ();
    /// Approves replies as they stand.
    approve_replies(ApproveReplies) -> ();
    /// Writes the table of opinions where the person says; gives the path, none if he gave up.
    save_table(SaveTable) -> Option<String>;
    /// The proof that an own statement is in the record.
    receipt(ActRef) -> ReceiptView;
    /// Writes the receipt's file where the person says; gives the path, none if he gave up.
    save_receipt(ActRef) -> Option<String>;

    /// All that was done here.
    outbox(InBody) -> OutboxView;
    /// Offers refused acts again.
    retry_acts(InBody) -> ();
    /// Gives up an act that never came into the record.
    drop_act(ActRef) -> ();

    /// What restored servers have lost for good, newest first.
    losses(InBody) -> Vec<LossView>;
    /// The person has read of all losses so far.
    acknowledge_losses(InBody) -> ();

    /// A paper to be signed.
    sign_view(PaperRef) -> SignView;
    /// Signs with a key file: works without network.
    sign_paper(SignPaper) -> ();

    /// The chair's screen.
    chair(MeetingRef) -> ChairView;
    /// Asks for the floor on an item.
    ask_floor(ItemRef) -> ();
    /// No longer asks for it.
    leave_floor(ItemRef) -> ();
    /// Who speaks on an item, in order.
    order_floor(OrderFloor) -> ();
    /// What was counted by hand.
    enter_hands(EnterHands) -> ();
    /// The chair saw the same.
    confirm_hands(HandsRef) -> ();
    /// What the person says of his attendance.
    claim_attendance(ClaimAttendance) -> ();
    /// Asks that somebody act in his place.
    ask_substitute(AskSubstitute) -> ();
    /// Lets somebody act in a member's place.
    approve_substitute(SubstituteRef) -> ();
    /// Ends it, or refuses it.
    end_substitute(SubstituteRef) -> ();
    /// Notes a member's attendance.
    set_attendance(SetAttendance) -> ();
    /// Opens a poll.
    open_poll(StartPoll) -> ();
    /// Opens one vote over several items.
    open_block(StartBlock) -> ();
    /// Closes a poll.
    close_poll(PollRef) -> ();
    /// Takes a poll back, without a result.
    recall_poll(RecallPoll) -> ();

    /// Concludes on an item, or corrects what was concluded.
    conclude(Conclude) -> ();
    /// The chair makes the secretariat's conclusion his own.
    confirm_conclusion(ConclusionRef) -> ();

    /// The member's devices.
    devices(InBody) -> DevicesView;
    /// Confirms a further device of the member, after comparing digits.
    confirm_device(ConfirmDevice) -> ();
    /// Revokes a device: it can no longer act.
    revoke_device(RevokeDevice) -> ();
    /// On a waiting device: makes new digits.
    restart_pairing(InBody) -> ();
    /// Confirms this device by the printed recovery code if it waits, and opens the notes with it. Needs the network.
    use_recovery_code(UseRecoveryCode) -> ();
}
