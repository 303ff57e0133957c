//! The reader in the real web view: turning pages, scrolling, the first page of a paper, and memory after a long read.

use crate::measure::*;
use crate::page::pdf;
use crate::render::{bare, encoding_of_first};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecabinet_client::packs::NewPaper;
use ecabinet_client::{Client, Env, Lock};
use ecabinet_domain::Audience;
use ecabinet_tests::{App, Cabinet, Driver, program};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use zeroize::Zeroizing;

const PIN: &str = "246810";
/// In CSS pixels: a usual window.
const WINDOW: (u32, u32) = (1280, 800);
/// Pages of a paper that nobody should fear to open.
const VERY_LONG: usize = 3000;

/// What both sides of each measure are told with: a page is there once its picture is decoded and a frame has passed.
const TOOLS: &str = "
    const frame = () => new Promise(requestAnimationFrame);
    const pause = ms => new Promise(done => setTimeout(done, ms));
    const box = () => document.querySelector('.pages');
    const isShown = (image, around) => {
        const at = image.getBoundingClientRect();
        return at.height > 0 && at.bottom > around.top && at.top < around.bottom;
    };
    const isDrawn = image => image.complete && image.naturalWidth > 0;
    const onScreen = () => {
        const around = box()?.getBoundingClientRect();
        return around ? [...document.querySelectorAll('section.sheet')].filter(sheet => isShown(sheet, around)) : [];
    };
    const pictures = () => onScreen().map(sheet => sheet.querySelector('img')).filter(image => image && isDrawn(image));
    const key = name => box().dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
";

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (home, shots) = (dir.join("home"), dir.join("shots"));
    let pages = size.pick(300, 12);
    let rounds = size.rounds();
    let very_long = (size == Size::Full).then_some(VERY_LONG);
    let cabinet = runtime.block_on(furnish(&home, pages, very_long, rounds + 1))?;
    let app = runtime.block_on(open(&home, &shots))?;
    let mut rows = Vec::new();
    rows.push(runtime.block_on(first_page(&app, dir, size))?);
    runtime.block_on(show(&app, "Dài"))?;
    rows.push(runtime.block_on(turns(&app, size))?);
    rows.extend(runtime.block_on(scroll(&app, size))?);
    runtime.block_on(app.close());
    if size == Size::Full {
        rows.extend(runtime.block_on(memory(dir, &home, &shots, pages))?);
    }
    drop(cabinet);
    Ok(rows)
}

/// A member's home with long papers and several short ones, each of other bytes so that none is open already.
async fn furnish(home: &Path, pages: usize, very_long: Option<usize>, short: usize) -> Result<Cabinet> {
    let cabinet = Cabinet::open().await;
    let mut papers = vec![paper("Dài", pages)];
    papers.extend(very_long.map(|pages| paper("Rất nhiều trang", pages)));
    papers.extend((0..short).map(|n| paper(&format!("Ngắn {n}"), 3 + n)));
    cabinet.publish_papers(papers).await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let lock = Lock::Keyring { pin: Zeroizing::new(PIN.to_owned()) };
    let client = Client::create(home, Env::real(), &lock)?;
    let joined = client.join(&ticket, "Máy").await?;
    client.recovery_code_told(joined.body)?;
    client.sync(cabinet.body, false).await?;
    Ok(cabinet)
}

fn paper(title: &str, pages: usize) -> NewPaper {
    NewPaper {
        title: title.into(),
        path: format!("1/{title}.pdf"),
        bytes: pdf(pages),
        pages: pages as u32,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    }
}

async fn open(home: &Path, shots: &Path) -> Result<App> {
    let app = App::start(&program("ecabinet-desktop"), home, shots).await;
    app.resize(WINDOW.0, WINDOW.1).await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.click("button[type=submit]").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Nội dung một").await;
    app.read("Ngắn 0").await;
    Ok(app)
}

/// To a paper of the item that is on the screen.
async fn show(app: &App, title: &str) -> Result<()> {
    app.press(title).await;
    app.see("section.sheet").await;
    app.settle().await;
    Ok(())
}

