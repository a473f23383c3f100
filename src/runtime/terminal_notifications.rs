//! Desktop notifications through the terminal: which sequence it understands, and how a notification is written in it.
//!
//! There is no query for them, and a terminal that does not know a sequence may show it as garbage. They are therefore
//! only used in terminals that identify themselves and are known to show them.

use crate::app::{Notification, NotificationId};
use crate::config::DesktopNotifications;
use crate::text::SafeText;

use super::multiplexer::Route;

/// Programs that set `TERM_PROGRAM`, and the sequence that they understand.
const PROGRAMS: &[(&str, Sequence)] = &[
    ("WezTerm", Sequence::Osc777),
    ("ghostty", Sequence::Osc777),
    ("contour", Sequence::Osc777),
    ("rio", Sequence::Osc9),
    ("iTerm.app", Sequence::Osc9),
    ("WarpTerminal", Sequence::Osc777),
];

/// Values of `TERM` that only certain terminals have, or their beginning.
const TERMS: &[(&str, Sequence)] = &[
    ("xterm-kitty", Sequence::Osc99),
    ("foot", Sequence::Osc777),
    ("xterm-ghostty", Sequence::Osc777),
    ("wezterm", Sequence::Osc777),
    ("rxvt-unicode", Sequence::Osc777),
    ("contour", Sequence::Osc777),
];

/// Variables of certain terminals that programs within a multiplexer inherit.
const INHERITED: &[(&str, Sequence)] = &[
    ("KITTY_WINDOW_ID", Sequence::Osc99),
    ("WEZTERM_PANE", Sequence::Osc777),
    ("GHOSTTY_RESOURCES_DIR", Sequence::Osc777),
    ("ITERM_SESSION_ID", Sequence::Osc9),
];

/// A sequence for notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    /// A text only.
    Osc9,
    /// The protocol of kitty, with ids.
    Osc99,
    /// A title and a text.
    Osc777,
}

/// Writes notifications for one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TerminalNotifier {
    sequence: Sequence,
    route: Route,
    /// Tells the notifications of this process from those of others in the same terminal.
    process: u32,
}

impl TerminalNotifier {
    /// Returns the notifier for the setting and the terminal; `None` if there are no notifications through it.
    pub(super) fn choose(setting: DesktopNotifications) -> Option<Self> {
        choose(setting, &|name| std::env::var(name).ok()).map(|(sequence, route)| Self {
            sequence,
            route,
            process: std::process::id(),
        })
    }

    /// Returns what shows a notification.
    pub(super) fn show(self, notification: &Notification) -> String {
        let title = safe(&notification.title);
        let body = safe(&notification.body);
        match self.sequence {
            Sequence::Osc9 => {
                let text = if body.is_empty() { title } else { format!("{title}: {body}") };
                // A number at the beginning would select another function of this sequence.
                let mark = if text.starts_with(|c: char| c.is_ascii_digit()) { "· " } else { "" };
                self.route.wrap(&format!("\x1b]9;{mark}{text}\x1b\\"))
            }
            Sequence::Osc99 => {
                let id = self.id(notification.id);
                let urgency = if notification.is_urgent { 2 } else { 1 };
                let is_done = u8::from(body.is_empty());
                // With `o=unfocused`, kitty would hide those of rooms that are not in view.
                let mut out = self.route.wrap(&format!("\x1b]99;i={id}:d={is_done}:u={urgency}:p=title;{title}\x1b\\"));
                if !body.is_empty() {
                    out.push_str(&self.route.wrap(&format!("\x1b]99;i={id}:d=1:p=body;{body}\x1b\\")));
                }
                out
            }
            Sequence::Osc777 => {
                // A semicolon ends the title.
                let title = title.replace(';', ",");
                self.route.wrap(&format!("\x1b]777;notify;{title};{body}\x1b\\"))
            }
        }
    }

    /// Returns what withdraws a notification; `None` if the sequence cannot.
    pub(super) fn withdraw(self, id: NotificationId) -> Option<String> {
        let close = || self.route.wrap(&format!("\x1b]99;i={}:p=close;\x1b\\", self.id(id)));
        (self.sequence == Sequence::Osc99).then(close)
    }

    fn id(self, NotificationId { account, number }: NotificationId) -> String {
        format!("minchat-{}-{}-{number}", self.process, account.0)
    }
}

/// The texts are sanitised already; nothing that reaches the terminal relies on that.
fn safe(text: &str) -> String {
    SafeText::line(text).as_str().to_owned()
}

