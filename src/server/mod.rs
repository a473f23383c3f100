//! STAND-IN, to be replaced at the merge by the real server.

use std::io;
use std::net::SocketAddr;

/// STAND-IN.
#[derive(Debug, Clone)]
pub struct Options {
    /// STAND-IN.
    pub bind: SocketAddr,
    /// STAND-IN.
    pub api_key: String,
    /// STAND-IN.
    pub seed: u64,
    /// STAND-IN.
    pub people: bool,
    /// STAND-IN.
    pub guest: String,
}

/// STAND-IN.
#[derive(Debug)]
pub struct Running {
    listener: tokio::net::TcpListener,
    key: String,
}

/// STAND-IN.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn start(options: Options) -> io::Result<Running> {
    Ok(Running { listener: tokio::net::TcpListener::bind(options.bind).await?, key: options.api_key })
}

impl Running {
    /// STAND-IN.
    pub fn url(&self) -> String {
        self.listener.local_addr().map(|address| format!("http://{address}")).unwrap_or_default()
    }

    /// STAND-IN.
    pub fn api_key(&self) -> &str {
        &self.key
    }

    /// STAND-IN.
    pub async fn stop(self) {}
}
