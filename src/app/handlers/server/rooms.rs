//! Pages of the room list, and changes of single rooms.

use crate::app::features::notes::add_note;
use crate::app::features::rooms::{archive_check, discovery, names, open, recheck};
use crate::app::features::vanished_rooms::remove_room;
use crate::app::features::{drafts, forwarding, presence, vanished_rooms};
use crate::app::handlers::server::{authorship, messages};
use crate::app::limits::{MAX_ROOM_BYTES, MAX_ROOMS};
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_list_sync::Next;
use crate::app::model::room_title::room_title;
use crate::domain::{
    Delivery, LastMessage, MessageInfo, PersonId, Request, Room, RoomAccess, RoomId, RoomInfo, RoomKind,
};
use crate::input::Action;
use crate::text::SafeText;

/// Maximum number of list pages that are loaded, whatever length the server reports.
const MAX_PAGES: u32 = 1_000;

/// Applies a page of the room list and requests the next one.
pub(in crate::app) fn on_rooms(cx: &mut Context<'_>, page: u32, pages: u32, rooms: Vec<RoomInfo>) {
    let nothing = rooms.is_empty();
    cx.account.room_sync.record_rooms(page, rooms.iter().map(|room| room.id.clone()));
    let ends_unchanged = rooms.last().is_some_and(|last| is_unchanged(cx.account, last));
    let (mut new, mut listed) = (Vec::new(), Vec::new());
    cx.account.refresh_mentions(&cx.options.mention_words);
    let has_memory = has_memory(cx.account);
    for mut info in rooms {
        check_preview(cx, &mut info);
        let id = info.id.clone();
        if !has_capacity_for(cx, &id, has_memory) {
            break;
        }
        listed.push(id.clone());
        if apply_list_entry(cx, info) {
            new.push(id);
        }
    }
    presence::include_new_rooms(cx.account, &new, cx.effects);
    for id in &new {
        messages::apply_pending(cx, id);
    }
    let follows = page < pages.min(MAX_PAGES)
        && !nothing
        && cx.account.rooms.known_len() < MAX_ROOMS
        && self::has_memory(cx.account);
    let was_listed = cx.account.room_sync.is_listed();
    let next = cx.account.room_sync.on_page(page, follows, ends_unchanged);
    if let Next::Request(page) = next {
        cx.request(Request::Rooms { page });
    }
    let more = matches!(next, Next::Request(_) | Next::Requested);
    // Later, the user is doing something else or is away, and would seem to have seen what is opened.
    if cx.ui.open.is_none() && !was_listed {
        open_initial_room(cx, more);
    }
    // Opening a room clears the notice.
    vanished_rooms::on_list_page(cx, page, &listed, nothing || page >= pages);
    if next == Next::Repeated {
        let press = cx.options.press(Action::Reconnect);
        cx.notify(format!("The server repeats the same rooms. {press} to retry."));
    }
    if !follows {
        vanished_rooms::request_missing_rooms(cx, page, nothing);
    }
    if !more && !vanished_rooms::begin_deletion_checks(cx) && cx.account.room_sync.is_recheck_due() {
        open::recheck_list(cx);
    }
    recheck::schedule(cx);
}

/// Applies the archived rooms in which there is something new. Of a room that is not known here, nobody can tell whether
/// its messages are older than the archiving.
pub(in crate::app) fn on_archived_rooms(cx: &mut Context<'_>, request: &Request, more: bool, rooms: &[RoomInfo]) {
    let mut ends_new = false;
    for info in rooms {
        let Some(room) = cx.account.rooms.get(&info.id) else { continue };
        ends_new = info.last_message.as_ref().is_some_and(|last| last.sent_at > room.last_activity());
        if ends_new {
            let mut info = info.clone();
            check_preview(cx, &mut info);
            apply_list_entry(cx, info);
        }
    }
    if more && ends_new {
        archive_check::go_on(cx, request);
    }
}

/// Removes the last message of a room's info if it is forged, and brings it up to date if the server read the info before
/// the message was changed.
fn check_preview(cx: &mut Context<'_>, info: &mut RoomInfo) {
    authorship::remove_forged_preview(cx.account, info, cx.effects);
    cx.account.page_requests.amend_preview(info);
}

/// Whether a list entry has the last message that is known of its room.
fn is_unchanged(account: &Account, info: &RoomInfo) -> bool {
    let Some(room) = account.rooms.get(&info.id) else { return false };
    let Some(last) = &info.last_message else { return true };
    room.timeline.find(&last.id).is_some() || room.info.last_message.as_ref().is_some_and(|known| known.id == last.id)
}

