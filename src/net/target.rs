//! The server and the user of a connection.

use std::path::PathBuf;

/// The server to connect to, and the user to sign in.
#[derive(Debug, Clone)]
pub struct Target {
    /// Base URL, `http` or `https`.
    pub url: String,
    /// User name to sign in with.
    pub username: String,
    /// The name that others see, if it is to be set.
    pub name: Option<String>,
    /// PEM file with CA certificates that are trusted in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// Seed for the jitter of delays.
    pub seed: u64,
}
