//! Marking rooms as read and as unread, and the way to the mentions in them.

use crate::app::features::receipts;
use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::{Context, Scene};
use crate::app::model::ui::{Focus, Transition};
use crate::app::overlays::question::Question;
use crate::domain::{Room, RoomId, Slot, Unread};

/// Maximum number of rooms of an account that are marked as read at once. With [`RECEIPTS_OF_ALL`] in each, the receipts
/// stay well below the 1024 that wait for a connection at most.
const MAX_ROOMS_AT_ONCE: usize = 200;

/// Maximum number of receipts in each room when all are marked as read.
const RECEIPTS_OF_ALL: usize = 4;

/// Marks the open room as read.
pub(in crate::app) fn mark_open_read(cx: &mut Context<'_>) {
    match cx.ui.open.clone() {
        Some(room) => mark_room_read(cx, room),
        None => cx.notify_no_room(),
    }
}

/// Marks a room as read and reports that to the service.
pub(in crate::app) fn mark_room_read(cx: &mut Context<'_>, room: RoomId) {
    let mut read = ReadRooms::default();
    mark_rooms_read(cx, vec![room], receipts::MAX_AT_ONCE, &mut read);
    cx.notify(read.sentence());
}

/// Marks all listed rooms of all profiles as read. Asks first if there are several: one wrong key, or Esc and a letter
/// on a slow line, would tell many people that their messages were read, and nothing brings all the marks back.
pub(in crate::app) fn ask_to_mark_all_read(cx: &mut Context<'_>) {
    if markable_rooms(cx.scene()) > 1 {
        cx.ask(Question::MarkAllRead);
    } else {
        mark_all_read(cx);
    }
}

/// Number of rooms that would be marked as read.
pub(in crate::app) fn markable_rooms(scene: Scene<'_>) -> usize {
    let online = scene.accounts().filter(|account| account.is_online());
    let unread = |account: &Account| {
        let rooms = account.rooms.ids().iter().filter_map(|room| account.rooms.get(room));
        rooms.filter(|room| room.unread().any()).count().min(MAX_ROOMS_AT_ONCE)
    };
    online.map(unread).sum()
}

/// Marks all listed rooms of all profiles as read, once the event has been handled.
pub(in crate::app) fn mark_all_read(cx: &mut Context<'_>) {
    cx.ui.transition = Some(Transition::ReadAll);
}

/// Marks all listed rooms of this account as read, and adds them to `read`.
pub(in crate::app) fn mark_account_read(cx: &mut Context<'_>, read: &mut ReadRooms) {
    let rooms = cx.account.rooms.ids().to_vec();
    mark_rooms_read(cx, rooms, RECEIPTS_OF_ALL, read);
}

/// What marking rooms as read has done.
#[derive(Debug, Default)]
pub(in crate::app) struct ReadRooms {
    /// Number of rooms that were unread.
    count: usize,
    /// The profiles whose unread rooms stay so, because they are not connected.
    offline: Vec<String>,
    /// Whether there were too many rooms for one time.
    has_more: bool,
}

impl ReadRooms {
    /// Returns the sentence for the user.
    pub(in crate::app) fn sentence(&self) -> String {
        let done = match self.count {
            0 if !self.offline.is_empty() => {
                return "Not connected, so nothing was marked as read. Try again once connected.".to_owned();
            }
            0 => "Nothing is unread.".to_owned(),
            1 => "1 room was marked as read.".to_owned(),
            count if self.has_more => format!("{count} rooms were marked as read. Repeat it for the others."),
            count => format!("{count} rooms were marked as read."),
        };
        match self.offline.join(", ") {
            names if names.is_empty() => done,
            names => format!("{done} Not connected, so nothing was marked there: {names}."),
        }
    }
}

/// Marks those of the rooms that are unread as read and reports that to the service.
fn mark_rooms_read(cx: &mut Context<'_>, mut rooms: Vec<RoomId>, most: usize, read: &mut ReadRooms) {
    let is_unread = |room: &Room| room.unread().any() || room.unread_marker.unseen().any();
    rooms.retain(|room| cx.account.rooms.get(room).is_some_and(is_unread));
    if cx.account.connection == ConnectionState::Online {
        read.has_more |= rooms.len() > MAX_ROOMS_AT_ONCE;
        rooms.truncate(MAX_ROOMS_AT_ONCE);
        read.count += rooms.len();
        rooms.iter().for_each(|room| receipts::mark_read(cx, room, most));
    } else if !rooms.is_empty() {
        read.offline.push(cx.account.profile.label().to_owned());
    }
}

/// Clears the mark of a room that the user has come back to.
pub(in crate::app) fn come_back(cx: &mut Context<'_>) {
    if let Some(room) = cx.open_room_mut().filter(|room| room.info.settings.marked_unread) {
        room.info.settings.marked_unread = false;
    }
}

/// Marks the messages from the selected one on as unread. They stay so until the room is opened again or marked as read.
/// No service knows of it.
pub(in crate::app) fn mark_unread_from_selected(cx: &mut Context<'_>) {
    let Some(selected) = cx.ui.selected() else { return };
    cx.account.refresh_mentions(&cx.options.mention_words);
    let scene = cx.scene();
    let Some(room) = scene.open_room() else { return };
    let start = room.timeline.position(selected).unwrap_or_default();
    let from_here = room.timeline.iter().skip(start);
    let of_others = from_here.filter(|(_, message)| !scene.account.is_me(&message.author) && !message.deleted);
    let of_others: Vec<(Slot, bool)> =
        of_others.map(|(slot, message)| (slot, scene.account.is_mention(&message.text))).collect();
    let Some((first, _)) = of_others.first().copied() else {
        return cx.notify("Nobody else has written from here on.");
    };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mentions = of_others.iter().filter(|(_, is_mention)| *is_mention).count();
    let unread = Unread { count: count(of_others.len()), or_more: false, mentions: count(mentions) };
    if let Some(room) = cx.open_room_mut() {
        room.unread_marker.clear();
        room.unread_marker.place_above(first);
        room.read_state.on_marked_unread(unread);
        room.info.settings.marked_unread = true;
    }
    cx.ui.focus = Focus::Composer;
    cx.notify("Marked as unread, until you come back to this room or mark it as read (/read).");
}

/// Selects the next unread mention in the open room, below the selected one. Returns whether there is one.
pub(in crate::app) fn select_next_mention(cx: &mut Context<'_>) -> bool {
    cx.account.refresh_mentions(&cx.options.mention_words);
    let next = next_mention(cx.scene());
    if let Some(slot) = next {
        cx.ui.focus = Focus::Message(slot);
        (cx.ui.pane.reveal, cx.ui.pane.reveal_around) = (Some(slot), true);
    }
    next.is_some()
}

/// Returns the first message below the selected one and the "new" line that mentions the user.
fn next_mention(scene: Scene<'_>) -> Option<Slot> {
    let room = scene.open_room()?;
    let position = |slot: Slot| room.timeline.position(slot);
    let marker = position(room.unread_marker.slot()?)?;
    let start = scene.ui.selected().and_then(position).map_or(marker, |selected| marker.max(selected + 1));
    let mut below = room.timeline.iter().skip(start);
    let found = below.find(|(_, message)| {
        !scene.account.is_me(&message.author) && !message.deleted && scene.account.is_mention(&message.text)
    });
    found.map(|(slot, _)| slot)
}
