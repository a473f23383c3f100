//! Responses that fill the lists of starred messages, readers and calls.

use crate::app::features::seen_by;
use crate::app::handlers::server::directory;
use crate::app::limits::MAX_LIST_ROWS;
use crate::app::model::context::{Context, Scene};
use crate::app::model::label::Label;
use crate::app::overlays::list::{ListKind, ListRow, ListTarget, remove_known};
use crate::domain::{
    CallEnd, CallRecord, CallStatus, Delivery, MessageId, MessageInfo, PersonInfo, Request, RoomId, Timestamp,
    format_duration,
};

/// Maximum length of a message's excerpt in a list row, in characters.
const MAX_EXCERPT_CHARS: usize = 200;

/// Shows the requested starred messages.
pub(in crate::app) fn on_stars(cx: &mut Context<'_>, room: Option<&RoomId>, messages: Vec<MessageInfo>) {
    let mut rows = Vec::with_capacity(messages.len());
    for mut info in messages {
        if let Some(author) = info.author_info.take() {
            cx.account.people.learn(*author);
        }
        if let Some(known) = cx.account.rooms.get_mut(&info.room)
            && let Some(slot) = known.timeline.find(&info.id)
        {
            known.timeline.change(slot, |message| message.set_starred(true));
        }
        rows.push(message_row(cx.scene(), &info, room.is_none()));
    }
    fill(cx, &ListKind::Stars(room.cloned()), rows);
}

/// Shows a page of media, links, files or voice messages.
pub(in crate::app) fn on_shared(cx: &mut Context<'_>, request: &Request, more: bool, messages: Vec<MessageInfo>) {
    let mut rows = Vec::with_capacity(messages.len());
    for mut info in messages {
        if let Some(author) = info.author_info.take() {
            cx.account.people.learn(*author);
        }
        rows.push(message_row(cx.scene(), &info, false));
    }
    directory::fill(cx, request, rows, more);
}