/// Handles an update of a room, usually because of a new message. The room may be unknown.
pub(in crate::app) fn on_room_changed(cx: &mut Context<'_>, mut info: RoomInfo) {
    if authorship::log_if_not_member(cx.account, &info, cx.effects) {
        let author = info.last_message.as_ref().and_then(|last| last.author_info.as_deref());
        cx.account.people.learn_if_unknown(author.or(info.peer.as_deref()));
        // The server is asked again, in case we are a member after all.
        return discovery::request_unknown(cx, info.id);
    }
    check_preview(cx, &mut info);
    let message = info.last_message.clone();
    let id = info.id.clone();
    let has_memory = cx.account.rooms.get(&id).is_some() || has_memory(cx.account);
    if !has_capacity_for(cx, &id, has_memory) {
        return;
    }
    if cx.account.rooms.get(&id).is_none() {
        cx.account.rooms.insert(Room::new(RoomInfo { last_message: None, ..info.clone() }));
        presence::include_new_rooms(cx.account, std::slice::from_ref(&id), cx.effects);
    }
    // The message is applied before the room's info: a message that the info already lists would not be counted.
    if let Some(message) = message {
        messages::on_message(cx, message);
    }
    apply_info(cx, info);
    messages::apply_pending(cx, &id);
    cx.account.rooms.reposition(&id);
    if cx.ui.open.is_none() && !cx.account.room_sync.is_listed() {
        open_initial_room(cx, cx.account.room_sync.is_loading());
    }
}

/// Whether a room is known or may be added. Notifies the user if there are too many rooms.
fn has_capacity_for(cx: &mut Context<'_>, id: &RoomId, has_memory: bool) -> bool {
    let count = cx.account.rooms.known_len();
    let fits = (count < MAX_ROOMS && has_memory) || cx.account.rooms.get(id).is_some();
    if !fits {
        cx.notify(format!("Only the first {count} rooms are listed. Delete some to see the others."));
    }
    fits
}

/// Whether the memory limit permits more rooms. Visits all rooms.
fn has_memory(account: &Account) -> bool {
    account.rooms.bytes() < MAX_ROOM_BYTES
}

/// Renames a room.
pub(in crate::app) fn on_renamed(cx: &mut Context<'_>, room: &RoomId, title: SafeText) {
    if let Some(room) = cx.account.rooms.get_mut(room) {
        room.info.title = Some(title);
    }
}

/// Opens the room that was requested, whether or not it was known. One that was requested to forward messages is not
/// shown.
pub(in crate::app) fn on_opened(cx: &mut Context<'_>, mut info: RoomInfo) {
    check_preview(cx, &mut info);
    let id = info.id.clone();
    let new = cx.account.rooms.get(&id).is_none();
    apply_info(cx, info);
    if new {
        presence::include_new_rooms(cx.account, std::slice::from_ref(&id), cx.effects);
        messages::apply_pending(cx, &id);
    }
    if !forwarding::on_room_opened(cx, &id) {
        open::open(cx, &id);
    }
}

/// Handles a person joining or leaving a room.
pub(in crate::app) fn on_member(cx: &mut Context<'_>, room: &RoomId, person: PersonId, joined: bool) {
    if !joined && cx.account.is_me(&person) {
        if let Some(known) = cx.account.rooms.get(room) {
            let reason = format!("You left {}.", room_title(known));
            remove_room(cx, room, &reason);
        }
        return;
    }
    let name = cx.account.label_of(&person).to_string();
    let Some(known) = cx.account.rooms.get_mut(room) else { return };
    known.info.participants.retain(|other| *other != person);
    let what = if joined { "was added" } else { "was removed" };
    if joined {
        known.info.participants.push(person);
    }
    add_note(cx, room, &format!("{name} {what}"));
}

/// Applies a room's list entry. Returns whether the room is new.
fn apply_list_entry(cx: &mut Context<'_>, info: RoomInfo) -> bool {
    let id = info.id.clone();
    let new = cx.account.rooms.get(&id).is_none();
    let counted = info.unread.is_some();
    let unread = info.last_message.as_ref().is_some_and(|last| is_unread(cx.scene(), last));
    let is_mention = info.last_message.as_ref().is_some_and(|last| cx.account.is_mention(&last.text));
    // It was there when the room was archived, or has brought the room back already.
    let is_old_in_archive = unread && is_known_in_archive(cx.account, &info);
    let mentions = unread && is_mention && !is_old_in_archive;
    if let Some(author) = info.last_message.as_ref().and_then(|last| last.author_info.clone()) {
        cx.account.people.learn(*author);
    }
    let missed = cx.account.rooms.get(&id).is_some_and(|room| {
        let last = info.last_message.as_ref();
        !room.timeline.is_empty() && last.is_some_and(|last| room.timeline.find(&last.id).is_none())
    });
    let at = info.last_message.as_ref().map(|last| last.sent_at);
    apply_info(cx, info);
    let me = cx.account.me.clone();
    if let Some(room) = cx.account.rooms.get_mut(&id) {
        if !counted && !is_old_in_archive {
            let is_first = room.timeline.is_empty();
            room.apply_last_message(LastMessage { at, is_unread: unread, is_missed: missed, is_first }, me.as_ref());
        }
        if mentions {
            room.read_state.on_last_mention();
        }
        // Before the newest page has arrived, missed messages are expected anyway.
        if missed && (room.history.is_newest_loaded() || !room.history.is_resuming()) {
            room.mark_stale();
        }
    }
    cx.account.rooms.reposition(&id);
    new
}

