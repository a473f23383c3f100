//! People and their presence.

use crate::text::{SafeText, has_ink, look_alike_key};

use super::ids::PersonId;
use super::time::{MINUTE, Timestamp};

/// Milliseconds for which a heartbeat counts as online. Heartbeats repeat every five minutes; one more minute allows
/// for a slow network (`docs/protocol/minchat.md` §4).
const HEARTBEAT_VALIDITY: i64 = 6 * MINUTE;

/// Milliseconds for which any activity counts as online. The official client shows "Active now" for the same time
/// (`docs/protocol/minchat.md` §6).
const ACTIVITY_VALIDITY: i64 = MINUTE;

/// Person as a server reports them.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// Returns the person with a visible name. A blank name would make their messages look like those of the previous
    /// author, so it is replaced by the user name or the id.
    #[must_use]
    pub fn with_visible_name(self) -> Self {
        if has_ink(&self.name) {
            return self;
        }
        let username = Some(&self.username).filter(|username| has_ink(username)).cloned();
        let name = username.unwrap_or_else(|| SafeText::line(self.id.as_str()));
        Self { name, ..self }
    }
}

/// Person with presence, as known to the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The latest report of the server.
    pub info: PersonInfo,
    /// Equal for people whose names look alike.
    name_key: u64,
    /// When the latest heartbeat expires.
    online_until: Option<Timestamp>,
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
        Self { name_key: look_alike_key(&info.name), info, online_until: None }
    }

    /// Returns a number that is equal for people whose names look alike.
    pub fn name_key(&self) -> u64 {
        self.name_key
    }

    /// Replaces the info with a newer report. Keeps the later `last_active`, and the user name if the report has none.
    pub fn update(&mut self, info: PersonInfo) {
        let last_active = self.info.last_active.max(info.last_active);
        let old = std::mem::replace(&mut self.info, PersonInfo { last_active, ..info });
        if self.info.name != old.name {
            self.name_key = look_alike_key(&self.info.name);
        }
        if self.info.username.is_empty() {
            self.info.username = old.username;
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
