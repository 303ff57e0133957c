//! What was lost for good, and what proves that a server has told two histories.

use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Fork;
use ecabinet_domain::act::Epoch;
use ecabinet_domain::{As, Audience, BodyId, Hash, Header, Int, StatementId};
use ecabinet_protocol::content::Why;

/// An epoch: a registrar has declared that entries are lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    pub epoch: u64,
    /// Position of the registrar's statement.
    pub entry: u64,
    /// The largest checkpoint known to be lost.
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

    /// Declares that entries are lost for good: `lost` is the largest checkpoint known of them; if none is given, it is
    /// what the server awaits or what this device has and the server denies. Everyone goes on with what the server has.
    pub async fn begin_epoch(
        &self,
        body: BodyId,
        lost: Option<(u64, Hash)>,
        why: &str,
    ) -> Result<StatementId> {
        let connection = self.connect(body).await?;
        // Not queued: it is made on the server's ground, which this device may not yet share.
        let theirs = self.theirs(body, &*connection).await?;
        let ours = self.with(body, |_, body| Ok(body.checkpoint.clone()))?;
        let denied = ours.filter(|ours| theirs.replica.tree().root_at(ours.size) != Some(ours.root));
        let known = [denied, theirs.server.awaited.clone()].into_iter().flatten();
        let known = known.max_by_key(|known| known.size).map(|known| (known.size, known.root));
        let (size, root) = lost.or(known).ok_or(Error::new("epoch.nothing_lost"))?;
        let number = theirs.state()?.epochs.len() as u64 + 1;
        let int = |value| Int::new(value).ok_or(Error::new("epoch.size"));
        let act = Epoch { number: int(number)?, size: int(size)?, root };
        let says = crate::body::Says::to(vec![Audience::All], &Why { why: why.to_owned() });
        let made = theirs.make(&self.env, As::REGISTRAR, act, says)?;
        let id = self.say_now(&*connection, &theirs, made).await?;
        self.sync(body, true).await?;
        Ok(id)
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
