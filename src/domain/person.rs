//! People and whether they are there.

use crate::text::SafeText;

use super::ids::PersonId;
use super::time::{MINUTE, Timestamp};

/// A heartbeat says "online" and is repeated every five minutes; one more minute allows for a slow network
/// (protocol note §4, `user.status`).
const HEARTBEAT_HOLDS: i64 = 6 * MINUTE;

/// Somebody active this recently counts as online; the official interface says "Active now" for as long (§6).
const ACTIVE_HOLDS: i64 = MINUTE;

/// What a server says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonInfo {
    /// The server's name for them.
    pub id: PersonId,
    /// The app's name for them, unique per API key; used to start chats and add members.
    pub username: SafeText,
    /// The name to show.
    pub name: SafeText,
    /// When they last did something, if the server said so.
    pub last_active: Option<Timestamp>,
    /// An AI agent: always online (§6).
    pub agent: bool,
}

/// A person as the program knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What the server said last.
    pub info: PersonInfo,
    /// Online until then, unless another heartbeat comes.
    online_until: Option<Timestamp>,
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Connected, or active within the last minute.
    Online,
    /// Gone; last seen then.
    LastSeen(Timestamp),
    /// The server never said.
    Unknown,
}

impl Person {
    /// Somebody of whom only `info` is known.
    pub fn new(info: PersonInfo) -> Self {
        Self { info, online_until: None }
    }

    /// Takes newer facts; an older or missing `last_active` does not undo a newer one, nor a missing user name a known one.
    pub fn update(&mut self, info: PersonInfo) {
        let last_active = self.info.last_active.max(info.last_active);
        let old = std::mem::replace(&mut self.info, PersonInfo { last_active, ..info });
        if self.info.username.is_empty() {
            self.info.username = old.username;
        }
    }

    /// They did something at `at`: wrote, typed.
    pub fn acted(&mut self, at: Timestamp) {
        self.info.last_active = self.info.last_active.max(Some(at));
    }

    /// The server said that they are online, or that they left.
    pub fn set_online(&mut self, online: bool, now: Timestamp) {
        if online {
            self.online_until = Some(now + HEARTBEAT_HOLDS);
            self.acted(now);
            return;
        }
        // Only who was there until now has just left; of anybody else the same is said again and again.
        let left = self.presence(now) == Presence::Online;
        self.online_until = None;
        if left {
            // "Active within a minute" would otherwise keep somebody online who was just said to have left.
            self.info.last_active = Some(now + -ACTIVE_HOLDS);
        }
    }

    /// They were last there at `at`, and are not now unless something else has said so.
    pub fn last_seen(&mut self, at: Timestamp, now: Timestamp) {
        self.info.last_active = self.info.last_active.max(Some(at.min(now + -ACTIVE_HOLDS)));
    }

    /// Whether they are there, at `now`.
    pub fn presence(&self, now: Timestamp) -> Presence {
        let active = self.info.last_active.is_some_and(|at| now - at < ACTIVE_HOLDS);
        if self.info.agent || active || self.online_until.is_some_and(|until| now < until) {
            return Presence::Online;
        }
        self.info.last_active.map_or(Presence::Unknown, Presence::LastSeen)
    }

    /// When [`Person::presence`], in words to the minute, will change by time alone.
    pub fn presence_changes_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.info.agent {
            return None;
        }
        let until = self.online_until.filter(|until| now < *until);
        let last = self.info.last_active;
        if let Presence::Online = self.presence(now) {
            return until.max(last.map(|at| at + ACTIVE_HOLDS));
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
        Person::new(PersonInfo {
            id: PersonId::new("p"),
            username: SafeText::line("p"),
            name: SafeText::line("P"),
            last_active: last_active.map(Timestamp),
            agent: false,
        })
    }

    #[test]
    fn a_heartbeat_holds_six_minutes() {
        let mut bob = person(None);
        assert_eq!(bob.presence(Timestamp(0)), Presence::Unknown);
        bob.set_online(true, Timestamp(0));
        assert_eq!(bob.presence(Timestamp(6 * MINUTE - 1)), Presence::Online);
        assert_eq!(bob.presence_changes_at(Timestamp(1)), Some(Timestamp(6 * MINUTE)));
        assert_eq!(bob.presence(Timestamp(6 * MINUTE)), Presence::LastSeen(Timestamp(0)));
    }

    #[test]
    fn said_to_have_left_is_offline_at_once() {
        let mut bob = person(None);
        bob.set_online(true, Timestamp(10 * MINUTE));
        bob.set_online(false, Timestamp(10 * MINUTE + 1));
        assert!(matches!(bob.presence(Timestamp(10 * MINUTE + 1)), Presence::LastSeen(_)));
    }

    /// A service that is asked every ten seconds said "offline" every ten seconds, and "last seen" followed it.
    #[test]
    fn said_to_be_offline_again_was_last_seen_when_they_left() {
        let mut bob = person(None);
        bob.set_online(false, Timestamp(0));
        assert_eq!(bob.presence(Timestamp(0)), Presence::Unknown, "nobody has ever seen him");
        bob.set_online(true, Timestamp(10 * MINUTE));
        bob.set_online(false, Timestamp(11 * MINUTE));
        let left = bob.presence(Timestamp(11 * MINUTE));
        bob.set_online(false, Timestamp(20 * MINUTE));
        assert_eq!((left, bob.presence(Timestamp(20 * MINUTE))), (left, left));
    }

    #[test]
    fn last_seen_a_moment_ago_is_not_here() {
        let mut bob = person(None);
        bob.last_seen(Timestamp(10 * MINUTE - 5), Timestamp(10 * MINUTE));
        assert!(matches!(bob.presence(Timestamp(10 * MINUTE)), Presence::LastSeen(_)));
        bob.set_online(true, Timestamp(11 * MINUTE));
        bob.last_seen(Timestamp(0), Timestamp(11 * MINUTE));
        assert_eq!(bob.presence(Timestamp(11 * MINUTE)), Presence::Online);
    }

    #[test]
    fn the_minute_in_last_seen_is_the_next_change() {
        let bob = person(Some(0));
        assert_eq!(bob.presence_changes_at(Timestamp(5 * MINUTE + 1)), Some(Timestamp(6 * MINUTE)));
    }
}
