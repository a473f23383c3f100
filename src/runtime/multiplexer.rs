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

/// Whether the terminal is GNU screen, which gives each format character a column. It sets `STY`; on the other side of a
/// connection that was made within it, only `TERM` tells. Some versions of tmux use the same name there.
pub(super) fn is_screen(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_named = || variable("TERM").is_some_and(|term| term.starts_with("screen"));
    variable("STY").is_some() || variable("TMUX").is_none() && is_named()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: without `STY`, as behind ssh, screen got format characters.
    #[test]
    fn screen_is_known_by_its_variable_or_its_name() {
        let table: [(&[(&str, &str)], bool); 6] = [
            (&[("TERM", "xterm-256color")], false),
            (&[("TERM", "xterm-256color"), ("STY", "1.pts")], true),
            (&[("TERM", "screen")], true),
            (&[("TERM", "screen.xterm-256color")], true),
            (&[("TERM", "screen-256color"), ("TMUX", "/tmp/x")], false),
            (&[("TERM", "tmux-256color")], false),
        ];
        for (variables, expected) in table {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(is_screen(&variable), expected, "{variables:?}");
        }
    }
}
