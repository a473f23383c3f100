//! Facts that the room info shows: the members, picture and metadata of the room.

use crate::app::features::member_list::list_order;
use crate::app::model::context::Scene;
use crate::domain::PersonId;
use crate::text::{SafeText, wrap};

/// Content of the room info.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFacts {
    /// Members of the room.
    pub members: Vec<PersonId>,
    /// Other facts, each with its name.
    pub others: Vec<(String, SafeText)>,
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
    let mut members = room.member_ids(scene.account.me.as_ref());
    members.sort_by_cached_key(|person| list_order(scene, person));
    // A terminal cannot show the avatar, so its address is shown instead.
    let title = room.info.title.clone().filter(|_| room.info.nickname.is_some());
    let facts = [("Title", title), ("Picture", room.info.avatar.clone())];
    let facts = facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?)));
    let others = facts.chain(metadata_facts(room.info.metadata.as_deref().unwrap_or_default())).collect();
    Some(RoomFacts { members, others })
}

/// Returns what the service's app has stored with the room: each field of the object, or all of it if it is none.
fn metadata_facts(metadata: &str) -> Vec<(String, SafeText)> {
    match serde_json::from_str(metadata) {
        Ok(serde_json::Value::Object(fields)) => {
            let fact = |value: serde_json::Value| match value {
                serde_json::Value::String(text) => SafeText::line(&text),
                other => SafeText::line(&other.to_string()),
            };
            fields.into_iter().map(|(name, value)| (capitalized(&SafeText::line(&name)), fact(value))).collect()
        }
        _ if metadata.is_empty() => Vec::new(),
        _ => vec![("Metadata".to_owned(), SafeText::line(metadata))],
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