fn choose(setting: DesktopNotifications, variable: &dyn Fn(&str) -> Option<String>) -> Option<(Sequence, Route)> {
    let text = |name| variable(name).unwrap_or_default();
    let (term, program) = (text("TERM"), text("TERM_PROGRAM"));
    let sequence = match setting {
        DesktopNotifications::Osc9 => Some(Sequence::Osc9),
        DesktopNotifications::Osc99 => Some(Sequence::Osc99),
        DesktopNotifications::Osc777 => Some(Sequence::Osc777),
        DesktopNotifications::Off | DesktopNotifications::System => None,
        // zellij passes nothing on.
        DesktopNotifications::Auto if variable("ZELLIJ").is_some() => None,
        DesktopNotifications::Auto => {
            let by_program = PROGRAMS.iter().find(|(known, _)| *known == program);
            let by_term = TERMS.iter().find(|(known, _)| term.starts_with(known));
            let inherited = INHERITED.iter().find(|(name, _)| variable(name).is_some());
            by_program.or(by_term).or(inherited).map(|(_, sequence)| *sequence)
        }
    };
    sequence.map(|sequence| (sequence, Route::choose(variable)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;

    fn notifier(sequence: Sequence, route: Route) -> TerminalNotifier {
        TerminalNotifier { sequence, route, process: 7 }
    }

    fn notification(title: &str, body: &str) -> Notification {
        let id = NotificationId { account: AccountId(1), number: 3 };
        Notification {
            id,
            title: title.to_owned(),
            body: body.to_owned(),
            is_urgent: false,
            channel: DesktopNotifications::Auto,
        }
    }

    #[test]
    fn only_known_terminals_get_a_sequence() {
        for (variables, expected) in [
            (&[("TERM", "xterm-256color")][..], None),
            (&[("TERM", "linux")], None),
            (&[("TERM", "xterm-kitty")], Some((Sequence::Osc99, Route::Direct))),
            (&[("TERM", "foot-extra")], Some((Sequence::Osc777, Route::Direct))),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Some((Sequence::Osc9, Route::Direct))),
            (&[("TERM", "tmux-256color"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux")], None),
            (
                &[("TERM", "tmux-256color"), ("TMUX", "x"), ("KITTY_WINDOW_ID", "1")],
                Some((Sequence::Osc99, Route::Tmux)),
            ),
            (&[("TERM", "screen"), ("STY", "x"), ("WEZTERM_PANE", "0")], Some((Sequence::Osc777, Route::Screen))),
            (&[("TERM", "xterm-kitty"), ("ZELLIJ", "0")], None),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(choose(DesktopNotifications::Auto, &variable), expected, "{variables:?}");
            assert_eq!(choose(DesktopNotifications::Off, &variable), None);
            assert!(choose(DesktopNotifications::Osc9, &variable).is_some(), "the user knows better");
        }
    }

    #[test]
    fn each_sequence_has_its_own_form() {
        let shown = |sequence| notifier(sequence, Route::Direct).show(&notification("Ann; in Team", "a;b"));
        assert_eq!(shown(Sequence::Osc9), "\x1b]9;Ann; in Team: a;b\x1b\\");
        assert_eq!(shown(Sequence::Osc777), "\x1b]777;notify;Ann, in Team;a;b\x1b\\");
        assert_eq!(
            shown(Sequence::Osc99),
            "\x1b]99;i=minchat-7-1-3:d=0:u=1:p=title;Ann; in Team\x1b\\\x1b]99;i=minchat-7-1-3:d=1:p=body;a;b\x1b\\"
        );
        let id = NotificationId { account: AccountId(1), number: 3 };
        let withdrawn = |sequence| notifier(sequence, Route::Direct).withdraw(id);
        assert_eq!(withdrawn(Sequence::Osc99).as_deref(), Some("\x1b]99;i=minchat-7-1-3:p=close;\x1b\\"));
        assert_eq!((withdrawn(Sequence::Osc9), withdrawn(Sequence::Osc777)), (None, None));
    }

    /// A name such as `4;1;50` would show a progress bar.
    #[test]
    fn text_never_selects_another_function() {
        let shown = notifier(Sequence::Osc9, Route::Direct).show(&notification("4;1;50", ""));
        assert_eq!(shown, "\x1b]9;· 4;1;50\x1b\\");
    }

    #[test]
    fn multiplexers_pass_the_sequence_on() {
        let shown = |route| notifier(Sequence::Osc9, route).show(&notification("Ann", "hi"));
        assert_eq!(shown(Route::Tmux), "\x1bPtmux;\x1b\x1b]9;Ann: hi\x1b\x1b\\\x1b\\");
        assert_eq!(shown(Route::Screen), "\x1bP\x1b]9;Ann: hi\x07\x1b\\");
    }

    #[test]
    fn texts_cannot_end_the_sequence() {
        for sequence in [Sequence::Osc9, Sequence::Osc99, Sequence::Osc777] {
            let hostile = notification("a\x1b\\\x07\u{9c}\u{9d}b", "c\nd\x1b]52;c;x\x07");
            let shown = notifier(sequence, Route::Direct).show(&hostile);
            let inside = shown.replace("\x1b\\\x1b]99", "").replace("\x1b]", "").replace("\x1b\\", "");
            assert!(!inside.chars().any(char::is_control), "{shown:?}");
        }
    }
}
