//! Lists of messages, readers and calls that were asked for.

use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{
    CallEnd, CallRecord, CallStatus, MessageId, MessageInfo, PersonInfo, Request, RoomId, Timestamp, format_duration,
};

/// How much of a message a row of a list holds.
const SHOWN: usize = 200;

/// The starred messages that were asked for.
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
        rows.push(star_row(cx.scene(), &info, room.is_none()));
    }
    fill(cx, &ListKind::Stars(room.cloned()), rows);
}

fn star_row(scene: Scene<'_>, info: &MessageInfo, of_all: bool) -> ListRow {
    let said = match &info.attachment {
        _ if info.deleted => "Message deleted".to_owned(),
        Some(file) if info.text.is_empty() => file.summary(),
        _ => info.text.chars().take(SHOWN).map(|c| if c == '\n' { ' ' } else { c }).collect(),
    };
    let author = if scene.account.is_me(&info.author) { "you" } else { scene.account.name_of(&info.author) };
    let text = if info.kind.is_system() { said } else { format!("{author}: {said}") };
    let when = info.sent_at.format_compact(scene.now, &scene.options.zone);
    let hint = match scene.account.rooms.get(&info.room).filter(|_| of_all) {
        Some(room) => format!("{}, {when}", room.info.title),
        None => when,
    };
    ListRow { text, hint, target: ListTarget::Message(info.room.clone(), info.id.clone()) }
}

/// Who has seen the message that was asked about, or has only received it. Two answers fill one list: those who have
/// seen it stand first, and nobody stands twice.
pub(in crate::app) fn on_seen_by(
    cx: &mut Context<'_>,
    message: &MessageId,
    seen: bool,
    people: Vec<(PersonInfo, Option<Timestamp>)>,
) {
    let mut rows = Vec::with_capacity(people.len());
    for (person, at) in people {
        let hint = match (seen, at) {
            (true, Some(at)) => format!("seen {}", at.format_compact(cx.now, &cx.options.zone)),
            (true, None) => "seen".to_owned(),
            (false, _) => "received".to_owned(),
        };
        let target = ListTarget::Person(person.username.to_string());
        rows.push(ListRow { text: person.name.to_string(), hint, target });
        cx.account.people.learn(person);
    }
    cx.account.seen_by_answers = cx.account.seen_by_answers.saturating_add(1);
    let complete = cx.account.seen_by_answers >= 2;
    let Some(list) = waiting_list(cx, &ListKind::SeenBy(message.clone())) else { return };
    let known = |rows: &[ListRow], row: &ListRow| rows.iter().any(|other| other.target == row.target);
    if seen {
        list.rows.retain(|row| !known(&rows, row));
        list.rows.splice(0..0, rows);
    } else {
        rows.retain(|row| !known(&list.rows, row));
        list.rows.extend(rows);
    }
    list.loading = !complete;
}

/// The calls of the past.
pub(in crate::app) fn on_calls(cx: &mut Context<'_>, calls: Vec<CallRecord>) {
    let rows = calls.into_iter().map(|call| {
        let target = match call.room.as_ref().and_then(|room| cx.account.rooms.get(room)) {
            Some(room) => ListTarget::Room(Box::new(room.info.clone())),
            None => ListTarget::Person(call.peer.username.to_string()),
        };
        let word = if call.video { "video call" } else { "voice call" };
        let text = format!("{}: {word}, {}", call.peer.name, became_of(&call));
        ListRow { text, hint: call.started_at.format_compact(cx.now, &cx.options.zone), target }
    });
    let rows = rows.collect();
    fill(cx, &ListKind::Calls, rows);
}

fn became_of(call: &CallRecord) -> String {
    match call.status {
        CallStatus::Ringing => "ringing".to_owned(),
        CallStatus::Active => "in progress".to_owned(),
        CallStatus::Ended(CallEnd::Finished) => {
            let length = call.ended_at.map(|ended| format_duration(ended - call.started_at));
            length.unwrap_or_else(|| "ended".to_owned())
        }
        CallStatus::Ended(CallEnd::Canceled) => "canceled".to_owned(),
        CallStatus::Ended(CallEnd::Rejected) => "declined".to_owned(),
        CallStatus::Ended(CallEnd::TimedOut) => "not answered".to_owned(),
        CallStatus::Broken => "connection lost".to_owned(),
        CallStatus::Unknown => "unknown result".to_owned(),
    }
}

/// A list could not be had: what waits for it is closed. One of two answers about a message's readers stands alone.
pub(in crate::app) fn on_list_failed(cx: &mut Context<'_>, request: &Request) {
    let kind = match request {
        Request::Stars { room } => ListKind::Stars(room.clone()),
        Request::Calls => ListKind::Calls,
        Request::SeenBy { message, .. } => {
            cx.account.seen_by_answers = cx.account.seen_by_answers.saturating_add(1);
            ListKind::SeenBy(message.clone())
        }
        _ => return,
    };
    let complete = cx.account.seen_by_answers >= 2;
    let Some(list) = waiting_list(cx, &kind) else { return };
    if let ListKind::SeenBy(_) = kind
        && !(complete && list.rows.is_empty())
    {
        list.loading = !complete;
    } else {
        cx.ui.overlay = None;
    }
}

/// Fills the list that waits for this answer; an answer that nobody waits for any more is dropped.
fn fill(cx: &mut Context<'_>, kind: &ListKind, rows: Vec<ListRow>) {
    if let Some(list) = waiting_list(cx, kind) {
        list.rows = rows;
        list.loading = false;
    }
}

fn waiting_list<'a>(cx: &'a mut Context<'_>, kind: &ListKind) -> Option<&'a mut List> {
    match &mut cx.ui.overlay {
        Some(Overlay::List(list)) if list.kind == *kind => Some(list),
        _ => None,
    }
}
