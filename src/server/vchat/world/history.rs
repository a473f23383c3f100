//! Reading and changing messages: pages, stars, deletion and view-once messages (§2.3, rows 28 to 33).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::vchat::effect::Target;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id, Message, MessageKind};
use crate::server::vchat::wire;

use super::state::World;

/// Default and maximum number of messages on a page.
const PAGE_SIZE: i64 = 30;
/// Maximum number of starred messages in a list (row 26).
const MAX_STARRED: usize = 150;

/// The messages of a room that a client asks for (§2.3.2).
#[derive(Debug, Clone, Default)]
pub(crate) struct HistoryQuery {
    /// `limit`.
    pub(crate) limit: Option<i64>,
    /// `lastId`: only messages older than this one.
    pub(crate) before: Option<Id>,
    /// `filter`: only some kinds of messages.
    pub(crate) filter: Option<String>,
    /// `text`: only messages that contain it.
    pub(crate) text: Option<String>,
    /// `isAsc`: oldest first.
    pub(crate) ascending: bool,
    /// `from`: only messages sent at this time or later.
    pub(crate) from: Option<Timestamp>,
    /// `to`: only messages sent at this time or earlier.
    pub(crate) to: Option<Timestamp>,
}

impl HistoryQuery {
    fn matches(&self, message: &Message) -> bool {
        let kind = match self.filter.as_deref() {
            Some("media") => matches!(message.kind, MessageKind::Image | MessageKind::Video),
            Some("file") => message.kind == MessageKind::File,
            Some("voice") => message.kind == MessageKind::Voice,
            Some("links") => !message.link.is_null(),
            _ => true,
        };
        // The text search of the sibling does not work. This one finds messages that contain the text, ignoring case.
        let text = self.text.as_ref().is_none_or(|text| message.content.to_lowercase().contains(&text.to_lowercase()));
        let time = self.from.is_none_or(|from| message.created_at >= from)
            && self.to.is_none_or(|to| message.created_at <= to);
        kind && text && time && self.before.as_ref().is_none_or(|before| message.id < *before)
    }
}

impl World {
    /// Row 28: returns a page of messages; an empty one for a user who is not a member.
    pub(crate) fn history(&self, actor: &Actor, room: &str, query: &HistoryQuery) -> Value {
        let limit = usize::try_from(query.limit.unwrap_or(PAGE_SIZE).clamp(1, PAGE_SIZE)).unwrap_or(1);
        let docs: Vec<Value> = match self.member_room(&actor.user, room) {
            Err(_) => Vec::new(),
            Ok(room) => {
                let visible = room.visible_messages(&actor.user);
                let mut matching: Vec<&Message> = visible.filter(|message| query.matches(message)).collect();
                if query.ascending {
                    matching.reverse();
                }
                let page = matching.into_iter().take(limit);
                page.map(|message| wire::listed_message(message, &actor.user)).collect()
            }
        };
        json!({ "docs": docs })
    }

    /// Rows 26 and 29: lists the user's starred messages of all rooms, or of one.
    pub(crate) fn starred_messages(&self, actor: &Actor, room: Option<&str>) -> Value {
        let rooms = self.rooms.values().filter(|known| room.is_none_or(|room| known.id == room));
        let rooms = rooms.filter(|room| room.member(&actor.user).is_some());
        let messages = rooms.flat_map(|room| room.visible_messages(&actor.user));
        let mut starred: Vec<&Message> = messages.filter(|message| message.starred_by.contains(&actor.user)).collect();
        starred.sort_by(|one, other| other.id.cmp(&one.id));
        let listed = starred.into_iter().take(MAX_STARRED);
        let docs: Vec<Value> = listed.map(|message| wire::listed_message(message, &actor.user)).collect();
        json!({ "docs": docs })
    }

    /// Returns a message that the user can see.
    pub(super) fn visible_message_mut(&mut self, actor: &Actor, room: &str, id: &str) -> ApiResult<&mut Message> {
        let message = self.member_room_mut(&actor.user, room)?.message_mut(id);
        let visible = message.filter(|message| !message.is_deleted_for(&actor.user));
        visible.ok_or_else(|| ApiError::not_found("Message not found"))
    }

    /// Row 30: stars a message, or removes the star.
    pub(crate) fn set_star(&mut self, actor: &Actor, room: &str, id: &str, starred: bool) -> ApiResult<Value> {
        let message = self.visible_message_mut(actor, room, id)?;
        message.starred_by.retain(|user| *user != actor.user);
        if starred {
            message.starred_by.push(actor.user.clone());
        }
        Ok("Done".into())
    }

    /// Row 31: reports that the user has viewed a view-once message.
    pub(crate) fn view_once(&mut self, actor: &Actor, room: &str, id: &str) -> ApiResult<Value> {
        let message = self.visible_message_mut(actor, room, id)?;
        if !message.is_view_once {
            return Err(ApiError::bad_request("The message is not one seen"));
        }
        if !message.viewed_by.contains(&actor.user) {
            message.viewed_by.push(actor.user.clone());
        }
        Ok("Done".into())
    }

    /// Row 32: deletes a message for the user alone, without an event. A room without any visible message is hidden.
    pub(crate) fn delete_for_me(&mut self, actor: &Actor, room: &str, id: &str) -> ApiResult<Value> {
        self.visible_message_mut(actor, room, id)?.deleted_for.push(actor.user.clone());
        let room = self.member_room_mut(&actor.user, room)?;
        if room.visible_messages(&actor.user).next().is_none()
            && let Some(member) = room.member_mut(&actor.user)
        {
            member.is_hidden = true;
        }
        Ok("Message deleted".into())
    }

    /// Row 33: deletes a message for everybody. It keeps its content and gets a deletion date.
    pub(crate) fn delete_for_all(&mut self, now: Timestamp, actor: &Actor, room: &str, id: &str) -> ApiResult<Value> {
        let message = self.visible_message_mut(actor, room, id)?;
        if message.sender != actor.user {
            return Err(ApiError::no_access());
        }
        message.deleted_at = message.deleted_at.or(Some(now));
        message.updated_at = now;
        let payload = wire::message(message);
        self.emit(Target::Room(room.to_owned()), "v1OnDeleteMessageFromAll", payload);
        Ok("Message deleted".into())
    }
}
