//! The client: opens the terminal, the stores and the connections, and runs the event loop on them.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::runtime::Builder;

use crate::app::{Account, ConnectionState, Options, Size, Start, State, layout};
use crate::config::{ColorDepth, PictureProtocol, Settings};
use crate::domain::named_zone;
use crate::recording::{Header, Privacy};
use crate::text::{Pseudonyms, SafeText};
use crate::wire::Ring;

use super::account::{connect, opened_profile, places};
use super::clock::{Clock, SystemClock};
use super::configuration::Configuration;
use super::connections::Connections;
use super::control::Control;
use super::event_loop::{Display, EventLoop, Inputs, Parts, Server};
use super::failure::{Failure, print_warning};
use super::feeds::Feeds;
use super::graphics::Graphics;
#[cfg(unix)]
use super::linear::{LineInputs, LinearDisplay};
use super::multiplexer::is_screen;
use super::recorder::{Recorder, RecordingFile};
use super::redact::known_secrets;
use super::sandbox_faults::SandboxFaults;
use super::stores::Stores;
use super::temporary_file::TEMPORARY_FILES;
use super::terminal::Terminal;
use super::tty::Tty;
use super::{files, hyperlinks, panics, signals};

/// Runs the client until the user quits.
///
/// # Errors
/// A sentence for the user, if no connection could be established or the terminal cannot be used.
pub fn run(settings: Settings, configuration: Configuration) -> anyhow::Result<ExitCode> {
    run_with(settings, configuration, SandboxFaults::default())
}

/// Like [`run`], with the faults of sandboxes that were started for it.
///
/// # Errors
/// As [`run`].
pub(super) fn run_with(
    mut settings: Settings,
    configuration: Configuration,
    faults: SandboxFaults,
) -> anyhow::Result<ExitCode> {
    if !settings.linear && !io::stdout().is_terminal() {
        return Err(Failure::usage("Standard output is not a terminal; run this in one, without a pipe.").into());
    }
    if is_dumb() && !settings.linear {
        let sentence = "This terminal cannot move the cursor (TERM=dumb). Run this with --linear or set TERM.";
        return Err(Failure::usage(sentence).into());
    }
    let control = settings.control.as_deref().map(Control::open).transpose()?;
    let recording = settings.record.as_deref().map(RecordingFile::create).transpose()?;
    if recording.is_some() {
        // The terminal in which it is replayed may draw no pictures.
        settings.picture_protocol = PictureProtocol::Blocks;
    }
    let copies = Copies { recording, control };
    panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().thread_name(files::THREAD).build()?;
    let state = runtime.block_on(run_client((settings, faults), configuration, copies));
    // Does not wait for a file that is being inspected on a disk that hangs.
    runtime.shutdown_background();
    let state = state?;
    let failures: Vec<String> = state.accounts.iter().filter_map(failure).collect();
    match failures.as_slice() {
        // At least one account had something to show.
        failures if failures.len() < state.accounts.iter().count() => Ok(ExitCode::SUCCESS),
        [only] => Err(Failure::unreachable(only.clone()).into()),
        several => {
            let names = state.accounts.iter().map(|account| &account.profile.name);
            let lines: Vec<String> = names.zip(several).map(|(name, reason)| format!("{name}: {reason}")).collect();
            Err(Failure::unreachable(lines.join("\n")).into())
        }
    }
}

/// Returns why an account was never connected, unless there was something from an earlier start to show.
fn failure(account: &Account) -> Option<String> {
    match &account.connection {
        ConnectionState::Refused { reason }
        | ConnectionState::Offline { reason, .. }
        | ConnectionState::Connecting { reason: Some(reason) }
            if !account.was_online && !account.persistence.has_restored() =>
        {
            Some(reason.to_string())
        }
        _ => None,
    }
}

/// What observes the program from the outside.
struct Copies {
    recording: Option<RecordingFile>,
    control: Option<Control>,
}

/// Whether the terminal cannot move the cursor.
pub(super) fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

async fn run_client(
    (settings, faults): (Settings, SandboxFaults),
    configuration: Configuration,
    copies: Copies,
) -> anyhow::Result<State> {
    // Before the terminal is taken over: an unhandled signal would end the program without restoring it.
    let signals = signals::receive()?;
    #[cfg(unix)]
    if settings.linear {
        let no_lines = |error| Failure::usage(format!("The input cannot be read: {error}. Use a terminal or a pipe."));
        let inputs = LineInputs::open(signals).map_err(no_lines)?;
        let display = LinearDisplay::new(io::stdout());
        return Box::pin(run_on(display, inputs, (settings, faults), configuration, copies)).await;
    }
    let no_terminal = |error| Failure::usage(format!("The terminal cannot be used: {error}. Run this in a terminal."));
    let mut terminal =
        Terminal::enter(settings.mouse, hyperlinks::are_used(settings.hyperlinks)).map_err(no_terminal)?;
    terminal.set_pictures(settings.picture_protocol);
    if Graphics::depend_on_version(settings.picture_protocol) {
        terminal.ask_for_version()?;
    }
    // The Linux console and other terminals with few colors may show the query as text.
    if settings.theme_follows_background && settings.colors != ColorDepth::Sixteen {
        terminal.ask_for_background()?;
    }
    let inputs = Tty::open(signals, settings.escape_time)?;
    Box::pin(run_on(terminal, inputs, (settings, faults), configuration, copies)).await
}

