//! The faults in force on a server, which can be changed while it runs.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::task::AtomicWaker;

use super::parse::{FaultError, FaultRules};
use super::planner::{Planner, RequestPlan};
use super::rule::Rule;
use super::wakers::Wakers;
use crate::server::options::Service;
use crate::server::sockets::lock;

/// The faults of a server. Clones share them.
#[derive(Debug, Clone)]
pub struct FaultControl(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    service: Service,
    /// Increases with every change; 0 means that there has never been a fault. It is read without the lock.
    generation: AtomicU64,
    current: Mutex<Option<Arc<Active>>>,
    /// Seed for faults that are set without one.
    default_seed: u64,
    sockets: Wakers,
}

/// Faults that are in force.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) rules: Vec<Rule>,
    pub(super) seed: u64,
    requests: Mutex<Planner>,
    /// How often each rule has fired.
    fired: Vec<AtomicU64>,
}

/// The faults in force and how often each has fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultReport {
    /// The seed of the random numbers.
    pub seed: u64,
    /// The faults, in their order.
    pub rules: Vec<FiredRule>,
}

/// A fault and how often it has fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiredRule {
    /// The fault, such as `drop@message=1%`.
    pub rule: String,
    /// How often it has fired.
    pub fired: u64,
}

impl FaultControl {
    /// Creates the faults of a server.
    pub(in crate::server) fn new(service: Service, rules: FaultRules, seed: u64) -> Self {
        let shared = Shared {
            service,
            generation: AtomicU64::new(0),
            current: Mutex::default(),
            default_seed: seed,
            sockets: Wakers::default(),
        };
        let control = Self(Arc::new(shared));
        if !rules.is_empty() {
            control.set(rules, None);
        }
        control
    }

    /// Parses faults for this server.
    ///
    /// # Errors
    /// The text is malformed, or names something that the service does not have.
    pub fn parse(&self, text: &str) -> Result<FaultRules, FaultError> {
        FaultRules::of_service(text, self.0.service)
    }

    /// Replaces the faults. The random numbers start from `seed`, or from that of the server, and the counts from 0.
    pub fn set(&self, rules: FaultRules, seed: Option<u64>) {
        let seed = seed.unwrap_or(self.0.default_seed);
        tracing::info!(faults = %rules, seed, "faults changed");
        let active = (!rules.is_empty()).then(|| Arc::new(Active::new(rules.0, seed)));
        *lock(&self.0.current) = active;
        self.0.generation.fetch_add(1, Ordering::Release);
        self.0.sockets.wake();
    }

    /// Removes all faults. Sockets that are half-open or have stalled stay so.
    pub fn clear(&self) {
        self.set(FaultRules::default(), None);
    }

    /// Returns what is in force.
    pub fn report(&self) -> FaultReport {
        let current = lock(&self.0.current).clone();
        let seed = current.as_ref().map_or(self.0.default_seed, |active| active.seed);
        let rules = current.iter().flat_map(|active| active.rules.iter().zip(&active.fired));
        let rules =
            rules.map(|(rule, fired)| FiredRule { rule: rule.to_string(), fired: fired.load(Ordering::Relaxed) });
        FaultReport { seed, rules: rules.collect() }
    }

    /// A number that changes whenever the faults change; 0 if there has never been one.
    pub(super) fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// The faults in force, if there are any.
    pub(super) fn current(&self) -> Option<Arc<Active>> {
        if self.generation() == 0 { None } else { lock(&self.0.current).clone() }
    }

    /// Adds a socket that is being opened, and returns its number; the first is 1. Whoever reads it is woken when the
    /// faults change.
    pub(super) fn add_socket(&self, reader: &Arc<AtomicWaker>) -> u64 {
        self.0.sockets.add(reader)
    }
}

impl Active {
    fn new(rules: Vec<Rule>, seed: u64) -> Self {
        let fired = rules.iter().map(|_| AtomicU64::new(0)).collect();
        Self { requests: Mutex::new(Planner::of_requests(&rules, seed)), fired, rules, seed }
    }

    /// Plans a request, and counts and logs its faults.
    pub(super) fn plan_request(&self, method: &str, path: &str) -> RequestPlan {
        let plan = lock(&self.requests).plan_request(&self.rules, method, path);
        for rule in &plan.fired {
            self.count(*rule);
            tracing::info!(fault = %self.rules[*rule], method, path, "fault applied to a request");
        }
        plan
    }

    /// Counts and logs a fault of a socket. `subject` is an event, or says that it is the whole socket.
    pub(super) fn on_socket_fault(&self, rule: usize, socket: u64, subject: &str) {
        self.count(rule);
        tracing::info!(fault = %self.rules[rule], socket, subject, "fault applied to a socket");
    }

    fn count(&self, rule: usize) {
        self.fired[rule].fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for FaultReport {
    /// One line, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rules.is_empty() {
            return f.write_str("No faults");
        }
        for (index, FiredRule { rule, fired }) in self.rules.iter().enumerate() {
            write!(f, "{}{rule} ({fired})", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
