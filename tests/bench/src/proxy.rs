//! A line to the server that counts bytes and can be made slow: a token bucket for each direction, where `tc` would
//! slow down everything on loopback.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, tcp};

/// Bytes passed on at a time.
const STEP: usize = 16 << 10;

#[derive(Default)]
pub struct Line {
    /// From the server.
    down: Way,
    up: Way,
}

#[derive(Default)]
struct Way {
    bytes: AtomicU64,
    /// Bytes a second; 0: as fast as it goes.
    rate: AtomicU64,
    free: Mutex<Option<Instant>>,
}

impl Line {
    /// Listens on loopback; gives its address.
    pub async fn open(server: String) -> std::io::Result<(Arc<Line>, String)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let line = Arc::new(Line::default());
        let own = line.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (line, server) = (own.clone(), server.clone());
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(server).await else { return };
                    for end in [&client, &server] {
                        let _ = end.set_nodelay(true);
                    }
                    let (client, server) = (client.into_split(), server.into_split());
                    tokio::join!(line.down.pass(server.0, client.1), line.up.pass(client.0, server.1));
                });
            }
        });
        Ok((line, address))
    }

    /// Megabits a second, each way; none: as fast as it goes.
    pub fn shape(&self, megabits: Option<u64>) {
        for way in [&self.down, &self.up] {
            way.rate.store(megabits.unwrap_or(0) * 1_000_000 / 8, Ordering::Relaxed);
        }
    }

    /// Bytes that have come from the server so far.
    pub fn bytes(&self) -> u64 {
        self.down.bytes.load(Ordering::Relaxed)
    }
}

impl Way {
    async fn pass(&self, mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf) {
        let mut buffer = vec![0; STEP];
        while let Ok(len @ 1..) = from.read(&mut buffer).await {
            self.bytes.fetch_add(len as u64, Ordering::Relaxed);
            let until = self.take(len);
            if let Some(until) = until {
                tokio::time::sleep_until(until.into()).await;
            }
            if to.write_all(&buffer[..len]).await.is_err() {
                return;
            }
        }
    }

    /// When these bytes will have passed a line of this rate.
    fn take(&self, len: usize) -> Option<Instant> {
        let rate = self.rate.load(Ordering::Relaxed);
        if rate == 0 {
            return None;
        }
        let mut free = self.free.lock().expect("not poisoned");
        let now = Instant::now();
        let until = free.unwrap_or(now).max(now) + Duration::from_secs_f64(len as f64 / rate as f64);
        *free = Some(until);
        Some(until)
    }
}