/// Runs the client on a display and a source of inputs.
async fn run_on(
    mut display: impl Display,
    inputs: impl Inputs,
    (settings, faults): (Settings, SandboxFaults),
    configuration: Configuration,
    copies: Copies,
) -> anyhow::Result<State> {
    let seed = RandomState::new().hash_one("seed");
    let start = start(&settings, display.size(), seed);
    let pseudonyms = Pseudonyms::new(RandomState::new().hash_one("names"));
    let Copies { recording, control } = copies;
    let recorder = recording
        .map(|file| record(file, &start, settings.record_names_hidden.then(|| pseudonyms.clone())))
        .transpose()?;
    let failure = recorder.as_ref().map(Recorder::failure);
    let mut state = start.state();
    // The first frame is drawn before the disk and the network are used.
    layout(&mut state);
    display.draw(&state)?;
    let (mut stores, mut connections, mut feeds) = (Stores::default(), Connections::default(), Feeds::default());
    let (ring, mut files_of) = (Arc::<Ring>::default(), Vec::new());
    for (account, settings) in state.accounts.ids().into_iter().zip(settings.profiles()) {
        let (location, files) = places(settings);
        let (connection, events) = connect(settings, account, location.as_ref(), seed, Some(Arc::clone(&ring)))?;
        stores.open(account, location, Arc::clone(&files.pictures));
        connections.add(account, connection);
        feeds.add(events);
        files_of.push((account, files));
    }
    let parts = Parts {
        stores,
        wire: Some(ring),
        files: files_of,
        picture_protocol: settings.picture_protocol,
        demo_profiles: if configuration.is_demo() { settings.profiles().cloned().collect() } else { Vec::new() },
        // Those with a single profile have nothing to choose from at the next start, unless they add one.
        remembers_profiles: settings.known_profiles.len() > 1 && !settings.is_for_this_start,
        secret_variables: settings.secret_variables,
        configuration: Some(configuration),
        sandbox_faults: faults,
        data_dir: settings.general_data_dir.filter(|_| !settings.is_one_off),
        pseudonyms,
        recorder,
        control,
    };
    let event_loop = EventLoop::new(state, display, connections, SystemClock, parts);
    let ended = event_loop.run(inputs, feeds).await.inspect_err(|_| TEMPORARY_FILES.remove());
    let (state, display, connections, stores) = ended?;
    // The terminal is restored first, because the last writes and the end of the connection may take seconds.
    drop(display);
    if let Some(reason) = failure.and_then(|failure| failure.take()) {
        print_warning(&format!("The end of the recording could not be written: {reason}."));
    }
    drop(stores);
    connections.close();
    TEMPORARY_FILES.remove();
    Ok(state)
}

/// Returns everything from which the initial state follows.
fn start(settings: &Settings, size: Size, seed: u64) -> Start {
    // Without file and line, which would leave no space on the status line. The shell and `config check` show them.
    let notice = settings.warnings.first().map(|warning| format!("Warning: {}", SafeText::line(&warning.sentence)));
    Start {
        at: SystemClock.now(),
        size,
        seed,
        mouse: settings.mouse,
        options: options(settings),
        profile: opened_profile(settings),
        others: settings.others.iter().map(opened_profile).collect(),
        shown: settings.shown,
        side_by_side: settings.side_by_side,
        notice,
    }
}

/// Starts a recording.
fn record(file: RecordingFile, start: &Start, names: Option<Pseudonyms>) -> io::Result<Recorder> {
    let mut header = Header::new(start.clone(), names.is_some());
    let options = &mut header.start.options;
    for zone in [&mut options.local_zone, &mut options.times.zone] {
        *zone = named_zone(zone, start.at);
    }
    Recorder::start(file, &header, Privacy { secrets: Box::new(known_secrets), names })
}

pub(super) fn options(settings: &Settings) -> Options {
    let mut options = Options {
        isolates: !is_screen(&|name| std::env::var(name).ok()),
        local_zone: super::timezone::local(),
        linear: settings.linear,
        ..Options::new(settings.keymap.clone(), settings.theme.clone())
    };
    options.apply(settings);
    options
}
