//! Presence in words, and which presence is known at all.

use std::borrow::Cow;

use crate::app::{ConnectionState, State};
use crate::domain::{Person, Presence};

/// The presence of a person. While disconnected nobody is shown as online, except AI agents, which always are.
pub(super) fn of(state: &State, person: &Person) -> Presence {
    match person.presence(state.now) {
        Presence::Online if state.account.connection != ConnectionState::Online && !person.info.agent => {
            Presence::Unknown
        }
        known => known,
    }
}

/// The presence of a person in words; empty if unknown.
pub(super) fn label(state: &State, person: &Person) -> Cow<'static, str> {
    match of(state, person) {
        Presence::Online if person.info.agent => "AI agent, always online".into(),
        Presence::Online => "online".into(),
        Presence::LastSeen(at) => format!("last seen {}", at.ago(state.now)).into(),
        Presence::Unknown => "".into(),
    }
}
