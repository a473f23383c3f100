//! Facts about a room: those of the room info, and those above the list of its members.

use std::borrow::Cow;

use crate::app::features::member_list::{list_order, members_offline};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::Scene;
use crate::app::model::room_title::room_title;
use crate::app::overlays::list::{ListKind, ListRow, ListTarget};
use crate::domain::{PersonId, Room, RoomAccess, RoomKind};
use crate::text::{SafeText, width, wrap};

/// A fact about a room, with its name.
type Fact = (Cow<'static, str>, SafeText);

/// Words before the title in the border of the list of members.
pub const MEMBERS_OF: &str = "Members of ";

/// Blank cells around a title in the border of a box.
const TITLE_PADDING: usize = 2;

/// Content of the room info.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFacts {
    /// The description of the room: whole title, description, number of members. It is above the members.
    pub description: Vec<Fact>,
    /// Members of the room.
    pub members: Vec<PersonId>,
    /// Other facts.
    pub others: Vec<Fact>,
}

impl RoomFacts {
    /// Returns the number of lines they take, in rows of `cells` cells.
    pub(in crate::app) fn lines(&self, cells: usize) -> usize {
        self.members.len() + fact_lines(&self.description, cells).len() + fact_lines(&self.others, cells).len()
    }
}

/// Returns the lines of facts, wrapped to rows of `cells` cells.
pub fn fact_lines(facts: &[Fact], cells: usize) -> Vec<String> {
    facts.iter().flat_map(|fact| wrapped(fact, cells)).collect()
}

fn wrapped((name, fact): &Fact, cells: usize) -> Vec<String> {
    let text = format!("{name}: {fact}");
    wrap(&text, cells).into_iter().map(|row| text[row.start as usize..row.end as usize].to_owned()).collect()
}

/// Returns the facts about the open room, for a box of this width inside.
pub fn room_facts(scene: Scene<'_>, cells: usize) -> Option<RoomFacts> {
    let room = scene.open_room()?;
    let mut members = room.member_ids(scene.account.me.as_ref());
    members.sort_by_cached_key(|person| list_order(scene, person));
    let others = created_at(scene, room).into_iter().chain(picture(room));
    let others = others.chain(metadata_facts(room.info.metadata.as_deref().unwrap_or_default())).collect();
    Some(RoomFacts { description: description(scene, room, "", cells), members, others })
}

/// Returns the facts about a room as the first rows of the list of its members. A row copies the whole fact.
pub(in crate::app) fn list_facts(scene: Scene<'_>, kind: &ListKind, cells: usize) -> Vec<ListRow> {
    let ListKind::Members(id) = kind else { return Vec::new() };
    let Some(room) = scene.account.rooms.get(id) else { return Vec::new() };
    let facts = description(scene, room, MEMBERS_OF, cells);
    let facts = facts.into_iter().chain(created_at(scene, room)).chain(picture(room));
    let rows = facts.flat_map(|fact| {
        let row = |text| (text, ListTarget::Copy(fact.1.to_string()));
        // The last cell of a row is never used.
        wrapped(&fact, cells.saturating_sub(1)).into_iter().map(row).collect::<Vec<_>>()
    });
    rows.map(|(text, target)| ListRow { text, mark: String::new(), hint: String::new(), target }).collect()
}

/// Returns what describes a room. The title is left out where the border of the box shows all of it, behind some words.
fn description(scene: Scene<'_>, room: &Room, before_title: &str, cells: usize) -> Vec<Fact> {
    let label = scene.account.room_label(room).to_string();
    let is_cut = width(before_title) + width(&label) + TITLE_PADDING > cells;
    let title = room.info.title.clone().filter(|_| is_cut || room.info.nickname.is_some());
    let description = room.membership.description.clone();
    let description = description.filter(|text| !text.trim().is_empty() && **text != *room_title(room));
    let is_group = scene.account.shown_peer(room).is_none();
    let members = member_counts(scene, room).filter(|_| is_group).map(|(all, online)| match online {
        0 => all.to_string(),
        online => format!("{all}, {online} online"),
    });
    let members = members.map(|members| SafeText::line(&members));
    let facts = [("Title", title), ("Description", description), ("Members", members)];
    facts.into_iter().filter_map(|(name, fact)| Some((name.into(), fact?))).collect()
}

/// Returns the number of members of a room, and how many of them are online; `None` if it is not known.
pub fn member_counts(scene: Scene<'_>, room: &Room) -> Option<(usize, usize)> {
    if room.membership.access == RoomAccess::NotMember {
        // Nothing is known of the group any more.
        return None;
    }
    let total = room.membership.members.map_or(room.info.participants.len(), |members| members as usize);
    let online = room.membership.online.filter(|_| scene.account.connection == ConnectionState::Online);
    // The server's number is some time old, and it counts people whose connection has only just been lost.
    let online = online.map(|online| (online as usize).min(total.saturating_sub(members_offline(scene))));
    (total > 0).then_some((total, online.unwrap_or_default()))
}

fn created_at(scene: Scene<'_>, room: &Room) -> Option<Fact> {
    let at = match room.info.kind {
        RoomKind::Group if room.info.participants.is_empty() => room.membership.created_at,
        _ => room.info.created_at.filter(|_| !room.is_deleted()),
    };
    at.map(|at| ("Created".into(), SafeText::line(&scene.options.times.long_date(at))))
}

/// Returns the address of the room's picture, which a terminal may not be able to show.
fn picture(room: &Room) -> Option<Fact> {
    room.info.avatar.clone().map(|address| ("Picture".into(), address))
}

/// Returns what the service's app has stored with the room: each field of the object, or all of it if it is none.
fn metadata_facts(metadata: &str) -> Vec<Fact> {
    match serde_json::from_str(metadata) {
        Ok(serde_json::Value::Object(fields)) => {
            let fact = |value: serde_json::Value| match value {
                serde_json::Value::String(text) => SafeText::line(&text),
                other => SafeText::line(&other.to_string()),
            };
            fields.into_iter().map(|(name, value)| (capitalized(&SafeText::line(&name)).into(), fact(value))).collect()
        }
        _ if metadata.is_empty() => Vec::new(),
        _ => vec![("Metadata".into(), SafeText::line(metadata))],
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
