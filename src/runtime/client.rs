//! The client: puts the loop, the terminal and the connection together.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::app::{LinkState, Options, State, layout};
use crate::config::Settings;
use crate::domain::AccountId;
use crate::net::{Connection, FeedReceiver, Target, feed};
use crate::protocol::Protocol;
use crate::protocol::minchat::MinChat;

use super::clock::{Clock, SystemClock};
use super::event_loop::{Display, EventLoop};
use super::failure::Failure;
use super::terminal::{Terminal, size};
use super::tty::Tty;
use super::{panics, signals};

/// How many signals may wait.
const SIGNALS: usize = 16;

/// How many live events may wait. A burst that is larger costs a gap, which is fetched again; this many messages
/// take the loop a few milliseconds.
const EVENTS: usize = 16_384;

/// Runs the client until the user quits.
///
/// # Errors
/// A sentence, when there never was a connection, or the terminal cannot be used.
pub fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    if !io::stdout().is_terminal() {
        return Err(Failure::usage("Standard output is not a terminal; run this in one, without a pipe.").into());
    }
    panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let last = runtime.block_on(chat(settings))?;
    match last.account.link {
        LinkState::Refused { reason }
        | LinkState::Offline { reason, .. }
        | LinkState::Connecting { reason: Some(reason) }
            if !last.account.was_online =>
        {
            Err(Failure::unreachable(reason.to_string()).into())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

async fn chat(settings: Settings) -> anyhow::Result<State> {
    let (sender, signals) = mpsc::channel(SIGNALS);
    // Before the terminal is touched: a signal that nobody listens for would leave it as it is.
    signals::forward_into(&sender)?;
    let no_terminal = |error| Failure::usage(format!("The terminal cannot be used: {error}. Run this in a terminal."));
    let mut terminal = Terminal::enter(settings.mouse).map_err(no_terminal)?;
    let seed = RandomState::new().hash_one("seed");
    let mut state = State::new(options(&settings, seed), size(), SystemClock.now());
    // The first frame is up before the network is asked for anything.
    layout(&mut state);
    terminal.draw(&state)?;
    let inputs = Tty::open(signals)?;
    let (connection, events) = connect(&settings, state.account.id, seed)?;
    let (state, terminal, connection) =
        EventLoop::new(state, terminal, connection, SystemClock).run(inputs, events).await?;
    // The user has the shell back before the farewell is said.
    drop(terminal);
    connection.close();
    Ok(state)
}

fn options(settings: &Settings, seed: u64) -> Options {
    Options {
        profile: settings.profile.clone(),
        user: settings.user.clone(),
        room: settings.room.clone(),
        url: settings.url.clone(),
        keymap: settings.keymap.clone(),
        theme: settings.theme.clone(),
        ascii: settings.ascii,
        zone: super::zone::local(),
        // Not in the configuration yet.
        call_command: Vec::new(),
        seed,
    }
}

fn connect(settings: &Settings, account: AccountId, seed: u64) -> anyhow::Result<(Connection, FeedReceiver)> {
    let (sender, receiver) = feed(account, EVENTS);
    let target = Target {
        url: settings.url.clone(),
        username: settings.user.clone(),
        name: settings.name.clone(),
        ca_file: settings.ca_file.clone(),
        seed,
    };
    let protocol: Box<dyn Protocol> = Box::new(MinChat::new(settings.api_key.reveal()));
    Ok((Connection::open(target, protocol, sender)?, receiver))
}
