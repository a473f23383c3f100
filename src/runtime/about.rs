//! Facts for a bug report: versions, the terminal and the state of the connections.

use std::env;
use std::fmt::Write;

use crate::app::{ConnectionState, State, Terminal};

/// Environment variables by which terminals and multiplexers can be told apart, and the locale.
const VARIABLES: [&str; 11] = [
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "VTE_VERSION",
    "KONSOLE_VERSION",
    "TMUX",
    "STY",
    "SSH_TTY",
    "LANG",
    "LC_ALL",
];

/// Returns lines with these facts.
pub(super) fn about(state: &State) -> String {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let mut text = format!("minchat-tui {} ({build})\n", env!("CARGO_PKG_VERSION"));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "system {} {}", env::consts::OS, env::consts::ARCH);
    let Terminal { mouse, focused, background, size, .. } = &state.terminal;
    let _ = writeln!(text, "terminal {}x{}, mouse {mouse}, focused {focused}", size.width, size.height);
    let _ = writeln!(text, "background {background:?}, colors {:?}", state.options.colors);
    for name in VARIABLES {
        let value = env::var(name).ok();
        let _ = writeln!(text, "{name} {}", value.as_deref().map_or("-", |value| shown(name, value)));
    }
    for account in state.accounts.iter() {
        let service = account.capabilities.map_or("not signed in", |can| can.name);
        let connection = match &account.connection {
            ConnectionState::Online => "online".to_owned(),
            other => format!("{other:?}"),
        };
        let (rooms, queued) = (account.rooms.iter().count(), account.outbox.len());
        let name = &account.profile.name;
        let _ = writeln!(text, "profile {name}: {service}, {connection}, {rooms} rooms, {queued} queued messages");
    }
    text
}

/// Returns what is shown of a variable. Only whether it is set matters for those that hold a path, and for that of GNU
/// screen, which holds the name of the computer.
fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    if name == "STY" || value.contains('/') { "set" } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_tell_neither_paths_nor_the_computer() {
        assert_eq!(shown("STY", "4711.pts-0.laptop-of-alice"), "set");
        assert_eq!(shown("TMUX", "/tmp/tmux-1000/default,1,0"), "set");
        assert_eq!(shown("TERM", "xterm-256color"), "xterm-256color");
    }
}
