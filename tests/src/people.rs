use ecabinet_client::{Client, Env, Error, Joined, Lock, Pair, Summary, Vote};
use ecabinet_domain::{BodyId, Choice, DeviceId, MemberId, StatementId};
use ecabinet_record::invitation::Ticket;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Somebody with a device.
pub struct Person {
    pub home: PathBuf,
    pub env: Env,
    client: Option<Client>,
    pub body: Option<BodyId>,
    pub member: Option<MemberId>,
}

/// Also of the vaults in `tests/fixtures`: it stays as it is.
pub const PASSPHRASE: &str = "mật khẩu của người kể chuyện";

impl Person {
    pub fn new(home: PathBuf, env: Env) -> Person {
        let lock = Lock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()));
        let client = Client::create(&home, env.clone(), &lock).expect("a new vault");
        Person { home, env, client: Some(client), body: None, member: None }
    }

    /// Opens a home that is there already.
    pub fn of(home: PathBuf, env: Env, body: BodyId) -> Person {
        let mut person = Person { home, env, client: None, body: Some(body), member: None };
        person.open();
        person
    }

    pub fn client(&self) -> &Client {
        self.client.as_ref().expect("the app is open")
    }

    pub fn body(&self) -> BodyId {
        self.body.expect("joined")
    }

    pub fn device(&self) -> DeviceId {
        self.client().device_of(self.body()).expect("a device")
    }

    /// What this device shows to be compared with the other's screen.
    pub fn digits_with(&self, other: &Person) -> Option<String> {
        let rows = self.client().devices(self.body()).expect("devices");
        rows.into_iter().find(|row| row.device == other.device())?.digits
    }

    /// The digits that this waiting device shows, as soon as a device in use has answered.
    pub async fn digits(&self) -> String {
        let begun = Instant::now();
        loop {
            self.client().sync(self.body(), true).await.expect("sync");
            let pairs = self.client().pairs(self.body()).expect("pairs");
            if let Some((_, Pair::Digits(digits))) = pairs.into_iter().next() {
                return digits;
            }
            assert!(begun.elapsed() < Duration::from_secs(40), "the other device does not answer");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn join(&mut self, ticket: &Ticket) -> Result<Joined, Error> {
        self.join_as(ticket, "Máy thử").await
    }

    pub async fn join_as(&mut self, ticket: &Ticket, device: &str) -> Result<Joined, Error> {
        let joined = self.client().join(ticket, device).await?;
        (self.body, self.member) = (Some(joined.body), Some(joined.member));
        // As a program does once its person has the code.
        self.client().recovery_code_told(joined.body)?;
        Ok(joined)
    }

    /// Closes the app and opens it again.
    pub fn restart(&mut self) {
        self.close();
        self.open();
    }

    pub fn close(&mut self) {
        self.client = None;
    }

    pub fn open(&mut self) {
        self.client = Some(Client::open(&self.home, self.env.clone(), PASSPHRASE).expect("the vault opens"));
    }

    pub async fn sync(&self) -> Summary {
        self.client().sync(self.body(), false).await.expect("sync")
    }

    pub fn vote(&self, poll: StatementId, choice: Choice) -> StatementId {
        let vote = Vote { poll, choice, text: None, replace: true };
        self.client().vote(self.body(), vote).expect("a ballot")
    }

    /// A file with the passphrase, for the command line.
    pub fn secret_file(&self) -> PathBuf {
        secret_file(&self.home)
    }

    /// How far an act has come, as the screen shows it.
    pub fn state(&self, statement: StatementId) -> String {
        let act = self.client().act_state(self.body(), statement).expect("an act");
        serde_json::to_value(act.state).expect("a word").as_str().expect("a word").to_owned()
    }
}

/// A file beside a home with what opens it.
pub(crate) fn secret_file(home: &Path) -> PathBuf {
    let path = home.with_extension("secret");
    std::fs::write(&path, PASSPHRASE).expect("written");
    path
}
