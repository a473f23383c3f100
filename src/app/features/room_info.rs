//! Facts that the room info shows: who is in the room, its avatar and its metadata.

use crate::app::model::context::Scene;
use crate::domain::PersonId;
use crate::text::SafeText;

/// Content of the room info.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFacts {
    /// Members of the room.
    pub members: Vec<PersonId>,
    /// Other facts, each with its name.
    pub others: Vec<(&'static str, SafeText)>,
}

impl RoomFacts {
    /// Returns the number of lines they take.
    pub(in crate::app) fn lines(&self) -> usize {
        self.members.len() + self.others.len()
    }
}

/// Returns the facts about the open room.
pub fn room_facts(scene: Scene<'_>) -> Option<RoomFacts> {
    let room = scene.open_room()?;
    let members = if room.info.participants.is_empty() {
        let peer = room.info.peer.as_deref().map(|peer| peer.id.clone());
        peer.into_iter().chain(scene.account.me.clone()).collect()
    } else {
        room.info.participants.clone()
    };
    // A terminal cannot show the avatar, so its address is shown instead.
    let metadata = room.info.metadata.as_deref().filter(|metadata| *metadata != "{}").map(SafeText::line);
    let facts = [("Avatar", room.info.avatar.clone()), ("Metadata", metadata)];
    let others = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
    Some(RoomFacts { members, others })
}
