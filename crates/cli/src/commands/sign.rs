//! Signing a paper of the body, or any PDF file, with a PKCS#12 file.

use super::{parse, send, state_of};
use crate::args::{Common, Sign};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output};
use ecabinet_client::{Env, SignPlace, Signing, sign_worker};
use ecabinet_domain::{Nonce, PaperId};
use ecabinet_pades::SigningTime;
use ecabinet_pades::p12::Identity;
use ecabinet_protocol::Zone;
use ecabinet_record::hash::sha256;
use serde_json::json;
use std::path::Path;
use zeroize::Zeroizing;

pub async fn run(common: &Common, sign: Sign) -> Result<u8, Failure> {
    let file = Path::new(&sign.what);
    if file.is_file() { plain_file(common, file, &sign) } else { paper(common, &sign).await }
}

/// The signed revision goes into the record, with the statement that binds it to the one that was adopted.
async fn paper(common: &Common, sign: &Sign) -> Result<u8, Failure> {
    let paper: PaperId = parse(&sign.what, "paper")?;
    if sign.out.is_some() {
        return Err(Failure::new("usage.out"));
    }
    let p12 = read(&sign.p12)?;
    let password = home::read_secret(sign.p12_secret_file.as_deref(), ".p12: ")?;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let rev = client.current_rev(body, paper)?;
    let time = time(client.env(), client.zone(body)?);
    let signing = Signing {
        p12: &p12,
        password: &password,
        place: place(sign),
        lines: lines(&p12, &password, time),
        program: &sign_worker()?,
    };
    let statement = client.sign_paper(body, rev, signing)?;
    send(&client, body).await?;
    let mut answer = state_of(&client, body, statement)?;
    answer["paper"] = json!(paper);
    output::answer(common, "sign/1", answer);
    Ok(0)
}

fn plain_file(common: &Common, file: &Path, sign: &Sign) -> Result<u8, Failure> {
    let out = NewFile::create(sign.out.as_deref().ok_or(Failure::new("usage.out"))?)?;
    let p12 = read(&sign.p12)?;
    let secret = sign.p12_secret_file.as_deref().or(common.secret_file.as_deref());
    let password = home::read_secret(secret, ".p12: ")?;
    let env = Env::real();
    let time = time(&env, Zone::default());
    let signing = Signing {
        p12: &p12,
        password: &password,
        place: place(sign),
        lines: lines(&p12, &password, time),
        program: &sign_worker()?,
    };
    // A name of its own for every signature on the file.
    let field = format!("ecabinet-{}", &Nonce(env.random()).to_string()[..12]);
    let signed = signing.sign(&read(file)?, field, time)?;
    out.write(&signed)?;
    output::answer(common, "sign/1", json!({ "sha256": sha256(&signed), "size": signed.len() }));
    Ok(0)
}

fn place(sign: &Sign) -> SignPlace {
    sign.field.clone().map_or(SignPlace::Nowhere, SignPlace::Field)
}

/// Seen in a field: whose certificate it is, and when.
fn lines(p12: &[u8], password: &Zeroizing<String>, time: SigningTime) -> Vec<String> {
    let name = Identity::load(p12, password).ok().and_then(|identity| identity.name());
    let by = name.map(|name| format!("Ký bởi: {name}"));
    by.into_iter().chain([format!("Thời gian ký: {time}")]).collect()
}

fn time(env: &Env, zone: Zone) -> SigningTime {
    SigningTime { unix_ms: env.clock.now() as i64, offset_minutes: zone.minutes() }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::new("file.unreadable").with("path", path.display()).with("detail", error))
}
