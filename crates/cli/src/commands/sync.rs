use crate::args::Common;
use crate::failure::Failure;
use crate::{home, output};
use std::time::Duration;

pub async fn run(common: &Common, follow: bool, record_only: bool) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    if !follow {
        let summary = client.sync(body, record_only).await?;
        output::answer(common, "sync/1", serde_json::to_value(summary).expect("plain data"));
        return Ok(0);
    }
    loop {
        let round = client.follow(body, |summary| match summary {
            Ok(summary) => {
                output::answer(common, "sync/1", serde_json::to_value(summary).expect("plain data"));
            }
            Err(error) => output::failure(common, &error.into()),
        });
        if let Err(error) = round.await {
            let failure = Failure::from(error);
            output::failure(common, &failure);
            // The network comes back; a refusal does not turn into leave.
            if failure.exit() != 3 && !failure.0.code.starts_with("session.") {
                return Err(failure);
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
