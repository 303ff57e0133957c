//! Walls around what a person has: the desk that the app's window is over asks for the PIN before each ballot and signature
//! and locks when nobody uses it; a stolen disk opens for nobody; a program gives its memory to nobody. And what the desk
//! tells of a loss. With a real server and vault; the clock and the keyring are the story's.

mod copy;
mod ink;
mod losses;
mod search;
mod versions;

use ecabinet_client::{Clock, Desk, DeskCommands, Env, Error, Keyring, PrintJob, Shell};
use ecabinet_domain::Choice;
use ecabinet_pdf::Program;
use ecabinet_protocol::ui::{self, Commands, FilePurpose, Topic};
use ecabinet_tests::{Cabinet, DYKES, Folder, PASSWORD, program};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const PIN: &str = "135790";

/// What a desktop keeps for its person.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

impl Keyring for Kept {
    fn get(&self, account: &str) -> Result<Vec<u8>, Error> {
        self.0.lock().unwrap().get(account).cloned().ok_or(Error::new("keyring.no_entry"))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), Error> {
        self.0.lock().unwrap().insert(account.into(), secret.into());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), Error> {
        self.0.lock().unwrap().remove(account);
        Ok(())
    }
}

/// The machine's clock, and how long the machine has slept.
#[derive(Default)]
struct Sleeping(AtomicU64);

impl Clock for Sleeping {
    fn now(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        now + self.0.load(Ordering::Relaxed)
    }
}

/// No window; files go where it says, if it says so.
#[derive(Default)]
struct NoWindow {
    place: Option<PathBuf>,
}

impl Shell for NoWindow {
    fn opened_with(&self) -> Option<String> {
        None
    }

    fn changed(&self, _: &[Topic]) {}

    fn full_screen(&self, _: bool) {}

    fn notify(&self, _: &str, _: &str) -> Result<(), Error> {
        Ok(())
    }

    fn pick_file(&self, _: FilePurpose) -> Option<PathBuf> {
        None
    }

    fn pick_folder(&self) -> Option<PathBuf> {
        None
    }

    fn pick_place(&self, name: &str) -> Option<PathBuf> {
        self.place.as_ref().map(|folder| folder.join(name))
    }

    fn print(&self, _: PrintJob) -> Result<bool, Error> {
        Ok(false)
    }
}

fn desk(home: &Path, keyring: &Arc<Kept>, clock: &Arc<Sleeping>) -> DeskCommands {
    desk_in(home, keyring, clock, NoWindow::default())
}

fn desk_in(home: &Path, keyring: &Arc<Kept>, clock: &Arc<Sleeping>, window: NoWindow) -> DeskCommands {
    let env = Env { keyring: keyring.clone(), clock: clock.clone(), ..Env::real() };
    let worker = Program::at(program("ecabinet-pdf-worker"));
    DeskCommands(Desk::new(home, env, worker, Arc::new(window)))
}

async fn join(desk: &DeskCommands, cabinet: &Cabinet, member: usize) {
    let text = cabinet.invite(Cabinet::id(member)).await.link();
    let source = ui::InvitationSource::Text { text };
    let accept = ui::AcceptInvitation { source, pin: PIN.into(), device_name: "Máy thử".into() };
    desk.accept_invitation(accept).await.expect("joins");
}

async fn is_open(desk: &DeskCommands) -> bool {
    desk.app().await.expect("answers").stage == ui::Stage::Open
}

