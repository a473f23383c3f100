//! Facts that the room info shows: the members, picture and metadata of the room.

use crate::app::model::context::Scene;
use crate::domain::PersonId;
use crate::text::{SafeText, wrap};

/// Content of the room info.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFacts {
    /// Members of the room.
    pub members: Vec<PersonId>,
    /// Other facts, each with its name.
    pub others: Vec<(&'static str, SafeText)>,
}

impl RoomFacts {
    /// Returns the number of lines they take, in rows of `cells` cells.
    pub(in crate::app) fn lines(&self, cells: usize) -> usize {
        self.members.len() + self.other_lines(cells).len()
    }

    /// Returns the lines below the members, wrapped to rows of `cells` cells.
    pub fn other_lines(&self, cells: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, fact) in &self.others {
            let text = format!("{name}: {fact}");
            let rows = wrap(&text, cells);
            lines.extend(rows.into_iter().map(|row| text[row.start as usize..row.end as usize].to_owned()));
        }
        lines
    }
}

/// Returns the facts about the open room.
pub fn room_facts(scene: Scene<'_>) -> Option<RoomFacts> {
    let room = scene.open_room()?;
    let members = room.member_ids(scene.account.me.as_ref());
    // A terminal cannot show the avatar, so its address is shown instead.
    let metadata = room.info.metadata.as_deref().filter(|metadata| *metadata != "{}").map(SafeText::line);
    let title = room.info.title.clone().filter(|_| room.info.nickname.is_some());
    let facts = [("Title", title), ("Picture", room.info.avatar.clone()), ("Metadata", metadata)];
    let others = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
    Some(RoomFacts { members, others })
}
