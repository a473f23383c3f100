//! The presence of people, as far as it is known, and its description in words.

use std::borrow::Cow;

use crate::app::{ConnectionState, Scene};
use crate::domain::{Person, Presence};

/// The presence of a person. While disconnected nobody is shown as online, except AI agents, which always are.
pub(super) fn of(scene: Scene<'_>, person: &Person) -> Presence {
    match person.presence(scene.now) {
        Presence::Online if scene.account.connection != ConnectionState::Online && !person.info.agent => {
            Presence::Unknown
        }
        known => known,
    }
}

/// The presence of a person in words; empty if unknown.
pub(super) fn label(scene: Scene<'_>, person: &Person) -> Cow<'static, str> {
    match of(scene, person) {
        Presence::Online if person.info.agent => "AI agent, always online".into(),
        Presence::Online => "online".into(),
        Presence::LastSeen(at) => format!("last seen {}", at.format_age(scene.now)).into(),
        Presence::Unknown => "".into(),
    }
}
