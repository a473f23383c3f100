//! People and their presence.

use serde::{Deserialize, Serialize};

use crate::text::{SafeText, clip, has_ink, imitates_mark, is_reserved, look_alike_key, tidy_name, width};

use super::ids::PersonId;
use super::time::{MINUTE, Timestamp};

/// Milliseconds for which a heartbeat counts as online. Heartbeats repeat every five minutes; one more minute allows
/// for a slow network (`docs/protocol/minchat.md` §4).
const HEARTBEAT_VALIDITY: i64 = 6 * MINUTE;

/// Milliseconds for which any activity counts as online. The official client shows "Active now" for the same time
/// (`docs/protocol/minchat.md` §6).
const ACTIVITY_VALIDITY: i64 = MINUTE;

/// Maximum width of a user name in the mark of a look-alike, in cells.
const MARK_CELLS: usize = 32;

/// Maximum width of the beginning of a user name before the end of the id.
const SHORT_MARK_CELLS: usize = 20;

/// Number of characters of an id that tell two people apart whose user names look alike.
const ID_CHARACTERS: usize = 6;

/// Person as a server reports them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInfo {
    /// Server-assigned id.
    pub id: PersonId,
    /// User name, unique per API key; identifies the person when opening direct messages and adding members.
    pub username: SafeText,
    /// Display name.
    pub name: SafeText,
    /// Time of the last activity, if the server reports it.
    pub last_active: Option<Timestamp>,
    /// Whether this is an AI agent, which is always online (`docs/protocol/minchat.md` §6).
    pub agent: bool,
}

impl PersonInfo {
    /// Creates a person of whom only the id is known.
    pub fn new(id: PersonId) -> Self {
        Self { id, username: SafeText::default(), name: SafeText::default(), last_active: None, agent: false }
    }

    /// Returns the person with a visible name, without blanks that push something off the screen. A blank name would
    /// make their messages look like those of the previous author, so it is replaced by the user name or the id.
    #[must_use]
    pub fn with_visible_name(self) -> Self {
        if !self.name.is_empty() && tidy_name(&self.name) == *self.name {
            return self;
        }
        let name = [&*self.name, &*self.username].map(tidy_name).into_iter().find(|name| !name.is_empty());
        let name = SafeText::line(&name.unwrap_or_else(|| self.id.as_str().into()));
        Self { name, ..self }
    }

    /// Returns what tells the person apart from those with a similar name: `@` and the user name. If that is missing,
    /// too long, or, as `is_shared` says, looks like somebody else's, with its other letters as numbers and the end of
    /// the id.
    pub fn mark(&self, is_shared: bool) -> String {
        let username = tidy_name(&self.username);
        if !is_shared && !username.is_empty() && width(&username) <= MARK_CELLS {
            return format!("@{username}");
        }
        let number = |c: char| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
        let username: String = username.chars().map(number).collect();
        let id = SafeText::line(self.id.as_str());
        let start = id.char_indices().rev().nth(ID_CHARACTERS - 1).map_or(0, |(start, _)| start);
        let end_of_id = id.get(start..).unwrap_or(&id);
        match clip(&username, SHORT_MARK_CELLS) {
            username if username.is_empty() => format!("@#{end_of_id}"),
            username => format!("@{username} #{end_of_id}"),
        }
    }
}

/// Person with presence, as known to the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The latest report of the server.
    pub info: PersonInfo,
    keys: LookAlikeKeys,
    /// What follows the name, if somebody else has one that looks the same.
    mark: Option<Box<str>>,
    /// When the latest heartbeat expires.
    online_until: Option<Timestamp>,
}

/// Numbers that are equal for people who may be confused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookAlikeKeys {
    /// Of the name.
    pub name: u64,
    /// Of the user name, if there is one.
    pub username: Option<u64>,
}

impl LookAlikeKeys {
    /// Returns the keys of a person.
    pub fn of(info: &PersonInfo) -> Self {
        let username = Some(&info.username).filter(|username| has_ink(username));
        Self { name: look_alike_key(&info.name), username: username.map(|username| look_alike_key(username)) }
    }
}

/// Presence of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Online, or active within the last minute.
    Online,
    /// Offline, and last online at this time.
    LastSeen(Timestamp),
    /// Never reported by the server.
    Unknown,
}

impl Person {
    /// Creates a person of whom only `info` is known.
    pub fn new(info: PersonInfo) -> Self {
        Self { keys: LookAlikeKeys::of(&info), info, mark: None, online_until: None }
    }

    /// Returns the numbers that are equal for people who may be confused with this one.
    pub fn keys(&self) -> LookAlikeKeys {
        self.keys
    }

    /// Returns what has to follow the name wherever it is shown.
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// Updates the mark. `is_name_shared` and `is_username_shared` tell whether those of somebody else look the same. A
    /// name that seems to contain a mark has to be marked, too, and one that looks like the word for the user.
    pub fn update_mark(&mut self, is_name_shared: bool, is_username_shared: bool) {
        let is_marked = is_name_shared || is_reserved(self.keys.name) || imitates_mark(&self.info.name);
        self.mark = is_marked.then(|| self.info.mark(is_username_shared).into());
    }

