//! The client: opens the terminal, the stores and the connection, and runs the event loop on them.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::app::{ConnectionState, Options, PersistenceState, Profile, State, layout};
use crate::config::{Backend, ColorDepth, Settings};
use crate::domain::{AccountId, Capabilities};
use crate::net::{Connection, FeedReceiver, Target, feed};
use crate::protocol::Protocol;
use crate::protocol::minchat::MinChat;
use crate::protocol::vchat::{Credentials, VChat};
use crate::store::StoreLocation;
use crate::text::SafeText;

use super::clock::{Clock, SystemClock};
use super::configuration::Configuration;
use super::connections::Connections;
use super::event_loop::{Display, EventLoop};
use super::failure::Failure;
use super::feeds::Feeds;
use super::session_secrets::SessionSecrets;
use super::stores::{Stores, location_of};
use super::terminal::{Terminal, size};
use super::tty::Tty;
use super::{files, hyperlinks, panics, signals};

/// Capacity of the signal queue.
const SIGNAL_CAPACITY: usize = 16;

/// Capacity of the queue of server events. A larger burst is dropped and fetched again as a gap. The loop handles this
/// many messages within a few milliseconds.
const FEED_CAPACITY: usize = 16_384;

/// Runs the client until the user quits.
///
/// # Errors
/// A sentence for the user, if no connection could be established or the terminal cannot be used.
pub fn run(settings: Settings, configuration: Configuration) -> anyhow::Result<ExitCode> {
    if !io::stdout().is_terminal() {
        return Err(Failure::usage("Standard output is not a terminal; run this in one, without a pipe.").into());
    }
    if is_dumb() {
        let sentence = "This terminal cannot move the cursor (TERM=dumb). Run this in another terminal, or set TERM.";
        return Err(Failure::usage(sentence).into());
    }
    panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().thread_name(files::THREAD).build()?;
    let state = runtime.block_on(run_client(settings, configuration));
    // Does not wait for a file that is being inspected on a disk that hangs.
    runtime.shutdown_background();
    let state = state?;
    let account = state.account();
    match &account.connection {
        ConnectionState::Refused { reason }
        | ConnectionState::Offline { reason, .. }
        | ConnectionState::Connecting { reason: Some(reason) }
            if !account.was_online && !account.persistence.has_restored() =>
        {
            Err(Failure::unreachable(reason.to_string()).into())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Whether the terminal cannot move the cursor.
pub(super) fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

async fn run_client(settings: Settings, configuration: Configuration) -> anyhow::Result<State> {
    let (sender, signals) = mpsc::channel(SIGNAL_CAPACITY);
    // Before the terminal is taken over: an unhandled signal would end the program without restoring it.
    signals::forward_into(&sender)?;
    let no_terminal = |error| Failure::usage(format!("The terminal cannot be used: {error}. Run this in a terminal."));
    let mut terminal =
        Terminal::enter(settings.mouse, hyperlinks::are_used(settings.hyperlinks)).map_err(no_terminal)?;
    let seed = RandomState::new().hash_one("seed");
    let mut state = State::new(options(&settings), profile(&settings), size(), SystemClock.now(), seed);
    state.ui.mouse = settings.mouse;
    let location = location_of(&settings);
    if location.is_some() {
        let account = state.account_mut();
        account.persistence = PersistenceState::on_disk();
        // Stored messages can be edited before there is a connection; the change is queued.
        account.capabilities = Some(capabilities(settings.backend));
    }
    if let Some(warning) = settings.warnings.first() {
        // Without file and line, which would leave no space on the status line. The shell and `config check` show them.
        state.notify_at_start(format!("Warning: {}", SafeText::line(&warning.sentence)));
    }
    terminal.set_notifications(settings.notifications.desktop);
    // The first frame is drawn before the disk and the network are used.
    layout(&mut state);
    terminal.draw(&state)?;
    // The Linux console and other terminals with few colors may show the query as text.
    if settings.light_theme.is_some() && settings.colors != ColorDepth::Sixteen {
        terminal.ask_for_background()?;
    }
    let account = state.account().id;
    let protocol = protocol(&settings, location.as_ref(), seed);
    let protocol = Box::new(SessionSecrets::register(account, protocol));
    let mut stores = Stores::default();
    let paste_folder = location.as_ref().map(|location| location.file.with_extension("pastes"));
    let picture_folder = location.as_ref().map(|location| location.file.with_extension("pictures"));
    stores.open(account, location);
    let inputs = Tty::open(signals, settings.escape_time)?;
    let (connection, events) = connect(&settings, protocol, account, seed)?;
    let mut connections = Connections::default();
    connections.add(account, connection);
    let event_loop = EventLoop::new(state, terminal, connections, SystemClock).with_stores(stores);
    let event_loop = event_loop.with_secret_variables(settings.secret_variables).with_paste_folder(paste_folder);
    let event_loop = event_loop.with_ca_file(settings.ca_file.clone()).with_pictures(picture_folder, settings.ca_file);
    let event_loop = event_loop.with_configuration(configuration);
    let (state, terminal, connections, stores) = event_loop.run(inputs, Feeds::from(events)).await?;
    // The terminal is restored first, because the last writes and the end of the connection may take seconds.
    drop(terminal);
    drop(stores);
    connections.close();
    Ok(state)
}

fn profile(settings: &Settings) -> Profile {
    Profile {
        name: settings.profile.clone(),
        user: settings.user.clone(),
        url: settings.url.clone(),
        room: settings.room.clone(),
        sets_name: settings.name.is_some(),
        seen: settings.seen,
        hides_typing: !settings.typing,
        notifications: settings.notifications.clone(),
    }
}

pub(super) fn options(settings: &Settings) -> Options {
    let mut options = Options {
        // GNU screen sets STY.
        isolates: std::env::var_os("STY").is_none(),
        local_zone: super::timezone::local(),
        ..Options::default()
    };
    options.apply(settings);
    options
}

pub(super) fn connect(
    settings: &Settings,
    protocol: Box<dyn Protocol>,
    account: AccountId,
    seed: u64,
) -> anyhow::Result<(Connection, FeedReceiver)> {
    let (sender, receiver) = feed(account, FEED_CAPACITY);
    let target = Target {
        url: settings.url.clone(),
        username: settings.user.clone(),
        name: settings.name.clone(),
        ca_file: settings.ca_file.clone(),
        seed,
    };
    Ok((Connection::open(target, protocol, sender)?, receiver))
}

/// Returns the capabilities of a back end, which are known before its adapter exists.
fn capabilities(backend: Backend) -> Capabilities {
    match backend {
        Backend::MinChat => MinChat::CAPABILITIES,
        Backend::VChat => VChat::CAPABILITIES,
    }
}

/// Creates the adapter for the back end. Only this function and [`capabilities`] distinguish the back ends.
pub(super) fn protocol(settings: &Settings, location: Option<&StoreLocation>, seed: u64) -> Box<dyn Protocol> {
    match settings.backend {
        Backend::MinChat => Box::new(MinChat::new(settings.api_key.reveal())),
        Backend::VChat => {
            let credentials = match &settings.token {
                Some(token) => Credentials::Token(token.reveal().to_owned()),
                None => Credentials::HashKey(settings.api_key.reveal().to_owned()),
            };
            Box::new(VChat::new(credentials, device_id(location, seed)))
        }
    }
}

/// Returns the id by which the server knows this device: the same at every start, or a new one if nothing is stored.
fn device_id(location: Option<&StoreLocation>, seed: u64) -> String {
    let bits = fastrand::Rng::with_seed(seed).u128(..);
    let new = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string();
    let Some(location) = location else { return new };
    location.device_id(&new).unwrap_or_else(|error| {
        tracing::warn!(%error, "the id of this device cannot be stored");
        new
    })
}
