//! A browser's own driver (W3C WebDriver): a process that opens windows and tells what they show.

use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Killed when it is dropped, and its browser with it.
pub struct Driver {
    process: Child,
    port: u16,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Driver {
    /// Starts a driver on a port of its own and waits until it listens.
    pub fn start(command: &mut Command) -> Driver {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        let process =
            command.arg(format!("--port={port}")).stdin(Stdio::null()).spawn().expect("the driver starts");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the driver does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Driver { process, port }
    }

    /// A new window, as the driver's own options say.
    pub async fn open(&self, options: (&str, Value)) -> Client {
        let begun = Instant::now();
        let capabilities = Map::from_iter([(options.0.to_owned(), options.1)]);
        loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            let address = format!("http://127.0.0.1:{}", self.port);
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(page) => return page,
                Err(error) if begun.elapsed() > PATIENCE => panic!("no window opens: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Number of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    pub fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end();
    }
}