    /// Replaces the info with a newer report. Keeps the later `last_active`, and the user name if the report has none.
    pub fn update(&mut self, info: PersonInfo) {
        let last_active = self.info.last_active.max(info.last_active);
        let old = std::mem::replace(&mut self.info, PersonInfo { last_active, ..info });
        if self.info.username.is_empty() {
            self.info.username = old.username.clone();
        }
        if (&self.info.name, &self.info.username) != (&old.name, &old.username) {
            self.keys = LookAlikeKeys::of(&self.info);
        }
    }

    /// Records an activity, such as writing or typing, at `at`.
    pub fn record_activity(&mut self, at: Timestamp) {
        self.info.last_active = self.info.last_active.max(Some(at));
    }

    /// Records that the server reported the person online or offline.
    pub fn set_online(&mut self, online: bool, now: Timestamp) {
        if online {
            self.online_until = Some(now + HEARTBEAT_VALIDITY);
            self.record_activity(now);
            return;
        }
        // Polling reports "offline" again and again; only the first report after "online" tells when the person left.
        let left = self.presence(now) == Presence::Online;
        self.online_until = None;
        if left {
            // The recent activity would otherwise still count as online.
            self.info.last_active = Some(now + -ACTIVITY_VALIDITY);
        }
    }

    /// Records that the person was last online at `at`. This alone never makes them online now.
    pub fn record_last_seen(&mut self, at: Timestamp, now: Timestamp) {
        self.info.last_active = self.info.last_active.max(Some(at.min(now + -ACTIVITY_VALIDITY)));
    }

    /// Returns the presence at `now`.
    pub fn presence(&self, now: Timestamp) -> Presence {
        let active = self.info.last_active.is_some_and(|at| now - at < ACTIVITY_VALIDITY);
        if self.info.agent || active || self.online_until.is_some_and(|until| now < until) {
            return Presence::Online;
        }
        self.info.last_active.map_or(Presence::Unknown, Presence::LastSeen)
    }

    /// Returns when the displayed presence ("Online", "5 min ago") will next change merely because time passes.
    pub fn presence_changes_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.info.agent {
            return None;
        }
        let until = self.online_until.filter(|until| now < *until);
        let last = self.info.last_active;
        if let Presence::Online = self.presence(now) {
            return until.max(last.map(|at| at + ACTIVITY_VALIDITY));
        }
        let last = last?;
        let age = now - last;
        let unit = match age {
            age if age < 60 * MINUTE => MINUTE,
            age if age < 48 * 60 * MINUTE => 60 * MINUTE,
            _ => 24 * 60 * MINUTE,
        };
        Some(last + (age / unit).saturating_add(1).saturating_mul(unit)).filter(|at| *at > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(last_active: Option<i64>) -> Person {
        let info = PersonInfo::new(PersonId::new("p"));
        Person::new(PersonInfo { last_active: last_active.map(Timestamp), ..info })
    }

    #[test]
    fn heartbeat_lasts_six_minutes() {
        let mut bob = person(None);
        assert_eq!(bob.presence(Timestamp(0)), Presence::Unknown);
        bob.set_online(true, Timestamp(0));
        assert_eq!(bob.presence(Timestamp(6 * MINUTE - 1)), Presence::Online);
        assert_eq!(bob.presence_changes_at(Timestamp(1)), Some(Timestamp(6 * MINUTE)));
        assert_eq!(bob.presence(Timestamp(6 * MINUTE)), Presence::LastSeen(Timestamp(0)));
    }

    #[test]
    fn offline_report_takes_effect_at_once() {
        let mut bob = person(None);
        bob.set_online(true, Timestamp(10 * MINUTE));
        bob.set_online(false, Timestamp(10 * MINUTE + 1));
        assert!(matches!(bob.presence(Timestamp(10 * MINUTE + 1)), Presence::LastSeen(_)));
    }

    /// Regression test: with polling, "last seen" moved forward with every repeated "offline" report.
    #[test]
    fn repeated_offline_reports_keep_last_seen() {
        let mut bob = person(None);
        bob.set_online(false, Timestamp(0));
        assert_eq!(bob.presence(Timestamp(0)), Presence::Unknown, "never seen online");
        bob.set_online(true, Timestamp(10 * MINUTE));
        bob.set_online(false, Timestamp(11 * MINUTE));
        let left = bob.presence(Timestamp(11 * MINUTE));
        bob.set_online(false, Timestamp(20 * MINUTE));
        assert_eq!((left, bob.presence(Timestamp(20 * MINUTE))), (left, left));
    }

    #[test]
    fn recent_last_seen_is_not_online() {
        let mut bob = person(None);
        bob.record_last_seen(Timestamp(10 * MINUTE - 5), Timestamp(10 * MINUTE));
        assert!(matches!(bob.presence(Timestamp(10 * MINUTE)), Presence::LastSeen(_)));
        bob.set_online(true, Timestamp(11 * MINUTE));
        bob.record_last_seen(Timestamp(0), Timestamp(11 * MINUTE));
        assert_eq!(bob.presence(Timestamp(11 * MINUTE)), Presence::Online);
    }

    #[test]
    fn presence_changes_at_the_next_full_minute() {
        let bob = person(Some(0));
        assert_eq!(bob.presence_changes_at(Timestamp(5 * MINUTE + 1)), Some(Timestamp(6 * MINUTE)));
    }
}
