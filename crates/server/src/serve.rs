//! A server on the network.

use crate::app::App;
use crate::data::{DataDir, DataError};
use crate::http;
use crate::tls::{LEAF_RENEWAL, TlsError};
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsConfig;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long requests under way may take once the server drains.
const DRAIN: Duration = Duration::from_secs(20);
/// How long a client may take over the headers of a request.
const HEADERS: Duration = Duration::from_secs(20);

/// A server that accepts connections. Dropped without `stop`, it ends with its runtime.
pub struct Server {
    app: App,
    url: String,
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<io::Result<()>>,
}

/// Why a server cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("cannot listen on {0}: {1}")]
    Listen(String, #[source] io::Error),
    #[error("serving failed: {0}")]
    Failed(#[source] io::Error),
}

impl ServeError {
    pub fn code(&self) -> &'static str {
        match self {
            ServeError::Data(error) => error.code(),
            ServeError::Tls(_) => "tls.failed",
            ServeError::Listen(..) => "serve.listen",
            ServeError::Failed(_) => "serve.failed",
        }
    }
}

impl Server {
    /// Serves a data directory. It accepts once this has returned.
    pub async fn start(data: &DataDir) -> Result<Server, ServeError> {
        let config = data.config()?;
        let app = {
            let data = data.clone();
            tokio::task::spawn_blocking(move || data.app()).await.expect("opening does not panic")?
        };
        let authority = data.authority()?;
        let names = config.names.clone();
        let tls = RustlsConfig::from_config(Arc::new(authority.server_config(&names)?));
        let fail = |error| ServeError::Listen(config.listen.clone(), error);
        let listener = TcpListener::bind(&config.listen).map_err(fail)?;
        listener.set_nonblocking(true).map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        let handle = Handle::new();
        // An answer goes out at once, however small its last packet is.
        let mut server = axum_server::from_tcp_rustls(listener, tls.clone())
            .map_err(fail)?
            .map(|tls| tls.acceptor(NoDelayAcceptor::new()))
            .handle(handle.clone());
        server.http_builder().http1().header_read_timeout(HEADERS);
        let service = http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(server.serve(service));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LEAF_RENEWAL).await;
                match authority.server_config(&names) {
                    Ok(config) => tls.reload_from_config(Arc::new(config)),
                    Err(error) => tracing::error!(%error, "certificate not renewed"),
                }
            }
        });
        let host = &config.names[0];
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let url = format!("https://{host}:{}", address.port());
        Ok(Server { app, url, address, handle, serving })
    }

    /// `https://<first name>:<port>`
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server in process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Accepts no more, ends what is under way, and returns.
    pub async fn stop(self) -> Result<(), ServeError> {
        self.app.close();
        self.handle.graceful_shutdown(Some(DRAIN));
        self.ended().await
    }

    /// Returns when serving has ended.
    pub async fn ended(self) -> Result<(), ServeError> {
        self.serving
            .await
            .map_err(|error| ServeError::Failed(io::Error::other(error)))?
            .map_err(ServeError::Failed)
    }
}
