//! How much is kept. The note has no limits; a server in memory needs some.

use crate::server::quota::{ENTRY_BYTES, FULL_MESSAGE, json_bytes};
use crate::server::vchat::model::{Member, Message, Room, Stored};
use crate::server::vchat::refusal::{Answer, Refusal};

use super::state::World;

/// What the row of one user in something costs, about.
pub(super) const ROW: usize = 128;

/// What a message costs, about.
pub(super) fn cost(message: &Message) -> usize {
    let told = [&message.attachment, &message.reply, &message.link, &message.peer];
    let rows = message.statuses.len() + message.gone_for.len() + message.stars.len() + message.one_seen_by.len();
    let texts = [&message.content, &message.sender_name, &message.sender_identifier, &message.sender_image];
    4 * ENTRY_BYTES
        + told.into_iter().map(json_bytes).sum::<usize>()
        + texts.into_iter().map(String::len).sum::<usize>()
        + ROW * (rows + message.mentions.len())
}

fn room_cost(room: &Room) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let member = |member: &Member| 2 * ROW + text(&member.nick) + text(&member.translate_to);
    let extra = room.extra.iter().flatten().map(|(key, value)| key.len() + 2 * json_bytes(value));
    let order = room.order.as_ref().map_or(0, |order| {
        order.id.len() + text(&order.title) + text(&order.image) + order.data.as_ref().map_or(0, json_bytes)
    });
    ENTRY_BYTES
        + room.title.len()
        + text(&room.description)
        + room.members.iter().map(member).sum::<usize>()
        + ROW * room.audience.len()
        + extra.sum::<usize>()
        + order
        + room.messages.iter().map(cost).sum::<usize>()
}

impl World {
    /// Enters what is about to be kept, or refuses it.
    pub(crate) fn room_for(&mut self, bytes: usize) -> Answer<()> {
        if self.quota.needs_recount(bytes) {
            let held = self.weigh();
            self.quota.set_used(held);
        }
        if self.quota.try_reserve(bytes) { Ok(()) } else { Err(full(FULL_MESSAGE.to_owned())) }
    }

    /// Whether one more user may come.
    pub(super) fn room_for_user(&mut self) -> Answer<()> {
        self.few(self.users.len(), self.kept.users, "users")?;
        self.room_for(2 * ENTRY_BYTES)
    }

    /// Whether one more room may be opened.
    pub(super) fn room_for_room(&mut self, members: usize) -> Answer<()> {
        self.few(self.rooms.len(), self.kept.rooms, "rooms")?;
        self.room_for(ENTRY_BYTES + 2 * ROW * members)
    }

    fn few(&self, there: usize, most: usize, what: &str) -> Answer<()> {
        if there < most {
            return Ok(());
        }
        Err(full(format!("The sandbox keeps at most {most} {what}. Restart it to begin anew.")))
    }

    fn weigh(&self) -> usize {
        let user = 2 * ENTRY_BYTES + 3 * self.no_image().len();
        let users: usize = self.users.values().map(|it| user + it.identifier.len() + it.shown().len()).sum();
        let devices: usize = self.devices.iter().map(|((_, name), it)| ROW + name.len() + it.platform.len()).sum();
        let rooms: usize = self.rooms.values().map(room_cost).sum();
        let calls: usize = self.calls.values().map(|call| ENTRY_BYTES + call.weight()).sum();
        users + devices + rooms + calls + ROW * self.bans.len()
    }
}

/// What the files of a message add to it.
pub(super) fn of_files(files: &[Stored]) -> usize {
    files.iter().map(|file| ENTRY_BYTES + file.name.len() + file.mime.len() + file.url.len()).sum()
}

fn full(why: String) -> Refusal {
    Refusal { status: 507, why }
}