fn message_row(scene: Scene<'_>, info: &MessageInfo, of_all: bool) -> ListRow {
    let excerpt = match &info.attachment {
        _ if info.deleted => "Message deleted".to_owned(),
        Some(file) if info.text.is_empty() => file.summary(),
        _ => info.text.chars().take(MAX_EXCERPT_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect(),
    };
    let is_mine = scene.account.is_me(&info.author);
    let author = if is_mine { Label::plain("you") } else { scene.account.label_of(&info.author) };
    let text = if info.kind.is_system() { excerpt } else { format!("{author}: {excerpt}") };
    let when = scene.options.times.compact(info.sent_at, scene.now);
    let hint = match scene.account.rooms.get(&info.room).filter(|_| of_all) {
        Some(room) => format!("{}, {when}", scene.account.room_label(room)),
        None => when,
    };
    ListRow { text, mark: String::new(), hint, target: ListTarget::Message(info.room.clone(), info.id.clone()) }
}

/// What a row says of a person who has received a message and not read it.
const RECEIVED: &str = "received";

/// Lists who has read or received a message. Pages of two kinds fill one list: readers come first, and nobody is listed
/// twice.
pub(in crate::app) fn on_seen_by(
    cx: &mut Context<'_>,
    message: &MessageId,
    seen: bool,
    people: Vec<(PersonInfo, Option<Timestamp>)>,
    next: Option<u32>,
) {
    if seen {
        seen_by::end_check(cx, message);
    }
    // Groups have no live receipts on some services, so this answer is the first to say so.
    let is_cumulative = cx.account.has_room_receipts();
    if !people.is_empty()
        && let Some(room) = cx.account.rooms.find_by_message(message)
        && let Some(slot) = room.timeline.find(message)
    {
        let delivery = if seen { Delivery::Seen } else { Delivery::Delivered };
        if is_cumulative {
            room.timeline.apply_receipt_until(slot, delivery);
        } else {
            room.timeline.change(slot, |message| message.advance(delivery));
        }
    }
    let mut rows = Vec::with_capacity(people.len());
    for (person, at) in people {
        let hint = match (seen, at) {
            (true, Some(at)) => format!("seen {}", cx.options.times.compact(at, cx.now)),
            (true, None) => "seen".to_owned(),
            (false, _) => RECEIVED.to_owned(),
        };
        let target = ListTarget::Person(person.username.to_string());
        let id = person.id.clone();
        cx.account.people.learn(person);
        let Label { name, mark } = cx.account.label_of(&id);
        rows.push(ListRow { text: name.to_owned(), mark: mark.into_owned(), hint, target });
    }
    // An answer about another message does not count for the open list.
    let kind = ListKind::SeenBy(message.clone());
    if cx.ui.list_of(&kind).is_none() {
        return;
    }
    let complete = seen_by::request_next(cx, message, seen, next);
    let Some(list) = cx.ui.list_of(&kind) else { return };
    list.change_rows(|readers| {
        let count = readers.iter().position(|row| row.hint == RECEIVED).unwrap_or(readers.len());
        let mut others = readers.split_off(count);
        let listed = if seen { &mut *readers } else { &mut others };
        listed.append(&mut rows);
        remove_known(readers, &[]);
        remove_known(&mut others, readers);
        readers.append(&mut others);
        readers.truncate(MAX_LIST_ROWS);
    });
    list.loading = !complete;
}

/// Shows the call history.
pub(in crate::app) fn on_calls(cx: &mut Context<'_>, calls: Vec<CallRecord>) {
    let rows = calls.into_iter().map(|call| {
        let target = match call.room.as_ref().and_then(|room| cx.account.rooms.get(room)) {
            Some(room) => ListTarget::Room(Box::new(room.info.clone())),
            None => ListTarget::Person(call.peer.username.to_string()),
        };
        let word = if call.video { "video call" } else { "voice call" };
        cx.account.people.learn_if_unknown(Some(&call.peer));
        let text = format!("{}: {word}, {}", cx.account.label_of(&call.peer.id), outcome(&call));
        let hint = cx.options.times.compact(call.started_at, cx.now);
        ListRow { text, mark: String::new(), hint, target }
    });
    let rows = rows.collect();
    fill(cx, &ListKind::Calls, rows);
}

fn outcome(call: &CallRecord) -> String {
    match call.status {
        CallStatus::Ringing => "ringing".to_owned(),
        CallStatus::Active => "in progress".to_owned(),
        CallStatus::Ended(CallEnd::Finished) => {
            let length = call.ended_at.map(|ended| format_duration(ended - call.started_at));
            length.unwrap_or_else(|| "ended".to_owned())
        }
        CallStatus::Ended(CallEnd::Canceled) => "canceled".to_owned(),
        CallStatus::Ended(CallEnd::Declined) => "declined".to_owned(),
        CallStatus::Ended(CallEnd::TimedOut) => "not answered".to_owned(),
        CallStatus::Broken => "connection lost".to_owned(),
        CallStatus::Unknown => "unknown result".to_owned(),
    }
}

/// Closes the list whose request failed. A list of readers stays open if another of its pages filled it.
pub(in crate::app) fn on_list_failed(cx: &mut Context<'_>, request: &Request) {
    let kind = match request {
        Request::Stars { room } => ListKind::Stars(room.clone()),
        Request::Calls => ListKind::Calls,
        Request::SeenBy { message, .. } => ListKind::SeenBy(message.clone()),
        _ => return,
    };
    let Some(list) = cx.ui.list_of(&kind) else { return };
    if let Request::SeenBy { seen, .. } = request {
        cx.account.seen_by.fail(*seen);
        list.loading = !cx.account.seen_by.is_complete();
        if list.loading || !list.rows.is_empty() {
            return;
        }
    }
    cx.ui.close_box_if(|_| true);
}

/// Fills the list that requested these rows. They are dropped if that list is no longer open.
fn fill(cx: &mut Context<'_>, kind: &ListKind, rows: Vec<ListRow>) {
    if let Some(list) = cx.ui.list_of(kind) {
        list.take(1, rows, false);
    }
}
