//! The command `load`: lets many people send messages to a sandbox and prints how long it takes.

use std::io::{self, IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::{Backend, Settings};
use crate::load::{self, LoadError, LoadPlan, LoadService, Progress};
use crate::server::{self, Limits};
use crate::text::SafeText;

use super::failure::{Failure, print_warning};
use super::open_files::allow_open_files;
use super::redact::redact_secrets_of;
use super::serve::service;

/// File descriptors besides those of the sockets.
const OTHER_FILES: usize = 256;

/// Maximum number of messages. Each takes 16 bytes of memory, and more for those who receive it.
const MAX_MESSAGES: f64 = 5e6;

/// Arguments of `load`.
#[derive(Clone)]
pub struct Load {
    /// Address of the server; `None` starts a sandbox in this process.
    pub url: Option<String>,
    /// Its API key; for V Chat, the hash key.
    pub api_key: Option<String>,
    /// The service.
    pub backend: Backend,
    /// Number of people.
    pub people: usize,
    /// Number of rooms; `None` means one for each two people.
    pub rooms: Option<usize>,
    /// Messages per second.
    pub rate: u32,
    /// Time for which messages are sent.
    pub time: Duration,
    /// Percentage of errors and missing deliveries beyond which the exit code is 1.
    pub max_errors: f64,
    /// Whether to print JSON.
    pub json: bool,
    /// Whether the server may be another one than a sandbox.
    pub owns_server: bool,
}

/// Runs a load test and prints its result. The exit code is 1 if too much went wrong.
///
/// # Errors
/// A sentence for the user, if the arguments are wrong or the server does not take part.
pub fn run_load(options: Load) -> anyhow::Result<ExitCode> {
    let rooms = options.rooms.unwrap_or(options.people / 2).max(1);
    if options.people < 2 * rooms {
        let sentence = format!("{rooms} rooms need at least {} people. Change --rooms or --people.", 2 * rooms);
        return Err(Failure::usage(sentence).into());
    }
    let messages = f64::from(options.rate) * options.time.as_secs_f64();
    if messages > MAX_MESSAGES {
        let sentence =
            format!("These are {messages:.0} messages, of at most {MAX_MESSAGES:.0}. Lower --rate or --for.");
        return Err(Failure::usage(sentence).into());
    }
    if options.url.is_some() && options.api_key.is_none() {
        return Err(Failure::usage("The server at --url needs its key. Set MINCHAT_API_KEY, or add --api-key.").into());
    }
    if let (Some(url), Some(key)) = (&options.url, &options.api_key) {
        redact_secrets_of(&Settings::new(url, key, ""));
    }
    let ends = if options.url.is_none() { 2 } else { 1 };
    if let Some(warning) = allow_open_files(load::connections(options.people) * ends + OTHER_FILES) {
        print_warning(&warning);
    }
    Builder::new_multi_thread().enable_all().build()?.block_on(run(options, rooms))
}

async fn run(options: Load, rooms: usize) -> anyhow::Result<ExitCode> {
    let own = match &options.url {
        Some(_) => None,
        None => Some(start_sandbox(&options).await?),
    };
    let url = own.as_ref().map(server::ServerHandle::url).or(options.url).unwrap_or_default();
    let key = own.as_ref().map(|own| own.api_key().to_owned()).or(options.api_key).unwrap_or_default();
    let plan = LoadPlan {
        url: url.trim_end_matches('/').to_owned(),
        key,
        service: match options.backend {
            Backend::MinChat => LoadService::MinChat,
            Backend::VChat => LoadService::VChat,
        },
        people: options.people,
        rooms,
        rate: options.rate,
        time: options.time,
        owns_server: options.owns_server,
    };
    let mut line = ProgressLine::new(options.people);
    let outcome = load::run(plan, server::random_key(), |progress| line.show(progress)).await;
    line.clear();
    if let Some(own) = own {
        own.stop().await;
    }
    let report = outcome.map_err(|error| match &error {
        LoadError::Unreachable(..) => anyhow::Error::from(Failure::unreachable(safe(&error))),
        LoadError::NoSandbox(_) | LoadError::Full(_) => Failure::usage(safe(&error)).into(),
        LoadError::Refused { .. } => anyhow::anyhow!(safe(&error)),
    })?;
    let text = if options.json { format!("{}\n", report.json()) } else { report.to_string() };
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    if report.failures() > options.max_errors {
        print_warning(&format!(
            "{:.1} % of the messages and deliveries failed, more than the {} % of --max-errors.",
            report.failures(),
            options.max_errors
        ));
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

fn safe(error: &LoadError) -> String {
    SafeText::line(&error.to_string()).to_string()
}

/// Starts a sandbox that has room for everybody.
async fn start_sandbox(options: &Load) -> anyhow::Result<server::ServerHandle> {
    let limits = Limits { connections: load::connections(options.people), ..Limits::default() };
    let options = server::Options {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        service: service(options.backend),
        api_key: options.api_key.clone().unwrap_or_else(server::random_key),
        limits,
        ..server::Options::default()
    };
    Ok(server::start(options).await?)
}

/// One line on standard error that is overwritten, if that is a terminal.
struct ProgressLine {
    people: usize,
    is_terminal: bool,
}

impl ProgressLine {
    fn new(people: usize) -> Self {
        Self { people, is_terminal: io::stderr().is_terminal() }
    }

    fn show(&mut self, progress: Progress) {
        let text = match progress {
            Progress::Connecting { connected } if connected % 50 != 0 && connected != self.people => return,
            Progress::Connecting { connected } => format!("{connected} of {} people connected", self.people),
            Progress::Sending { elapsed, sent, errors, delivery_p50, delivery_p99 } => format!(
                "{:.0} s  {sent} sent  {errors} errors  delivery p50 {delivery_p50:.1} ms  p99 {delivery_p99:.1} ms",
                elapsed.as_secs_f64()
            ),
        };
        self.write(&text);
    }

    fn clear(&mut self) {
        self.write("");
    }

    fn write(&self, text: &str) {
        if self.is_terminal {
            // If standard error is closed, nobody is left to tell.
            let _ = write!(io::stderr(), "\r\u{1b}[K{text}");
        }
    }
}
