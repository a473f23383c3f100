//! Whether the terminal supports hyperlinks (OSC 8).
//!
//! There is no query for it, and terminals that do not know the sequence may show it as garbage. Hyperlinks are therefore
//! only used in terminals that identify themselves and are known to support them.

use crate::config::Hyperlinks;

/// Programs that set `TERM_PROGRAM` and support hyperlinks.
const PROGRAMS: &[&str] =
    &["WezTerm", "iTerm.app", "ghostty", "vscode", "Hyper", "rio", "Tabby", "WarpTerminal", "mintty", "contour"];

/// Values of `TERM` that only terminals with hyperlinks have, or their beginning.
const TERMS: &[&str] = &["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour", "rio"];

/// First version of libvte that supports hyperlinks safely, as in `VTE_VERSION`.
const VTE: u32 = 5_000;

/// First version of Konsole that supports hyperlinks, as in `KONSOLE_VERSION`.
const KONSOLE: u32 = 201_200;

/// First version of tmux that supports hyperlinks, and withholds them from terminals that do not.
const TMUX: (u32, u32) = (3, 4);

/// Whether hyperlinks are written to the terminal.
pub(super) fn are_used(setting: Hyperlinks) -> bool {
    match setting {
        Hyperlinks::On => true,
        Hyperlinks::Off => false,
        Hyperlinks::Auto => are_supported(&|name| std::env::var(name).ok()),
    }
}

fn are_supported(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let text = |name| variable(name).unwrap_or_default();
    let number = |name| text(name).parse::<u32>().unwrap_or(0);
    let (term, program) = (text("TERM"), text("TERM_PROGRAM"));
    if program == "tmux" {
        return version(&text("TERM_PROGRAM_VERSION")) >= TMUX;
    }
    // Within a multiplexer the variables of the terminal outside say nothing.
    let is_multiplexed = ["STY", "TMUX", "ZELLIJ"].into_iter().any(|name| variable(name).is_some());
    if is_multiplexed || ["dumb", "linux", ""].contains(&term.as_str()) || term.starts_with("screen") {
        return false;
    }
    PROGRAMS.contains(&program.as_str())
        || TERMS.iter().any(|known| term.starts_with(known))
        || ["KITTY_WINDOW_ID", "WT_SESSION", "DOMTERM"].into_iter().any(|name| variable(name).is_some())
        || number("VTE_VERSION") >= VTE
        || number("KONSOLE_VERSION") >= KONSOLE
}

/// Reads a version such as `3.4a`.
fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_terminals_get_hyperlinks() {
        for (variables, expected) in [
            (&[][..], false),
            (&[("TERM", "xterm-256color")], false),
            (&[("TERM", "xterm-kitty")], true),
            (&[("TERM", "foot-extra")], true),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], true),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], false),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "4999")], false),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7802")], true),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "x")], true),
            (&[("TERM", "dumb"), ("VTE_VERSION", "7802")], false),
            (&[("TERM", "linux"), ("KITTY_WINDOW_ID", "1")], false),
            (&[("TERM", "screen-256color"), ("TMUX", "x"), ("VTE_VERSION", "7802")], false),
            (&[("TERM", "xterm-256color"), ("STY", "x"), ("VTE_VERSION", "7802")], false),
            (
                &[("TERM", "tmux-256color"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.3a")],
                false,
            ),
            (
                &[("TERM", "tmux-256color"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.4")],
                true,
            ),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(are_supported(&variable), expected, "{variables:?}");
        }
    }
}
