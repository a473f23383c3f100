//! Looking back: pages of messages, stars, taking back, looking once (protocol note §2.3 rows 28 to 33).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::vchat::model::{Id, Me, Message, Sort};
use crate::server::vchat::news::To;
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::state::World;

/// The largest page, and the usual one.
const PAGE: i64 = 30;
/// So many stars are listed (row 26).
const STARS: usize = 150;

/// Which messages of a room (§2.3.2).
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// `limit`.
    pub(crate) limit: Option<i64>,
    /// `lastId`: older than this.
    pub(crate) before: Option<Id>,
    /// `filter`.
    pub(crate) filter: Option<String>,
    /// `text`.
    pub(crate) text: Option<String>,
    /// `isAsc`.
    pub(crate) ascending: bool,
    /// `from`.
    pub(crate) from: Option<Timestamp>,
    /// `to`.
    pub(crate) to: Option<Timestamp>,
}

impl Wanted {
    fn takes(&self, message: &Message) -> bool {
        let sort = match self.filter.as_deref() {
            Some("media") => matches!(message.sort, Sort::Image | Sort::Video),
            Some("file") => message.sort == Sort::File,
            Some("voice") => message.sort == Sort::Voice,
            Some("links") => !message.link.is_null(),
            _ => true,
        };
        let text = self.text.as_ref().is_none_or(|text| message.content.to_lowercase().contains(&text.to_lowercase()));
        let time = self.from.is_none_or(|from| message.created_at >= from)
            && self.to.is_none_or(|to| message.created_at <= to);
        // The text search of the sibling is broken; here it finds what contains the text.
        sort && text && time && self.before.as_ref().is_none_or(|before| message.id < *before)
    }
}

impl World {
    /// Row 28. Who is no member sees an empty page.
    pub(crate) fn history(&self, me: &Me, room: &str, wanted: &Wanted) -> Value {
        let limit = usize::try_from(wanted.limit.unwrap_or(PAGE).clamp(1, PAGE)).unwrap_or(1);
        let docs: Vec<Value> = match self.room_of(&me.user, room) {
            Err(_) => Vec::new(),
            Ok(room) => {
                let mut all: Vec<&Message> = room.visible(&me.user).filter(|message| wanted.takes(message)).collect();
                if wanted.ascending {
                    all.reverse();
                }
                all.into_iter().take(limit).map(|message| wire::listed(message, &me.user)).collect()
            }
        };
        json!({ "docs": docs })
    }

    /// Row 29, and row 26 without a room.
    pub(crate) fn stars(&self, me: &Me, room: Option<&str>) -> Value {
        let rooms = self.rooms.values().filter(|known| room.is_none_or(|room| known.id == room));
        let rooms = rooms.filter(|room| room.member(&me.user).is_some());
        let mut stars: Vec<&Message> =
            rooms.flat_map(|room| room.visible(&me.user).filter(|message| message.stars.contains(&me.user))).collect();
        stars.sort_by(|one, other| other.id.cmp(&one.id));
        let docs: Vec<Value> = stars.into_iter().take(STARS).map(|star| wire::listed(star, &me.user)).collect();
        json!({ "docs": docs })
    }

    /// A message that `me` can see.
    pub(super) fn seen_by_mut(&mut self, me: &Me, room: &str, id: &str) -> Answer<&mut Message> {
        let message = self.room_mut(&me.user, room)?.message_mut(id);
        let visible = message.filter(|message| !message.is_gone_for(&me.user));
        visible.ok_or_else(|| Refusal::missing("Message not found"))
    }

    /// Row 30.
    pub(crate) fn star(&mut self, me: &Me, room: &str, id: &str, on: bool) -> Answer<Value> {
        let message = self.seen_by_mut(me, room, id)?;
        message.stars.retain(|user| *user != me.user);
        if on {
            message.stars.push(me.user.clone());
        }
        Ok("Done".into())
    }

    /// Row 31.
    pub(crate) fn look_once(&mut self, me: &Me, room: &str, id: &str) -> Answer<Value> {
        let message = self.seen_by_mut(me, room, id)?;
        if !message.one_seen {
            return Err(Refusal::bad("The message is not one seen"));
        }
        if !message.one_seen_by.contains(&me.user) {
            message.one_seen_by.push(me.user.clone());
        }
        Ok("Done".into())
    }

    /// Row 32: gone for me, and nobody hears of it. Without anything left to see the room is hidden too.
    pub(crate) fn delete_for_me(&mut self, me: &Me, room: &str, id: &str) -> Answer<Value> {
        self.seen_by_mut(me, room, id)?.gone_for.push(me.user.clone());
        let room = self.room_mut(&me.user, room)?;
        if room.visible(&me.user).next().is_none()
            && let Some(member) = room.member_mut(&me.user)
        {
            member.hidden = true;
        }
        Ok("Message deleted".into())
    }

    /// Row 33: gone for all. The content stays, what says so is the date.
    pub(crate) fn delete_for_all(&mut self, now: Timestamp, me: &Me, room: &str, id: &str) -> Answer<Value> {
        let message = self.seen_by_mut(me, room, id)?;
        if message.sender != me.user {
            return Err(Refusal::no_access());
        }
        message.deleted = message.deleted.or(Some(now));
        message.updated_at = now;
        let whole = wire::message(message);
        self.tell(To::Room(room.to_owned()), "v1OnDeleteMessageFromAll", whole);
        Ok("Message deleted".into())
    }
}
