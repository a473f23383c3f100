//! Ways for sequences to the terminal through the multiplexer in which the program runs.

/// How sequences reach the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// As they are.
    Direct,
    /// Through tmux, which passes them on if its option `allow-passthrough` is on, and drops them otherwise.
    Tmux,
    /// Through GNU screen.
    Screen,
}

impl Route {
    /// Returns the route for the environment `variable`.
    pub(super) fn choose(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        if variable("TMUX").is_some() {
            Self::Tmux
        } else if variable("STY").is_some() {
            Self::Screen
        } else {
            Self::Direct
        }
    }

    /// Wraps a sequence so that it reaches the terminal.
    pub(super) fn wrap(self, sequence: &str) -> String {
        match self {
            Self::Direct => sequence.to_owned(),
            Self::Tmux => format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
            // Screen ends its own sequence at the first terminator, so the inner one ends with BEL.
            Self::Screen => format!("\x1bP{}\x1b\\", sequence.replace("\x1b\\", "\x07")),
        }
    }
}