#[tokio::test(flavor = "multi_thread")]
async fn each_ballot_and_each_signature_asks_for_the_pin() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let desk = desk(&cabinet.path("chair"), &keyring, &clock);
    join(&desk, &cabinet, 0).await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let signers = "[signers]\n\"*Dự thảo nghị quyết*\" = [\"office:chair\"]\n";
    let meeting = cabinet.publish_folder(&folder, None, signers);
    cabinet.all_present(meeting).await;
    let poll = cabinet.open_poll(meeting).await;
    let in_body = ui::InBody { body: cabinet.body.to_string() };
    let body = &in_body.body;
    until("all is here", async || {
        desk.sync_now(in_body.clone()).await.unwrap();
        let seen = desk.poll(ui::PollRef { body: body.clone(), poll: poll.to_string() }).await;
        seen.is_ok_and(|poll| poll.cannot_vote.is_none())
    })
    .await;
    let waiting = async || desk.outbox(in_body.clone()).await.expect("outbox").acts.len();
    let before = waiting().await;

    let ballot = |pin: &str| ui::CastBallot {
        body: body.clone(),
        poll: poll.to_string(),
        choice: ui::Choice::Yes,
        options: Vec::new(),
        in_place_of: None,
        text: None,
        pin: pin.into(),
    };
    for wrong in ["", "135791", "0135790"] {
        assert_eq!(desk.cast_ballot(ballot(wrong)).await.unwrap_err().code, "vault.wrong_secret");
    }
    assert_eq!(waiting().await, before, "nothing was signed");
    desk.cast_ballot(ballot(PIN)).await.expect("cast");
    assert_eq!(waiting().await, before + 1);
    for member in 1..4 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        person.vote(poll, Choice::Yes);
        person.sync().await;
    }
    cabinet.close_poll(poll).await;

    // A key file that is not there: it is looked for only once the PIN is right. That he then can sign is the chair's story.
    let p12 = cabinet.path("chair.p12");
    let view = desk
        .item(ui::ItemRef { body: body.clone(), item: cabinet.item(meeting, 1).to_string() })
        .await
        .unwrap();
    let draft = view.papers.iter().find(|paper| paper.title == "Dự thảo nghị quyết").expect("the draft");
    let sign = |pin: &str| ui::SignPaper {
        body: body.clone(),
        paper: draft.paper.clone(),
        rev: draft.rev.clone(),
        file: p12.to_string_lossy().into_owned(),
        password: PASSWORD.into(),
        place: None,
        pin: pin.into(),
    };
    until("the item is adopted here", async || {
        let paper = ui::PaperRef { body: body.clone(), paper: draft.paper.clone(), rev: draft.rev.clone() };
        desk.sign_view(paper)
            .await
            .is_ok_and(|view| view.state == ui::SignState::Due && view.cannot_sign.is_none())
    })
    .await;
    let before = waiting().await;
    for wrong in ["", "135791"] {
        assert_eq!(desk.sign_paper(sign(wrong)).await.unwrap_err().code, "vault.wrong_secret");
    }
    assert_eq!(desk.sign_paper(sign(PIN)).await.unwrap_err().code, "file.unreadable");
    assert_eq!(waiting().await, before, "nothing was signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recovery_code_is_shown_at_each_start_until_its_person_has_kept_it() {
    let cabinet = Cabinet::open().await;
    let (keyring, clock) = <(Arc<Kept>, Arc<Sleeping>)>::default();
    let start = || desk(&cabinet.path("minister"), &keyring, &clock);
    let shown = async |desk: &DeskCommands| {
        let app = desk.app().await.expect("answers");
        app.bodies.first().and_then(|row| row.recovery_code.clone())
    };
    let mut app = start();
    join(&app, &cabinet, 1).await;
    let code = shown(&app).await.expect("a first device gets one");
    for _ in 0..2 {
        app.lock().await.unwrap();
        assert_eq!(shown(&app).await, None, "nothing of it while it is locked");
        drop(app);
        app = start();
        until("the former has let go of the vault", async || {
            app.unlock(ui::Unlock { pin: PIN.into() }).await.is_ok()
        })
        .await;
        assert_eq!(shown(&app).await.as_ref(), Some(&code));
    }
    app.recovery_code_told(ui::InBody { body: cabinet.body.to_string() }).await.expect("kept");
    assert_eq!(shown(&app).await, None);
    app.lock().await.unwrap();
    until("it opens again", async || app.unlock(ui::Unlock { pin: PIN.into() }).await.is_ok()).await;
    assert_eq!(shown(&app).await, None, "it is on paper only");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_locks_when_nobody_uses_it_also_while_the_machine_slept() {
    let cabinet = Cabinet::open().await;
    let (keyring, clock) = <(Arc<Kept>, Arc<Sleeping>)>::default();
    let desk = desk(&cabinet.path("minister"), &keyring, &clock);
    join(&desk, &cabinet, 1).await;
    let unlock = || ui::Unlock { pin: PIN.into() };
    let sleeps = |minutes: u64| clock.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
    let look = || tokio::time::sleep(Duration::from_millis(2600));
    assert_eq!(desk.app().await.unwrap().settings.lock_after_minutes, 10);

    // Nine minutes, some use, nine minutes: open. Ten without: locked, and nothing answers.
    sleeps(9);
    desk.in_use().await.unwrap();
    sleeps(9);
    look().await;
    assert!(is_open(&desk).await);
    sleeps(1);
    look().await;
    assert!(!is_open(&desk).await);
    let home = desk.home(ui::InBody { body: cabinet.body.to_string() }).await;
    assert_eq!(home.unwrap_err().code, "vault.locked");

    // By the person's own setting, from the next look on; 0 is never.
    desk.unlock(unlock()).await.expect("opens");
    let mut settings = desk.app().await.unwrap().settings;
    settings.lock_after_minutes = 30;
    desk.set_settings(settings.clone()).await.unwrap();
    sleeps(29);
    look().await;
    assert!(is_open(&desk).await);
    settings.lock_after_minutes = 0;
    desk.set_settings(settings).await.unwrap();
    sleeps(600);
    look().await;
    assert!(is_open(&desk).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_disk_opens_for_nobody_not_even_with_the_right_pin() {
    let cabinet = Cabinet::open().await;
    let (keyring, clock) = <(Arc<Kept>, Arc<Sleeping>)>::default();
    let home = cabinet.path("minister");
    let his = desk(&home, &keyring, &clock);
    join(&his, &cabinet, 1).await;
    his.lock().await.unwrap();
    let stolen = cabinet.path("stolen");
    // The locked app still lets go of its vault: a file may go while it is copied.
    while !Command::new("cp").arg("-a").args([&home, &stolen]).status().unwrap().success() {
        std::fs::remove_dir_all(&stolen).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let open = async |keyring: Kept, pin: &str| {
        let thief = desk(&stolen, &Arc::new(keyring), &clock);
        thief.unlock(ui::Unlock { pin: pin.into() }).await.map_err(|failure| failure.code)
    };
    for pin in [PIN, "000000"] {
        assert_eq!(open(Kept::default(), pin).await, Err("keyring.no_entry".into()));
        // With another secret than the keyring's the right PIN is answered as a wrong one is: it cannot be guessed.
        let account = keyring.0.lock().unwrap().keys().next().unwrap().clone();
        let guessed = Kept(Mutex::new(BTreeMap::from([(account, vec![7; 32])])));
        assert_eq!(open(guessed, pin).await, Err("keyring.other_secret".into()));
    }
    // The copy is whole: with the keyring of the machine it was stolen from, and the PIN, it opens.
    let whole = Kept(Mutex::new(keyring.0.lock().unwrap().clone()));
    assert_eq!(open(whole, PIN).await, Ok(()));
}

/// As an ordinary user, if root runs this: to root every process is open.
#[cfg(target_os = "linux")]
#[test]
fn a_running_server_gives_its_memory_to_nobody_and_leaves_no_core_file() {
    use ecabinet_tests::Memory;
    use std::os::unix::fs::MetadataExt;
    const NOBODY: u32 = 65534;
    let dir = tempfile::tempdir().unwrap();
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let server = dir.path().join("ecabinet-server");
    std::fs::copy(program("ecabinet-server"), &server).unwrap();
    if is_root {
        assert!(Command::new("chown").arg(NOBODY.to_string()).arg(dir.path()).status().unwrap().success());
    }
    let start = |args: &[&str]| {
        let mut command = match is_root {
            true => {
                let mut command = Command::new("setpriv");
                let id = NOBODY.to_string();
                command.args([
                    "--reuid",
                    &id,
                    "--regid",
                    &id,
                    "--clear-groups",
                    "--bounding-set=-all",
                    "--inh-caps=-all",
                ]);
                command.arg(&server);
                command
            }
            false => Command::new(&server),
        };
        command.args(args).arg("--data").arg(dir.path().join("data"));
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    assert!(start(&["init", "--name", "127.0.0.1", "--listen", "127.0.0.1:0"]).wait().unwrap().success());
    let ready = dir.path().join("ready");
    let mut serving = start(&["serve", "--ready-file", ready.to_str().unwrap()]);
    for _ in 0..600 {
        if ready.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(ready.exists(), "the server serves");
    let process = format!("/proc/{}", serving.id());
    let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
    let uid = if is_root { NOBODY } else { std::fs::metadata("/proc/self").unwrap().uid() };
    assert!(
        status.lines().any(|line| line.starts_with(&format!("Uid:\t{uid}\t"))),
        "it runs as an ordinary user"
    );
    for file in ["mem", "environ", "maps"] {
        let owner = std::fs::metadata(format!("{process}/{file}")).unwrap().uid();
        assert_eq!(owner, 0, "{file} is root's, though the process is not");
    }
    let memory = Memory::of(serving.id());
    assert_eq!(memory.core_limit(), ("0".into(), "0".into()));
    assert!(memory.status("VmLck") >= 4, "the log's key is kept out of swap");
    serving.kill().unwrap();
    serving.wait().unwrap();
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not so: {what}");
}
