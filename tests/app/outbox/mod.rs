//! The outbox on both services: keys, store answers and server events go in; requests, store writes and screens come
//! out.

mod deleted_rooms;
mod disk;
mod edits;
mod queue;
mod retries;
mod uncertain;
mod uploads;

use minchat_tui::app::{Effect, Event, OutboxEntry, OutboxStage, Uncertain};
use minchat_tui::domain::{
    AccountId, Attachment, AttachmentKind, ConnectionStatus, Content, Failure, LocalId, Membership, MessageId,
    MessageInfo, OutgoingFile, Request, RoomAccess, ServerEvent,
};
use minchat_tui::store::OutboxWrite;
use minchat_tui::text::SafeText;
use test_support::story::*;

/// The chat with Alice, on each service.
fn both() -> [Story; 2] {
    [MINCHAT, VCHAT].map(|can| Story::chat_on(can, 100, 24))
}

fn send_text(story: &mut Story, text: &str) {
    story.types(text).keys("enter");
}

/// Takes the sends, edits and deletions requested since the last call.
fn changes(story: &mut Story) -> Vec<Request> {
    let expected = |request: &Request| {
        matches!(
            request,
            Request::Send { .. } | Request::Edit { .. } | Request::Delete { .. } | Request::DeleteForMe { .. }
        )
    };
    story.requests().into_iter().filter(expected).collect()
}

/// Takes the sends requested since the last call, as texts.
fn texts(story: &mut Story) -> Vec<String> {
    changes(story).iter().map(|request| text_of(request).to_owned()).collect()
}

fn text_of(request: &Request) -> &str {
    match request {
        Request::Send { content: Content::Text { text, .. }, .. } => text,
        other => panic!("{other:?}"),
    }
}

/// Takes the only change requested since the last call.
#[track_caller]
fn single_change(story: &mut Story) -> Request {
    let mut all = changes(story);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn local_of(request: &Request) -> LocalId {
    match request {
        Request::Send { local, .. } => *local,
        other => panic!("{other:?}"),
    }
}

/// Fails a request.
fn fail(story: &mut Story, request: &Request, failure: Failure) {
    let reason = SafeText::line("The server says no.");
    story.server(ServerEvent::Failed { request: request.clone(), failure, reason });
}

/// The message that a send becomes, on a server that returns the local id.
fn message_of(request: &Request, id: &str, at: i64) -> MessageInfo {
    MessageInfo { local: Some(local_of(request)), ..message(id, "me", text_of(request), at) }
}

/// Confirms a send.
fn accept(story: &mut Story, request: &Request, id: &str) {
    let (local, info) = (local_of(request), message_of(request, id, story.now - BEGIN));
    let id = Some(MessageId::new(id));
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: Some(Box::new(info)) });
}

/// Loses the connection.
fn disconnect(story: &mut Story) {
    let reason = SafeText::line("The network is down.");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 3_000, reason }));
}

/// Restores the connection.
fn reconnect(story: &mut Story) {
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
}

/// Answers the requests for the newest page of Alice's chat, with its usual messages and `more`, until the client has
/// waited long enough for uncertain sends.
fn page(story: &mut Story, more: &[MessageInfo]) {
    for _ in 0..8 {
        answer_page(story, more);
        if !is_search_due(story) {
            return;
        }
        story.wait(2_100);
    }
    panic!("the search for uncertain sends does not end: {:?}", story.state.account().outbox);
}

/// Whether the client will search again for a send that the server may still be processing.
fn is_search_due(story: &Story) -> bool {
    let state = &story.state;
    let mut entries = state.account().outbox.iter();
    let is_due = |entry: &OutboxEntry| matches!(entry.stage(), OutboxStage::Uncertain(Uncertain::Pending(at)) if *at > story.now);
    story.state.account().is_online() && entries.any(is_due)
}

/// Answers every open request for the newest page of Alice's chat, with its usual messages and `more`.
fn answer_page(story: &mut Story, more: &[MessageInfo]) {
    let old = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
    let mut all: Vec<_> = old.map(|(id, author, text, at)| seen(message(id, author, text, at))).to_vec();
    all.extend_from_slice(more);
    let open = story.state.scene().open_room().expect("a room").history.unanswered(1).count();
    for _ in 0..open.max(1) {
        story.history("r1", 1, 1, all.clone());
    }
}

fn requests_page(story: &mut Story) -> bool {
    story.requests().iter().any(|request| matches!(request, Request::History { page: 1, .. }))
}

/// Takes the store's writes since the last call, as words.
fn store_writes(story: &mut Story) -> Vec<&'static str> {
    use minchat_tui::store::StoredStage;
    let writes = std::mem::take(&mut story.outbox_writes).into_iter().map(|write| match write {
        OutboxWrite::Put(_) => "put",
        OutboxWrite::Mark { stage: StoredStage::Queued, .. } => "queued",
        OutboxWrite::Mark { stage: StoredStage::Uncertain, .. } => "uncertain",
        OutboxWrite::Mark { stage: StoredStage::Failed { .. }, .. } => "failed",
        OutboxWrite::Remove(_) => "remove",
    });
    writes.collect()
}