/// Whether a room is archived, and its last message was known before.
fn is_known_in_archive(account: &Account, info: &RoomInfo) -> bool {
    let Some((room, last)) = account.rooms.get(&info.id).zip(info.last_message.as_ref()) else { return false };
    let is_listed = room.info.last_message.as_ref().is_some_and(|listed| listed.id == last.id);
    room.is_archived() && (is_listed || room.timeline.find(&last.id).is_some())
}

/// Whether the last message of a list entry is unread (`docs/protocol/minchat.md` §6): somebody else wrote it, and it
/// was not seen.
///
/// That a message of a group was seen may mean that another member has seen it. There, what is known here decides: a
/// message that is new is unread, and others stay so until they are read here. Only if nothing is known of the room, it
/// is taken for read.
fn is_unread(scene: Scene<'_>, last: &MessageInfo) -> bool {
    if scene.account.is_me(&last.author) {
        return false;
    }
    let room = scene.account.rooms.get(&last.room);
    if let Some(room) = room.filter(|room| !room.is_of_two() && room.has_messages()) {
        return room.unread().any() || last.sent_at > room.last_activity();
    }
    let known = room.and_then(|room| {
        let slot = room.timeline.find(&last.id)?;
        Some(room.timeline.get(slot).delivery >= Delivery::Seen)
    });
    !last.seen && known != Some(true)
}

/// Applies the server's info about a room, which may be new.
fn apply_info(cx: &mut Context<'_>, mut info: RoomInfo) {
    if let Some(last) = &mut info.last_message {
        // No preview shows a quote, and here its text would outlive the quoted message.
        last.quote = None;
        last.text = messages::preview_text(std::mem::take(&mut last.text));
    }
    if let Some(peer) = &info.peer {
        cx.account.people.learn((**peer).clone());
    }
    let (id, me) = (info.id.clone(), cx.account.me.clone());
    cx.account.room_sync.requested.remove(&id);
    let open = cx.ui.open.as_ref() == Some(&id);
    let grows = cx.account.rooms.get(&id).is_some_and(|room| info.bytes() > room.info.bytes());
    if grows && !has_memory(cx.account) {
        // What is missing keeps its value.
        (info.metadata, info.participants) = (None, Vec::new());
    }
    let lists_me = me.as_ref().is_some_and(|me| info.participants.contains(me));
    let mut is_back = false;
    match cx.account.rooms.get_mut(&id) {
        Some(room) => {
            is_back = lists_me && room.membership.access == RoomAccess::NotMember;
            merge_info(room, info, me.as_ref());
            if is_back {
                room.mark_existing();
            }
        }
        None => cx.account.rooms.insert(Room::new(info)),
    }
    if !open {
        cx.account.rooms.hide_archived(&id);
    } else if is_back {
        // It may say that the room is read-only.
        cx.dismiss_notice();
        drafts::sync_draft(cx);
        if cx.account.is_online() {
            open::enter(cx);
        }
    }
}

/// Updates a room's info. Fields missing from the update keep their values.
fn merge_info(room: &mut Room, info: RoomInfo, me: Option<&PersonId>) {
    let last = info.last_message.as_ref().map(|last| (last.id.clone(), last.sent_at));
    room.apply_unread_count(info.unread, last.as_ref(), me);
    if room.is_deleted() {
        room.mark_existing();
    }
    let old = std::mem::replace(&mut room.info, info);
    let new = &mut room.info;
    new.avatar = new.avatar.take().or(old.avatar);
    new.metadata = new.metadata.take().or(old.metadata);
    new.created_at = new.created_at.or(old.created_at);
    new.last_message = new.last_message.take().or(old.last_message);
    new.peer = new.peer.take().or(old.peer);
    new.unread = new.unread.or(old.unread);
    new.settings = old.settings;
    if new.participants.is_empty() {
        new.participants = old.participants;
    }
    if new.kind == RoomKind::Unknown {
        new.kind = old.kind;
    }
}

/// Opens the room named on the command line, or else the one with the newest activity that can be written to.
///
/// Waits for `more` pages of the list if the named room has not been found yet.
fn open_initial_room(cx: &mut Context<'_>, more: bool) {
    let wanted = cx.account.profile.room.clone();
    // Only the whole list tells that no title equals the name.
    let find = if more { names::find_first } else { names::find_typed };
    let found = wanted.as_ref().and_then(|wanted| find(cx.account, wanted));
    if wanted.is_some() && found.is_none() && more {
        return;
    }
    cx.account.profile.room = None;
    let missing = wanted.filter(|_| found.is_none());
    let first = || cx.account.rooms.iter().find(|room| !room.is_deleted()).map(|room| room.info.id.clone());
    if let Some(id) = found.or_else(first) {
        open::open(cx, &id);
    }
    // The notice comes last, because opening a room clears it.
    if let Some(missing) = missing {
        cx.notify_unknown_room(&missing);
    }
}