/// From the click on a paper to its first page, against bare drawing, encoding, and the web view's own painting of a picture
/// of that size.
async fn first_page(app: &App, dir: &Path, size: Size) -> Result<Row> {
    let click = format!(
        "{TOOLS} const [title] = arguments; return (async () => {{
            const row = [...document.querySelectorAll('a, button')].find(e => e.innerText.includes(title));
            const begun = performance.now();
            row.click();
            while (pictures().length === 0) await frame();
            await frame();
            const image = pictures()[0];
            return [performance.now() - begun, image.naturalWidth];
        }})()"
    );
    let paint = format!(
        "{TOOLS} const [source] = arguments; return (async () => {{
            const image = new Image();
            image.style.cssText = 'position: fixed; inset: 0; z-index: 99';
            const begun = performance.now();
            image.src = source;
            document.body.append(image);
            while (!isDrawn(image)) await frame();
            await frame();
            const took = performance.now() - begun;
            image.remove();
            return took;
        }})()"
    );
    let (mut ours, mut peer) = (Samples::default(), Samples::default());
    // The first one also starts what every later one finds: it is not counted.
    for round in 0..=size.rounds() {
        let told = app.run(&click, vec![json!(format!("Ngắn {round}"))]).await;
        let (took, width) =
            (told[0].as_f64().context("a time")?, told[1].as_u64().context("a width")? as u32);
        let file = dir.join("first.pdf");
        std::fs::write(&file, pdf(3 + round))?;
        let (encoding, picture) = encoding_of_first(&file, width)?;
        // The window may load pictures from nowhere else.
        let source = format!("data:image/webp;base64,{}", STANDARD.encode(picture));
        let painting = app.run(&paint, vec![json!(source)]).await.as_f64().context("a time")?;
        let bare = bare(&file, width, 1)?.1 * 1e3 + encoding * 1e3 + painting;
        if round > 0 {
            ours.0.push(took);
            peer.0.push(bare);
        }
        app.key("Escape").await;
        app.read("Dài").await;
    }
    let note = "click to pixels in the web view; peer: bare drawing with loading, encoding, and a still picture of that size painted there";
    Ok(Row::new("first page of a cold paper", Unit::Millis, (ours, peer), Goal::RatioAtMost(1.5)).note(note))
}

/// 95th percentile of a page turn with warm neighbours, against swapping two still pictures there.
async fn turns(app: &App, size: Size) -> Result<Row> {
    app.key("2").await;
    app.settle().await;
    let turn = format!(
        "{TOOLS} const [count, way] = arguments; return (async () => {{
            const times = [];
            for (let n = 0; n < count; n += 1) {{
                await pause(350);
                const before = pictures()[0]?.src;
                const begun = performance.now();
                key(n % 8 < 4 ? 'ArrowRight' : 'ArrowLeft');
                let now;
                do {{ await frame(); now = pictures()[0]?.src; }} while (!now || now === before);
                await frame();
                times.push(performance.now() - begun);
            }}
            return times;
        }})()"
    );
    let swap = format!(
        "{TOOLS} const [count] = arguments; return (async () => {{
            const source = pictures()[0].src;
            const both = [new Image(), new Image()];
            for (const image of both) {{
                image.src = source;
                image.style.cssText = 'position: fixed; inset: 0; z-index: 99; width: 700px';
                document.body.append(image);
                await image.decode();
            }}
            const times = [];
            for (let n = 0; n < count; n += 1) {{
                await pause(350);
                const begun = performance.now();
                both[n % 2].hidden = true;
                both[1 - n % 2].hidden = false;
                await frame();
                await frame();
                times.push(performance.now() - begun);
            }}
            both.forEach(image => image.remove());
            return times;
        }})()"
    );
    let count = size.pick(40, 4);
    let (mut ours, mut peer) = (Samples::default(), Samples::default());
    for _ in 0..size.rounds() {
        ours.0.push(percentile(&app.run(&turn, vec![json!(count)]).await, 95));
        // One frame more is granted.
        peer.0.push(percentile(&app.run(&swap, vec![json!(count)]).await, 95) + 1e3 / 60.0);
    }
    let note = format!(
        "95th percentile of {count} turns each; peer: two still pictures swapped there, and one frame"
    );
    Ok(Row::new("a page turn, warm", Unit::Millis, (ours, peer), Goal::RatioAtMost(1.0)).note(note))
}

/// Scrolling at the pace of someone who looks for a place: how long a page that is seen is blank, and how even the frames are.
async fn scroll(app: &App, size: Size) -> Result<Vec<Row>> {
    app.key("1").await;
    app.key("Home").await;
    app.settle().await;
    let script = format!(
        "{TOOLS} const [ms, empty] = arguments; return (async () => {{
            let target = box();
            let over = null;
            if (empty) {{
                over = document.createElement('div');
                over.style.cssText = 'position: fixed; inset: 0; z-index: 99; overflow: auto; background: white';
                over.innerHTML = '<div style=\"height: 400000px\"></div>';
                document.body.append(over);
                target = over;
            }}
            const frames = [];
            let blank = 0;
            let longest = 0;
            let last = await frame();
            const begun = last;
            while (last - begun < ms) {{
                target.scrollTop += 1.2;
                const now = await frame();
                frames.push(now - last);
                const seen = empty ? [] : onScreen();
                const lacking = seen.some(sheet => {{ const image = sheet.querySelector('img'); return !image || !isDrawn(image); }});
                blank = lacking ? blank + now - last : 0;
                longest = Math.max(longest, blank);
                last = now;
            }}
            over?.remove();
            return [frames, longest];
        }})()"
    );
    let ms = size.pick(10_000, 500);
    let (mut blank, mut ours, mut empty) = (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..size.rounds() {
        let told = app.run(&script, vec![json!(ms), json!(false)]).await;
        ours.0.push(percentile(&told[0], 99));
        blank.0.push(told[1].as_f64().context("a time")?);
        let told = app.run(&script, vec![json!(ms), json!(true)]).await;
        // So much more is granted.
        empty.0.push(percentile(&told[0], 99) + 33.0);
    }
    Ok(vec![
        Row::alone("a blank page while scrolling", Unit::Millis, blank, 50.0)
            .note("the longest time that a page on the screen had no picture, 72 px a second"),
        Row::new("frames while scrolling", Unit::Millis, (ours, empty), Goal::RatioAtMost(1.0))
            .note("99th percentile; peer: an empty page scrolled there, and 33 ms"),
    ])
}

