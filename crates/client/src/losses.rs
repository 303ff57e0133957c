//! What was lost for good, and what proves that a server has told two histories.

use crate::body::{Body, Made, Says};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Fork;
use ecabinet_domain::act::Epoch;
use ecabinet_domain::{As, Audience, BodyId, Hash, Header, Int, StatementId};
use ecabinet_protocol::content::Why;
use ecabinet_record::KeyPair;

/// Times that others may be first before an epoch is given up.
const ATTEMPTS: usize = 5;

/// An epoch: a registrar has declared that entries are lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    pub epoch: u64,
    /// Position of the registrar's statement.
    pub entry: u64,
    /// The checkpoint that ended with what is lost.
    pub size: u64,
    pub root: Hash,
    pub why: Option<String>,
    /// What this device had of it.
    pub lost: Vec<Lost>,
}

/// An entry that was lost and that this device had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Where it stood.
    pub index: u64,
    pub statement: StatementId,
    pub kind: &'static str,
    /// Whether it was done on this device.
    pub own: bool,
}

impl Client {
    /// Evidence that the log's key has signed two histories.
    pub fn forks(&self, body: BodyId) -> Result<Vec<Fork>> {
        self.with(body, |vault, body| vault.forks(body.row.id))
    }

    /// Every loss that the record tells of.
    pub fn losses(&self, body: BodyId) -> Result<Vec<Loss>> {
        self.with(body, |vault, body| {
            let lost = vault.lost(body.row.id)?;
            let losses = body.state()?.epochs.iter().map(|(entry, epoch)| {
                let number = epoch.number.get();
                let of_it = lost.iter().filter(|lost| lost.epoch == number);
                let lost = of_it.filter_map(|lost| {
                    let header = Header::parse(&lost.leaf.envelope.header)?;
                    let own = header.device == body.row.device;
                    let (statement, kind) = (lost.leaf.envelope.id(), header.act.kind());
                    Some(Lost { index: lost.index, statement, kind, own })
                });
                Ok(Loss {
                    epoch: number,
                    entry: *entry,
                    size: epoch.size.get(),
                    root: epoch.root,
                    why: body.content::<Why>(vault, *entry)?.map(|why| why.why),
                    lost: lost.collect(),
                })
            });
            losses.collect()
        })
    }

    /// Declares that entries are lost for good: `lost` is the checkpoint that ended with them; if none is given, it is
    /// what the server awaits or what this device has and the server denies. Who holds just that goes on with what the
    /// server has.
    pub async fn begin_epoch(
        &self,
        body: BodyId,
        lost: Option<(u64, Hash)>,
        why: &str,
    ) -> Result<StatementId> {
        // What this device has that the server lacks is not lost. Whatever else is wrong is what this is about.
        let _ = self.sync(body, true).await;
        let connection = self.connect(body).await?;
        let keys = self.with(body, |_, body| Ok(body.row.keys.clone()))?;
        for _ in 0..ATTEMPTS {
            let theirs = self.theirs(body, &*connection).await?;
            let epoch = self.epoch(body, &theirs, &keys, lost, why)?;
            match self.say_now(&*connection, &theirs, vec![epoch]).await {
                Err(error) if error.code() == "epoch.moved" => continue,
                said => return self.begun(body, said?).await,
            }
        }
        Err(Error::new("server.busy"))
    }

    /// The same where no registrar is left: the body's printed key puts this device in their place, in one step with the
    /// epoch.
    pub async fn begin_epoch_by_code(
        &self,
        body: BodyId,
        code: &[u8; 16],
        lost: Option<(u64, Hash)>,
        why: &str,
    ) -> Result<StatementId> {
        let row = self.with(body, |_, body| Ok(body.row.clone()))?;
        let keys = row.keys.clone();
        for _ in 0..ATTEMPTS {
            let printed = KeyPair::from_code(code);
            let (connection, theirs) = self.by_printed_key(row.clone(), printed).await?;
            let place = self.take_the_place(&theirs, keys.public())?;
            let epoch = self.epoch(body, &theirs, &keys, lost, why)?;
            match self.say_now(&*connection, &theirs, vec![place, epoch]).await {
                Err(error) if error.code() == "epoch.moved" => continue,
                said => return self.begun(body, said?).await,
            }
        }
        Err(Error::new("server.busy"))
    }

    /// Takes in what has been said; gives the epoch's statement.
    async fn begun(&self, body: BodyId, said: Vec<StatementId>) -> Result<StatementId> {
        self.sync(body, true).await?;
        said.last().copied().ok_or(Error::new("bug"))
    }

    /// The epoch, on top of what the server has: it is not queued, because this device may not share that ground.
    fn epoch(
        &self,
        body: BodyId,
        theirs: &Body,
        keys: &KeyPair,
        lost: Option<(u64, Hash)>,
        why: &str,
    ) -> Result<Made> {
        let ours = self.with(body, |_, body| Ok(body.checkpoint.clone()))?;
        let known = theirs.server.awaited.clone().or(ours).map(|known| (known.size, known.root));
        let denied = |lost: &(u64, Hash)| theirs.replica.tree().root_at(lost.0) != Some(lost.1);
        let (size, root) = lost.or(known).filter(denied).ok_or(Error::new("epoch.nothing_lost"))?;
        let number = theirs.state()?.epochs.len() as u64 + 1;
        let int = |value| Int::new(value).ok_or(Error::new("epoch.size"));
        let act = Epoch { number: int(number)?, size: int(size)?, root };
        let says = Says::to(vec![Audience::All], &Why { why: why.to_owned() });
        theirs.make_by(keys, &self.env, As::REGISTRAR, act, says)
    }

    /// The body as the server tells it, verified from the first entry on.
    async fn theirs(
        &self,
        body: BodyId,
        connection: &dyn ecabinet_protocol::sync::Connection,
    ) -> Result<Body> {
        let fetched = self.fetch_entries(connection, 0).await?;
        let row = self.with(body, |_, body| Ok(body.row.clone()))?;
        fetched.into_body(row, self.env.level)
    }
}
