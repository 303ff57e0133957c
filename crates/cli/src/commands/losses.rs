use super::parse;
use crate::args::{Common, EpochCommand, ForkCommand};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_record::Checkpoint;
use serde_json::{Value, json};

pub async fn epoch(common: &Common, command: EpochCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        EpochCommand::Begin { yes: false, .. } => return Err(Failure::new("usage.yes")),
        EpochCommand::Begin { why, size, root, recovery_file, yes: true } => {
            let root = root.map(|root| parse(&root, "root")).transpose()?;
            let lost = size.zip(root);
            let statement = match recovery_file {
                Some(file) => {
                    client.begin_epoch_by_code(body, &super::root::read_code(&file)?, lost, &why).await?
                }
                None => client.begin_epoch(body, lost, &why).await?,
            };
            let losses = client.losses(body)?;
            let begun = losses.last().ok_or(Failure::new("bug"))?;
            let answer = json!({
                "statement": statement, "epoch": begun.epoch, "entry": begun.entry,
                "size": begun.size, "root": begun.root,
            });
            output::answer(common, "epoch begin/1", answer);
        }
        EpochCommand::List => {
            let losses = client.losses(body)?.into_iter().map(|loss| {
                let lost = loss.lost.iter().map(|lost| {
                    json!({
                        "index": lost.index, "statement": lost.statement, "kind": lost.kind, "own": lost.own,
                    })
                });
                json!({
                    "epoch": loss.epoch, "entry": loss.entry, "size": loss.size, "root": loss.root,
                    "why": loss.why, "lost": lost.collect::<Vec<_>>(),
                })
            });
            output::answer(common, "epoch list/1", json!({ "epochs": losses.collect::<Vec<_>>() }));
        }
    }
    Ok(0)
}

pub fn fork(common: &Common, command: ForkCommand) -> Result<u8, Failure> {
    let ForkCommand::List = command;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let side = |checkpoint: &Checkpoint| -> Value {
        json!({ "size": checkpoint.size, "root": checkpoint.root, "checkpoint": checkpoint.note })
    };
    let forks = client.forks(body)?.into_iter().map(|fork| {
        let (here, there) = (side(&fork.here), side(&fork.there));
        json!({ "entry": fork.entry, "found": fork.found, "here": here, "there": there })
    });
    output::answer(common, "fork list/1", json!({ "forks": forks.collect::<Vec<_>>() }));
    Ok(0)
}