/// The reader has come to rest on a page.
const RESTS: Duration = Duration::from_secs(8);

/// What all processes hold after every page was seen: against Chromium with the same paper, and of ten times as many pages.
async fn memory(dir: &Path, home: &Path, shots: &Path, pages: usize) -> Result<[Row; 2]> {
    let long = held_after(home, shots, "Dài", pages).await?;
    let very_long = held_after(home, shots, "Rất nhiều trang", VERY_LONG).await?;
    let file = dir.join("long.pdf");
    std::fs::write(&file, pdf(pages))?;
    let peer = chromium(dir, &file, pages).await?;
    let against = |ours: f64, peer: f64| (Samples(vec![ours]), Samples(vec![peer]));
    Ok([
        Row::new("memory after a long read", Unit::Bytes, against(long, peer), Goal::RatioAtMost(1.0)).note(format!(
            "PSS of all processes after {pages} pages; peer: chromium --app on the same file, Page Down as often"
        )),
        Row::new("the same, ten times as long", Unit::Bytes, against(very_long, long), Goal::RatioAtMost(1.1))
            .note(format!("PSS of all processes after {VERY_LONG} pages; peer: ours after {pages}")),
    ])
}

/// In an app of its own.
async fn held_after(home: &Path, shots: &Path, title: &str, pages: usize) -> Result<f64> {
    let app = open(home, shots).await?;
    show(&app, title).await?;
    app.key("2").await;
    let through = format!(
        "{TOOLS} const [count] = arguments; return (async () => {{
            for (let n = 0; n < count; n += 1) {{
                key('ArrowRight');
                for (let tries = 0; tries < 60 && pictures().length === 0; tries += 1) await frame();
                await frame();
            }}
            return true;
        }})()"
    );
    for _ in 0..pages / 50 {
        app.run(&through, vec![json!(50)]).await;
    }
    tokio::time::sleep(RESTS).await;
    let held = pss_of_tree(app.process())?;
    app.close().await;
    Ok(held)
}

async fn chromium(dir: &Path, file: &Path, pages: usize) -> Result<f64> {
    let profile = tempfile::tempdir_in(dir)?;
    let driver = Driver::start(Command::new("chromedriver").stdout(Stdio::null()).stderr(Stdio::null()));
    let args = [
        format!("--app=file://{}", file.canonicalize()?.display()),
        format!("--user-data-dir={}", profile.path().canonicalize()?.display()),
        format!("--window-size={},{}", WINDOW.0, WINDOW.1),
        "--no-first-run".into(),
        "--no-sandbox".into(),
    ];
    let window =
        driver.open(("goog:chromeOptions", json!({ "binary": "/usr/bin/chromium", "args": args }))).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    // Its viewer is a page of its own that no script reaches: keys come from the display.
    for _ in 0..pages {
        let pressed = Command::new("xdotool").args(["key", "Page_Down"]).status()?;
        ensure!(pressed.success(), "xdotool");
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    tokio::time::sleep(RESTS).await;
    let held = pss_of_tree(driver.process())? - pss_of(driver.process()).unwrap_or(0.0);
    window.close().await?;
    Ok(held)
}

/// Bytes of a process and all that it has started. The web view's own processes are children of the app's.
fn pss_of_tree(root: u32) -> Result<f64> {
    let mut all = vec![root];
    let mut at = 0;
    while at < all.len() {
        let parent = all[at];
        at += 1;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let Some(number) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
            let of = stat
                .rsplit_once(')')
                .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
            if of == Some(parent) && !all.contains(&number) {
                all.push(number);
            }
        }
    }
    Ok(all.into_iter().filter_map(pss_of).sum())
}

fn pss_of(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}

fn percentile(times: &Value, of: usize) -> f64 {
    let mut times: Vec<f64> = times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    times.get((times.len() * of / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
