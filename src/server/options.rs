//! Options of a sandbox server.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::faults::FaultRules;
use super::limits::Limits;

/// The chat service that the sandbox implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Service {
    /// MinChat.
    #[default]
    MinChat,
    /// V Chat, version 2.
    VChat,
}

/// Settings of a sandbox server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address to listen on; port 0 picks any free port.
    pub bind: SocketAddr,
    /// Service to implement.
    pub service: Service,
    /// MinChat: the API key of the app; the key `demo` and keys created through `/sdk-test` are accepted as well.
    /// V Chat: the hash key from which passwords are derived.
    pub api_key: String,
    /// Origins of web pages that may use the server, such as `http://localhost:3000`.
    pub cors: Vec<String>,
    /// Names under which other machines may reach the server, if it listens on their network.
    pub host_names: Vec<String>,
    /// Whether the server has the routes for tests: MinChat's `/sdk-test` and V Chat's `/__sandbox`.
    pub test_routes: bool,
    /// Seed of the simulation: ids, and the behaviour of the scripted people. Secrets do not depend on it.
    pub seed: u64,
    /// Whether the server starts with scripted people, rooms and a history. Otherwise it starts empty.
    pub populated: bool,
    /// Username of the user the scripted people know and talk to.
    pub guest: String,
    /// Usernames of further people without a script. They share the groups of the guest, and a room of their own.
    pub companions: Vec<String>,
    /// V Chat: time after which an unanswered call ends.
    pub ring_timeout: Duration,
    /// V Chat: number of requests allowed in five minutes for each token, or for each address if requests have no
    /// token. `None` means no limit.
    pub rate_limit: Option<u32>,
    /// Faults that are in force from the start.
    pub faults: FaultRules,
    /// Seed of the faults.
    pub fault_seed: u64,
    /// Limits on connections, request sizes and stored data.
    pub limits: Limits,
}

impl Options {
    /// Usernames of everybody without a script.
    pub(crate) fn guests(&self) -> Vec<String> {
        std::iter::once(&self.guest).chain(&self.companions).cloned().collect()
    }

    /// Whether only this machine can reach the server.
    pub fn is_local(&self) -> bool {
        // `::ffff:127.0.0.1` is a loopback address too.
        self.bind.ip().to_canonical().is_loopback()
    }
}

impl Default for Options {
    /// An empty MinChat on any free loopback port.
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            service: Service::default(),
            api_key: "SANDBOX".to_owned(),
            cors: Vec::new(),
            host_names: Vec::new(),
            test_routes: false,
            seed: 1,
            populated: false,
            guest: "guest".to_owned(),
            companions: Vec::new(),
            ring_timeout: Duration::from_secs(60),
            rate_limit: None,
            faults: FaultRules::default(),
            fault_seed: 1,
            limits: Limits::default(),
        }
    }
}
