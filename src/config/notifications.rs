//! Settings for notifications: about what, through which channels, and when not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::NotifyLevel;

use super::options::{BELL, NOTIFY, NOTIFY_COMMAND, NOTIFY_CONTENT, NOTIFY_DESKTOP, QUIET_HOURS, WINDOW_TITLE};
use super::resolver::Resolver;

/// How an account notifies the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationRules {
    /// About which messages, in rooms without a level of their own.
    pub level: NotifyLevel,
    /// What a notification shows.
    pub content: NotifyContent,
    /// How notifications reach the desktop.
    pub desktop: DesktopNotifications,
    /// Program and arguments that get each notification as JSON on standard input; empty if there is none.
    pub command: Vec<String>,
    /// Whether the terminal rings.
    pub bell: bool,
    /// When there are no notifications.
    pub quiet_hours: Option<QuietHours>,
}

impl Default for NotificationRules {
    /// No notifications, as for an account that nobody has configured.
    fn default() -> Self {
        Self {
            level: NotifyLevel::None,
            content: NotifyContent::Full,
            desktop: DesktopNotifications::Off,
            command: Vec::new(),
            bell: false,
            quiet_hours: None,
        }
    }
}

/// What a notification shows to everybody who sees the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotifyContent {
    /// The sender, the room and the text.
    Full,
    /// The sender and the room.
    Sender,
    /// Only that there is a message.
    None,
}

/// How notifications reach the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DesktopNotifications {
    /// Through the terminal, if it is known to show them.
    Auto,
    /// Through the terminal with OSC 9: a text only (iTerm2).
    Osc9,
    /// Through the terminal with OSC 99: they can be withdrawn (kitty).
    Osc99,
    /// Through the terminal with OSC 777: a title and a text (urxvt).
    Osc777,
    /// Through the notification service of the system.
    System,
    /// Not at all.
    Off,
}

/// A span of the day, which may include midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// First minute, counted from midnight.
    from: u16,
    /// First minute after the end.
    until: u16,
}

impl QuietHours {
    /// Whether a minute of the day, counted from midnight, is in the span.
    pub fn include(self, minute: u16) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

impl FromStr for QuietHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minute = |time: &str| {
            let (hour, minute) = time.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let span = text.split_once('-').and_then(|(from, until)| Some((minute(from)?, minute(until)?)));
        match span {
            Some((from, until)) if from != until => Ok(Self { from, until }),
            _ => Err("The quiet hours are not a span of time. Write them like 22:00-07:30.".to_owned()),
        }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

impl Resolver<'_> {
    /// Resolves how the user is notified.
    pub(super) fn notifications(&mut self) -> NotificationRules {
        NotificationRules {
            level: NotifyLevel::by_name(&self.choice(NOTIFY, "mentions")).unwrap_or(NotifyLevel::Mentions),
            content: match self.choice(NOTIFY_CONTENT, "full").as_str() {
                "sender" => NotifyContent::Sender,
                "none" => NotifyContent::None,
                _ => NotifyContent::Full,
            },
            desktop: match self.choice(NOTIFY_DESKTOP, "auto").as_str() {
                "osc9" => DesktopNotifications::Osc9,
                "osc99" => DesktopNotifications::Osc99,
                "osc777" => DesktopNotifications::Osc777,
                "system" => DesktopNotifications::System,
                "off" => DesktopNotifications::Off,
                _ => DesktopNotifications::Auto,
            },
            command: self.command(NOTIFY_COMMAND).unwrap_or_default(),
            bell: self.switch(BELL, true),
            quiet_hours: self.quiet_hours(),
        }
    }

    /// Resolves whether the title of the window shows what is unread.
    pub(super) fn window_title(&mut self) -> bool {
        self.switch(WINDOW_TITLE, true)
    }

    fn quiet_hours(&mut self) -> Option<QuietHours> {
        let found = self.lookup(QUIET_HOURS)?;
        self.checked(QUIET_HOURS, &found.source, found.text().parse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_include_midnight() {
        let night: QuietHours = "22:00-07:30".parse().unwrap();
        let quiet = |hour: u16, minute: u16| night.include(hour * 60 + minute);
        assert!(quiet(22, 0) && quiet(0, 0) && quiet(7, 29));
        assert!(!quiet(21, 59) && !quiet(7, 30) && !quiet(12, 0));
        let noon: QuietHours = " 12:00 - 13:05 ".parse().unwrap();
        assert!(noon.include(12 * 60) && noon.include(13 * 60 + 4) && !noon.include(13 * 60 + 5));
        assert_eq!((night.to_string(), noon.to_string()), ("22:00-07:30".to_owned(), "12:00-13:05".to_owned()));
    }

    #[test]
    fn malformed_quiet_hours_are_refused() {
        for text in ["", "22-7", "22:00", "24:00-07:00", "22:60-07:00", "22:00-22:00", "a:b-c:d"] {
            assert!(text.parse::<QuietHours>().is_err(), "{text}");
        }
    }
}
